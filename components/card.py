"""The card: one query, drawn; and the one callback that fills every card of every page."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import MATCH, ClientsideFunction, Input, Output, State, callback, clientside_callback, ctx, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from components import states
from components.column_notes import column_notes
from components.format import change_between, value_text
from components.graph import graph
from components.missing import (
    missing_besides,
    missing_choice,
    missing_sentences,
    suppressed_sentence,
    unapplied_sentence,
)
from components.nothing import nothing_matches
from components.panel import (
    Answer,
    Export,
    View,
    Width,
    about,
    export_of_query,
    menu,
    panel_called,
    rows_href,
    sql_view,
)
from components.periods import with_unchosen_days_blank
from components.segments import accounts_of_query, no_build, no_other_build
from components.still import still
from components.summary import summary
from components.tables import data_table
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from definitions.options import OPTION_BY_NAME
from queries.db import Build, SegmentError, SegmentNotReadyError, WarehouseError, served_warehouse
from queries.filters import FilterError, FilterState, NoDaysError, parse_search
from queries.inventory import columns_of
from queries.run import ACCOUNTS, SUPPRESSED, min_accounts, run, run_compared
from queries.shown import shown_build

Draw = Callable[[pd.DataFrame, Metric, FilterState], go.Figure | Component]
Say = Callable[[pd.DataFrame, Metric, FilterState], str]
Note = Callable[[pd.DataFrame, Metric, FilterState], str | None]

# An answer takes some 50 KB at most.
KEPT_ANSWERS = 256

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """One query and the pure function that draws its rows.

    ``compared`` asks for the comparison period's rows too, told apart by the first column, ``span``. ``headline`` makes
    the title say what is to be seen. ``columns`` are those of the table and of the exports, all when empty. ``rows`` is
    the table whose rows it counts. ``needs_comparison`` is for queries that answer only what differs from the
    comparison period. ``options`` names what can be chosen on the card (definitions.options), ``followed_options`` what
    is chosen on another of its page and holds for it too; ``measure`` that of its options by which its metric is
    chosen, in which case ``metric`` is the first choice. ``note`` says below the figure what has to be known of these
    rows, if anything; ``nothing`` why there may be none, where that is not for want of records; ``told_beside`` columns
    that tell something though the metric is nought. ``asks_for`` names that of its options without which it shows
    nothing; ``nothing`` then says how to choose. ``needless`` says of what is chosen that it needs no answer, if so.
    ``also_needs`` names columns (``table.column``) of the contract besides those of its metric. ``of_page`` narrows its
    query to the film or series that its page is about, as the filter by title does.
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
    options: tuple[str, ...] = ()
    followed_options: tuple[str, ...] = ()
    measure: str | None = None
    note: Note | None = None
    of_page: bool = False
    asks_for: str | None = None
    needless: Callable[[FilterState], str | None] | None = None
    also_needs: tuple[str, ...] = ()
    nothing: str | None = None
    told_beside: tuple[str, ...] = ()
    rows: str | None = "plays"
    width: Width = Width.HALF
    height_px: int = 320

    def metric_shown(self, filters: FilterState) -> Metric:
        """Return the metric that is chosen on it, or its one metric."""
        return METRICS[filters.option(self.measure) if self.measure else self.metric]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The one metric it shows."""
        return (self.metric,)

    @property
    def columns_shown(self) -> tuple[str, ...]:
        """The columns of its table and its exports: those named, or else all that its query has for people."""
        return self.columns or tuple(name for name in columns_of(self.query) if name != ACCOUNTS)

    @property
    def queries(self) -> tuple[str, ...]:
        """The one query it asks."""
        return (self.query,)

    def export_of(self, _metric: str, /, filters: FilterState, build: Build) -> Export:
        """Return where the rows that it draws can be had."""
        filters = filters.about_title() if self.of_page else filters
        return export_of_query(self.query, filters, build, self.columns, compared=self.compared)

    def answer(self, view: View, filters: FilterState, build: Build) -> Answer:
        """Ask the query and show its rows; raises FilterError, QueryError."""
        chosen = filters.without("title") if self.of_page else filters
        filters = filters.about_title() if self.of_page else filters
        metric = self.metric_shown(filters)
        lacking = missing_sentences([metric], build.manifest)
        lacking = lacking or missing_besides(self.title, self.also_needs, build.manifest)
        lacking += filter(
            None,
            (
                missing_choice(OPTION_BY_NAME[name], filters, build.manifest)
                for name in (*self.options, *self.followed_options)
            ),
        )
        if lacking:
            return Answer(self.title, states.missing(lacking))
        export = self.export_of(self.metric, filters, build)
        rows = rows_href(self.rows, filters)
        if view is View.SQL:
            return Answer(self.title, sql_view([self.query], filters), export, rows)
        if self.needs_comparison and filters.compare_start_day is None:
            return Answer(self.title, states.nothing_compared(filters))
        if self.needless and (told := self.needless(filters)):
            return Answer(self.title, states.not_chosen(told), export, rows)
        frame = (run_compared if self.compared else run)(self.query, filters, build)
        frame = with_unchosen_days_blank(frame, filters)
        nothing = self._why_nothing(frame, chosen, build)
        if nothing is not None:
            return Answer(self.title, nothing, export, rows)
        title = self.headline(frame, metric, filters) if self.headline else self.title
        if view is View.TABLE:
            body: Any = data_table(frame, title, self.columns)
        else:
            drawn = self.draw(frame, metric, filters)
            body = graph(drawn, title, self.height_px) if isinstance(drawn, go.Figure) else drawn
        told = html.P(summary(frame, metric, filters), className="visually-hidden")
        notes = [
            self.note(frame, metric, filters) if self.note else None,
            unapplied_sentence(self.query, filters),
            suppressed_sentence(frame),
        ]
        parts = [body, told, *(html.P(note, className="card-note") for note in notes if note)]
        return Answer(title, parts, export, rows, accounts_of_query(self.query, filters))

    def _why_nothing(self, frame: pd.DataFrame, filters: FilterState, build: Build) -> html.Div | None:
        """Return the state that stands for rows without anything to see; None when there is something.

        ``filters`` are those that somebody has chosen, and can take back: what the page is about is none.
        """
        metric = self.metric_shown(filters)
        current = frame[frame["span"] == "current"] if "span" in frame else frame
        known = current[metric.name].dropna() if metric.name in current else current
        if SUPPRESSED in current:
            known = known[~current.loc[known.index, SUPPRESSED]]
        fewest = min_accounts()
        if fewest is not None and known.empty and SUPPRESSED in current and current[SUPPRESSED].any():
            return states.suppressed(fewest)
        is_zero = metric.name in current and bool(known.eq(0).all()) and not self.needs_comparison
        is_zero = is_zero and not current[list(self.told_beside)].any(axis=None)
        if not known.empty and not is_zero:
            return None
        if self.asks_for and self.nothing and filters.option(self.asks_for) == OPTION_BY_NAME[self.asks_for].default:
            return states.not_chosen(self.nothing)
        # A rate of nought tells something of whoever is chosen: there were some, of whom none did.
        is_rate_of_nought = not known.empty and metric.unit is Unit.RATE
        if not is_rate_of_nought:
            options = (*self.options, *self.followed_options)
            unmatched = nothing_matches(self.query, filters, build, options, self.nothing)
            if unmatched is not None:
                return unmatched
        return states.no_data(self.nothing) if known.empty else states.zero(metric.label)


def total_change(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how an additive metric's total changed: «Watch time grew 12 %»; its total when nothing is compared."""
    totals = frame.groupby("span")[metric.name].sum()
    change = change_between(totals.get("current"), totals.get("comparison"), metric)
    if change is None:
        return f"{metric.label}: {value_text(totals.get('current'), metric.unit)}"
    verb = {"up": "grew", "down": "fell"}.get(change.word)
    return f"{metric.label} {verb} {change.size}" if verb else f"{metric.label} held steady"


