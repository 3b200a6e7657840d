"""What DuckDB can answer beyond the pages' own queries, in each format."""

import csv
import io

import duckdb
import pyarrow as pa
import pytest

from serving.formats import FormatError, require_writable, to_csv, to_json


def _rows(sql: str) -> pa.Table:
    relation = duckdb.sql(sql)
    assert relation is not None
    return relation.to_arrow_table()


def test_sums_and_decimals_are_numbers_in_json() -> None:
    whole = _rows("select sum(n) as n from range(4) t(n)")
    assert to_json(whole) == b'[{"n":6}]\n'
    part = _rows("select 1.5 as n")
    assert to_json(part) == b'[{"n":1.5}]\n'
    huge = _rows("select 123456789012345678901234567890::hugeint as n")
    assert to_json(huge) == b'[{"n":123456789012345678901234567890}]\n'


def test_lists_and_structs_are_json_in_csv() -> None:
    rows = _rows("select [1, 2] as list, {'day': date '2026-01-01', 'n': 1.5} as struct, null::int[] as missing")
    (_, cells) = csv.reader(io.StringIO(to_csv(rows).decode()))
    assert cells == ["[1,2]", '{"day":"2026-01-01","n":1.5}', ""]


def test_text_of_an_enum_is_disarmed_too() -> None:
    assert to_csv(_rows("select '=1+1'::enum('=1+1') as e")) == b'"e"\n"\'=1+1"\n'


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select 1 as a, 2 as b, 3 as a", "2 columns are called «a»"),
        ("select interval 3 days as wait", 'cast("wait" as varchar)'),
    ],
)
def test_rows_that_would_lose_something_are_refused(sql: str, words: str) -> None:
    with pytest.raises(FormatError) as refused:
        require_writable(_rows(sql))
    assert words in str(refused.value)
