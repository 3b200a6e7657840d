"""Writes a build's tables as Parquet, and reads them back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from definitions.contract import Table
from definitions.store import STORE_FILE, STORE_ROWS_TOGETHER, STORED, STORED_WITH_ENUMS
from definitions.warehouse import PUBLISHED
from pipeline.build.references import ENUMS
from pipeline.build.statements import parsed, statement
from pipeline.validate import literal, quoted

DIMENSIONS = ("device_type", "account_country", "account_plan", "profile_type")
# What the rows of a file are put in order by, so that a reader can leave out most of it.
SORTED_BY = {
    "plays": ("started_at", "play_id"),
    # What an account played is told once for many plays.
    "counted_plays": ("account_id", "started_at", "play_id"),
    "account_days": ("calendar", "day", "account_id"),
    "account_beginnings": ("calendar", "first_active_day", "account_id"),
    "cohort_days": ("calendar", "account_number", "started_at", "kind", "device_type", "profile_type"),
    "active_months": ("calendar", "account_id"),
    "show_active_months": ("calendar", "show_number", "show_id", "account_id"),
    # What a range leaves out of a later month is who was active in it before.
    "show_account_months": (
        "calendar",
        "month_start",
        "previous_active_day",
        "show_number",
        "show_id",
        "account_number",
        "kinds_mask",
    ),
    "account_shows": ("account_number", "account_id", "utc_day", "show_id"),
    "viewing_cube": ("calendar", "period", "day", "kind", *DIMENSIONS),
    "title_cube": ("calendar", "title_id", "day", *DIMENSIONS),
    "show_cube": ("calendar", "split_by", *DIMENSIONS, "day", "show_id"),
    "show_periods": ("calendar", "period", *DIMENSIONS, "period_start", "show_id"),
    "start_cube": ("calendar", "day", "completed_day", "kind", *DIMENSIONS),
    "active_accounts": (
        "calendar",
        "period",
        "end_day",
        "account_country",
        "account_plan",
        "mask_low",
        "mask_high",
    ),
    # Whole months are asked for, of some countries or devices.
    "hour_cube": (
        "calendar",
        "period",
        "account_country",
        "device_type",
        "period_start",
        "weekday",
        "hour",
        "kind",
    ),
    "interaction_cube": ("calendar", "split_by", "day", "kind", *DIMENSIONS),
    # A range begins and ends with some days of a month, whatever is chosen.
    "cover_cube": ("split_by", "period", "period_start", *DIMENSIONS, "kind", "show_id", "artwork_id"),
    "cover_takes": (
        "month_start",
        "account_id",
        "show_id",
        "artwork_id",
        "kind",
        "row_band",
        "place_band",
        "experiment_id",
        "variant",
    ),
    "cover_cells": ("month_start", "show_id", "artwork_id", "kind", "row_band", "place_band"),
    "colour_audiences": (
        "audience_by",
        "month_start",
        "audience",
        "colour_family",
        "genres",
        "title_half",
        "parts_of",
        "part",
    ),
    "origin_cube": ("calendar", "show_number", "show_id", "period", "period_start", "origin", "kind", *DIMENSIONS),
    "context_cube": (
        "calendar",
        "context",
        "split_by",
        "period",
        "account_country",
        "account_plan",
        "day",
        "value",
        "kind",
        "device_type",
        "profile_type",
    ),
    "context_accounts": (
        "calendar",
        "context",
        "split_by",
        "period",
        "account_country",
        "account_plan",
        "day",
        "value",
        "mask_low",
        "mask_high",
    ),
    "hour_accounts": ("calendar", "period", "period_start", "weekday", "hour", "account_country", "account_plan"),
    "visits": ("calendar", "day", "account_id", "hour"),
    "visit_cube": ("calendar", "split_by", "period", "period_start", "kind", *DIMENSIONS, "length_min"),
    "binge_sessions": ("calendar", "day", "account_id", "hour"),
    "lifecycle_cube": ("calendar", "period", "period_start", "state", "account_country", "account_plan"),
    "cohort_cube": (
        "calendar",
        "cohort_split",
        "period",
        "cohort_begins",
        "intervals_by",
        "cohort_start",
        "interval_number",
        "previous_interval",
        "account_country",
        "first_plan",
        "begun_with",
    ),
    "subscription_changes": (
        "calendar",
        "day",
        "change",
        "account_country",
        "account_plan",
        "acquisition_channel",
        "rejoined_within_year",
    ),
    "subscription_months": ("calendar", "month_start", "account_country", "account_plan", "acquisition_channel"),
    # A few days' ends are asked for, of all groups.
    "subscription_lives": (
        "calendar",
        "split_by",
        "end_day",
        "start_day",
        "account_country",
        "account_plan",
        "acquisition_channel",
        "began_as",
        "ended_by",
    ),
    "subscription_payments": (
        "calendar",
        "day",
        "account_country",
        "account_plan",
        "acquisition_channel",
        "currency",
    ),
    "account_amounts": ("measured", "currency", "account_country", "account_plan", "amount"),
    "leaving_cells": (
        "calendar",
        "month_start",
        "account_country",
        "account_plan",
        "tenure",
        "watched",
        "days_active",
        "stalls",
        "device_type",
        "searched",
    ),
    "subscription_breaks": (
        "calendar",
        "split_by",
        "end_day",
        "start_day",
        "account_country",
        "account_plan",
        "acquisition_channel",
        "began_as",
        "ended_by",
    ),
    "subscription_ages": (
        "spells",
        "calendar",
        "split_by",
        "month_start",
        "account_country",
        "account_plan",
        "acquisition_channel",
        "age_days",
        "began_as",
    ),
    "subscription_lengths": (
        "calendar",
        "split_by",
        "account_country",
        "account_plan",
        "acquisition_channel",
        "start_day",
        "end_month",
        "began_as",
    ),
    "ended_times": ("calendar", "day", "times_ended", "account_country", "account_plan", "acquisition_channel"),
    "accounts_at_risk": ("calendar", "risk_rank"),
    "risk_bands": (
        "calendar",
        "cut_day",
        "risk_band",
        "outcome",
        "account_country",
        "account_plan",
        "acquisition_channel",
    ),
    "risk_choices": ("calendar", "cut_day", "choice"),
    "active_day_counts": ("calendar", "end_day", "account_country", "account_plan", "active_days"),
    "title_starts": ("calendar", "show_number", "show_id", "day", "account_id"),
    "title_progress": ("calendar", "day", "show_number", "show_id", "season_number", "account_id"),
    "profile_titles": ("calendar", "settled_day", "show_number", "title_id", "account_id", "profile_id"),
    "finished_days": ("calendar", "day", "completed_day", "kind", "completed_device_type", *DIMENSIONS),
    "settled_days": ("calendar", "day", "kind", *DIMENSIONS),
    "rewatch_days": ("calendar", "day", "kind", *DIMENSIONS),
    "subscriptions": ("calendar", "account_id", "start_day"),
    "plan_periods": ("account_id", "from_day"),
    "played_intervals": ("play_id", "from_ms"),
    "title_marks": (
        "title_number",
        "title_id",
        "utc_day",
        "mark",
        "from_ms",
        "to_ms",
        "play_id",
        "furthest_ms",
        "stopped_ms",
    ),
    "title_moments": (
        "title_number",
        "title_id",
        "parts",
        "period",
        "clock",
        "period_start",
        "part",
        "mark",
    ),
    "title_curves": ("title_id", "percent"),
    # A thumbnail is looked up by its name.
    "artwork_images": ("image_hash", "artwork_id"),
}

# A file for each value of a column by which queries ask: opening a file takes longer than reading it.
PARTED_BY = {
    "viewing_cube": "split_by",
    "show_periods": "split_by",
    "start_cube": "split_by",
    "active_accounts": "counted_by",
    "hour_cube": "split_by",
    "hour_accounts": "counted_by",
}

# How many rows are left out or read at once, where DuckDB's 122,880 are more than most questions want.
ROW_GROUP_ROWS = {"hour_cube": 20_480, "title_marks": 40_960, "account_shows": 8_192}


def published_files(folder: Path, name: str) -> list[Path]:
    """Return the Parquet files of a published table in the build ``folder``, sorted."""
    return sorted([*folder.glob(f"{name}.parquet"), *folder.glob(f"{name}/*/*.parquet")])


def open_store(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Attach, as ``store``, the DuckDB file for the tables that pages ask most; from here on two threads may write.

    Each statement is worked on by the thread that runs it alone.
    """
    # What several threads write of one table is not in order, and written again at the end; and where they write row
    # groups of one Parquet file, DuckDB 2.0.0 may lose an enum's text and write an empty one in its place.
    connection.execute("set threads = 1")
    # Small groups of rows: a page asks for a few days of one split, and what lies beside them is left out. Nothing is
    # published before the file is whole, so no log is kept of what a crash would lose.
    connection.execute(
        f"attach {literal(str(folder / STORE_FILE))} as store "
        f"(row_group_size {STORE_ROWS_TOGETHER}, recovery_mode no_wal_writes)"
    )
    connection.execute("create schema sorted")