# Whatever else the address says, only a change of the filters or of the card's own view asks again.
clientside_callback(
    ClientsideFunction("asking", "askOfCard"),
    Output({"type": "card-ask", "card": MATCH}, "data"),
    Input("url", "search"),
    State({"type": "card-ask", "card": MATCH}, "id"),
    State({"type": "card-ask", "card": MATCH}, "data"),
)


@callback(
    Output({"type": "card-title", "card": MATCH}, "children"),
    Output({"type": "card-menu", "card": MATCH}, "children"),
    Output({"type": "card-body", "card": MATCH}, "children"),
    Input({"type": "card-ask", "card": MATCH}, "data"),
    State("build", "data"),
    prevent_initial_call=True,
)
def fill_card(ask: dict[str, str] | None, build_id: str | None) -> tuple[Any, ...]:
    """Fill one card, whichever it is, for the filters in the URL and the build that the page was opened on."""
    if ask is None:
        raise PreventUpdate
    panel_id = ctx.outputs_list[0]["id"]["card"]
    view = View(ask["view"]) if ask["view"] in set(View) else View.FIGURE
    answer = answer_of(panel_id, view, ask["search"], build_id or "")
    return answer.title, still(menu(panel_called(panel_id), view, answer)), still(answer.body)


def answer_of(panel_id: str, view: View, search: str, build_id: str) -> Answer:
    """Return what a declared card shows; whatever goes wrong becomes a state of the card, never an exception."""
    panel = panel_called(panel_id)
    try:
        build = shown_build(search, build_id)
    except WarehouseError as error:
        return Answer(panel.title, no_build(error, search, build_id))
    try:
        return _answer_of(panel_id, view, search, build.id, min_accounts())
    except NoDaysError as error:
        return Answer(panel.title, states.no_data(str(error)))
    except FilterError:
        return Answer(panel.title, states.unreadable_filters())
    except (SegmentError, SegmentNotReadyError) as error:
        return Answer(panel.title, no_other_build(error, search, build_id))
    except Exception:
        incident = secrets.token_hex(4)
        logger.exception("card %s failed, incident %s, %s", panel_id, incident, search[:500])
        return Answer(panel.title, states.failed(incident))


