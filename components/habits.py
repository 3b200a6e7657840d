"""How often accounts come: stickiness over time, and on how many days of the last 28."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import hover_text, numbers, records, value_axis
from components.format import change_between, is_missing, value_text
from components.theme import token
from definitions.metric import Metric, Unit
from queries.filters import FilterState

WINDOW_DAYS = 28
# Days that an axis names: each week of the window.
NAMED_DAYS = (1, 7, 14, 21, 28)


def stickiness_of_range(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say the share of the whole range: mean daily accounts by the monthly ones at its end; how it changed.

    Periods in whose last 28 days nobody was active are not of the mean: such as those before a young segment's first.
    ``frame`` has the columns span, first_day, end_day, mean_daily_active_accounts, weekly_active_accounts and
    monthly_active_accounts.
    """
    shares = {}
    for span, rows in frame.groupby("span"):
        last = records(rows.sort_values("end_day").tail(1))[0]
        part, whole = last["weekly_active_accounts"], last["monthly_active_accounts"]
        if metric.name == "stickiness":
            told = rows[rows["monthly_active_accounts"] > 0]
            days = (told["end_day"] - told["first_day"]).dt.days.to_numpy(dtype=float)
            part = float(np.average(told["mean_daily_active_accounts"].to_numpy(dtype=float), weights=days))
        if not is_missing(part) and not is_missing(whole) and whole:
            shares[str(span)] = float(part) / float(whole)
    if "current" not in shares:
        return metric.label
    change = change_between(shares["current"], shares.get("comparison"), metric)
    changed = f", {change.word} {change.size}".rstrip() if change else ""
    what = "on a day" if metric.name == "stickiness" else "in a week"
    return f"{value_text(shares['current'], Unit.RATE)} of a month’s accounts are active {what}{changed}"


def active_days_bars(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw which share of accounts was active on how many days.

    ``frame`` has the columns active_days, active_accounts and the metric's own, a share.
    """
    shares = numbers(frame[metric.name])
    figure = go.Figure()
    if not any(shares):
        return figure
    figure.add_bar(
        x=[int(days) for days in frame["active_days"]],
        y=shares,
        marker={"color": token("accent")},
        hovertext=[
            hover_text(row[metric.name], metric, _days(row["active_days"]), _accounts(row["active_accounts"]))
            for row in records(frame)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_xaxes(
        tickvals=list(NAMED_DAYS), range=[0.4, WINDOW_DAYS + 0.6], title={"text": "Active days", "standoff": 4}
    )
    figure.update_yaxes(**value_axis(shares, metric.unit))
    figure.update_layout(showlegend=False, bargap=0.15, hovermode="closest")
    return figure


def mean_active_days(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say the mean and who came once: «Accounts are active on 7.3 of 28 days; 22 % on one day only»."""
    if frame["active_accounts"].isna().any() or not frame["active_accounts"].sum():
        return metric.label
    mean = (frame["active_days"] * frame["active_accounts"]).sum() / frame["active_accounts"].sum()
    once = frame.loc[frame["active_days"] == 1, metric.name].iloc[0]
    return (
        f"Accounts are active on {mean:.1f} of {WINDOW_DAYS} days; {value_text(float(once), Unit.RATE)} on one day only"
    )


def _days(days: float) -> str:
    return "1 day" if days == 1 else f"{days:.0f} days"


def _accounts(accounts: float | None) -> str:
    return "" if accounts is None or pd.isna(accounts) else f"{accounts:,.0f} accounts"
