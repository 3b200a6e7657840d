"""What a build holds: its freshness, its tables, the rows refused, what is estimated, and the builds beside it."""

from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import html

from components.chart_parts import records
from components.format import day_text, days_text, is_missing, value_text
from definitions.contract import Table
from definitions.manifest import Manifest, PublishedBuild, TableCount
from definitions.metric import Unit
from definitions.tables import CONTRACT
from definitions.warehouse import PUBLISHED
from queries.db import Build

# What each column that tells of an estimate stands for, and how the estimate is made.
ESTIMATES = {
    "plays.offset_estimated": (
        "Viewer's clock",
        "The source does not give these plays' distance from UTC; that of the main time zone of the play's country, or "
        "else the account's, is taken, and UTC where neither is known.",
    ),
    "accounts.country_estimated": (
        "Account's country",
        "The source does not give these accounts' country; the one in which most of their watch time lies is taken.",
    ),
    "accounts.derived": (
        "Accounts",
        "The source names these accounts only in other tables, so they are there without a sign-up day or a plan.",
    ),
    "title_starts.coverage_estimated": (
        "Coverage",
        "How much of a title was played is taken from the furthest position, or added up over plays that may overlap.",
    ),
}
DERIVED = tuple(name for name in PUBLISHED if name not in CONTRACT)


def freshness(manifest: Manifest) -> html.Dl:
    """Say how far the data reach, when and by what they were built."""
    return _facts(
        {
            "Data through": moment_text(manifest.data_through) if manifest.data_through else "no event yet",
            "Built": moment_text(manifest.built_at),
            "Build": html.Code(manifest.build_id),
            "Marquee": manifest.marquee_version,
            "Service's time zone": manifest.service_zone,
        }
    )


def loaded_tables(manifest: Manifest) -> list[Any]:
    """List the contract's tables with what became of every row of the source, then those that the build derives."""
    given = [name for name in CONTRACT if name in manifest.source_counts]
    absent = [name for name in CONTRACT if name not in manifest.source_counts]
    parts: list[Any] = [
        html.P("Rows in are kept, repeat a row that is kept, or are rejected. Open a table for its columns."),
        html.Ul([_given(name, manifest) for name in given], className="loaded"),
        html.H3("Derived by the build"),
        html.Ul([_derived(name, manifest) for name in DERIVED], className="loaded"),
    ]
    if absent:
        lacking = html.Ul([_absent(CONTRACT[name]) for name in absent], className="loaded")
        parts += [html.H3("Not in this source"), lacking]
    return parts


def rejected(samples: pd.DataFrame, build: Build, hidden_below: int | None) -> list[Any]:
    """Say what was refused, by table and rule, with a few of the rows.

    ``samples`` are the rows of rejected_samples.sql. The rows themselves are not shown when ``hidden_below`` says that
    figures of fewer accounts are hidden.
    """
    if samples.empty:
        return [html.P("No row was rejected.")]
    parts: list[Any] = []
    if hidden_below is not None:
        parts.append(
            html.P(f"The rows are not shown: this deployment hides what tells of fewer than {hidden_below} accounts.")
        )
    for table, rows_of_table in groupby(records(samples), key=lambda row: str(row["table_name"])):
        rules = [
            _rule([*rows], shows_rows=hidden_below is None)
            for _, rows in groupby(rows_of_table, key=lambda row: (row["rule"], row["rejected_by"]))
        ]
        search = urlencode([("table", "rejected_rows"), ("where", f"table_name is {table}")])
        links = [
            html.A("Open rows", href=f"/explore?{search}"),
            html.A("Download CSV", href=f"/export/rows/rejected_rows.csv?{search}&build={build.id}"),
        ]
        heading = html.Div([html.H3(table), *(links if hidden_below is None else [])], className="rejected-table")
        parts += [heading, html.Ul(rules, className="rejected")]
    return parts


def covers(problems: pd.DataFrame, build: Build) -> list[Any]:
    """Say how many covers have a thumbnail, and which have none; ``problems`` are the rows of cover_problems.sql."""
    known = build.manifest.rows["artwork_images"]
    shown = build.manifest.filled["artwork_images.image_hash"]
    if not known:
        return [html.P("The source names no covers.")]
    told = f"{shown:,} of {known:,} covers have a thumbnail. Of titles without one, pages show the name alone."
    if problems.empty:
        return [html.P(told)]
    search = urlencode([("table", "artwork_images"), ("where", "problem is filled")])
    reasons = [_problem([*rows]) for _, rows in groupby(records(problems), key=lambda row: row["problem"])]
    return [
        html.P([told, " ", html.A("Open those without", href=f"/explore?{search}")]),
        html.Ul(reasons, className="rejected"),
    ]


def estimates(counts: dict[str, tuple[int, int]]) -> html.Ul:
    """Say which columns hold estimates, of how many rows, and how they are made; ``counts`` by ``table.column``."""
    return html.Ul([_estimate(column, *counts[column]) for column in ESTIMATES], className="estimates")


