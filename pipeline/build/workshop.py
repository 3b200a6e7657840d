"""Where builds are made: the connection that makes their tables, and what is said where it cannot."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.errors import SourceError
from pipeline.validate import literal

MEMORY_LIMIT = "5GB"
WORK = "work"


@contextmanager
def connected(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a connection to make the build in ``folder``, whose folder WORK is there for steps on the way meanwhile."""
    work = folder / WORK
    work.mkdir()
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set memory_limit = {literal(MEMORY_LIMIT)}")
        # Whatever is published is sorted; the steps on the way need not wait for their turn.
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"set temp_directory = {literal(str(work / 'spill'))}")
        yield connection
    shutil.rmtree(work)


@contextmanager
def told_in_words(warehouse: Path) -> Iterator[None]:
    """Say what happened where the disk or the memory did not allow the build to be finished."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise SourceError(
            f"{warehouse}: the build could not be finished: {str(error).partition(chr(10))[0]}. Nothing was "
            "changed: what was served before still is. Make room on that disk, or in memory, and build again."
        ) from error
