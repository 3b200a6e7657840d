"""Visits and binges of random plays: as plain Python counts them, and built day by day as at once."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.build import build_warehouse
from tests.pipeline.builds import assert_equal, written
from tests.pipeline.sittings import FIRST, ZONE, Clocks, random_tables
from tests.sources import Row, read_source, write_source

SPLIT_COLUMNS = ("device_type", "account_country", "account_plan")
VISIT_COLUMNS = (
    "calendar",
    "day",
    "hour",
    "account_id",
    "profile_id",
    "kind",
    "device_type",
    "profile_type",
    "account_country",
    "account_plan",
    "plays",
    "watch_ms",
    "length_ms",
)
BINGE_COLUMNS = (
    "calendar",
    "day",
    "hour",
    "account_id",
    "device_type",
    "profile_type",
    "account_country",
    "account_plan",
    "episodes",
    "watch_ms",
    "season_number",
)


@pytest.mark.parametrize("seed", [3, 4, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(10, 40))])
def test_random_plays_are_the_visits_and_binges_of_a_count_in_plain_python(tmp_path: Path, seed: int) -> None:
    tables = random_tables(seed)
    source = write_source(tmp_path / "source", tables)
    summary = build_warehouse(source, tmp_path / "warehouse", service_zone=ZONE)
    clocks = Clocks(tables)
    visits = read_source(summary.folder, "visits")
    found = Counter(tuple(row[name] for name in VISIT_COLUMNS) for row in visits)
    assert found == Counter(clocks.visit_rows(tables["plays"]))
    binges = read_source(summary.folder, "binge_sessions")
    assert Counter(tuple(row[name] for name in BINGE_COLUMNS) for row in binges) == Counter(
        clocks.binge_rows(tables["plays"])
    )
    assert binges
    assert added_up(visits) == Counter(
        {tuple(row[name] for name in CUBE_COLUMNS): row["visits"] for row in read_source(summary.folder, "visit_cube")}
    )


CUBE_COLUMNS = ("calendar", "split_by", "period", "period_start", "length_min", "kind", "profile_type", *SPLIT_COLUMNS)


def added_up(visits: Sequence[Row]) -> Counter[tuple[Any, ...]]:
    """Return how many visits each row of the cube has to tell of."""
    told_apart = {"none": (), "device": SPLIT_COLUMNS[:1], "country": SPLIT_COLUMNS[1:2], "plan": SPLIT_COLUMNS[2:]}
    counts: Counter[tuple[Any, ...]] = Counter()
    for row in visits:
        length_min = min(row["length_ms"] // 60_000 // 5 * 5, 180)
        for split, columns in (told_apart | {"all": SPLIT_COLUMNS}).items():
            for period, day in (("day", row["day"]), ("month", row["day"].replace(day=1))):
                values = (row[name] if name in columns else None for name in SPLIT_COLUMNS)
                key = (row["calendar"], split, period, day, length_min, row["kind"], row["profile_type"], *values)
                counts[key] += 1
    return counts


def assert_another_source_gives_what_a_build_from_nothing_gives(
    folder: Path, before: dict[str, list[Row]], after: dict[str, list[Row]]
) -> None:
    build_warehouse(written(folder / "source", before), folder / "warehouse", service_zone=ZONE)
    source = written(folder / "source", after)
    incremental = build_warehouse(source, folder / "warehouse", service_zone=ZONE)
    assert_equal(incremental, build_warehouse(source, folder / "fresh", service_zone=ZONE))


def without(tables: dict[str, list[Row]], days: set[int]) -> dict[str, list[Row]]:
    """Return the tables without the plays of some days, counted from the first."""
    kept = [row for row in tables["plays"] if (row["started_at"] - FIRST).days not in days]
    return tables | {"plays": kept}


# 28 February is day 6.
def test_days_added_about_the_end_of_a_month_give_what_a_build_from_nothing_gives(tmp_path: Path) -> None:
    tables = random_tables(5)
    assert_another_source_gives_what_a_build_from_nothing_gives(tmp_path, without(tables, {6, 8}), tables)


@pytest.mark.verify
@given(st.integers(0, 10_000), st.sets(st.integers(2, 11), min_size=1, max_size=2), st.booleans())
@settings(max_examples=120, deadline=None)
def test_days_added_or_gone_give_what_a_build_from_nothing_gives(
    tmp_path_factory: pytest.TempPathFactory, seed: int, days: set[int], are_gone: bool
) -> None:
    tables = random_tables(seed)
    sources = (without(tables, days), tables)
    assert_another_source_gives_what_a_build_from_nothing_gives(
        tmp_path_factory.mktemp("world"), *(reversed(sources) if are_gone else sources)
    )
