"""``GET /export/<query>.csv``: the rows behind a card, by the same query with the same filters."""

import secrets
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

import pandas as pd
from flask import Flask, Response, current_app, request

from queries.db import Build, WarehouseError, served_warehouse
from queries.filters import FilterError, FilterState, parse_search
from queries.run import QueryError, query_names, run, run_compared
from serving.formats import as_table, to_csv

OWN_PARAMETERS = ("build", "column", "compared")


def register(server: Flask) -> None:
    """Add the route to ``server``."""
    server.add_url_rule("/export/<query>.csv", view_func=export_csv)


def export_csv(query: str) -> Response:
    """Answer with a query's rows as CSV, under the filters of the query string.

    ``build`` asks for the build that the page was opened on, ``column`` (repeated) for some of the columns in that
    order, ``compared=1`` for the comparison period's rows as well. What cannot be given is told in one plain sentence.
    """
    if query not in query_names():
        return _sentence(HTTPStatus.NOT_FOUND, f"There is nothing to export called «{query}».")
    build_id = request.args.get("build")
    try:
        build = served_warehouse().build(build_id) if build_id else served_warehouse().current()
    except WarehouseError as error:
        return _sentence(HTTPStatus.GONE if build_id else HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    filters = parse_search(_filters_search(), build.manifest.spans)
    try:
        frame = _rows(query, filters, build)
    except FilterError as error:
        return _sentence(HTTPStatus.BAD_REQUEST, str(error))
    except QueryError:
        incident = secrets.token_hex(4)
        current_app.logger.exception("export %s of %s failed", incident, query)
        # DuckDB's own words name files of the server: they stay in the log.
        return _sentence(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            f"The export failed: {query} could not be answered or took too long. If you report this, quote {incident}.",
        )
    columns = request.args.getlist("column") or list(frame.columns)
    unknown = [column for column in columns if column not in frame.columns]
    if unknown:
        return _sentence(
            HTTPStatus.BAD_REQUEST, f"{query} has no column «{unknown[0]}». It has: {', '.join(frame.columns)}."
        )
    last_day = filters.end_day - timedelta(days=1)
    return Response(
        to_csv(as_table(frame[list(dict.fromkeys(columns))])),
        content_type="text/csv; charset=utf-8; header=present",
        headers={
            "Content-Disposition": f'attachment; filename="marquee-{query}-{filters.start_day}-{last_day}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _filters_search() -> str:
    pairs = parse_qsl(request.query_string.decode("utf-8", "replace"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name not in OWN_PARAMETERS])


def _rows(query: str, filters: FilterState, build: Build) -> pd.DataFrame:
    if request.args.get("compared") == "1":
        return run_compared(query, filters, build)
    return run(query, filters, build)


def _sentence(status: HTTPStatus, sentence: str) -> Response:
    return Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
