"""The grid of Explore: rows of one table, asked from the server a page at a time."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import dash_ag_grid as dag
import pyarrow as pa
from dash import ALL, Input, Output, State, callback, ctx, html, no_update
from dash.exceptions import PreventUpdate

from components import states
from components.format import NO_VALUE
from components.segments import no_build
from definitions.contract import Column, Table, ValueType
from queries.db import WarehouseError, served_warehouse
from queries.explore import RowQuery, SortColumn, matching_rows, parse_rows, rows_page
from queries.filters import FilterError
from queries.run import TooMuchError
from queries.shown import shown_build

# The library is left out of every page's scripts; assets/grid.js loads it where there is a grid.
dag._js_dist[0]["dynamic"] = True  # noqa: SLF001 - Dash has no public way to load a component's script late

PAGE_ROWS = 100
# A null here says «not sorted»; left out, the grid would keep the sort it has.
SORT_KEYS = ("sort", "sortIndex")
NUMBERS = (ValueType.INTEGER, ValueType.REAL)
Response = dict[str, Any]

logger = logging.getLogger(__name__)


def rows_grid(query: RowQuery, count: int) -> html.Div:
    """Lay out the grid of a query's ``count`` rows, which it then asks for itself.

    Its id holds the query but its sort, so that another query is another grid, while a change of the sort keeps the
    grid, its place and the focus.
    """
    part = {"of": replace(query, sort=()).search()}
    return html.Div(
        [
            html.Div(id={"type": "rows-trouble", **part}),
            dag.AgGrid(
                id={"type": "rows-grid", **part},
                columnDefs=column_definitions(query),
                rowModelType="infinite",
                dashGridOptions={
                    "theme": "themeQuartz",
                    "cacheBlockSize": PAGE_ROWS,
                    "maxBlocksInCache": 20,
                    # The component keeps one request at a time; a second one would get the first one's rows.
                    "maxConcurrentDatasourceRequests": 1,
                    "blockLoadDebounceMillis": 80,
                    "enableCellTextSelection": True,
                    "suppressColumnVirtualisation": True,
                    "suppressFieldDotNotation": True,
                    "suppressMovableColumns": True,
                    "tooltipShowDelay": 500,
                    "rowHeight": 32,
                    "headerHeight": 36,
                },
                # Columns become as wide as what they hold once there are rows to measure; then the grid gets its name,
                # and is shown.
                eventListeners={
                    "firstDataRendered": ["params.api.autoSizeAllColumns()"],
                    # It is told of after a while, when the grid may be gone.
                    "columnResized": [
                        "params.api.isDestroyed() || "
                        f"params.api.setGridAriaProperty('label', 'Rows of {query.table.name}')"
                    ],
                },
                style={"height": None, "--rows": min(count, PAGE_ROWS)},
                className="rows-grid",
            ),
        ],
    )


def column_definitions(query: RowQuery) -> list[dict[str, Any]]:
    """Return the grid's columns: named as in exports, with their unit; numbers to the right."""
    places = {sort.column: (position, sort) for position, sort in enumerate(query.sort)}
    definitions = []
    for name in query.columns:
        column = query.table.column(name)
        position, sort = places.get(name, (None, None))
        number = column.type in NUMBERS
        definition = {
            "field": name,
            "headerName": f"{name} ({column.unit})" if column.unit else name,
            "headerTooltip": column.meaning,
            "tooltipField": name if column.type is ValueType.TEXT else None,
            "maxWidth": 420 if column.type is ValueType.TEXT else None,
            "cellClass": "number" if number else None,
            "headerClass": "ag-right-aligned-header" if number else None,
            "sort": None if sort is None else "desc" if sort.descending else "asc",
            "sortIndex": position,
        }
        definitions.append({key: value for key, value in definition.items() if value is not None or key in SORT_KEYS})
    return definitions


