"""What every card has in common: its frame, views, menu and exports, and the registry that the callbacks look in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from components.format import days_text
from components.missing import described
from components.segments import save_button
from components.states import loading
from components.still import Html, made_html
from definitions.metric import Better, Metric
from definitions.metrics import METRICS
from definitions.options import OPTION_BY_NAME, Option
from definitions.segments import saved_segments
from queries.db import Build, WarehouseError, served_warehouse
from queries.filters import FilterState, parse_search
from queries.fits import FITS
from queries.run import bound_parameters, parameter_names, query_text, run


class Width(StrEnum):
    """How much of the page's width a card takes on a wide screen; bare is all of it, without a frame."""

    FULL = "full"
    TWO_THIRDS = "two-thirds"
    HALF = "half"
    THIRD = "third"
    BARE = "bare"


class View(StrEnum):
    """The ways to look at what a card shows."""

    FIGURE = "figure"
    TABLE = "table"
    SQL = "sql"


VIEW_LABELS = {View.FIGURE: "Figure", View.TABLE: "Table", View.SQL: "SQL"}
WELCOME = {Better.HIGHER: "when higher", Better.LOWER: "when lower", Better.NEITHER: None}
MAX_TYPED_CHARACTERS = 80
MOST_OPTIONS_SHOWN = 5
EXPORT_LABELS = {"csv": "CSV", "parquet": "Parquet", "json": "Manifest"}


@dataclass(frozen=True, slots=True)
class Export:
    """Where the rows behind a figure can be had: a query's name and the query string that goes with it."""

    query: str
    search: str

    def href(self, form: str) -> str:
        """Return the address of the rows as ``form``: csv, parquet, or json for the manifest."""
        return f"/export/{self.query}.{form}?{self.search}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a card shows for one state of the filters.

    ``rows_href`` is the address of the rows that the figure counts; None, as ``export``, when there are none.
    ``accounts_search`` is the query string of rows whose accounts can be saved as a segment, where they can.
    """

    title: str
    body: Any
    export: Export | None = None
    rows_href: str | None = None
    accounts_search: str | None = None


class Panel(Protocol):
    """Anything that the cards' callback can fill."""

    @property
    def id(self) -> str:
        """Its id, unique over all pages."""

    @property
    def title(self) -> str:
        """Its title while there is nothing to say about the data."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics it shows; a card of one metric explains it beside its title."""

    @property
    def queries(self) -> tuple[str, ...]:
        """The queries it asks."""

    @property
    def options(self) -> tuple[str, ...]:
        """The names of the options that can be chosen on it."""

    @property
    def followed_options(self) -> tuple[str, ...]:
        """The names of those that are chosen on another card of its page, and hold for it too."""

    @property
    def rows(self) -> str | None:
        """The table whose rows it counts; None when there is none to open."""

    @property
    def width(self) -> Width:
        """How much of the page's width it takes."""

    @property
    def height_px(self) -> int:
        """The height that its body reserves."""

    def answer(self, view: View, filters: FilterState, build: Build) -> Answer:
        """Ask its queries and show what they return; raises FilterError, QueryError."""

    def export_of(self, metric: str, /, filters: FilterState, build: Build) -> Export:
        """Return where the rows behind one of its metrics can be had."""


_panels: dict[str, Panel] = {}


def declare(*panels: Panel) -> tuple[Panel, ...]:
    """Make a page's cards known to the cards' callback, and return them; raises ValueError when an id is taken."""
    for panel in panels:
        if _panels.setdefault(panel.id, panel) != panel:
            raise ValueError(f"Two different cards are called «{panel.id}».")
    return panels


def declared_panels() -> tuple[Panel, ...]:
    """Return every declared card, in the order of declaration."""
    return tuple(_panels.values())


def panel_called(panel_id: str) -> Panel:
    """Return a declared card; raises KeyError when there is none of that id."""
    return _panels[panel_id]


