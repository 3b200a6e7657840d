"""Writes rows where a command was told to: to a file, or for a person at a terminal."""

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from definitions.errors import UserError
from serving.formats import require_writable, to_csv, to_json, to_parquet

FILE_WIDTH = 200
_BYTES_OF = {"csv": to_csv, "json": to_json, "parquet": to_parquet}


class NotForTerminalsError(UserError):
    """Bytes were to be written to a terminal; the message says what to do."""


def write_rows(rows: pa.Table, form: str, output: Path | None, out: Console) -> None:
    """Write rows as a grid (``form`` "table"), csv, json or parquet to ``output``, or else to the terminal ``out``.

    Raises NotForTerminalsError where Parquet would go to a terminal, FormatError for rows that no file can hold.
    """
    require_writable(rows)
    if form == "table":
        _write_grid(rows, output, out)
    elif output is not None:
        output.write_bytes(_BYTES_OF[form](rows))
    elif form == "parquet" and sys.stdout.isatty():
        raise NotForTerminalsError("Parquet is not for terminals; give --output FILE.")
    else:
        sys.stdout.buffer.write(_BYTES_OF[form](rows))
        sys.stdout.buffer.flush()


def _write_grid(rows: pa.Table, output: Path | None, out: Console) -> None:
    grid = _grid(rows)
    if output is None:
        out.print(grid)
        return
    with output.open("w", encoding="utf-8") as file:
        Console(file=file, width=FILE_WIDTH).print(grid)


def _grid(rows: pa.Table) -> Table:
    """Return rows as a grid, numbers to the right."""
    grid = Table()
    for name, kind in zip(rows.column_names, rows.schema.types, strict=True):
        grid.add_column(escape(name), justify="right" if str(kind).startswith(("int", "double", "dec")) else "left")
    for row in rows.to_pylist():
        grid.add_row(*(escape(_shown(value)) for value in row.values()))
    return grid


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1 else f"{value:,.2f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)
