"""What writes: importers make sources, the build makes warehouses."""
