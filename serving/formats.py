"""Rows as bytes: CSV, JSON and Parquet."""

import io
from collections import Counter
from decimal import Decimal

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from definitions.errors import UserError

FORMULA_START = r"^([=+\-@\t\r])"


class FormatError(UserError):
    """Rows that cannot be written; the message says what to change."""


def require_writable(rows: pa.Table) -> None:
    """Raise FormatError for rows that would lose something when written."""
    for name, times in Counter(rows.column_names).items():
        if times > 1:
            raise FormatError(f"{times} columns are called «{name}». Name them apart: select … as {name}_2")
    for field in rows.schema:
        if pa.types.is_interval(field.type):
            raise FormatError(
                f"Column «{field.name}» is an interval, which cannot be written. Make it text or a number, such as "
                f'cast("{field.name}" as varchar).'
            )


def as_table(frame: pd.DataFrame) -> pa.Table:
    """Return a query's rows with days as days, which pandas holds as midnights."""
    return pa.Table.from_pandas(frame.apply(_with_days), preserve_index=False)


def to_csv(rows: pa.Table) -> bytes:
    """Return rows as CSV (RFC 4180) with a header: ISO dates, nulls empty, lists and structs as JSON.

    No text is left that a spreadsheet would run: what starts with = + - @, tab or CR gets an apostrophe in front, as
    OWASP advises against CSV injection.
    """
    columns = [_as_cells(column) for column in rows.columns]
    buffer = io.BytesIO()
    pa.csv.write_csv(pa.table(columns, names=rows.column_names), buffer)
    return buffer.getvalue()


def to_json(rows: pa.Table) -> bytes:
    """Return rows as a JSON list of objects: ISO dates and times, null for what is missing."""
    return orjson.dumps(rows.to_pylist(), default=_json_value, option=orjson.OPT_APPEND_NEWLINE)


def to_parquet(rows: pa.Table) -> bytes:
    """Return rows as a Parquet file."""
    buffer = io.BytesIO()
    pa.parquet.write_table(rows, buffer)
    return buffer.getvalue()


def _with_days(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column) and (column.dropna() == column.dropna().dt.normalize()).all():
        return column.astype(pd.ArrowDtype(pa.date32()))
    return column


def _as_cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_nested(column.type):
        values = column.to_pylist()
        texts = [None if value is None else orjson.dumps(value, default=_json_value).decode() for value in values]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return _without_formulas(column) if _is_text(column.type) else column


def _json_value(value: object) -> object:
    """Decimals, such as the sums of whole numbers, are numbers in JSON however long."""
    return orjson.Fragment(f"{value:f}") if isinstance(value, Decimal) else str(value)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _without_formulas(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(column, FORMULA_START, r"'\1")
