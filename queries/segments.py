"""Finds the accounts of a segment: of the rows that it was saved from."""

from urllib.parse import parse_qsl, urlencode

import pyarrow as pa

from definitions.errors import UserError
from definitions.warehouse import PUBLISHED
from queries.db import Build
from queries.explore import parse_rows
from queries.filters import parse_search
from queries.run import query_names, run
from queries.stream import export_time_limit_ms, stream

ACCOUNT_ID = "account_id"
# What names the query whose rows are meant.
QUERY = "query"


class SegmentRowsError(UserError):
    """No accounts can be told by what a segment was saved from; the message says why."""


def tables_with_accounts() -> tuple[str, ...]:
    """Return the published tables whose rows each name an account."""
    return tuple(name for name, table in PUBLISHED.items() if ACCOUNT_ID in table.column_names)


def find_accounts(search: str, build: Build) -> pa.Table:
    """Return the accounts that the rows of ``search`` name: one column, ``account_id``, each once, sorted.

    ``search`` is the query string of Explore's rows, or of a query that it names as ``query``. Raises SegmentRowsError
    when the rows name none or cannot be told, FilterError when its filters cannot be read, QueryError when they cannot
    be had.
    """
    pairs = parse_qsl(search, keep_blank_values=True)
    names = [value for name, value in pairs if name == QUERY]
    if names:
        return _of_query(names[-1], urlencode([pair for pair in pairs if pair[0] != QUERY]), build)
    rows = parse_rows(search, build.manifest)
    if ACCOUNT_ID not in rows.table.column_names:
        possible = ", ".join(tables_with_accounts())
        raise SegmentRowsError(f"Rows of {rows.table.name} name no accounts. Those of these tables do: {possible}.")
    statement, parameters = rows.values_statement(ACCOUNT_ID), rows.parameters()
    with stream(statement, parameters, build, time_limit_ms=export_time_limit_ms()) as found:
        return pa.Table.from_batches(found.batches())


def _of_query(name: str, search: str, build: Build) -> pa.Table:
    if name not in query_names():
        raise SegmentRowsError(f"There is no query «{name}».")
    frame = run(name, parse_search(search, build.manifest.spans), build)
    if ACCOUNT_ID not in frame:
        raise SegmentRowsError(f"The rows of {name} name no accounts.")
    accounts = sorted(set(frame[ACCOUNT_ID].dropna()))
    return pa.table({ACCOUNT_ID: pa.array(accounts, pa.string())})
