from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.build.build import build_warehouse
from queries.db import served_warehouse
from tests.queries.world import write_world


@pytest.fixture(scope="session")
def small_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse built from a small made-up source that fills every column the Overview needs."""
    folder = tmp_path_factory.mktemp("pages")
    build_warehouse(write_world(folder / "source"), folder / "warehouse")
    return folder / "warehouse"


@pytest.fixture
def build_id(small_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The build of the small warehouse, which the app serves."""
    monkeypatch.setenv("MARQUEE_WAREHOUSE", str(small_warehouse))
    served_warehouse.cache_clear()
    yield served_warehouse().current().id
    served_warehouse.cache_clear()
