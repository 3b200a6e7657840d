"""What cards of retention say and draw."""

from typing import Any

import pandas as pd
import pytest

from components.comings import churn, churn_rates, lifecycle_change, lifecycle_flows, months_table, what_months_count
from components.graph import graph
from components.rejoining import what_rejoining_counts
from components.survival import (
    LIMIT,
    early_endings,
    ending_rates,
    log_rank,
    log_rank_statistic,
    median_days,
    median_life,
    survival_curves,
    what_survival_counts,
)
from components.undrawn import undrawn_groups
from definitions.metrics import METRICS
from tests.components.trees import rows, words
from tests.components.world import filters_of

FILTERS = filters_of("period=all")
SURVIVAL = METRICS["survival"]


def lives(*groups: str, kind: str = "none", half_at: int = 60) -> pd.DataFrame:
    """Of 100 subscriptions of each group 20 end after 30 days, and 40 more after ``half_at``."""
    days = [(0, 100, 0, 1.0), (30, 100, 20, 0.8), (half_at, 80, 40, 0.4)]
    return pd.DataFrame(
        [
            {
                "group_kind": kind,
                "group_id": group,
                "group_name": group,
                "group_rank": rank,
                "age_days": age,
                "at_risk": at_risk,
                "ended_subscriptions": ended,
                "survival": survival,
                "survival_low": survival * 0.9,
                "survival_high": min(1.0, survival * 1.1),
                "chosen_end_incidence": 1 - survival,
                "payment_end_incidence": 0.0,
            }
            for rank, group in enumerate(groups or ("all",), 1)
            for age, at_risk, ended, survival in days
        ]
    )


def test_the_median_is_the_first_day_by_which_half_have_ended() -> None:
    assert median_days(lives()) == (60, 60, 60)
    assert (
        words(median_life(lives(), SURVIVAL, FILTERS))
        == "Half of subscriptions have ended after 60 days (95 %: 60 to 60)"
    )
    # Where nobody was at risk at first, nothing is told of the days before.
    later = lives().query("age_days >= 30")
    assert (
        words(median_life(later, SURVIVAL, FILTERS))
        == "Half of subscriptions that reached day 30 have ended after 60 days (95 %: 60 to 60)"
    )
    few = lives().head(2)
    assert median_days(few) == (None, None, None)
    assert words(median_life(few, SURVIVAL, FILTERS)) == "80 % of subscriptions are still there after 1 month"


def test_a_curve_has_its_limits_and_who_is_at_risk() -> None:
    figure = survival_curves(lives(), SURVIVAL, FILTERS)
    low, high, line, at_risk = figure.data
    assert (low.meta, high.meta, line.meta) == (LIMIT, LIMIT, None)
    assert line.y == (1.0, 0.8, 0.4)
    # At the beginning, and after one and two months.
    assert list(at_risk.text) == ["100", "100", "80"]
    assert survival_curves(lives().head(0), SURVIVAL, FILTERS).data == ()
    # Lines over days of life are no lines over days.
    assert graph(figure, "Survival", 400).children is not None


def test_groups_are_compared_and_told_by_name() -> None:
    frame = lives("basic", "family", "premium", kind="plan")
    # Three groups that end alike: what ended is what was expected, so χ² is 0 and p is 1.
    statistic, degrees = log_rank_statistic(frame)
    assert statistic == pytest.approx(0.0)
    assert degrees == 2
    assert log_rank(frame) == pytest.approx(1.0)
    assert words(median_life(frame, SURVIVAL, FILTERS)) == (
        "Survival does not differ measurably by plan (log-rank, p = 1.000)"
    )
    assert "basic 60 days (60 to 60); family 60 days (60 to 60)" in words(
        what_survival_counts(frame, SURVIVAL, FILTERS)
    )
    figure = survival_curves(frame, SURVIVAL, FILTERS)
    assert [trace.name for trace in figure.data[:3]] == ["basic", "family", "premium"]
    assert log_rank(lives()) is None


def test_of_more_groups_than_colours_the_largest_are_drawn() -> None:
    frame = lives(*(f"plan {number}" for number in range(8)), kind="plan")
    assert len(survival_curves(frame, SURVIVAL, FILTERS).data) == 6 + 1
    assert "2 smaller groups are in the table" in words(what_survival_counts(frame, SURVIVAL, FILTERS))


