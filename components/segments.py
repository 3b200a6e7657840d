"""Segments, saved sets of accounts: what stands in a card while one is not there, and the form that saves one."""

import logging
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode

import dash_bootstrap_components as dbc
from dash import Input, Output, State, callback, dcc, html
from dash.exceptions import PreventUpdate

from components import states
from components.labels import segment_name
from definitions.preparing import can_be_prepared, can_be_saved, preparation_problem
from definitions.segments import MAX_NAME_CHARACTERS
from queries.db import SegmentError, SegmentNotReadyError, WarehouseError, served_warehouse
from queries.explore import RowQuery
from queries.filters import SEGMENT, FilterError, FilterState, page_parameters, segment_in, to_search
from queries.inventory import columns_of
from queries.run import TooMuchError, min_accounts, parameter_names
from queries.segments import ACCOUNT_ID, QUERY, SegmentRowsError, find_accounts
from queries.shown import shown_build, whole_build_id

OTHER_SEGMENT = "other_segment"
ABOUT = ("of_title", "of_series")
WHO = {"fixed": "These accounts, for good", "follows": "Whoever matches, after every new build"}

logger = logging.getLogger(__name__)


def no_build(error: WarehouseError, search: str, build_id: str) -> html.Div:
    """Say why there is no build to ask for an address: newer data replaced it, or the segment is gone or not ready."""
    segment_id = segment_in(search)
    if segment_id is None or not isinstance(error, SegmentError | SegmentNotReadyError):
        return states.replaced()
    onward = dcc.Link("Show everybody", href=f"?{_of_everybody(search)}")
    if isinstance(error, SegmentError):
        return states.state(
            "no-segment", "people", "This segment is not there.", "It was deleted, or the link is not whole.", onward
        )
    try:
        if served_warehouse().current().id != build_id:
            # Only for the current build is a segment prepared.
            return states.replaced()
    except WarehouseError:
        return states.replaced()
    return _not_prepared(segment_id, build_id, onward)


def no_other_build(error: WarehouseError, search: str, build_id: str) -> html.Div:
    """Say why the segment that a card compares with cannot be asked: it is gone, or not prepared."""
    chosen = parse_qs(search.removeprefix("?"), keep_blank_values=True)
    segment_id = chosen.pop(OTHER_SEGMENT, [""])[-1]
    onward = dcc.Link("Compare with no segment", href=f"?{urlencode(chosen, doseq=True)}")
    if isinstance(error, SegmentNotReadyError):
        return _not_prepared(segment_id, whole_build_id(build_id), onward)
    return states.state("no-segment", "people", "The other segment is not there.", "It was deleted.", onward)


def _not_prepared(segment_id: str, build_id: str, onward: dcc.Link) -> html.Div:
    """Stand in while a segment is prepared, which assets/segments.js follows; or say why it is not."""
    warehouse, name = served_warehouse().folder, segment_name(segment_id)
    problem = preparation_problem(warehouse, build_id, segment_id)
    if problem is not None:
        again = html.Button("Try again", type="button", **{"data-prepare-again": segment_id})
        return states.state(
            "not-prepared", "people", f"«{name}» could not be prepared for these data.", problem, again, onward
        )
    if not can_be_prepared(warehouse, segment_id):
        command = html.Code(f"marquee segments prepare {segment_id} --warehouse DIR")
        told = states.state(
            "preparing",
            "people",
            f"«{name}» is not prepared for these data, and this server may not write the warehouse.",
            ["Whoever may can have it prepared: ", command],
            onward,
        )
    else:
        told = states.state(
            "preparing",
            "people",
            f"«{name}» is being prepared for these data.",
            "This takes some seconds to minutes; the figures then appear by themselves.",
            onward,
        )
    return html.Div(told, **{"data-preparing": segment_id})


def _of_everybody(search: str) -> str:
    """Return the query string without the segment, and without what its card alone is about."""
    filters = parse_qs(search.removeprefix("?"), keep_blank_values=True)
    filters.pop(SEGMENT, None)
    kept = urlencode([pair for pair in page_parameters(search) if pair[0] not in ABOUT])
    return "&".join(filter(None, (to_search(filters), kept)))


def accounts_of_query(query: str, filters: FilterState) -> str | None:
    """Return the query string by which the accounts of a query's rows are saved; None where they name none."""
    if not may_be_offered() or ACCOUNT_ID not in columns_of(query):
        return None
    own = [(QUERY, query), *((name, value) for name, value in filters.options if name in parameter_names(query))]
    return "&".join(filter(None, (urlencode(own), filters.search())))


