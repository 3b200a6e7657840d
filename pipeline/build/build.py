"""Makes a warehouse's next build from a source."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from definitions.countries import MAIN_ZONES
from definitions.manifest import MANIFEST_FILE, Manifest
from definitions.tables import CONTRACT
from definitions.values import (
    ACTIVE_PLAY_MIN_WATCH_MS,
    CALENDARS,
    COMPLETION_COVERAGE,
    PAYMENT_GRACE_DAYS,
    START_MIN_WATCH_MS,
)
from definitions.warehouse import REJECTED_ROWS
from pipeline.build.days import Days, months
from pipeline.build.describe import data_through, manifest
from pipeline.build.load import PLAYBACK_EVENTS, LoadedSource, SourceReader, source_rows
from pipeline.build.playbacks import derive_event_plays
from pipeline.build.statements import create, statement
from pipeline.build.tables import view_table, write_days, write_table
from pipeline.errors import SourceError
from pipeline.progress import Progress, Silent
from pipeline.publish import building, new_build_id
from pipeline.source import reading, require_free_space
from pipeline.validate import literal, rule_sql

SPACE_FACTOR = 4
MEMORY_LIMIT = "5GB"
WORK = "work"
NO_DAYS = Days(date(1970, 1, 1), date(1970, 1, 1))
SETTINGS: dict[str, object] = {
    "payment_grace_days": PAYMENT_GRACE_DAYS,
    "active_play_min_watch_ms": ACTIVE_PLAY_MIN_WATCH_MS,
    "start_min_watch_ms": START_MIN_WATCH_MS,
    "completion_coverage": COMPLETION_COVERAGE,
}
BY_DAY = tuple(name for name, table in CONTRACT.items() if table.day_of and name not in ("plays", PLAYBACK_EVENTS))
BY_MONTH = ("account_days", "title_days")


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
    # Every row is read once; the plays of every day are derived from, and added up.
    progress.plan(sum(rows.values()) + 2 * (rows.get("plays", 0) + rows.get(PLAYBACK_EVENTS, 0)))
    build_id = new_build_id()
    with building(warehouse, build_id) as folder:
        work = folder / WORK
        work.mkdir()
        with duckdb.connect() as connection, reading(source):
            connection.execute("set timezone = 'UTC'")
            connection.execute(f"set memory_limit = {literal(MEMORY_LIMIT)}")
            connection.execute(f"set temp_directory = {literal(str(work / 'spill'))}")
            reader = SourceReader(connection, source, progress)
            if reader.loaded.problems:
                raise SourceError("\n".join(reader.loaded.problems))
            build = _Build(connection, folder, work, reader, service_zone, progress)
            source_watch_ms, published_watch_ms = build.make()
            loaded = reader.finish()
            made = build.manifest(loaded)
        shutil.rmtree(work)
        (folder / MANIFEST_FILE).write_text(made.to_json(), encoding="utf-8")
    return BuildSummary(warehouse / "builds" / build_id, loaded, made, source_watch_ms, published_watch_ms)


@dataclass(slots=True)
class _Build:
    """One build under way: what it reads, the ``folder`` it fills, and the ``work`` folder for steps on the way."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    work: Path
    reader: SourceReader
    service_zone: str
    progress: Progress

    def make(self) -> tuple[int, int]:
        """Write every table; return the watch time, in ms, of the plays that the source tells and of those written."""
        self._create_references()
        portions = self.reader.portions() or [NO_DAYS]
        for days in portions:
            self._read(days)
        self._view_told_plays()
        for name in BY_DAY:
            view_table(self.connection, self.folder, name)
        for name in CONTRACT.keys() - {*self.reader.day_counts, "accounts"}:
            self._write(name, f"source.{name}")
        self._derive("accounts")
        for days in portions:
            self._complete_plays(days)
        for name in ("plays", "played_intervals"):
            view_table(self.connection, self.folder, name)
        self._derive("plan_periods")
        self._derive("subscriptions")
        for month in self._months():
            self._add_up(month)
        for name in BY_MONTH:
            view_table(self.connection, self.folder, name)
        self._derive("title_starts")
        self._write(REJECTED_ROWS.name, f"({_rejected_rows()})")
        return (
            self._number("select sum(watch_ms) from derived.all_plays"),
            self._number("select sum(watch_ms) from published.plays"),
        )

    @property
    def data_through(self) -> datetime | None:
        """The moment of the last event."""
        return data_through(self.connection, self.reader.day_counts)

    def manifest(self, loaded: LoadedSource) -> Manifest:
        """Return what there is to say of the tables written."""
        return manifest(
            self.connection,
            self.folder,
            self.service_zone,
            self.data_through,
            self.reader.day_counts,
            loaded.counts,
        )

    def _create_references(self) -> None:
        self.connection.execute("create schema reference; create schema published")
        self.connection.execute("create table reference.country_zones (country varchar, zone varchar)")
        self.connection.executemany("insert into reference.country_zones values (?, ?)", list(MAIN_ZONES.items()))
        self.connection.execute("create table reference.calendars (calendar varchar)")
        self.connection.executemany("insert into reference.calendars values (?)", [[name] for name in CALENDARS])

    def _read(self, days: Days) -> None:
        """Write the rows of some days, and keep the plays that they tell until all are known."""
        self.reader.load(days)
        self.progress.step(f"Following the playbacks of {days.first_day}")
        derive_event_plays(self.connection, self.reader.reject)
        for name in BY_DAY:
            write_days(self.connection, self.folder, name, f"source.{name}")
        write_days(self.connection, self.folder, "played_intervals", "derived.played_intervals")
        self._keep("event_plays", str(days.first_day), "from derived.event_plays")
        self._keep("source_plays", str(days.first_day), "select * exclude (reject_reason) from source.plays")

    def _view_told_plays(self) -> None:
        """Make ``derived.all_plays`` read what was kept of the plays; those told twice are told by their events."""
        self._view_kept("event_plays")
        self._view_kept("source_plays")
        self._keep("other_plays", "all", statement("other_plays", {})[0])
        self._view_kept("other_plays")
        create(self.connection, "derived.all_plays", "all_plays", {}, kind="view")

    def _complete_plays(self, days: Days) -> None:
        self.progress.step(f"Completing the plays of {days.first_day}")
        settings = {"service_zone": self.service_zone, "first_day": days.first_day, "end_day": days.end_day}
        create(self.connection, "derived.complete_plays", "plays", settings)
        write_days(self.connection, self.folder, "plays", "derived.complete_plays")

    def _months(self) -> list[Days]:
        """Return the months in which plays began, in any calendar."""
        first, last = self.connection.execute(
            "select min(utc_day) - 1, max(utc_day) + 1 from published.plays"
        ).fetchall()[0]
        return [] if first is None else months(first, last)

    def _add_up(self, month: Days) -> None:
        self.progress.step(f"Adding up {month.first_day:%B %Y}")
        settings = {"from_day": month.first_day, "to_day": month.end_day} | SETTINGS
        create(self.connection, "derived.play_days", "play_days", settings)
        for name in BY_MONTH:
            create(self.connection, f"derived.{name}", name, settings)
            write_table(self.connection, self.folder, name, f"derived.{name}", f"{month.first_day:%Y-%m}")
        self.progress.done(self._number("select count(distinct (utc_day, play_id)) from derived.play_days"))

    def _derive(self, name: str) -> None:
        """Write a published table from the statement of its name."""
        self.progress.step(f"Deriving {name}")
        settings = {"service_zone": self.service_zone, "data_through": self.data_through} | SETTINGS
        create(self.connection, f"derived.{name}", name, settings)
        self._write(name, f"derived.{name}")
        self.connection.execute(f"drop table derived.{name}")

    def _write(self, name: str, relation: str) -> None:
        write_table(self.connection, self.folder, name, relation)
        view_table(self.connection, self.folder, name)

    def _keep(self, name: str, part: str, select: str) -> None:
        target = self.work / name / f"{part}.parquet"
        target.parent.mkdir(exist_ok=True)
        self.connection.execute(f"copy ({select}) to {literal(str(target))} (format parquet)")

    def _view_kept(self, name: str) -> None:
        files = literal(str(self.work / name / "*.parquet"))
        # The table of the days read last gives way to all of them.
        self.connection.execute(f"drop table if exists derived.{name}")
        self.connection.execute(f"create view derived.{name} as from read_parquet({files})")

    def _number(self, sql: str) -> int:
        row = self.connection.execute(sql).fetchone()
        return int(row[0] or 0) if row else 0


def _rejected_rows() -> str:
    """Return the select of all rows that imports and this build refused."""
    return f"""
        select *, {rule_sql("reason")} as rule from (
            select *, 'build' as rejected_by, null as origin, null as file, null as line from rejected_rows
            union all by name
            select
                table_name, 'import' as rejected_by, reason, null as row_day, origin, file, line, original as row_json
            from refused_by_imports
        )
        """
