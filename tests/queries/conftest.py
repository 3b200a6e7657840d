"""The small world and the real export, each beside its oracle."""

from pathlib import Path

import pytest

from queries.db import Build, Warehouse
from tests.conftest import MadeOnce
from tests.queries.cases import Case
from tests.queries.demo_worlds import LOOKED_FOR, SEED, build_in, write_world
from tests.queries.oracle import Oracle


@pytest.fixture(scope="session")
def world(small_source: Path, auckland_warehouse: Path) -> Case:
    return Case(Warehouse(auckland_warehouse).current(), Oracle(small_source, "Pacific/Auckland"))


@pytest.fixture(scope="session")
def real(real_source: Path, real_warehouse: Path) -> Case:
    return Case(Warehouse(real_warehouse).current(), Oracle(real_source))


@pytest.fixture(scope="session")
def planted_world(made_once: MadeOnce) -> Build:
    """The build of a demo world with all that is planted."""
    return build_in(made_once("planted-world", lambda folder: write_world(folder, SEED)))


@pytest.fixture(scope="session")
def plain_world(made_once: MadeOnce) -> Build:
    """The build of the same without what is looked for."""
    return build_in(made_once("plain-world", lambda folder: write_world(folder, SEED, LOOKED_FOR)))
