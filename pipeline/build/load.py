"""Reads a source into typed tables, and says what became of every row."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from definitions.contract import Column, Table
from definitions.manifest import TableCount
from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.progress import Progress
from pipeline.source import (
    connect,
    day_of_path,
    reading,
    recover,
    refused_by_imports,
    scan_sql,
    table_files,
    unknown_entries,
)
from pipeline.validate import distinct_select, extra_columns, literal, quoted, require_columns, rule_sql, typed_select

REASON_SAMPLES = 5
IMPOSSIBLE_EVENTS = Path(__file__).with_name("impossible_events.sql").read_text(encoding="utf-8")


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
    with connect() as connection:
        return {
            name: _one(connection, f"select count(*) from {scan_sql(files)}", table_name=name)
            for name in CONTRACT
            if (files := table_files(source, name))
        }


def load_source(connection: duckdb.DuckDBPyConnection, source: Path, progress: Progress) -> LoadedSource:
    """Fill the schemas ``source`` and ``rejected`` of ``connection`` with every table of the contract.

    Kept rows go to ``source``, the others with their ``reject_reason`` to ``rejected``; what imports refused goes to
    the table ``refused_by_imports``. What would stop a build is told in ``problems``; raises SourceError for a file
    that cannot be read at all. No import can change ``source`` meanwhile.
    """
    with reading(source):
        return _load_source(connection, source, progress)


def _load_source(connection: duckdb.DuckDBPyConnection, source: Path, progress: Progress) -> LoadedSource:
    loaded = LoadedSource()
    connection.execute("create schema source; create schema rejected")
    _load_refused_by_imports(connection, source)
    shapes: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    rows_in: dict[str, int] = {}
    duplicates: dict[str, int] = {}
    for name, table in CONTRACT.items():
        files = table_files(source, name)
        progress.step(f"Checking {name}")
        available: dict[str, str] = {}
        if files:
            try:
                available = _columns(connection, name, files)
                require_columns(table, available, str(source / name))
            except SourceError as error:
                loaded.problems.append(str(error))
                available, files = {}, []
            else:
                shapes[name] = extra_columns(table, available), _missing(table, available)
        rows_in[name], duplicates[name] = _load_table(connection, table, available, files)
        progress.done(rows_in[name])
    for name in shapes:
        _reject_broken_references(connection, CONTRACT[name], present=shapes)
    _reject_impossible_events(connection)
    for name, (extra, missing) in shapes.items():
        kept = _one(connection, f"select count(*) from source.{name}")
        rejected = _one(connection, f"select count(*) from rejected.{name}")
        count = TableCount(rows_in[name], kept, duplicates[name], rejected)
        loaded.tables.append(LoadedTable(name, count, extra, missing, _reasons(connection, CONTRACT[name])))
    _judge(loaded, source)
    return loaded


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


def _missing(table: Table, available: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name in table.column_names if name not in available)


def _load_table(
    connection: duckdb.DuckDBPyConnection, table: Table, available: dict[str, str], files: list[Path]
) -> tuple[int, int]:
    name = table.name
    relation = scan_sql(files) if files else "(select null where false)"
    try:
        connection.execute(f"create temp table checked as {typed_select(table, available, relation)}")
    except duckdb.Error as error:
        raise SourceError(f"Table {name} cannot be read: {error}. Import it again.") from error
    rows_in = _one(connection, "select count(*) from checked")
    connection.execute(f"create table rejected.{name} as select * from checked where reject_reason is not null")
    kept = distinct_select(table, "(select * from checked where reject_reason is null)")
    connection.execute(f"create table source.{name} as {kept}")
    connection.execute("drop table checked")
    counted = f"select (select count(*) from source.{name}) + (select count(*) from rejected.{name})"
    return rows_in, rows_in - _one(connection, counted)


def _reject_broken_references(
    connection: duckdb.DuckDBPyConnection, table: Table, present: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
) -> None:
    """Move rows that name something which the source lacks; a table that is absent altogether is not looked up."""
    for column in table:
        if column.refers_to is None or column.refers_to.partition(".")[0] not in present:
            continue
        broken = _broken_reference(column)
        expected = literal(f"{column.name}: expected one of {column.refers_to}, found '")
        reason = f"{expected} || {quoted(column.name)} || ''''"
        connection.execute(
            f"insert into rejected.{table.name} select *, {reason} from source.{table.name} where {broken}"
        )
        connection.execute(f"delete from source.{table.name} where {broken}")


def _reject_impossible_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Move player events that contradict the others of their session, or the length of their title."""
    connection.execute(f"create temp table impossible as {IMPOSSIBLE_EVENTS}")
    connection.execute(
        "insert into rejected.playback_events "
        "select events.*, impossible.reject_reason from source.playback_events as events "
        "inner join impossible on events.event_id = impossible.event_id"
    )
    connection.execute("delete from source.playback_events where event_id in (select event_id from impossible)")
    connection.execute("drop table impossible")


def _broken_reference(column: Column) -> str:
    target_table, _, target_column = (column.refers_to or "").partition(".")
    known = f"select {quoted(target_column)} from source.{target_table} where {quoted(target_column)} is not null"
    return f"{quoted(column.name)} is not null and {quoted(column.name)} not in ({known})"


def _reasons(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[tuple[str, int], ...]:
    """Return one example of each broken rule, with the key of its row, and the number of rows that break it."""
    key = " || ', ' || ".join(f"'{name} ' || coalesce({quoted(name)}::varchar, 'missing')" for name in table.key)
    example = f"reject_reason || ' (' || {key} || ')'" if table.key else "reject_reason"
    rows = connection.execute(
        f"select min({example}), count(*) as rows from rejected.{table.name} "
        f"group by {rule_sql('reject_reason')} "
        f"order by rows desc, 1 limit {REASON_SAMPLES}"
    ).fetchall()
    return tuple((str(reason), int(rows)) for reason, rows in rows)


def _judge(loaded: LoadedSource, source: Path) -> None:
    counts = loaded.counts
    if not counts and not loaded.problems:
        loaded.problems.append(f"{source} holds no table of the contract. Fill it with marquee import.")
    if counts.keys() & {"plays", "playback_events"} and "titles" not in counts:
        loaded.problems.append(
            "There are plays but no titles, so nobody can tell films from trailers. Import a titles table: "
            "title_id, name, kind."
        )
    unknown = unknown_entries(source)
    if unknown:
        loaded.remarks.append(f"Not part of the contract, left alone: {', '.join(unknown)}.")


def _one(connection: duckdb.DuckDBPyConnection, sql: str, table_name: str = "") -> int:
    try:
        row = connection.execute(sql).fetchone()
    except duckdb.Error as error:
        raise SourceError(f"Table {table_name} cannot be read as Parquet: {error}. Import it again.") from error
    return int(row[0]) if row else 0
