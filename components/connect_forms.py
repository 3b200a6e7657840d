"""The forms of connecting data: what an export's import needs to know, and which column fills which."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from definitions.connecting import EXPORT, Job
from definitions.contract import Column, Table
from definitions.conversions import AS_IS, CONVERSIONS
from definitions.tables import CONTRACT

NOT_FILLED, CONSTANT, SQL, COLUMN = "", "=constant", "=sql", "column:"
SHOWN_MAX_CHARS = 60
SAMPLE_MAX_CHARS = 24

Choices = Mapping[str, Mapping[str, str]]


def form(job: Job, action: str, *content: Any, class_name: str = "") -> html.Form:
    """A form that has the server carry out ``action`` for a job and leads back to the page."""
    return html.Form(list(content), action=f"/connect/jobs/{job.id}/{action}", method="post", className=class_name)


def button(text: str, *, quiet: bool = False, disabled: bool = False) -> html.Button:
    """The button that sends its form."""
    return html.Button(text, type="submit", className="action" if quiet else "action main-action", disabled=disabled)


def select(name: str, options: Mapping[str, str], value: str, **attributes: Any) -> dbc.Select:
    """A list to choose from, sent as ``name``; ``options`` are labels by value."""
    listed = [{"value": option, "label": label} for option, label in options.items()]
    return dbc.Select(id=f"connect-{name}", name=name, options=listed, value=value, **attributes)


def rows_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: str) -> html.Div:
    """Lay out rows of texts as they are; an empty value shows as nothing."""
    columns_of_cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    kinds = ["number" if _are_numbers(cells) else "" for cells in columns_of_cells]
    named = zip(columns, kinds, strict=True)
    head = html.Thead(html.Tr([html.Th(name, scope="col", className=kind) for name, kind in named]))
    lines = [zip(row, kinds, strict=True) for row in rows]
    body = html.Tbody([html.Tr([html.Td(_cut(value), className=kind) for value, kind in line]) for line in lines])
    table = html.Table([html.Caption(caption, className="visually-hidden"), head, body], className="connect-table")
    # Focusable, so that the keyboard can scroll it.
    return html.Div(table, className="connect-scroll", tabIndex=0, role="region", **{"aria-label": caption})


def _are_numbers(cells: Sequence[Any]) -> bool:
    texts = [str(cell) for cell in cells if cell]
    return bool(texts) and all(re.fullmatch(r"-?[\d,]+(\.\d+)?( MB)?", text) for text in texts)


def export_form(job: Job, look: Mapping[str, Any]) -> html.Div:
    """Show what was recognised of a personal export, and ask what only its owner knows."""
    recognised = [
        group for group in look["groups"] if any(Path(file).name in look["export"] for file in group["files"])
    ]
    catalogues = {"": "None"} | {name: name for name in look["catalogues"]}
    accounts = {
        "folder": "One account with all profiles (one household)",
        "profile": "One account for each profile (files of several households)",
    }
    fields = html.Div(
        [
            _field("Accounts", "connect-account_per", select("account_per", accounts, "folder")),
            _field(
                "Name of the household",
                "connect-account",
                dbc.Input(id="connect-account", name="account", value="", maxLength=80, placeholder="household"),
                "Only when several share what is connected; the same each time.",
            ),
            _field(
                "Catalogue of titles",
                "connect-catalogue",
                select("catalogue", catalogues, next(iter(look["catalogues"]), "")),
                "Adds runtimes, people and genres. Drop its CSV together with the export.",
            ),
            dbc.Checkbox(id="connect-keep_labels", name="keep_labels", label="Keep the profiles' names", value=False),
            html.P("Otherwise names become pseudonyms. Accounts and profiles always do.", className="secondary"),
        ],
        className="connect-fields",
    )
    return html.Div(
        [
            html.H2("A streaming service's personal-data export"),
            html.P(f"Recognised: {', '.join(look['export'])}."),
            form(job, "export", fields, button("Read the rows")),
            html.H2("First rows"),
            *(_first_rows(group) for group in recognised),
            html.Details(
                [html.Summary("These are tables of my own"), _choice_form(job, look)], className="connect-more"
            ),
        ]
    )


def mapping_form(job: Job, look: Mapping[str, Any]) -> html.Div:
    """Show a file's first rows, and for each column of the chosen table what fills it."""
    group = look["groups"][job.group]
    table = CONTRACT[job.table]
    suggestion = next(found for found in group["tables"] if found["table"] == job.table)
    chosen: Choices = job.mapping.get("columns") or suggestion["columns"]
    first = [column for column in table if column.required or column.name in {*chosen, *table.one_of}]
    rest = [column for column in table if column not in first]
    content: list[Any] = [_columns(first, chosen, group["columns"])]
    if rest:
        more = html.Summary(f"{len(rest)} more columns, which may stay empty")
        content.append(html.Details([more, _columns(rest, chosen, group["columns"])], className="connect-more"))
    content.append(_row_choices(job, table))
    return html.Div(
        [
            html.H2("First rows"),
            _first_rows(group),
            html.H2("What the rows are"),
            _choice_form(job, look),
            html.H2(f"What fills {table.name}"),
            html.P(f"Each row is {table.grain}. Names that are alike are suggested; check every line."),
            form(job, "table", *content, button("Read the rows")),
        ]
    )


