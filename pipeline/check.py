"""Looks a source over without building it."""

from pathlib import Path

from pipeline.build.load import LoadedSource, SourceReader, source_rows
from pipeline.build.playbacks import derive_event_plays
from pipeline.progress import Progress, Silent
from pipeline.source import connect, reading


def check_source(source: Path, progress: Progress | None = None) -> LoadedSource:
    """Return what ``source`` holds, lacks and has wrong; raises SourceError when it is no source at all."""
    progress = progress or Silent()
    progress.plan(sum(source_rows(source).values()))
    with connect() as connection, reading(source):
        reader = SourceReader(connection, source, progress)
        for days in reader.portions():
            reader.load(days)
            derive_event_plays(connection, reader.reject)
        return reader.finish()
