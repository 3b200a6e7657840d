"""What the cards of value say and draw."""

import numpy as np
import pandas as pd
import pytest

from components.format import money_text
from components.survival import LIMIT
from components.value import (
    concentration_curve,
    forecast_table,
    how_many_stay,
    points_text,
    renewal_curves,
    value_table,
    what_concentration_counts,
    what_is_forecast,
    what_one_is_worth,
    what_the_top_brings,
    what_value_counts,
    which_forecast_errs_less,
    why_rates_fall,
)
from definitions.metrics import METRICS
from tests.components.trees import rows, walk, words
from tests.components.world import filters_of

FILTERS = filters_of("period=all")
SURVIVAL = METRICS["survival"]
MONTHS = METRICS["lifetime_months"]
ERROR = METRICS["forecast_error"]
SHARE = METRICS["value_share"]
# «Regular» of Fader and Hardie, 2007: of 1,000.
LEFT = [1000, 631, 468, 382, 326, 289, 262, 241]


def renewals(*groups: str, left: list[float] | None = None, held_out_from: int = 5) -> pd.DataFrame:
    shares = left or [float(count) for count in LEFT]
    return pd.DataFrame(
        [
            {
                "group_kind": "plan" if groups else "none",
                "group_id": group,
                "group_name": group,
                "group_rank": rank,
                "month_of_life": month,
                "at_risk": shares[month - 1],
                "ended_subscriptions": shares[month - 1] - shares[month],
                "survival": shares[month] / shares[0],
                "fitted_survival": shares[month] / shares[0],
                "forecast_survival": shares[month] / shares[0] if month >= held_out_from else np.nan,
                "constant_rate_survival": 0.2 if month >= held_out_from else np.nan,
            }
            for rank, group in enumerate(groups or ("all",), 1)
            for month in range(1, len(shares))
        ]
    )


def test_what_is_left_is_observed_fitted_and_expected() -> None:
    figure = renewal_curves(renewals(), SURVIVAL, FILTERS)
    assert [trace.name for trace in figure.data] == [
        "Observed",
        "Fitted",
        "Expected",
        "Forecast from months 1 to 4",
        "By a constant rate",
    ]
    observed, fitted, expected, *_ = figure.data
    assert observed.y[0] == pytest.approx(0.631)
    assert [trace.meta for trace in figure.data] == [None, *[LIMIT] * 4]
    assert (fitted.x[0], fitted.y[0], fitted.x[-1], expected.x[0], expected.x[-1]) == (0, 1, 7, 7, 19)
    assert expected.line.dash == "dash"
    assert (figure.layout.shapes[0].x0, figure.layout.shapes[0].x1) == (4.5, 7.5)
    # S(19) = B(0.704, 1.182 + 19) / B(0.704, 1.182) = 0.126.
    said = words(how_many_stay(renewals(), SURVIVAL, FILTERS))
    assert said == "24.1 % are still there after 7 months, and 12.6 % are expected after 19"
    assert renewal_curves(renewals().head(0), SURVIVAL, FILTERS).data == ()


def test_groups_are_drawn_without_what_is_held_out() -> None:
    frame = renewals("basic", "family")
    figure = renewal_curves(frame, SURVIVAL, FILTERS)
    assert [trace.name for trace in figure.data if trace.meta != LIMIT] == ["basic", "family"]
    assert not figure.layout.shapes
    assert words(how_many_stay(frame, SURVIVAL, FILTERS)).startswith("basic: 24.1 % are still there")


def test_a_falling_rate_is_explained_only_where_it_falls() -> None:
    said = words(why_rates_fall(renewals(), SURVIVAL, FILTERS))
    # alpha / (alpha + beta) of the first year, and 0.704 / (1.886 + 6) of the seventh.
    assert said.startswith("The fitted ending rate falls from 37.3 % in the first month to 8.9 % in month 7, beyond")
    assert "(alpha = 0.704, beta = 1.18)" in said
    constant = renewals(left=[1000 * 0.9**month for month in range(8)])
    assert words(why_rates_fall(constant, SURVIVAL, FILTERS)).startswith(
        "No fall of the ending rate with age is seen: 10 % end a month, as if all were alike."
    )
    chance = renewals(left=[100, 88, 79, 71])
    assert "no more than chance would make of a constant one" in words(why_rates_fall(chance, SURVIVAL, FILTERS))
    nobody = renewals(left=[100, 100, 100])
    assert words(why_rates_fall(nobody, SURVIVAL, FILTERS)).startswith("Nobody ended, so nothing tells")
    assert words(how_many_stay(nobody, SURVIVAL, FILTERS)) == "100 % are still there after 2 months"
    few = renewals(left=[20, 18, 16.2, 14.58])
    # 0.9 to the power of 12.
    assert words(how_many_stay(few, SURVIVAL, FILTERS)) == "28.2 % are expected to be still there after 12 months"


