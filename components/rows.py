"""The rows behind everything: their editor, how many there are, where to download them, and their grid."""

import logging
import secrets
from typing import Any
from urllib.parse import urlencode

from dash import MATCH, Input, Output, State, callback, dcc, html, no_update

from components import states
from components.row_editor import column_options, condition_chips, editor, tables_list
from components.rows_grid import rows_grid, too_much
from components.segments import accounts_of_rows, no_build, save_button
from definitions.manifest import Manifest
from definitions.tables import CONTRACT
from queries.db import Build, WarehouseError, served_warehouse
from queries.explore import RowQuery, matching_rows, parse_rows
from queries.run import TooMuchError
from queries.shown import shown_build

DOWNLOADS = {"csv": "CSV", "parquet": "Parquet", "json": "Manifest"}

logger = logging.getLogger(__name__)


def rows_browser(page: str) -> html.Div:
    """Lay out the rows of a page before the URL has said which; ``page`` tells them from another page's."""
    part = {"page": page}
    return html.Div(
        [
            editor(page),
            html.Ul(id={"type": "rows-conditions", **part}, className="chips"),
            html.Div(
                [
                    html.P(id={"type": "rows-count", **part}, role="status"),
                    html.Div(id={"type": "rows-downloads", **part}, className="rows-downloads"),
                ],
                className="rows-head",
            ),
            html.Div(id={"type": "rows-notices", **part}, className="secondary rows-notices"),
            html.Div(states.loading(), id={"type": "rows-body", **part}, className="rows-body"),
            # The query string that the grid itself wrote last, so that it is not told what it has said.
            dcc.Store(id={"type": "rows-written", **part}),
        ],
        className="rows",
    )


@callback(
    output={
        "table": Output({"type": "rows-table", "page": MATCH}, "children"),
        "tables": Output({"type": "rows-tables", "page": MATCH}, "children"),
        "column_options": Output({"type": "rows-columns", "page": MATCH}, "options"),
        "columns": Output({"type": "rows-columns", "page": MATCH}, "value"),
        "condition_columns": Output({"type": "condition-column", "page": MATCH}, "options"),
        "condition_column": Output({"type": "condition-column", "page": MATCH}, "value"),
        "conditions": Output({"type": "rows-conditions", "page": MATCH}, "children"),
        "count": Output({"type": "rows-count", "page": MATCH}, "children"),
        "downloads": Output({"type": "rows-downloads", "page": MATCH}, "children"),
        "notices": Output({"type": "rows-notices", "page": MATCH}, "children"),
        "body": Output({"type": "rows-body", "page": MATCH}, "children"),
        "written": Output({"type": "rows-written", "page": MATCH}, "data", allow_duplicate=True),
    },
    inputs={
        "search": Input("url", "search"),
        "build_id": State("build", "data"),
        "columns": State({"type": "rows-columns", "page": MATCH}, "value"),
        "condition_column": State({"type": "condition-column", "page": MATCH}, "value"),
        "written": State({"type": "rows-written", "page": MATCH}, "data"),
    },
    prevent_initial_call="initial_duplicate",
)
def show_rows(
    search: str | None,
    build_id: str | None,
    columns: list[str] | None,
    condition_column: str | None,
    written: str | None,
) -> dict[str, Any]:
    """Show the rows that the URL asks for, and in the editor what it asks for."""
    search = search or ""
    try:
        whole = served_warehouse().build(build_id or "")
    except WarehouseError:
        return _only_body(states.replaced())
    query = parse_rows(search, whole.manifest)
    names = query.table.column_names
    same_grid = written is not None and written == search
    try:
        build = shown_build(search, whole.id)
        count, body = count_and_body(query, build)
    except WarehouseError as error:
        build, count, body = whole, None, no_build(error, search, whole.id)
    return {
        "table": table_line(query, build.manifest),
        "tables": tables_list(query, build.manifest),
        "column_options": column_options(query.table),
        "columns": no_update if columns == list(query.columns) else list(query.columns),
        "condition_columns": [{"value": name, "label": name} for name in names],
        "condition_column": no_update if condition_column in names else names[0],
        "conditions": condition_chips(query),
        "count": "" if count is None else count_text(query, count, build.manifest),
        "downloads": downloads(query, build) if count else [],
        "notices": [] if query.problems else [html.P(notice) for notice in query.notices],
        "body": no_update if same_grid and count else body,
        "written": no_update if same_grid else None,
    }


def count_and_body(query: RowQuery, build: Build) -> tuple[int | None, Any]:
    """Return how many rows match and the grid of them; None and what stands in its place when there is none."""
    if query.problems:
        return None, unreadable(query, build.manifest)
    name = query.table.name
    if not build.manifest.rows.get(name):
        lacking = name in CONTRACT and name not in build.manifest.source_counts
        sentence = f"{name} ({query.table.grain}) is a table that this source does not have."
        return None, states.missing([sentence]) if lacking else states.state("no-data", "table", f"{name} has no rows.")
    try:
        count = matching_rows(query, build)
    except TooMuchError:
        return None, too_much()
    except Exception:
        incident = secrets.token_hex(4)
        logger.exception("count of %s failed, incident %s, %s", name, incident, query.search()[:500])
        return None, states.failed(incident)
    return count, rows_grid(query, count) if count else filtered_out(query)


def table_line(query: RowQuery, manifest: Manifest) -> list[Any]:
    """Return the table's name, what one of its rows is, and how many there are."""
    rows = manifest.rows.get(query.table.name, 0)
    return [
        html.Strong(query.table.name),
        html.Span(f"{query.table.grain} · {rows:,} rows", className="secondary"),
    ]


def count_text(query: RowQuery, count: int, manifest: Manifest) -> str:
    """Return how many of the table's rows match, such as «12,345 of 60,000 rows»."""
    return f"{count:,} of {manifest.rows.get(query.table.name, 0):,} rows"


def downloads(query: RowQuery, build: Build) -> list[html.A | html.Button]:
    """Return links to all matching rows, as files, and to the manifest that describes them; and save their accounts."""
    search = "&".join(filter(None, (query.search(), urlencode({"build": build.id}))))
    accounts = accounts_of_rows(query)
    return [
        *([save_button(accounts)] if accounts else []),
        *(
            html.A(label, href=f"/export/rows/{query.table.name}.{suffix}?{search}", className="bi bi-download")
            for suffix, label in DOWNLOADS.items()
        ),
    ]


def unreadable(query: RowQuery, manifest: Manifest) -> html.Div:
    """Say what is wrong with the link, and lead to the table as it is."""
    afresh = parse_rows(f"table={query.table.name}", manifest)
    # Filters that cannot be read are told above the page.
    own = [problem for problem in query.problems if problem not in query.filters.problems]
    onward = [] if afresh.problems else [dcc.Link(f"Show {query.table.name} as it is", href=f"?{afresh.search()}")]
    return states.state("unreadable", "link-45deg", "Nothing is shown, because the link cannot be read.", *own, *onward)


def filtered_out(query: RowQuery) -> html.Div:
    """Say that rows there are, but none that match, and lead on."""
    details = ["Remove a condition or a filter, or choose other days."]
    return states.state("filtered-out", "funnel", f"No row of {query.table.name} matches.", *details)


def _only_body(body: Any) -> dict[str, Any]:
    others = (
        "table",
        "tables",
        "column_options",
        "columns",
        "condition_columns",
        "condition_column",
        "conditions",
        "count",
        "downloads",
        "notices",
        "written",
    )
    return {**dict.fromkeys(others, no_update), "body": body}
