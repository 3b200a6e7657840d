"""What several figures share: axes in a metric's unit, hover texts, picks, and fewer points than a screen can show."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.colours import DIVERGING, SEQUENTIAL
from components.format import axis_text, is_missing, value_text
from components.picks import Pick, row_pick, value_pick
from components.theme import token
from definitions.metric import Metric, Unit

MAX_VALUE_STEPS = 5
MAX_POINTS = 800
ADDITIVE = (Unit.HOURS, Unit.COUNT)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows, each by column; pandas' own way takes several times as long for a page's few rows."""
    columns = {str(name): column.to_list() for name, column in frame.items()}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def numbers(column: Iterable[Any]) -> list[float | None]:
    """Return a column's values, every kind of null as None."""
    return [None if is_missing(value) else float(value) for value in column]


def round_ticks(top: float) -> list[float]:
    """Return round numbers from zero to at least ``top``, at most five steps of 1, 2, 2.5 or 5 times a power of ten."""
    if not top > 0:
        return [0.0, 1.0]
    size = 10.0 ** math.floor(math.log10(top / MAX_VALUE_STEPS))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor * MAX_VALUE_STEPS >= top)
    return [round(step * position, 10) for position in range(math.ceil(top / step) + 1)]


def value_axis(values: Sequence[float | None], unit: Unit) -> dict[str, Any]:
    """Return the properties of an axis from zero to above the highest value, labelled in the unit."""
    known = [value for value in values if value is not None]
    ticks = round_ticks(max(known, default=0))
    return {
        "range": [0, ticks[-1]],
        "tickvals": ticks,
        "ticktext": [axis_text(tick, unit) for tick in ticks],
    }


def hover_text(value: Any, metric: Metric, name: str, *more: str) -> str:
    """Return the lines that the pointer shows: the value first, then what it is of."""
    return "<br>".join((f"<b>{value_text(value, metric.unit)}</b>", name, *filter(None, more)))


def pick_data(picks: Sequence[Pick | None]) -> list[list[str]] | None:
    """Return what the marks of a trace carry for the one-click menu; None where no mark stands for a filter."""
    return [pick.customdata() if pick else ["", ""] for pick in picks] if any(picks) else None


def pick_of(row: dict[str, Any], column: str, dimension: str | None) -> Pick | None:
    """Return the filter that a row stands for: a value of ``dimension``, else what its columns name, else None."""
    if dimension is not None:
        return value_pick(dimension, str(row[column]))
    found = row_pick(row)
    return found[1] if found else None


def kept_points(values: Sequence[float | None], most: int = MAX_POINTS) -> list[int]:
    """Return the positions of the points to draw: all, or of each stretch its lowest, its highest and its first gap.

    A screen cannot show more, and no peak, trough or gap is lost.
    """
    if len(values) <= most:
        return list(range(len(values)))
    array = np.array([np.nan if value is None else value for value in values])
    kept = {0, len(values) - 1}
    for stretch in np.array_split(np.arange(len(values)), most // 3):
        known = stretch[~np.isnan(array[stretch])]
        if known.size:
            kept |= {int(known[np.argmin(array[known])]), int(known[np.argmax(array[known])])}
        if known.size < stretch.size:
            kept.add(int(stretch[np.isnan(array[stretch])][0]))
    return sorted(kept)


def sequential_scale() -> list[tuple[float, str]]:
    """Return the colour scale from nothing to most: the accent lights up what is high."""
    return _scale(SEQUENTIAL)


def diverging_scale() -> list[tuple[float, str]]:
    """Return the colour scale from most below to most above; what is neither fades into the surface."""
    return _scale(DIVERGING)


def note(figure: go.Figure, text: str, *, x: Any, y: Any, **properties: Any) -> None:
    """Write a label straight onto a figure."""
    font = {"size": 12, "color": properties.pop("color", token("secondary"))}
    figure.add_annotation(text=text, x=x, y=y, showarrow=False, font=font, **properties)


def _scale(tokens: Sequence[str]) -> list[tuple[float, str]]:
    return [(position / (len(tokens) - 1), token(name)) for position, name in enumerate(tokens)]
