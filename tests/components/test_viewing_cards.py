"""What the cards of Viewing patterns say and draw: over time, by hour and weekday, and of what a change is made."""

import pandas as pd

from components.effects import effects, effects_headline, what_effects_are
from components.hours import busiest_and_quietest, hours_of_week, uneven_days
from components.split_trend import development, split_trend
from components.weekdays import contrast_interval, films_by_weekday, weekend_contrast
from definitions.metrics import METRICS
from tests.components.trees import rows, words
from tests.components.world import filters_of

HOURS, PLAYS, FILMS = (METRICS[name] for name in ("watch_hours", "plays", "film_share"))
ACCOUNTS, COMPLETION = METRICS["mean_daily_active_accounts"], METRICS["completion_rate"]
# Two days, compared with the two before.
FILTERS = filters_of("start_day=2023-06-10&end_day=2023-06-12")


def periods(*values: tuple[str, str, str, float], kind: str = "none", metric: str = "watch_hours") -> pd.DataFrame:
    """Return rows of (span, day, group, value), a day each."""
    return pd.DataFrame(
        [
            {
                "span": span,
                "period_start": pd.Timestamp(day),
                "first_day": pd.Timestamp(day),
                "end_day": pd.Timestamp(day) + pd.Timedelta(days=1),
                "is_complete": True,
                "group_kind": kind,
                "group_id": group,
                "group_rank": 1 if group in ("all", "tv") else 2,
                metric: value,
            }
            for span, day, group, value in values
        ]
    )


def test_totals_grow_and_means_are_told_as_means() -> None:
    # 12 + 18 h after 10 + 15: a fifth more. Accounts: 30 and 50, 40 a day.
    spans = [("current", "2023-06-10"), ("current", "2023-06-11"), ("comparison", "2023-06-08")]
    hours = periods(*((*span, "all", value) for span, value in zip(spans, (12, 18, 25), strict=True)))
    assert words(development(hours, HOURS, FILTERS)) == "Watch time grew 20 %"
    alone = periods(
        ("current", "2023-06-10", "all", 30), ("current", "2023-06-11", "all", 50), metric="mean_daily_active_accounts"
    )
    assert words(development(alone, ACCOUNTS, FILTERS)) == "Daily active accounts: 40"


def test_who_counts_in_two_groups_is_in_no_total() -> None:
    frame = periods(
        ("current", "2023-06-10", "tv", 30),
        ("current", "2023-06-10", "mobile", 20),
        kind="device",
        metric="mean_daily_active_accounts",
    )
    assert development(frame, ACCOUNTS, FILTERS) == "Daily active accounts by device"
    assert {trace.name: list(trace.y) for trace in split_trend(frame, ACCOUNTS, FILTERS).data} == {
        "TV": [30],
        "Phone": [20],
    }


def week(values: dict[tuple[str, int], float], days: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"weekday": weekday, "hour": hour, "days": days[weekday], "watch_hours": value}
            for (weekday, hour), value in values.items()
        ]
    )


def test_hours_are_compared_by_such_hour() -> None:
    # Mondays come twice: 9 h in two of them are 4.5 h each, less than 8 h on the one Sunday.
    values = {("monday", 20): 9.0, ("monday", 4): 1.0, ("sunday", 20): 8.0, ("sunday", 4): 0.4}
    frame = week(values, {"monday": 2, "sunday": 1})
    assert busiest_and_quietest(frame, HOURS, FILTERS) == "Busiest on Sunday at 20:00, quietest on Sunday at 04:00"
    assert uneven_days(frame, HOURS, FILTERS) == "These days hold Monday 2 times, other days of the week 1 times."
    assert uneven_days(frame, METRICS["concurrent_streams"], FILTERS) is None
    # Of the chosen hour, Monday's 4.5 h are the quietest.
    evenings = FILTERS.with_only("hour", ("20",))
    assert busiest_and_quietest(frame, HOURS, evenings) == "Busiest on Sunday at 20:00, quietest on Monday at 20:00"
    even = week(dict.fromkeys(values, 1.0), {"monday": 1, "sunday": 1})
    assert busiest_and_quietest(even, HOURS, FILTERS) == "Watch time by hour and weekday"


def test_a_cell_offers_its_hour_of_its_weekday() -> None:
    (cells,) = hours_of_week(week({("monday", 20): 9.0}, {"monday": 1}), HOURS, FILTERS).data
    assert cells.customdata[0][0] == ["weekday=monday&hour=20", "Monday 20:00"]


