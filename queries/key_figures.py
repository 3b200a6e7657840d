"""Key figures as rows: what a page's strip shows, for its table and its download."""

from collections.abc import Sequence

import pandas as pd

from definitions.metrics import METRICS
from queries.db import Build
from queries.filters import FilterState
from queries.run import QueryError, run_compared

COLUMNS = ("metric", "label", "unit", "value", "comparison_value", "change", "relative_change")


def key_figures(figures: Sequence[tuple[str, str]], filters: FilterState, build: Build) -> pd.DataFrame:
    """Return one row for each (metric, query): its value over the range, that of the comparison, and the change.

    ``change`` is the difference in the metric's own unit, so that of a rate is in rates; ``relative_change`` is that
    difference as a share of the earlier value, null where that is zero. What the source cannot give is null. Raises
    FilterError, and QueryError also when a query does not have the metric.
    """
    whole_ranges = {query: _whole_range(query, filters, build) for _, query in figures}
    rows = pd.DataFrame([_row(metric, query, whole_ranges[query], build) for metric, query in figures], columns=COLUMNS)
    # Numbers also where all of them are null.
    return rows.astype(dict.fromkeys(COLUMNS[3:], "float64"))


def _whole_range(query: str, filters: FilterState, build: Build) -> pd.DataFrame:
    rows = run_compared(query, filters, build)
    if "period_start" not in rows:
        raise QueryError(f"{query} has no row for the whole range, so it gives no key figure.")
    return rows[rows["period_start"].isna()].set_index("span")


def _row(metric_name: str, query: str, whole_range: pd.DataFrame, build: Build) -> dict[str, object]:
    if metric_name not in whole_range:
        raise QueryError(f"{query} does not give «{metric_name}».")
    metric = METRICS[metric_name]
    is_given = all(map(build.manifest.has, metric.needs))
    value, earlier = (
        _value(whole_range, span, metric_name) if is_given else None for span in ("current", "comparison")
    )
    change = None if value is None or earlier is None else value - earlier
    return {
        "metric": metric.name,
        "label": metric.label,
        "unit": metric.unit.value,
        "value": value,
        "comparison_value": earlier,
        "change": change,
        "relative_change": change / abs(earlier) if change is not None and earlier else None,
    }


def _value(whole_range: pd.DataFrame, span: str, metric: str) -> float | None:
    values = whole_range.loc[whole_range.index == span, metric].dropna().astype("float64").tolist()
    return values[0] if values else None