def close_store(connection: duckdb.DuckDBPyConnection) -> None:
    """Finish the file that ``open_store`` began."""
    connection.execute("detach store")


def write_table(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    relation: str,
    parameters: Mapping[str, object] | None = None,
) -> int:
    """Write a published table from ``relation``, which binds ``parameters``, in sorted files, and into the store.

    Returns its number of rows.
    """
    if name not in STORED:
        return _write_file(connection, folder, name, _sorted_select(name, relation), parameters)
    # Put in order once, for both.
    with _put_in_order(connection, name, _sorted_select(name, relation), parameters) as (in_order, rows):
        column = PARTED_BY.get(name)
        if column is None:
            _write_file(connection, folder, name, f"from {in_order}")
        else:
            for (value,) in connection.execute(f"select distinct {column} from {in_order} order by all").fetchall():
                of_value = f"from {in_order} where {column} = {literal(value)}"
                _write_file(connection, folder / name / f"{column}={value}", name, of_value)
        if rows:
            connection.execute(parsed(f"create table store.{name} as select {_as_stored(name)} from {in_order}"))
    return rows


def write_months(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    relation: str,
    months: Sequence[str],
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Write ``months`` (such as 2024-03) of a published table by month, each in a sorted file, and into the store.

    The relation has rows of these months alone; ``parameters`` are what it binds.
    """
    select = _sorted_select(name, relation, ("month",) if len(months) > 1 else ())
    if name not in STORED and len(months) == 1:
        # A large source's month need not be held twice.
        _write_file(connection, folder / name / f"month={months[0]}", name, select, parameters)
        return
    with _put_in_order(connection, name, select, parameters) as (in_order, rows):
        for month in months:
            of_month = f"from {in_order} where month = $month"
            _write_file(connection, folder / name / f"month={month}", name, of_month, {"month": month})
        if rows and name in STORED:
            _store(connection, name, in_order)


def publish_table(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    relation: str,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Write a published table from ``relation``, which binds ``parameters``; make ``published.<name>`` read it."""
    rows = write_table(connection, folder, name, relation, parameters)
    view_table(connection, folder, name, is_empty=not rows)


def derive_table(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str, settings: Mapping[str, object]
) -> None:
    """Write a published table from the statement of its name, and make ``published.<name>`` read it."""
    sql, parameters = statement(name, settings)
    publish_table(connection, folder, name, f"({sql})", parameters)


def leave_empty(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> None:
    """Write a published table without rows, and make ``published.<name>`` read it."""
    _write_file(connection, folder, name, _no_rows(PUBLISHED[name]))
    view_table(connection, folder, name, is_empty=True)


def store_month(connection: duckdb.DuckDBPyConnection, name: str, month: str) -> None:
    """Take over a month (such as 2024-03) of a table by month from the build before into the store, if it is there."""
    if name in STORED:
        _store(connection, name, f"(from previous.{name} where month = {literal(month)})")


@contextmanager
def _put_in_order(
    connection: duckdb.DuckDBPyConnection, name: str, select: str, parameters: Mapping[str, object] | None = None
) -> Iterator[tuple[str, int]]:
    """Give a table of what ``select`` has in order, and its rows, for as long as it is wanted."""
    in_order = f"sorted.{name}"
    made = connection.execute(parsed(f"create or replace table {in_order} as {select}"), parameters).fetchall()
    yield in_order, made[0][0]
    connection.execute(parsed(f"drop table {in_order}"))


def _store(connection: duckdb.DuckDBPyConnection, name: str, relation: str) -> None:
    """Add the rows of a relation to a table of the store, which is made when it is not there."""
    # Another database's enums can be columns only of what is made by a select.
    columns = _as_stored(name)
    connection.execute(parsed(f"create table if not exists store.{name} as select {columns} from {relation} limit 0"))
    connection.execute(parsed(f"insert into store.{name} select {columns} from {relation}"))


def _as_stored(name: str) -> str:
    """Return what selects the columns of a table as the store has them, from the rows to be stored."""
    enums = ENUMS if name in STORED_WITH_ENUMS else ()
    types = {
        quoted(column.name): f"reference.{column.name}" if column.name in enums else column.type.sql_type
        for column in PUBLISHED[name]
    }
    return ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in types.items())


def _write_file(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    select: str,
    parameters: Mapping[str, object] | None = None,
) -> int:
    """Write a file of the rows that ``select`` gives, and return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["format parquet"]
    if name in STORED:
        # Pages read the store, and zstd writes as fast as the default in two thirds of the room.
        options += ["compression zstd", "compression_level 1"]
    if name in ROW_GROUP_ROWS:
        options.append(f"row_group_size {ROW_GROUP_ROWS[name]}")
    written = connection.execute(
        parsed(f"copy ({select}) to $file ({', '.join(options)})"),
        {**(parameters or {}), "file": str(folder / f"{name}.parquet")},
    ).fetchall()
    rows: int = written[0][0]
    return rows


def write_days(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    name: str,
    relation: str,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Write the rows of ``relation``, which has a ``utc_day``, into a folder of the published table for each day.

    ``parameters`` are what the relation binds.
    """
    connection.execute(
        f"copy ({_sorted_texts(name, relation)}) to {literal(str(folder / name))} "
        "(format parquet, partition_by (utc_day), overwrite_or_ignore true)",
        parameters,
    )


def view_table(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, *, is_empty: bool = False) -> None:
    """Make ``published.<name>`` read the files of a published table; none of them where it is known to be empty."""
    files = [] if is_empty else published_files(folder, name)
    view_files(connection, f"published.{name}", files, PUBLISHED[name])


def view_files(connection: duckdb.DuckDBPyConnection, view: str, files: Iterable[Path], table: Table) -> None:
    """Make ``view`` read Parquet files that have the columns of ``table``; an empty view where there are no files."""
    paths = ", ".join(literal(str(file)) for file in files)
    if paths:
        columns = ", ".join(map(quoted, table.column_names))
        relation = f"select {columns} from read_parquet([{paths}], hive_partitioning = true)"
    else:
        relation = _no_rows(table)
    connection.execute(f"create or replace view {view} as {relation}")


def _no_rows(table: Table) -> str:
    nulls = ", ".join(f"null::{column.type.sql_type} as {quoted(column.name)}" for column in table)
    return f"select {nulls} where false"


def _sorted_select(name: str, relation: str, first_of_order: tuple[str, ...] = ()) -> str:
    table = PUBLISHED[name]
    order = SORTED_BY.get(name, (table.day_of, *table.key) if table.day_of else table.key or ("all",))
    if name in PARTED_BY:
        order = (PARTED_BY[name], *order)
    names = ", ".join(map(quoted, table.column_names))
    return f"select {names} from {relation} order by {', '.join((*first_of_order, *order))}"


def _sorted_texts(name: str, relation: str) -> str:
    """Return the select of sorted rows without enums, for files that several threads may write (see open_store)."""
    texts = ", ".join(
        f"cast({quoted(column.name)} as varchar) as {quoted(column.name)}"
        for column in PUBLISHED[name]
        if column.type.sql_type == "varchar"
    )
    replaced = f" replace ({texts})" if texts else ""
    return f"select *{replaced} from ({_sorted_select(name, relation)})"
