"""The figure and the words of what goes with leaving."""

from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.leaving import odds_by_band, strongest_association, what_odds_compare
from definitions.leaving import FACTORS
from definitions.metrics import METRICS
from queries import odds
from tests.components.world import filters_of

METRIC = METRICS["leaving_odds_ratio"]
FILTERS = filters_of("start_day=2023-01-01&end_day=2023-03-01")


def fitted(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """The odds of cells, each with its band of stalls and plan, how many there were and how many left."""
    columns = {factor.name: [None] * len(rows) for factor in FACTORS} | {
        "stalls": [row[0] for row in rows],
        "plan": [row[1] for row in rows],
        "subscriptions": [row[2] for row in rows],
        "left_subscriptions": [row[3] for row in rows],
        "first_month": date(2023, 1, 1),
        "last_month": date(2023, 2, 1),
    }
    return odds.odds_by_band(pd.DataFrame(columns))


FRAME = fitted(
    ("few", "basic", 1000, 50), ("many", "basic", 400, 60), ("few", "family", 900, 45), ("many", "family", 300, 46),
)  # fmt: skip


def test_the_strongest_clear_association_is_said_as_one() -> None:
    # 106 · 1805 ÷ (594 · 95) = 3.39 of both plans together, and as much within each, nearly.
    # Woolf: √(1/106 + 1/594 + 1/95 + 1/1805) = 0.149: 2.53 to 4.54.
    assert strongest_association(FRAME, METRIC, FILTERS) == (
        "Accounts with many stalls had 3.4 times the odds of leaving (2.5 to 4.5), other things equal: "
        "an association, not a cause"
    )


def test_where_nothing_is_clear_that_is_said() -> None:
    frame = fitted(("few", "basic", 1000, 50), ("many", "family", 300, 16), ("few", "family", 300, 14))
    assert strongest_association(frame, METRIC, FILTERS).startswith("Nothing goes clearly with leaving")


def test_the_note_says_over_which_months_and_what_is_not_known() -> None:
    note = what_odds_compare(FRAME, METRIC, FILTERS)
    assert "201 left in 2,600 such months, over in January 2023 to February 2023." in note
    assert "Other things equal: stalls and plan." in note
    assert "Without hours watched, days active, subscribed for, searches, main device and country" in note
    assert "No whole month" not in note
    later = filters_of("start_day=2023-02-10&end_day=2023-02-17")
    assert "No whole month lies in the range, so the last 2 before its end are told." in what_odds_compare(
        FRAME, METRIC, later
    )


def test_each_band_is_drawn_once_with_its_interval_and_the_reference_at_one() -> None:
    figure = odds_by_band(FRAME, METRIC, FILTERS)
    assert isinstance(figure, go.Figure)
    (drawn,) = [trace for trace in figure.data if trace.orientation == "h"]
    assert list(drawn.x) == pytest.approx(list(FRAME["leaving_odds_ratio"]))
    assert list(drawn.x).count(1.0) == 2
    assert sum(trace.mode == "lines" for trace in figure.data) == 2


def test_a_band_that_nobody_left_is_told_beside_it() -> None:
    frame = fitted(("few", "basic", 1000, 50), ("many", "basic", 400, 60), ("some", "basic", 30, 0))
    figure = odds_by_band(frame, METRIC, FILTERS)
    assert isinstance(figure, go.Figure)
    assert [note.text for note in figure.layout.annotations] == ["nobody left"]