@lru_cache(maxsize=KEPT_ANSWERS)
def _answer_of(panel_id: str, view: View, search: str, build_id: str, _fewest: int | None) -> Answer:
    """Answer for a card; kept, since a build never changes and many look at the same. What fails is not kept.

    The build is that of the segment alone, where ``search`` names one.
    """
    build = served_warehouse().build(build_id)
    return panel_called(panel_id).answer(view, parse_search(search, build.manifest.spans), build)


@callback(
    Output({"type": "about", "card": MATCH, "metric": MATCH}, "children"),
    Input({"type": "about-button", "card": MATCH, "metric": MATCH}, "n_clicks"),
    State({"type": "card-ask", "card": MATCH}, "data"),
    State("build", "data"),
    prevent_initial_call=True,
)
def explain(clicks: int | None, ask: dict[str, str] | None, build_id: str | None) -> Any:
    """Explain one metric of one card, once somebody has asked."""
    if not clicks or ask is None:
        raise PreventUpdate
    asked = ctx.outputs_list["id"]
    try:
        build = shown_build(ask["search"], build_id or "")
    except WarehouseError as error:
        return no_build(error, ask["search"], build_id or "")
    filters = parse_search(ask["search"], build.manifest.spans)
    panel = panel_called(asked["card"])
    if not isinstance(panel, Card):
        metric = METRICS[asked["metric"]]
        return still(about(metric, filters, build, panel.export_of(metric.name, filters, build)))
    metric = panel.metric_shown(filters)
    notes = column_notes(panel.columns_shown)
    return still([*about(metric, filters, build, panel.export_of(metric.name, filters, build)), *notes])