def frame_of(panel: Panel) -> html.Section:
    """Lay out a card before its first answer: title, info button, menu, and a body that reserves its height."""
    part = {"card": panel.id}
    explained = [info_button(panel.id, metric) for metric in panel.metrics if len(panel.metrics) == 1]
    menu = html.Div(id={"type": "card-menu", **part}, className="card-menu")
    return html.Section(
        [
            # What is asked for changes only when the address says something else about this card.
            dcc.Store(id={"type": "card-ask", **part}),
            html.Header(
                [
                    html.H2(panel.title, id={"type": "card-title", **part}),
                    *_option_controls([OPTION_BY_NAME[name] for name in panel.options]),
                    *explained,
                    disclosure("three-dots", f"Options for {panel.title}", menu),
                ]
            ),
            html.Div(
                loading(),
                id={"type": "card-body", **part},
                className="card-body",
                style={"--height": f"{panel.height_px}px", "--figures": str(len(panel.metrics))},
            ),
        ],
        id=panel.id,
        className=f"panel width-{panel.width}",
        **{
            "aria-label": panel.title,
            **({"data-rows": panel.rows} if panel.rows else {}),
            **({"data-follows": " ".join(panel.followed_options)} if panel.followed_options else {}),
        },
    )


def _option_controls(options: Sequence[Option]) -> list[Component]:
    """Lay out what can be chosen on a card: the first of many beside its title, the others behind a button."""
    controls = [option_control(option) for option in options]
    if len(controls) <= MOST_OPTIONS_SHOWN:
        return controls
    # The button takes the room of one.
    shown, others = controls[: MOST_OPTIONS_SHOWN - 1], controls[MOST_OPTIONS_SHOWN - 1 :]
    return [*shown, disclosure("sliders", "More to choose", html.Div(others, className="card-options"))]


def option_control(option: Option) -> html.Label | html.Span:
    """A list to choose an option from, or a field to type it; assets/marquee.js keeps it and the address in step.

    What is picked on a figure has none: what is hidden only tells assets/asking.js whose option it is.
    """
    if option.is_picked:
        return html.Span(hidden=True, **{"data-option": option.name})
    told = html.Span(option.label, className="visually-hidden")
    if option.between is not None:
        # What is typed is a number and not looked for: it keeps its label, and hides no rows.
        low, high = option.between
        input_mode = "numeric" if option.is_whole else "decimal"
        field = dbc.Input(type="text", placeholder=option.default, maxLength=8, inputmode=input_mode)
        problem = html.Span(f"{low:g} to {high:g}", className="problem", role="alert", hidden=True)
        return html.Label(
            [html.Span(option.label), field, problem],
            className="card-option card-number",
            hidden=option.only_with is not None,
            **{
                "data-typed-option": option.name,
                "data-between": f"{low} {high}",
                **({"data-only-with": "=".join(option.only_with)} if option.only_with else {}),
            },
        )
    if option.is_typed:
        field = dbc.Input(type="search", placeholder=option.label, maxLength=MAX_TYPED_CHARACTERS)
        return html.Label([told, field], className="card-option", **{"data-typed-option": option.name})
    listed = dict(option.choices) | {value: value for value in _listed_values(option)} | _segments(option)
    choices = [html.Option(label, value=value) for value, label in listed.items()]
    select = html.Select(choices, **{"data-option": option.name})
    return html.Label([told, select], className="card-option", title=option.label)


def _listed_values(option: Option) -> list[str]:
    """Return what the data list to choose from; nothing where there are none yet."""
    if option.listed_by is None:
        return []
    try:
        build = served_warehouse().current()
        return [
            str(value)
            for value in run(option.listed_by, parse_search("", build.manifest.spans), build)["value"].dropna()
        ]
    except WarehouseError:
        return []


def _segments(option: Option) -> dict[str, str]:
    """Return the names of the saved segments by their id, where the option lists them."""
    if not option.lists_segments:
        return {}
    return {segment.id: segment.name for segment in saved_segments(served_warehouse().folder)}


def disclosure(icon: str, label: str, content: Any, button_id: Any = None) -> html.Details:
    """A button that opens a small panel: the browser's own, so it works by keyboard before any script has run."""
    named = {"id": button_id} if button_id else {}
    button = html.Summary(className=f"bi bi-{icon}", title=label, **named, **{"aria-label": label})
    return html.Details([button, html.Div(content, className="popout")], className="disclosure")


def info_button(panel_id: str, metric: str) -> html.Details:
    """A button that explains a metric; the explanation is asked for when it is first opened."""
    part = {"card": panel_id, "metric": metric}
    explanation = html.Div(id={"type": "about", **part}, className="about")
    return disclosure("info-circle", about_label(METRICS[metric]), explanation, {"type": "about-button", **part})


def about_label(metric: Metric) -> str:
    """Return what the button that explains a metric is called."""
    return f"About {metric.label}"


