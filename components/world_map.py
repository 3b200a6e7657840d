"""A map of countries, drawn as part of the page: each is reached by keyboard and offers its filter."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from dash import html

from components import svg
from components.chart_parts import records, round_ticks
from components.colours import SEQUENTIAL
from components.format import axis_text, change_between, is_missing, value_text
from components.labels import value_label
from components.picks import value_pick
from components.tables import HIDDEN
from components.theme import token
from definitions.dimensions import UNKNOWN
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState

STEPS = len(SEQUENTIAL) - 1
SHAPES = Path(__file__).parents[1] / "assets" / "maps" / "countries.json"


@cache
def shapes() -> dict[str, Any]:
    """Return the outlines of countries: ``width`` and ``height`` of the drawing, and ``paths`` by ISO code."""
    outlines: dict[str, Any] = json.loads(SHAPES.read_text(encoding="utf-8"))
    return outlines


def world_map(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Draw countries as lit as their value is high; those without any are outlines, and what has no shape is a list.

    ``frame`` has the columns group_id (ISO 3166-1), watch_time_share, the metric's own and compare_<metric>.
    """
    outlines = shapes()
    told = {str(row["group_id"]): row for row in records(frame)}
    values = [row[metric.name] for row in told.values() if not is_missing(row[metric.name])]
    highest = round_ticks(max(values, default=0))[-1]
    drawn: list[Any] = [
        svg.Path(d=outline, className="country")
        for country, outline in outlines["paths"].items()
        if country not in told
    ]
    # Above the others, so that an outline that is in focus is whole.
    drawn += [
        _country(told[country], outline, metric, highest)
        for country, outline in outlines["paths"].items()
        if country in told
    ]
    drawing = svg.Svg(
        drawn,
        viewBox=f"0 0 {outlines['width']} {outlines['height']}",
        role="group",
        **{"aria-label": f"{metric.label} by country"},
    )
    left = [_listed(row, metric) for country, row in told.items() if country not in outlines["paths"]]
    scale = [
        html.Span(axis_text(0, metric.unit)),
        *(html.I(style={"background": token(step)}) for step in SEQUENTIAL[1:]),
        html.Span(axis_text(highest, metric.unit)),
    ]
    parts = [drawing, html.P(scale, className="map-scale", **{"aria-hidden": "true"})]
    if left:
        parts.append(html.P(["Not on the map: ", *left], className="secondary"))
    return html.Div(parts, className="world-map")


def largest_country(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which country has most: «India: 34 % of watch time, of 20 countries»."""
    share = METRICS["watch_time_share"].name
    known = frame[(frame["group_id"] != UNKNOWN) & frame[share].notna()]
    if known.empty:
        return "Watch time by country"
    name = value_label("place", str(known["group_id"].iloc[0]))
    whole = f", of {len(known):,} countries" if len(known) > 1 else ""
    return f"{name}: {value_text(known[share].iloc[0], Unit.RATE)} of watch time{whole}"


def _country(row: dict[str, Any], outline: str, metric: Metric, highest: float) -> svg.Path:
    value = row[metric.name]
    pick = value_pick("place", str(row["group_id"]))
    if is_missing(value):
        told, step, kept = HIDDEN, 0, {}
    else:
        share = value_text(row["watch_time_share"], Unit.RATE)
        change = change_between(value, row[f"compare_{metric.name}"], metric)
        told = ", ".join(
            filter(None, (value_text(value, metric.unit), f"{share} of all", change.spoken if change else ""))
        )
        # The darkest is for countries without anything.
        step = 1 + min(int(value / highest * STEPS), STEPS - 1)
        kept = {"data-value": repr(float(value))}
    words = f"{pick.label}: {told}"
    marks = {"data-pick": pick.search, "data-pick-label": pick.label, "aria-haspopup": "menu", "aria-label": words}
    return svg.Path(
        svg.Title(words),
        d=outline,
        className=f"country lit-{step}",
        role="button",
        tabIndex=0,
        **marks,
        **kept,
    )


def _listed(row: dict[str, Any], metric: Metric) -> html.Span:
    value = row[metric.name]
    kept = {} if is_missing(value) else {"data-value": repr(float(value))}
    text = HIDDEN if is_missing(value) else value_text(value, metric.unit)
    return html.Span(f"{value_label('place', str(row['group_id']))} {text} ", **kept)
