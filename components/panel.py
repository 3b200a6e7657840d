"""What every card has in common: its frame, views and export links, and the registry that the callbacks look in."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

from dash import dcc, html

from components.format import days_text
from components.missing import described
from components.states import loading
from definitions.metric import Metric
from definitions.metrics import METRICS
from queries.db import Build
from queries.filters import FilterState
from queries.run import bound_parameters, query_text


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a card shows for one state of the filters; ``csv_href`` is None when there is no single file behind it."""

    title: str
    body: Any
    csv_href: str | None = None


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
    def width(self) -> Width:
        """How much of the page's width it takes."""

    @property
    def height_px(self) -> int:
        """The height that its body reserves."""

    def answer(self, view: View, filters: FilterState, build: Build) -> Answer:
        """Ask its queries and show what they return; raises FilterError, QueryError."""

    def download_of(self, metric: str, /, filters: FilterState, build: Build) -> str:
        """Return the address of the CSV file with the rows behind one of its metrics."""


_panels: dict[str, Panel] = {}


def declare(*panels: Panel) -> tuple[Panel, ...]:
    """Make a page's cards known to the cards' callback, and return them; raises ValueError when an id is taken."""
    for panel in panels:
        if _panels.setdefault(panel.id, panel) != panel:
            raise ValueError(f"Two different cards are called «{panel.id}».")
    return panels


def panel_called(panel_id: str) -> Panel:
    """Return a declared card; raises KeyError when there is none of that id."""
    return _panels[panel_id]


def frame_of(panel: Panel) -> html.Section:
    """Lay out a card before its first answer: title, info button, menu, and a body that reserves its height."""
    part = {"card": panel.id}
    explained = [info_button(panel.id, metric) for metric in panel.metrics if len(panel.metrics) == 1]
    return html.Section(
        [
            html.Header(
                [
                    html.H2(panel.title, id={"type": "card-title", **part}),
                    *explained,
                    disclosure("three-dots", f"Options for {panel.title}", _menu(part)),
                ]
            ),
            html.Div(
                loading(),
                id={"type": "card-body", **part},
                className="card-body",
                style={"--height": f"{panel.height_px}px"},
            ),
        ],
        id=panel.id,
        className=f"panel width-{panel.width}",
        **{"aria-label": panel.title},
    )


def disclosure(icon: str, label: str, content: Any, button_id: Any = None) -> html.Details:
    """A button that opens a small panel: the browser's own, so it works by keyboard before any script has run."""
    named = {"id": button_id} if button_id else {}
    button = html.Summary(className=f"bi bi-{icon}", title=label, **named, **{"aria-label": label})
    return html.Details([button, html.Div(content, className="popout")], className="disclosure")


def info_button(panel_id: str, metric: str) -> html.Details:
    """A button that explains a metric; the explanation is asked for when it is first opened."""
    part = {"card": panel_id, "metric": metric}
    explanation = html.Div(id={"type": "about", **part}, className="about")
    label = f"About {METRICS[metric].label}"
    return disclosure("info-circle", label, explanation, {"type": "about-button", **part})


def about(metric: Metric, filters: FilterState, build: Build, download: str) -> list[Any]:
    """Say what a metric means, how it is computed, what it needs, where it comes from and how fresh it is."""
    facts = {
        "Formula": html.Code(metric.formula),
        "Needs": "; ".join(map(described, metric.needs)),
        "After": metric.source,
        "Days": days_text(filters.start_day, filters.end_day),
        "Data": f"to {(build.manifest.data_through or '')[:10]}, build {build.id}",
    }
    rows = [element for name, fact in facts.items() if fact for element in (html.Dt(name), html.Dd(fact))]
    return [
        html.P(html.Strong(metric.label)),
        html.P(metric.definition),
        html.Dl(rows),
        html.A("Download CSV", href=download, className="bi bi-download"),
    ]


def csv_href(query: str, filters: FilterState, build: Build, columns: Iterable[str] = (), *, compared: bool) -> str:
    """Return the address of the CSV file with the rows behind a card."""
    own = [("build", build.id), *(("column", column) for column in columns), *([("compared", "1")] if compared else [])]
    return f"/export/{query}.csv?" + "&".join(filter(None, (filters.search(), urlencode(own))))


def sql_view(queries: Iterable[str], filters: FilterState) -> html.Div:
    """Show the SQL of some queries and the values bound to it."""
    parts: list[Any] = []
    for query in queries:
        values = bound_parameters(query, filters)
        bound = [element for name, value in values.items() for element in (html.Dt(f"${name}"), html.Dd(_bound(value)))]
        parts += [html.H3(f"{query}.sql"), html.Dl(bound), html.Pre(query_text(query))]
    return html.Div(parts, className="sql table-scroll", tabIndex=0, role="region", **{"aria-label": "SQL"})


def _menu(part: dict[str, str]) -> list[Any]:
    view = dcc.RadioItems(
        id={"type": "card-view", **part},
        options=[{"label": label, "value": view.value} for view, label in VIEW_LABELS.items()],
        value=View.FIGURE.value,
    )
    download = html.A("Download CSV", id={"type": "card-csv", **part}, href="", hidden=True, className="bi bi-download")
    return [html.Fieldset([html.Legend("Show as"), view]), download]


def _bound(value: object) -> str:
    if value is None:
        return "null"
    return f"[{', '.join(map(repr, value))}]" if isinstance(value, list) else str(value)