def contrast(middle: float | None, low: float | None, high: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "weekday": ["monday", "saturday"],
            "film_hours": [1.0, 3.0],
            "episode_hours": [3.0, 1.0],
            "film_share": [0.25, 0.75],
            "weeks": [4, 4],
            "weekend_contrast": [middle, middle],
            "weekend_contrast_low": [low, low],
            "weekend_contrast_high": [high, high],
        }
    )


def test_the_weekend_is_told_with_its_interval() -> None:
    clear = contrast(0.25, 0.2, 0.3)
    assert weekend_contrast(clear, FILMS, FILTERS) == "Films take 25.0 points more of weekends than of other days"
    assert contrast_interval(clear, FILMS, FILTERS) == (
        "Weekend less weekday: +25.0 points, 95 % interval +20.0 to +30.0, over 4 whole weeks."
    )
    fewer = contrast(-0.25, -0.3, -0.2)
    assert weekend_contrast(fewer, FILMS, FILTERS) == "Films take 25.0 points less of weekends than of other days"
    unclear = contrast(0.05, -0.01, 0.11)
    assert weekend_contrast(unclear, FILMS, FILTERS) == (
        "Films take no clearly other share of weekends than of other days"
    )
    # One week has no interval; without films and episodes there is no contrast; a hidden day does not hide it.
    assert contrast_interval(contrast(0.25, None, None), FILMS, FILTERS) == "Of one whole week; an interval needs two."
    assert weekend_contrast(contrast(None, None, None), FILMS, FILTERS) == "Films' share of watch time by weekday"
    hidden = clear.assign(weekend_contrast=[float("nan"), 0.25])
    assert weekend_contrast(hidden, FILMS, FILTERS).startswith("Films take 25.0 points more")
    (bars,) = films_by_weekday(clear, FILMS, FILTERS).data
    assert (list(bars.x), list(bars.y)) == (["Mon", "Sat"], [0.25, 0.75])


EFFECTS = pd.DataFrame(
    {
        "group_kind": ["volume", "device", "device"],
        "group_id": ["volume", "tv", "mobile"],
        "base_share": [None, 0.5, 0.5],
        "compare_base_share": [None, 0.75, 0.25],
        "group_value": [None, 2.0, 0.5],
        "compare_group_value": [None, 1.0, 0.5],
        "mix_effect": [None, -0.5, -1.0],
        "rate_effect": [None, 3.0, 0.0],
        "effect": [2.0, 2.5, -1.0],
    }
)


def test_a_change_is_told_by_what_it_is_made_of() -> None:
    # 2 + 2.5 - 1 = 3.5 h, of which mix -1.5 and rate 3.
    said = words(effects_headline(EFFECTS, HOURS, FILTERS)).replace("\N{MINUS SIGN}", "-")
    assert said == "Watch time +3 h 30 min: +2 h 00 min volume, -1 h 30 min mix, +3 h 00 min rate"
    table = [[cell.replace("\N{MINUS SIGN}", "-") for cell in row] for row in rows(effects(EFFECTS, HOURS, FILTERS))]
    assert table[1] == ["More plays", "", "+2 h 00 min", "–", "–"]
    assert table[2][2:] == ["+2 h 30 min", "-0 h 30 min", "+3 h 00 min"]
    assert what_effects_are(EFFECTS, HOURS, FILTERS) == (
        "Volume: more or fewer plays in all. Mix: the groups' shares of plays shifted. "
        "Rate: groups changed by themselves. They add up."
    )
    assert "75 % → 50 % of plays, 1 h 00 min → 2 h 00 min a play" in table[2][0]


def test_rates_change_by_points_and_hidden_groups_leave_no_total() -> None:
    rates = EFFECTS.iloc[1:].assign(mix_effect=[0.01, 0.0], rate_effect=[0.02, -0.005], effect=[0.03, -0.005])
    said = words(effects_headline(rates, COMPLETION, FILTERS)).replace("\N{MINUS SIGN}", "-")
    assert said == "Completion rate +2.5 pt: +1.0 pt mix, +1.5 pt rate"
    hidden = EFFECTS.assign(effect=[2.0, float("nan"), -1.0])
    assert effects_headline(hidden, HOURS, FILTERS) == "What moved watch time"


def test_beyond_twelve_groups_the_others_are_added_up() -> None:
    many = pd.concat([EFFECTS.iloc[1:2].assign(group_id=f"c{number}", group_kind="country") for number in range(14)])
    last = rows(effects(many, HOURS, FILTERS))[-1]
    # Two of 2.5 h each.
    assert (last[0], last[2]) == ("2 others", "+5 h 00 min")