def test_incidence_names_what_it_is() -> None:
    metric = METRICS["chosen_end_incidence"]
    assert words(median_life(lives(), metric, FILTERS)) == "Ended by decision, by days since a subscription began"
    (line, _) = survival_curves(lives(), metric, FILTERS).data
    assert line.y == pytest.approx((0, 0.2, 0.6))


def test_how_many_end_at_first_and_later() -> None:
    frame = pd.DataFrame(
        {
            "group_kind": "none",
            "group_id": "all",
            "group_rank": 1,
            "month_of_life": [1, 2, 4, 5],
            "at_risk": [1_000, 500, 400, 400],
            "ended_subscriptions": [80, 40, 10, 6],
            "ending_rate": [0.08, 0.08, 0.025, 0.015],
            "ending_rate_low": [0.065, 0.06, 0.014, 0.007],
            "ending_rate_high": [0.1, 0.11, 0.045, 0.03],
        }
    )
    metric = METRICS["ending_rate"]
    # 120 of 1,500 at first, 16 of 800 later.
    assert words(early_endings(frame, metric, FILTERS)) == (
        "8 % a month end in the first three months of life, 2 % later"
    )
    assert early_endings(frame.head(2), metric, FILTERS) == metric.label
    (line,) = ending_rates(frame, metric, FILTERS).data
    assert line.y == (0.08, 0.08, 0.025, 0.015)
    assert line.error_y.array == pytest.approx((0.02, 0.03, 0.02, 0.015))


def months() -> pd.DataFrame:
    first = pd.to_datetime(["2023-05-01", "2023-06-01"])
    return pd.DataFrame(
        {
            "period_start": first,
            "first_day": first,
            "end_day": pd.to_datetime(["2023-06-01", "2023-07-01"]),
            "is_complete": True,
            "group_kind": "none",
            "group_id": "all",
            "subscriptions_at_start": [100, 105],
            "new_subscriptions": [10, 12],
            "rejoined_subscriptions": [1, 2],
            "ended_subscriptions": [6, 9],
            "moved_subscriptions": [0, -3],
            "subscriptions_at_end": [105, 107],
            "gross_churn_rate": [0.06, 9 / 105],
            "net_churn_rate": [0.05, 7 / 105],
        }
    )


def test_churn_says_the_latest_month_and_its_table_adds_up() -> None:
    gross, ended = METRICS["gross_churn_rate"], METRICS["ended_subscriptions"]
    assert words(churn(months(), gross, FILTERS)) == (
        "8.6 % of subscriptions ended in June 2023, 6.7 % net of those who came back"
    )
    drawn = churn_rates(months(), gross, FILTERS)
    assert drawn.data[0].y == pytest.approx((0.06, 9 / 105))
    assert not any(trace.showlegend for trace in drawn.data)
    head, latest, _ = rows(months_table(months(), ended, FILTERS))
    assert head == ["Month", "At its beginning", "New", "Rejoined", "Ended", "At its end", "Gross churn", "Net churn"]
    assert [words(cell) for cell in latest] == ["June 2023", "105", "12", "2", "9", "107", "8.6 %", "6.7 %"]
    of_a_plan = filters_of("period=all&plan=basic")
    assert "Plan changed, net" in rows(months_table(months(), ended, of_a_plan))[0]
    assert words(what_months_count(months(), ended, of_a_plan)).endswith(
        "3 more went to other plans than came from them."
    )


def churn_by_plan(**at_start: int) -> pd.DataFrame:
    """Of each plan two months, at whose beginning there are as many; of every plan ten end in each."""
    return pd.concat(
        [
            months().assign(
                group_kind="plan",
                group_id=plan,
                group_rank=rank,
                subscriptions_at_start=size,
                gross_churn_rate=10 / size,
                net_churn_rate=10 / size,
            )
            for rank, (plan, size) in enumerate(at_start.items(), 1)
        ]
    )


