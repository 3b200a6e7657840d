"""Writes sources for tests from a few literal rows, and reads any source back as plain Python rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from definitions.contract import ValueType
from definitions.tables import CONTRACT

Row = Mapping[str, Any]

_ARROW_TYPES = {
    ValueType.INTEGER: pa.int64(),
    ValueType.REAL: pa.float64(),
    ValueType.BOOLEAN: pa.bool_(),
    ValueType.DATE: pa.date32(),
    ValueType.TIMESTAMP: pa.timestamp("us"),
}


def write_source(folder: Path, tables: Mapping[str, Sequence[Row]]) -> Path:
    """Write one Parquet file a table, with the columns that any of its rows names, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        named = {column for row in rows for column in row}
        schema = pa.schema(
            [
                (column.name, _ARROW_TYPES.get(column.type, pa.string()))
                for column in CONTRACT[name]
                if column.name in named or column.required
            ]
        )
        pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), folder / f"{name}.parquet")
    return folder


def read_source(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return all rows of one table of a source, in the order of its files."""
    paths = sorted(folder.glob(f"{table}.parquet")) + sorted(folder.glob(f"{table}/**/*.parquet"))
    return [row for path in paths for row in pq.ParquetFile(path).read().to_pylist()]
