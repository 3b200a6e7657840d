"""What DuckDB can answer beyond the pages' own queries, in each format."""

import csv
import io

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.formats import ROW_GROUP_ROWS, CsvFile, FormatError, ParquetFile, require_writable, to_csv, to_json

# What a file of UTF-8 can hold: no half of a surrogate pair, and no NUL, which csv.reader refuses.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
CELLS = st.lists(st.one_of(TEXTS, st.sampled_from(['a "b", c', "=1+1", "\r\n", "\ttab", "'", "-"])), max_size=6)


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


@given(CELLS, st.booleans())
def test_texts_come_back_as_they_were_but_for_the_apostrophe(texts: list[str], raw: bool) -> None:
    written = CsvFile(raw=raw).write(pa.table({"text": pa.array(texts, pa.string()), "n": [1] * len(texts)}))
    header, *rows = csv.reader(io.StringIO(written.decode(), newline=""))
    assert header == ["text", "n"]
    disarmed = [f"'{text}" if not raw and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text for text in texts]
    assert rows == [[text, "1"] for text in disarmed]


def test_an_empty_text_is_told_from_none() -> None:
    assert to_csv(pa.table({"text": ["", None]})) == b'"text"\n""\n\n'


def test_a_file_written_in_batches_is_the_file_written_at_once() -> None:
    rows = _rows("select n, 'text ' || n as t from range(1000) as numbers(n)")
    in_batches = CsvFile()
    parts = [in_batches.write(pa.Table.from_batches([batch])) for batch in rows.to_batches(max_chunksize=300)]
    assert b"".join(parts) == to_csv(rows)
    assert (in_batches.row_count, in_batches.checksum.size_bytes) == (1000, len(to_csv(rows)))


def test_parquet_leaves_row_group_by_row_group_and_is_not_valid_before_its_end() -> None:
    rows = _rows(f"select n from range({ROW_GROUP_ROWS}) as numbers(n)")
    file = ParquetFile()
    first = file.write(rows)
    assert len(first) > ROW_GROUP_ROWS // 8
    few = file.write(rows.slice(0, 5))
    assert few == b""
    with pytest.raises(pa.ArrowInvalid):
        pq.read_table(pa.BufferReader(first))
    whole = first + file.finish({"marquee.query": "numbers"})
    metadata = pq.read_metadata(pa.BufferReader(whole))
    assert (metadata.num_rows, metadata.num_row_groups) == (ROW_GROUP_ROWS + 5, 2)
    assert metadata.metadata[b"marquee.query"] == b"numbers"


def test_parquet_of_an_unknown_schema_cannot_be_finished() -> None:
    with pytest.raises(ValueError, match="No rows"):
        ParquetFile().finish({})
