"""Says what a finished build holds: its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from definitions.manifest import DaySpan, Manifest, TableCount
from definitions.tables import CONTRACT
from definitions.values import calendars
from definitions.warehouse import PUBLISHED
from pipeline.build.load import DayCount
from pipeline.build.tables import published_files
from pipeline.validate import literal

DayCounts = Mapping[str, Mapping[date, DayCount]]


@dataclass(frozen=True, slots=True)
class Extent:
    """The time that the data cover: the moments of the first and last event, in UTC, and the complete days by calendar.

    Both moments are None, and there are no days, where there are no events.
    """

    data_from: datetime | None
    data_through: datetime | None
    complete_days: Mapping[str, DaySpan]


def data_through(connection: duckdb.DuckDBPyConnection, day_counts: DayCounts) -> datetime | None:
    """Return the moment of the last play or player event; where there are none, of the last event of any kind."""
    last_play = _last(day_counts, ("plays", "playback_events"))
    return last_play or max((last for _, last in _first_and_last(connection, day_counts)), default=None)


def data_from(connection: duckdb.DuckDBPyConnection, day_counts: DayCounts) -> datetime | None:
    """Return the moment of the first event of any kind."""
    return min((first for first, _ in _first_and_last(connection, day_counts)), default=None)


def manifest(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    service_zone: str,
    extent: Extent,
    source_counts: dict[str, TableCount],
) -> Manifest:
    """Return the manifest of the build written to ``folder``; the views ``published`` read its tables."""
    rows, values = rows_and_values(connection, folder)
    filled = {f"{name}.{column}": count for name, of_table in values.items() for column, count in of_table.items()}
    # Player events are not published themselves: what they tell of places is.
    filled["playback_events.position_ms"] = rows["played_intervals"]
    return Manifest(
        build_id=folder.name.removeprefix(".building-"),
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        marquee_version=version("marquee"),
        service_zone=service_zone,
        data_through=None if extent.data_through is None else extent.data_through.isoformat(),
        spans=dict(extent.complete_days),
        source_counts=source_counts,
        rows=rows,
        filled=filled,
        days=_days(connection, rows),
    )


def complete_days(
    connection: duckdb.DuckDBPyConnection, service_zone: str, through: datetime | None, day_counts: DayCounts
) -> dict[str, DaySpan]:
    """Return the complete days by calendar; the day of the last event is incomplete, wherever it is still going on.

    ``through`` is the moment of the last event; None where there are none, and no days.
    """
    if through is None:
        return {}
    first_days = connection.execute(
        "select min(first_local_day), min(utc_day), min(first_service_day), min(least_utc_offset_min) "
        "from derived.plays_by_day"
    ).fetchone()
    if first_days is None or first_days[0] is None:
        first_day = min((first for first, _ in _first_and_last(connection, day_counts)), default=through).date()
        first_days = (first_day, first_day, first_day, 0)
    spans = {
        "local": DaySpan(first_days[0], (through + timedelta(minutes=first_days[3])).date()),
        "utc": DaySpan(first_days[1], through.date()),
    }
    if "service" not in calendars(service_zone):
        return spans
    service_time = through.replace(tzinfo=UTC).astimezone(ZoneInfo(service_zone))
    return spans | {"service": DaySpan(first_days[2], service_time.date())}


def rows_and_values(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return each published table's rows, and how many values of each column are not null, as its files tell."""
    tables = {str(file): name for name in PUBLISHED for file in published_files(folder, name)}
    told: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in PUBLISHED}
    if tables:
        # One statement for all tables: each one takes longer than the files of a small table.
        found = connection.execute(
            "select name, path_in_schema, sum(row_group_num_rows), sum(row_group_num_rows - stats_null_count) "
            "from parquet_metadata($files) "
            "inner join (select unnest($files) as file_name, unnest($names) as name) using (file_name) group by all",
            {"files": list(tables), "names": list(tables.values())},
        ).fetchall()
        for name, column, rows, values in found:
            told[name][column] = int(rows), int(values)
    rows = {name: max((count for count, _ in columns.values()), default=0) for name, columns in told.items()}
    # The day of a folder stands in no file.
    return rows, {
        name: {column: told[name].get(column, (0, rows[name]))[1] for column in table.column_names}
        for name, table in PUBLISHED.items()
    }


def _days(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> dict[str, DaySpan]:
    """Return the days that each table by day covers, from its first to its last row."""
    spans = []
    for name, table in PUBLISHED.items():
        day = next((column for column in ("utc_day", "day") if column in table.column_names), None)
        if day and rows[name]:
            days_alone = "where period = 'day'" if "period" in table.column_names else ""
            spans.append(f"select {literal(name)}, min({day}), max({day}) from published.{name} {days_alone}")
    found = connection.execute(" union all ".join(spans)).fetchall() if spans else []
    return {name: DaySpan(first, last + timedelta(days=1)) for name, first, last in found if first is not None}


def _last(day_counts: DayCounts, tables: tuple[str, ...]) -> datetime | None:
    moments = [count.last_at for name in tables for count in day_counts[name].values() if count.last_at]
    return max(moments, default=None)


def _first_and_last(connection: duckdb.DuckDBPyConnection, day_counts: DayCounts) -> list[tuple[datetime, datetime]]:
    """Return the first and last moment of each table of events that has rows."""
    found = [
        (count.first_at, count.last_at)
        for counts in day_counts.values()
        for count in counts.values()
        if count.first_at and count.last_at
    ]
    for name, table in CONTRACT.items():
        if "ts" in table.column_names and not table.day_of:
            first, last = connection.execute(f"select min(ts), max(ts) from source.{name}").fetchall()[0]
            found += [(first, last)] if first else []
    return found
