"""The hours of the week: as lit windows, the busiest and the quietest named."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import records
from components.format import is_missing
from components.heatmap import heatmap
from components.labels import value_label
from components.split_trend import ADDITIVE_OVER_DAYS
from definitions.metric import Metric
from queries.filters import FilterState


def hours_of_week(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw a cell for each hour of each day of the week; a cell offers to filter by the plays that began in it.

    ``frame`` has the columns weekday, hour and the metric's own, in its unit.
    """
    return heatmap(frame, metric, filters, dimension="weekday", across_dimension="hour")


def busiest_and_quietest(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Name the hours of the week with most and least of a metric: «Busiest on Sunday at 20:00, quietest on …».

    ``frame`` has the columns weekday, hour, days and the metric's own. Totals are compared by such hour, since some
    days of the week may come more often than others; of equals, the first is named. What filters leave out is not.
    """
    known = [row for row in records(frame) if not is_missing(row[metric.name]) and _is_chosen(row, filters)]

    def by_hour(row: Mapping[str, Any]) -> float:
        return float(row[metric.name]) / (row["days"] if metric.name in ADDITIVE_OVER_DAYS else 1)

    if len({by_hour(row) for row in known}) < 2:
        return f"{metric.label} by hour and weekday"
    return f"Busiest on {_hour(max(known, key=by_hour))}, quietest on {_hour(min(known, key=by_hour))}"


def uneven_days(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str | None:
    """Say which days of the week come more often than others, where that changes the totals."""
    most = frame["days"].max()
    fewest = frame["days"].min()
    if metric.name not in ADDITIVE_OVER_DAYS or most == fewest:
        return None
    more_often = frame.loc[frame["days"] == most, "weekday"].unique()
    names = ", ".join(value_label("weekday", weekday) for weekday in more_often)
    return f"These days hold {names} {most} times, other days of the week {fewest} times."


def _is_chosen(row: Mapping[str, Any], filters: FilterState) -> bool:
    selections = ((name, filters.chosen(name)) for name in ("weekday", "hour"))
    return all(
        selection is None or (str(row[name]) in selection.values) != selection.excluded
        for name, selection in selections
    )


def _hour(row: Mapping[str, Any]) -> str:
    return f"{value_label('weekday', row['weekday'])} at {value_label('hour', str(row['hour']))}"
