"""The card: one query, drawn; and the one callback that fills every card of every page."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import MATCH, Input, Output, State, callback, ctx, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import states
from components.format import change_between, value_text
from components.graph import graph
from components.missing import missing_sentences, unapplied_sentence
from components.panel import Answer, View, Width, about, csv_href, panel_called, sql_view
from components.tables import data_table
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
    ``needs_comparison`` is for queries that answer only what differs from the comparison period.
    """

    id: str
    title: str
    query: str
    draw: Draw
    metric: str
    compared: bool = False
    needs_comparison: bool = False
    headline: Say | None = None
    columns: tuple[str, ...] = ()
    width: Width = Width.HALF
    height_px: int = 320

    @property
    def metrics(self) -> tuple[str, ...]:
        """The one metric it shows."""
        return (self.metric,)

    def download_of(self, _metric: str, /, filters: FilterState, build: Build) -> str:
        """Return the address of the CSV file with the rows that it draws."""
        return csv_href(self.query, filters, build, self.columns, compared=self.compared)

    def answer(self, view: View, filters: FilterState, build: Build) -> Answer:
        """Ask the query and show its rows; raises FilterError, QueryError."""
        metric = METRICS[self.metric]
        lacking = missing_sentences([metric], build.manifest)
        if lacking:
            return Answer(self.title, states.missing(lacking))
        href = self.download_of(self.metric, filters, build)
        if view is View.SQL:
            return Answer(self.title, sql_view([self.query], filters), href)
        frame = (run_compared if self.compared else run)(self.query, filters, build)
        if self.needs_comparison and filters.compare_start_day is None:
            return Answer(self.title, states.nothing_compared(filters))
        if frame.empty or (not self.needs_comparison and _is_nothing(frame, metric)):
            return Answer(self.title, states.empty(filters), href)
        unapplied = unapplied_sentence(self.query, filters)
        title = self.headline(frame, metric, filters) if self.headline else self.title
        if view is View.TABLE:
            body: Any = data_table(frame[list(self.columns) or list(frame.columns)], title)
        else:
            drawn = self.draw(frame, metric, filters)
            body = graph(drawn, title, self.height_px) if isinstance(drawn, go.Figure) else drawn
        return Answer(title, [body, html.P(unapplied, className="card-note")] if unapplied else body, href)


def total_change(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how an additive metric's total changed: «Watch time grew 12 %»; its total when nothing is compared."""
    totals = frame.groupby("span")[metric.name].sum()
    change = change_between(totals.get("current"), totals.get("comparison"), metric)
    if change is None:
        return f"{metric.label}: {value_text(totals.get('current'), metric.unit)}"
    verb = {"up": "grew", "down": "fell"}.get(change.word)
    return f"{metric.label} {verb} {change.size}" if verb else f"{metric.label} held steady"


def _is_nothing(frame: pd.DataFrame, metric: Metric) -> bool:
    """Tell whether this period holds nothing but nulls and zeros."""
    current = frame[frame["span"] == "current"] if "span" in frame else frame
    return metric.name in current and bool(current[metric.name].fillna(0).eq(0).all())


@callback(
    Output({"type": "card-title", "card": MATCH}, "children"),
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
    return answer.title, answer.csv_href, answer.csv_href is None, answer.body


def answer_of(panel_id: str, view: View, search: str, build_id: str) -> Answer:
    """Return what a declared card shows; whatever goes wrong becomes a state of the card, never an exception."""
    panel = panel_called(panel_id)
    try:
        build = served_warehouse().build(build_id)
    except WarehouseError:
        return Answer(panel.title, states.replaced())
    try:
        return panel.answer(view, parse_search(search, build.manifest.spans), build)
    except FilterError:
        return Answer(panel.title, states.unreadable_filters())
    except Exception:
        incident = secrets.token_hex(4)
        logger.exception("card %s failed, incident %s, %s", panel_id, incident, search[:500])
        return Answer(panel.title, states.failed(incident))


@callback(
    Output({"type": "about", "card": MATCH, "metric": MATCH}, "children"),
    Input({"type": "about-button", "card": MATCH, "metric": MATCH}, "n_clicks"),
    State("url", "search"),
    State("build", "data"),
    prevent_initial_call=True,
)
def explain(clicks: int | None, search: str | None, build_id: str | None) -> Any:
    """Explain one metric of one card, once somebody has asked."""
    if not clicks:
        raise PreventUpdate
    asked = ctx.outputs_list["id"]
    try:
        build = served_warehouse().build(build_id or "")
    except WarehouseError:
        return states.replaced()
    filters = parse_search(search or "", build.manifest.spans)
    download = panel_called(asked["card"]).download_of(asked["metric"], filters, build)
    return about(METRICS[asked["metric"]], filters, build, download)
