"""A metric by period, alone and compared, or split by a dimension."""

import pandas as pd
import plotly.graph_objects as go

from components.card import total_change
from components.figures import trend
from components.labels import dimension_label
from components.series import by_category
from definitions.metric import Metric
from queries.filters import FilterState

# All others are means over a period's days.
ADDITIVE_OVER_DAYS = ("watch_hours", "plays")


def split_trend(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw a metric by period against the comparison, or where it is split, one line for each value, labelled.

    ``frame`` has the columns span, period_start, first_day, end_day, is_complete, group_kind, group_id, group_rank and
    the metric's own, in its unit.
    """
    (dimension,) = frame["group_kind"].unique()
    if dimension == "none":
        return trend(frame, metric, filters)
    ranked = tuple(frame.sort_values("group_rank")["group_id"].unique())
    current = frame[frame["span"] == "current"]
    return by_category(current, metric, filters, by="group_id", dimension=dimension, ranked=ranked)


def development(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say how a metric by period changed, such as «Plays grew 12 %»; what it is split by where no total can be told."""
    (dimension,) = frame["group_kind"].unique()
    if metric.name in ADDITIVE_OVER_DAYS:
        return total_change(frame, metric, filters)
    if dimension != "none":
        # Who watched on two devices would count twice.
        return f"{metric.label} by {dimension_label(dimension).lower()}"
    days = (frame["end_day"] - frame["first_day"]).dt.days
    return total_change(frame.assign(**{metric.name: frame[metric.name] * days / filters.days}), metric, filters)
