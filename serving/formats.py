"""Rows as bytes: CSV and Parquet, whole or a batch at a time, and JSON."""

import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from definitions.errors import UserError

FORMULA_START = r"^([=+\-@\t\r])"
FORMULA_STARTS = pa.array([b"=", b"+", b"-", b"@", b"\t", b"\r"])
ROW_GROUP_ROWS = 131_072
NO_METADATA: Mapping[str, str] = MappingProxyType({})


class FormatError(UserError):
    """Rows that cannot be written; the message says what to change."""


class Checksum:
    """The SHA-256 and the size of bytes that go by."""

    def __init__(self) -> None:
        """Begin with no bytes."""
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def add(self, data: bytes) -> bytes:
        """Count some bytes in, and return them."""
        self._hash.update(data)
        self.size_bytes += len(data)
        return data

    @property
    def sha256(self) -> str:
        """The SHA-256 of all bytes so far, in hexadecimal."""
        return self._hash.hexdigest()


class CsvFile:
    """Rows as CSV (RFC 4180) with a header: ISO dates, nulls empty, lists and structs as JSON.

    Unless ``raw``, no text is left that a spreadsheet would run: what starts with = + - @, tab or CR gets an apostrophe
    in front, as OWASP advises against CSV injection.
    """

    def __init__(self, *, raw: bool = False) -> None:
        """Begin a file; ``raw`` leaves texts as they are."""
        self.checksum = Checksum()
        self.row_count = 0
        self._raw = raw
        self._has_header = False

    def write(self, rows: pa.Table) -> bytes:
        """Return the bytes of the next rows, before the first of them those of the header."""
        columns = [_as_cells(column, raw=self._raw) for column in rows.columns]
        options = pa.csv.WriteOptions(include_header=not self._has_header)
        buffer = io.BytesIO()
        pa.csv.write_csv(pa.table(columns, names=rows.column_names), buffer, options)
        self._has_header = True
        self.row_count += rows.num_rows
        return self.checksum.add(buffer.getvalue())


class ParquetFile:
    """Rows as a Parquet file, whose footer comes last: without it a file is not valid."""

    def __init__(self) -> None:
        """Begin a file; nothing is kept but the rows of one row group and the footer to be."""
        self.checksum = Checksum()
        self._sink = _Sink()
        self._writer: pa.parquet.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0

    def write(self, rows: pa.Table) -> bytes:
        """Return the bytes that are due with the next rows, often none."""
        # What pandas notes of its own would make equal rows different files.
        rows = rows.replace_schema_metadata()
        if self._writer is None:
            self._writer = pa.parquet.ParquetWriter(self._sink, rows.schema)
        self._waiting.append(rows)
        self._waiting_rows += rows.num_rows
        if self._waiting_rows >= ROW_GROUP_ROWS:
            self._write_row_group(self._writer)
        return self.checksum.add(self._sink.take())

    def finish(self, metadata: Mapping[str, str]) -> bytes:
        """Return the last bytes, with ``metadata`` in the footer; call it once, after at least one ``write``."""
        if self._writer is None:
            raise ValueError("No rows were written, not even none of a known schema.")
        self._write_row_group(self._writer)
        self._writer.add_key_value_metadata(dict(metadata))
        self._writer.close()
        return self.checksum.add(self._sink.take())

    def _write_row_group(self, writer: pa.parquet.ParquetWriter) -> None:
        writer.write_table(pa.concat_tables(self._waiting), row_group_size=2 * ROW_GROUP_ROWS)
        self._waiting, self._waiting_rows = [], 0


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
    """Return rows as CSV, as CsvFile writes it."""
    return CsvFile().write(rows)


def to_json(rows: pa.Table) -> bytes:
    """Return rows as a JSON list of objects: ISO dates and times, null for what is missing."""
    return orjson.dumps(rows.to_pylist(), default=_json_value, option=orjson.OPT_APPEND_NEWLINE)


def to_parquet(rows: pa.Table, metadata: Mapping[str, str] = NO_METADATA) -> bytes:
    """Return rows as a Parquet file with ``metadata`` in its footer."""
    file = ParquetFile()
    return file.write(rows) + file.finish(metadata)


class _Sink(io.RawIOBase):
    """Takes what a writer writes, until it is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]  # any buffer, which typeshed cannot say before Python 3.12
        self._parts.append(part)
        self._position += len(part)
        return len(part)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def _with_days(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column) and (column.dropna() == column.dropna().dt.normalize()).all():
        return column.astype(pd.ArrowDtype(pa.date32()))
    return column


def _as_cells(column: pa.ChunkedArray, *, raw: bool) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_nested(column.type):
        values = column.to_pylist()
        texts = [None if value is None else orjson.dumps(value, default=_json_value).decode() for value in values]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column if raw or not _is_text(column.type) else _without_formulas(column)


def _json_value(value: object) -> object:
    """Decimals, such as the sums of whole numbers, are numbers in JSON however long."""
    return orjson.Fragment(f"{value:f}") if isinstance(value, Decimal) else str(value)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _without_formulas(column: pa.ChunkedArray) -> pa.ChunkedArray:
    starts = pc.binary_slice(column.cast(pa.binary()), 0, 1)
    is_formula = pc.is_in(starts, value_set=FORMULA_STARTS)
    # Most columns hold none, and looking is ten times faster than replacing.
    if not pc.any(is_formula).as_py():
        return column
    return pc.replace_substring_regex(column, FORMULA_START, r"'\1")
