"""What a page about one title says of it before its cards."""

from dataclasses import dataclass, replace
from typing import Any

from dash import dcc, html

from components import states
from components.chart_parts import records
from components.format import day_text, is_missing, value_text
from components.labels import value_label
from definitions.metric import Unit
from queries.db import WarehouseError, served_warehouse
from queries.filters import parse_search
from queries.run import run


@dataclass(frozen=True, slots=True)
class Title:
    """A title: its ``name``, and ``facts`` about it in words."""

    name: str
    facts: tuple[str, ...]


def title_of(title_id: str) -> Title | None:
    """Return the title of an id in the build that is served; None where there is none of it."""
    try:
        build = served_warehouse().current()
    except WarehouseError:
        return None
    filters = replace(parse_search("", build.manifest.spans), of_title=title_id, problems=())
    rows = records(run("title_details", filters, build))
    return _title(rows[0]) if rows else None


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
    )


def title_head(title: Title) -> html.P:
    """Say what the title is: «Film · 1 h 42 min · released 3 May 2025»."""
    return html.P(" · ".join(title.facts), className="title-facts")


def unknown_title(title_id: str) -> html.Div:
    """Stand in for the page of a title that is not in the data."""
    return html.Div(
        [
            html.H1("This title is not in the data"),
            states.state(
                "unknown-title",
                "film",
                f"There is no title «{title_id}».",
                dcc.Link("See all titles", href="/titles"),
            ),
        ]
    )
