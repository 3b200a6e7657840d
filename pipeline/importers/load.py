"""From raw rows to a table of the source: checked, de-duplicated, merged, and every row accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import duckdb

from definitions.contract import Table
from pipeline.importers.report import EXAMPLES_SHOWN, FileCounts, TableCounts
from pipeline.merge import merge
from pipeline.source import SourceUpdate, refused_by_imports
from pipeline.validate import literal, quoted, repeat_rank, require_columns, typed_select

PROVENANCE = ("import_file", "import_line", "import_original", "import_problem")

_numbers = count()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The counts of one load by table and by input file, what else to tell, and ``kept``: SQL of the rows it took."""

    table: TableCounts
    files: list[FileCounts]
    kept: str
    notes: tuple[str, ...] = ()


def load(
    update: SourceUpdate,
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    *,
    origin: str,
    keep_when_null: Sequence[str] = (),
    replace_by: Sequence[str] = (),
) -> Loaded:
    """Check, de-duplicate and merge ``relation`` into ``table``; what is refused goes to ``rejected/``.

    ``relation`` holds raw values of the contract's columns and the four columns of ``PROVENANCE``: the input file's
    name, the line in it, the row as JSON, and what the importer found wrong with it (null: nothing). ``origin`` says
    where the rows come from: what was refused of the same files of that origin before gives way. ``keep_when_null`` and
    ``replace_by`` are those of ``merge``. Raises SourceError when a required column is missing.
    """
    available = {
        name: sql_type
        for name, sql_type, *_ in connection.execute(f"describe select * from {relation}").fetchall()
        if name not in PROVENANCE
    }
    require_columns(table, available, f"import into {table.name}")
    checked, kept = f"checked_{next(_numbers)}", f"kept_{next(_numbers)}"
    connection.execute(
        f"""
        create temp table {checked} as
        select * exclude (import_problem, reject_reason), coalesce(import_problem, reject_reason) as reason
        from ({typed_select(table, available, relation, carry=PROVENANCE)})
        """
    )
    connection.execute(
        f"""
        create temp table {kept} as
        select * exclude (import_original, reason),
            {repeat_rank(table, tie_breakers=("import_file", "import_line"))} as repeat_rank
        from {checked} where reason is null
        """
    )
    names = ", ".join(map(quoted, table.column_names))
    unique = f"(select {names} from {kept} where repeat_rank = 1)"
    merged = merge(update, connection, table, unique, keep_when_null=keep_when_null, replace_by=replace_by)
    _write_rejected(update, connection, table, checked, origin)
    files = _file_counts(connection, checked, kept)
    rows = _number(connection, f"select count(*) from {checked}")
    kept_rows = _number(connection, f"select count(*) from {kept}")
    counts = TableCounts(
        table.name,
        rows=rows,
        added=merged.added,
        updated=merged.updated,
        unchanged=merged.unchanged,
        duplicates=_number(connection, f"select count(*) from {kept} where repeat_rank > 1"),
        rejected=rows - kept_rows,
        removed=merged.removed,
        rejections=_examples(connection, checked),
    )
    return Loaded(counts, files, unique, _conflict_notes(connection, table, kept))


def _conflict_notes(connection: duckdb.DuckDBPyConnection, table: Table, kept: str) -> tuple[str, ...]:
    """Say how many rows share the key of a row kept and differ from it."""
    values = [name for name in table.column_names if name not in table.key]
    if not table.key or not values:
        return ()
    key = " and ".join(f"other.{quoted(name)} is not distinct from first.{quoted(name)}" for name in table.key)
    differs = " or ".join(f"other.{quoted(name)} is distinct from first.{quoted(name)}" for name in values)
    conflicts = _number(
        connection,
        f"select count(*) from {kept} as other inner join {kept} as first on {key} "
        f"where first.repeat_rank = 1 and other.repeat_rank > 1 and ({differs})",
    )
    if not conflicts:
        return ()
    return (
        f"{conflicts:,} of the duplicates of {table.name} have the same key but different values; "
        f"the first by {', '.join(values[:3])}{', …' if len(values) > 3 else ''} was kept",
    )


def combine_files(loads: Sequence[Loaded]) -> list[FileCounts]:
    """Add up the counts of input files whose rows went to several tables."""
    totals: dict[str, FileCounts] = {}
    for counts in (file for loaded in loads for file in loaded.files):
        before = totals.get(counts.file, FileCounts(counts.file, 0, 0, 0, 0))
        totals[counts.file] = FileCounts(
            counts.file,
            before.rows + counts.rows,
            before.kept + counts.kept,
            before.duplicates + counts.duplicates,
            before.rejected + counts.rejected,
        )
    return list(totals.values())


def _file_counts(connection: duckdb.DuckDBPyConnection, checked: str, kept: str) -> list[FileCounts]:
    sql = f"""
        with rejected as (
            select import_file, count(*) as row_count, count(reason) as rejected_count from {checked} group by all
        ),
        repeated as (
            select import_file, count(*) as repeat_count from {kept} where repeat_rank > 1 group by all
        )
        select import_file, row_count, coalesce(repeat_count, 0), rejected_count
        from rejected left join repeated using (import_file)
        where import_file is not null
        order by import_file
    """
    return [
        FileCounts(file, rows, rows - duplicates - rejected, duplicates, rejected)
        for file, rows, duplicates, rejected in connection.execute(sql).fetchall()
    ]


def _write_rejected(
    update: SourceUpdate, connection: duckdb.DuckDBPyConnection, table: Table, checked: str, origin: str
) -> None:
    """Stage the refused rows; those of an earlier import of the same origin and files give way to them."""
    stored = refused_by_imports(update.source, table.name)
    path = stored.relative_to(update.source)
    refused = f"""
        select
            {literal(origin)} as origin, import_file as file, import_line as line, reason, import_original as original
        from {checked} where reason is not null
    """
    if stored.exists():
        before = f"select origin, file, line, reason, original from read_parquet({literal(str(stored))})"
        files = f"select import_file from {checked} where import_file is not null"
        refused += f" union all {before} where origin <> {literal(origin)} or file not in ({files})"
        difference = f"(({refused}) except ({before})) union all (({before}) except ({refused}))"
        if not connection.execute(difference).fetchall():
            return
    if connection.execute(f"select 1 from ({refused}) limit 1").fetchall():
        target = literal(str(update.stage(path)))
        connection.execute(
            f"copy ({refused} order by origin, file, line) to {target} (format parquet, compression zstd)"
        )
    elif stored.exists():
        update.remove(path)


def _examples(connection: duckdb.DuckDBPyConnection, checked: str) -> tuple[str, ...]:
    rows = connection.execute(
        f"select import_file, import_line, reason from {checked} where reason is not null "
        f"order by import_file, import_line limit {EXAMPLES_SHOWN}"
    ).fetchall()
    return tuple(f"{file} line {line}: {reason}" for file, line, reason in rows)


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    number: int = connection.execute(sql).fetchall()[0][0]
    return number
