"""Figures of several lines: a metric by category over time, and a line within its interval."""

import itertools
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import ADDITIVE, MAX_POINTS, hover_text, kept_points, note, numbers, pick_data, value_axis
from components.colours import CATEGORIES, OTHER, category_token
from components.figures import day_ticks
from components.format import period_text, value_text
from components.labels import value_label
from components.picks import days_pick, value_pick
from components.theme import token
from definitions.dimensions import DIMENSION_BY_NAME
from definitions.metric import Metric, Unit
from queries.filters import FilterState

LABEL_ROOM_PX = 88
OTHER_NAME = "Other"
# Shares of a whole add up to 1 but for this.
ROUND_OFF_DIGITS = 9
DAY_MS = 86_400_000.0
BAR_SHARE = 0.85
INCOMPLETE_OPACITY = 0.45


def by_category(
    frame: pd.DataFrame,
    metric: Metric,
    filters: FilterState,
    *,
    by: str,
    dimension: str,
    ranked: tuple[str, ...] = (),
    stacked: bool = False,
) -> go.Figure:
    """Draw one line, or with ``stacked`` one layer of bars, for each value of a dimension, labelled where it ends.

    ``frame`` has the columns first_day, ``by`` and the metric's own, one row a period and value. ``ranked`` are the
    dimension's values by rank over all the data (components.colours). Values without a colour of their own are summed
    to "Other" where the metric can be summed or the layers are parts of one whole, and left out elsewhere.
    """
    figure = go.Figure()
    if frame[metric.name].notna().sum() == 0:
        return figure
    table = _by_value(frame, metric, by, dimension, ranked, stacked=stacked)
    periods_a_bar = -(-len(table) * len(table.columns) // MAX_POINTS) if stacked else 1
    if periods_a_bar > 1:
        table = _summed(table, periods_a_bar)
        note(figure, f"{periods_a_bar} {filters.granularity}s a bar", x=0, y=1, xref="paper", yref="paper")
    totals = table.sum(axis=1)
    days = [day.date() for day in table.index]
    widths_ms = _widths_ms(table.index)
    opacities = _opacities(frame, table.index)
    for value in table.columns:
        is_rest = value == OTHER_NAME
        name = OTHER_NAME if is_rest else value_label(dimension, value)
        color = token(OTHER if is_rest else category_token(dimension, value, ranked))
        pick = None if is_rest or dimension not in DIMENSION_BY_NAME else value_pick(dimension, value)
        values = numbers(table[value])
        kept = kept_points(values, MAX_POINTS // len(table.columns)) if not stacked else list(range(len(values)))
        hovers = [
            hover_text(
                values[i],
                metric,
                name,
                period_text(days[i], filters.granularity),
                _share(values[i], float(totals.iloc[i]), metric),
            )
            for i in kept
        ]
        shared = {
            "x": [days[i] for i in kept],
            "y": [values[i] for i in kept],
            "name": name,
            "hovertext": hovers,
            "hovertemplate": "%{hovertext}<extra></extra>",
            "customdata": pick_data([pick] * len(kept)),
            "meta": {"pick": pick.search, "label": pick.label} if pick else None,
        }
        if stacked:
            figure.add_bar(**shared, marker={"color": color, "opacity": opacities}, width=widths_ms, offset=0)
        else:
            lone = len(kept) == 1
            figure.add_scatter(
                **shared,
                mode="markers" if lone else "lines",
                line={"color": color, "width": 2},
                marker={"color": color},
            )
    tops = (
        numbers(totals.round(ROUND_OFF_DIGITS))
        if stacked
        else [value for name in table for value in numbers(table[name])]
    )
    figure.update_yaxes(**value_axis(tops, metric.unit))
    figure.update_xaxes(**day_ticks(days, filters.granularity))
    figure.update_layout(showlegend=stacked, barmode="stack", bargap=0.15, hovermode="closest")
    if stacked:
        figure.update_layout(legend={"traceorder": "reversed"})
    else:
        label_ends(figure, [(trace.name, trace.line.color, trace.x, trace.y) for trace in figure.data])
    return figure


def band(
    frame: pd.DataFrame, metric: Metric, filters: FilterState, *, low: str = "low", high: str = "high"
) -> go.Figure:
    """Draw a metric's line within the band of its interval; both break where a value is missing.

    ``frame`` has the columns first_day, ``low``, ``high`` and the metric's own, one row a period, in the metric's unit.
    """
    figure = go.Figure()
    if frame[metric.name].notna().sum() == 0:
        return figure
    middle = numbers(frame[metric.name])
    kept = kept_points(middle)
    days = [day.date() for day in pd.to_datetime(frame["first_day"]).iloc[kept]]
    values = [middle[i] for i in kept]
    lows, highs = (numbers(frame[name].iloc[kept]) for name in (low, high))
    for start, stop in _runs(values):
        stretch = slice(start, stop)
        outline = {"x": days[stretch], "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        figure.add_scatter(**outline, y=lows[stretch])
        figure.add_scatter(**outline, y=highs[stretch], fill="tonexty", fillcolor=token("accent-wash"))
    figure.add_scatter(
        x=days,
        y=values,
        mode="lines" if len(values) > 1 else "markers",
        line={"color": token("accent"), "width": 2},
        marker={"color": token("accent")},
        error_y=None
        if len(values) > 1
        else {
            "type": "data",
            "symmetric": False,
            "array": [_distance(highs[0], values[0])],
            "arrayminus": [_distance(values[0], lows[0])],
            "color": token("accent"),
        },
        name=metric.label,
        hovertext=[
            hover_text(
                value,
                metric,
                period_text(day, filters.granularity),
                f"{value_text(lowest, metric.unit)} to {value_text(highest, metric.unit)}",
            )
            for value, day, lowest, highest in zip(values, days, lows, highs, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=_day_picks(frame, kept),
    )
    figure.update_yaxes(**value_axis([*highs, *values], metric.unit))
    figure.update_xaxes(**day_ticks(days, filters.granularity))
    figure.update_layout(showlegend=False)
    return figure


def _by_value(
    frame: pd.DataFrame, metric: Metric, by: str, dimension: str, ranked: tuple[str, ...], *, stacked: bool
) -> pd.DataFrame:
    """Return one column a value, in the order of their colours, the rest last; one row a period."""
    tokens = {value: category_token(dimension, str(value), ranked) for value in frame[by].dropna().unique()}
    own = [value for value in tokens if tokens[value] != OTHER]
    others = [value for value in tokens if tokens[value] == OTHER]
    # One alone is called by its own name.
    own += others if len(others) == 1 and stacked else []
    chosen = frame if metric.unit in ADDITIVE or stacked else frame[frame[by].isin(own)]
    named = chosen.assign(
        first_day=pd.to_datetime(chosen["first_day"]),
        value=[str(value) if value in own else OTHER_NAME for value in chosen[by]],
    )
    table = named.groupby(["first_day", "value"])[metric.name].sum(min_count=1).unstack("value")
    order = [*CATEGORIES, OTHER]
    return table[sorted(table.columns, key=lambda value: order.index(tokens.get(value, OTHER)))]


def _summed(table: pd.DataFrame, periods: int) -> pd.DataFrame:
    """Sum so many rows into one, dated by its first: a stack with days left out would tell less than there was."""
    groups = [position // periods for position in range(len(table))]
    first_days = table.index[::periods]
    return table.groupby(groups).sum(min_count=1).set_axis(first_days)


def _widths_ms(first_days: pd.Index) -> list[float]:
    """Return how wide each period's bar is on an axis of moments: its own days, a little less; the first may be cut."""
    if len(first_days) < 2:
        return [DAY_MS]
    lengths = [(after - before) / pd.Timedelta(milliseconds=1) for before, after in itertools.pairwise(first_days)]
    return [BAR_SHARE * length for length in [*lengths, max(lengths)]]


def _opacities(frame: pd.DataFrame, first_days: pd.Index) -> list[float]:
    """Return how solid each period's bar is: faded where the frame tells that it is not complete."""
    if "is_complete" not in frame:
        return [1.0] * len(first_days)
    complete = frame.groupby(pd.to_datetime(frame["first_day"]))["is_complete"].all()
    return [1.0 if complete.get(day, True) else INCOMPLETE_OPACITY for day in first_days]


def _share(value: float | None, total: float, metric: Metric) -> str:
    if value is None or metric.unit not in ADDITIVE or not total:
        return ""
    return f"{value_text(value / total, Unit.RATE)} of all"


def label_ends(figure: go.Figure, lines: list[tuple[str, str, Any, Any]]) -> None:
    """Name each line where it ends; names that would overlap are moved apart."""
    top = figure.layout.yaxis.range[1]
    gap = top / 16
    ends = []
    for name, color, days, values in lines:
        known = [i for i, value in enumerate(values) if value is not None]
        if known:
            ends.append((values[known[-1]], name, color, days[known[-1]]))
    placed = -gap
    for value, name, color, day in sorted(ends, key=lambda end: end[0]):
        placed = max(value, placed + gap)
        note(figure, name, x=day, y=placed, xanchor="left", xshift=8, color=color)
    days = [day for _, _, days, _ in lines for day in days]
    if min(days) < max(days):
        # Otherwise the axis makes room for the names as well.
        figure.update_xaxes(range=[min(days), max(days)])
    figure.update_layout(margin={"r": LABEL_ROOM_PX})


def _runs(values: list[float | None]) -> list[tuple[int, int]]:
    """Return the stretches between gaps as positions, the end not included."""
    gaps = [-1, *(i for i, value in enumerate(values) if value is None), len(values)]
    return [(gap + 1, after) for gap, after in itertools.pairwise(gaps) if after - gap > 1]


def _distance(high: float | None, low: float | None) -> float:
    return 0.0 if high is None or low is None else high - low


def _day_picks(frame: pd.DataFrame, kept: list[int]) -> list[list[str]] | None:
    if "end_day" not in frame:
        return None
    ranges = frame[["first_day", "end_day"]].apply(pd.to_datetime).iloc[kept]
    return pick_data([days_pick(first.date(), end.date()) for first, end in ranges.itertuples(index=False)])
