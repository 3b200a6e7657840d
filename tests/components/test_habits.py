"""What cards say of habits, of those who come back, and of accounts at risk."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from components.at_risk import accounts_told, better_than_chance, calibration_told, reasons, what_was_tested
from components.habits import active_days_bars, mean_active_days, stickiness_of_range
from components.rejoining import rejoined_by_months, serial_share
from definitions.metrics import METRICS
from tests.components.world import filters_of

# In which no line is broken.
NARROW = "\u00a0"
FILTERS = filters_of("start_day=2026-06-01&end_day=2026-06-15&compare=none")


def plain(text: str) -> str:
    return text.replace(NARROW, " ")


def test_stickiness_of_a_range_is_that_of_its_sums() -> None:
    # A week of 20 a day and one of 40; 100 in the 28 days before the end: 30 of 100. Not the mean of 0.25 and 0.4.
    frame = pd.DataFrame(
        {
            "span": "current",
            "first_day": pd.to_datetime([date(2026, 6, 1), date(2026, 6, 8)]),
            "end_day": pd.to_datetime([date(2026, 6, 8), date(2026, 6, 15)]),
            "mean_daily_active_accounts": [20.0, 40.0],
            "weekly_active_accounts": [50, 60],
            "monthly_active_accounts": [80, 100],
        }
    )
    assert plain(stickiness_of_range(frame, METRICS["stickiness"], FILTERS)) == (
        "30 % of a month’s accounts are active on a day"
    )
    assert plain(stickiness_of_range(frame, METRICS["weekly_stickiness"], FILTERS)) == (
        "60 % of a month’s accounts are active in a week"
    )
    # Of a young segment nobody was there in the weeks before: they are no part of the mean.
    before = frame.assign(
        first_day=frame["first_day"] - pd.Timedelta(days=14),
        end_day=frame["end_day"] - pd.Timedelta(days=14),
        mean_daily_active_accounts=0.0,
        monthly_active_accounts=0,
    )
    assert plain(stickiness_of_range(pd.concat([before, frame]), METRICS["stickiness"], FILTERS)).startswith("30 %")


def test_mean_active_days() -> None:
    # (2 × 1 + 6 × 5) / 8 = 4 days; 2 of 8 came once.
    frame = pd.DataFrame({"active_days": [1, 5], "active_accounts": [2, 6], "active_days_share": [0.25, 0.75]})
    metric = METRICS["active_days_share"]
    assert (
        plain(mean_active_days(frame, metric, FILTERS)) == "Accounts are active on 4.0 of 28 days; 25 % on one day only"
    )
    assert list(active_days_bars(frame, metric, FILTERS).data[0].y) == [0.25, 0.75]
    hidden = frame.assign(active_accounts=[float("nan"), 6])
    assert mean_active_days(hidden, metric, FILTERS) == "Active days in 28"


@pytest.mark.parametrize(
    ("last_age", "expected"),
    [(45, "20 % of accounts that ended are back after a month"), (20, "Rejoined")],
)
def test_rejoined_after_whole_months(last_age: int, expected: str) -> None:
    frame = pd.DataFrame(
        {
            "group_kind": "none",
            "group_id": "all",
            "group_rank": 1,
            "age_days": [0, 12, last_age],
            "rejoined_share": [0.0, 0.2, 0.3],
        }
    )
    assert plain(rejoined_by_months(frame, METRICS["rejoined_share"], FILTERS)) == expected


def test_serial_share() -> None:
    frame = pd.DataFrame({"group_kind": "none", "times_ended": [1, 2, 3], "ended_accounts": [6, 3, 1]})
    told = plain(serial_share(frame, METRICS["ended_accounts"], FILTERS))
    assert told == "40 % of accounts that ended have ended more than once"


def seen(**more: Any) -> dict[str, Any]:
    return {
        "recent_hours": 1.2,
        "habit_hours": 9.8,
        "days_since_active": 3,
        "cancelled_day": pd.NaT,
        "searches": 0,
        "searches_without_result": 0,
        "recent_rebuffer_ratio": None,
        "before_rebuffer_ratio": None,
        **more,
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (seen(), []),
        (seen(days_since_active=19), ["last active 19 days ago"]),
        (seen(cancelled_day=pd.Timestamp("2026-06-03")), ["decided to leave on 3 Jun 2026"]),
        (seen(searches=3, searches_without_result=2), ["2 of 3 searches without a result"]),
        (
            seen(recent_rebuffer_ratio=0.03, before_rebuffer_ratio=0.01),
            ["stalled 3 % of the time, 1 % before"],
        ),
        # Not above its own level, and hardly ever.
        (seen(recent_rebuffer_ratio=0.03, before_rebuffer_ratio=0.025), []),
        (seen(recent_rebuffer_ratio=0.004, before_rebuffer_ratio=0.001), []),
    ],
)
def test_reasons_are_what_was_seen(row: dict[str, Any], expected: list[str]) -> None:
    watched, *others = map(plain, reasons(row))
    assert watched == "watched 1 h 12 min in 28 days, 9 h 48 min in each 28 days before"
    assert others == expected


def test_watched_nothing() -> None:
    assert plain(reasons(seen(recent_hours=0))[0]).startswith("watched nothing in 28 days")
    frame = pd.DataFrame({"habit_lost_share": [1.0, 0.6], "recent_hours": [0.0, 2.0]})
    assert plain(accounts_told(frame, METRICS["habit_lost_share"], FILTERS)) == (
        "2 accounts watch at most half of what they used to; 1 watched nothing in 28 days"
    )


def precision(habit: float, low: float, hours: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "choice": "5 %",
            "rule": ["habit", "hours", "random"],
            "cuts": 10,
            "precision_at_k": [habit, hours, 0.04],
            "precision_low": [low, 0.0, None],
        }
    )


def test_a_rule_no_better_than_chance_is_called_so() -> None:
    metric = METRICS["precision_at_k"]
    assert plain(better_than_chance(precision(0.1, 0.07, 0.12), metric, FILTERS)) == (
        "Of the 5 % who lost the most of their habit, 10 % ended within 28 days; of those chosen by chance, 4 %"
    )
    assert "not measurably more than of those chosen by chance, 4 %" in plain(
        better_than_chance(precision(0.05, 0.03, 0.12), metric, FILTERS)
    )
    assert plain(what_was_tested(precision(0.1, 0.07, 0.12), metric, FILTERS)).endswith("finds more: 12 %.")


def test_calibration_names_what_is_off() -> None:
    frame = pd.DataFrame(
        {
            "risk_band": ["all", "kept"],
            "expected_ended_share": [0.2, 0.03],
            "band_ended_share": [0.1, 0.03],
            "band_ended_share_low": [0.05, 0.02],
            "band_ended_share_high": [0.15, 0.04],
        }
    )
    metric = METRICS["band_ended_share"]
    assert calibration_told(frame, metric, FILTERS) == "Not as expected from earlier dates: all of it lost"
    told = calibration_told(frame.tail(1), metric, FILTERS)
    assert told == "Groups ended as often as earlier dates had led one to expect"