def row_texts(table: Table, rows: pa.Table) -> list[dict[str, str]]:
    """Return rows as the grid shows them: exact, every value as text, a dash for null."""
    return [{name: value_in_full(table.column(name), value) for name, value in row.items()} for row in rows.to_pylist()]


def value_in_full(column: Column, value: Any) -> str:
    """Return a stored value as text with nothing rounded or cut: «5,400,000», «2023-06-12 20:15:00»."""
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.type in NUMBERS:
        return f"{value:,}"
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def sort_pairs(model: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the sort that the grid asks for, as the URL has it."""
    return [("sort", str(SortColumn(str(item.get("colId")), item.get("sort") == "desc"))) for item in model]


@callback(
    output={
        "responses": Output({"type": "rows-grid", "of": ALL}, "getRowsResponse"),
        "troubles": Output({"type": "rows-trouble", "of": ALL}, "children"),
        "written": Output({"type": "rows-written", "page": ALL}, "data"),
        "search": Output("url", "search", allow_duplicate=True),
    },
    inputs={
        "requests": Input({"type": "rows-grid", "of": ALL}, "getRowsRequest"),
        "search": State("url", "search"),
        "build_id": State("build", "data"),
    },
    prevent_initial_call=True,
)
def fill_grid(requests: list[dict[str, Any] | None], search: str | None, build_id: str | None) -> dict[str, Any]:
    """Give the grid on screen the rows it asks for; a click on a column's head is written to the URL."""
    # There is one grid on the page, or none.
    if not requests or not requests[0]:
        raise PreventUpdate
    request = requests[0]
    of = ctx.outputs_grouping["responses"][0]["id"]["of"]
    sort = sort_pairs(request.get("sortModel") or [])
    response, trouble = rows_response(
        "&".join(filter(None, (of, urlencode(sort)))),
        build_id or "",
        int(request.get("startRow") or 0),
    )
    new_search = search_sorted(search or "", of, sort, build_id or "")
    return {
        "responses": [response],
        "troubles": [trouble],
        "written": [no_update if new_search is None else new_search],
        "search": no_update if new_search is None else new_search,
    }


def rows_response(search: str, build_id: str, start: int) -> tuple[Response, Any]:
    """Return a page of the rows that ``search`` asks for, and, where that fails, what to say above the grid instead."""
    nothing: Response = {"rowData": [], "rowCount": 0}
    try:
        build = shown_build(search, build_id)
    except WarehouseError as error:
        return nothing, no_build(error, search, build_id)
    query = parse_rows(search, build.manifest)
    try:
        rows = rows_page(query, build, start, start + PAGE_ROWS)
        return {"rowData": row_texts(query.table, rows), "rowCount": matching_rows(query, build)}, None
    except FilterError as error:
        return nothing, states.state("unreadable", "link-45deg", str(error))
    except TooMuchError:
        return nothing, too_much()
    except Exception:
        incident = secrets.token_hex(4)
        logger.exception("rows of %s failed, incident %s, %s", query.table.name, incident, search[:500])
        return nothing, states.failed(incident)


def search_sorted(search: str, of: str, sort: list[tuple[str, str]], build_id: str) -> str | None:
    """Return the URL's query string with the sort of the grid; None when it has it, or shows another query."""
    try:
        manifest = served_warehouse().build(build_id).manifest
    except WarehouseError:
        return None
    query = parse_rows(search, manifest)
    wanted = tuple(SortColumn.parse(text) for _name, text in sort)
    if query.sort == wanted or replace(query, sort=()).search() != of:
        return None
    found = replace(query, sort=wanted).search()
    return f"?{found}" if found else ""


def too_much() -> html.Div:
    """Say that the rows took more time or memory than allowed, and what helps."""
    return states.state(
        "failed",
        "hourglass-split",
        "These rows took longer, or more memory, than allowed and were stopped.",
        "Choose a shorter period, add a condition, show fewer columns, or scroll less far down sorted rows.",
    )
