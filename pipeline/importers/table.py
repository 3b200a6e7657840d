"""Importing any CSV, Parquet or JSON files into any table of the contract, through a mapping."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from definitions.contract import PSEUDONYMOUS, Table
from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.identity import Identity, load_identity
from pipeline.importers.csv_text import csv_error, csv_relation
from pipeline.importers.load import combine_files, load
from pipeline.importers.mapping import Mapping, read_mapping
from pipeline.importers.report import ImportReport
from pipeline.progress import Progress, Silent
from pipeline.source import SourceUpdate, connect, require_free_space
from pipeline.validate import literal, quoted

_READERS = {
    ".parquet": "read_parquet({file})",
    ".json": "read_json({file})",
    ".jsonl": "read_json({file}, format = 'newline_delimited')",
    ".ndjson": "read_json({file}, format = 'newline_delimited')",
}
PLACE = ("import_file", "import_line")
_CSV, _TSV = ".csv", ".tsv"
_DISK_BYTES_PER_INPUT_BYTE = 3
_BATCH_ROWS = 100_000


def import_table(
    name: str, files: Sequence[Path], mapping: Path, source: Path, *, progress: Progress | None = None
) -> ImportReport:
    """Import ``files`` into table ``name`` of ``source`` through ``mapping``; return what became of every row.

    Raises SourceError when the mapping or a file cannot be used; the source is then unchanged.
    """
    progress = progress or Silent()
    if name not in CONTRACT:
        raise SourceError(f"'{name}' is no table of the contract; expected one of {', '.join(CONTRACT)}.")
    table = CONTRACT[name]
    rules = read_mapping(mapping, table)
    scans = [scan_file(file) for file in files]
    require_free_space(source, _DISK_BYTES_PER_INPUT_BYTE * sum(file.stat().st_size for file in files))
    identity = load_identity(source) if rules.pseudonymise else None
    report = ImportReport(notes=identity.notes() if identity else [])
    with SourceUpdate(source) as update, connect() as connection:
        with connect() as sandbox:
            progress.step(f"reading {', '.join(file.name for file in files)}")
            _read(sandbox, files, scans)
            _lock(sandbox)
            mapped = _evaluate(sandbox, table, rules)
            connection.register("mapped", mapped)
            connection.execute("create temp table raw as from mapped")
            progress.plan(_count(connection, "raw"))
            left_out = _left_out(sandbox, rules)
        if rules.where and left_out:
            report.notes.append(f"{left_out:,} rows left out by the mapping's where: {rules.where}")
        if identity:
            _pseudonymise(connection, rules, identity)
        progress.step(f"writing {name}")
        loaded = load(update, connection, table, _with_original(connection, rules), origin=mapping.name)
        report.tables.append(loaded.table)
        report.files = combine_files([loaded])
        report.notes += loaded.notes
        progress.done(loaded.table.rows)
    return report


def scan_file(file: Path) -> str:
    """Return the SQL relation that reads ``file`` and numbers its rows, or its lines where it has a header."""
    suffixes = [suffix.lower() for suffix in file.suffixes]
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else "".join(suffixes[-1:])
    kinds = (_CSV, _TSV, *_READERS)
    if kind not in kinds:
        raise SourceError(f"{file}: expected a file named {', '.join(kinds)} (or with .gz), found '{file.name}'.")
    if not file.is_file():
        raise SourceError(f"{file}: expected a file, found none. Check the path.")
    is_csv = kind in (_CSV, _TSV)
    reader = csv_relation(file, tabs=kind == _TSV) if is_csv else _READERS[kind].format(file=literal(str(file)))
    header_lines = int(is_csv)
    return (
        f"select *, {literal(file.name)} as import_file, row_number() over () + {header_lines} as import_line "
        f"from {reader}"
    )


def _read(sandbox: duckdb.DuckDBPyConnection, files: Sequence[Path], scans: Sequence[str]) -> None:
    try:
        sandbox.execute(f"create temp table input as {' union all by name '.join(scans)}")
    except duckdb.Error as error:
        for file, scan in zip(files, scans, strict=True):
            try:
                sandbox.execute(f"create or replace temp table input as {scan}")
            except duckdb.Error as cause:
                if "read_csv(" in scan:
                    raise csv_error(file, cause) from None
                raise SourceError(f"{file}: cannot be read: {str(cause).splitlines()[0]}") from None
        raise SourceError(f"{', '.join(map(str, files))}: cannot be read: {str(error).splitlines()[0]}") from None


def _lock(sandbox: duckdb.DuckDBPyConnection) -> None:
    """Shut the mapping's expressions off from files, the network, Python's variables and the settings."""
    sandbox.execute("set python_enable_replacements = false")
    sandbox.execute("set enable_external_access = false")
    sandbox.execute("set lock_configuration = true")


def _evaluate(sandbox: duckdb.DuckDBPyConnection, table: Table, rules: Mapping) -> pa.RecordBatchReader:
    """Return the mapped columns of the rows taken, with their file and line."""
    values = [f"{_expression(rules, name)} as {quoted(name)}" for name in rules.columns]
    where = f"where {_condition(rules)}" if rules.where else ""
    try:
        _require_expressions(rules)
        sandbox.execute(
            f"create temp table mapped as select {', '.join(values)}, import_file, import_line from input {where}"
        )
    except duckdb.Error as error:
        raise _explained(sandbox, table, rules, error) from None
    return sandbox.sql("from mapped").to_arrow_reader(_BATCH_ROWS)


def _require_expressions(rules: Mapping) -> None:
    """Raise an error of DuckDB when a text of the mapping does not stand for itself as one expression."""
    for sql in (*(_expression(rules, name) for name in rules.columns), *([_condition(rules)] if rules.where else [])):
        if len(duckdb.extract_statements(f"select {sql}")) != 1:
            raise duckdb.ParserException("Parser Error: expected one expression")


def _left_out(sandbox: duckdb.DuckDBPyConnection, rules: Mapping) -> int:
    """Return how many rows the mapping's ``where`` left out; raises SourceError when rows were multiplied."""
    taken = _count(sandbox, f"input where {_condition(rules)}" if rules.where else "input")
    mapped = _count(sandbox, "mapped")
    if mapped != taken:
        raise SourceError(
            f"{rules.path}: the expressions turn {taken:,} rows into {mapped:,}; expected one for each. "
            "Leave out what makes several rows of one, such as unnest."
        )
    return _count(sandbox, "input") - taken


