from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.db import served_warehouse


@pytest.fixture
def build_id(small_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The build of the small warehouse, which the app serves."""
    monkeypatch.setenv("MARQUEE_WAREHOUSE", str(small_warehouse))
    served_warehouse.cache_clear()
    yield served_warehouse().current().id
    served_warehouse.cache_clear()
