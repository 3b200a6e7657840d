"""Fixtures that several rooms' tests share: the real export, and warehouses built once a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.build.build import build_warehouse
from pipeline.importers.netflix_export import import_netflix_export

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
ID_KEY = "a key for tests only, of more than thirty-two characters"


@pytest.fixture(autouse=True, scope="session")
def _id_key() -> Iterator[None]:
    """Keep tests from making a key file in a person's home."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MARQUEE_ID_KEY", ID_KEY)
        yield


@pytest.fixture(scope="session")
def real_export() -> Path:
    """The folder of the real personal-data export; it is not part of this repository."""
    folder = SHARED_DATA / "netflix_export"
    if not folder.is_dir():
        pytest.skip("the real export (../shared/data/netflix_export) is not on this machine")
    return folder


@pytest.fixture(scope="session")
def real_source(real_export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real export imported with each profile as an account, joined to the catalogue."""
    source = tmp_path_factory.mktemp("real") / "source"
    catalogue = SHARED_DATA / "catalogue" / "netflix_titles.csv"
    import_netflix_export(real_export, source, catalogue=catalogue, account_per="profile", keep_labels=True)
    return source


@pytest.fixture(scope="session")
def real_warehouse(real_source: Path) -> Path:
    """A warehouse built from the real export."""
    warehouse = real_source.parent / "warehouse"
    build_warehouse(real_source, warehouse)
    return warehouse
