"""Runs a statement whose rows are read a batch at a time, however many there are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import duckdb
import pyarrow as pa

from queries.db import Build, setting
from queries.run import query_error

BATCH_ROWS = 32_768
DEFAULT_EXPORT_TIME_LIMIT_MS = 15 * 60 * 1000


class RowStream:
    """The rows of one statement, to be read once; nothing runs before the first batch is asked for."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object]) -> None:
        """Remember what to run on ``cursor``."""
        self._cursor = cursor
        self._sql = sql
        self._parameters = dict(parameters)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the rows in batches of at most BATCH_ROWS; one empty batch, with the schema, when there are none.

        Raises QueryError, also after batches were given, when the statement fails; TooMuchError when it is stopped.
        """
        given = False
        # Once a result is streaming, the errors of DuckDB reach Python as Arrow's.
        try:
            reader = self._cursor.sql(self._sql, params=self._parameters).to_arrow_reader(BATCH_ROWS)
            with reader:
                for batch in reader:
                    given = True
                    yield batch
                if not given:
                    yield pa.RecordBatch.from_pylist([], reader.schema)
        except (duckdb.Error, OSError, pa.ArrowException) as error:
            raise query_error("The export", error, "Choose fewer rows, or export them unsorted.") from error

    def interrupt(self) -> None:
        """Stop the statement, from any thread; nothing happens when it has ended."""
        with suppress(duckdb.ConnectionException):
            self._cursor.interrupt()


@contextmanager
def stream(sql: str, parameters: Mapping[str, object], build: Build, *, time_limit_ms: int) -> Iterator[RowStream]:
    """Lend the rows of one SELECT, with its values bound; leaving frees what it holds, read to the end or not."""
    with build.cursor(time_limit_ms) as cursor:
        yield RowStream(cursor, sql, parameters)


def export_time_limit_ms() -> int:
    """Return how long an export may take, from MARQUEE_EXPORT_TIME_LIMIT_MS; raises WarehouseError."""
    return setting("MARQUEE_EXPORT_TIME_LIMIT_MS", DEFAULT_EXPORT_TIME_LIMIT_MS)
