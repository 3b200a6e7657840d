"""Looks a source over without building it."""

from pathlib import Path

from pipeline.build.load import LoadedSource, load_source, source_rows
from pipeline.progress import Progress, Silent
from pipeline.source import connect


def check_source(source: Path, progress: Progress | None = None) -> LoadedSource:
    """Return what ``source`` holds, lacks and has wrong; raises SourceError when it is no source at all."""
    progress = progress or Silent()
    progress.plan(sum(source_rows(source).values()))
    with connect() as connection:
        return load_source(connection, source, progress)
