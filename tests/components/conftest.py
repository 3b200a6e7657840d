"""A warehouse folder with a saved segment and no build."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from definitions.segments import Segment, segment_folder
from queries.db import served_warehouse


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Segment]:
    """A segment of the served warehouse, whose name looks like HTML."""
    monkeypatch.setenv("MARQUEE_WAREHOUSE", str(tmp_path))
    served_warehouse.cache_clear()
    segment = Segment("owls2345", "Night <owls>", "2023-07-01T10:00:00+00:00", "table=accounts", follows=False)
    segment_folder(tmp_path, segment.id).mkdir(parents=True)
    segment.write(tmp_path)
    yield segment
    served_warehouse.cache_clear()
