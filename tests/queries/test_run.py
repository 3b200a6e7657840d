"""Queries run in one place: bound, read-only, limited in time, and never mixing builds."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from definitions.dimensions import BAR_DIMENSIONS
from definitions.manifest import MANIFEST_FILE, build_folder
from definitions.store import STORE_FILE, STORED
from definitions.warehouse import PUBLISHED
from pipeline.build.build import build_warehouse
from pipeline.build.tables import published_files
from queries import db, run
from queries.db import Build, Warehouse, WarehouseError
from queries.filters import FilterState, parse_search, to_search
from queries.run import QueryError
from tests.pipeline.builds import days_of_plays
from tests.queries.columns import COLUMNS
from tests.sources import Row, write_source


@pytest.fixture(scope="module")
def warehouse(small_warehouse: Path) -> Path:
    return small_warehouse


@pytest.fixture(scope="module")
def build(warehouse: Path) -> Build:
    return Warehouse(warehouse).current()


def copied(warehouse: Path, copy: Path) -> Path:
    """Copy a warehouse, and return the folder of the copy's build."""
    shutil.copytree(warehouse, copy)
    return build_folder(copy, (copy / "current").read_text().strip())


def filters_of(build: Build, search: str = "period=all") -> FilterState:
    return parse_search(search, build.manifest.spans)


def test_columns_are_pinned(build: Build) -> None:
    assert set(COLUMNS) == set(run.query_names())
    for name, columns in COLUMNS.items():
        assert list(run.run(name, filters_of(build), build).columns) == columns, name


def test_a_comparison_stands_below_the_period(build: Build) -> None:
    frame = run.run_compared("watch_hours_by_period", filters_of(build, "period=last-7-days"), build)
    assert frame["span"].to_list() == ["current"] * 7 + ["comparison"] * 7


def test_values_are_bound_and_sql_in_them_is_only_text(build: Build) -> None:
    search = to_search({"period": "all", "device": "tv') or true --", "country": "'; drop table plays; --"})
    frame = run.run("viewing_summary", filters_of(build, search), build)
    assert frame["plays"].sum() == 0
    assert run.bound_parameters("filter_options", filters_of(build)) == {"calendar": "local"}


def test_a_caller_cannot_change_what_the_next_one_gets(build: Build) -> None:
    first = run.run("filter_options", filters_of(build), build)
    first.loc[0, "value"] = "changed"
    assert "changed" not in run.run("filter_options", filters_of(build), build)["value"].to_list()


def test_the_cache_is_bounded_in_bytes(build: Build) -> None:
    frame = run.run("filter_options", filters_of(build), build)
    size = frame.size * run.BYTES_PER_VALUE
    cache = run._ByteBoundCache(2 * size)
    for number in range(3):
        cache.put(("build", "query", str(number)), frame)
    assert cache.get(("build", "query", "0")) is None
    assert cache.get(("build", "query", "2")) is not None
    run._ByteBoundCache(size - 1).put(("build", "query", "large"), frame)


@pytest.mark.parametrize(
    "statement",
    [
        "copy plays to 'plays.csv'",
        "create table t as select 1",
        "select 1; select 2",
        "attach 'x.db'",
        "set memory_limit = '1TB'",
        "explain analyze copy (select 1) to 'x.parquet'",
        "explain analyze create table t as select 1",
        "selec 1",
        "",
        "select * from read_text('/etc/passwd')",
        "select * from nowhere",
    ],
)
def test_only_one_select_over_the_published_tables(build: Build, statement: str) -> None:
    with pytest.raises(QueryError):
        run.select(statement, build)


def test_the_published_tables_can_be_asked_anything(build: Build) -> None:
    assert run.select("select count(*) as plays from plays", build).to_pylist() == [
        {"plays": build.manifest.rows["plays"]}
    ]


def test_every_published_table_has_its_declared_columns(build: Build) -> None:
    for name, table in PUBLISHED.items():
        described = run.select(f"select column_name, column_type from (describe {name})", build).to_pylist()
        found = {row["column_name"]: row["column_type"].lower() for row in described}
        assert found == {column.name: column.type.sql_type for column in table}, name