def about(metric: Metric, filters: FilterState, build: Build, export: Export) -> list[Any]:
    """Say what a metric means, how it is computed, what it needs, where it comes from and how fresh it is.

    A part of it is HTML already, so it is shown by ``components.still``.
    """
    facts = {
        "Days": days_text(filters.start_day, filters.end_day),
        "Data": f"to {(build.manifest.data_through or '')[:10]}, build {build.id}",
    }
    return [
        html.P(html.Strong(metric.label)),
        html.P(metric.definition),
        html.Dl([_lasting_facts(metric.name), *_facts(facts)]),
        html.Ul(_downloads(export), className="menu-list"),
    ]


@cache
def _lasting_facts(metric_name: str) -> Html:
    """Return what holds of a metric whatever is looked at: a third of a strip's parts, so made once."""
    metric = METRICS[metric_name]
    facts = {
        "Unit": metric.unit.value,
        "Formula": html.Code(metric.formula),
        "Needs": "; ".join(map(described, metric.needs)),
        "After": metric.source,
        "Better": WELCOME[metric.better],
    }
    return made_html(_facts(facts))


def _facts(facts: Mapping[str, Any]) -> list[Any]:
    return [element for name, fact in facts.items() if fact for element in (html.Dt(name), html.Dd(fact))]


def menu(panel: Panel, view: View, answer: Answer) -> list[Any]:
    """Return a card's menu: how to show it, what to take away, and the rows behind it.

    The buttons are carried out by assets/marquee.js: ``data-show`` is a part of the address, ``data-picture`` a card.
    """
    views = [
        html.Li(
            html.Button(
                label,
                type="button",
                **{"data-show": f"{panel.id}.{choice}", "aria-pressed": "true" if choice is view else "false"},
            )
        )
        for choice, label in VIEW_LABELS.items()
    ]
    parts = [html.H3("Show as"), html.Ul(views, className="menu-views")]
    if answer.export:
        picture = html.Button("Picture (PNG)", type="button", className="bi bi-image", **{"data-picture": panel.id})
        parts += [html.H3("Take away"), html.Ul([*_downloads(answer.export), html.Li(picture)], className="menu-list")]
    leads = [
        dcc.Link("Open the rows", href=answer.rows_href, className="bi bi-table") if answer.rows_href else None,
        save_button(answer.accounts_search) if answer.accounts_search else None,
    ]
    if any(leads):
        parts.append(html.Ul([html.Li(lead) for lead in leads if lead], className="menu-list"))
    return parts


def export_of_query(
    query: str, filters: FilterState, build: Build, columns: Iterable[str] = (), *, compared: bool
) -> Export:
    """Return where a query's rows can be had under the filters on the screen."""
    about_title = filters.of_title if "of_title" in parameter_names(query) else None
    own = [
        *([("of_title", about_title)] if about_title is not None else []),
        *((name, value) for name, value in filters.options if name in parameter_names(query)),
        ("build", build.id),
        *(("column", column) for column in columns),
        *([("compared", "1")] if compared else []),
    ]
    return Export(query, "&".join(filter(None, (filters.search(), urlencode(own)))))


def rows_href(table: str | None, filters: FilterState) -> str | None:
    """Return the address of a table's rows under the filters on the screen; None when there is no table.

    Of a page about one title, of which the filters do not tell, they are that title's rows.
    """
    if table is None:
        return None
    own = {"table": table} if filters.of_title is None else {"table": table, "where": f"title_id is {filters.of_title}"}
    return "/explore?" + "&".join(filter(None, (urlencode(own), filters.search())))


def sql_view(queries: Iterable[str], filters: FilterState) -> html.Div:
    """Show the SQL of some queries and the values bound to it."""
    parts: list[Any] = []
    for query in queries:
        values = bound_parameters(query, filters)
        bound = [element for name, value in values.items() for element in (html.Dt(f"${name}"), html.Dd(_bound(value)))]
        parts += [html.H3(f"{query}.sql"), html.Dl(bound), html.Pre(query_text(query))]
        parts += [html.P(FITS[query].told)] if query in FITS else []
    return html.Div(parts, className="sql table-scroll", tabIndex=0, role="region", **{"aria-label": "SQL"})


def _downloads(export: Export) -> list[html.Li]:
    return [
        html.Li(html.A(f"Download {label}", href=export.href(form), className="bi bi-download", download=""))
        for form, label in EXPORT_LABELS.items()
    ]


def _bound(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, dict):
        # Of what can be chosen, what is.
        parts = [f"{name}: {_bound(item)}" for name, item in value.items() if item is not None]
        return f"{{{', '.join(parts)}}}"
    return f"[{', '.join(map(repr, value))}]" if isinstance(value, list) else str(value)