def _choice_form(job: Job, look: Mapping[str, Any]) -> html.Form:
    """Ask which files are which table."""
    groups = {str(place): _names(group) for place, group in enumerate(look["groups"])}
    likely = [found["table"] for found in look["groups"][job.group]["tables"]]
    tables = {name: f"{name}: {CONTRACT[name].grain}" for name in likely}
    if look["export"]:
        tables = {EXPORT: "a personal-data export"} | tables
    table = job.table if job.table != EXPORT else likely[0]
    fields = html.Div(
        [
            _field("Files", "connect-group", select("group", groups, str(job.group))),
            _field("Table", "connect-table", select("table", tables, table)),
            button("Choose", quiet=True),
        ],
        className="connect-choice",
    )
    return form(job, "choose", fields)


def _columns(columns: Sequence[Column], chosen: Choices, found: Sequence[Mapping[str, Any]]) -> html.Div:
    return html.Div(
        [_column(column, chosen.get(column.name, {}), found) for column in columns], className="connect-map"
    )


def _column(column: Column, choice: Mapping[str, str], found: Sequence[Mapping[str, Any]]) -> html.Div:
    sources = {NOT_FILLED: "Choose what fills it" if column.required else "Not filled"}
    sources |= {f"{COLUMN}{of_file['name']}": _with_sample(of_file) for of_file in found}
    sources |= {CONSTANT: "A fixed value …", SQL: "An SQL expression …"}
    conversions = {known.name: known.label for known in CONVERSIONS.values() if known.suits(column)}
    text = choice.get("constant") or choice.get("sql") or ""
    allowed = f"One of {', '.join(column.allowed)}" if column.allowed else column.type.expected
    unit = f", in {column.unit}" if column.unit else ""
    label = [html.Strong(column.name), html.Span(" required", className="required") if column.required else None]
    conversion = select(f"as:{column.name}", conversions, choice.get("as", AS_IS))
    conversion_label = html.Label("Read it", htmlFor=f"connect-as:{column.name}", className="visually-hidden")
    return html.Div(
        [
            html.Div(
                [
                    html.Label(label, htmlFor=f"connect-from:{column.name}"),
                    html.P(f"{column.meaning}{unit}", className="secondary"),
                ]
            ),
            select(f"from:{column.name}", sources, _source(choice)),
            html.Div([conversion_label, conversion], className="map-as", hidden=len(conversions) < 2),
            html.Div(
                [
                    html.Label(
                        "Value or expression", htmlFor=f"connect-text:{column.name}", className="visually-hidden"
                    ),
                    dbc.Input(id=f"connect-text:{column.name}", name=f"text:{column.name}", value=text),
                    html.P(allowed, className="secondary"),
                ],
                className="map-text",
            ),
        ],
        className="connect-column",
    )


def _row_choices(job: Job, table: Table) -> html.Details:
    pseudonyms = dbc.Checkbox(
        id="connect-are_pseudonyms",
        name="are_pseudonyms",
        label="The ids of accounts and profiles are pseudonyms already",
        value=not job.mapping.get("pseudonymise", True),
    )
    where = dbc.Input(
        id="connect-where", name="where", value=job.mapping.get("where", ""), placeholder="status <> 'test'"
    )
    return html.Details(
        [
            html.Summary("Which rows, and which ids"),
            _field("Only rows where (SQL)", "connect-where", where, "It sees the file's columns and nothing else."),
            pseudonyms if table.has_pseudonyms else None,
        ],
        className="connect-more",
    )


def _first_rows(group: Mapping[str, Any]) -> html.Div:
    names = [column["name"] for column in group["columns"]]
    return html.Div(
        [
            html.P(_names(group), className="secondary"),
            rows_table(names, group["rows"], f"First rows of {_names(group)}"),
        ]
    )


def _field(label: str, control_id: str, control: Any, advice: str = "") -> html.Div:
    told = html.P(advice, className="secondary") if advice else None
    return html.Div([html.Label(label, htmlFor=control_id), control, told], className="connect-field")


def _names(group: Mapping[str, Any]) -> str:
    return ", ".join(Path(file).name for file in group["files"])


def _source(choice: Mapping[str, str]) -> str:
    if "column" in choice:
        return f"{COLUMN}{choice['column']}"
    return CONSTANT if "constant" in choice else SQL if "sql" in choice else NOT_FILLED


def _with_sample(column: Mapping[str, Any]) -> str:
    samples = column["samples"]
    return f"{column['name']} · {_cut(samples[0], SAMPLE_MAX_CHARS)}" if samples else str(column["name"])


def _cut(value: object, most: int = SHOWN_MAX_CHARS) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"
