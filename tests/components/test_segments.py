"""What is said of a segment that is not there, how one is saved, and the list of them."""

import fcntl
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

import components.segments
import components.segments_list
from components.segments import (
    accounts_of_query,
    accounts_of_rows,
    fill_dialog,
    may_be_offered,
    no_build,
    save_form,
)
from components.segments import (
    saved as saved_told,
)
from components.segments_list import segments_list
from definitions.manifest import MANIFEST_FILE, served_folder
from definitions.preparing import lock_file, words_file
from definitions.segments import Segment, segment_build_id, segment_folder
from queries.db import SegmentError, SegmentNotReadyError, WarehouseError, served_warehouse
from queries.explore import parse_rows
from queries.run import TooMuchError
from queries.segments import SegmentRowsError
from tests.components.trees import of_class, rows, walk, words
from tests.components.world import filters_of, manifest_with

BUILD_ID = manifest_with().build_id
NOT_READY = SegmentNotReadyError("not ready")


@pytest.fixture
def warehouse(saved: Segment, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a warehouse with the saved segment, whose current build is that of the page."""
    folder = served_warehouse().folder
    assert segment_folder(folder, saved.id).is_dir()
    served = SimpleNamespace(folder=folder, current=lambda: SimpleNamespace(id=BUILD_ID))
    for module in (components.segments, components.segments_list):
        monkeypatch.setattr(module, "served_warehouse", lambda: served)
    return folder


def href_in(part: Any) -> str:
    (link,) = [item.href for item in walk(part) if type(item).__name__ == "Link"]
    return str(link)


@pytest.mark.usefixtures("warehouse")
class TestNoBuild:
    """Why there is no build to ask, and where to go on."""

    def test_newer_data_have_replaced_those_of_the_page(self, saved: Segment) -> None:
        assert of_class(no_build(WarehouseError("gone"), f"segment={saved.id}", BUILD_ID), "state-replaced")
        assert of_class(no_build(NOT_READY, f"segment={saved.id}", "20230101-000000-bbbb"), "state-replaced"), (
            "only for the current build is a segment prepared"
        )

    def test_a_segment_that_is_gone_leaves_the_page_of_everybody(self) -> None:
        search = "segment=zzzzzzzz&device=tv&table=plays&of_title=film-1"
        told = no_build(SegmentError("gone"), search, BUILD_ID)
        assert words(told) == "This segment is not there. It was deleted, or the link is not whole. Show everybody"
        assert href_in(told) == "?device=tv&table=plays"

    def test_one_that_is_being_prepared_is_waited_for(self, saved: Segment) -> None:
        told = no_build(NOT_READY, f"?segment={saved.id}", BUILD_ID)
        assert getattr(told, "data-preparing") == saved.id
        assert words(told).startswith("«Night <owls>» is being prepared for these data.")
        assert href_in(told) == "?"

    def test_one_that_could_not_be_prepared_says_why_and_can_be_tried_again(
        self, warehouse: Path, saved: Segment
    ) -> None:
        words_file(warehouse, BUILD_ID, saved.id).write_text(
            "Deriving plays\nmarquee: The disk is full.\n", encoding="utf-8"
        )
        told = no_build(NOT_READY, f"segment={saved.id}", BUILD_ID)
        assert "could not be prepared for these data. The disk is full. Try again" in words(told)
        assert not [part for part in walk(told) if hasattr(part, "data-preparing")], "nothing is waited for"

    def test_one_that_died_without_a_word_is_told_too(self, warehouse: Path, saved: Segment) -> None:
        words_file(warehouse, BUILD_ID, saved.id).touch()
        assert "ended from outside" in words(no_build(NOT_READY, f"segment={saved.id}", BUILD_ID))

    def test_what_failed_is_not_told_while_it_is_tried_again(self, warehouse: Path, saved: Segment) -> None:
        words_file(warehouse, BUILD_ID, saved.id).touch()
        with lock_file(warehouse).open("w") as lock:
            lock.write(saved.id)
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)
            told = no_build(NOT_READY, f"segment={saved.id}", BUILD_ID)
        assert getattr(told, "data-preparing") == saved.id

    def test_a_server_that_may_not_write_says_who_prepares_it(
        self, saved: Segment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(components.segments, "can_be_prepared", lambda *_: False)
        told = no_build(NOT_READY, f"segment={saved.id}", BUILD_ID)
        assert f"marquee segments prepare {saved.id} --warehouse DIR" in words(told)
        assert getattr(told, "data-preparing") == saved.id, "it is shown when somebody has"


@pytest.mark.usefixtures("warehouse")
class TestSaving:
    """Whose accounts can be saved, and what the form says."""

    @pytest.fixture
    def finding(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
        """Let the rows name so many accounts, or raise an error."""
        monkeypatch.setattr(components.segments, "shown_build", lambda *_: None)

        def put_in(found: int | Exception) -> None:
            def find_accounts(*_: Any) -> pa.Table:
                if isinstance(found, Exception):
                    raise found
                return pa.table({"account_id": [str(number) for number in range(found)]})

            monkeypatch.setattr(components.segments, "find_accounts", find_accounts)

        return put_in

    def test_the_form_counts_the_accounts_and_asks_for_a_name(self, finding: Callable[[Any], None]) -> None:
        finding(1234)
        form = save_form("table=plays&device=tv", BUILD_ID)
        assert words(form).startswith("Save these 1,234 accounts as a segment Name")
        assert [getattr(part, "data-search") for part in walk(form) if hasattr(part, "data-search")] == [
            "table=plays&device=tv"
        ]
        finding(1)
        assert words(save_form("", BUILD_ID)).startswith("Save this account as a segment")

    @pytest.mark.parametrize(
        ("found", "sentence"),
        [
            (0, "These rows name no account."),
            (SegmentRowsError("Rows of titles name no accounts."), "Rows of titles name no accounts."),
            (TooMuchError("It took too long."), "It took too long."),
        ],
    )
    def test_what_is_in_the_way_is_said_instead(
        self, finding: Callable[[Any], None], found: Any, sentence: str
    ) -> None:
        finding(found)
        assert words(save_form("table=titles", BUILD_ID)) == f"No segment can be saved {sentence} Close"

    def test_a_failure_is_logged_under_an_id_and_not_told(
        self, finding: Callable[[Any], None], caplog: pytest.LogCaptureFixture
    ) -> None:
        finding(ZeroDivisionError("secret"))
        told = words(save_form("table=plays", BUILD_ID))
        assert "secret" in caplog.text
        assert "secret" not in told
        assert told.split("quote ")[1].split(".")[0] in caplog.text

    def test_a_warehouse_that_cannot_be_written_is_said(
        self, finding: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding(3)
        monkeypatch.setattr(components.segments, "can_be_saved", lambda *_: False)
        assert "may not write the warehouse" in words(save_form("table=plays", BUILD_ID))

    def test_where_small_groups_are_hidden_nothing_is_offered(
        self, finding: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding(3)
        monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
        assert not may_be_offered()
        assert accounts_of_query("accounts_at_risk", filters_of()) is None
        assert "hides what tells of few accounts" in words(save_form("table=plays", BUILD_ID))

    def test_the_dialog_leads_to_what_was_saved(self, saved: Segment) -> None:
        told = fill_dialog({"saved": saved.id}, BUILD_ID)
        assert words(told).startswith("«Night <owls>» is saved")
        assert href_in(told) == href_in(saved_told(saved.id)) == f"/?segment={saved.id}"


def test_rows_are_named_with_their_table_and_without_columns_and_order() -> None:
    manifest = manifest_with()
    plays = parse_rows("where=device_type+is+tv&sort=-watch_ms&column=play_id&plan=Basic", manifest)
    assert accounts_of_rows(plays) == "table=plays&where=device_type+is+tv&plan=Basic"
    assert accounts_of_rows(parse_rows("table=titles", manifest)) is None


def test_a_querys_accounts_are_named_with_the_options_that_it_looks_at() -> None:
    filters = filters_of("country=IN&trend_by=plan")
    assert accounts_of_query("accounts_at_risk", filters) == "query=accounts_at_risk&country=IN"
    assert accounts_of_query("viewing_summary", filters) is None


def test_the_list_tells_what_each_is_made_of_and_whether_it_is_prepared(warehouse: Path, saved: Segment) -> None:
    folder = served_folder(warehouse, segment_build_id(BUILD_ID, saved.id))
    folder.mkdir(parents=True)
    (folder / MANIFEST_FILE).write_text(replace(manifest_with(), rows={"accounts": 1200}).to_json(), encoding="utf-8")
    other = Segment(
        "plan2345",
        "Basic",
        "2023-07-02T10:00:00+00:00",
        "query=nowhere_shown&cell_cohort=pooled&plan=Basic",
        follows=True,
    )
    segment_folder(warehouse, other.id).mkdir()
    other.write(warehouse)
    assert [cells[:5] for cells in rows(segments_list(BUILD_ID, manifest_with()))[1:]] == [
        [
            "Basic",
            "",
            "nowhere_shown ; cohort of the cell: pooled; Plan: Basic; last 28 days; "
            "whoever matches, after every new build",
            "2 Jul 2023",
            "is prepared when it is first asked for",
        ],
        ["Night <owls>", "1,200", "rows of accounts ; these accounts, for good", "1 Jul 2023", "ready"],
    ]
    rows_of_plays = replace(saved, id="tvtv2345", search="table=plays&where=watch_ms+at-least+60000&period=all")
    segment_folder(warehouse, rows_of_plays.id).mkdir()
    rows_of_plays.write(warehouse)
    assert "rows of plays ; watch_ms ≥ 60,000; all the data of then; these accounts" in words(
        segments_list(BUILD_ID, manifest_with())
    )
    shutil.rmtree(segment_folder(warehouse, rows_of_plays.id))
    deleting = [part.action for part in walk(segments_list(BUILD_ID, manifest_with())) if type(part).__name__ == "Form"]
    assert deleting == ["/segments/plan2345/delete", "/segments/owls2345/delete"]


def test_a_list_without_segments_says_how_to_save_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(components.segments_list, "served_warehouse", lambda: SimpleNamespace(folder=tmp_path))
    assert words(segments_list(BUILD_ID, manifest_with())).startswith("None is saved.")
