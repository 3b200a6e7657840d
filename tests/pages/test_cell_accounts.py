"""What the card of a cell's accounts says where it lists none."""

import pytest

import app
from components.card import answer_of
from components.panel import View

CELL = "retention-cell"
BEFORE = "?period=all&cohort_before=kept&cell_cohort=before"


def state_of(search: str, build_id: str) -> str:
    return str(getattr(answer_of(CELL, View.FIGURE, search, build_id).body, "className", ""))


def test_it_asks_for_a_cell_and_says_when_there_is_none(build_id: str) -> None:
    assert state_of("?period=all", build_id) == "state state-not-chosen"
    # Filters have nothing to do with it.
    assert state_of("?period=all&country=IN", build_id) == "state state-not-chosen"
    assert state_of("?period=all&cell_cohort=1999-01-04", build_id) == "state state-not-found"
    assert state_of("?period=all&cell_cohort=%3Cscript%3E&cell_interval=many", build_id) == "state state-not-found"
    assert state_of(BEFORE, build_id) == ""


def test_no_account_is_listed_where_small_groups_are_hidden(build_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.server.test_client()
    exported = f"/export/cohort_accounts.csv{BEFORE}&column=account_id"
    assert len(client.get(exported).text.split()) > 1
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    assert state_of("?period=all", build_id) == "state state-suppressed"
    assert state_of(BEFORE, build_id) == "state state-suppressed"
    # The column's name, and an empty row that stands for all.
    assert client.get(exported).text.split() == ['"account_id"']
