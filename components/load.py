"""How many streams run at once: the course of the peaks, and the busiest moments by name."""

import pandas as pd
from dash import html

from components.chart_parts import records
from components.format import (
    NO_VALUE,
    change_between,
    column_texts,
    is_missing,
    minute_text,
    period_text,
    value_text,
)
from components.picks import days_pick, pick_button
from components.tables import measure_cell
from definitions.metric import Metric
from queries.filters import FilterState


def busiest_minute(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Name the busiest minute of the range: «Peak of 34 streams on Fri 22 May 2026, 20:45 UTC, up 13 %».

    Of the mean, say what it is over the whole range. ``frame`` has the columns span, first_day, end_day, peak_at and
    the metric's own.
    """
    values = {}
    for span, rows in frame.groupby("span"):
        days = (rows["end_day"] - rows["first_day"]).dt.days
        is_peak = metric.name == "peak_concurrent_streams"
        values[span] = rows[metric.name].max() if is_peak else (rows[metric.name] * days).sum() / days.sum()
    change = change_between(values.get("current"), values.get("comparison"), metric)
    changed = f", {change.word} {change.size}".rstrip() if change else ""
    value = value_text(values.get("current"), metric.unit)
    if metric.name != "peak_concurrent_streams":
        return f"{metric.label}: {value} in the mean of all minutes{changed}"
    current = frame[(frame["span"] == "current") & frame["peak_at"].notna() & frame[metric.name].notna()]
    if current.empty:
        return metric.label
    peak_at = current.loc[current[metric.name] == current[metric.name].max(), "peak_at"].min()
    return f"Peak of {value} streams on {minute_text(peak_at)}{changed}"


def busiest_list(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Table:
    """List the busiest minutes of different days, each over a bar for its streams; it offers its day as a filter.

    ``frame`` has the columns rank, first_day, end_day, peak_at and the metric's own.
    """
    largest = frame[metric.name].max()
    texts = column_texts(frame[metric.name], metric.unit)
    body = []
    for row, text in zip(records(frame), texts, strict=True):
        first_day = row["first_day"].date()
        pick = days_pick(first_day, row["end_day"].date())
        is_hidden = is_missing(row["peak_at"])
        moment = period_text(first_day, "day") if is_hidden else minute_text(row["peak_at"])
        reach = 0 if is_missing(row[metric.name]) or not largest else row[metric.name] / largest
        cells = [
            html.Td(NO_VALUE if is_missing(row["rank"]) else f"{row['rank']:.0f}", className="rank"),
            html.Th(pick_button(moment, pick), scope="row", style={"--share": f"{reach:.1%}"}),
            measure_cell(row[metric.name], text),
        ]
        body.append(html.Tr(cells))
    head = {"Rank": "rank", "Minute": "", "Streams": "number"}
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=name) for text, name in head.items()])),
            html.Tbody(body),
        ],
        className="ranking",
    )


def by_utc(_frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str | None:
    """Say that the load is counted by UTC, where the filters go by another clock."""
    return None if filters.calendar == "utc" else "Days and minutes of the load are UTC's, whatever clock is chosen."