def test_a_query_that_takes_too_long_is_stopped(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_QUERY_TIME_LIMIT_MS", "50")
    with pytest.raises(QueryError, match="longer than allowed"):
        run.select("select count(*) from range(10000000) as a, range(10000000) as b", build)


def test_an_unknown_query_lists_the_known(build: Build) -> None:
    with pytest.raises(QueryError, match="watch_hours_by_title"):
        run.run("../secrets", filters_of(build), build)


def test_a_failing_query_is_said_in_words(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "query_text", lambda _: "select error('disk on fire') as x")
    monkeypatch.setattr(run, "parameter_names", lambda _: frozenset())
    with pytest.raises(QueryError, match="disk on fire"):
        run.run("made_up", filters_of(build), build)


def test_readers_finish_on_the_build_they_began_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_source(tmp_path / "source", days_of_plays(1))
    first = build_warehouse(source, tmp_path / "warehouse").manifest.build_id
    reader = Warehouse(tmp_path / "warehouse")
    opened = reader.current()
    write_source(source, days_of_plays(2))
    second = build_warehouse(source, tmp_path / "warehouse").manifest.build_id
    assert opened.id == first
    assert reader.current().id == second
    assert reader.build(first) is opened

    # Only a few stay open: of one at most, the first is opened anew.
    with monkeypatch.context() as patch:
        patch.setattr(db, "OPEN_BUILDS", 1)
        of_one = Warehouse(tmp_path / "warehouse")
        opened_before = of_one.build(first)
        of_one.build(second)
        assert of_one.build(first) is not opened_before

    for _ in range(3):
        build_warehouse(source, tmp_path / "warehouse")
    with pytest.raises(WarehouseError, match="Reload"):
        Warehouse(tmp_path / "warehouse").build(first)
    # A build pruned while it is open is no longer given out.
    with pytest.raises(WarehouseError, match="Reload"):
        reader.build(first)


@pytest.mark.parametrize("build_id", ["", "../../etc", "x" * 65, "nothing-like-it", "é"])
def test_a_build_id_from_a_page_is_not_trusted(warehouse: Path, build_id: str) -> None:
    with pytest.raises(WarehouseError, match="Reload"):
        Warehouse(warehouse).build(build_id)


def test_an_empty_warehouse_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="marquee build"):
        Warehouse(tmp_path).current()


def test_a_build_without_its_manifest_is_no_build(tmp_path: Path) -> None:
    build_folder(tmp_path, "b1").mkdir(parents=True)
    with pytest.raises(WarehouseError, match="not whole"):
        Warehouse(tmp_path).build("b1")


def test_a_build_of_earlier_code_is_refused_rather_than_shown_without_what_it_lacks(
    warehouse: Path, tmp_path: Path
) -> None:
    folder = copied(warehouse, tmp_path / "warehouse")
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    del manifest["rows"]["shows"], manifest["rows"]["title_starts"], manifest["filled"]["title_moments.clock"]
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))
    lacking = r"earlier version of Marquee, without shows, title_starts, title_moments\.clock\. Build"
    with pytest.raises(WarehouseError, match=lacking):
        Warehouse(tmp_path / "warehouse").current()


@pytest.mark.parametrize("lost", ["accounts.parquet", "plays"])
def test_a_build_that_lost_a_table_is_refused_rather_than_shown_as_zeros(
    warehouse: Path, tmp_path: Path, lost: str
) -> None:
    folder = copied(warehouse, tmp_path / "warehouse")
    (folder / lost).rename(tmp_path / "elsewhere")
    with pytest.raises(WarehouseError, match="is missing"):
        Warehouse(tmp_path / "warehouse").current()


def test_a_table_that_is_no_parquet_file_is_said_in_words(warehouse: Path, tmp_path: Path) -> None:
    folder = copied(warehouse, tmp_path / "warehouse")
    (folder / "accounts.parquet").write_text("not Parquet")
    with pytest.raises(WarehouseError, match="cannot be read"):
        Warehouse(tmp_path / "warehouse").current()


def test_what_pages_ask_most_is_stored_as_it_is_in_the_files(warehouse: Path) -> None:
    folder = build_folder(warehouse, (warehouse / "current").read_text().strip())
    tables = [name for name in STORED if published_files(folder, name)]
    assert {"viewing_cube", "show_cube", "active_accounts", "hour_cube", "subscription_months"} <= set(tables)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{folder / STORE_FILE}' as store (read_only)")
        stored_tables = connection.execute("select table_name from duckdb_tables() where database_name = 'store'")
        names = {name for (name,) in stored_tables.fetchall()}
        for name in tables:
            files = [str(file) for file in published_files(folder, name)]
            in_files = connection.execute("from read_parquet(?, hive_partitioning = true)", [files])
            expected = [column for column, *_ in in_files.description or ()], in_files.fetchall()
            if not expected[1]:
                assert name not in names, "a table without rows is read from its file"
                continue
            stored = connection.execute(f"from store.{name}")
            assert ([column for column, *_ in stored.description or ()], stored.fetchall()) == expected


def test_what_is_stored_has_the_types_that_are_published(warehouse: Path) -> None:
    with Warehouse(warehouse).current().cursor() as cursor:
        for name in STORED:
            described = cursor.execute(f"describe {name}").fetchall()
            assert {column: kind.lower() for column, kind, *_ in described} == {
                column.name: column.type.sql_type for column in PUBLISHED[name]
            }


