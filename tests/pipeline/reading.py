"""Reading a source back in tests."""

from functools import cache
from pathlib import Path

import duckdb

from pipeline.source import connect, scan_sql, table_files


@cache
def reader() -> duckdb.DuckDBPyConnection:
    """Return the one connection that tests read with; opening one takes longer than most tests."""
    return connect()


def rows(source: Path, table: str, columns: str) -> list[tuple[object, ...]]:
    """Return ``columns`` of a table, in order; empty when the source has no such table."""
    files = table_files(source, table)
    if not files:
        return []
    return reader().execute(f"select {columns} from {scan_sql(files)} order by all").fetchall()


def stamps(source: Path) -> dict[str, tuple[int, bytes]]:
    """Return the inode and bytes of every table file: both stay when a file is not touched."""
    return {
        path.relative_to(source).as_posix(): (path.stat().st_ino, path.read_bytes())
        for path in source.rglob("*.parquet")
    }
