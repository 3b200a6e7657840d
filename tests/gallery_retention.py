"""The gallery's figures and tables of Retention: made-up rows, so many as are asked for."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.at_risk import BANDS, RULES, accounts_table, calibration_dots, precision_bars
from components.cohorts import cohort_triangle, retention_curves
from components.comings import STATES, churn_rates, lifecycle_flows, months_table
from components.habits import active_days_bars
from components.leaving import odds_by_band
from components.rejoining import TIMES, rejoining_curves, times_ended_bars
from components.survival import ending_rates, survival_curves
from components.value import concentration_curve, forecast_table, renewal_curves, value_table
from definitions.metrics import METRICS
from definitions.values import RISK_CHOICES
from tests.components.world import filters_of
from tests.gallery_pages import name_of, sized

FILTERS = filters_of("start_day=2023-06-03&end_day=2023-07-01")
PLANS = ("basic", "family", "premium", "student", "annual", "duo", "trial", "unknown")
FIRST_WEEK = date(2023, 1, 2)
# Where groups are compared there are three, and as many as colours where there are many rows.
FEW_GROUPS, MANY_GROUPS = 3, 6
YEARS_SHOWN_DAYS = 3 * 365


def in_groups(frame: pd.DataFrame, groups: int) -> pd.DataFrame:
    """Return the rows once for each plan, with the columns that name it."""
    return pd.concat(
        [
            frame.assign(group_kind="plan", group_id=plan, group_name=plan, group_rank=rank)
            for rank, plan in enumerate(PLANS[:groups], 1)
        ],
        ignore_index=True,
    )


def lives_of(count: int) -> pd.DataFrame:
    """Return a row for every day of life of some plans, one of which alone has a band."""
    groups = {1: 1}.get(count, FEW_GROUPS if count < YEARS_SHOWN_DAYS else MANY_GROUPS)
    frame = in_groups(pd.DataFrame({"age_days": np.arange(count)}), groups)
    left = np.exp(-frame["age_days"] / (200 + 100 * frame["group_rank"]))
    shares = {"survival": left, "rejoined_share": 0.6 * (1 - left)}
    for name, share in shares.items():
        frame = frame.assign(**{name: share, f"{name}_low": 0.96 * share, f"{name}_high": np.minimum(1, 1.03 * share)})
    return frame.assign(at_risk=(4_000 * left).round(), ended_subscriptions=3)


def months_of_life(count: int) -> pd.DataFrame:
    groups = {1: 1}.get(count, FEW_GROUPS if count < 100 else MANY_GROUPS)
    frame = in_groups(pd.DataFrame({"month_of_life": np.arange(1, count + 1)}), groups)
    rates = 0.02 * frame["group_rank"] + 0.08 / frame["month_of_life"]
    return frame.assign(
        at_risk=2_000,
        ended_subscriptions=(2_000 * rates).round(),
        ending_rate=rates,
        ending_rate_low=0.85 * rates,
        ending_rate_high=1.2 * rates,
    )


def renewals_of(count: int) -> pd.DataFrame:
    """Return the months of life of all subscriptions, the last third of them held out."""
    months = np.arange(1, count + 1)
    left = 3_000 * (1 + months) ** -0.6
    before = np.concatenate([[3_000], left[:-1]])
    is_held_out = (months > 2 * count / 3) & (count > 1)
    return pd.DataFrame(
        {
            "group_kind": "none",
            "group_id": "all",
            "group_name": "all",
            "group_rank": 1,
            "month_of_life": months,
            "at_risk": before.round(),
            "ended_subscriptions": before.round() - left.round(),
            "survival": left / 3_000,
            "fitted_survival": left / 3_000,
            "forecast_survival": np.where(is_held_out, 0.97 * left / 3_000, np.nan),
            "constant_rate_survival": np.where(is_held_out, 0.8**months, np.nan),
        }
    )


def calendar_months(count: int) -> pd.DataFrame:
    """Return the last so many months, at most 13, of all subscriptions."""
    first = pd.date_range("2022-06-01", periods=min(count, 13), freq="MS")
    rates = 0.05 + 0.01 * np.sin(np.arange(len(first)))
    return pd.DataFrame(
        {
            "period_start": first,
            "first_day": first,
            "end_day": first + pd.offsets.MonthBegin(),
            "is_complete": True,
            "subscriptions_at_start": 12_000,
            "new_subscriptions": 900,
            "rejoined_subscriptions": 80,
            "ended_subscriptions": (12_000 * rates).round(),
            "moved_subscriptions": 0,
            "subscriptions_at_end": 12_980 - (12_000 * rates).round(),
            "gross_churn_rate": rates,
            "net_churn_rate": 0.8 * rates,
        }
    )


def churn_of(count: int) -> pd.DataFrame:
    frame = in_groups(calendar_months(count), {1: 1, 13: FEW_GROUPS}.get(count, len(PLANS)))
    return frame.assign(gross_churn_rate=frame["gross_churn_rate"] * (0.6 + frame["group_rank"] / 5))


def lifecycle_of(count: int) -> pd.DataFrame:
    weeks = pd.date_range("2020-01-06", periods=count, freq="7D")
    sizes = {"returning": 700, "resurrected": 60, "first_seen": 20, "new": 110, "dormant": 130}
    rows = [
        {"first_day": week, "is_complete": week != weeks[-1] or count == 1, "state": state, "lifecycle": sizes[state]}
        for week in weeks
        for state in STATES
    ]
    return pd.DataFrame(rows)


def active_days_of(count: int) -> pd.DataFrame:
    days = np.arange(1, count + 1)
    shares = np.exp(-days / 9) + np.exp(-(29 - days) / 3) / 4
    return pd.DataFrame(
        {"active_days": days, "active_accounts": (9_000 * shares).round(), "active_days_share": shares / shares.sum()}
    )


def times_ended_of(count: int) -> pd.DataFrame:
    frame = in_groups(pd.DataFrame({"times_ended": list(TIMES)}), len(PLANS) if count > 9 else FEW_GROUPS).head(count)
    shares = 0.8 / frame["times_ended"] ** 2
    return frame.assign(ended_accounts_share=shares, ended_accounts=(900 * shares / frame["group_rank"]).round())


def curves_of(count: int) -> pd.DataFrame:
    frame = in_groups(
        pd.DataFrame({"interval_number": np.arange(count)}),
        {1: 1}.get(count, FEW_GROUPS if count < 50 else MANY_GROUPS),
    )
    shares = (1 + frame["interval_number"]) ** (-0.3 - 0.1 * frame["group_rank"])
    return frame.assign(
        cohort_size=2_000,
        retained_accounts=(2_000 * shares).round(),
        cohort_retention_rate=shares,
        cohort_retention_low=0.95 * shares,
        cohort_retention_high=np.minimum(1, 1.05 * shares),
    )


def cohorts_of(count: int) -> pd.DataFrame:
    """Return so many weekly cohorts below the pooled row, each with the weeks of its life up to the end, at most 60."""
    rows = []
    for position in range(-1, count):
        for number in range(min(count - max(position, 0), 60)):
            share = (1 + number) ** (-0.5 - 0.05 * np.sin(position))
            rows.append(
                {
                    "cohort_kind": "pooled" if position < 0 else "cohort",
                    "cohort_start": None if position < 0 else FIRST_WEEK + timedelta(days=7 * position),
                    "interval_number": number,
                    "cohort_size": 480,
                    "retained_accounts": round(480 * share),
                    "is_complete": position < 0 or position + number < count - 1,
                    "cohort_retention_rate": share,
                    "cohort_retention_low": 0.95 * share,
                    "cohort_retention_high": min(1, 1.05 * share),
                }
            )
    return pd.DataFrame(rows)


def concentration_of(count: int) -> pd.DataFrame:
    accounts = np.linspace(0, 1, max(count, 2))
    currencies = ("EUR",) if count <= 101 else ("EUR", "USD", "JPY", "INR", "GBP", "KWD", "CHF")
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "measured": "paid",
                    "measured_in": currency,
                    "group_rank": rank,
                    "share_of_accounts": accounts,
                    "value_share": accounts ** (0.35 + 0.05 * rank),
                    "counted_accounts": 8_000,
                }
            )
            for rank, currency in enumerate(currencies, 1)
        ]
    )


def worth_of(count: int) -> pd.DataFrame:
    months = 30 / (1 + np.arange(count)) ** 0.3
    prices = 799 + 100 * (np.arange(count) % 9)
    return pd.DataFrame(
        {
            "group_kind": "plan",
            "group_id": [name_of(i) for i in range(count)],
            "group_rank": range(1, count + 1),
            "lifetime_months": np.where(np.arange(count) == 4, np.nan, months),
            "lifetime_months_low": 0.8 * months,
            "lifetime_months_high": 1.3 * months,
            "share_beyond_data": 0.4,
            "currency": "EUR",
            "mean_price_minor": prices,
            "customer_lifetime_value": months * prices,
            "customer_lifetime_value_low": 0.8 * months * prices,
            "customer_lifetime_value_high": 1.3 * months * prices,
        }
    )


def forecasts_of(count: int) -> pd.DataFrame:
    places = np.arange(count)
    return pd.DataFrame(
        {
            "group_kind": "plan",
            "group_id": [name_of(i) for i in range(count)],
            "fitted_months": 8,
            "forecast_months": 4,
            "forecast_error": np.where(places == 4, np.nan, 0.006 + 0.001 * (places % 5)),
            "constant_rate_error": np.where(places == 4, np.nan, 0.03),
        }
    )


def risks_of(count: int) -> pd.DataFrame:
    places = np.arange(count)
    lost = np.linspace(1, 0.5, count)
    return pd.DataFrame(
        {
            "account_id": [f"a{1_000 + i}" for i in places],
            "account_country": "IN",
            "account_plan": [PLANS[i % 3] for i in places],
            "habit_lost_share": lost,
            "band_ended_share": 0.3 * lost**2,
            "recent_hours": 20 * (1 - lost),
            "habit_hours": 20.0,
            "days_since_active": 28 - places % 25,
            "cancelled_day": [pd.Timestamp("2023-06-20") if i % 5 == 1 else pd.NaT for i in places],
            "searches": 3,
            "searches_without_result": places % 3,
            "recent_rebuffer_ratio": 0.03,
            "before_rebuffer_ratio": np.where(places % 4 == 0, 0.01, 0.03),
        }
    )


def precision_of(count: int) -> pd.DataFrame:
    rows = [(choice, rule, place) for place, choice in enumerate(RISK_CHOICES) for rule in RULES][:count]
    rates = np.array([{"habit": 0.3, "hours": 0.2, "random": 0.05}[rule] / (1 + place / 4) for _, rule, place in rows])
    return pd.DataFrame(
        {
            "choice": [choice for choice, *_ in rows],
            "rule": [rule for _, rule, _ in rows],
            "chosen_accounts": 500,
            "chosen_ended": (500 * rates).round(),
            "precision_at_k": rates,
            "precision_low": 0.8 * rates,
            "precision_high": 1.25 * rates,
        }
    )


def calibration_of(count: int) -> pd.DataFrame:
    bands = list(BANDS)[:count]
    rates = 0.3 / (1 + np.arange(len(bands)))
    return pd.DataFrame(
        {
            "risk_band": bands,
            "expected_ended_share": 0.95 * rates,
            "band_accounts": 900,
            "band_ended": (900 * rates).round(),
            "band_ended_share": rates,
            "band_ended_share_low": 0.85 * rates,
            "band_ended_share_high": 1.2 * rates,
        }
    )


def odds_of(count: int) -> pd.DataFrame:
    bands = np.arange(count)
    ratios = np.where(bands % 4 == 0, 1.0, 2.0 ** (bands % 7 - 3.0))
    spread = np.where(bands % 4 == 0, np.nan, 1.2 + bands % 5 / 2)
    return pd.DataFrame(
        {
            "factor": [f"factor-{band // 4}" for band in range(count)],
            "factor_name": [f"Factor {band // 4 + 1}" for band in range(count)],
            "band_name": [name_of(band) for band in range(count)],
            "is_reference": bands % 4 == 0,
            "subscriptions": 1_000 + bands,
            "left_subscriptions": 40,
            "leaving_rate": 0.04,
            "raw_odds_ratio": ratios * 1.1,
            "leaving_odds_ratio": np.where(bands % 11 == 9, np.nan, ratios),
            "leaving_odds_ratio_low": ratios / spread,
            "leaving_odds_ratio_high": ratios * spread,
            "untold": ["nobody left" if band % 11 == 9 else None for band in range(count)],
        }
    )


# As ``tests.gallery.FIGURES``: the most that a card of theirs may get stands for ten thousand.
RETENTION_FIGURES: dict[str, tuple[Callable[[pd.DataFrame], go.Figure], Callable[[str], pd.DataFrame]]] = {
    "Survival": (
        lambda frame: survival_curves(frame, METRICS["survival"], FILTERS),
        sized(lives_of, 400, YEARS_SHOWN_DAYS),
    ),
    "Rejoining": (
        lambda frame: rejoining_curves(frame, METRICS["rejoined_share"], FILTERS),
        sized(lives_of, 400, YEARS_SHOWN_DAYS),
    ),
    "Endings by month of life": (
        lambda frame: ending_rates(frame, METRICS["ending_rate"], FILTERS),
        sized(months_of_life, 24, 120),
    ),
    "Renewals": (
        lambda frame: renewal_curves(frame, METRICS["survival"], FILTERS),
        sized(renewals_of, 18, 120),
    ),
    "Retention curves": (
        lambda frame: retention_curves(frame, METRICS["cohort_retention_rate"], FILTERS),
        sized(curves_of, 13, 400),
    ),
    "Churn by plan": (
        lambda frame: churn_rates(frame, METRICS["gross_churn_rate"], FILTERS),
        sized(churn_of, 13, 14),
    ),
    "Lifecycle": (
        lambda frame: lifecycle_flows(frame, METRICS["lifecycle"], FILTERS),
        sized(lifecycle_of, 16, 520),
    ),
    "Active days": (
        lambda frame: active_days_bars(frame, METRICS["active_days_share"], FILTERS),
        sized(active_days_of, 28, 28),
    ),
    "Times ended": (
        lambda frame: times_ended_bars(frame, METRICS["ended_accounts"], FILTERS),
        sized(times_ended_of, 9, 24),
    ),
    "Concentration": (
        lambda frame: concentration_curve(frame, METRICS["value_share"], FILTERS),
        sized(concentration_of, 101, 201),
    ),
    "Precision": (
        lambda frame: precision_bars(frame, METRICS["precision_at_k"], FILTERS),
        sized(precision_of, 18, 18),
    ),
    "Calibration": (
        lambda frame: calibration_dots(frame, METRICS["band_ended_share"], FILTERS),
        sized(calibration_of, 6, 6),
    ),
    "Odds of leaving": (
        lambda frame: odds_by_band(frame, METRICS["leaving_odds_ratio"], FILTERS),
        sized(odds_of, 28, 40),
    ),
}
RETENTION_TABLES: dict[str, tuple[Callable[[pd.DataFrame], html.Div], Callable[[str], pd.DataFrame]]] = {
    "Cohorts": (
        lambda frame: cohort_triangle(frame, METRICS["cohort_retention_rate"], FILTERS),
        sized(cohorts_of, 12, 200),
    ),
    "Months": (
        lambda frame: months_table(frame, METRICS["ended_subscriptions"], FILTERS),
        sized(calendar_months, 13, 13),
    ),
    "Worth": (
        lambda frame: value_table(frame, METRICS["lifetime_months"], FILTERS),
        sized(worth_of, 5, 40),
    ),
    "Forecasts": (
        lambda frame: forecast_table(frame, METRICS["forecast_error"], FILTERS),
        sized(forecasts_of, 5, 40),
    ),
    "Accounts at risk": (
        lambda frame: accounts_table(frame, METRICS["habit_lost_share"], FILTERS),
        sized(risks_of, 8, 10000),
    ),
}
