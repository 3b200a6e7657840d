"""Looks a source over without building it."""

from pathlib import Path

import duckdb

from pipeline.build.load import LoadedSource, load_source, source_rows
from pipeline.progress import Progress, Silent


def check_source(source: Path, progress: Progress | None = None) -> LoadedSource:
    """Return what ``source`` holds, lacks and has wrong; raises SourceError when it is no source at all."""
    progress = progress or Silent()
    progress.plan(sum(source_rows(source).values()))
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        return load_source(connection, source, progress)
