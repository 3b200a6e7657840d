from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import serving


@pytest.fixture(scope="module")
def build_id(small_warehouse: Path) -> Iterator[str]:
    """The build of the small warehouse, which the app serves."""
    with serving(small_warehouse) as warehouse:
        yield warehouse.current().id
