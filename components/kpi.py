"""Key figures: a value, its change, its course; those of a page answered together, so that they share their queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import html

from components import states
from components.chart_parts import kept_points, numbers, records
from components.format import NO_VALUE, change_between, is_missing, value_text
from components.missing import missing_columns, missing_sentences, unapplied_sentence
from components.nothing import nothing_matches
from components.panel import (
    Answer,
    Export,
    View,
    Width,
    about,
    about_label,
    disclosure,
    export_of_query,
    rows_href,
    sql_view,
)
from components.sparkline import sparkline
from components.tables import change_text
from definitions.metric import Metric
from definitions.metrics import METRICS
from queries.db import Build
from queries.filters import FilterState
from queries.run import SUPPRESSED, min_accounts, run_compared

SPARKLINE_POINTS = 120

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key figure: the metric, and the query that has it as a column, with one row a period and one for the range.

    ``note`` puts a few words beside the value, from the range's row; None for none.
    """

    metric: str
    query: str
    note: Callable[[Row], str | None] | None = None


@dataclass(frozen=True, slots=True)
class KpiStrip:
    """The key figures that answer a page's question, side by side; those the source cannot give are told in words.

    ``of_page`` narrows them to the film or series that the page is about, as the filter by title does.
    """

    id: str
    title: str
    kpis: tuple[Kpi, ...]
    of_page: bool = False
    options: tuple[str, ...] = ()
    followed_options: tuple[str, ...] = ()
    rows: str | None = "plays"
    width: Width = Width.BARE
    height_px: int = 112

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics of its key figures."""
        return tuple(kpi.metric for kpi in self.kpis)

    @property
    def queries(self) -> tuple[str, ...]:
        """The queries of its key figures, each once."""
        return tuple(dict.fromkeys(kpi.query for kpi in self.kpis))

    def export_of(self, metric: str, /, filters: FilterState, build: Build) -> Export:
        """Return where one key figure by period can be had."""
        query = next(kpi.query for kpi in self.kpis if kpi.metric == metric)
        filters = filters.about_title() if self.of_page else filters
        return export_of_query(query, filters, build, ("period_start", "is_complete", metric), compared=True)

    def answer(self, view: View, filters: FilterState, build: Build) -> Answer:
        """Ask the queries, each once, and show the figures; raises FilterError, QueryError."""
        chosen = filters.without("title") if self.of_page else filters
        filters = filters.about_title() if self.of_page else filters
        metrics = [METRICS[kpi.metric] for kpi in self.kpis]
        given = [kpi for kpi in self.kpis if not missing_columns(METRICS[kpi.metric], build.manifest)]
        lacking = missing_sentences(metrics, build.manifest)
        if not given:
            return Answer(self.title, states.missing(lacking))
        export = _export_of_all(given, filters, build)
        rows = rows_href(self.rows, filters)
        if view is View.SQL:
            return Answer(self.title, sql_view(dict.fromkeys(kpi.query for kpi in given), filters), export, rows)
        spans = {query: _Spans.of(run_compared(query, filters, build)) for query in {kpi.query: None for kpi in given}}
        readings = [_Reading(kpi, spans[kpi.query], unapplied_sentence(kpi.query, filters)) for kpi in given]
        nothing = _why_nothing(readings, chosen, build)
        if nothing is not None:
            return Answer(self.title, nothing, export, rows)
        if view is View.TABLE:
            body = _table(readings)
        else:
            tiles = [_tile(reading, self._about(reading.metric, filters, build)) for reading in readings]
            body = html.Div(tiles, className="kpis")
        notes = html.Div([html.P(sentence) for sentence in lacking], className="not-in-source") if lacking else None
        return Answer(self.title, html.Div([body, notes]), export, rows)

    def _about(self, metric: Metric, filters: FilterState, build: Build) -> html.Details:
        explanation = html.Div(
            about(metric, filters, build, self.export_of(metric.name, filters, build)), className="about"
        )
        return disclosure("info-circle", about_label(metric), explanation)


def _export_of_all(kpis: Sequence[Kpi], filters: FilterState, build: Build) -> Export:
    """Return where the figures of a strip can be had together, one a row."""
    about = [] if filters.of_title is None else [("of_title", filters.of_title)]
    own = [*about, ("build", build.id), *(("figure", f"{kpi.query}.{kpi.metric}") for kpi in kpis)]
    return Export("key_figures", "&".join(filter(None, (filters.search(), urlencode(own)))))


@dataclass(frozen=True, slots=True)
class _Spans:
    """A query's rows, taken apart: the range's row of each span, and the periods of this one, by column."""

    current: Row
    comparison: Row | None
    periods: Mapping[str, list[Any]]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "_Spans":
        rows = records(frame)
        whole = {row["span"]: row for row in rows if is_missing(row["period_start"])}
        periods = [row for row in rows if row["span"] == "current" and not is_missing(row["period_start"])]
        return cls(
            whole.get("current", dict.fromkeys(frame.columns)),
            whole.get("comparison"),
            {name: [row[name] for row in periods] for name in frame.columns},
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A key figure, the rows it is read from, and which of the filters do not apply to it."""

    kpi: Kpi
    spans: _Spans
    unapplied: str | None = None

    @property
    def metric(self) -> Metric:
        return METRICS[self.kpi.metric]

    @property
    def value(self) -> Any:
        return self.spans.current[self.kpi.metric]

    @property
    def compare_value(self) -> Any:
        return None if self.spans.comparison is None else self.spans.comparison[self.kpi.metric]

    @property
    def is_nothing(self) -> bool:
        return is_missing(self.value) or float(self.value) == 0

    @property
    def is_suppressed(self) -> bool:
        return bool(self.spans.current.get(SUPPRESSED, False))