def errors(*pairs: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "group_kind": "none" if len(pairs) == 1 else "plan",
                "group_id": "all" if len(pairs) == 1 else f"plan {number}",
                "group_name": "",
                "renewals": 100,
                "fitted_months": None if np.isnan(model) else 4,
                "forecast_months": None if np.isnan(model) else 3,
                "forecast_error": model,
                "constant_rate_error": constant,
            }
            for number, (model, constant) in enumerate(pairs)
        ]
    )


def test_the_better_forecast_is_said_also_where_it_is_the_naive_one() -> None:
    def said(*pairs: tuple[float, float]) -> str:
        return words(which_forecast_errs_less(errors(*pairs), ERROR, FILTERS))

    assert said((0.008, 0.11)) == (
        "The forecast of months 5 to 7 errs by 0.8 points, that of a constant ending rate by 11.0 points"
    )
    assert said((0.03, 0.02)) == (
        "A constant ending rate forecasts months 5 to 7 better: it errs by 2.0 points, the model by 3.0 points"
    )
    assert said((0.02, 0.02)).endswith("err by 2.0 points, and so does a constant ending rate")
    assert said((0.03, 0.02), (0.01, 0.02)).startswith("A constant ending rate forecasts months 5 to 7 (plan 0) better")
    assert words(points_text(0.0004)) == "0.04 points"
    several = errors((0.03, 0.02), (0.01, 0.02), (0.0201, 0.0202), (np.nan, np.nan))
    assert words(what_is_forecast(several, ERROR, FILTERS)).startswith(
        "Of 3 groups the model errs less in 1, a constant rate in 1."
    )
    table = rows(forecast_table(several, ERROR, FILTERS))
    assert table[1] == ["plan 0", "1 to 4; 5 to 7", "3.0 points", "2.0 points"]
    assert table[4] == ["plan 3", "cannot be checked"]


def values(*groups: tuple[str, float, float | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "group_kind": "none" if len(groups) == 1 else "plan",
                "group_id": name,
                "group_name": name,
                "group_rank": rank,
                "renewals": 100,
                "lifetime_months": months,
                "lifetime_months_low": months * 0.8,
                "lifetime_months_high": months * 1.25,
                "share_beyond_data": 0.4,
                "currency": currency,
                "payments": 10,
                "mean_price_minor": price,
                "customer_lifetime_value": None if price is None else months * price,
                "customer_lifetime_value_low": None if price is None else months * price * 0.8,
                "customer_lifetime_value_high": None if price is None else months * price * 1.25,
            }
            for rank, (name, months, price, currency) in enumerate(groups, 1)
        ]
    )


def test_what_one_is_worth_in_money_and_in_months() -> None:
    one = values(("all", 20.0, 1000, "EUR"))
    assert words(what_one_is_worth(one, MONTHS, FILTERS)) == (
        "A subscription is worth 200.00 EUR (95 %: 160.00 to 250.00 EUR), 20.0 months of payment"
    )
    assert rows(value_table(one, MONTHS, FILTERS))[1] == [
        "All subscriptions",
        "",
        "20.0",
        "16.0 to 25.0",
        "10.00 EUR",
        "200.00 EUR",
        "160.00 to 250.00 EUR",
        "40 %",
    ]
    (mark,) = [part for part in walk(value_table(one, MONTHS, FILTERS)) if getattr(part, "className", "") == "interval"]
    assert mark.style == {"--low": "64.0%", "--at": "80.0%", "--high": "100.0%"}
    plans = values(("basic", 15.0, 500, "EUR"), ("family", 10.0, 1500, "EUR"), ("none", np.nan, 900, "EUR"))
    assert words(what_one_is_worth(plans, MONTHS, FILTERS)) == (
        "By plan a subscription is worth from 75.00 EUR (basic) to 150.00 EUR (family)"
    )
    assert rows(value_table(plans, MONTHS, FILTERS))[3] == ["none", "cannot be fitted"]
    alike = values(("basic", 15.0, 500, "EUR"), ("family", 6.0, 1500, "EUR"))
    assert words(what_one_is_worth(alike, MONTHS, FILTERS)) == (
        "Worth does not differ measurably by plan: 75.00 EUR in the largest, basic"
    )


