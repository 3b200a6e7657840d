"""Makes a warehouse's next build from a source."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from definitions.countries import MAIN_ZONES
from definitions.manifest import MANIFEST_FILE, DaySpan, Manifest
from definitions.tables import CONTRACT
from definitions.values import (
    ACTIVE_PLAY_MIN_WATCH_MS,
    CALENDARS,
    COMPLETION_COVERAGE,
    HEARTBEAT_INTERVAL_MS,
    PAYMENT_GRACE_DAYS,
    START_MIN_WATCH_MS,
)
from definitions.warehouse import PUBLISHED, REJECTED_ROWS
from pipeline.build.load import LoadedSource, load_source, source_rows
from pipeline.errors import SourceError
from pipeline.progress import Progress, Silent
from pipeline.publish import building, new_build_id
from pipeline.source import require_free_space
from pipeline.validate import literal, quoted, rule_sql

SQL_FOLDER = Path(__file__).parent
# In the order in which they build on each other; those that PUBLISHED does not name are steps on the way.
DERIVED = (
    "event_states",
    "played_intervals",
    "event_plays",
    "all_plays",
    "accounts",
    "plays",
    "plan_periods",
    "subscriptions",
    "play_days",
    "account_days",
    "title_days",
    "title_starts",
)
SORTED_BY = {
    "plays": ("started_at", "play_id"),
    "account_days": ("calendar", "day", "account_id"),
    "title_days": ("calendar", "day", "title_id"),
    "title_starts": ("calendar", "day", "account_id", "title_id"),
    "subscriptions": ("calendar", "account_id", "start_day"),
    "plan_periods": ("account_id", "from_day"),
    "played_intervals": ("play_id", "from_ms"),
}
SPACE_FACTOR = 4


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build read, what it published, and where.

    ``source_watch_ms`` and ``published_watch_ms`` are the watch time of the plays kept and of the plays published.
    """

    folder: Path
    loaded: LoadedSource
    manifest: Manifest
    source_watch_ms: int
    published_watch_ms: int


