"""Key figures: a value, its change, its course; those of a page answered together, so that they share their queries."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html

from components import states
from components.format import NO_VALUE, change_between, is_missing, value_text
from components.missing import missing_columns, missing_sentences
from components.panel import Answer, View, Width, about, csv_href, disclosure, sql_view
from components.sparkline import sparkline
from components.tables import change_text
from definitions.metric import Metric
from definitions.metrics import METRICS
from queries.db import Build
from queries.filters import FilterState
from queries.run import run_compared


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key figure: the metric, and the query that has it as a column, with one row a period and one for the range.

    ``note`` puts a few words beside the value, from the range's row; None for none.
    """

    metric: str
    query: str
    note: Callable[["pd.Series[Any]"], str | None] | None = None


@dataclass(frozen=True, slots=True)
class KpiStrip:
    """The key figures that answer a page's question, side by side; those the source cannot give are told in words."""

    id: str
    title: str
    kpis: tuple[Kpi, ...]
    width: Width = Width.FULL
    height_px: int = 112

    def answer(self, view: View, filters: FilterState, build: Build) -> Answer:
        """Ask the queries, each once, and show the figures; raises FilterError, QueryError."""
        metrics = [METRICS[kpi.metric] for kpi in self.kpis]
        given = [kpi for kpi in self.kpis if not missing_columns(METRICS[kpi.metric], build.manifest)]
        queries = list(dict.fromkeys(kpi.query for kpi in given))
        lacking = missing_sentences(metrics, build.manifest)
        explanation = [html.P("Each figure says what it means behind its own info button.")]
        if not given:
            return Answer(self.title, states.missing(lacking), explanation)
        if view is View.SQL:
            return Answer(self.title, sql_view(queries, filters), explanation)
        readings = [_Reading.of(kpi, run_compared(kpi.query, filters, build)) for kpi in given]
        if all(reading.is_nothing for reading in readings):
            return Answer(self.title, states.empty(filters), explanation)
        if view is View.TABLE:
            body = _table(readings)
        else:
            body = html.Div([_tile(reading, filters, build) for reading in readings], className="kpis")
        notes = html.Div([html.P(sentence) for sentence in lacking], className="not-in-source") if lacking else None
        return Answer(self.title, html.Div([body, notes]), explanation)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A key figure's rows, taken apart: the range's row of each span, and the periods of this one."""

    kpi: Kpi
    metric: Metric
    current: "pd.Series[Any]"
    comparison: "pd.Series[Any] | None"
    periods: pd.DataFrame

    @classmethod
    def of(cls, kpi: Kpi, rows: pd.DataFrame) -> "_Reading":
        whole = rows["period_start"].isna()
        of_span = {span: group for span, group in rows[whole].groupby("span")}
        nothing = pd.Series({column: None for column in rows.columns}, dtype=object)
        current = of_span["current"].iloc[0] if "current" in of_span else nothing
        comparison = of_span["comparison"].iloc[0] if "comparison" in of_span else None
        return cls(kpi, METRICS[kpi.metric], current, comparison, rows[~whole & (rows["span"] == "current")])

    @property
    def value(self) -> Any:
        return self.current[self.kpi.metric]

    @property
    def compare_value(self) -> Any:
        return None if self.comparison is None else self.comparison[self.kpi.metric]

    @property
    def is_nothing(self) -> bool:
        return is_missing(self.value) or float(self.value) == 0


def _tile(reading: _Reading, filters: FilterState, build: Build) -> html.Div:
    metric = reading.metric
    change = change_between(reading.value, reading.compare_value, metric)
    note = reading.kpi.note(reading.current) if reading.kpi.note and not is_missing(reading.value) else None
    values = [None if is_missing(value) else float(value) for value in reading.periods[metric.name]]
    complete = [bool(flag) for flag in reading.periods["is_complete"]]
    columns = ("period_start", "is_complete", metric.name)
    download = html.A("Download CSV", href=csv_href(reading.kpi.query, filters, build, columns, compared=True))
    return html.Div(
        [
            html.Div(
                [
                    html.H3(metric.label),
                    disclosure("info-circle", f"About {metric.label}", [*about(metric, filters, build), download]),
                ],
                className="kpi-label",
            ),
            html.P([html.Span(value_text(reading.value, metric.unit), className="kpi-value")]),
            html.P(
                [change_text(change), html.Span(f"from {value_text(reading.compare_value, metric.unit)}")]
                if change
                else html.Span(_why_no_change(reading)),
                className="kpi-change",
            ),
            html.P(note, className="kpi-note") if note else None,
            sparkline(values, complete) if len(values) > 1 else None,
        ],
        className="kpi",
        id=f"kpi-{metric.name}",
    )


def _why_no_change(reading: _Reading) -> str:
    if reading.comparison is None:
        return "nothing compared"
    if is_missing(reading.compare_value):
        return "no value in the comparison period"
    return f"from {value_text(reading.compare_value, reading.metric.unit)}"


def _table(readings: list[_Reading]) -> html.Table:
    head = ("Figure", "This period", "Comparison", "Change")
    rows = [
        html.Tr(
            [
                html.Th(reading.metric.label, scope="row"),
                html.Td(value_text(reading.value, reading.metric.unit), className="number"),
                html.Td(value_text(reading.compare_value, reading.metric.unit), className="number"),
                html.Td(change_text(change_between(reading.value, reading.compare_value, reading.metric)), className="number")
                if reading.comparison is not None
                else html.Td(NO_VALUE),
            ]
        )
        for reading in readings
    ]
    return html.Table(
        [html.Thead(html.Tr([html.Th(text, scope="col") for text in head])), html.Tbody(rows)], className="data-table"
    )
