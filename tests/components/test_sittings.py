"""Figures and words about sessions and binges."""

import pandas as pd
import pytest

from components.sittings import (
    binge_share,
    binges_after_release,
    first_week_ratio,
    session_length_change,
    sessions_by_length,
    usual_session,
)
from definitions.metrics import METRICS
from tests.components.trees import words
from tests.components.world import filters_of

FILTERS = filters_of("start_day=2023-06-10&end_day=2023-06-13")
SESSIONS, BINGES = METRICS["sessions"], METRICS["binge_sessions"]
PER_RELEASE = METRICS["binge_sessions_per_release"]


def lengths(span: str, mean_hours: float | None, half_hours: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "span": span,
                "from_min": from_min,
                "to_min": from_min + 60 if from_min < 180 else None,
                "session_length": f"{from_min} min",
                "sessions": 10 + from_min,
                "session_share": 0.25,
                "mean_session_hours": mean_hours,
                "half_over_hours": half_hours,
            }
            for from_min in (0, 60, 120, 180)
        ]
    )


COMPARED = pd.concat([lengths("current", 1.1, 0.75), lengths("comparison", 1.0, 0.5)], ignore_index=True)


def test_lengths_are_bars_with_the_days_compared_over_them() -> None:
    figure = sessions_by_length(COMPARED, SESSIONS, FILTERS)
    bars, outlines = figure.data
    assert list(bars.x) == [0, 60, 120, 180]
    assert list(bars.y) == [10, 70, 130, 190]
    assert list(outlines.x) == [0, 60, 120, 180]
    assert list(outlines.y) == [10, 70, 130, 190]
    assert words(figure.layout.xaxis.ticktext[-1]) == "3 h 00 min or more"


def test_lengths_alone_and_none() -> None:
    assert len(sessions_by_length(lengths("current", 1.0, 0.5), SESSIONS, FILTERS).data) == 1
    assert len(sessions_by_length(COMPARED.head(0), SESSIONS, FILTERS).data) == 0


@pytest.mark.parametrize(
    ("mean_hours", "half_hours", "said"),
    [
        (1.1, 0.75, "Sessions last 1 h 06 min on average, half of them less than 45 min"),
        (4.0, None, "Sessions last 4 h 00 min on average"),
        (None, None, "Sessions by length"),
    ],
)
def test_how_long_sessions_last_is_said(mean_hours: float | None, half_hours: float | None, said: str) -> None:
    assert words(usual_session(lengths("current", mean_hours, half_hours), SESSIONS, FILTERS)) == said


def test_the_mean_of_the_days_compared_is_said() -> None:
    # 1.1 h after 1 h: 10 % more.
    said = words(session_length_change(COMPARED, SESSIONS, FILTERS))
    assert said == "In the days compared the mean was 1 h 00 min (up 10 % since)."
    assert session_length_change(lengths("current", 1.0, 0.5), SESSIONS, FILTERS) is None


def test_the_share_of_binges_is_that_of_all_periods_together() -> None:
    frame = pd.DataFrame(
        [
            {"span": "current", "binge_sessions": 3, "binge_watch_hours": 2.0, "watch_hours": 4.0},
            {"span": "current", "binge_sessions": 1, "binge_watch_hours": 1.0, "watch_hours": 8.0},
            {"span": "comparison", "binge_sessions": 9, "binge_watch_hours": 9.0, "watch_hours": 9.0},
        ]
    )
    # 3 of 12 h.
    assert words(binge_share(frame, BINGES, FILTERS)) == "4 binge sessions, 25 % of watch time"
    assert words(binge_share(frame.assign(watch_hours=0.0), BINGES, FILTERS)) == "4 binge sessions"


def after_release(level: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "days_since_release": day,
                "releases": 2 if day < 20 else 0,
                "binge_sessions": 6 if day < 7 else 0,
                "binge_sessions_per_release": 3.0 if day < 7 else 0.0 if day < 20 else None,
                "level_after": level,
            }
            for day in range(29)
        ]
    )


def test_the_first_week_after_a_release_is_set_against_later_weeks() -> None:
    # 42 sessions on 14 days of releases: 3 a day, 6 times as many as 0.5.
    said = words(first_week_ratio(after_release(0.5), PER_RELEASE, FILTERS))
    assert said == "6 times as many binge sessions a day in a release's first week as later"
    for level in (None, 0.0):
        assert first_week_ratio(after_release(level), PER_RELEASE, FILTERS) == PER_RELEASE.label


def test_days_without_a_release_are_gaps() -> None:
    (bars,) = binges_after_release(after_release(0.5), PER_RELEASE, FILTERS).data
    assert list(bars.y[:8]) == [3.0] * 7 + [0.0]
    assert list(bars.y[20:]) == [None] * 9
    assert len(binges_after_release(after_release(0.5), PER_RELEASE, FILTERS).layout.shapes) == 1
    assert len(binges_after_release(after_release(None), PER_RELEASE, FILTERS).layout.shapes) == 0
    assert len(binges_after_release(after_release(0.5).head(0), PER_RELEASE, FILTERS).data) == 0
