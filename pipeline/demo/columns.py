"""Arrow columns made from arrays without a Python loop over rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from definitions.contract import Table, ValueType

Ints = npt.NDArray[np.int64]
Ints16 = npt.NDArray[np.int16]
Ints32 = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_ARROW = {
    ValueType.INTEGER: pa.int64(),
    ValueType.REAL: pa.float64(),
    ValueType.BOOLEAN: pa.bool_(),
    ValueType.DATE: pa.date32(),
    ValueType.TIMESTAMP: pa.timestamp("us"),
}


def ids(prefix: str, numbers: Ints, digits: int = 12) -> Any:
    """Return ``prefix`` and each number in hexadecimal, zero-padded to ``digits``."""
    head = np.frombuffer(prefix.encode(), dtype=np.uint8)
    text = np.empty((len(numbers), len(head) + digits), dtype=np.uint8)
    text[:, : len(head)] = head
    for place in range(digits):
        text[:, -1 - place] = _HEX[(numbers >> (4 * place)) & 15]
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * text.shape[1]
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(text))


def choices(numbers: Any, values: Any, missing: Bools | None = None) -> Any:
    """Return the value at each number, as a dictionary column; null where ``missing``."""
    words = pa.array(values, pa.string()) if isinstance(values, Sequence) else values
    return pa.DictionaryArray.from_arrays(pa.array(np.asarray(numbers, dtype=np.int32), mask=missing), words)


def masked(values: Any, missing: Bools) -> Any:
    """Return the values, null where ``missing``."""
    return pa.array(values, mask=missing)


def moments(microseconds: Ints) -> Any:
    """Return microseconds since 1970 as timestamps."""
    return pa.array(microseconds, pa.int64()).cast(pa.timestamp("us"))


def write_table(table: Table, columns: dict[str, Any], file: Path) -> int:
    """Write columns as one Parquet file, in the contract's order and types; return the rows."""
    made: dict[str, Any] = {}
    for column in table:
        if column.name not in columns:
            continue
        kind = _ARROW.get(column.type, pa.string())
        values = columns[column.name]
        if not isinstance(values, pa.Array | pa.ChunkedArray):
            values = pa.array(values)
        made[column.name] = values if pa.types.is_dictionary(values.type) else values.cast(kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = pa.table(made)
    repeated = [name for name, values in made.items() if pa.types.is_dictionary(values.type)]
    # Half of all time went into dictionaries of ids that never repeat, and into bounds of columns in no order.
    pq.write_table(
        rows,
        file,
        compression="zstd",
        compression_level=1,
        store_schema=False,
        use_dictionary=repeated,
        write_statistics=["ts"] if "ts" in made else False,
    )
    return int(rows.num_rows)