def accounts_of_rows(query: RowQuery) -> str | None:
    """Return the query string by which the accounts of Explore's rows are saved; None where they name none."""
    if not may_be_offered() or ACCOUNT_ID not in query.table.column_names:
        return None
    own = [("table", query.table.name), *(("where", str(condition)) for condition in query.conditions)]
    return "&".join(filter(None, (urlencode(own), query.filters.search())))


def save_button(accounts_search: str) -> html.Button:
    """A button that opens the form to save the accounts of the rows of a query string; see assets/segments.js."""
    return html.Button(
        "Save as a segment…",
        type="button",
        className="bi bi-people",
        **{"data-save-segment": accounts_search},
    )


def may_be_offered() -> bool:
    """Tell whether accounts may be saved as a segment here: not where what tells of few of them is hidden."""
    return min_accounts() is None


def save_dialog() -> html.Dialog:
    """Lay out the dialog that saves a segment, which is filled when it is opened."""
    return html.Dialog(
        [
            # Whose accounts are to be saved ({"search"}), or which segment has been ({"saved"}).
            dcc.Store(id="segment-of"),
            html.Div(id="segment-form"),
        ],
        id="segment-dialog",
        **{"aria-labelledby": "segment-title"},
    )


@callback(
    Output("segment-form", "children"),
    Input("segment-of", "data"),
    State("build", "data"),
    prevent_initial_call=True,
)
def fill_dialog(of: dict[str, str] | None, build_id: str | None) -> Any:
    """Offer to save the accounts of some rows, or say what has been saved."""
    if not of:
        raise PreventUpdate
    if "saved" in of:
        return saved(of["saved"])
    return save_form(of["search"], build_id or "")


def saved(segment_id: str) -> list[Any]:
    """Say that a segment has been saved, and lead to it."""
    return [
        html.H2(f"«{segment_name(segment_id)}» is saved", id="segment-title"),
        html.P("It is being prepared now, which takes some seconds to minutes. Find it under Segment in the filters."),
        html.Div(
            [
                dcc.Link("Open the Overview with it", href=f"/?{urlencode({SEGMENT: segment_id})}"),
                _close("Close"),
            ],
            className="segment-buttons",
        ),
    ]


def save_form(search: str, build_id: str) -> list[Any]:
    """Ask for the name of a new segment of the accounts of some rows; say why there can be none where that is so."""
    if not may_be_offered():
        return _refused("This deployment hides what tells of few accounts, so none are saved.")
    if not can_be_saved(served_warehouse().folder):
        return _refused("This server may not write the warehouse, so nothing can be saved in it.")
    try:
        accounts = find_accounts(search, shown_build(search, build_id)).num_rows
    except (SegmentRowsError, FilterError, WarehouseError, TooMuchError) as error:
        return _refused(str(error))
    except Exception:
        incident = secrets.token_hex(4)
        logger.exception("accounts for a segment could not be found, incident %s, %s", incident, search[:500])
        return _refused(f"The accounts could not be found. If it stays so, report it and quote {incident}.")
    if not accounts:
        return _refused("These rows name no account.")
    whom = "this account" if accounts == 1 else f"these {accounts:,} accounts"
    return [
        html.H2(f"Save {whom} as a segment", id="segment-title"),
        html.Form(
            [
                html.Label("Name", htmlFor="segment-name"),
                dbc.Input(
                    id="segment-name",
                    name="name",
                    maxLength=MAX_NAME_CHARACTERS,
                    required=True,
                    autofocus=True,
                    autocomplete="off",
                ),
                html.Label("Who belongs to it", htmlFor="segment-who"),
                dbc.Select(
                    id="segment-who",
                    name="who",
                    options=[{"value": value, "label": label} for value, label in WHO.items()],
                    value="fixed",
                ),
                html.P(id="segment-problem", className="problem", role="alert"),
                html.Div(
                    [html.Button("Save", type="submit"), _close("Cancel")],
                    className="segment-buttons",
                ),
            ],
            id="segment-save",
            **{"data-search": search},
        ),
    ]


def _refused(sentence: str) -> list[Any]:
    return [
        html.H2("No segment can be saved", id="segment-title"),
        html.P(sentence),
        html.Div(_close("Close"), className="segment-buttons"),
    ]


def _close(label: str) -> html.Button:
    return html.Button(label, type="button", **{"data-close-segment": ""})
