"""Data & definitions over small builds whose numbers are worked out by hand."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dash
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import app  # noqa: F401 - registers the pages
from components.card import Card
from components.column_notes import column_notes
from components.data_inventory import rejected
from components.definitions import fill_definitions, plain, sections
from components.glossary import cards_by_metric
from components.panel import declared_panels
from definitions.dimensions import DIMENSION_BY_NAME
from definitions.metrics import METRICS
from definitions.supporting import COLUMN_MEANINGS
from definitions.tables import CONTRACT
from definitions.warehouse import PUBLISHED
from pages import data
from pipeline.build.build import build_warehouse
from queries.db import Build
from queries.inventory import columns_of, queries_with, rejected_samples
from queries.run import query_names
from tests.components.trees import of_class, rows, walk, words
from tests.served import serving
from tests.sources import Row, write_source

HOSTILE = "<script>alert('1')</script>"
FILM: Row = {"title_id": "film", "name": "The Salt Year", "kind": "film", "runtime_ms": 6_000_000}


def play(play_id: str, day: int, **more: object) -> Row:
    moment = datetime(2024, 3, day, 12)
    return {
        "play_id": play_id,
        "account_id": "ann",
        "title_id": "film",
        "started_at": moment,
        "watch_ms": 600_000,
    } | more


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven plays in: four kept, one repeats another, one is too short, one names a title that is not there.

    Two of those kept tell their offset; nobody's country is known. An import refused one title before.
    """
    folder = tmp_path_factory.mktemp("data")
    plays = [
        play("p1", 1, utc_offset_min=0),
        play("p1", 1, utc_offset_min=0),
        play("p2", 2, utc_offset_min=60, device_type="tv"),
        play("p3", 3),
        play("p4", 9, country="IN"),
        play("p5", 9, watch_ms=-1),
        play("p6", 9, title_id=HOSTILE),
    ]
    source = write_source(folder / "source", {"titles": [FILM], "plays": plays})
    (source / "rejected").mkdir()
    refused = {
        "origin": "titles.toml",
        "file": HOSTILE,
        "line": 7,
        "reason": "kind: expected one of film, found 'x'",
        "original": json.dumps({"name": HOSTILE}),
    }
    pq.write_table(pa.Table.from_pylist([refused]), source / "rejected" / "titles-import.parquet")
    build_warehouse(source, folder / "warehouse")
    return folder / "warehouse"


@pytest.fixture(scope="module")
def build(warehouse: Path) -> Iterator[Build]:
    with serving(warehouse) as served:
        yield served.current()


def parts_of(build: Build) -> dict[str, dash.development.base_component.Component]:
    """Return the page's parts by their id."""
    found = [item for item in walk(sections(build)) if isinstance(getattr(item, "id", None), str)]
    parts = {item.id: item for item in found}
    assert len(parts) == len(found)
    return parts


def part(build: Build, section: str) -> dash.development.base_component.Component:
    return parts_of(build)[section]


def test_every_column_that_a_card_shows_is_explained() -> None:
    shown = {
        name.removeprefix("compare_")
        for panel in declared_panels()
        if isinstance(panel, Card)
        for name in panel.columns_shown
    }
    named = {*METRICS, *DIMENSION_BY_NAME, *COLUMN_MEANINGS}
    assert sorted(shown - named) == []
    # Nor is anything explained that no query has, or explained twice.
    known = {name for query in query_names() for name in columns_of(query)}
    assert sorted(COLUMN_MEANINGS.keys() - known) == []
    assert sorted(COLUMN_MEANINGS.keys() & METRICS.keys()) == []
    (notes,) = column_notes(["lift", "own_share", "compare_watch_share"])
    assert words(notes).startswith("Other columns Share of its accounts The share of the title's active accounts")
    assert "Lift" not in words(notes)
    assert column_notes(["lift"]) == []


def test_what_became_of_every_row_is_told(build: Build) -> None:
    plays = words(part(build, "table-plays"))
    assert "4 rows" in plays
    assert "1 – 9 Mar 2024" in plays
    assert "7 in = 4 kept + 1 duplicates + 2 rejected" in plays
    assert "device_type 25 % filled" in plays
    assert "isp 0 % filled" in plays


def test_every_table_is_there_and_what_the_source_lacks_is_told(build: Build) -> None:
    tables = part(build, "tables")
    ids = {item.id for item in walk(tables) if str(getattr(item, "id", "")).startswith("table-")}
    assert ids == {f"table-{name}" for name in {*CONTRACT, *PUBLISHED}}
    assert "not given" in words(part(build, "table-impressions"))
    assert "not given" not in words(part(build, "table-titles"))
    account_days = words(part(build, "table-account_days"))
    # Ann on four days in each of three calendars, all at noon UTC.
    assert "8 rows" in account_days


def test_freshness_names_the_last_event_and_the_build(build: Build) -> None:
    told = words(part(build, "tables"))
    assert "Data through 9 Mar 2024, 12:00 UTC" in told
    assert build.id in told
    assert build.manifest.marquee_version in told


