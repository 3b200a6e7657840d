"""Deletes the rows of a source's table that repeat others."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import duckdb
import numpy as np

from definitions.contract import Table
from pipeline.validate import quoted, repeat_rank


def drop_duplicates(connection: duckdb.DuckDBPyConnection, table: Table, key: Sequence[str]) -> Counter[date | None]:
    """Delete the rows of ``source.<table>`` that repeat another's ``key``; return how many, by day if it has days.

    Rows that are refused anyway are left alone.
    """
    relation = f"source.{table.name}"
    # Almost no row is repeated: only those whose keys may be are compared and put in order. Their hashes, numbers, are
    # sorted as an array in a quarter of the time in which they are grouped.
    key_hash = f"hash({', '.join(map(quoted, key))})"
    found = connection.execute(f"select {key_hash} as key_hash from {relation} where reject_reason is null")
    hashes = np.sort(found.fetchnumpy()["key_hash"])
    repeated_hashes = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
    if not repeated_hashes.size:
        return Counter()
    # Found by their keys alone: joining whole rows would read every column of every row.
    connection.register("repeated_hashes", {"key_hash": repeated_hashes})
    connection.execute(
        f"create or replace temp table alike_rows as select rowid as row_number from {relation} "
        f"where reject_reason is null and {key_hash} in (select key_hash from repeated_hashes)"
    )
    connection.unregister("repeated_hashes")
    utc_day = "utc_day" if table.day_of else "null::date"
    connection.execute(
        f"create or replace temp table repeated_rows as select row_number, {utc_day} as utc_day from "
        f"(select rowid as row_number, * from {relation} where rowid in (select row_number from alike_rows)) "
        f"qualify {repeat_rank(table, key)} > 1"
    )
    connection.execute(f"delete from {relation} where rowid in (select row_number from repeated_rows)")
    return Counter(dict(connection.execute("select utc_day, count(*) from repeated_rows group by all").fetchall()))
