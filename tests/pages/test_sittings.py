"""The cards of sessions and binges over a whole small warehouse."""

import pytest

import app
from components.card import answer_of
from components.panel import View
from tests.components.trees import of_class


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize(
    "search", ["", "?period=all&granularity=month", "?calendar=utc&device=tv&country=IN&compare=none", "?hour=20"]
)
@pytest.mark.parametrize("panel", ["viewing-session-length", "viewing-binges", "viewing-binges-after-release"])
def test_a_card_answers_in_every_view(panel: str, search: str, view: View, build_id: str) -> None:
    # The app registers the pages, and these declare their cards.
    assert app.server is not None
    answer = answer_of(panel, view, search, build_id)
    assert not of_class(answer.body, "state-failed")
    assert not of_class(answer.body, "state-unreadable")
