"""A made-up source to look at before connecting one's own: a small streaming service over a little more than a year."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from definitions.contract import Table
from definitions.countries import MAIN_ZONES
from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.sample.catalogue import FILMS, PEOPLE, SERIES, TRAILER_SUBTYPES
from pipeline.source import SourceUpdate, connect, present_tables, table_files
from pipeline.validate import literal

FOLDER = Path(__file__).parent
MARKER = ".marquee-sample"
TABLES = (
    "titles",
    "title_people",
    "title_tags",
    "accounts",
    "profiles",
    "devices",
    "subscription_events",
    "plays",
    "searches",
    "ratings",
)


def write_sample_source(
    source: Path, *, plays: int = 60_000, seed: int = 1, days: int = 400, end_day: date | None = None
) -> dict[str, int]:
    """Write a sample source of about ``plays`` plays on the ``days`` days before ``end_day`` (default: today, in UTC).

    The same arguments write the same rows. What ``source`` held of these tables is replaced. Returns the rows written
    by table; raises SourceError when the folder holds another source, cannot be written or is being written.
    """
    end_day = end_day or datetime.now(UTC).date()
    _require_no_real_source(source)
    with connect() as connection, SourceUpdate(source) as update:
        (source / MARKER).touch()
        _make_world(connection, plays, seed, end_day - timedelta(days=days), end_day)
        return {name: _write(connection, update, CONTRACT[name]) for name in TABLES}


def _require_no_real_source(source: Path) -> None:
    tables = present_tables(source)
    if tables and not (source / MARKER).exists():
        raise SourceError(
            f"{source}: this folder holds {', '.join(tables)}, and not from a sample. The sample would replace them. "
            "Choose another folder."
        )


def _make_world(connection: duckdb.DuckDBPyConnection, plays: int, seed: int, first_day: date, end_day: date) -> None:
    """Create every table of the sample in ``connection``."""
    for name, value in (("seed", seed), ("plays", plays), ("first_day", first_day), ("end_day", end_day)):
        connection.execute(f"set variable {name} = $value", {"value": value})
    _create(
        connection, "films", "name varchar, genre varchar, country varchar, language varchar, for_kids boolean", FILMS
    )
    _create(
        connection,
        "series",
        "name varchar, genre varchar, country varchar, language varchar, for_kids boolean, seasons integer,"
        " episodes integer, episode_min integer",
        SERIES,
    )
    _create(connection, "people", "name varchar", [(name,) for name in PEOPLE])
    _create(connection, "trailer_subtypes", "subtype varchar", [(subtype,) for subtype in TRAILER_SUBTYPES])
    _create(connection, "zones", "country varchar, zone varchar", list(MAIN_ZONES.items()))
    for script in ("random.sql", "titles.sql", "accounts.sql", "plays.sql", "actions.sql"):
        connection.execute((FOLDER / script).read_text(encoding="utf-8"))


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Create a table whose first column, ``number``, counts the rows from 1."""
    connection.execute(f"create table {name} (number bigint, {columns})")
    marks = ", ".join("?" for _ in range(len(rows[0]) + 1))
    connection.executemany(
        f"insert into {name} values ({marks})", [(number, *row) for number, row in enumerate(rows, start=1)]
    )


def _write(connection: duckdb.DuckDBPyConnection, update: SourceUpdate, table: Table) -> int:
    """Stage one table in place of what the source held of it, and return its rows."""
    for file in table_files(update.source, table.name):
        update.remove(file.relative_to(update.source))
    made = connection.table(table.name).columns
    columns = ", ".join(name for name in table.column_names if name in made)
    if table.day_of is None:
        target, layout = update.stage(Path(f"{table.name}.parquet")), ""
    else:
        columns += f", cast({table.day_of} as date) as day"
        target, layout = update.stage_folder(Path(table.name)), ", partition_by (day), overwrite_or_ignore"
    written = connection.execute(
        f"copy (select {columns} from {table.name} order by all) to {literal(str(target))} (format parquet{layout})"
    ).fetchall()
    return int(written[0][0])
