"""Upserts: what is added, updated and left alone, and which files are touched."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.merge import MergeCounts, merge
from pipeline.source import SourceUpdate, table_files
from pipeline.validate import literal, quoted, typed_select
from tests.pipeline.reading import reader, rows, stamps

Row = dict[str, str | None]


def put(
    source: Path, table: str, *new: Row, keep_when_null: tuple[str, ...] = (), replace_by: tuple[str, ...] = ()
) -> MergeCounts:
    """Merge literal rows into a table."""
    with SourceUpdate(source) as update, reader().cursor() as connection:
        selects = [
            "select "
            + ", ".join(
                f"{'null' if value is None else literal(value)}::varchar as {quoted(name)}"
                for name, value in row.items()
            )
            for row in new
        ]
        connection.execute(f"create or replace temp table raw as {' union all by name '.join(selects)}")
        available = {name: "VARCHAR" for row in new for name in row}
        connection.execute(f"create temp table typed as {typed_select(CONTRACT[table], available, 'raw')}")
        return merge(update, connection, CONTRACT[table], "typed", keep_when_null=keep_when_null, replace_by=replace_by)


def play(play_id: str, day: int, watch_ms: int = 1000) -> Row:
    return {
        "play_id": play_id,
        "account_id": "a",
        "title_id": "t",
        "started_at": f"2024-01-{day:02} 10:00:00",
        "watch_ms": str(watch_ms),
    }


def test_only_the_days_that_change_are_rewritten(tmp_path: Path) -> None:
    # Day 1: p1 and p2. Day 2: p3. Then p2 changes, p3 comes again unchanged, and p4 opens day 3.
    assert put(tmp_path, "plays", play("p1", 1), play("p2", 1), play("p3", 2)) == MergeCounts(added=3)
    before = stamps(tmp_path)
    assert sorted(before) == ["plays/day=2024-01-01/plays_0.parquet", "plays/day=2024-01-02/plays_0.parquet"]
    counts = put(tmp_path, "plays", play("p2", 1, 5000), play("p3", 2), play("p4", 3))
    assert counts == MergeCounts(added=1, updated=1, unchanged=1)
    after = stamps(tmp_path)
    untouched = "plays/day=2024-01-02/plays_0.parquet"
    assert after[untouched] == before[untouched]
    assert rows(tmp_path, "plays", "play_id, watch_ms, day") == [
        ("p1", 1000, "2024-01-01"),
        ("p2", 5000, "2024-01-01"),
        ("p3", 1000, "2024-01-02"),
        ("p4", 1000, "2024-01-03"),
    ]


def test_the_same_rows_again_touch_nothing(tmp_path: Path) -> None:
    rows = play("p1", 1), play("p2", 2)
    put(tmp_path, "plays", *rows)
    before = stamps(tmp_path)
    assert put(tmp_path, "plays", *reversed(rows)) == MergeCounts(unchanged=2)
    assert stamps(tmp_path) == before


def test_a_row_that_moves_to_another_day_leaves_the_old_one(tmp_path: Path) -> None:
    put(tmp_path, "plays", play("p1", 1), play("p2", 2))
    assert put(tmp_path, "plays", play("p1", 2)) == MergeCounts(updated=1)
    assert rows(tmp_path, "plays", "play_id, day") == [("p1", "2024-01-02"), ("p2", "2024-01-02")]
    assert not (tmp_path / "plays" / "day=2024-01-01").exists()


def test_rows_are_stored_with_the_contracts_types_in_order_of_time(tmp_path: Path) -> None:
    put(tmp_path, "plays", play("p2", 1), play("p1", 1) | {"started_at": "2024-01-01 23:00:00+02:00"})
    (file,) = table_files(tmp_path, "plays")
    with reader().cursor() as connection:
        stored = connection.sql(f"select * from read_parquet('{file}', hive_partitioning = false)")
        assert {name: str(kind).lower() for name, kind in zip(stored.columns, stored.types, strict=True)} == {
            column.name: column.type.sql_type for column in CONTRACT["plays"]
        }
        assert [row[0:4:3] for row in stored.fetchall()] == [
            ("p2", datetime(2024, 1, 1, 10)),
            ("p1", datetime(2024, 1, 1, 21)),
        ]


def test_without_a_key_whole_rows_are_united(tmp_path: Path) -> None:
    device: Row = {"account_id": "a", "device_type": "tv"}
    assert put(tmp_path, "devices", device) == MergeCounts(added=1)
    assert put(tmp_path, "devices", device, device | {"device_model": "LG"}) == MergeCounts(added=1, unchanged=1)
    assert rows(tmp_path, "devices", "device_type, device_model") == [("tv", "LG"), ("tv", None)]


def test_rows_that_agree_in_replace_by_give_way(tmp_path: Path) -> None:
    # Account a's tv was stored with another last play; account b is not in the new rows and stays.
    old: Row = {"account_id": "a", "device_type": "tv", "last_play_at": "2024-01-01"}
    other: Row = {"account_id": "b", "device_type": "tv"}
    put(tmp_path, "devices", old, other)
    new = old | {"last_play_at": "2024-01-09"}
    assert put(tmp_path, "devices", new, replace_by=("account_id",)) == MergeCounts(added=1, removed=1)
    assert rows(tmp_path, "devices", "account_id, last_play_at") == [("a", datetime(2024, 1, 9)), ("b", None)]
    assert put(tmp_path, "devices", new, replace_by=("account_id",)) == MergeCounts(unchanged=1)


def test_a_null_keeps_what_is_stored_only_where_asked(tmp_path: Path) -> None:
    stored: Row = {"account_id": "a", "country": "IN", "plan": "basic"}
    put(tmp_path, "accounts", stored)
    assert put(tmp_path, "accounts", {"account_id": "a"}, keep_when_null=("country", "plan")) == MergeCounts(
        unchanged=1
    )
    assert put(tmp_path, "accounts", {"account_id": "a"}, keep_when_null=("country",)) == MergeCounts(updated=1)
    assert rows(tmp_path, "accounts", "country, plan") == [("IN", None)]


@pytest.mark.parametrize("name", ["accounts.parquet", "accounts/a.parquet", "accounts/country=IN/a.parquet"])
def test_other_layouts_types_and_columns_are_taken_over(tmp_path: Path, name: str) -> None:
    # Written by someone else: a zoned timestamp, no plan, and a column of their own.
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with reader().cursor() as connection:
        connection.execute(
            f"""
            copy (
                select 'a' as account_id, timestamptz '2024-01-01 10:00:00+02' as signed_up_at, 7 as loyalty
                union all select 'b', null, 8
            ) to '{path}'
            """
        )
    assert put(tmp_path, "accounts", {"account_id": "b", "plan": "basic"}) == MergeCounts(updated=1)
    assert rows(tmp_path, "accounts", "account_id, signed_up_at, plan, loyalty") == [
        ("a", datetime(2024, 1, 1, 8), None, 7),
        ("b", None, "basic", 8),
    ]
    assert [file.name for file in table_files(tmp_path, "accounts")] == ["accounts.parquet"]


def test_days_outside_day_folders_move_into_them(tmp_path: Path) -> None:
    (tmp_path / "plays").mkdir()
    with reader().cursor() as connection:
        connection.execute(
            f"""
            copy (
                select 'p1' as play_id, 'a' as account_id, 't' as title_id,
                    timestamp '2024-01-01 10:00:00' as started_at, 1000 as watch_ms
                union all select 'p2', 'a', 't', timestamp '2024-01-02 10:00:00', 1000
            ) to '{tmp_path}/plays/all.parquet'
            """
        )
    assert put(tmp_path, "plays", play("p1", 1)) == MergeCounts(unchanged=1)
    assert [file.name for file in table_files(tmp_path, "plays")] == ["all.parquet"]
    assert put(tmp_path, "plays", play("p3", 3)) == MergeCounts(added=1)
    assert rows(tmp_path, "plays", "play_id, day") == [
        ("p1", "2024-01-01"),
        ("p2", "2024-01-02"),
        ("p3", "2024-01-03"),
    ]
    assert not (tmp_path / "plays" / "all.parquet").exists()


def test_stored_values_that_cannot_be_read_are_explained(tmp_path: Path) -> None:
    with reader().cursor() as connection:
        connection.execute(f"copy (select 'a' as account_id, 'soon' as signed_up_at) to '{tmp_path}/accounts.parquet'")
    before = stamps(tmp_path)
    with pytest.raises(SourceError, match="table accounts cannot be merged with what is stored there"):
        put(tmp_path, "accounts", {"account_id": "b"})
    assert stamps(tmp_path) == before


def test_a_stored_file_that_is_no_parquet_is_explained(tmp_path: Path) -> None:
    (tmp_path / "accounts.parquet").write_text("no parquet")
    with pytest.raises(SourceError, match="table accounts cannot be merged with what is stored there"):
        put(tmp_path, "accounts", {"account_id": "b"})


def test_a_source_below_a_folder_with_an_equals_sign_gains_no_column(tmp_path: Path) -> None:
    source = tmp_path / "stage=test" / "source"
    for plan in ("basic", "family"):
        put(source, "accounts", {"account_id": "a", "plan": plan})
    columns = (
        reader()
        .execute(f"select * from read_parquet('{source}/accounts.parquet', hive_partitioning = false)")
        .description
    )
    assert [name for name, *_ in columns or []] == list(CONTRACT["accounts"].column_names)


plays_by_id = st.dictionaries(
    st.sampled_from(["p1", "p2", "p3", "p4"]),
    st.tuples(st.integers(1, 3), st.integers(0, 2)),
    min_size=1,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imports=st.lists(plays_by_id, min_size=1, max_size=3))
def test_a_source_is_what_a_dictionary_would_be(
    tmp_path_factory: pytest.TempPathFactory, imports: list[dict[str, tuple[int, int]]]
) -> None:
    source = tmp_path_factory.mktemp("source")
    expected: dict[str, tuple[int, int]] = {}
    for plays in imports:
        counts = put(source, "plays", *(play(key, day, watch_ms) for key, (day, watch_ms) in plays.items()))
        assert counts == MergeCounts(
            added=len(plays.keys() - expected.keys()),
            updated=sum(key in expected and expected[key] != value for key, value in plays.items()),
            unchanged=sum(expected.get(key) == value for key, value in plays.items()),
        )
        expected |= plays
        assert rows(source, "plays", "play_id, day, watch_ms") == sorted(
            (key, f"2024-01-{day:02}", watch_ms) for key, (day, watch_ms) in expected.items()
        )
