import json
from datetime import date
from urllib.parse import unquote

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from components.figures import trend
from components.format import axis_text
from components.graph import graph
from components.periods import with_unchosen_days_blank
from components.sparkline import sparkline
from definitions.metric import Unit
from definitions.metrics import METRICS
from tests.components.world import by_period, filters_of

WATCH_HOURS = METRICS["watch_hours"]


def test_a_trend_draws_this_period_in_the_accent_over_the_comparison_in_grey() -> None:
    filters = filters_of("start_day=2023-06-10&end_day=2023-06-13")
    frame = pd.concat(
        [
            by_period("current", date(2023, 6, 10), [1.0, 2.0, 3.0]),
            by_period("comparison", date(2023, 6, 7), [2.0, 2.0, 2.0]),
        ]
    )
    comparison, current, pointer = trend(frame, WATCH_HOURS, filters).data

    days = (date(2023, 6, 10), date(2023, 6, 11), date(2023, 6, 12))
    assert (comparison.name, comparison.line.color) == ("7 – 9 Jun 2023", "var(--comparison)")
    assert (current.name, current.line.color) == ("10 – 12 Jun 2023", "var(--accent)")
    assert comparison.x == current.x == days
    assert comparison.y == (2.0, 2.0, 2.0)
    assert current.y == (1.0, 2.0, 3.0)
    assert pointer.text[0].replace("\N{NO-BREAK SPACE}", " ") == (
        "<b>1 h 00 min</b><br>Sat 10 Jun 2023<br>2 h 00 min, Wed 7 Jun 2023<br>▼ \N{MINUS SIGN}50 %"
    )


@pytest.mark.parametrize(
    ("search", "expected"),
    # Saturday, Sunday (on which a play of Saturday's went on), Monday, Tuesday.
    [
        ("weekday=monday", [None, 1.0, 0.0, None]),
        ("not_weekday=monday", [0.0, 1.0, None, 0.0]),
        ("hour=7", [0.0, 1.0, 0.0, 0.0]),
        ("weekday=monday&granularity=week", [0.0, 1.0, 0.0, 0.0]),
    ],
)
def test_weekdays_that_are_not_chosen_are_gaps(search: str, expected: list[float | None]) -> None:
    filters = filters_of(f"start_day=2023-06-10&end_day=2023-06-14&{search}")
    frame = with_unchosen_days_blank(by_period("current", date(2023, 6, 10), [0.0, 1.0, 0.0, 0.0]), filters)
    values = [None if pd.isna(value) else value for value in frame["watch_hours"]]
    assert values == expected


def test_gaps_stay_gaps_and_incomplete_periods_are_dashed() -> None:
    filters = filters_of("start_day=2023-06-10&end_day=2023-06-15&compare=none")
    frame = by_period("current", date(2023, 6, 10), [1.0, None, 3.0, 4.0, 0.5], incomplete=(4,))
    dashed, solid, pointer = trend(frame, WATCH_HOURS, filters).data

    assert solid.y == (1.0, None, 3.0, 4.0, None)
    assert dashed.line.dash == "dot"
    assert dashed.y == (None, None, None, 4.0, 0.5)
    assert solid.marker.size == (6, 0, 0, 0, 0), "a value between gaps has no line, so it gets a point"
    assert "incomplete" in pointer.text[4]
    assert solid.connectgaps is None


def test_a_trend_starts_at_zero_says_its_unit_and_never_labels_more_days_than_fit() -> None:
    filters = filters_of("start_day=2022-12-01&end_day=2023-02-10&compare=none&granularity=day")
    frame = by_period("current", date(2022, 12, 28), [20_000.0] * 40)
    figure = trend(frame, WATCH_HOURS, filters)

    assert pio.templates["marquee"].layout.yaxis.rangemode == "tozero"
    assert figure.layout.yaxis.range == (0, 20_000)
    assert figure.layout.yaxis.ticktext == tuple(
        f"{label}\N{NO-BREAK SPACE}h" for label in ("0", "5k", "10k", "15k", "20k")
    )
    assert figure.layout.xaxis.ticktext == (
        "28 Dec<br>2022",
        "4 Jan<br>2023",
        "11 Jan",
        "18 Jan",
        "25 Jan",
        "1 Feb",
    )


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (0, [0, 1]),
        (float("nan"), [0, 1]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (16, [0, 5, 10, 15, 20]),
        (51, [0, 20, 40, 60]),
        (0.0011, [0, 0.00025, 0.0005, 0.00075, 0.001, 0.00125]),
    ],
)
def test_an_axis_has_round_values_from_zero_to_above_the_highest(top: float, ticks: list[float]) -> None:
    frame = by_period("current", date(2023, 6, 24), [top])
    assert list(trend(frame, WATCH_HOURS, filters_of("compare=none")).layout.yaxis.tickvals) == pytest.approx(ticks)


def test_axes_are_labelled_in_their_unit() -> None:
    labels = [axis_text(2_500, Unit.HOURS), axis_text(0.05, Unit.RATE), axis_text(1_250_000, Unit.COUNT)]
    assert [label.replace("\N{NO-BREAK SPACE}", " ") for label in labels] == ["2.5k h", "5 %", "1.25M"]


def test_lines_are_sent_to_the_light_drawer_and_all_else_to_plotly() -> None:
    lines = graph(trend(by_period("current", date(2023, 6, 24), [1.0]), WATCH_HOURS, filters_of()), "Watch time", 320)
    sent = json.loads(getattr(lines, "data-figure"))
    assert sent["data"][-1]["y"] == [1.0]
    assert "template" not in sent["layout"], "a small message"
    assert getattr(lines, "aria-label") == "Watch time. The menu shows the same as a table."
    bars = graph(go.Figure(go.Bar(x=["a"], y=[1])), "Plays", 320)
    assert bars.children.config["showSendToCloud"] is False
    assert bars.children.figure.layout.template.layout.font.color == "var(--ink)"


def test_a_figure_names_colours_by_token_only() -> None:
    frame = by_period("current", date(2023, 6, 24), [1.0] * 7, incomplete=(6,))
    assert "#" not in trend(frame, WATCH_HOURS, filters_of()).to_json()


def test_a_sparkline_is_a_small_picture_with_gaps_and_a_dashed_end() -> None:
    picture = unquote(sparkline([0.0, 1.0, None, 1.0, 0.0], [True, True, True, True, False]).style["maskImage"])
    assert picture.count("<path") == 3
    assert 'd="M2.0 26.0L26.0 2.0"' in picture
    assert 'stroke-dasharray="2 3"' in picture
    assert len(picture) < 1_000


def test_a_sparkline_of_nothing_or_of_one_level_still_draws() -> None:
    assert "<path" not in unquote(sparkline([None, None], [True, True]).style["maskImage"])
    assert "L98.0 14.0" in unquote(sparkline([5.0, 5.0], [True, True]).style["maskImage"])
