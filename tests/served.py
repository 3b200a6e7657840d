"""A warehouse as the app of this process serves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from queries.db import Warehouse, served_warehouse


@contextmanager
def serving(warehouse: Path) -> Iterator[Warehouse]:
    """Have the app serve a warehouse; opening one takes longer than most questions, so as many as can share it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MARQUEE_WAREHOUSE", str(warehouse))
        served_warehouse.cache_clear()
        yield served_warehouse()
    served_warehouse.cache_clear()
