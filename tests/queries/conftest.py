"""The small world and the real export, each beside its oracle."""

from pathlib import Path

import pytest

from queries.db import Warehouse
from tests.queries.cases import Case
from tests.queries.oracle import Oracle


@pytest.fixture(scope="module")
def world(small_source: Path, auckland_warehouse: Path) -> Case:
    return Case(Warehouse(auckland_warehouse).current(), Oracle(small_source, "Pacific/Auckland"))


@pytest.fixture(scope="module")
def real(real_source: Path, real_warehouse: Path) -> Case:
    return Case(Warehouse(real_warehouse).current(), Oracle(real_source))
