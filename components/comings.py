"""Who comes and goes: subscriptions by month, and accounts by whether they are new, stay, return or fall silent."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import hover_text, numbers, records, round_ticks
from components.figures import day_ticks, trend
from components.format import NO_VALUE, axis_text, period_text, value_text
from components.labels import dimension_label, value_label
from components.series import INCOMPLETE_OPACITY, by_category
from components.tables import HIDDEN, measure_cell
from components.theme import token
from components.undrawn import without_few_unknown
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState
from queries.run import SUPPRESSED

# What leads from the subscriptions at a month's beginning to those at its end, by column.
MONTH_HEADS = {
    "subscriptions_at_start": "At its beginning",
    "new_subscriptions": "New",
    "rejoined_subscriptions": "Rejoined",
    "ended_subscriptions": "Ended",
    "subscriptions_at_end": "At its end",
}
SILENT = "dormant"
# By state, from zero upwards; the silent stand below it.
STATES = {
    "returning": ("Returning", "category-2"),
    "resurrected": ("Resurrected", "category-1"),
    "first_seen": ("First seen", "category-5"),
    "new": ("New", "accent"),
    SILENT: ("Dormant", "comparison"),
}


def churn_rates(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw a rate of churn by month, one line for each group where they are told apart, the six largest.

    ``frame`` has the columns period_start, first_day, end_day, is_complete, group_kind, group_id, group_rank,
    subscriptions_at_start and the metric's own.
    """
    months = replace(filters, granularity="month", compare_start_day=None, compare_end_day=None)
    kinds = set(frame["group_kind"]) - {"none"}
    if kinds:
        frame = without_few_unknown(frame, "subscriptions_at_start")
        ranked = tuple(frame.sort_values("group_rank")["group_id"].unique())
        return by_category(frame, metric, months, by="group_id", dimension=str(kinds.pop()), ranked=ranked)
    figure = trend(frame.assign(span="current"), metric, months)
    # It names the range, which is not what the months are of.
    figure.update_traces(showlegend=False)
    return figure


def months_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show how each month leads from the subscriptions at its beginning to those at its end, the latest first.

    Months before the first subscription of those chosen are left out. ``frame`` has the columns first_day,
    moved_subscriptions, gross_churn_rate, net_churn_rate and those of MONTH_HEADS.
    """
    frame = frame[frame[list(MONTH_HEADS)].ne(0).any(axis=1).cummax()]
    heads = dict(MONTH_HEADS)
    if filters.chosen("plan") is not None:
        heads["moved_subscriptions"] = "Plan changed, net"
    rates = {name: METRICS[name].label.removesuffix(" rate") for name in ("gross_churn_rate", "net_churn_rate")}
    body = [
        html.Tr(
            [
                html.Th(f"{row['first_day']:%B %Y}", scope="row"),
                *(measure_cell(row[name], f"{row[name]:,.0f}", is_main=name == metric.name) for name in heads),
                *(
                    measure_cell(
                        row[name], value_text(row[name], Unit.RATE), is_main=name == metric.name, missing=_missing(row)
                    )
                    for name in rates
                ),
            ]
        )
        for row in reversed(records(frame))
    ]
    head = [
        html.Th(text, scope="col", className="number" if position else "")
        for position, text in enumerate(("Month", *heads.values(), *rates.values()))
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="measures")
    label = "Subscriptions by month"
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": label})


def churn(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say the latest month's gross and net churn: «5.1 % of subscriptions ended in June 2026, 3.8 % net»."""
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return metric.label
    kind = str(frame["group_kind"].iloc[0])
    if kind != "none":
        return _highest(known, metric, kind)
    row = records(known.tail(1))[0]
    gross, net = (value_text(row[name], Unit.RATE) for name in ("gross_churn_rate", "net_churn_rate"))
    return f"{gross} of subscriptions ended in {row['first_day']:%B %Y}, {net} net of those who came back"