def test_rejected_rows_are_told_by_rule_with_samples_as_text(build: Build) -> None:
    told = part(build, "rejected")
    rules = [words(item) for item in walk(told) if type(item).__name__ == "Summary"]
    assert rules == [
        "1  by the build: title_id: expected one of titles.title_id",
        "1  by the build: watch_ms: expected a whole number ≥ 0",
        "1  by an import: kind: expected one of film",
    ]
    assert f"{HOSTILE} line 7" in words(told)
    assert "found '-1'" in words(told)
    # As data, the hostile text is one text and no part.
    texts = json.dumps(plain(told))
    assert json.dumps(f"{HOSTILE} line 7") in texts
    assert '"tag": "script"' not in texts
    assert f"/export/rows/rejected_rows.csv?table=rejected_rows&where=table_name+is+plays&build={build.id}" in texts


def test_samples_are_withheld_where_small_groups_are_hidden(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    told = part(build, "rejected")
    assert "expected a whole number ≥ 0" in words(told)
    assert "fewer than 5 accounts" in words(told)
    assert "p5" not in words(told)
    assert "/explore" not in str(told)


def test_a_build_without_rejected_rows_says_so(build: Build) -> None:
    none = rejected_samples(build).iloc[:0]
    assert words(rejected(none, build, None)) == "No row was rejected."


def test_estimates_are_counted_and_explained(build: Build) -> None:
    told = [words(item) for item in walk(part(build, "estimated")) if type(item).__name__ == "Li"]
    # The offsets of p3 and p4 are not given; the one account's country is that of p4; it is in no accounts table.
    # Its one start of the film lies on its first play, and its coverage is not told by any.
    assert [line.split("  ")[0] for line in told] == told
    assert "Viewer's clock 2 of 4 rows (50 %)" in told[0]
    assert "Account's country 1 of 1 row (100 %)" in told[1]
    assert "Accounts 1 of 1 row (100 %)" in told[2]
    assert "Coverage 1 of 1 row (100 %)" in told[3]


def test_builds_are_listed_with_the_way_back_and_no_path_of_the_server(warehouse: Path, build: Build) -> None:
    source = warehouse.parent / "source"
    newer = build_warehouse(source, warehouse).manifest.build_id
    try:
        listed = rows(part(build, "builds"))[1:]
        assert [row[0].split()[0] for row in listed] == [newer, build.id]
        assert listed[0][0].endswith("current")
        assert listed[1][0].endswith("this page")
        assert listed[1][5] == f"marquee builds rollback {build.id} --warehouse DIR"
        assert listed[0][3] == "5", "four plays and a title"
        assert str(warehouse.parent) not in json.dumps(plain(sections(build)))
    finally:
        (warehouse / "current").write_text(build.id)


def test_every_metric_is_there_with_its_definition_and_formula(build: Build) -> None:
    parts = parts_of(build)
    for name, metric in METRICS.items():
        entry = words(parts[f"metric-{name}"])
        assert metric.definition in entry
        assert metric.formula in entry
        assert metric.unit.value in entry
        assert all(column in entry for column in metric.needs)
    assert of_class(part(build, "metric-take_rate"), "stamp")
    assert not of_class(part(build, "metric-plays"), "stamp")


def test_a_metric_lists_every_card_that_shows_it(build: Build) -> None:
    of_pages = [panel for panel in declared_panels() if panel.id.startswith("overview-")]
    assert of_pages
    parts = parts_of(build)
    for panel in of_pages:
        for metric in panel.metrics:
            assert panel in [listed for _, _, listed in cards_by_metric()[metric]]
            assert f"#{panel.id}" in str(parts[f"metric-{metric}"])
    unused = next(name for name in METRICS if not cards_by_metric().get(name))
    assert "no page yet" in words(parts[f"metric-{unused}"])


def test_a_metric_leads_to_the_queries_that_have_it_and_their_sql(build: Build) -> None:
    assert queries_with("completion_rate") == ("completion_summary", "title_league", "uses_of_devices")
    assert queries_with("nothing") == ()
    parts = parts_of(build)
    assert "#query-completion_summary" in str(parts["metric-completion_rate"])
    for name in query_names():
        assert "-- Grain: " in words(parts[f"query-{name}"])


def test_the_page_tells_of_a_build_that_is_gone(build: Build) -> None:
    assert build.id
    assert "Newer data have replaced" in json.dumps(fill_definitions("20200101-000000-aaaa"))
    assert "What is loaded" in json.dumps(fill_definitions(build.id))


def test_what_goes_wrong_becomes_a_state(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_build: Build) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("components.definitions.rejected_samples", fail)
    told = json.dumps(fill_definitions(build.id))
    assert "could not be worked out" in told
    assert "secret detail" not in told


def test_the_page_is_registered_last_but_one_and_is_not_filtered() -> None:
    page = dash.page_registry[data.__name__]
    assert (page["path"], page["name"], page["order"], page["filtered"]) == ("/data", "Data", 91, False)
    assert "What is loaded" in words(data.layout(find="x"))
