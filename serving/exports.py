"""``GET /export/<query>.csv``, ``.parquet``, ``.json``: the rows behind a card, by the same query and filters."""

from http import HTTPStatus

import pandas as pd
from flask import Flask, Response, request

from definitions.metrics import METRICS
from queries.filters import FilterError, FilterState, parse_search
from queries.key_figures import key_figures
from queries.run import QueryError, query_names, run, run_compared
from queries.shown import segment_of
from serving import row_exports
from serving.export_files import (
    FORM_RULE,
    Form,
    RefusedError,
    address_of,
    asked_build,
    asked_raw,
    failure,
    file_headers,
    file_parts,
    search_without,
)
from serving.formats import as_table
from serving.provenance import Provenance, Statement

OWN_PARAMETERS = ("build", "column", "compared", "figure", "raw")
KEY_FIGURES = "key_figures"


def register(server: Flask) -> None:
    """Add the routes to ``server``."""
    server.register_error_handler(RefusedError, RefusedError.response)
    server.add_url_rule(f"/export/<query>.{FORM_RULE}", view_func=export_query)
    server.add_url_rule(f"/export/{KEY_FIGURES}.{FORM_RULE}", view_func=export_key_figures)
    server.add_url_rule(f"/export/rows/<table>.{FORM_RULE}", view_func=row_exports.export_rows)


def export_query(query: str, form: str) -> Response:
    """Answer with a query's rows, or the manifest that describes them, under the filters of the query string.

    ``build`` asks for the build that the page was opened on, ``column`` (repeated) for some of the columns in that
    order, ``compared=1`` for the comparison period's rows as well, ``raw=1`` for texts as they are. What cannot be
    given is told in one plain sentence.
    """
    if query not in query_names():
        raise RefusedError(HTTPStatus.NOT_FOUND, f"There is nothing to export called «{query}».")
    build = asked_build()
    filters = parse_search(search_without(OWN_PARAMETERS), build.manifest.spans)
    compared = request.args.get("compared") == "1"
    try:
        statement = Statement.of_query(query, filters, compared=compared)
        provenance = Provenance(
            query,
            address_of(query, build),
            (statement,),
            build.manifest,
            notices=filters.notices,
            segment=segment_of(build),
        )
        frame = None if request.method == "HEAD" else (run_compared if compared else run)(query, filters, build)
    except FilterError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from error
    except QueryError as error:
        raise failure(query) from error
    return _file(Form(form), provenance, filters, None if frame is None else _chosen_columns(query, frame))


def export_key_figures(form: str) -> Response:
    """Answer with one row for each ``figure`` of the query string, which names it as ``query.metric``."""
    figures = [_figure(text) for text in dict.fromkeys(request.args.getlist("figure"))]
    if not figures:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "Name the figures: figure=viewing_summary.watch_hours, and so on.")
    build = asked_build()
    filters = parse_search(search_without(OWN_PARAMETERS), build.manifest.spans)
    queries = dict.fromkeys(query for _, query in figures)
    try:
        provenance = Provenance(
            KEY_FIGURES,
            address_of(KEY_FIGURES, build),
            tuple(Statement.of_query(query, filters, compared=True) for query in queries),
            build.manifest,
            notices=filters.notices,
            segment=segment_of(build),
        )
        frame = None if request.method == "HEAD" else key_figures(figures, filters, build)
    except FilterError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from error
    except QueryError as error:
        raise failure(KEY_FIGURES) from error
    return _file(Form(form), provenance, filters, frame, tuple(metric for metric, _ in figures))


def _figure(text: str) -> tuple[str, str]:
    query, _, metric = text.rpartition(".")
    if query not in query_names() or metric not in METRICS:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST,
            f"There is no figure «{text[:80]}». Figures are called like viewing_summary.watch_hours.",
        )
    return metric, query


def _chosen_columns(query: str, frame: pd.DataFrame) -> pd.DataFrame:
    columns = request.args.getlist("column") or list(frame.columns)
    unknown = [column for column in columns if column not in frame.columns]
    if unknown:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, f"{query} has no column «{unknown[0]}». It has: {', '.join(frame.columns)}."
        )
    return frame[list(dict.fromkeys(columns))]


def _file(
    form: Form,
    provenance: Provenance,
    filters: FilterState,
    frame: pd.DataFrame | None,
    metric_names: tuple[str, ...] = (),
) -> Response:
    """Answer with a small result at once, its length told; without rows, with the headers alone."""
    headers = file_headers(form, provenance.name, filters)
    if frame is None:
        # An iterator's length is not told: that of the file is not known.
        return Response(iter(()), headers=headers)
    parts = file_parts(form, [as_table(frame)], provenance, raw=asked_raw(), metric_names=metric_names)
    return Response(b"".join(parts), headers=headers)
