from datetime import date
from urllib.parse import unquote

import pandas as pd
import plotly.io as pio

from components.figures import trend
from components.sparkline import sparkline
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
        "<b>1 h 00 min</b><br>Sat 10 Jun 2023<br>2 h 00 min on Wed 7 Jun 2023<br>▼ \N{MINUS SIGN}50 %"
    )


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
    assert (figure.layout.yaxis.tickformat, figure.layout.yaxis.ticksuffix) == ("~s", " h")
    assert figure.layout.xaxis.ticktext == (
        "28 Dec<br>2022",
        "4 Jan<br>2023",
        "11 Jan",
        "18 Jan",
        "25 Jan",
        "1 Feb",
    )


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
