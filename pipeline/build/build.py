"""Makes a warehouse's next build from a source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from definitions.manifest import MANIFEST_FILE, Manifest
from definitions.values import UTC_ZONE
from definitions.warehouse import REJECTED_ROWS
from pipeline.build.beside import run_beside
from pipeline.build.covers import look_at_covers, remark_on_covers
from pipeline.build.customer_colours import derive_customer_colours
from pipeline.build.days import Days, runs
from pipeline.build.deriving import Deriving, view_plays
from pipeline.build.describe import Extent, complete_days, data_from, data_through, manifest
from pipeline.build.inputs import INPUTS_FILE, Inputs, code_version, source_files
from pipeline.build.load import PLAYBACK_EVENTS, TABLES_BY_DAY, LoadedSource, SourceReader, source_rows
from pipeline.build.playbacks import derive_event_plays
from pipeline.build.previous import PreviousBuild
from pipeline.build.references import create_references
from pipeline.build.statements import create, statement
from pipeline.build.tables import close_store, derive_table, publish_table, view_table, write_days
from pipeline.build.thumbnails import TYPICAL_BYTES
from pipeline.build.workshop import WORK, connected, told_in_words
from pipeline.errors import SourceError
from pipeline.progress import Progress, Silent
from pipeline.publish import building, new_build_id
from pipeline.source import reading, require_free_space
from pipeline.validate import literal, rule_sql

SPACE_FACTOR = 4
NO_DAYS = Days(date(1970, 1, 1), date(1970, 1, 1))
BY_DAY = tuple(name for name in TABLES_BY_DAY if name not in ("plays", PLAYBACK_EVENTS))


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
    source: Path,
    warehouse: Path,
    *,
    service_zone: str = UTC_ZONE,
    covers_folder: Path | None = None,
    progress: Progress | None = None,
) -> BuildSummary:
    """Build ``source`` and publish the result in ``warehouse``; the build before stays as it was until then.

    ``service_zone`` is an IANA time zone; ``covers_folder`` that which the paths of covers are relative to, the source
    by default. Raises SourceError when the source cannot be built or the disk is too full.
    """
    progress = progress or Silent()
    try:
        ZoneInfo(service_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SourceError(f"{service_zone!r} is not a time zone; give one such as Europe/Berlin.") from error
    rows = source_rows(source)
    covers = rows.get("artworks", 0)
    tables_bytes = sum(path.stat().st_size for path in source.rglob("*.parquet"))
    require_free_space(warehouse, SPACE_FACTOR * tables_bytes + TYPICAL_BYTES * covers)
    # Every row is read once; the plays of every day are derived from, and added up; every cover is looked at.
    progress.plan(sum(rows.values()) + 2 * (rows.get("plays", 0) + rows.get(PLAYBACK_EVENTS, 0)) + covers)
    build_id = new_build_id()
    with told_in_words(warehouse), building(warehouse, build_id) as folder:
        with connected(folder) as connection, reading(source):
            reader = SourceReader(connection, source, progress)
            if reader.loaded.problems:
                raise SourceError("\n".join(reader.loaded.problems))
            inputs = Inputs(
                code_version(),
                service_zone,
                datetime.now(UTC).date(),
                reader.tables,
                source_files(source, reader.files),
                reader.day_counts,
            )
            build = _Build(connection, folder, folder / WORK, reader, service_zone, covers_folder or source, progress)
            source_watch_ms, published_watch_ms = build.make(PreviousBuild.find(connection, warehouse, inputs), inputs)
            loaded = reader.finish()
            close_store(connection)
            made = build.manifest(loaded)
        (folder / INPUTS_FILE).write_text(inputs.to_json(), encoding="utf-8")
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
    covers_folder: Path
    progress: Progress

    def make(self, previous: PreviousBuild | None, inputs: Inputs) -> tuple[int, int]:
        """Write every table, taking over from the build before what still holds.

        Returns the watch time, in ms, of the plays that the source tells and of those written.
        """
        create_references(self.connection, self.service_zone)
        changed_days = previous.changed_days(inputs, self.reader) if previous else None
        carried_days = self._carry_days(previous, changed_days or set())
        portions = self.reader.portions(changed_days) or [NO_DAYS]
        for days in portions:
            self._read(days)
        self._view_told_plays(previous)
        for name in BY_DAY:
            view_table(self.connection, self.folder, name)
        derive_table(self.connection, self.folder, "accounts", {})
        completed_days = self._complete_plays(previous, portions, carried_days)
        view_plays(self.connection, self.folder)
        Deriving(self.connection, self.folder, self.service_zone, self.extent, self.progress).derive_all(
            lambda: self._show_covers(previous), previous, completed_days | (changed_days or set())
        )
        complete = self.extent.complete_days.get("utc")
        derive_customer_colours(self.connection, self.folder, complete.end_day if complete else None, self.progress)
        publish_table(self.connection, self.folder, REJECTED_ROWS.name, f"({_rejected_rows()})")
        return (
            self._number("select sum(watch_ms) from derived.all_plays"),
            self._number("select sum(watch_ms) from derived.plays_by_day"),
        )

    @property
    def extent(self) -> Extent:
        """The time that the data cover; the plays have been written."""
        counts = self.reader.day_counts
        through = data_through(self.connection, counts)
        days = complete_days(self.connection, self.service_zone, through, counts)
        return Extent(data_from(self.connection, counts), through, days)

    def manifest(self, loaded: LoadedSource) -> Manifest:
        """Return what there is to say of the tables written."""
        return manifest(self.connection, self.folder, self.service_zone, self.extent, loaded.counts)

    def _read(self, days: Days) -> None:
        """Write the rows of some days, and keep the plays that they tell until all are known."""
        run_beside(
            self.connection, lambda cursor: self._on(cursor).read_others(days), lambda: self._read_playbacks(days)
        )

    def _read_playbacks(self, days: Days) -> None:
        self.reader.load(days, [PLAYBACK_EVENTS])
        self.progress.step(f"Following the playbacks of {days.first_day}")
        derive_event_plays(self.connection, self.reader.reject)
        write_days(self.connection, self.folder, "played_intervals", "derived.played_intervals")
        for name in ("event_plays", "play_marks"):
            self._keep(name, str(days.first_day), f"from derived.{name}")

    def read_others(self, days: Days) -> None:
        self.reader.load(days, ["plays"])
        self._keep("source_plays", str(days.first_day), "select * exclude (reject_reason) from source.plays")
        for name in BY_DAY:
            self.reader.load(days, [name])
            write_days(self.connection, self.folder, name, f"source.{name}")

    def _on(self, connection: duckdb.DuckDBPyConnection) -> "_Build":
        """Return the same build on another connection to its database, for use in another thread."""
        return replace(self, connection=connection, reader=self.reader.on(connection))

    def _carry_days(self, previous: PreviousBuild | None, changed_days: set[date]) -> set[date]:
        """Take over the days of the build before that have not changed, all but their plays; return them."""
        self.connection.execute("create temp table carried_days (utc_day date)")
        if previous is None:
            return set()
        counts = previous.inputs.day_counts
        carried_days = {day for days in counts.values() for day in days} - changed_days
        self.connection.execute("insert into carried_days select unnest(?::date[])", [sorted(carried_days)])
        for name, of_table in counts.items():
            self.reader.day_counts[name] |= {day: count for day, count in of_table.items() if day in carried_days}
        for name in (*BY_DAY, "played_intervals"):
            previous.link_days(self.folder, name, carried_days)
        self.connection.execute(
            "insert into rejected_rows by name select table_name, row_day, reason, row_json "
            "from previous.rejected_rows where rejected_by = 'build' and row_day in (from carried_days)"
        )
        return carried_days

    def _view_told_plays(self, previous: PreviousBuild | None) -> None:
        """Make ``derived.all_plays`` read what was kept of the plays, and ``derived.play_marks`` of their marks.

        Plays told twice are told by their events.
        """
        self._view_kept("event_plays")
        self._view_kept("source_plays")
        marks_before = ""
        if previous:
            create(self.connection, "derived.previous_marks", "previous_marks", {}, kind="view")
            marks_before = "union all by name from derived.previous_marks"
        self._view_kept("play_marks", marks_before)
        told_before = "select * from derived.event_plays limit 0"
        if previous:
            create(self.connection, "derived.previous_plays", "previous_plays", {}, kind="view")
            told_before = "from derived.previous_plays where told_by_events"
        self.connection.execute(
            "create view derived.plays_told_by_events as select play_id, utc_day from derived.event_plays "
            f"union all select play_id, utc_day from ({told_before})"
        )
        self._keep("other_plays", "all", *statement("other_plays", {}))
        self._view_kept("other_plays")
        create(self.connection, "derived.new_plays", "new_plays", {}, kind="view")
        of_before = "union all by name from derived.previous_plays" if previous else ""
        self.connection.execute(f"create view derived.all_plays as from derived.new_plays {of_before}")

    def _complete_plays(
        self, previous: PreviousBuild | None, portions: Sequence[Days], carried_days: set[date]
    ) -> set[date]:
        """Write the plays of the days read, and of those whose viewers are known better now; return the latter."""
        changed_days = set()
        if previous:
            sql, _ = statement("changed_viewers", {})
            changed_days = carried_days & {day for (day,) in self.connection.execute(sql).fetchall()}
            previous.link_days(self.folder, "plays", carried_days - changed_days)
        for days in (*portions, *runs(changed_days)):
            self.progress.step(f"Completing the plays of {days.first_day}")
            settings = {"service_zone": self.service_zone, "first_day": days.first_day, "end_day": days.end_day}
            select, parameters = statement("plays", settings)
            write_days(self.connection, self.folder, "plays", f"({select})", parameters)
        return changed_days

    def _show_covers(self, previous: PreviousBuild | None) -> None:
        """Make the thumbnails of all covers, measure their colours, and say which cannot be shown."""
        self.progress.step("Looking at covers")
        look_at_covers(self.connection, self.covers_folder, self.folder, previous, self.progress)
        remark = remark_on_covers(self.connection)
        if remark:
            self.reader.loaded.remarks.append(remark)

    def _keep(self, name: str, part: str, select: str, parameters: Mapping[str, object] | None = None) -> None:
        target = self.work / name / f"{part}.parquet"
        target.parent.mkdir(exist_ok=True)
        self.connection.execute(f"copy ({select}) to {literal(str(target))} (format parquet)", parameters)

    def _view_kept(self, name: str, of_before: str = "") -> None:
        files = literal(str(self.work / name / "*.parquet"))
        # The table of the days read last gives way to all of them.
        self.connection.execute(f"drop table if exists derived.{name}")
        self.connection.execute(f"create view derived.{name} as from read_parquet({files}) {of_before}")

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
