"""The Overview over a whole small warehouse, as the callback answers it; and the app around it."""

from pathlib import Path
from typing import Any

import pytest

import app
from components import shell, vendor
from components.card import answer_of
from components.panel import View
from pages import overview
from tests.components.trees import of_class, walk, words
from tests.served import serving


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("search", ["", "?period=all&granularity=month", "?calendar=utc&device=tv&compare=none"])
@pytest.mark.parametrize("panel", [panel.id for panel in overview.CARDS])
def test_every_card_answers_in_every_view(panel: str, search: str, view: View, build_id: str) -> None:
    answer = answer_of(panel, view, search, build_id)
    assert not of_class(answer.body, "state-failed")
    assert not of_class(answer.body, "state-unreadable")


def test_all_eleven_key_figures_are_there_when_the_source_has_them(build_id: str) -> None:
    tiles = of_class(answer_of("overview-kpis", View.FIGURE, "?period=last-90-days", build_id).body, "kpi")
    assert [words(tile.children[0]) for tile in tiles] == [
        "Watch time",
        "Daily active accounts",
        "Monthly active accounts",
        "Daily hours per account",
        "Plays",
        "Completion rate",
        "New subscriptions",
        "Ended subscriptions",
        "Retention rate",
        "From recommendations",
        "Rebuffer ratio",
    ]


def test_a_page_is_laid_out_without_arguments_and_with_any() -> None:
    hostile: dict[str, Any] = {"device": "toaster", "__class__": "x", "a b": "'; drop table plays"}
    assert words(overview.layout()) == words(overview.layout(**hostile))


def test_without_a_warehouse_the_shell_says_how_to_make_one(tmp_path: Path) -> None:
    with serving(tmp_path):
        layout = shell.shell()
    assert "No data yet" in words(layout)
    assert "marquee build --source DIR" in words(layout)
    assert [part.hidden for part in walk(layout) if getattr(part, "id", None) == "filters"] == [True]


def test_the_app_answers_without_a_warehouse(tmp_path: Path) -> None:
    client = app.server.test_client()
    with serving(tmp_path):
        for path in ("/", "/_dash-layout", "/assets/tokens.css", vendor.STYLESHEETS[0]):
            with client.get(path) as answer:
                assert answer.status_code == 200, path


def test_the_shell_pins_the_page_to_the_current_build(build_id: str) -> None:
    assert [part.data for part in walk(shell.shell()) if getattr(part, "id", None) == "build"] == [build_id]


def test_a_filter_that_a_figure_does_not_look_at_is_said_beside_it(build_id: str) -> None:
    said = "Not filtered by device and profile, which this figure does not tell apart."
    shown = str(answer_of("overview-kpis", View.FIGURE, "?period=all&device=tv&profile_type=kids&country=IN", build_id))
    # New and ended subscriptions, and the retention rate.
    assert shown.count(said) == 3
    assert "Not filtered by" not in str(answer_of("overview-kpis", View.FIGURE, "?period=all&country=IN", build_id))
    titles = str(answer_of("overview-titles", View.FIGURE, "?period=all&device=tv", build_id))
    assert "Not filtered by" not in titles


def test_key_figures_of_a_filter_that_matches_nothing_are_not_zeros(build_id: str) -> None:
    answer = answer_of("overview-kpis", View.FIGURE, "?period=all&device=toaster", build_id)
    assert not of_class(answer.body, "kpi")
    assert "toaster" in words(answer.body)
