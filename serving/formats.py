"""Rows as bytes: CSV, JSON and Parquet."""

import io

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

FORMULA_START = r"^([=+\-@\t\r])"


def as_table(frame: pd.DataFrame) -> pa.Table:
    """Return a query's rows with days as days, which pandas holds as midnights."""
    return pa.Table.from_pandas(frame.apply(_with_days), preserve_index=False)


def to_csv(rows: pa.Table) -> bytes:
    """Return rows as CSV (RFC 4180) with a header: ISO dates, nulls empty, no text that a spreadsheet would run.

    Text that starts with = + - @, tab or CR gets an apostrophe in front, as OWASP advises against CSV injection.
    """
    columns = [_without_formulas(column) if _is_text(column.type) else column for column in rows.columns]
    buffer = io.BytesIO()
    pa.csv.write_csv(pa.table(columns, names=rows.column_names), buffer)
    return buffer.getvalue()


def to_json(rows: pa.Table) -> bytes:
    """Return rows as a JSON list of objects: ISO dates and times, null for what is missing."""
    return orjson.dumps(rows.to_pylist(), default=str, option=orjson.OPT_APPEND_NEWLINE)


def to_parquet(rows: pa.Table) -> bytes:
    """Return rows as a Parquet file."""
    buffer = io.BytesIO()
    pa.parquet.write_table(rows, buffer)
    return buffer.getvalue()


def _with_days(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column) and (column.dropna() == column.dropna().dt.normalize()).all():
        return column.astype(pd.ArrowDtype(pa.date32()))
    return column


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _without_formulas(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(column, FORMULA_START, r"'\1")
