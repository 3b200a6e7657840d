"""The parts of the page of data and definitions, and the search over them."""

import logging
import secrets
from typing import Any

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html
from dash.development.base_component import Component

from components import states
from components.data_inventory import builds_table, covers, estimates, freshness, loaded_tables, rejected
from components.glossary import glossary, queries_list
from components.segments_list import segments_list
from definitions.manifest import published_builds
from queries.db import Build, WarehouseError, served_warehouse
from queries.inventory import cover_problems, estimated_columns, rejected_samples
from queries.run import min_accounts

MAX_FIND_CHARACTERS = 80
SECTIONS = {
    "tables": "What is loaded",
    "rejected": "Rejected rows",
    "covers": "Covers",
    "estimated": "Estimates",
    "builds": "Builds",
    "segments": "Segments",
    "glossary": "Metrics",
    "queries": "Queries",
}
# The search looks through these; while it does, the others step aside.
SEARCHED = ("tables", "glossary")

ATTRIBUTES = {"className": "class", "tabIndex": "tabindex"}

logger = logging.getLogger(__name__)


def definitions() -> html.Div:
    """Lay out the search box, and a place for what is filled in once the build is known."""
    label = "Find a metric, table or column"
    # The browser's own search field, which dbc passes on.
    field = dbc.Input(
        id="definitions-find",
        type="search",
        placeholder=label,
        maxlength=MAX_FIND_CHARACTERS,
        autocomplete="off",
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Label(label, htmlFor="definitions-find", className="visually-hidden"),
                    field,
                    html.P(id="definitions-count", role="status"),
                ],
                className="definitions-search",
            ),
            html.Div(states.loading(), id="definitions-loading"),
            # Drawn by assets/definitions.js: as Dash components, these thousands of parts take ten seconds to appear.
            html.Div(id="definitions"),
            # Asks once more, when a segment has been prepared; see assets/segments.js.
            dcc.Store(id="definitions-ask"),
            dcc.Store(id="definitions-parts"),
        ],
        className="definitions",
    )


@callback(Output("definitions-parts", "data"), Input("build", "data"), Input("definitions-ask", "data"))
def fill_definitions(build_id: str | None, _asked_anew: int | None = None) -> Any:
    """Fill the page for the build that it was opened on; whatever goes wrong becomes a state, never an exception."""
    try:
        build = served_warehouse().build(build_id or "")
    except WarehouseError:
        return [plain(states.replaced())]
    try:
        return plain(sections(build))
    except Exception:
        incident = secrets.token_hex(4)
        logger.exception("data and definitions failed, incident %s", incident)
        return [plain(states.failed(incident))]


def plain(part: Any) -> Any:
    """Return HTML components as data: a text, a list of parts, or {"tag", "attributes", "parts"}."""
    if isinstance(part, list | tuple):
        return [plain(item) for item in part if item is not None]
    if not isinstance(part, Component):
        return str(part)
    given = part.to_plotly_json()
    children = given["props"].pop("children", None)
    attributes = {ATTRIBUTES.get(name, name): str(value) for name, value in given["props"].items() if value is not None}
    parts = [] if children is None else children if isinstance(children, list | tuple) else [children]
    return {"tag": given["type"].lower(), "attributes": attributes, "parts": plain(parts)}


def sections(build: Build) -> list[Any]:
    """Return the page's sections for a build; raises QueryError."""
    builds = published_builds(served_warehouse().folder)
    content: dict[str, list[Any]] = {
        "tables": [freshness(build.manifest), *loaded_tables(build.manifest)],
        "rejected": rejected(rejected_samples(build), build, min_accounts()),
        "covers": covers(cover_problems(build), build),
        "estimated": [estimates(estimated_columns(build))],
        "builds": builds_table(builds, build.id),
        "segments": segments_list(build.id, build.manifest),
        "glossary": glossary(build.manifest),
        "queries": queries_list(),
    }
    links = [html.Li(html.A(title, href=f"#{name}")) for name, title in SECTIONS.items()]
    return [
        html.Nav(html.Ul(links), className="definitions-parts", **{"aria-label": "Parts of this page"}),
        *(
            html.Section(
                [html.H2(title), *content[name]],
                id=name,
                className="panel",
                **{"data-searched": "yes" if name in SEARCHED else "no"},
            )
            for name, title in SECTIONS.items()
        ),
    ]


# As one types, the browser itself hides what does not match: it has everything already.
clientside_callback(
    ClientsideFunction("definitions", "find"),
    Output("definitions-count", "children"),
    Input("definitions-find", "value"),
    Input("definitions-parts", "data"),
)
clientside_callback(
    ClientsideFunction("definitions", "found"),
    Output("definitions-find", "value"),
    Input("url", "search"),
    State("definitions-find", "value"),
)
