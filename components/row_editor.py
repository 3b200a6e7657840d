"""What Explore's rows are chosen with: the table, its columns, and conditions. All of it ends in the URL."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, MATCH, Input, Output, State, callback, ctx, dcc, html, no_update
from dash.exceptions import PreventUpdate

from definitions.contract import Column, Table, ValueType
from definitions.manifest import Manifest
from definitions.warehouse import PUBLISHED
from queries.conditions import OPERATORS, Condition, ConditionError, operators_of, parse_condition
from queries.db import WarehouseError, served_warehouse
from queries.explore import MAX_CONDITIONS, RowQuery, parse_rows

VALUES_ID = "condition-values"
BOOLEANS = ("true", "false")
OPERATOR_SIGNS = {"is": "=", "is-not": "≠", "at-least": "≥", "at-most": "≤"}


def editor(page: str) -> html.Div:
    """Lay out the controls; what they offer and show is filled from the URL."""
    part = {"page": page}
    value = dbc.Input(id={"type": "condition-value", **part}, list=VALUES_ID, autocomplete="off")
    return html.Div(
        [
            html.Details(
                [
                    html.Summary(id={"type": "rows-table", **part}),
                    html.Nav(id={"type": "rows-tables", **part}, className="popout", **{"aria-label": "Tables"}),
                ],
                className="disclosure rows-tables",
            ),
            html.Div(
                [
                    html.Label("Columns", htmlFor=_dom_id(part | {"type": "rows-columns"})),
                    dcc.Dropdown(
                        id={"type": "rows-columns", **part},
                        multi=True,
                        # Several choices are one step in the browser's history, taken when the list closes.
                        debounce=True,
                        clearable=False,
                        placeholder="Columns",
                        labels={"select_all": "All columns", "deselect_all": "Default columns"},
                        optionHeight=32,
                        maxHeight=400,
                    ),
                ],
                className="control rows-columns",
            ),
            html.Fieldset(
                [
                    html.Legend("Add a condition", className="visually-hidden"),
                    _labelled("Column", dbc.Select(id={"type": "condition-column", **part})),
                    _labelled("Operator", dbc.Select(id={"type": "condition-operator", **part})),
                    _labelled("Value", value),
                    html.Div(id={"type": "condition-values", **part}),
                    html.Button("Add condition", id={"type": "condition-add", **part}, type="button"),
                ],
                className="rows-condition",
            ),
            html.P(id={"type": "condition-problem", **part}, className="problem", role="alert"),
        ],
        className="rows-editor",
    )


def tables_list(query: RowQuery, manifest: Manifest) -> list[Any]:
    """Return a link for each published table, those with rows first, that keeps the filters."""
    return [
        dcc.Link(
            [
                html.Strong(name),
                html.Span(f"{manifest.rows.get(name, 0):,} rows", className="number"),
                html.Span(table.grain, className="secondary"),
            ],
            href=f"?{_of_table(query, table, manifest).search()}",
            className="current" if name == query.table.name else None,
        )
        for name, table in sorted(PUBLISHED.items(), key=lambda item: (not manifest.rows.get(item[0]), item[0]))
    ]


def condition_chips(query: RowQuery) -> list[html.Li]:
    """Return one removable chip for each condition: a link to the same rows without it."""
    return [
        html.Li(
            dcc.Link(
                [condition_text(condition), html.I(className="bi bi-x", **{"aria-hidden": "true"})],
                href=f"?{_without(query, condition).search()}",
                title=f"Remove the condition {condition_text(condition)}",
            )
        )
        for condition in query.conditions
    ]


def condition_text(condition: Condition) -> str:
    """Return a condition as people read it, such as «watch_ms ≥ 60,000»."""
    operator = OPERATOR_SIGNS.get(condition.operator.name, condition.operator.label)
    value = condition.value
    text = f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else condition.value_text
    return " ".join(filter(None, (condition.column.name, operator, text)))


def column_options(table: Table) -> list[dict[str, str]]:
    """Return what the list of columns offers: each by name, its meaning as its tooltip and searched too."""
    return [
        {
            "value": column.name,
            "label": column.name,
            "title": f"{column.meaning} ({column.type})",
            "search": f"{column.name} {column.meaning}",
        }
        for column in table
    ]


def _of_table(query: RowQuery, table: Table, manifest: Manifest) -> RowQuery:
    chosen = parse_rows(f"table={table.name}", manifest)
    return replace(chosen, filters=query.filters)


def _without(query: RowQuery, condition: Condition) -> RowQuery:
    return replace(query, conditions=tuple(other for other in query.conditions if other != condition))


def with_columns(query: RowQuery, chosen: list[str]) -> RowQuery:
    """Return the query with the columns chosen in the list; with its default ones when none are."""
    return replace(query, columns=tuple(chosen) or query.default_columns)


@callback(
    Output({"type": "condition-operator", "page": MATCH}, "options"),
    Output({"type": "condition-operator", "page": MATCH}, "value"),
    Output({"type": "condition-value", "page": MATCH}, "placeholder"),
    Output({"type": "condition-value", "page": MATCH}, "disabled"),
    Output({"type": "condition-values", "page": MATCH}, "children"),
    Input({"type": "condition-column", "page": MATCH}, "value"),
    Input({"type": "condition-operator", "page": MATCH}, "value"),
    State("url", "search"),
    State("build", "data"),
)
def offer_operators(
    column_name: str | None, operator_name: str | None, search: str | None, build_id: str | None
) -> tuple[Any, ...]:
    """Offer what a column can be compared by, and say what value is expected."""
    query = _query(search, build_id)
    if query is None or column_name not in query.table.column_names:
        raise PreventUpdate
    return operator_choices(query.table.column(column_name), operator_name)


def operator_choices(column: Column, operator_name: str | None) -> tuple[Any, ...]:
    """Return the operators' options, the one chosen, what value is expected, whether none is, and values to choose."""
    possible = operators_of(column)
    operator = OPERATORS.get(operator_name or "")
    if operator is None or operator not in possible:
        operator = possible[0]
    options = [{"value": one.name, "label": one.label} for one in possible]
    expected = column.type.expected if operator.takes_value else ""
    offered = BOOLEANS if column.type is ValueType.BOOLEAN else column.allowed
    values = html.Datalist([html.Option(value=value) for value in offered], id=VALUES_ID)
    return options, operator.name, expected, not operator.takes_value, values


