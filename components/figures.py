"""Pure functions from a data frame to a figure."""

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import kept_points, numbers, pick_data, records, value_axis
from components.format import change_between, days_text, period_text, value_text
from components.periods import beside_incomplete, kept, lone_points
from components.picks import days_pick
from components.theme import token
from definitions.metric import Metric
from queries.filters import FilterState

MAX_DAY_LABELS = 6

Row = dict[str, Any]


def trend(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw a metric by period: this one in the accent, the comparison in grey, incomplete periods dashed, gaps as gaps.

    ``frame`` has the columns span, period_start, first_day, is_complete and the metric's own, in its unit.
    """
    rows = records(frame)
    current, comparison = ([row for row in rows if row["span"] == span] for span in ("current", "comparison"))
    kept = kept_points(_values(current, metric))
    comparison = [comparison[position] for position in kept if position < len(comparison)]
    current = [current[position] for position in kept]
    traces: list[dict[str, Any]] = []
    days = [row["period_start"].date() for row in current]
    if filters.compare_start_day and filters.compare_end_day:
        # Like for like: its first period under the first of this one, and so on.
        name = days_text(filters.compare_start_day, filters.compare_end_day)
        earlier = comparison[: len(days)]
        traces += _line(days[: len(earlier)], earlier, metric, color=token("comparison"), name=name, hover=None)
    name = days_text(filters.start_day, filters.end_day)
    hover = _hover_texts(current, comparison, metric, filters)
    traces += _line(days, current, metric, color=token("accent"), name=name, hover=hover)
    # All at once: to add traces and axes one by one takes three times as long.
    return go.Figure(
        data=traces,
        layout={
            "xaxis": day_ticks(days, filters.granularity),
            "yaxis": value_axis(_values(rows, metric), metric.unit),
            "legend": {"traceorder": "reversed"},
        },
    )


def _line(
    days: list[date],
    rows: list[Row],
    metric: Metric,
    *,
    color: str,
    name: str,
    hover: list[str] | None,
) -> list[dict[str, Any]]:
    """Draw the complete periods as a solid line, and the incomplete ones with their neighbours as a dashed one."""
    values = _values(rows, metric)
    complete = [bool(row["is_complete"]) for row in rows]
    solid = kept(values, complete)
    traces: list[dict[str, Any]] = []
    if not all(complete):
        traces.append(
            {
                "type": "scatter",
                "x": days,
                "y": kept(values, beside_incomplete(complete)),
                "mode": "lines+markers",
                "line": {"color": color, "width": 2, "dash": "dot"},
                "marker": {
                    "size": [0 if flag else 6 for flag in complete],
                    "color": token("raised"),
                    "line": {"color": color, "width": 1.5},
                },
                "opacity": 0.6,
                "name": "incomplete",
                "showlegend": hover is not None,
                "hoverinfo": "skip",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "x": days,
            "y": solid,
            "mode": "lines+markers",
            "line": {"color": color, "width": 2 if hover is not None else 1.5},
            "marker": {"size": [6 if lone else 0 for lone in lone_points(solid)], "color": color},
            "name": name,
            "showlegend": True,
            "hoverinfo": "skip",
        }
    )
    if hover is not None:
        # One invisible line answers the pointer for both kinds of period.
        traces.append(
            {
                "type": "scatter",
                "x": days,
                "y": values,
                "mode": "markers",
                "marker": {"opacity": 0},
                "showlegend": False,
                "text": hover,
                "customdata": _day_picks(rows),
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    return traces


def _hover_texts(current: list[Row], comparison: list[Row], metric: Metric, filters: FilterState) -> list[str]:
    """Value, period, and the comparison period's value and change, for each of the current periods."""
    texts = []
    for row, earlier in zip_longest(current, comparison[: len(current)]):
        value = row[metric.name]
        lines = [f"<b>{value_text(value, metric.unit)}</b>", _period(row, filters)]
        if not row["is_complete"]:
            lines[1] += ", incomplete"
        if earlier:
            lines.append(f"{value_text(earlier[metric.name], metric.unit)}, {_period(earlier, filters)}")
            change = change_between(value, earlier[metric.name], metric)
            if change and row["is_complete"]:
                lines.append(str(change))
        texts.append("<br>".join(lines))
    return texts


def _period(row: Row, filters: FilterState) -> str:
    return period_text(row["first_day"].date(), filters.granularity)


def _values(rows: list[Row], metric: Metric) -> list[float | None]:
    return numbers(row[metric.name] for row in rows)


def _day_picks(rows: list[Row]) -> list[list[str]] | None:
    if not all("end_day" in row for row in rows):
        return None
    return pick_data([days_pick(row["first_day"].date(), row["end_day"].date()) for row in rows])


def day_ticks(days: Sequence[date], granularity: str) -> dict[str, Any]:
    """Return the properties of an axis of days: at most six of them named, whatever their number."""
    labelled = days[:: max(1, -(-len(days) // MAX_DAY_LABELS))]
    return {"tickangle": 0, "tickvals": labelled, "ticktext": _day_labels(labelled, granularity)}


def _day_labels(days: Sequence[date], granularity: str) -> list[str]:
    """Name the days, the year below the first label and where it changes."""
    labels = []
    for i, day in enumerate(days):
        label = f"{day:%b}" if granularity == "month" else f"{day.day} {day:%b}"
        new_year = i == 0 or days[i - 1].year != day.year
        labels.append(f"{label}<br>{day.year}" if new_year else label)
    return labels
