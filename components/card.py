"""The card: one query, drawn; and the one callback that fills every card of every page."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import MATCH, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, dcc, html
from dash.development.base_component import Component

from components import states
from components.format import change_between, value_text
from components.missing import missing_sentences
from components.panel import Answer, View, Width, about, csv_href, panel_called, sql_view
from components.tables import data_table
from components.theme import GRAPH_CONFIG
from definitions.metric import Metric
from definitions.metrics import METRICS
from queries.db import Build, WarehouseError, served_warehouse
from queries.filters import FilterError, FilterState, parse_search
from queries.run import run, run_compared

Draw = Callable[[pd.DataFrame, Metric, FilterState], go.Figure | Component]
Say = Callable[[pd.DataFrame, Metric, FilterState], str]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """One query and the pure function that draws its rows.

    ``compared`` asks for the comparison period's rows too, told apart by the first column, ``span``. ``headline`` makes
    the title say what is to be seen. ``columns`` are those of the table and the CSV file, all when empty.
    """

    id: str
    title: str
    query: str
    draw: Draw
    metric: str
    compared: bool = False
    headline: Say | None = None
    columns: tuple[str, ...] = ()
    width: Width = Width.HALF
    height_px: int = 320

    def answer(self, view: View, filters: FilterState, build: Build) -> Answer:
        """Ask the query and show its rows; raises FilterError, QueryError."""
        metric = METRICS[self.metric]
        explanation = about(metric, filters, build)
        lacking = missing_sentences([metric], build.manifest)
        if lacking:
            return Answer(self.title, states.missing(lacking), explanation)
        href = csv_href(self.query, filters, build, self.columns, compared=self.compared)
        if view is View.SQL:
            return Answer(self.title, sql_view([self.query], filters), explanation, href)
        frame = (run_compared if self.compared else run)(self.query, filters, build)
        if _is_empty(frame, metric):
            nothing = states.empty(filters)
            return Answer(self.title, nothing, explanation, href)
        title = self.headline(frame, metric, filters) if self.headline else self.title
        if view is View.TABLE:
            body: Any = data_table(frame[list(self.columns) or list(frame.columns)], title)
        else:
            drawn = self.draw(frame, metric, filters)
            body = self._graph(drawn, title) if isinstance(drawn, go.Figure) else drawn
        return Answer(title, body, explanation, href)

    def _graph(self, figure: go.Figure, summary: str) -> html.Div:
        """Send the figure to the browser, where the theme's colours are put in before it is drawn."""
        return html.Div(
            [
                dcc.Store(id={"type": "figure", "card": self.id}, data=figure.to_plotly_json()),
                dcc.Graph(
                    id={"type": "graph", "card": self.id},
                    config=GRAPH_CONFIG,
                    responsive=True,
                    style={"height": f"{self.height_px}px"},
                ),
            ],
            role="img",
            **{"aria-label": f"{summary}. The menu shows the same as a table."},
        )


def total_change(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say how an additive metric's total changed: «Watch time grew 12 %»; its total when nothing is compared."""
    totals = frame.groupby("span")[metric.name].sum()
    change = change_between(totals.get("current"), totals.get("comparison"), metric)
    if change is None:
        return f"{metric.label}: {value_text(totals.get('current'), metric.unit)}"
    verb = {"up": "grew", "down": "fell"}.get(change.word)
    return f"{metric.label} {verb} {change.amount[1:]}" if verb else f"{metric.label} held steady"


def _is_empty(frame: pd.DataFrame, metric: Metric) -> bool:
    """No rows, or nothing but nulls and zeros in this period."""
    current = frame[frame["span"] == "current"] if "span" in frame else frame
    return bool(current.empty or (metric.name in current and current[metric.name].fillna(0).eq(0).all()))


@callback(
    Output({"type": "card-title", "card": MATCH}, "children"),
    Output({"type": "card-about", "card": MATCH}, "children"),
    Output({"type": "card-csv", "card": MATCH}, "href"),
    Output({"type": "card-csv", "card": MATCH}, "hidden"),
    Output({"type": "card-body", "card": MATCH}, "children"),
    Input("url", "search"),
    Input({"type": "card-view", "card": MATCH}, "value"),
    State("build", "data"),
)
def fill_card(search: str | None, view: str, build_id: str | None) -> tuple[Any, ...]:
    """Fill one card, whichever it is, for the filters in the URL and the build that the page was opened on."""
    panel_id = ctx.outputs_list[0]["id"]["card"]
    answer = answer_of(panel_id, View(view), search or "", build_id or "")
    return answer.title, answer.about, answer.csv_href, answer.csv_href is None, answer.body


def answer_of(panel_id: str, view: View, search: str, build_id: str) -> Answer:
    """Return what a declared card shows; whatever goes wrong becomes a state of the card, never an exception."""
    panel = panel_called(panel_id)
    try:
        build = served_warehouse().build(build_id)
    except WarehouseError:
        return Answer(panel.title, states.replaced(), None)
    try:
        return panel.answer(view, parse_search(search, build.manifest.spans), build)
    except FilterError:
        return Answer(panel.title, states.unreadable_filters(), None)
    except Exception:
        incident = secrets.token_hex(4)
        logger.exception("card %s failed, incident %s, %s", panel_id, incident, search[:500])
        return Answer(panel.title, states.failed(incident), None)


clientside_callback(
    ClientsideFunction("marquee", "paintFigure"),
    Output({"type": "graph", "card": MATCH}, "figure"),
    Input({"type": "figure", "card": MATCH}, "data"),
    Input("theme", "data"),
)