def test_a_build_without_the_store_answers_the_same_from_its_files(warehouse: Path, tmp_path: Path) -> None:
    stored = Warehouse(warehouse).current()
    (copied(warehouse, tmp_path / "warehouse") / STORE_FILE).unlink()
    from_files = Warehouse(tmp_path / "warehouse").current()
    for name in ("viewing_summary", "watch_hours_by_title", "subscription_summary"):
        filters = filters_of(stored)
        assert_frame_equal(run.run(name, filters, from_files), run.run(name, filters, stored))


def test_a_store_that_is_no_database_is_said_in_words(warehouse: Path, tmp_path: Path) -> None:
    (copied(warehouse, tmp_path / "warehouse") / STORE_FILE).write_text("not a database")
    with pytest.raises(WarehouseError, match="cannot be read"):
        Warehouse(tmp_path / "warehouse").current()


@pytest.mark.parametrize("pointer", [b"", b"20200101-000000-aaaa", b"\xff\xfe"])
def test_a_pointer_to_nowhere_is_said_in_words(tmp_path: Path, pointer: bytes) -> None:
    (tmp_path / "current").write_bytes(pointer)
    with pytest.raises(WarehouseError, match="build"):
        Warehouse(tmp_path).current()


@pytest.mark.parametrize("value", ["two", "0", "-1", "20s"])
def test_a_setting_that_is_no_number_is_named(warehouse: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MARQUEE_QUERY_THREADS", value)
    with pytest.raises(WarehouseError, match="MARQUEE_QUERY_THREADS"):
        Warehouse(warehouse).current()


def test_a_film_and_a_series_of_one_id_are_two_and_a_series_needs_only_a_name(tmp_path: Path) -> None:
    # An hour each of film 1, of two episodes of series 1, and of two episodes of a series that has only a name.
    titles: list[Row] = [
        {"title_id": "1", "name": "Film", "kind": "film"},
        {"title_id": "2", "name": "Pilot", "kind": "episode", "series_id": "1", "series_name": "Series"},
        {"title_id": "3", "name": "Finale", "kind": "episode", "series_id": "1", "series_name": "Series"},
        {"title_id": "4", "name": "One", "kind": "episode", "series_name": "Only a name"},
        {"title_id": "5", "name": "Two", "kind": "episode", "series_name": "Only a name"},
    ]
    plays: list[Row] = [
        {
            "play_id": f"{title['title_id']} on {day}",
            "account_id": "ann",
            "title_id": title["title_id"],
            "started_at": datetime(2024, 3, day),
            "watch_ms": 3_600_000,
        }
        for title in titles
        for day in (1, 2)
    ]
    build_warehouse(write_source(tmp_path / "source", {"titles": titles, "plays": plays}), tmp_path / "warehouse")
    build = Warehouse(tmp_path / "warehouse").current()
    frame = run.run("watch_hours_by_title", filters_of(build), build)
    assert frame[["name", "kind", "watch_hours"]].to_numpy().tolist() == [
        ["Only a name", "series", 2.0],
        ["Series", "series", 2.0],
        ["Film", "film", 1.0],
    ]


def test_the_served_warehouse_is_named_by_the_environment(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_WAREHOUSE", str(warehouse))
    db.served_warehouse.cache_clear()
    try:
        assert db.served_warehouse().current().id == Warehouse(warehouse).current().id
    finally:
        db.served_warehouse.cache_clear()


def test_what_the_connection_is_told_holds_for_the_cursors_of_queries(build: Build) -> None:
    # Whatever the machine's own zone is called.
    with build.cursor() as cursor:
        told = cursor.execute(
            "select current_setting('timezone'), current_setting('parquet_metadata_cache'), "
            "current_setting('lock_configuration'), current_setting('threads')"
        ).fetchall()
    assert told == [("UTC", True, True, 2)]


def test_the_connection_is_locked(build: Build) -> None:
    with build.cursor() as cursor, pytest.raises(duckdb.Error, match="locked"):
        cursor.execute("set threads = 64")


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_filter_never_raises_a_total_and_parts_sum_to_the_whole(build: Build, data: st.DataObject) -> None:
    dimension = data.draw(st.sampled_from(BAR_DIMENSIONS))
    options = run.run("filter_options", filters_of(build), build)
    values = options[options.dimension == dimension.name].value.to_list()
    period = data.draw(st.sampled_from(["last-7-days", "last-90-days", "all"]))

    def total(chosen: list[str], column: str) -> float:
        search = to_search({"period": period, dimension.name: chosen})
        frame = run.run("viewing_summary", filters_of(build, search), build)
        return float(frame[frame.period_start.isna()][column].fillna(0).iloc[0])

    for column in ("watch_hours", "plays"):
        parts = [total([value], column) for value in values]
        assert sum(parts) == pytest.approx(total(values, column))
    some = data.draw(st.lists(st.sampled_from(values), min_size=1, unique=True))
    for column in ("watch_hours", "plays", "mean_daily_active_accounts", "monthly_active_accounts"):
        assert total(some, column) <= total(values, column) + 1e-9