def build_warehouse(
    source: Path, warehouse: Path, *, service_zone: str = "UTC", progress: Progress | None = None
) -> BuildSummary:
    """Build ``source`` and publish the result in ``warehouse``; the build before stays as it was until then.

    ``service_zone`` is an IANA time zone. Raises SourceError when the source cannot be built or the disk is too full.
    """
    progress = progress or Silent()
    try:
        ZoneInfo(service_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SourceError(f"{service_zone!r} is not a time zone; give one such as Europe/Berlin.") from error
    rows = source_rows(source)
    require_free_space(warehouse, SPACE_FACTOR * sum(path.stat().st_size for path in source.rglob("*.parquet")))
    # Every row is checked and written once; every play is also looked at by each derived table.
    progress.plan(2 * sum(rows.values()) + len(DERIVED) * (rows.get("plays", 0) + rows.get("playback_events", 0)))
    build_id = new_build_id()
    with building(warehouse, build_id) as folder:
        scratch = folder / "scratch.duckdb"
        with duckdb.connect(str(scratch)) as connection:
            connection.execute("set timezone = 'UTC'")
            loaded = load_source(connection, source, progress)
            if loaded.problems:
                raise SourceError("\n".join(loaded.problems))
            data_through = _data_through(connection)
            _derive(connection, service_zone, data_through, progress)
            _write(connection, folder, progress)
            manifest = _manifest(connection, build_id, service_zone, data_through, loaded)
            totals = [
                _number(connection, f"select sum(watch_ms) from {plays}")
                for plays in ("derived.all_plays", "published.plays")
            ]
        for path in folder.glob("scratch.duckdb*"):
            path.unlink()
        (folder / MANIFEST_FILE).write_text(manifest.to_json(), encoding="utf-8")
    return BuildSummary(warehouse / "builds" / build_id, loaded, manifest, *totals)


def _data_through(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return the moment of the last play or player event; where there are none, of the last event of any kind."""
    told = "select started_at as ts from source.plays union all select ts from source.playback_events"
    last_play = _moment(connection, f"select max(ts) from ({told})")
    if last_play is not None:
        return last_play
    moments = [
        _moment(connection, f"select max(ts) from source.{name}")
        for name, table in CONTRACT.items()
        if "ts" in table.column_names
    ]
    return max((moment for moment in moments if moment is not None), default=None)


def _derive(
    connection: duckdb.DuckDBPyConnection, service_zone: str, data_through: datetime | None, progress: Progress
) -> None:
    connection.execute("create schema reference; create schema derived; create schema published")
    connection.execute("create table reference.country_zones (country varchar, zone varchar)")
    connection.executemany("insert into reference.country_zones values (?, ?)", list(MAIN_ZONES.items()))
    connection.execute("create table reference.calendars (calendar varchar)")
    connection.executemany("insert into reference.calendars values (?)", [[calendar] for calendar in CALENDARS])
    available = {
        "service_zone": service_zone,
        "data_through": data_through,
        "payment_grace_days": PAYMENT_GRACE_DAYS,
        "active_play_min_watch_ms": ACTIVE_PLAY_MIN_WATCH_MS,
        "start_min_watch_ms": START_MIN_WATCH_MS,
        "completion_coverage": COMPLETION_COVERAGE,
        "heartbeat_interval_ms": HEARTBEAT_INTERVAL_MS,
    }
    plays = _number(
        connection, "select (select count(*) from source.plays) + (select count(*) from source.playback_events)"
    )
    for name in DERIVED:
        progress.step(f"Deriving {name}")
        sql = (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
        (statement,) = duckdb.extract_statements(sql)
        parameters = {parameter: available[parameter] for parameter in statement.named_parameters}
        schema = "published" if name in PUBLISHED else "derived"
        connection.execute(f"create table {schema}.{name} as {sql}", parameters)
        progress.done(plays)
    connection.execute(f"create view published.{REJECTED_ROWS.name} as {_rejected_rows()}")
    for name in PUBLISHED.keys() - {*DERIVED, REJECTED_ROWS.name}:
        day_of = PUBLISHED[name].day_of
        utc_day = f", cast({day_of} as date) as utc_day" if day_of else ""
        connection.execute(f"create view published.{name} as select *{utc_day} from source.{name}")


def _rejected_rows() -> str:
    """Return the select of all rows that imports and this build refused."""
    by_build = [
        f"""
        select
            {literal(name)} as table_name, 'build' as rejected_by, reject_reason as reason,
            null as origin, null as file, null as line,
            cast(
                json_merge_patch('{{}}', to_json(struct_pack(*columns(* exclude (reject_reason))))) as varchar
            ) as row_json
        from rejected.{name}
        """
        for name in CONTRACT
    ]
    by_import = (
        "select table_name, 'import' as rejected_by, reason, origin, file, line, original as row_json "
        "from refused_by_imports"
    )
    rows = " union all by name ".join([by_import, *by_build])
    return f"select *, {rule_sql('reason')} as rule from ({rows})"


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, progress: Progress) -> None:
    for name, table in PUBLISHED.items():
        progress.step(f"Writing {name}")
        columns = ", ".join(map(quoted, table.column_names))
        order = ", ".join(SORTED_BY.get(name, (table.day_of, *table.key) if table.day_of else table.key or ("all",)))
        selected = f"select {columns} from published.{name} order by {order}"
        if not table.day_of:
            connection.execute(f"copy ({selected}) to {literal(str(folder / f'{name}.parquet'))} (format parquet)")
        elif _number(connection, f"select count(*) from published.{name}"):
            target = literal(str(folder / name))
            connection.execute(f"copy ({selected}) to {target} (format parquet, partition_by (utc_day))")
        if name in CONTRACT:
            progress.done(_number(connection, f"select count(*) from published.{name}"))


def _manifest(
    connection: duckdb.DuckDBPyConnection,
    build_id: str,
    service_zone: str,
    data_through: datetime | None,
    loaded: LoadedSource,
) -> Manifest:
    rows: dict[str, int] = {}
    filled: dict[str, int] = {}
    for name, table in PUBLISHED.items():
        counted = ", ".join(f"count({quoted(column)})" for column in table.column_names)
        counts = connection.execute(f"select count(*), {counted} from published.{name}").fetchone() or ()
        rows[name] = int(counts[0])
        filled.update(
            {f"{name}.{column}": int(count) for column, count in zip(table.column_names, counts[1:], strict=True)}
        )
    return Manifest(
        build_id=build_id,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        marquee_version=version("marquee"),
        service_zone=service_zone,
        data_through=None if data_through is None else data_through.isoformat(),
        spans={} if data_through is None else _spans(connection, service_zone, data_through),
        source_counts=loaded.counts,
        rows=rows,
        filled=filled,
        days=_days(connection),
    )


def _days(connection: duckdb.DuckDBPyConnection) -> dict[str, DaySpan]:
    """Return the days that each table by day covers, from its first to its last row."""
    days = {}
    for name, table in PUBLISHED.items():
        day = next((column for column in ("utc_day", "day") if column in table.column_names), None)
        if day is None:
            continue
        first, last = connection.execute(f"select min({day}), max({day}) from published.{name}").fetchall()[0]
        if first is not None:
            days[name] = DaySpan(first, last + timedelta(days=1))
    return days


def _spans(connection: duckdb.DuckDBPyConnection, service_zone: str, data_through: datetime) -> dict[str, DaySpan]:
    """Return the complete days by calendar; the day of the last event is incomplete, wherever it is still going on."""
    first_days = connection.execute(
        "select min(local_day), min(utc_day), min(service_day), min(utc_offset_min) from published.plays"
    ).fetchone()
    if first_days is None or first_days[0] is None:
        first_day = _first_day_without_plays(connection, data_through)
        first_days = (first_day, first_day, first_day, 0)
    service_time = data_through.replace(tzinfo=UTC).astimezone(ZoneInfo(service_zone))
    return {
        "local": DaySpan(first_days[0], (data_through + timedelta(minutes=first_days[3])).date()),
        "utc": DaySpan(first_days[1], data_through.date()),
        "service": DaySpan(first_days[2], service_time.date()),
    }


def _first_day_without_plays(connection: duckdb.DuckDBPyConnection, data_through: datetime) -> date:
    first = [
        _moment(connection, f"select min(ts) from source.{name}")
        for name, table in CONTRACT.items()
        if "ts" in table.column_names
    ]
    return min((moment for moment in first if moment is not None), default=data_through).date()


def _moment(connection: duckdb.DuckDBPyConnection, sql: str) -> datetime | None:
    row = connection.execute(sql).fetchone()
    return row[0] if row else None


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0] or 0) if row else 0
