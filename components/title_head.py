"""What a page about one title says of it before its cards."""

import logging
from dataclasses import dataclass, replace
from typing import Any

from dash import dcc, html

from components import states
from components.chart_parts import records
from components.cover import cover
from components.format import day_text, is_missing, value_text
from components.labels import value_label
from components.title_links import SERIES
from definitions.metric import Unit
from queries.db import WarehouseError, served_warehouse
from queries.filters import parse_search
from queries.run import QueryError, run

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Title:
    """A title or series: its ``name``, ``facts`` about it in words, and the cover it is shown by, where it has one."""

    name: str
    facts: tuple[str, ...]
    poster: html.Img | None = None


def title_of(title_id: str) -> Title | None:
    """Return the title of an id in the build that is served; None where there is none of it."""
    try:
        build = served_warehouse().current()
    except WarehouseError:
        return None
    filters = replace(parse_search("", build.manifest.spans), of_title=title_id)
    try:
        rows = records(run("title_details", filters, build))
    except QueryError:
        return _not_told(title_id)
    return _title(rows[0]) if rows else None


def series_of(series_id: str) -> Title | None:
    """Return the series of an id in the build that is served; None where there is none of it."""
    try:
        build = served_warehouse().current()
    except WarehouseError:
        return None
    filters = parse_search("", build.manifest.spans).with_only("title", (SERIES + series_id,))
    try:
        rows = records(run("show_details", filters, build))
    except QueryError:
        return _not_told(series_id)
    return _series(rows[0]) if rows else None


def _not_told(its_id: str) -> Title:
    """Stand in for what could not be asked; each card of the page says for itself whether it can be."""
    logger.exception("what is said of %s on its page could not be asked", its_id)
    return Title(its_id, ("What it is called could not be found out just now.",))


def _series(row: dict[str, Any]) -> Title:
    counted = [
        f"{row[column]:,} {one if row[column] == 1 else column}"
        for column, one in (("seasons", "season"), ("episodes", "episode"))
        if row[column]
    ]
    released = ""
    if not is_missing(row["first_released_on"]):
        days = [day_text(row[column]) for column in ("first_released_on", "last_released_on")]
        released = f"released {' to '.join(dict.fromkeys(days))}"
    return Title(str(row["name"]), tuple(filter(None, ("Series", *counted, released))), _poster(row))


def _title(row: dict[str, Any]) -> Title:
    number = "".join(
        f"{letter}{row[column]:.0f}"
        for letter, column in (("S", "season_number"), ("E", "episode_number"))
        if not is_missing(row[column])
    )
    kind = {"film": "Film", "episode": "Episode", "trailer": "Trailer"}.get(
        row["kind"], value_label("kind", row["kind"])
    )
    series = "" if is_missing(row["series_name"]) else f"of {row['series_name']}"
    runtime = "" if is_missing(row["runtime_ms"]) else value_text(row["runtime_ms"] / 3_600_000, Unit.HOURS)
    released = "" if is_missing(row["released_on"]) else f"released {day_text(row['released_on'])}"
    return Title(
        str(row["name"]),
        tuple(filter(None, (" ".join(filter(None, (kind, number, series))), runtime, released))),
        _poster(row),
    )


def _poster(row: dict[str, Any]) -> html.Img | None:
    if is_missing(row["poster_hash"]):
        return None
    aspect_ratio = row["thumbnail_width_px"] / row["thumbnail_height_px"]
    return cover(row["poster_hash"], f"Cover of {row['name']}", aspect_ratio=aspect_ratio)


def title_head(title: Title) -> html.Div:
    """Show what a title is: its cover, its name, and «Film · 1 h 42 min · released 3 May 2025»."""
    facts = html.P(" · ".join(title.facts), className="title-facts")
    return html.Div(
        [*([] if title.poster is None else [title.poster]), html.Div([html.H1(title.name), facts])],
        className="title-head",
    )


def unknown_title(title_id: str) -> html.Div:
    """Stand in for the page of a title that is not in the data."""
    return _unknown("title", title_id)


def unknown_series(series_id: str) -> html.Div:
    """Stand in for the page of a series that is not in the data."""
    return _unknown("series", series_id)


def _unknown(what: str, its_id: str) -> html.Div:
    return html.Div(
        [
            html.H1(f"This {what} is not in the data"),
            states.state(
                f"unknown-{what}",
                "film",
                f"There is no {what} «{its_id}».",
                dcc.Link("See all titles", href="/titles"),
            ),
        ]
    )