def test_few_of_an_unknown_plan_are_told_and_not_drawn() -> None:
    gross, size = METRICS["gross_churn_rate"], "subscriptions_at_start"
    # 20 of 520 are 3.8 %; half of those end in a month, which would draw the lines of 2.5 and 10 % flat.
    few = churn_by_plan(basic=400, family=100, unknown=20)
    assert [trace.name for trace in churn_rates(few, gross, FILTERS).data] == ["basic", "family"]
    assert words(churn(few, gross, FILTERS)) == "Gross churn rate a month: from 2.5 % (basic) to 10 % (family)"
    assert words(undrawn_groups(few, gross, FILTERS, size=size) or "") == (
        "Of 20 the plan is not known: too few for a line, in the table only."
    )
    # 40 of 540 are 7.4 %: whom the source leaves out is worth knowing.
    many = churn_by_plan(basic=400, family=100, unknown=40)
    assert [trace.name for trace in churn_rates(many, gross, FILTERS).data] == ["basic", "family", "Unknown"]
    assert words(churn(many, gross, FILTERS)) == "Gross churn rate a month: from 2.5 % (basic) to 25 % (Unknown)"
    assert undrawn_groups(many, gross, FILTERS, size=size) is None
    assert undrawn_groups(months(), gross, FILTERS, size=size) is None
    eight = churn_by_plan(**{f"plan{number}": 100 for number in range(8)}, unknown=1)
    assert len(churn_rates(eight, gross, FILTERS).data) == 6
    assert words(undrawn_groups(eight, gross, FILTERS, size=size) or "") == (
        "Of 1 the plan is not known: too few for a line, in the table only. 2 smaller groups are in the table."
    )


def test_few_of_an_unknown_plan_have_no_curve() -> None:
    frame = lives("basic", "family", kind="plan")
    few = lives("unknown", kind="plan").assign(at_risk=lambda rows: rows["at_risk"] // 10, group_rank=3)
    # 10 of 210 are 4.8 %.
    frame = pd.concat([frame, few])
    told = "Of 10 the plan is not known: too few for a line, in the table only."
    drawn = survival_curves(frame, SURVIVAL, FILTERS)
    assert [trace.name for trace in drawn.data if trace.name] == ["basic", "family"]
    assert words(what_survival_counts(frame, SURVIVAL, FILTERS)).endswith(f"family 60 days (60 to 60). {told}")
    # Compared are those who are told apart by a plan.
    assert words(median_life(frame, SURVIVAL, FILTERS)).endswith("by plan (log-rank, p = 1.000)")
    assert words(what_rejoining_counts(frame, SURVIVAL, FILTERS)).endswith(f"still away. {told}")
    rates = frame.assign(month_of_life=1, ending_rate=0.1, ending_rate_low=0.05, ending_rate_high=0.2)
    drawn = ending_rates(rates, METRICS["ending_rate"], FILTERS)
    assert [trace.name for trace in drawn.data] == ["basic", "family"]


def states(counts: dict[str, list[int | None]]) -> pd.DataFrame:
    weeks: list[dict[str, Any]] = [
        {"first_day": day, "is_complete": whole, "state": state, "lifecycle": values[position]}
        for position, (day, whole) in enumerate([("2023-06-05", True), ("2023-06-12", True), ("2023-06-19", False)])
        for state, values in counts.items()
    ]
    frame = pd.DataFrame(weeks)
    return frame.assign(first_day=pd.to_datetime(frame["first_day"]), lifecycle=frame["lifecycle"].astype("Int64"))


def test_the_dormant_stand_below_zero_and_the_others_on_each_other() -> None:
    none: dict[str, list[int | None]] = {"resurrected": [0, 0, 0], "first_seen": [0, 0, 0]}
    frame = states({"returning": [0, 30, 20], **none, "new": [40, 5, 1], "dormant": [0, 10, None]})
    metric, filters = METRICS["lifecycle"], filters_of("period=all&granularity=week")
    # Of the 40 active in the week of 5 June, ten were not in the next; the last week is not over.
    assert words(lifecycle_change(frame, metric, filters)) == (
        "25 % of the accounts active the week before were not in that of 12 June"
    )
    returning, resurrected, _, new, dormant = lifecycle_flows(frame, metric, filters).data
    assert (returning.base, new.base, dormant.base) == ((0, 0, 0), (0, 30, 20), (0, -10, 0))
    assert (new.y, new.showlegend, resurrected.showlegend) == ((40, 5, 1), True, False)
    assert dormant.y == (0, 10, None)
    assert new.marker.opacity == (1.0, 1.0, 0.45)
