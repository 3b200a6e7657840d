"""What became of the rows: before anything is committed, and once it is built."""

import json
from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from components.connect_forms import button, form, rows_table
from definitions.connecting import EXPORT, Job
from queries.db import WarehouseError, served_warehouse

COUNTS = ("rows", "kept", "duplicates", "rejected")


def rows_view(job: Job) -> html.Div:
    """Say of each import what was kept and what was not, with reasons, and offer to build or to go back."""
    last = job.imports[-1]
    problems = last["check"]["problems"]
    zone = dbc.Input(id="connect-zone", name="zone", value=_zone(), maxLength=60, autocomplete="off")
    told = [html.P(problem, className="connect-problem") for problem in problems]
    build_form = form(
        job,
        "build",
        html.Div(
            [
                html.Label("The service's own time zone", htmlFor="connect-zone"),
                zone,
                html.P(
                    "Such as Europe/Berlin. It decides which day an hour belongs to in that calendar.",
                    className="secondary",
                ),
            ],
            className="connect-field",
        ),
        button("Build and show", disabled=bool(problems)),
        class_name="connect-fields",
    )
    return html.Div(
        [
            *(_imported(report) for report in job.imports),
            *_broken(last["check"]),
            html.H2("Build and show"),
            html.P("Nothing has changed yet. The build replaces what the pages show, in one step."),
            *told,
            build_form,
            html.Div(
                [
                    form(job, "undo", button(f"Back: read {_what(last)} another way", quiet=True)),
                    form(job, "map", button("Read another table", quiet=True)),
                    form(job, "more", button("Add files", quiet=True)),
                    form(job, "discard", button("Discard", quiet=True)),
                ],
                className="connect-buttons",
            ),
        ]
    )


def built_view(job: Job) -> html.Div:
    """Say that it is built and lead to the figures; the link loads the page anew, and with it the new build."""
    through = job.built.get("data_through")
    rows = {name: count for name, count in job.built.get("rows", {}).items() if count}
    plays = f" {rows['plays']:,} plays." if rows.get("plays") else ""
    return html.Div(
        [
            html.H2("Your data are connected"),
            html.P(f"The pages show them now.{plays}" + (f" Data through {through[:10]}, UTC." if through else "")),
            html.P("The files that were uploaded are removed.", className="secondary"),
            html.Div(
                [
                    html.A("See them on Overview", href="/", className="action main-action"),
                    html.A("Connect more", href="/connect", className="action"),
                ],
                className="connect-buttons",
            ),
        ]
    )


def _imported(told: Mapping[str, Any]) -> html.Div:
    report = told["report"]
    files = [[counts["file"], *(f"{counts[name]:,}" for name in COUNTS)] for counts in report["files"]]
    tables = [
        [
            counts["table"],
            f"{counts['rows']:,}",
            *(f"{counts[name]:,}" for name in ("added", "updated", "unchanged", "duplicates", "rejected")),
        ]
        for counts in report["tables"]
        if counts["rows"]
    ]
    columns = ("table", "rows", "added", "updated", "unchanged", "duplicates", "rejected")
    notes = [*(_joined(join) for join in report["catalogue"]), *report["notes"]]
    return html.Div(
        [
            html.H2(f"What became of the rows: {_what(told)}"),
            rows_table(("file", *COUNTS), files, "What became of each file's rows"),
            html.Details(
                [html.Summary("By table"), rows_table(columns, tables, "What became of each table's rows")],
                className="connect-more",
            ),
            _refused(told.get("refused", [])),
            html.Ul([html.Li(note) for note in notes], className="connect-notes") if notes else None,
        ]
    )


def _refused(refused: list[Mapping[str, Any]]) -> Any:
    if not refused:
        return html.P("No row was rejected.")
    return html.Div(
        [
            html.H2("Rejected, and why"),
            html.Ul(
                [
                    html.Li(
                        [
                            html.P([html.Strong(f"{reason['rows']:,} of {reason['table']}: "), reason["reason"]]),
                            html.Details(
                                [
                                    html.Summary("Rows"),
                                    html.Ul([html.Li(_sample(*sample)) for sample in reason["samples"]]),
                                ],
                                className="connect-more",
                            ),
                        ]
                    )
                    for reason in refused
                ],
                className="connect-refused",
            ),
        ]
    )


def _sample(file: str, line: int, original: str | None) -> list[Any]:
    try:
        values = json.loads(original or "{}")
    except ValueError:
        values = {}
    shown = ", ".join(f"{name}: {value}" for name, value in values.items() if value not in (None, ""))
    return [html.Strong(f"{file}, line {line} "), html.Code(shown)]


def _broken(check: Mapping[str, Any]) -> list[Any]:
    """Say which rows a build will leave out, because they name what no table holds."""
    sentences = [
        f"{table['name']}: {rows:,} will be left out, such as {reason}"
        for table in check["tables"]
        for reason, rows in table["reasons"]
    ]
    if not sentences:
        return []
    return [
        html.H2("Left out when it is built"),
        html.Ul([html.Li(text) for text in sentences], className="connect-notes"),
    ]


def _joined(join: Mapping[str, Any]) -> str:
    return (
        f"Catalogue, {join['what']}: {join['matched']:,} found, {len(join['unmatched']):,} not found, "
        f"{len(join['ambiguous']):,} ambiguous."
    )


def _what(told: Mapping[str, Any]) -> str:
    return "the export" if told["what"] == EXPORT else str(told["what"])


def _zone() -> str:
    try:
        return served_warehouse().current().manifest.service_zone
    except WarehouseError:
        return "UTC"
