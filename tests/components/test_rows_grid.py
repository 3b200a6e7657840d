"""The grid's columns and cells, and what it gives when rows cannot be had."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from components import rows, rows_grid
from components.row_editor import condition_chips, operator_choices, tables_list, with_columns, with_condition
from components.rows_grid import PAGE_ROWS, column_definitions, row_texts, rows_response, search_sorted, sort_pairs
from definitions.warehouse import PUBLISHED
from pipeline.build.build import build_warehouse
from queries.conditions import ConditionError
from queries.db import served_warehouse
from queries.explore import MAX_CONDITIONS, parse_rows
from queries.run import TooMuchError
from tests.components.trees import of_class, walk, words
from tests.components.world import manifest_with
from tests.served import serving
from tests.sources import write_source

TITLES = manifest_with("titles.title_id", "titles.name", "titles.runtime_ms")
TITLE_COUNT = 150


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grid")
    titles = [
        {"title_id": f"t{number:03}", "name": f"Title {number}", "kind": "film", "runtime_ms": number % 3 * 60_000}
        for number in range(TITLE_COUNT)
    ]
    play = {"play_id": "p", "account_id": "a", "title_id": "t000", "started_at": datetime(2023, 6, 1), "watch_ms": 1}
    plays = [play, play | {"play_id": "q", "started_at": datetime(2023, 6, 3)}]
    write_source(folder / "source", {"titles": titles, "plays": plays})
    build_warehouse(folder / "source", folder / "warehouse")
    return folder / "warehouse"


@pytest.fixture(scope="module")
def build_id(warehouse: Path) -> Iterator[str]:
    with serving(warehouse) as served:
        yield served.current().id


def test_columns_are_named_as_in_exports_with_unit_meaning_and_sort() -> None:
    query = parse_rows("table=titles&column=title_id&column=name&column=runtime_ms&sort=-runtime_ms", TITLES)
    assert column_definitions(query) == [
        {"field": "title_id", "headerName": "title_id", "headerTooltip": "the title", "sort": None, "sortIndex": None},
        {
            "field": "name",
            "headerName": "name",
            "headerTooltip": "what viewers call it",
            "tooltipField": "name",
            "maxWidth": 420,
            "sort": None,
            "sortIndex": None,
        },
        {
            "field": "runtime_ms",
            "headerName": "runtime_ms (ms)",
            "headerTooltip": "how long the title runs",
            "cellClass": "number",
            "headerClass": "ag-right-aligned-header",
            "sort": "desc",
            "sortIndex": 0,
        },
    ]


def test_cells_are_exact_and_null_is_a_dash() -> None:
    stored = pa.Table.from_pylist(
        [
            {
                "title_id": "a-very-long-identifier-that-is-never-cut-0123456789",
                "runtime_ms": 9_007_199_254_740_993,
                "released_on": date(2023, 6, 1),
                "original": False,
                "country": None,
            }
        ]
    )
    assert row_texts(PUBLISHED["titles"], stored) == [
        {
            "title_id": "a-very-long-identifier-that-is-never-cut-0123456789",
            "runtime_ms": "9,007,199,254,740,993",
            "released_on": "2023-06-01",
            "original": "false",
            "country": "–",
        }
    ]
    moment = pa.Table.from_pylist([{"started_at": datetime(2023, 6, 1, 9, 5, 7, 250_000), "watch_ms": None}])
    assert row_texts(PUBLISHED["plays"], moment) == [{"started_at": "2023-06-01 09:05:07.250000", "watch_ms": "–"}]


def test_the_grid_is_given_a_page_and_the_count(build_id: str) -> None:
    search = "table=titles&column=title_id&sort=-title_id"
    response, trouble = rows_response(search, build_id, 0)
    assert trouble is None
    assert response["rowCount"] == TITLE_COUNT
    assert len(response["rowData"]) == PAGE_ROWS
    assert response["rowData"][0] == {"title_id": "t149"}
    last, _trouble = rows_response(search, build_id, PAGE_ROWS)
    assert [row["title_id"] for row in last["rowData"]] == [f"t{number:03}" for number in range(49, -1, -1)]


@pytest.mark.parametrize(
    ("search", "build", "state"),
    [
        ("table=titles&sort=nothing", None, "state-unreadable"),
        ("table=titles", "20000101-000000-0000", "state-replaced"),
    ],
)
def test_rows_that_cannot_be_had_are_told(build_id: str, search: str, build: str | None, state: str) -> None:
    response, trouble = rows_response(search, build or build_id, 0)
    assert response == {"rowData": [], "rowCount": 0}
    assert of_class(trouble, state)


def test_a_failure_has_an_id_and_slowness_an_advice(
    build_id: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def slow(*_asked: object) -> None:
        raise TooMuchError("These rows took longer than allowed and were stopped.")

    def broken(*_asked: object) -> None:
        raise OSError("/secret/path is gone")

    monkeypatch.setattr(rows_grid, "rows_page", slow)
    assert "took longer, or more memory, than allowed" in words(rows_response("table=titles", build_id, 0)[1])
    monkeypatch.setattr(rows_grid, "rows_page", broken)
    said = words(rows_response("table=titles", build_id, 0)[1])
    assert "/secret/path" not in said
    (record,) = caplog.records
    assert record.args is not None
    assert str(record.args[1]) in said  # type: ignore[index]


def test_a_click_on_a_head_is_written_once(build_id: str) -> None:
    of = "table=titles&where=name+contains+1"
    sort = sort_pairs([{"colId": "name", "sort": "asc"}, {"colId": "kind", "sort": "desc"}])
    assert sort == [("sort", "name"), ("sort", "-kind")]
    written = search_sorted(f"?{of}", of, sort, build_id)
    assert written == "?table=titles&sort=name&sort=-kind&where=name+contains+1"
    assert search_sorted(written, of, sort, build_id) is None
    assert search_sorted(written, of, [], build_id) == f"?{of}"
    assert search_sorted("?table=plays", of, sort, build_id) is None, "another query's grid"


@pytest.mark.parametrize(
    ("search", "state"),
    [
        ("table=titles&where=name+is+nothing", "state-filtered-out"),
        ("table=impressions", "state-missing"),
        ("table=subscriptions", "state-no-data"),
        ("table=nothing", "state-unreadable"),
    ],
)
def test_each_way_of_having_nothing_to_show_is_told_apart(build_id: str, search: str, state: str) -> None:
    build = served_warehouse().build(build_id)
    _count, body = rows.count_and_body(parse_rows(search, build.manifest), build)
    assert [part.className for part in walk(body) if "state " in str(getattr(part, "className", ""))] == [
        f"state {state}"
    ]


def test_files_hold_the_same_rows_of_the_same_build(build_id: str) -> None:
    build = served_warehouse().build(build_id)
    query = parse_rows("device=tv&table=titles&sort=name&where=name+contains+1", build.manifest)
    assert [link.href for link in rows.downloads(query, build)] == [
        f"/export/rows/titles.{suffix}?device=tv&table=titles&sort=name&where=name+contains+1&build={build_id}"
        for suffix in ("csv", "parquet", "json")
    ]


def test_operators_and_what_they_expect_follow_the_column() -> None:
    options, operator, expected, off, values = operator_choices(PUBLISHED["plays"].column("watch_ms"), "contains")
    assert [option["value"] for option in options] == ["is", "is-not", "at-least", "at-most", "empty", "filled"]
    assert (operator, expected, off) == ("is", "a whole number", False)
    assert words(values) == ""
    _options, operator, expected, off, values = operator_choices(PUBLISHED["plays"].column("autoplay"), "empty")
    assert (operator, expected, off) == ("empty", "", True)
    assert [option.value for option in walk(values) if hasattr(option, "value")] == ["true", "false"]


def test_conditions_are_added_shown_and_removed() -> None:
    query = with_condition(parse_rows("table=titles", TITLES), "runtime_ms", "at-least", "60000")
    query = with_condition(query, "name", "filled", "left over from another operator")
    links: list[Any] = [part for part in walk(condition_chips(query)) if hasattr(part, "href")]
    assert [words(link) for link in links] == ["runtime_ms ≥ 60,000", "name is filled"]
    assert [link.href for link in links] == [
        "?table=titles&where=name+filled",
        "?table=titles&where=runtime_ms+at-least+60000",
    ]
    assert with_condition(query, "name", "filled", "") == query


@pytest.mark.parametrize(
    ("column", "operator", "value", "sentence"),
    [
        ("", "is", "1", "Choose a column first."),
        ("runtime_ms", "at-least", "", "runtime_ms at-least needs a whole number"),
        ("runtime_ms", "at-least", "long", "runtime_ms is a whole number; not «long»."),
    ],
)
def test_a_condition_that_cannot_be_read_is_refused(column: str, operator: str, value: str, sentence: str) -> None:
    with pytest.raises(ConditionError, match=sentence):
        with_condition(parse_rows("table=titles", TITLES), column, operator, value)


def test_no_more_conditions_are_taken_than_are_read() -> None:
    query = parse_rows("table=titles", TITLES)
    for number in range(MAX_CONDITIONS):
        query = with_condition(query, "title_id", "is-not", f"t{number}")
    with pytest.raises(ConditionError, match="20 conditions already"):
        with_condition(query, "title_id", "is-not", "one more")


def test_without_columns_the_default_ones_are_back() -> None:
    query = parse_rows("table=titles&column=kind", TITLES)
    assert with_columns(query, []).columns == ("title_id", "name", "runtime_ms")
    assert with_columns(query, ["name", "title_id"]).columns == ("name", "title_id")


def test_every_table_is_offered_with_the_filters_kept() -> None:
    query = parse_rows("device=tv&table=titles&column=kind&where=name+filled", TITLES)
    links: list[Any] = tables_list(query, TITLES)
    assert {words(link).split()[0] for link in links} == set(PUBLISHED)
    assert {link.href for link in links} == {
        "?device=tv" + ("" if name == "plays" else f"&table={name}") for name in PUBLISHED
    }