def _explained(sandbox: duckdb.DuckDBPyConnection, table: Table, rules: Mapping, error: duckdb.Error) -> SourceError:
    """Find the expression that fails on its own; return the error that names it, what DuckDB says, and the columns."""
    tries = {name: (_expression(rules, name), "select max({}) from input") for name in rules.columns}
    if rules.where:
        tries["where"] = _condition(rules), "select count(*) from input where {}"
    place = str(rules.path)
    for name, (value, select) in tries.items():
        try:
            if len(duckdb.extract_statements(f"select {value}")) != 1:
                raise error
            sandbox.execute(select.format(value))
        except duckdb.Error as cause:
            expression = rules.where if name == "where" else rules.columns[name]
            place, error = f"{rules.path}: {table.name}.{name} = {expression}", cause
            break
    columns = [name for name, *_ in sandbox.execute("describe input").fetchall() if name not in PLACE]
    return SourceError(
        f"{place}: this SQL cannot be used: {str(error).splitlines()[0]}. The file has the columns "
        f"{', '.join(columns)}. Mend the expression; try_cast(… as …) reads as null where a value does not fit."
    )


def _expression(rules: Mapping, name: str) -> str:
    # The line break is for an expression that ends in a comment.
    return f"({rules.columns[name]}\n)"


def _condition(rules: Mapping) -> str:
    return f"({rules.where}\n)"


def _pseudonymise(connection: duckdb.DuckDBPyConnection, rules: Mapping, identity: Identity) -> None:
    """Replace the account and profile ids in ``raw`` by their pseudonyms, each computed once."""
    for name in PSEUDONYMOUS:
        if name not in rules.columns:
            continue
        column = quoted(name)
        ids = connection.execute(f"select distinct {column}::varchar from raw where {column}::varchar <> ''").fetchall()
        pseudonyms = pa.table(
            {
                "id": pa.array([identifier for (identifier,) in ids], pa.string()),
                "pseudonym": pa.array([identity.pseudonym(name, identifier) for (identifier,) in ids], pa.string()),
            }
        )
        connection.register("pseudonyms", pseudonyms)
        connection.execute(
            f"""
            create or replace temp table raw as
            select raw.* replace (pseudonyms.pseudonym as {column})
            from raw left join pseudonyms on pseudonyms.id = raw.{column}::varchar
            """
        )


def _with_original(connection: duckdb.DuckDBPyConnection, rules: Mapping) -> str:
    """Return ``raw`` with the mapped values as JSON: the file's other columns may name people and are not kept."""
    values = ", ".join(f"{literal(name)}, {quoted(name)}" for name in rules.columns)
    connection.execute(
        f"create temp view raw_with_original as select *, json_object({values})::varchar as import_original, "
        "null::varchar as import_problem from raw"
    )
    return "raw_with_original"


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    rows: int = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
    return rows