def _why_nothing(readings: Sequence[_Reading], filters: FilterState, build: Build) -> html.Div | None:
    """Return the state that stands for figures without anything to see; None when there is something.

    ``filters`` are those that somebody has chosen, and can take back: what the page is about is none.
    """
    # A figure that no chosen filter reaches tells nothing about whether the filters match anything.
    reached = [reading for reading in readings if reading.unapplied is None] or readings
    if not all(reading.is_nothing for reading in reached):
        return None
    fewest = min_accounts()
    if fewest is not None and any(reading.is_suppressed for reading in reached):
        return states.suppressed(fewest)
    unmatched = nothing_matches(reached[0].kpi.query, filters, build)
    if unmatched is not None:
        return unmatched
    known = [reading for reading in reached if not is_missing(reading.value)]
    return states.zero(known[0].metric.label) if known else states.no_data()


def key_figure(frame: pd.DataFrame, metric: Metric) -> html.Div:
    """Show a metric's value, its change against the comparison, and its course.

    ``frame`` has the columns span, period_start, is_complete and the metric's own: a row a period of this span, and for
    each span one with a null period_start for the whole range.
    """
    return _tile(_Reading(Kpi(metric.name, ""), _Spans.of(frame)))


def _tile(reading: _Reading, about_metric: html.Details | None = None) -> html.Div:
    metric = reading.metric
    change = change_between(reading.value, reading.compare_value, metric)
    note = reading.kpi.note(reading.spans.current) if reading.kpi.note and not is_missing(reading.value) else None
    if reading.is_suppressed:
        note = f"not shown: fewer than {min_accounts()} accounts"
    values = numbers(reading.spans.periods[metric.name])
    kept = kept_points(values, SPARKLINE_POINTS)
    complete = list(map(bool, reading.spans.periods["is_complete"]))
    compared = (
        [change_text(change), f" from {value_text(reading.compare_value, metric.unit)}"]
        if change
        else _why_no_change(reading)
    )
    return html.Div(
        [
            html.H3(metric.label),
            about_metric,
            html.P(value_text(reading.value, metric.unit), className="kpi-value", **_exactly(reading.value)),
            html.P(compared, className="kpi-change"),
            html.P(note, className="kpi-note") if note else None,
            html.P(reading.unapplied, className="kpi-note") if reading.unapplied else None,
            sparkline([values[i] for i in kept], [complete[i] for i in kept]) if len(values) > 1 else None,
        ],
        className="kpi",
        **({"id": f"kpi-{metric.name}"} if about_metric else {}),
    )


def _exactly(value: Any) -> dict[str, str]:
    """Keep the number itself with the one written for people."""
    return {} if is_missing(value) else {"data-value": repr(float(value))}


def _why_no_change(reading: _Reading) -> str:
    if reading.spans.comparison is None:
        return ""
    if is_missing(reading.compare_value):
        return "no value in the comparison period"
    return f"from {value_text(reading.compare_value, reading.metric.unit)}"


def _table(readings: list[_Reading]) -> html.Table:
    head = ("Figure", "This period", "Comparison", "Change")
    rows = [
        html.Tr(
            [
                html.Th(reading.metric.label, scope="row"),
                html.Td(value_text(reading.value, reading.metric.unit), className="number", **_exactly(reading.value)),
                html.Td(value_text(reading.compare_value, reading.metric.unit), className="number"),
                html.Td(
                    change_text(change_between(reading.value, reading.compare_value, reading.metric)),
                    className="number",
                )
                if reading.spans.comparison is not None
                else html.Td(NO_VALUE),
            ]
        )
        for reading in readings
    ]
    return html.Table(
        [
            html.Thead(
                html.Tr([html.Th(text, scope="col", className="number" if text in head[1:] else "") for text in head])
            ),
            html.Tbody(rows),
        ],
        className="data-table",
    )
