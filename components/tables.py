"""Data frames as HTML tables: plain, ranked with bars, and diverging from zero."""

from typing import Any

import pandas as pd
from dash import html

from components.format import (
    NO_VALUE,
    Change,
    change_between,
    day_text,
    is_missing,
    signed,
    value_text,
)
from components.labels import dimension_label, value_label
from components.states import nothing_compared
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState

MAX_ROWS_SHOWN = 500
SPAN_LABELS = {"current": "This period", "comparison": "Comparison"}


def data_table(frame: pd.DataFrame, caption: str) -> html.Div:
    """Show a frame's rows as they are, numbers in their metric's unit; the first 500 when there are more."""
    shown = frame.head(MAX_ROWS_SHOWN)
    cells = [[_cell(name, value) for value in shown[name]] for name in shown]
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
    """Show ranked names with a bar for the metric, the change of rank and of the metric.

    ``frame`` has the columns rank, compare_rank, name, kind, the metric's own and compare_<metric>, watch_share.
    """
    largest = frame[metric.name].max()
    compared = filters.compare_start_day is not None
    head = ["", "Title", metric.label, "Share", *(["Change"] if compared else [])]
    rows = []
    for row in frame.to_dict("records"):
        change = change_between(row[metric.name], row[f"compare_{metric.name}"], metric) if compared else None
        rows.append(
            html.Tr(
                [
                    html.Td([_rank(row["rank"]), _rank_change(row["rank"], row["compare_rank"]) if compared else None]),
                    html.Th([row["name"], html.Span(row["kind"], className="secondary")], scope="row"),
                    html.Td([_bar(row[metric.name] / largest if largest else 0), value_text(row[metric.name], metric.unit)]),
                    html.Td(value_text(row["watch_share"], Unit.RATE)),
                    *([html.Td(change_text(change))] if compared else []),
                ]
            )
        )
    return html.Table(
        [html.Thead(html.Tr([html.Th(text, scope="col") for text in head])), html.Tbody(rows)], className="ranking"
    )


def moved(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Table | html.Div:
    """Show what grew and what fell as bars to the right and left of zero.

    ``frame`` has the columns group_kind, group_name, change_hours, the metric's own and compare_<metric>.
    """
    if filters.compare_start_day is None:
        return nothing_compared(filters)
    largest = frame["change_hours"].abs().max()
    rows = [
        html.Tr(
            [
                html.Th(
                    [
                        value_label(row["group_kind"], row["group_name"]),
                        html.Span(dimension_label(row["group_kind"]).lower(), className="secondary"),
                    ],
                    scope="row",
                ),
                html.Td(_diverging_bar(row["change_hours"] / largest if largest else 0)),
                html.Td(signed(row["change_hours"], metric.unit)),
            ]
        )
        for row in frame.to_dict("records")
    ]
    head = html.Thead(
        html.Tr([html.Th(text, scope="col") for text in ("Group", "Change", "Hours")]), className="visually-hidden"
    )
    return html.Table([head, html.Tbody(rows)], className="moved")


def change_text(change: Change | None) -> html.Span:
    """Show a change by arrow, sign and word; colour only repeats what the word says."""
    if change is None:
        return html.Span(NO_VALUE, className="change")
    words = ", ".join(filter(None, (change.word, change.verdict)))
    return html.Span(
        [
            html.Span(str(change), **{"aria-hidden": "true"}),
            html.Span(f"{change.amount} {words}", className="visually-hidden"),
        ],
        className=f"change {change.verdict}".strip(),
        title=change.verdict or None,
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
    if column in METRICS and METRICS[column].unit is Unit.RATE or column.endswith(("_rate", "_share", "_ratio")):
        return f"{value:.2%}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _rank(rank: int) -> html.Span:
    return html.Span(f"{rank:.0f}", className="rank")


def _rank_change(rank: float, compare_rank: float) -> html.Span:
    if is_missing(compare_rank):
        return html.Span("new", className="rank-change")
    climbed = int(compare_rank - rank)
    if climbed == 0:
        return html.Span([html.Span("=", **{"aria-hidden": "true"}), _hidden("same rank")], className="rank-change")
    arrow, word = ("▲", "up") if climbed > 0 else ("▼", "down")
    return html.Span(
        [html.Span(f"{arrow}{abs(climbed)}", **{"aria-hidden": "true"}), _hidden(f"{word} {abs(climbed)}")],
        className=f"rank-change {'better' if climbed > 0 else 'worse'}",
    )


def _hidden(text: str) -> html.Span:
    return html.Span(text, className="visually-hidden")


def _bar(share_of_largest: float) -> html.Span:
    return html.Span(className="bar", style={"width": f"{share_of_largest:.1%}"})


def _diverging_bar(share_of_largest: float) -> html.Span:
    side = "left" if share_of_largest >= 0 else "right"
    direction = "rose" if share_of_largest >= 0 else "fell"
    style = {"width": f"{abs(share_of_largest) / 2:.1%}", side: "50%"}
    return html.Span(html.Span(className=f"bar {direction}", style=style), className="diverging")
