"""Builds of small worlds by day, and whether two builds are the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from definitions.store import STORE_FILE
from definitions.tables import CONTRACT
from definitions.warehouse import PUBLISHED
from pipeline.build.build import BuildSummary
from tests.sources import Row, read_source, write_source

FIRST = datetime(2026, 3, 28)
Tables = Mapping[str, Sequence[Row]]


def play(play_id: str, started_at: datetime, account: str, title: str, watch_s: int, country: str | None) -> Row:
    return {
        "play_id": play_id,
        "started_at": started_at,
        "account_id": account,
        "title_id": title,
        "watch_ms": watch_s * 1000,
        "country": country,
        "profile_id": "p2",
    }


def days_of_plays(count: int) -> dict[str, list[Row]]:
    """Return a source with one play a day."""
    return {
        "titles": [{"title_id": "film", "name": "The Salt Year", "kind": "film"}],
        "plays": [play(f"p{n}", FIRST + timedelta(days=n, hours=12), "ann", "film", 90, "IN") for n in range(count)],
    }


def written(source: Path, tables: Tables) -> Path:
    """Write tables by day into a file a day, others into one; leave the files as they are whose rows are the same."""
    for name, table in CONTRACT.items():
        parts: dict[str, list[Row]] = {}
        for row in tables.get(name, ()):
            parts.setdefault(f"{name}/day={row[table.day_of]:%Y-%m-%d}" if table.day_of else "", []).append(row)
        wanted = {source / part / f"{name}.parquet": rows for part, rows in parts.items()}
        for file in source.rglob(f"{name}.parquet"):
            if file not in wanted:
                file.unlink()
        for file, rows in wanted.items():
            fresh = write_source(source / "fresh", {name: rows}) / file.name
            if file.exists() and pq.read_table(file).equals(pq.read_table(fresh)):
                fresh.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                fresh.replace(file)
            fresh.parent.rmdir()
    return source


def tables_in(build: Path) -> dict[str, list[str]]:
    """Return every row of every published table of a build as text, sorted."""
    return {name: sorted(map(repr, read_source(build, name))) for name in PUBLISHED}


def stored_in(build: Path) -> dict[str, list[str]]:
    """Return every row of the tables of the store that have any, as text, sorted."""
    with duckdb.connect(build / STORE_FILE, read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        rows = {name: sorted(map(repr, connection.execute(f"from {name}").fetchall())) for name in names}
    return {name: of_table for name, of_table in rows.items() if of_table}


def assert_equal(incremental: BuildSummary, full: BuildSummary) -> None:
    found, expected = tables_in(incremental.folder), tables_in(full.folder)
    for name in PUBLISHED:
        assert found[name] == expected[name], name
    assert stored_in(incremental.folder) == stored_in(full.folder)
    assert replace(incremental.manifest, build_id="", built_at="") == replace(full.manifest, build_id="", built_at="")
    assert incremental.loaded == full.loaded
    assert incremental.source_watch_ms == full.source_watch_ms
    assert incremental.published_watch_ms == full.published_watch_ms