def builds_table(builds: list[PublishedBuild], shown_id: str) -> list[Any]:
    """List the warehouse's builds with how to go back to one; ``shown_id`` is the one that the page shows."""
    head = {
        "Build": "",
        "Built": "",
        "Data through": "",
        "Rows kept": "number",
        "On disk": "number",
        "Go back to it": "",
    }
    body = []
    for build in builds:
        manifest = build.manifest
        marks = [("current", build.is_current), ("this page", manifest.build_id == shown_id)]
        command = f"marquee builds rollback {manifest.build_id} --warehouse DIR"
        cells = [
            html.Th(
                [html.Code(manifest.build_id), *(html.Span(mark, className="stamp") for mark, holds in marks if holds)],
                scope="row",
            ),
            html.Td(moment_text(manifest.built_at)),
            html.Td(moment_text(manifest.data_through) if manifest.data_through else "–"),
            html.Td(f"{build.rows_kept:,}", className="number"),
            html.Td(f"{build.size_bytes / 1e6:,.1f} MB", className="number"),
            html.Td("" if build.is_current else html.Code(command, className="command")),
        ]
        body.append(html.Tr(cells))
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=name) for text, name in head.items()])),
            html.Tbody(body),
        ]
    )
    return [
        html.Div(table, className="builds", tabIndex=0, role="region", **{"aria-label": "Builds"}),
        html.P("DIR stands for the warehouse's folder on the server. Pages opened after a roll-back show that build."),
    ]


def moment_text(iso: str) -> str:
    """Return a moment, ISO 8601 in UTC, as «22 Nov 2026, 23:47 UTC»."""
    moment = datetime.fromisoformat(iso)
    return f"{day_text(moment.date())}, {moment:%H:%M} UTC"


def _facts(facts: dict[str, Any]) -> html.Dl:
    return html.Dl([part for name, fact in facts.items() for part in (html.Dt(name), html.Dd(fact))])


def _given(name: str, manifest: Manifest) -> html.Li:
    rows = manifest.rows.get(name, manifest.source_counts[name].kept)
    return _table(
        PUBLISHED.get(name, CONTRACT[name]), _rows_text(rows), _account(manifest.source_counts[name]), manifest
    )


def _derived(name: str, manifest: Manifest) -> html.Li:
    return _table(PUBLISHED[name], _rows_text(manifest.rows.get(name, 0)), "", manifest)


def _absent(table: Table) -> html.Li:
    return _table(table, "not given", "", None)


def _table(table: Table, rows: str, account: str, manifest: Manifest | None) -> html.Li:
    span = manifest.days.get(table.name) if manifest else None
    published_rows = manifest.rows.get(table.name) if manifest else None
    summary = html.Summary(
        [
            html.Strong(table.name),
            html.Span(table.grain, className="secondary"),
            html.Span(rows, className="number"),
            html.Span(days_text(span.first_day, span.end_day) if span else "", className="days"),
            html.Span(account, className="account secondary"),
        ]
    )
    columns = [
        html.Li(
            [
                html.Code(column.name),
                html.Span(_filled(f"{table.name}.{column.name}", published_rows, manifest), className="number"),
                html.Span(column.meaning + (f" ({column.unit})" if column.unit else ""), className="secondary"),
            ],
            **{"data-find": f"{table.name}.{column.name} {column.meaning}".lower(), "data-kind": "column"},
        )
        for column in table
    ]
    text = f"{table.name} {table.grain}".lower()
    return html.Li(
        html.Details([summary, html.Ul(columns, className="columns")]),
        id=f"table-{table.name}",
        **{"data-find": text, "data-kind": "table"},
    )


def _filled(column: str, rows: int | None, manifest: Manifest | None) -> str:
    if not rows or manifest is None:
        return ""
    share = manifest.filled.get(column, 0) / rows
    # Neither all nor nothing is claimed where a few rows differ.
    if 0.999 < share < 1:
        return "almost all filled"
    return f"{value_text(share, Unit.RATE)} filled"


def _rows_text(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _account(count: TableCount) -> str:
    return f"{count.rows_in:,} in = {count.kept:,} kept + {count.duplicates:,} duplicates + {count.rejected:,} rejected"


def _rule(rows: list[dict[Any, Any]], *, shows_rows: bool) -> html.Li:
    first = rows[0]
    by = "by an import" if first["rejected_by"] == "import" else "by the build"
    told = [html.Strong(f"{int(first['row_count']):,}"), f" {by}: {first['rule']}"]
    if not shows_rows:
        return html.Li(told)
    samples = [
        html.Li(
            [
                html.Span(_place(row), className="secondary"),
                html.Span(str(row["reason"])),
                html.Code("" if is_missing(row["row_start"]) else str(row["row_start"])),
            ]
        )
        for row in rows
    ]
    return html.Li(html.Details([html.Summary(told), html.Ul(samples, className="samples")]))


def _problem(rows: list[dict[Any, Any]]) -> html.Li:
    told = [html.Strong(f"{int(rows[0]['row_count']):,}"), f" {rows[0]['problem']}"]
    samples = [html.Li([html.Span(row["artwork_id"], className="secondary"), html.Code(row["path"])]) for row in rows]
    return html.Li(html.Details([html.Summary(told), html.Ul(samples, className="samples")]))


def _place(row: dict[Any, Any]) -> str:
    parts = [] if is_missing(row["file"]) else [str(row["file"])]
    if not is_missing(row["line"]):
        parts.append(f"line {int(row['line']):,}")
    return " ".join(parts)


def _estimate(column: str, rows: int, estimated: int) -> html.Li:
    label, how = ESTIMATES[column]
    share = f" ({value_text(estimated / rows, Unit.RATE)})" if rows and estimated else ""
    return html.Li(
        [
            html.Strong(label),
            html.Span(f"{estimated:,} of {_rows_text(rows)}{share}", className="number"),
            html.Span([how if estimated else "Nothing is estimated here. ", html.Code(column)], className="secondary"),
        ]
    )