@callback(
    output={
        "search": Output("url", "search", allow_duplicate=True),
        "columns": Output({"type": "rows-columns", "page": ALL}, "value", allow_duplicate=True),
        "values": Output({"type": "condition-value", "page": ALL}, "value"),
        "problems": Output({"type": "condition-problem", "page": ALL}, "children"),
    },
    inputs={
        "columns": Input({"type": "rows-columns", "page": ALL}, "value"),
        "clicks": Input({"type": "condition-add", "page": ALL}, "n_clicks"),
        "enters": Input({"type": "condition-value", "page": ALL}, "n_submit"),
        "condition": {
            "column": State({"type": "condition-column", "page": ALL}, "value"),
            "operator": State({"type": "condition-operator", "page": ALL}, "value"),
            "value": State({"type": "condition-value", "page": ALL}, "value"),
        },
        "search": State("url", "search"),
        "build_id": State("build", "data"),
    },
    prevent_initial_call=True,
)
def write_rows(
    columns: list[list[str] | None],
    clicks: list[int | None],
    enters: list[int | None],
    condition: dict[str, list[str | None]],
    search: str | None,
    build_id: str | None,
) -> dict[str, Any]:
    """Write the columns chosen, or the condition added, to the URL; say why when a condition cannot be read."""
    query = _query(search, build_id)
    if query is None or query.problems or not ctx.triggered_id:
        raise PreventUpdate
    if ctx.triggered_id["type"] == "rows-columns":
        new = with_columns(query, columns[0] or [])
        return _written(new, query) | {"columns": [list(new.columns)]}
    if not clicks[0] and not enters[0]:
        raise PreventUpdate
    texts = [condition[name][0] or "" for name in ("column", "operator", "value")]
    try:
        new = with_condition(query, *texts)
    except ConditionError as error:
        return {**_written(query, query), "problems": [str(error)]}
    return {**_written(new, query), "values": [""]}


def _written(new: RowQuery, old: RowQuery) -> dict[str, Any]:
    search = no_update if new == old else f"?{new.search()}"
    return {"search": search, "columns": [no_update], "values": [no_update], "problems": [None]}


def with_condition(query: RowQuery, column_name: str, operator_name: str, value: str) -> RowQuery:
    """Return the query with one condition more; raises ConditionError when it cannot be read or there are too many."""
    if column_name not in query.table.column_names:
        raise ConditionError("Choose a column first.")
    takes_value = operator_name not in OPERATORS or OPERATORS[operator_name].takes_value
    text = " ".join([column_name, operator_name, *([value] if value and takes_value else [])])
    added = parse_condition(text, query.table.column(column_name))
    if added in query.conditions:
        return query
    if len(query.conditions) >= MAX_CONDITIONS:
        raise ConditionError(f"There are {MAX_CONDITIONS} conditions already, and no more are read. Remove one first.")
    return replace(query, conditions=(*query.conditions, added))


def _query(search: str | None, build_id: str | None) -> RowQuery | None:
    try:
        return parse_rows(search or "", served_warehouse().build(build_id or "").manifest)
    except WarehouseError:
        return None


def _labelled(label: str, control: Any) -> html.Div:
    return html.Div([html.Label(label, htmlFor=_dom_id(control.id), className="visually-hidden"), control])


def _dom_id(component_id: Mapping[str, str]) -> str:
    """Return the id that the browser knows a component by."""
    return json.dumps(component_id, sort_keys=True, separators=(",", ":"))