def _highest(frame: pd.DataFrame, metric: Metric, kind: str) -> str:
    """Say whose churn is highest and lowest in a month, over all months shown: their ends and beginnings summed."""
    frame = without_few_unknown(frame, "subscriptions_at_start")
    sums = frame.assign(lost=frame[metric.name] * frame["subscriptions_at_start"]).groupby("group_id")
    rates = (sums["lost"].sum() / sums["subscriptions_at_start"].sum()).dropna().sort_values(kind="stable")
    if len(rates) < 2:
        return f"{metric.label} by {dimension_label(kind).lower()}"
    lowest, highest = (
        f"{value_text(float(rates.iloc[place]), Unit.RATE)} ({value_label(kind, str(rates.index[place]))})"
        for place in (0, -1)
    )
    return f"{metric.label} a month: from {lowest} to {highest}"


def what_months_count(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say that the months add up, and what else moves a number of chosen plans."""
    told = "At a month's beginning, new and rejoined, less ended, is what is there at its end."
    if filters.chosen("plan") is None:
        return told
    moved = float(frame["moved_subscriptions"].sum())
    count = value_text(abs(moved), Unit.COUNT)
    if moved < 0:
        return f"{told} Of the plans chosen, {count} more went to other plans than came from them."
    return f"{told} Of the plans chosen, {count} more came from other plans than went to them."


def lifecycle_flows(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw the active accounts of each period by state above zero, and the dormant ones below it.

    ``frame`` has the columns first_day, is_complete, state and the metric's own, one row a period and state.
    """
    by_state = frame.pivot(index=["first_day", "is_complete"], columns="state", values=metric.name)
    return _layers(by_state.reindex(columns=list(STATES)).reset_index(), metric, _period(filters))


def lifecycle_change(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say which share of the accounts active in a period was not in the next, of the latest that is complete."""
    complete = frame[frame["is_complete"] & frame[metric.name].notna()]
    if complete.empty:
        return metric.label
    last = complete[complete["first_day"] == complete["first_day"].max()].set_index("state")[metric.name]
    before = last.get("returning", 0) + last.get("dormant", 0)
    if not before:
        return metric.label
    share = value_text(last.get("dormant", 0) / before, Unit.RATE)
    day = complete["first_day"].max()
    if _period(filters) == "month":
        return f"{share} of the accounts active the month before were not in {day:%B %Y}"
    return f"{share} of the accounts active the week before were not in that of {day.day} {day:%B}"


def _layers(frame: pd.DataFrame, metric: Metric, granularity: str) -> go.Figure:
    """Draw one bar a period, its layers stacked away from zero; incomplete periods are faded."""
    days = [day.date() for day in pd.to_datetime(frame["first_day"])]
    opacities = [1.0 if complete else INCOMPLETE_OPACITY for complete in frame["is_complete"]]
    traces: list[dict[str, Any]] = []
    above, below = [0.0] * len(days), [0.0] * len(days)
    for state, (name, color) in STATES.items():
        values = numbers(frame[state])
        lengths = [value or 0.0 for value in values]
        if state == SILENT:
            below = lengths
            base = [-length for length in lengths]
        else:
            base = above
            above = [reach + length for reach, length in zip(above, lengths, strict=True)]
        traces.append(
            {
                "type": "bar",
                "x": days,
                "y": values,
                "base": base,
                "name": name,
                "showlegend": any(values),
                "marker": {"color": token(color), "opacity": opacities},
                "hovertext": [
                    hover_text(value, metric, name, period_text(day, granularity))
                    for value, day in zip(values, days, strict=True)
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )
    step = max(round_ticks(max(reach, default=0))[1] for reach in (above, below))
    ticks = [step * position for position in range(-_steps(below, step), _steps(above, step) + 1)]
    return go.Figure(
        data=traces,
        layout={
            "barmode": "overlay",
            "bargap": 0.15,
            "hovermode": "closest",
            "showlegend": True,
            "xaxis": day_ticks(days, granularity),
            "yaxis": {
                "range": [ticks[0], ticks[-1]],
                "tickvals": ticks,
                "ticktext": [axis_text(abs(tick), metric.unit) for tick in ticks],
            },
        },
    )


def _steps(reach: Sequence[float], step: float) -> int:
    return math.ceil(max(reach, default=0) / step)


def _missing(row: dict[str, Any]) -> str:
    return HIDDEN if row.get(SUPPRESSED) else NO_VALUE


def _period(filters: FilterState) -> str:
    return "month" if filters.granularity == "month" else "week"
