"""``GET /export/rows/<table>.csv``, ``.parquet``, ``.json``: all rows that match Explore's link, streamed.

However many there are, only a batch of them is held. An answer that fails in the middle is cut off without its proper
end, so that no client takes the part for the whole.
"""

import errno
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from http import HTTPStatus
from itertools import chain

import pyarrow as pa
from flask import Response, request

from definitions.warehouse import PUBLISHED
from queries.db import Build, WarehouseError
from queries.explore import RowQuery, day_column, parse_rows
from queries.run import QueryError, TooMuchError
from queries.shown import segment_of
from queries.stream import RowStream, export_time_limit_ms, stream
from serving.client_watch import client_watched
from serving.export_files import (
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
from serving.provenance import Provenance, Statement

OWN_PARAMETERS = ("build", "raw", "table")
# Of a worker's four threads (gunicorn.conf.py), so that exports never keep pages waiting.
EXPORTS_AT_ONCE = 2
RETRY_AFTER_SECONDS = 30
# Small enough for a slow line to take one before its client counts as stalled.
SENT_AT_ONCE_BYTES = 256 * 1024

_free_places = threading.BoundedSemaphore(EXPORTS_AT_ONCE)


def export_rows(table: str, form: str) -> Response:
    """Answer with all rows of a table under the conditions and filters of the query string, or with their manifest.

    ``build`` asks for the build that the page was opened on, ``raw=1`` for texts as they are.
    """
    if table not in PUBLISHED:
        raise RefusedError(
            HTTPStatus.NOT_FOUND, f"There is no table «{table[:80]}». There are: {', '.join(sorted(PUBLISHED))}."
        )
    build = asked_build()
    query = parse_rows(f"table={table}&{search_without(OWN_PARAMETERS)}", build.manifest)
    if query.problems:
        raise RefusedError(HTTPStatus.BAD_REQUEST, " ".join(query.problems))
    wanted = Form(form)
    headers = file_headers(wanted, table, query.filters if day_column(query.table, query.filters) else None)
    if request.method == "HEAD":
        return Response(iter(()), headers=headers)
    if wanted is Form.CSV and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        raise RefusedError(
            HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
            "Rows as CSV need HTTP/1.1: in HTTP/1.0 an answer that was cut off looks like a whole one. "
            "Behind nginx, set proxy_http_version 1.1.",
        )
    return _streamed(wanted, query, build, headers)


def _streamed(form: Form, query: RowQuery, build: Build, headers: dict[str, str]) -> Response:
    name = f"rows/{query.table.name}"
    has_left = threading.Event()
    with ExitStack() as held:
        _take_place(held)
        rows = held.enter_context(_rows(query, build))

        def leave() -> None:
            has_left.set()
            rows.interrupt()

        held.enter_context(client_watched(leave))
        tables = (pa.Table.from_batches([batch]) for batch in rows.batches())
        parts = _small_parts(file_parts(form, tables, _provenance(name, query, build), raw=asked_raw()))
        try:
            # The status is sent with the first part: a statement that fails at once is told by it, in words.
            first = next(parts)
        except TooMuchError as error:
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
        except QueryError as error:
            raise failure(name) from error
        response = Response(_sent(chain([first], parts), has_left), headers=headers)
        response.call_on_close(held.pop_all().close)
    return response


def _take_place(held: ExitStack) -> None:
    if not _free_places.acquire(blocking=False):
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"{EXPORTS_AT_ONCE} exports of rows are under way. Try again in {RETRY_AFTER_SECONDS} seconds.",
            {"Retry-After": str(RETRY_AFTER_SECONDS)},
        )
    held.callback(_free_places.release)


def _rows(query: RowQuery, build: Build) -> AbstractContextManager[RowStream]:
    try:
        return stream(query.statement(), query.parameters(), build, time_limit_ms=export_time_limit_ms())
    except WarehouseError as error:
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error


def _provenance(name: str, query: RowQuery, build: Build) -> Provenance:
    return Provenance(
        name,
        address_of(name, build),
        (Statement(name, query.statement(), query.parameters()),),
        build.manifest,
        conditions=tuple(f"Where: {condition}" for condition in query.conditions),
        notices=(*query.filters.notices, *query.notices),
        columns=query.table.columns,
        segment=segment_of(build),
    )


def _small_parts(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        for start in range(0, len(part), SENT_AT_ONCE_BYTES):
            yield part[start : start + SENT_AT_ONCE_BYTES]


def _sent(parts: Iterable[bytes], has_left: threading.Event) -> Iterator[bytes]:
    """Give the parts; an error in the middle is left to gunicorn, which then ends the answer without its last chunk."""
    try:
        yield from parts
    except QueryError as error:
        if has_left.is_set():
            raise ConnectionResetError(errno.ECONNRESET, "The client has hung up.") from error
        raise
