"""Runs two parts of a build at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

import duckdb

T = TypeVar("T")
_BETWEEN_INTERRUPTS_S = 0.1


def run_beside(
    connection: duckdb.DuckDBPyConnection, beside: Callable[[duckdb.DuckDBPyConnection], None], main: Callable[[], T]
) -> T:
    """Run ``beside`` in a thread, with a cursor of its own, while ``main`` runs; return what ``main`` does.

    The cursor sees all tables but temporary ones. What either raises is raised; ``beside`` is interrupted when ``main``
    fails.
    """
    # Many statements keep only one core busy, such as writing files in order; two at once keep both.
    with connection.cursor() as cursor, ThreadPoolExecutor(max_workers=1) as pool:
        # A cursor begins with the machine's zone.
        cursor.execute("set timezone = 'UTC'")
        future = pool.submit(beside, cursor)
        try:
            result = main()
        except BaseException:
            while wait([future], timeout=_BETWEEN_INTERRUPTS_S).not_done:
                cursor.interrupt()
            raise
        future.result()
    return result
