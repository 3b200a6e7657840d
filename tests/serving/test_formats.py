"""What DuckDB can answer beyond the pages' own queries, in each format."""

import csv
import io

import duckdb
import pytest

from serving.formats import FormatError, require_writable, to_csv, to_json


def test_sums_and_decimals_are_numbers_in_json() -> None:
    whole = duckdb.sql("select sum(n) as n from range(4) t(n)").to_arrow_table()
    assert to_json(whole) == b'[{"n":6}]\n'
    part = duckdb.sql("select 1.5 as n").to_arrow_table()
    assert to_json(part) == b'[{"n":1.5}]\n'
    huge = duckdb.sql("select 123456789012345678901234567890::hugeint as n").to_arrow_table()
    assert to_json(huge) == b'[{"n":123456789012345678901234567890}]\n'


def test_lists_and_structs_are_json_in_csv() -> None:
    rows = duckdb.sql("select [1, 2] as list, {'day': date '2026-01-01', 'n': 1.5} as struct, null::int[] as missing")
    (_, cells) = csv.reader(io.StringIO(to_csv(rows.to_arrow_table()).decode()))
    assert cells == ["[1,2]", '{"day":"2026-01-01","n":1.5}', ""]


def test_text_of_an_enum_is_disarmed_too() -> None:
    assert to_csv(duckdb.sql("select '=1+1'::enum('=1+1') as e").to_arrow_table()) == b'"e"\n"\'=1+1"\n'


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select 1 as a, 2 as b, 3 as a", "2 columns are called «a»"),
        ("select interval 3 days as wait", 'cast("wait" as varchar)'),
    ],
)
def test_rows_that_would_lose_something_are_refused(sql: str, words: str) -> None:
    with pytest.raises(FormatError) as refused:
        require_writable(duckdb.sql(sql).to_arrow_table())
    assert words in str(refused.value)
