"""Importers turn other formats into a source."""
