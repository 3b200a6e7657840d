"""What surrounds every page: navigation, filter bar, messages, and what the browser keeps of the page."""

from datetime import timedelta

import dash
from dash import ClientsideFunction, Dash, Input, Output, clientside_callback, dcc, html

from components.filter_bar import filter_bar
from components.format import day_text
from components.navigation import nav_links
from components.states import no_warehouse
from definitions.dimensions import DEFAULT_CALENDAR
from queries.db import Build, WarehouseError, served_warehouse

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
            html.Div(
                [filter_bar(), html.Div(id="messages", **{"aria-live": "polite"})], id="filters", hidden=build is None
            ),
            html.Main(
                [None if build else no_warehouse(reason), html.Div(dash.page_container, hidden=build is None)],
                id="main",
                tabIndex=-1,
            ),
        ],
        className="marquee",
    )


def _top_bar(build: Build | None) -> html.Header:
    return html.Header(
        [
            dcc.Link("Marquee", href="/", className="brand"),
            html.Nav(html.Ul(nav_links("/", ""), id="nav-links"), **{"aria-label": "Pages"}),
            html.P(_freshness(build), className="freshness"),
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


def _theme_switch() -> html.Fieldset:
    return html.Fieldset(
        [
            html.Legend("Colours", className="visually-hidden"),
            dcc.RadioItems(id="theme-choice", options=THEMES, inline=True),
        ],
        className="theme-switch",
    )


# The choice is a preference of the browser, so the browser alone reads, applies and keeps it.
clientside_callback(
    ClientsideFunction("marquee", "keepTheme"),
    Output("theme-choice", "value"),
    Input("theme-choice", "value"),
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
