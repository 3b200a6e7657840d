"""The glossary: every metric with its definition, its formula, what it needs, and where it is used."""

import sys
from typing import Any

import dash
from dash import html

from components.missing import missing_columns
from components.panel import Panel
from definitions.manifest import Manifest
from definitions.metric import Metric
from definitions.metrics import SECTIONS
from queries.inventory import queries_with
from queries.run import query_names, query_text


def glossary(manifest: Manifest) -> list[Any]:
    """List the metrics by section; what the build lacks for a metric is marked."""
    uses = cards_by_metric()
    return [
        html.Section(
            [
                html.H3(section),
                html.Div([_entry(metric, uses.get(metric.name, []), manifest) for metric in metrics]),
            ],
            **{"data-group": ""},
        )
        for section, metrics in SECTIONS.items()
    ]


def cards_by_metric() -> dict[str, list[tuple[str, str, Panel]]]:
    """Return the page's name and path and the card of every card that shows a metric, by metric.

    A page's cards are those that it calls CARDS.
    """
    uses: dict[str, list[tuple[str, str, Panel]]] = {}
    for page in dash.page_registry.values():
        for panel in getattr(sys.modules.get(page["module"]), "CARDS", ()):
            for metric in dict.fromkeys(panel.metrics):
                uses.setdefault(metric, []).append((page["name"], page["relative_path"], panel))
    return uses


def queries_list() -> list[Any]:
    """List the pages' queries with their SQL."""
    return [
        html.P("What the cards ask, and marquee query on the command line. Open one for its SQL."),
        html.Ul(
            [
                html.Li(html.Details([html.Summary(html.Code(name)), html.Pre(query_text(name))]), id=f"query-{name}")
                for name in query_names()
            ],
            className="queries",
        ),
    ]


def _entry(metric: Metric, uses: list[tuple[str, str, Panel]], manifest: Manifest) -> html.Article:
    lacking = missing_columns(metric, manifest)
    queries = queries_with(metric.name)
    facts = {
        "Formula": html.Code(metric.formula),
        "Needs": [part for column in metric.needs for part in _need(column, is_lacking=column in lacking)],
        "After": metric.source,
        "Shown on": [part for use in uses for part in _use(*use)] or "no page yet",
        "In queries": [part for query in queries for part in (html.A(query, href=f"#query-{query}"), " ")],
    }
    rows = [part for name, fact in facts.items() if fact for part in (html.Dt(name), html.Dd(fact))]
    words = (metric.name, metric.label, metric.definition, *metric.needs)
    link = html.A(
        html.I(className="bi bi-link-45deg", **{"aria-hidden": "true"}),
        href=f"#metric-{metric.name}",
        className="permalink",
        **{"aria-label": f"Link to {metric.label}"},
    )
    name = [
        html.H4([metric.label, link]),
        html.P([html.Code(metric.name), f" {metric.unit.value}"], className="secondary"),
        html.P("Not in this source", className="stamp") if lacking else None,
    ]
    return html.Article(
        [html.Div(name), html.Div([html.P(metric.definition), html.Dl(rows)])],
        id=f"metric-{metric.name}",
        className="metric",
        **{"data-find": " ".join(words).lower(), "data-kind": "metric"},
    )


def _need(column: str, *, is_lacking: bool) -> list[Any]:
    return [html.Code(column), " (not in this source) " if is_lacking else " "]


def _use(page: str, path: str, panel: Panel) -> list[Any]:
    return [html.A(f"{page}: {panel.title}", href=f"{path}#{panel.id}"), " "]
