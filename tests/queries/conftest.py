"""The small world and the real export, each beside its oracle; demo worlds, and lives that begin in cohorts."""

from pathlib import Path

import pytest

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from tests.conftest import MadeOnce
from tests.queries.cases import Case
from tests.queries.cohort_lives import ZONE, lives_by_hand, random_lives
from tests.queries.demo_worlds import LOOKED_FOR, SEED, build_in, write_world
from tests.queries.oracle import Oracle
from tests.sources import write_source


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


@pytest.fixture(scope="session")
def cohorts_by_hand(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the few lives that cohorts are derived by hand from."""
    folder = tmp_path_factory.mktemp("cohorts-by-hand")
    build_warehouse(write_source(folder / "source", lives_by_hand()), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


@pytest.fixture(scope="session")
def random_cohorts(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build the random lives, for a service in Auckland."""
    folder = tmp_path_factory.mktemp("random-cohorts")
    build_warehouse(write_source(folder / "source", random_lives()), folder / "warehouse", service_zone=ZONE)
    return Warehouse(folder / "warehouse").current()
