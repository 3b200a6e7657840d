"""Episodes count for their series: what is added up by film or series, by hand."""

from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.run import select
from tests.sources import Row, write_source


def episode(title_id: str, **series: str | None) -> Row:
    return {"title_id": title_id, "name": f"Part {title_id}", "kind": "episode", "runtime_ms": 3_600_000} | series


def play(play_id: str, title_id: str, day: int, minutes: int) -> Row:
    return {
        "play_id": play_id,
        "account_id": "ann",
        "title_id": title_id,
        "device_type": "tv",
        "started_at": datetime(2026, 1, day, 12),
        "watch_ms": minutes * 60_000,
        "utc_offset_min": 0,
    }


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder: Path = tmp_path_factory.mktemp("shows")
    tables: dict[str, list[Row]] = {
        "titles": [
            {"title_id": "film", "name": "Low Tide", "kind": "film"},
            episode("e1", series_id="salt", series_name="The Salt Year"),
            episode("e2", series_id="salt", series_name="The Salt Year"),
            {"title_id": "e3", "name": "Trailer", "kind": "trailer", "series_id": "salt", "series_name": "Salt"},
            episode("n1", series_id=None, series_name="Night Bus"),
        ],
        "plays": [
            play("p1", "e1", 1, 10),
            play("p2", "e2", 1, 20),
            play("p3", "e2", 3, 5),
            play("p4", "e3", 1, 1),
            play("p5", "film", 1, 40),
            play("p6", "n1", 3, 7),
        ],
    }
    build_warehouse(write_source(folder / "source", tables), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def rows(build: Build, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in select(sql, build).to_pylist()]


def test_a_show_is_a_series_by_id_or_name_or_a_title_of_its_own(build: Build) -> None:
    # A series told of by two names goes by the first in the alphabet.
    assert rows(build, "select show_id, show_name, show_kind from shows order by all") == [
        ("series Night Bus", "Night Bus", "series"),
        ("series salt", "Salt", "series"),
        ("title film", "Low Tide", "film"),
    ]
    assert rows(build, "select title_id, show_id from titles order by all") == [
        ("e1", "series salt"),
        ("e2", "series salt"),
        ("e3", "series salt"),
        ("film", "title film"),
        ("n1", "series Night Bus"),
    ]


def test_days_and_weeks_of_a_series_are_the_sums_of_its_episodes(build: Build) -> None:
    # 1 January: e1 10 + e2 20 = 30 minutes of episodes, a minute of a trailer beside them; 3 January: e2 5.
    assert rows(
        build,
        "select day, show_id, kind, plays, watch_ms // 60000 from show_cube "
        "where calendar = 'utc' and split_by = 'none' order by all",
    ) == [
        (date(2026, 1, 1), "series salt", "episode", 2, 30),
        (date(2026, 1, 1), "series salt", "trailer", 1, 1),
        (date(2026, 1, 1), "title film", "film", 1, 40),
        (date(2026, 1, 3), "series Night Bus", "episode", 1, 7),
        (date(2026, 1, 3), "series salt", "episode", 1, 5),
    ]
    # Both days lie in the week from Monday, 29 December.
    assert rows(
        build,
        "select period_start, show_id, kind, plays, watch_ms // 60000 from show_periods "
        "where calendar = 'utc' and split_by = 'device' and period = 'week' order by all",
    ) == [
        (date(2025, 12, 29), "series Night Bus", "episode", 1, 7),
        (date(2025, 12, 29), "series salt", "episode", 3, 35),
        (date(2025, 12, 29), "series salt", "trailer", 1, 1),
        (date(2025, 12, 29), "title film", "film", 1, 40),
    ]


def test_a_series_runs_as_long_as_its_episodes_where_all_are_known(build: Build) -> None:
    # The film's runtime is not known; a trailer is no part of its series.
    assert rows(build, "select show_id, runtime_ms // 60000 from shows order by all") == [
        ("series Night Bus", 60),
        ("series salt", 120),
        ("title film", None),
    ]


def test_views_are_plays_of_two_minutes(build: Build) -> None:
    # The trailer's play of a minute is none.
    assert rows(
        build, "select kind, plays, views from show_cube where calendar = 'utc' and split_by = 'none' order by all"
    ) == [("episode", 1, 1), ("episode", 1, 1), ("episode", 2, 2), ("film", 1, 1), ("trailer", 1, 0)]


def test_days_of_a_title_stay_its_own(build: Build) -> None:
    assert rows(
        build,
        "select day, title_id, show_id, plays, watch_ms // 60000 from title_cube where calendar = 'utc' order by all",
    ) == [
        (date(2026, 1, 1), "e1", "series salt", 1, 10),
        (date(2026, 1, 1), "e2", "series salt", 1, 20),
        (date(2026, 1, 1), "e3", "series salt", 1, 1),
        (date(2026, 1, 1), "film", "title film", 1, 40),
        (date(2026, 1, 3), "e2", "series salt", 1, 5),
        (date(2026, 1, 3), "n1", "series Night Bus", 1, 7),
    ]


def test_the_number_of_a_show_is_the_one_that_queries_look_for(build: Build) -> None:
    found = rows(
        build,
        "select distinct show_id from show_active_months where is_show_chosen("
        "show_active_months, {'titles': {'chosen_values': ['series salt', 'title film'], 'excluded': false}}) "
        "order by all",
    )
    assert found == [("series salt",), ("title film",)]
    assert rows(build, "select count(*) from titles where show_number <> show_number_of(show_id)") == [(0,)]
