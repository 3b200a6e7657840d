"""From a source to a published build: load, derive, write, publish."""
