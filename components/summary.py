"""A figure in words, for those who cannot see it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from components.chart_parts import records
from components.comings import STATES
from components.format import change_between, is_missing, period_text, value_text
from components.tables import row_name
from definitions.metric import Metric
from queries.filters import FilterState

MOST_NAMED = 3
# What tells the lines of a figure by period apart.
LINES = ("group_name", "colour_family", "state")


def summary(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say what a card's rows show: the course of a metric by period, or the largest of the groups.

    Of several groups by period, these are the largest in the last period.
    """
    current = frame[frame["span"] == "current"] if "span" in frame else frame
    known = current[~current[metric.name].map(is_missing)] if metric.name in current else current.head(0)
    if known.empty:
        return ""
    rows = records(known)
    if "period_start" in frame:
        granularity = _granularity(current["period_start"], filters)
        periods = f"{current['period_start'].nunique()} {granularity}s"
        if any(name in known and known[name].nunique() > 1 for name in LINES):
            return _lines(rows, periods, metric, granularity)
        return _course(rows, periods, metric, granularity)
    return _groups(rows, metric)


def _course(rows: Sequence[dict[Any, Any]], periods: str, metric: Metric, granularity: str) -> str:
    highest = max(rows, key=lambda row: float(row[metric.name]))
    lowest = min(rows, key=lambda row: float(row[metric.name]))
    first, last = rows[0], rows[-1]
    change = change_between(last[metric.name], first[metric.name], metric)
    described = [
        f"{metric.label} over {periods}",
        f"highest {_value(highest, metric)} ({_period(highest, granularity)})",
        f"lowest {_value(lowest, metric)} ({_period(lowest, granularity)})",
        f"last {_value(last, metric)}" + (f", {change.spoken} on the first" if change else ""),
    ]
    return "; ".join(described) + "."


def _lines(rows: Sequence[dict[Any, Any]], periods: str, metric: Metric, granularity: str) -> str:
    last = max(row["period_start"] for row in rows)
    latest = [row for row in rows if row["period_start"] == last]
    latest.sort(key=lambda row: -float(row[metric.name]))
    period = _period(latest[0], granularity)
    return f"{metric.label} over {periods}; in the last ({period}) {_named(latest, metric)}."


def _groups(rows: Sequence[dict[Any, Any]], metric: Metric) -> str:
    return f"{metric.label}: {_named(rows, metric)}."


def _named(rows: Sequence[dict[Any, Any]], metric: Metric) -> str:
    named = [f"{_name(row)} {_value(row, metric)}" for row in rows[:MOST_NAMED]]
    more = f", and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    return f"{', '.join(named)}{more}"


def _name(row: dict[Any, Any]) -> str:
    """Return what a row is about; of an interval of life, of whom it is, too."""
    if "state" in row:
        return STATES[row["state"]][0]
    if "interval_number" not in row:
        return row_name(row)
    of_whom = row_name(row) if "group_kind" in row else str(row["cohort_kind"])
    return f"{of_whom} in interval {row['interval_number']:.0f}"


def _value(row: dict[Any, Any], metric: Metric) -> str:
    return value_text(row[metric.name], metric.unit)


def _period(row: dict[Any, Any], granularity: str) -> str:
    return period_text(pd.Timestamp(row["first_day"]).date(), granularity)


def _granularity(period_starts: "pd.Series[Any]", filters: FilterState) -> str:
    """Return how long the periods are that rows tell of: some cards have weeks or months whatever is chosen."""
    days_apart = pd.to_datetime(period_starts).drop_duplicates().sort_values().diff().dt.days.min()
    if pd.isna(days_apart):
        return filters.granularity
    return "day" if days_apart < 7 else "week" if days_apart < 28 else "month"
