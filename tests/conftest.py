"""Fixtures that several rooms' tests share: the real export, and warehouses built once for all workers of a run."""

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.build.build import build_warehouse
from pipeline.importers.netflix_export import import_netflix_export
from tests.queries.world import write_world

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
ID_KEY = "a key for tests only, of more than thirty-two characters"

MadeOnce = Callable[[str, Callable[[Path], object]], Path]

# What is imported and collected stays until the end: a tenth of the time went into looking for garbage among it.
gc.disable()


def pytest_collection_finish() -> None:
    """From the first test on, look for garbage among what tests make."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _id_key() -> Iterator[None]:
    """Keep tests from making a key file in a person's home."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MARQUEE_ID_KEY", ID_KEY)
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Have a folder of some name filled by the first worker that wants it; the others wait, and only read it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, whole = shared / name, shared / f"{name}.whole"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                whole.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def real_export() -> Path:
    """The folder of the real personal-data export; it is not part of this repository."""
    folder = SHARED_DATA / "netflix_export"
    if not folder.is_dir():
        pytest.skip("the real export (../shared/data/netflix_export) is not on this machine")
    return folder


@pytest.fixture(scope="session")
def real_source(real_export: Path, made_once: MadeOnce) -> Path:
    """The real export imported with each profile as an account, joined to the catalogue; only to be read."""
    catalogue = SHARED_DATA / "catalogue" / "netflix_titles.csv"

    def make(source: Path) -> None:
        import_netflix_export(real_export, source, catalogue=catalogue, account_per="profile", keep_labels=True)

    return made_once("real-source", make)


@pytest.fixture(scope="session")
def real_warehouse(real_source: Path, made_once: MadeOnce) -> Path:
    """A warehouse built from the real export; only to be read."""
    return made_once("real-warehouse", lambda warehouse: build_warehouse(real_source, warehouse))


@pytest.fixture(scope="session")
def small_source(made_once: MadeOnce) -> Path:
    """A small made-up source that fills every column the Overview needs; only to be read."""
    return made_once("small-source", write_world)


@pytest.fixture(scope="session")
def small_warehouse(small_source: Path, made_once: MadeOnce) -> Path:
    """A warehouse built from the small source; only to be read."""
    return made_once("small-warehouse", lambda warehouse: build_warehouse(small_source, warehouse))


@pytest.fixture(scope="session")
def auckland_warehouse(small_source: Path, made_once: MadeOnce) -> Path:
    """A warehouse built from the small source for a service in Auckland; only to be read."""
    return made_once(
        "auckland-warehouse",
        lambda warehouse: build_warehouse(small_source, warehouse, service_zone="Pacific/Auckland"),
    )
