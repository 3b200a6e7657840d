"""What surrounds every page: navigation, filter bar, messages, and what the browser keeps of the page."""

from datetime import timedelta

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, clientside_callback, dcc, html

from components.filter_bar import SETTINGS, filter_bar
from components.format import day_text
from components.navigation import nav_links, unused_settings_by_path
from components.segments import save_dialog
from components.states import no_warehouse
from components.still import still
from definitions.dimensions import BAR_DIMENSIONS, DEFAULT_CALENDAR
from queries.db import Build, WarehouseError, served_warehouse

KEYS = {
    "/": "Search: this page's search box, or find a metric",
    "?": "This help",
    "u": "Undo the last change of the page",
    "← →": "Walk along a chart that has the focus; with ↑ ↓ over the cells of the cohorts",
    "Enter": "Filter by the point, bar or row that has the focus, or choose the cell",
    "Esc": "Close what is open",
}
GUIDE = {
    "Filters": "Everything on a page follows the bar at its top. The address keeps it all: copy it, reload, go back.",
    "A click": "A bar, point, row or legend entry offers to show only this, to leave it out, or to open its rows.",
    "Cards": "The three dots show a card as a table or as SQL, and give its numbers as CSV, Parquet or a picture.",
    "Numbers": "The i beside a name tells its definition, its formula and how fresh it is.",
}
THEMES = {"system": "Auto", "light": "Light", "dark": "Dark"}


def shell() -> html.Div:
    """Lay out the whole app for one visit, pinned to the build that is current now; says how to make the first one."""
    try:
        build, reason = served_warehouse().current(), ""
    except WarehouseError as error:
        build, reason = None, str(error)
    return html.Div(
        [
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="build", data=build.id if build else None),
            html.A("Skip to the figures", href="#main", className="skip-link"),
            _top_bar(build),
            # Pages say when they are registered that they have no filters; an unknown address has none either.
            dcc.Store(id="unused-settings", data=unused_settings_by_path()),
            html.Div(
                [filter_bar(), html.Div(id="messages", **{"aria-live": "polite"})], id="filters", hidden=build is None
            ),
            _hint(),
            html.Main(
                [
                    None if build else no_warehouse(reason),
                    html.Nav(html.Ul(id="part-links"), className="parts", **{"aria-label": "Parts of this page"}),
                    html.Div(dash.page_container, className="page" if build else "page page-without-build"),
                ],
                id="main",
                tabIndex=-1,
            ),
            still(_help()),
            save_dialog(),
        ],
        className="marquee",
        **{"data-build": build.id if build else ""},
    )


def _top_bar(build: Build | None) -> html.Header:
    return html.Header(
        [
            dcc.Link("Marquee", href="/", className="brand"),
            html.Nav(html.Ul(nav_links("/", ""), id="nav-links"), **{"aria-label": "Pages"}),
            _find(),
            html.P(
                [html.Span(_freshness(build)), html.A("Newer data: reload", href="", id="newer", hidden=True)],
                className="freshness",
            ),
            html.Button("?", id="open-help", type="button", title="Keyboard and help (?)", **{"aria-label": "Help"}),
            _theme_switch(),
            html.Button(
                [
                    html.I(className="bi bi-sliders", **{"aria-hidden": "true"}),
                    " Filters",
                    html.Span(id="filter-count"),
                ],
                id="open-filters",
                type="button",
                **{"aria-controls": "filters", "aria-expanded": "false"},
            ),
        ],
        className="top-bar",
    )


def _freshness(build: Build | None) -> str:
    span = build.manifest.spans.get(DEFAULT_CALENDAR) if build else None
    if span is None or span.first_day >= span.end_day:
        return ""
    return f"data to {day_text(span.end_day - timedelta(days=1))}"


def _find() -> html.Form:
    """Lead to the page of definitions; a plain form, so that it works before any script has run."""
    field = dbc.Input(id="find", name="find", type="search", placeholder="Find a metric or table", maxLength=80)
    label = html.Label("Find a metric or table", htmlFor="find", className="visually-hidden")
    return html.Form([label, field, html.Kbd("/", **{"aria-hidden": "true"})], action="/data", className="find")


def _hint() -> html.Div:
    """Say on the first visit what cannot be seen: that figures can be clicked."""
    return html.Div(
        [
            html.P(["Click a bar, a point or a row to filter everything by it. ", html.Kbd("?"), " lists the keys."]),
            html.Button("Got it", id="close-hint", type="button"),
        ],
        id="hint",
        hidden=True,
        role="status",
    )


def _help() -> html.Dialog:
    keys = [part for key, does in KEYS.items() for part in (html.Dt(html.Kbd(key)), html.Dd(does))]
    guide = [part for name, does in GUIDE.items() for part in (html.Dt(name), html.Dd(does))]
    return html.Dialog(
        [
            html.H2("Keyboard and help", id="help-title"),
            html.Dl(keys),
            html.Dl(guide),
            html.Button("Close", id="close-help", type="button"),
        ],
        id="help",
        **{"aria-labelledby": "help-title"},
    )


def _theme_switch() -> html.Div:
    """Offer the themes; the choice is the browser's own, so the browser alone reads, applies and keeps it."""
    buttons = [html.Button(label, type="button", **{"data-theme": name}) for name, label in THEMES.items()]
    return html.Div(buttons, className="theme-switch", role="group", **{"aria-label": "Colours"})


clientside_callback(
    ClientsideFunction("marquee", "hideFilters"),
    Output("filters", "hidden"),
    *(Output(f"control-{name}", "hidden") for name in (*SETTINGS, *(dimension.name for dimension in BAR_DIMENSIONS))),
    Input("url", "pathname"),
    State("unused-settings", "data"),
    State("build", "data"),
)

clientside_callback(
    ClientsideFunction("marquee", "keepPast"),
    Output("undo", "hidden"),
    Input("url", "search"),
    Input("url", "pathname"),
)


def index_string(app: Dash) -> str:
    """Return the page around the app: the theme is set before anything is painted, the font asked for early."""
    font = app.get_asset_url("fonts/inter-latin-wght-normal.woff2")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
{{%metas%}}
<meta name="color-scheme" content="light dark">
<title>{{%title%}}</title>
<script src="{app.get_asset_url("theme.js")}"></script>
<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>
{{%favicon%}}
{{%css%}}
</head>
<body>
{{%app_entry%}}
<footer>{{%config%}}{{%scripts%}}{{%renderer%}}</footer>
</body>
</html>"""
