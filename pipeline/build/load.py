"""Reads a source into typed tables, the days of its large tables in portions, and says what became of every row."""

from collections import Counter
from collections.abc import Collection, Iterator, Set
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from definitions.contract import Table
from definitions.manifest import TableCount
from definitions.tables import CONTRACT
from definitions.tables.playback import CONTEXT
from definitions.values import POSITION_TOLERANCE_MS
from pipeline.build.days import ONE_DAY, Days, FileDays, file_days, in_days, portions
from pipeline.build.duplicates import drop_duplicates
from pipeline.errors import SourceError
from pipeline.progress import Progress
from pipeline.source import (
    day_of_path,
    recover,
    refused_by_imports,
    scan_sql,
    table_files,
    unknown_entries,
)
from pipeline.validate import (
    CLOCK_TOLERANCE,
    EARLIEST_DAY,
    extra_columns,
    literal,
    quoted,
    require_columns,
    rule_sql,
    typed_select,
    typed_value,
)

REASON_SAMPLES = 5
SESSION_DAYS = Path(__file__).with_name("session_days.sql").read_text(encoding="utf-8")
TABLES_BY_DAY = tuple(name for name, table in CONTRACT.items() if table.day_of)
PLAYBACK_EVENTS = "playback_events"
TOO_FAR = "position_ms: expected at most the runtime, with tolerance "
TOO_LATE = "ts: expected a time up to the day after the session began; the session id was used again"


@dataclass(frozen=True, slots=True)
class DayCount:
    """What one table of a source holds of one UTC day: rows, duplicates, and the moments of the first and last kept."""

    rows_in: int
    duplicates: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """What became of one table: its counts, the columns it lacks or that the contract does not know, and the reasons.

    ``reasons`` holds an example of each of the rules most often broken, with the number of rows that break it.
    """

    name: str
    count: TableCount
    extra_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]
    reasons: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class LoadedSource:
    """What a source holds, in the order of the contract.

    ``problems`` says why no warehouse can be built from it; ``remarks`` what a person should know.
    """

    tables: list[LoadedTable] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, TableCount]:
        """The counts by table."""
        return {table.name: table.count for table in self.tables}

    @property
    def absent_tables(self) -> tuple[str, ...]:
        """The contract's tables that the source does not have."""
        return tuple(name for name in CONTRACT if name not in self.counts)

    def lines(self) -> list[str]:
        """Return what there is to say besides the counts and problems, in sentences."""
        lines = []
        for table in self.tables:
            lines += [f"{table.name}: {rows:,} rejected, such as {reason}" for reason, rows in table.reasons]
            if table.missing_columns:
                lines.append(f"{table.name}: not given, so unknown: {', '.join(table.missing_columns)}")
            if table.extra_columns:
                lines.append(f"{table.name}: not in the contract, left aside: {', '.join(table.extra_columns)}")
        if self.absent_tables:
            lines.append(f"Not in this source: {', '.join(self.absent_tables)}")
        return [*lines, *self.remarks]


def source_rows(source: Path) -> dict[str, int]:
    """Return how many rows each table's files say they hold; raises SourceError when one cannot be read."""
    if not source.is_dir():
        raise SourceError(f"{source} is not a folder. A source is made by marquee import; see marquee import --help.")
    recover(source)
    return {
        name: sum(_rows_in(name, file) for file in files) for name in CONTRACT if (files := table_files(source, name))
    }


