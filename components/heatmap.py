"""Heatmap: a value for each pair of categories, such as hour and weekday, as lit windows."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import hover_text, round_ticks, sequential_scale
from components.format import axis_text, is_missing
from components.labels import value_label
from components.picks import both, value_pick
from components.theme import token
from definitions.metric import Metric
from queries.filters import FilterState

MAX_TOLD_CELLS = 2_500
MAX_LABELS = 12


def heatmap(
    frame: pd.DataFrame,
    metric: Metric,
    _filters: FilterState,
    *,
    across: str = "hour",
    down: str = "weekday",
    dimension: str | None = None,
    across_dimension: str | None = None,
) -> go.Figure:
    """Draw one cell for each pair of values, in the order in which they first come; a missing pair is left empty.

    ``frame`` has the columns ``across``, ``down`` and the metric's own, one row a pair. ``dimension`` is that of the
    values of ``down``, ``across_dimension`` of those of ``across``: cells then offer the filter by either or both.
    Beyond 2,500 cells they carry their value only.
    """
    figure = go.Figure()
    if frame[metric.name].notna().sum() == 0:
        return figure
    columns, rows = list(dict.fromkeys(frame[across])), list(dict.fromkeys(frame[down]))
    # A pair given twice would be a fault of the query; the last one stands.
    found = dict(zip(zip(frame[down], frame[across], strict=True), frame[metric.name], strict=True))
    values = [[_known(found.get((row, column))) for column in columns] for row in rows]
    names, column_names = _names(rows, dimension), _names(columns, across_dimension)
    told = len(columns) * len(rows) <= MAX_TOLD_CELLS
    highest = round_ticks(max(value for line in values for value in line if value is not None))[-1]
    figure.add_heatmap(
        x=list(range(len(columns))),
        y=list(range(len(rows))),
        z=values,
        zmin=0,
        zmax=highest,
        colorscale=sequential_scale(),
        xgap=2 if told else 0,
        ygap=2 if told else 0,
        text=[
            [hover_text(value, metric, f"{name}, {column}") for value, column in zip(line, column_names, strict=True)]
            for line, name in zip(values, names, strict=True)
        ]
        if told
        else None,
        customdata=_picks(rows, columns, dimension, across_dimension) if told and dimension else None,
        hovertemplate="%{text}<extra></extra>" if told else "%{z}<extra></extra>",
        hoverongaps=False,
        colorbar={
            "thickness": 8,
            "outlinewidth": 0,
            "tickvals": [0, highest],
            "ticktext": [axis_text(0, metric.unit), axis_text(highest, metric.unit)],
            "tickfont": {"size": 12, "color": token("secondary")},
        },
    )
    figure.update_xaxes(
        **_labels([str(column) for column in columns]),
        tickangle=0,
        ticks="",
        title={"text": _words(across), "standoff": 12},
    )
    figure.update_yaxes(**_labels(names), autorange="reversed", showgrid=False)
    figure.update_layout(hovermode="closest")
    return figure


def _known(value: Any) -> float | None:
    return None if is_missing(value) else float(value)


def _names(values: Sequence[Any], dimension: str | None) -> list[str]:
    return [value_label(dimension, str(value)) if dimension else str(value) for value in values]


def _picks(
    rows: Sequence[Any], columns: Sequence[Any], dimension: str, across_dimension: str | None
) -> list[list[list[str]]]:
    of_rows = [value_pick(dimension, str(row)) for row in rows]
    if across_dimension is None:
        return [[pick.customdata()] * len(columns) for pick in of_rows]
    of_columns = [value_pick(across_dimension, str(column)) for column in columns]
    return [[both(pick, across).customdata() for across in of_columns] for pick in of_rows]


def _labels(names: Sequence[str]) -> dict[str, Any]:
    step = max(1, -(-len(names) // MAX_LABELS))
    return {"tickvals": list(range(0, len(names), step)), "ticktext": list(names[::step])}


def _words(column: str) -> str:
    return column.replace("_", " ").capitalize()
