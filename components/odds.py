"""Odds ratios: a dot with its interval for each band of each factor, and the raw one as a ring."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from components.format import TIMES, is_missing
from components.survival import LIMIT
from components.theme import token
from definitions.metric import Metric

# Wider intervals are cut off: they tell that next to nothing is known.
LEAST_SHOWN, MOST_SHOWN = 1 / 16, 16.0
TICKS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0)
ADJUSTED_NAME, RAW_NAME = "Other things equal", "As they are"
Row = Mapping[str, Any]


def odds_figure(
    rows: Sequence[Row], metric: Metric, hover: Callable[[Row], str], beside: Callable[[Row], str]
) -> go.Figure:
    """Draw the odds ratio of each band with its 95 % interval, on a scale of multiples, and the raw one as a ring.

    ``rows`` have factor, factor_name, band_name, is_reference, raw_odds_ratio, the metric's own, and its limits; of one
    factor alone its name is left out. ``hover`` says what the pointer shows of a row, ``beside`` what stands by it.
    """
    places, labels, heads = [], [], []
    place = 0
    has_heads = len({row["factor"] for row in rows}) > 1
    for number, row in enumerate(rows):
        if has_heads and (number == 0 or row["factor"] != rows[number - 1]["factor"]):
            heads.append((place, str(row["factor_name"])))
            place += 1
        places.append(place)
        labels.append(str(row["band_name"]))
        place += 1
    figure = go.Figure()
    raw = [None if row["is_reference"] else _shown(row["raw_odds_ratio"]) for row in rows]
    figure.add_scatter(
        x=raw,
        y=places,
        mode="markers",
        name=RAW_NAME,
        meta=LIMIT,
        marker={"symbol": "circle-open", "size": 9, "color": token("comparison"), "line": {"width": 1.5}},
        hoverinfo="skip",
    )
    for lower, upper, at in _intervals(rows, metric, places):
        figure.add_scatter(
            x=[lower, upper],
            y=[at, at],
            mode="lines",
            meta=LIMIT,
            line={"color": token("accent"), "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.add_scatter(
        x=[None if is_missing(row[metric.name]) else float(row[metric.name]) for row in rows],
        y=places,
        mode="markers",
        name=ADJUSTED_NAME,
        orientation="h",
        marker={
            "size": 8,
            "symbol": ["square-open" if row["is_reference"] else "circle" for row in rows],
            "color": token("accent"),
            "line": {"width": [1.5 if row["is_reference"] else 0 for row in rows]},
        },
        hovertext=[hover(row) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_xaxes(
        type="log",
        range=[math.log10(bound) for bound in _span(rows, metric)],
        tickvals=TICKS,
        ticktext=[_tick(tick) for tick in TICKS],
        title={"text": "Times the odds", "standoff": 8},
        side="top",
    )
    figure.update_yaxes(
        range=[place - 0.4, -0.7],
        tickvals=[*(at for at, _ in heads), *places],
        ticktext=[*(f"<b>{name}</b>" for _, name in heads), *labels],
        showgrid=False,
        automargin=True,
    )
    figure.add_vline(x=1, line={"color": token("secondary"), "width": 1})
    for row, at in zip(rows, places, strict=True):
        if text := beside(row):
            figure.add_annotation(
                x=1.0,
                xref="paper",
                y=at,
                text=text,
                showarrow=False,
                xanchor="right",
                font={"size": 11, "color": token("secondary")},
            )
    figure.update_layout(
        hovermode="closest", showlegend=True, legend={"orientation": "h", "yanchor": "top", "y": 0, "x": 0}
    )
    return figure


def odds_told(row: Row, metric: Metric) -> tuple[str, str, str]:
    """Return the lines that the pointer shows of a row's odds: the ratio, its interval, and the raw one."""
    return (
        f"<b>{times_text(row[metric.name])} {TIMES}</b>",
        "others are compared with this one"
        if row["is_reference"]
        else f"95 %: {times_text(row[f'{metric.name}_low'])} to {times_text(row[f'{metric.name}_high'])}",
        "" if row["is_reference"] else f"As they are: {times_text(row['raw_odds_ratio'])} {TIMES}",
    )


def times_text(ratio: Any) -> str:
    """Return a ratio as people read it: two digits."""
    if is_missing(ratio):
        return "–"
    number = float(ratio)
    return f"{number:.1f}" if 1 <= number < 100 else f"{number:.2f}" if number < 1 else f"{number:,.0f}"


def _intervals(rows: Sequence[Row], metric: Metric, places: list[int]) -> list[tuple[float, float, int]]:
    found = []
    for row, place in zip(rows, places, strict=True):
        low, high = row[f"{metric.name}_low"], row[f"{metric.name}_high"]
        if not is_missing(low):
            found.append((max(float(low), LEAST_SHOWN / 2), min(float(high), MOST_SHOWN * 2), place))
    return found


def _span(rows: Sequence[Row], metric: Metric) -> tuple[float, float]:
    """Return the ends of the scale: all intervals, as far as they are shown, and at least a half and the double."""
    reached = [
        float(row[name])
        for row in rows
        for name in (metric.name, f"{metric.name}_low", f"{metric.name}_high", "raw_odds_ratio")
        if not is_missing(row[name])
    ]
    low, high = min([0.5, *reached]), max([2.0, *reached])
    return max(low, LEAST_SHOWN) / 1.1, min(high, MOST_SHOWN) * 1.1


def _shown(ratio: Any) -> float | None:
    return None if is_missing(ratio) else min(max(float(ratio), LEAST_SHOWN / 2), MOST_SHOWN * 2)


def _tick(tick: float) -> str:
    return f"1/{1 / tick:.0f}" if tick < 1 else f"{tick:.0f}"