class SourceReader:
    """Reads a source into the schema ``source`` of a connection: tables by day some days at a time.

    Refused rows go to the table ``rejected_rows`` with the reason; what imports refused goes to ``refused_by_imports``.
    What would stop a build is told in ``loaded.problems``. ``day_counts`` tells, by table and UTC day, what was read.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: Path, progress: Progress) -> None:
        """Read all tables that are not by day, and find out which days the others cover.

        Raises SourceError for a file that cannot be read at all.
        """
        self.loaded = LoadedSource()
        self.day_counts: dict[str, dict[date, DayCount]] = {name: {} for name in TABLES_BY_DAY}
        self.files: dict[str, list[FileDays]] = {}
        self.connection = connection
        self.source = source
        self._progress = progress
        self._available: dict[str, dict[str, str]] = {}
        self._undated: dict[str, DayCount] = {}
        now = datetime.now(UTC).replace(tzinfo=None)
        self._possible_days = Days(EARLIEST_DAY.date(), (now + CLOCK_TOLERANCE).date() + ONE_DAY)
        connection.execute("create schema source; create schema derived")
        connection.execute(
            "create table rejected_rows (table_name varchar, row_day date, reason varchar, row_json varchar)"
        )
        _load_refused_by_imports(connection, source)
        for table in CONTRACT.values():
            self._look_at(table)
        _judge(self.loaded, source, set(self._available), self._folders_of_covers())

    def portions(self, chosen: Set[date] | None = None) -> list[Days]:
        """Return the ranges of days to load one after another: together all days that have rows, or those chosen."""
        return portions((file for files in self.files.values() for file in files), self._possible_days, chosen)

    def days_with(self, name: str, column: str, values: list[str]) -> set[date]:
        """Return the days of a table by day with rows that hold one of the values, refused ones too."""
        table = CONTRACT[name]
        relation = self._scan(table, self._possible_days) if values and column in self._available.get(name, {}) else ""
        if not relation:
            return set()
        with _reading(name):
            moment = self._moment(table)
            found = self.connection.execute(
                f"select distinct cast({moment} as date) from {relation} "
                f"where list_contains(?, {quoted(column)}::varchar) and {_within(moment, self._possible_days)}",
                [values],
            ).fetchall()
        return {day for (day,) in found}

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the source has, in the order of the contract."""
        return tuple(self._available)

    def on(self, connection: duckdb.DuckDBPyConnection) -> "SourceReader":
        """Return the same reader on another connection to its database, for use in another thread."""
        other = copy(self)
        other.connection = connection
        return other

    def load(self, days: Days, names: Collection[str] = TABLES_BY_DAY) -> None:
        """Put the rows of ``days`` into the tables ``names`` of ``source``, by day, instead of those there.

        ``playback_events`` gets the events of the playbacks that began in ``days``, each with its ``began_day`` and
        whether it ``tells_context``.
        """
        for name in names:
            table = CONTRACT[name]
            self._progress.step(f"Reading {name} of {days.first_day}")
            if name == PLAYBACK_EVENTS:
                self._load_events(table, days)
            else:
                # Of a table without rows there is nothing to count, which takes its time for each portion of days.
                if self._load_rows(table, days):
                    self._count(table, days, self._drop_duplicates(table))
                    self._move_rejected(table, "true")
            self._progress.done(sum(self.day_counts[name][day].rows_in for day in days if day in self.day_counts[name]))

    def reject(self, name: str, rows: str) -> None:
        """Note the ``rows``, a relation with the contract's columns, ``row_day`` and ``reject_reason``, as refused."""
        columns = ", ".join(map(quoted, CONTRACT[name].column_names))
        self.connection.execute(
            f"insert into rejected_rows select {literal(name)}, row_day, reject_reason, cast(json_merge_patch("
            f"'{{}}', to_json(struct_pack({columns}))) as varchar) from {rows}"
        )

    def finish(self) -> LoadedSource:
        """Return what became of every row, all portions together."""
        refused = dict(
            self.connection.execute("select table_name, count(*) from rejected_rows group by all").fetchall()
        )
        for name, available in self._available.items():
            table = CONTRACT[name]
            counts = [self._undated[name], *self.day_counts.get(name, {}).values()]
            rows_in, duplicates = sum(count.rows_in for count in counts), sum(count.duplicates for count in counts)
            rejected = refused.get(name, 0)
            total = TableCount(rows_in, rows_in - duplicates - rejected, duplicates, rejected)
            missing = tuple(column for column in table.column_names if column not in available)
            reasons = _reasons(self.connection, table)
            self.loaded.tables.append(LoadedTable(name, total, extra_columns(table, available), missing, reasons))
        return self.loaded

    def _folders_of_covers(self) -> set[str]:
        """Return the entries of the source that its covers lie in."""
        paths = self.connection.execute("select path from source.artworks").fetchall()
        return {part for (path,) in paths for part in PurePath(path).parts[:1]}

    def _look_at(self, table: Table) -> None:
        name = table.name
        files = table_files(self.source, name)
        self._progress.step(f"Checking {name}")
        if files:
            try:
                available = _columns(self.connection, name, files)
                require_columns(table, available, str(self.source / name))
            except SourceError as error:
                self.loaded.problems.append(str(error))
                files = []
            else:
                self._available[name] = available
        self._create_empty(table)
        if not files:
            return
        condition = "true"
        with _reading(name):
            if table.day_of:
                moment = self._moment(table)
                self.files[name] = file_days(self.connection, files, table.day_of, moment, self._possible_days)
                if sum(file.is_dated for file in self.files[name]) == len(files):
                    self._undated[name] = DayCount(0, 0, None, None)
                    return
                # Rows whose day cannot be told are all refused.
                condition = f"not coalesce({_within(moment, self._possible_days)}, false)"
            checked = self._checked(table, f"(from {scan_sql(files)} where {condition})")
            self.connection.execute(f"create or replace table source.{name} as {checked}")
        rows_in = _number(self.connection, f"select count(*) from source.{name}")
        duplicates = 0 if table.day_of else self._drop_duplicates(table).total()
        self._undated[name] = DayCount(rows_in, duplicates, None, None)
        self._move_rejected(table, "true")
        self._progress.done(rows_in)

    def _load_events(self, table: Table, days: Days) -> None:
        """Load the events of the playbacks that began in ``days``; some lie on the day after."""
        relation = f"source.{table.name}"
        first_day, end_day = f"date '{days.first_day}'", f"date '{days.end_day}'"
        if not self._load_rows(table, days):
            return
        with _reading(table.name):
            day_after = self._of_sessions_on(table, Days(days.end_day, days.end_day + ONE_DAY), days.end_day - ONE_DAY)
            if day_after:
                self.connection.execute(f"insert into {relation} by name {day_after}")
            days_before = self._of_sessions_on(
                table, Days(days.first_day - 2 * ONE_DAY, days.first_day), days.first_day
            )
            # A playback begins with an event that is kept.
            kept = f"select session_id, utc_day from {relation} where reject_reason is null"
            if days_before:
                kept += f" union all select session_id, utc_day from ({days_before}) where reject_reason is null"
            self.connection.execute(f"create or replace temp table day_events as select distinct * from ({kept})")
        self.connection.execute(f"create or replace temp table session_days as {SESSION_DAYS}")
        # Of few events the playback began on another day. That the id was used again is told before what refers to
        # the title.
        self.connection.execute(
            f"update {relation} as events set began_day = session_days.began_day, reject_reason = case "
            "when session_days.began_day is null and (reject_reason is null or starts_with(reject_reason, "
            f"{literal(TOO_FAR)})) then {literal(TOO_LATE)} else reject_reason end "
            "from session_days where events.session_id = session_days.session_id "
            "and events.utc_day = session_days.utc_day and session_days.began_day is distinct from events.utc_day"
        )
        self._count(table, days, self._drop_duplicates(table))
        # The rows of the day after are counted, and refused if need be, with that day.
        self._move_rejected(table, f"utc_day < {end_day}")
        self.connection.execute(f"delete from {relation} where began_day < {first_day} or began_day >= {end_day}")

    def _of_sessions_on(self, table: Table, days: Days, day: date) -> str:
        """Return the select of checked events of ``days`` whose sessions have events loaded of ``day``; or nothing."""
        relation = self._scan(table, days)
        if not relation:
            return ""
        sessions = f"select session_id from source.{table.name} where utc_day = date '{day}'"
        within = f"{_within(self._moment(table), days)} and session_id::varchar in ({sessions})"
        return self._checked(table, f"(from {relation} where {within})")

    def _load_rows(self, table: Table, days: Days) -> bool:
        """Load the rows of ``days``; tell whether any file may have some."""
        relation = self._scan(table, days)
        if not relation:
            self._create_empty(table)
            return False
        within = f"(from {relation} where {_within(self._moment(table), days)})"
        with _reading(table.name):
            self.connection.execute(f"create or replace table source.{table.name} as {self._checked(table, within)}")
        return True

    def _create_empty(self, table: Table) -> None:
        columns = [f"{quoted(column.name)} {column.type.sql_type}" for column in table]
        columns += ["utc_day date"] if table.day_of else []
        columns += ["began_day date", "tells_context boolean"] if table.name == PLAYBACK_EVENTS else []
        self.connection.execute(
            f"create or replace table source.{table.name} ({', '.join(columns)}, reject_reason varchar)"
        )

    def _scan(self, table: Table, days: Days) -> str:
        """Return the relation of the files' rows that may lie in ``days``; empty when there are none."""
        files = [file.path for file in self.files.get(table.name, []) if file.meets(days)]
        if not files or table.day_of is None:
            return ""
        available = self._available[table.name]
        # Files of other days may have columns that none of these has.
        nulls = ", ".join(f"cast(null as {raw_type}) as {quoted(name)}" for name, raw_type in available.items())
        condition = in_days(table.day_of, available[table.day_of], days)
        return f"(select {nulls} where false union all by name from {scan_sql(files)} where {condition})"

    def _moment(self, table: Table) -> str:
        day_of = table.column(str(table.day_of))
        return typed_value(day_of, self._available[table.name][day_of.name])

    def _checked(self, table: Table, relation: str) -> str:
        """Return the select of a relation's typed rows, each with the reason to refuse it, or null."""
        typed = typed_select(table, self._available[table.name], relation)
        broken = []
        for column in table:
            target_table, _, target_column = (column.refers_to or "").partition(".")
            # A table that is absent altogether is not looked up.
            if target_table in self._available and target_table != table.name:
                value, target = quoted(column.name), quoted(target_column)
                known = f"select {target} from source.{target_table} where {target} is not null"
                expected = literal(f"{column.name}: expected one of {column.refers_to}, found '")
                broken.append(
                    f"when {value} is not null and {value} not in ({known}) then {expected} || {value} || ''''"
                )
        reasons = ["reject_reason", *([f"case {' '.join(broken)} end"] if broken else [])]
        if not table.day_of:
            return f"select * replace (coalesce({', '.join(reasons)}) as reject_reason) from ({typed})"
        dated = f"select *, cast({quoted(table.day_of)} as date) as utc_day from ({typed})"
        if table.name != PLAYBACK_EVENTS:
            return f"select * replace (coalesce({', '.join(reasons)}) as reject_reason) from ({dated})"
        furthest_ms = "greatest(position_ms, coalesce(to_position_ms, 0))"
        latest_ms = f"runtime_ms + {POSITION_TOLERANCE_MS}"
        reasons.append(
            f"case when {furthest_ms} > {latest_ms} then {literal(TOO_FAR)} || {latest_ms} "
            f"|| ' ms, found ''' || {furthest_ms} || '''' end"
        )
        return (
            f"select events.* replace (coalesce({', '.join(reasons)}) as reject_reason), utc_day as began_day, "
            # Found out once, while the values are at hand: few events tell anything of it.
            f"{' or '.join(f'{quoted(column.name)} is not null' for column in CONTEXT)} as tells_context "
            f"from ({dated}) as events "
            "left join (select title_id as runtime_of, runtime_ms from source.titles) on events.title_id = runtime_of"
        )

    def _drop_duplicates(self, table: Table) -> Counter[date | None]:
        """Delete rows that repeat another's key, in tables by day on the same day; return how many, by day."""
        key = list(table.key or table.column_names)
        if table.day_of:
            key.append("utc_day")
        if table.name == PLAYBACK_EVENTS:
            # Of the day after, only the sessions that began before are there.
            key.append("session_id")
        return drop_duplicates(self.connection, table, key)

    def _count(self, table: Table, days: Days, duplicates: Counter[date | None]) -> None:
        found = self.connection.execute(
            f"select utc_day, count(*), min({table.day_of}) filter (where reject_reason is null), "
            f"max({table.day_of}) filter (where reject_reason is null) from source.{table.name} "
            f"where utc_day < date '{days.end_day}' group by utc_day"
        ).fetchall()
        for day, rows, first_at, last_at in found:
            self.day_counts[table.name][day] = DayCount(rows + duplicates[day], duplicates[day], first_at, last_at)

    def _move_rejected(self, table: Table, condition: str) -> None:
        """Delete the rows with a reason to refuse them, and note those that fulfil the condition as refused."""
        relation = f"source.{table.name}"
        row_day = "utc_day" if table.day_of else "null::date"
        self.reject(
            table.name,
            f"(select *, {row_day} as row_day from {relation} where reject_reason is not null and {condition})",
        )
        self.connection.execute(f"delete from {relation} where reject_reason is not null")


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Name the table whose files cannot be read."""
    try:
        yield
    except (
        duckdb.IOException,
        duckdb.InvalidInputException,
        duckdb.ConversionException,
        duckdb.BinderException,
    ) as error:
        raise SourceError(f"Table {name} cannot be read: {error}. Import it again.") from error


def _within(moment: str, days: Days) -> str:
    return f"{moment} >= timestamp '{days.first_day}' and {moment} < timestamp '{days.end_day}'"


def _load_refused_by_imports(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    connection.execute(
        "create table refused_by_imports "
        "(table_name varchar, origin varchar, file varchar, line bigint, reason varchar, original varchar)"
    )
    for name in CONTRACT:
        file = refused_by_imports(source, name)
        if not file.is_file():
            continue
        try:
            connection.execute(
                f"insert into refused_by_imports select {literal(name)}, origin, file, line, reason, original "
                f"from read_parquet({literal(str(file))})"
            )
        except duckdb.Error as error:
            raise SourceError(
                f"{file}: the rows that an import refused cannot be read: {str(error).partition(chr(10))[0]}. "
                "Import again, or remove that file."
            ) from error


def _columns(connection: duckdb.DuckDBPyConnection, name: str, files: list[Path]) -> dict[str, str]:
    try:
        described = connection.execute(f"describe select * from {scan_sql(files)}").fetchall()
    except duckdb.Error as error:
        raise SourceError(f"Table {name} cannot be read as Parquet: {error}. Import it again.") from error
    by_day = any(map(day_of_path, files))
    return {column: kind for column, kind, *_ in described if not (by_day and column == "day")}


def _reasons(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[tuple[str, int], ...]:
    """Return one example of each broken rule, with the key of its row, and the number of rows that break it."""
    key = " || ', ' || ".join(f"'{name} ' || coalesce(row_json ->> '{name}', 'missing')" for name in table.key)
    example = f"reason || ' (' || {key} || ')'" if table.key else "reason"
    rows = connection.execute(
        f"select min({example}), count(*) as rows from rejected_rows where table_name = {literal(table.name)} "
        f"group by {rule_sql('reason')} order by rows desc, 1 limit {REASON_SAMPLES}"
    ).fetchall()
    return tuple((str(reason), int(rows)) for reason, rows in rows)


def _judge(loaded: LoadedSource, source: Path, present: set[str], folders_of_covers: set[str]) -> None:
    if not present and not loaded.problems:
        loaded.problems.append(f"{source} holds no table of the contract. Fill it with marquee import.")
    if present & {"plays", "playback_events"} and "titles" not in present:
        loaded.problems.append(
            "There are plays but no titles, so nobody can tell films from trailers. Import a titles table: "
            "title_id, name, kind."
        )
    unknown = [entry for entry in unknown_entries(source) if entry not in folders_of_covers]
    if unknown:
        loaded.remarks.append(f"Not part of the contract, left alone: {', '.join(unknown)}.")


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _rows_in(name: str, file: Path) -> int:
    # Its footer is read faster than a connection is made for it.
    try:
        rows: int = pq.read_metadata(file).num_rows
    except (OSError, pa.ArrowException) as error:
        raise SourceError(f"Table {name} cannot be read as Parquet: {file}: {error}. Import it again.") from error
    return rows
