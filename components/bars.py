"""Figures of bars: ranked values, steps of a funnel, a distribution."""

import itertools
import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import (
    ADDITIVE,
    hover_text,
    note,
    numbers,
    pick_data,
    pick_of,
    records,
    round_ticks,
    value_axis,
)
from components.colours import category_token
from components.format import axis_text, value_text
from components.labels import value_label
from components.theme import token
from definitions.metric import Metric, Unit
from queries.filters import FilterState

MAX_BARS = 15
MAX_NAME_CHARACTERS = 28
MAX_BINS = 40
BAR_GAP = 0.35


def ranking_bars(
    frame: pd.DataFrame, metric: Metric, _filters: FilterState, *, by: str = "name", dimension: str | None = None
) -> go.Figure:
    """Draw the largest values as horizontal bars, each with its value beside it; at most 15, which is told.

    ``frame`` has the columns ``by`` and the metric's own, in its unit. Values of ``dimension`` have its colours and
    words, and offer their filter; without one, whatever the row names does.
    """
    known = frame[frame[metric.name].notna()].sort_values(metric.name, ascending=False, kind="stable")
    shown = known.head(MAX_BARS)
    figure = go.Figure()
    if shown.empty:
        return figure
    total = float(known[metric.name].sum())
    rows = records(shown)
    names = [value_label(dimension, str(row[by])) if dimension else str(row[by]) for row in rows]
    values = [float(row[metric.name]) for row in rows]
    shares = [
        f"{value_text(value / total, Unit.RATE)} of all" if metric.unit in ADDITIVE and total else ""
        for value in values
    ]
    figure.add_bar(
        orientation="h",
        # Two rows may have one name.
        y=list(range(len(rows))),
        x=values,
        marker={
            "color": [token(category_token(dimension, str(row[by]))) if dimension else token("accent") for row in rows]
        },
        text=[value_text(value, metric.unit) for value in values],
        textposition="outside",
        textfont={"size": 12},
        constraintext="none",
        cliponaxis=False,
        hovertext=[hover_text(*each) for each in zip(values, [metric] * len(rows), names, shares, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=pick_data([pick_of(row, by, dimension) for row in rows]),
    )
    _name_axis(figure, names)
    # Room for the value beside the longest bar.
    figure.update_xaxes(range=[0, max(values, default=0) * 1.3 or 1], visible=False)
    if len(known) > len(shown):
        _say_cut(figure, f"the {len(shown)} largest of {len(known):,}")
    return figure


def funnel(frame: pd.DataFrame, metric: Metric, _filters: FilterState, *, by: str = "step") -> go.Figure:
    """Draw steps in the frame's order, each with its value, the share of the step before and that of the first.

    ``frame`` has the columns ``by`` and the metric's own, one row a step; a step without a value has no bar.
    """
    figure = go.Figure()
    if frame.empty:
        return figure
    rows = records(frame.head(MAX_BARS))
    names = [str(row[by]) for row in rows]
    values = numbers(frame.head(MAX_BARS)[metric.name])
    texts, hovers = [], []
    for position, value in enumerate(values):
        before = _share(value, values[position - 1], "of the step before") if position else ""
        first = _share(value, values[0], "of the first") if position else ""
        # In two lines, so that they are not cut beside the bars of a narrow screen.
        texts.append("<br>".join(filter(None, (value_text(value, metric.unit), before))))
        hovers.append(hover_text(value, metric, names[position], before, first))
    figure.add_bar(
        orientation="h",
        y=list(range(len(rows))),
        x=values,
        marker={"color": token("accent")},
        text=texts,
        textposition="outside",
        textfont={"size": 12},
        constraintext="none",
        cliponaxis=False,
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=pick_data([pick_of(row, by, None) for row in rows]),
    )
    _name_axis(figure, names)
    known = [value for value in values if value is not None]
    figure.update_xaxes(range=[0, max(known, default=0) * 1.9 or 1], visible=False)
    if len(frame) > len(rows):
        _say_cut(figure, f"the first {len(rows)} of {len(frame):,} steps")
    return figure


def distribution(frame: pd.DataFrame, metric: Metric, _filters: FilterState, *, counted: str = "Rows") -> go.Figure:
    """Draw how many rows have which value, in at most 40 bins of a round width, the median marked.

    ``frame`` has the metric's column, one row for each of what ``counted`` names; nulls are left out.
    """
    figure = go.Figure()
    values = frame[metric.name].dropna().to_numpy(dtype=float)
    if not values.size:
        return figure
    width = _bin_width(float(np.ptp(values)), values.size)
    first = math.floor(values.min() / width)
    edges = (first + np.arange(math.floor(values.max() / width) - first + 2)) * width
    counts, _ = np.histogram(values, edges)
    ranges = [
        f"{value_text(low, metric.unit)} to {value_text(high, metric.unit)}" for low, high in itertools.pairwise(edges)
    ]
    figure.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=width * 0.94,
        marker={"color": token("accent")},
        hovertext=[
            f"<b>{count:,} {counted.lower()}</b><br>{between}<br>{value_text(count / values.size, Unit.RATE)} of all"
            for count, between in zip(counts, ranges, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    median = float(np.median(values))
    figure.add_shape(
        type="line",
        x0=median,
        x1=median,
        y0=0,
        y1=1,
        yref="paper",
        line={"color": token("ink"), "width": 1.5, "dash": "dot"},
    )
    # On the side where there is room.
    left = median > (edges[0] + edges[-1]) / 2
    label = f"median {value_text(median, metric.unit)}"
    note(
        figure,
        label,
        x=median,
        y=1,
        yref="paper",
        xanchor="right" if left else "left",
        xshift=-4 if left else 4,
        color=token("ink"),
    )
    ticks = _between(edges[0], edges[-1])
    figure.update_xaxes(
        range=[edges[0], edges[-1]],
        tickvals=ticks,
        ticktext=[axis_text(tick, metric.unit) for tick in ticks],
        title={"text": metric.label, "standoff": 12},
    )
    figure.update_yaxes(**value_axis([float(counts.max()) * 1.1], Unit.COUNT), title={"text": counted, "standoff": 12})
    return figure


def _say_cut(figure: go.Figure, text: str) -> None:
    note(figure, text, x=1, y=0, xref="paper", yref="paper", xanchor="right", yanchor="top")
    figure.update_layout(margin={"b": 20})


def _name_axis(figure: go.Figure, names: list[str]) -> None:
    short = [name if len(name) <= MAX_NAME_CHARACTERS else name[: MAX_NAME_CHARACTERS - 1] + "…" for name in names]
    figure.update_yaxes(
        tickvals=list(range(len(names))), ticktext=short, autorange="reversed", showgrid=False, ticklabelstandoff=8
    )
    figure.update_layout(bargap=BAR_GAP, hovermode="y")
    if len(names) == 1:
        # One bar as thick as one of five.
        figure.update_traces(width=0.3)


def _share(value: float | None, whole: float | None, words: str) -> str:
    return f"{value_text(value / whole, Unit.RATE)} {words}" if value is not None and whole else ""


def _bin_width(extent: float, count: int) -> float:
    """Return a round width that makes about as many bins as the square root of the count, at most 40."""
    if not extent:
        return 1.0
    bins = min(MAX_BINS - 1, max(5, math.isqrt(count)))
    size = 10.0 ** math.floor(math.log10(extent / bins))
    return next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor * bins >= extent)


def _between(low: float, high: float) -> list[float]:
    step = round_ticks(high - low)[1]
    return [round(step * position, 10) for position in range(math.ceil(low / step), math.floor(high / step) + 1)]