def test_intervals_of_small_groups_do_not_squeeze_those_of_the_large_ones() -> None:
    many = values(*((f"plan {number}", 20.0, 1000, "EUR") for number in range(22)))
    many.loc[many["group_rank"] == 7, "lifetime_months_high"] = 500.0
    table = value_table(many, MONTHS, FILTERS)
    marks = [part for part in walk(table) if "interval" in (getattr(part, "className", None) or "").split()]
    # The six largest reach up to 25 months; the seventh is cut off there. Twenty are shown.
    assert marks[0].style == {"--low": "64.0%", "--at": "80.0%", "--high": "100.0%"}
    assert (marks[6].style["--high"], marks[6].className, marks[7].className) == ("100.0%", "interval cut", "interval")
    assert len(marks) == 20
    assert "2 smaller groups are in the table view." in words(what_value_counts(many, MONTHS, FILTERS))


def test_currencies_are_not_compared_and_no_price_is_said() -> None:
    two = values(("basic", 25.0, 500, "EUR"), ("family", 10.0, 150_000, "JPY"))
    assert words(what_one_is_worth(two, MONTHS, FILTERS)) == (
        "By plan a subscription is worth from 10.0 months of payment (family) to 25.0 months of payment (basic)"
    )
    assert "Currencies are not added up" in words(what_value_counts(two, MONTHS, FILTERS))
    assert words(money_text(150_000, "JPY")) == "150,000 JPY"
    assert words(money_text(1_234_567, "KWD")) == "1,234.567 KWD"
    without = values(("all", 15.0, None, None))
    assert words(what_one_is_worth(without, MONTHS, FILTERS)) == (
        "A subscription is worth 15.0 months of payment (95 %: 12.0 to 18.8)"
    )
    assert "No price is known in these days" in words(what_value_counts(without, MONTHS, FILTERS))
    assert rows(value_table(without, MONTHS, FILTERS))[0] == [
        "Group",
        "Months of payment, drawn",
        "Months of payment",
        "95 %",
        "Beyond the months seen",
    ]


def steps(*shares: tuple[float, float], name: str = "EUR") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "measured": "watched" if name == "hours" else "paid",
                "measured_in": name,
                "group_rank": 1,
                "counted_accounts": 200,
                "share_of_accounts": accounts,
                "value_share": value,
            }
            for accounts, value in shares
        ]
    )


def test_the_top_tenth_and_the_gini_coefficient() -> None:
    # A tenth has half of it, the others share the rest alike: area 0.025 + 0.9 · 0.75 = 0.7, Gini 0.4.
    frame = steps((0, 0), (0.1, 0.5), (1, 1))
    assert words(what_the_top_brings(frame, SHARE, FILTERS)) == (
        "The top 10 % of accounts bring 50 % of what was paid in EUR (Gini 0.40)"
    )
    curve, alike = concentration_curve(frame, SHARE, FILTERS).data
    assert (list(curve.y), alike.meta) == ([0, 0.5, 1], LIMIT)
    hours = steps((0, 0), (1, 1), name="hours")
    assert words(what_the_top_brings(hours, SHARE, FILTERS)) == (
        "The top 10 % of accounts bring 10 % of the hours watched (Gini 0.00)"
    )
    assert words(what_concentration_counts(hours, SHARE, FILTERS)).startswith(
        "No price of a payment is known, so hours watched are counted, of 200 accounts"
    )
    assert "200 accounts in EUR" in words(what_concentration_counts(frame, SHARE, FILTERS))
