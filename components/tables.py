"""Data frames as HTML tables: plain, ranked with bars, and diverging from zero."""

from typing import Any

import pandas as pd
from dash import html

from components.format import (
    NO_VALUE,
    SPACE,
    Change,
    change_between,
    day_text,
    is_missing,
    signed,
    value_text,
)
from components.labels import dimension_label, value_label
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState

MAX_ROWS_SHOWN = 500
SPAN_LABELS = {"current": "This period", "comparison": "Comparison"}


def data_table(frame: pd.DataFrame, caption: str) -> html.Div:
    """Show a frame's rows as they are, numbers in their metric's unit; the first 500 when there are more."""
    shown = frame.head(MAX_ROWS_SHOWN)
    cells = [[_cell(str(name), value) for value in shown[name]] for name in shown]
    table = html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(column_label(str(name)), scope="col") for name in shown])),
            html.Tbody([html.Tr(list(row)) for row in zip(*cells, strict=True)]),
        ],
        className="data-table",
    )
    more = len(frame) - len(shown)
    note = html.P(f"{more:,} more rows are in the CSV file.", className="secondary") if more > 0 else None
    return html.Div([table, note], className="table-scroll", tabIndex=0, role="region", **{"aria-label": caption})


def column_label(name: str) -> str:
    """Return what a column of a query is called: its metric's label, or its own name in words."""
    if name == "span":
        return "Period compared"
    return METRICS[name].label if name in METRICS else name.replace("_", " ").capitalize()


def ranking(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Table:
    """Show ranked names, each over a bar for the metric, with the change of rank and of the metric.

    ``frame`` has the columns rank, compare_rank, name, kind, the metric's own and compare_<metric>, watch_share.
    """
    largest = frame[metric.name].max()
    compared = filters.compare_start_day is not None
    head = {
        "Rank": "rank",
        "Moved": "moved-by",
        "Title": "",
        metric.label: "number",
        "Share": "number share",
        "Change": "number",
    }
    if not compared:
        del head["Moved"], head["Change"]
    rows = []
    for row in frame.to_dict("records"):
        name = [row["name"], html.Span(row["kind"], className="secondary")]
        cells = [
            html.Td(f"{row['rank']:.0f}", className="rank"),
            html.Th(name, scope="row", style={"--share": f"{row[metric.name] / largest if largest else 0:.1%}"}),
            html.Td(value_text(row[metric.name], metric.unit), className="number"),
            html.Td(value_text(row["watch_share"], Unit.RATE), className="number share"),
        ]
        if compared:
            cells.insert(1, html.Td(_rank_change(row["rank"], row["compare_rank"]), className="moved-by"))
            change = change_between(row[metric.name], row[f"compare_{metric.name}"], metric)
            cells.append(html.Td(change_text(change), className="number"))
        rows.append(html.Tr(cells))
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=name) for text, name in head.items()])),
            html.Tbody(rows),
        ],
        className="ranking",
    )


def moved(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Table:
    """Show what grew and what fell as bars to the right and left of zero.

    ``frame`` has the columns group_kind, group_name, change_hours, the metric's own and compare_<metric>.
    """
    largest = frame["change_hours"].abs().max()
    rows = []
    for row in frame.to_dict("records"):
        rose = row["change_hours"] > 0
        reach = abs(row["change_hours"]) / largest / 2
        ends = (
            {"--from": "50%", "--to": f"{0.5 + reach:.1%}"} if rose else {"--from": f"{0.5 - reach:.1%}", "--to": "50%"}
        )
        name = [
            value_label(row["group_kind"], row["group_name"]),
            html.Span(dimension_label(row["group_kind"]).lower(), className="secondary"),
        ]
        cells = [
            html.Th(name, scope="row"),
            html.Td(className=f"diverging {'rose' if rose else 'fell'}", style=ends),
            html.Td(signed(row["change_hours"], metric.unit), className="number"),
        ]
        rows.append(html.Tr(cells))
    head = html.Tr([html.Th("Group", scope="col"), html.Td(), html.Th("Change", scope="col")])
    return html.Table([html.Thead(head, className="visually-hidden"), html.Tbody(rows)], className="moved")


def change_text(change: Change | None) -> html.Span:
    """Show a change by arrow, sign and, for those who cannot see it, word; colour only repeats the verdict."""
    if change is None:
        return html.Span(NO_VALUE)
    return html.Span(
        str(change),
        className=f"change {change.verdict}".strip(),
        title=change.verdict or None,
        role="img",
        **{"aria-label": change.spoken},
    )


def _cell(column: str, value: Any) -> html.Td:
    if is_missing(value):
        return html.Td(NO_VALUE, className="secondary")
    if isinstance(value, bool):
        return html.Td("yes" if value else "no")
    if isinstance(value, pd.Timestamp):
        return html.Td(day_text(value.date()))
    if isinstance(value, int | float):
        return html.Td(_exact(column, value), className="number")
    return html.Td(SPAN_LABELS.get(value, value) if column == "span" else str(value))


def _exact(column: str, value: float) -> str:
    """A table is where people look for the number itself, so nothing is shortened to k or M."""
    if column.endswith(("_rate", "_share", "_ratio")):
        return f"{value:.2%}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _rank_change(rank: float, compare_rank: float) -> html.Span:
    if is_missing(compare_rank):
        return html.Span("new")
    climbed = int(compare_rank - rank)
    if climbed == 0:
        return html.Span("=", role="img", **{"aria-label": "same rank"})
    arrow, word, verdict = ("▲", "up", "better") if climbed > 0 else ("▼", "down", "worse")
    return html.Span(
        f"{arrow}{SPACE}{abs(climbed)}", className=verdict, role="img", **{"aria-label": f"{word} {abs(climbed)}"}
    )
