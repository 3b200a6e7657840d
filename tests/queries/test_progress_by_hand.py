"""How far people get, answered from a few literal plays; every expected number is derived in a comment."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import run
from tests.queries.cases import rows_of
from tests.sources import Row, write_source

MINUTE_MS = 60_000
ONE_DAY = timedelta(days=1)
FIRST = datetime(2026, 3, 2, 20)
FILM: dict[str, Any] = {"title_id": "film", "name": "The Salt Year", "kind": "film", "runtime_ms": 100 * MINUTE_MS}


def play(title_id: str, day: int, watch_min: float, account: str, **more: Any) -> dict[str, Any]:
    """Return a play on a day counted from the first, at 20:00, that covers what it watches."""
    watch_ms = int(watch_min * MINUTE_MS)
    return {
        "play_id": f"{title_id} {day} {account} {more}",
        "account_id": account,
        "title_id": title_id,
        "started_at": FIRST + day * ONE_DAY,
        "watch_ms": watch_ms,
        "distinct_ms": watch_ms,
        "utc_offset_min": 0,
    } | more


def built(folder: Path, titles: Sequence[Row], plays: Sequence[Row]) -> Build:
    build_warehouse(write_source(folder / "source", {"titles": titles, "plays": plays}), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def rows(build: Build, query: str, search: str) -> list[dict[str, Any]]:
    return rows_of(run(query, parse_search(f"calendar=utc&{search}", build.manifest.spans), build))


def days(start: int, end: int) -> str:
    """Return the choice of the days from ``start`` up to, not with, ``end``."""
    first, last = (FIRST + start * ONE_DAY).date(), (FIRST + end * ONE_DAY).date()
    return f"start_day={first}&end_day={last}&granularity=day"


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Three films, released on day 0, on day 5 and on no known day; the third has no runtime either."""
    titles = [
        FILM | {"released_on": FIRST.date()},
        FILM | {"title_id": "later", "released_on": (FIRST + 5 * ONE_DAY).date()},
        FILM | {"title_id": "unknown", "runtime_ms": None},
    ]
    plays = [
        # Ann completes the film on day 6, the seventh day; Bob on day 7; Cleo watches 70 min on day 6.
        play("film", 0, 50, "ann"),
        play("film", 6, 40, "ann"),
        play("film", 1, 80, "bob"),
        play("film", 7, 10, "bob"),
        play("film", 6, 70, "cleo"),
        # Dan begins it on day 7.
        play("film", 7, 95, "dan"),
        play("later", 8, 95, "ann"),
        play("unknown", 8, 95, "ann"),
        play("later", 20, 5, "bob"),
    ]
    return built(tmp_path_factory.mktemp("steps"), titles, plays)


@pytest.mark.parametrize(
    ("search", "counts", "still_open", "unknown"),
    [
        # By day 9: Ann and Bob and Dan complete the film, Ann «later»; Cleo watches.
        (days(0, 10), [5, 5, 4], 0, 1),
        # Cut off after day 6: Bob has 80 min.
        (days(0, 7), [3, 3, 1], 0, 0),
        # Within seven days of release, days 0 to 6 of the film, 5 to 11 of «later», which are not over on day 10.
        (f"{days(0, 10)}&within=7", [4, 4, 2], 1, 0),
        (f"{days(0, 12)}&within=7", [4, 4, 2], 0, 0),
        # Begun on day 6 or after: Cleo's, Dan's and Ann's of «later».
        (days(6, 10), [3, 3, 2], 0, 1),
        # Begun at 20:00 on Monday 9 March, day 7: Dan's.
        (f"{days(0, 10)}&weekday=monday&exclude_title=title later&hour=20", [2, 2, 2], 0, 0),
    ],
)
def test_each_step_holds_the_next(steps: Build, search: str, counts: list[int], still_open: int, unknown: int) -> None:
    found = rows(steps, "completion_steps", search)
    assert [row["step"] for row in found] == ["Starters", "Watchers", "Completers"]
    assert [row["title_accounts"] for row in found] == counts
    assert {(row["open_starters"], row["unknown_starters"]) for row in found} == {(still_open, unknown)}


def test_abandonment_is_told_from_the_thirtieth_day_on(tmp_path: Path) -> None:
    # Ann leaves the film at 10 min on day 0: abandoned on day 30. Bob watches 40 min on day 5, and 40 more on day 30,
    # having been away: watched on day 30. Cleo watches 80 min on day 12, when nothing can be abandoned yet.
    plays = [
        play("film", 0, 10, "ann"),
        play("film", 5, 40, "bob"),
        play("film", 30, 40, "bob"),
        play("film", 12, 80, "cleo"),
        play("film", 40, 1, "dan"),
    ]
    build = built(tmp_path, [FILM], plays)
    names = ("abandonment_rate", "comeback_share", "abandoned", "returned_titles", "settled_titles")
    found = {
        row["period_start"]: tuple(row[name] for name in names)
        for row in rows(build, "abandonment_by_period", days(0, 40))
    }
    assert found.pop((FIRST + 30 * ONE_DAY).date()) == (0.5, 0.5, 1, 1, 2)
    assert found.pop((FIRST + 12 * ONE_DAY).date()) == (None, 0, None, 0, 1)
    early = {day: row for day, row in found.items() if day < (FIRST + 30 * ONE_DAY).date()}
    assert set(early.values()) == {(None, None, None, 0, 0)}
    assert {row for day, row in found.items() if day not in early} == {(None, None, 0, 0, 0)}


def test_who_finishes_on_the_day_of_release_is_a_binge_racer(tmp_path: Path) -> None:
    # Two episodes of 60 min, released on day 0. Ann sees both on day 0: 2 h in 1 day. Bob on days 0 and 3: 2 h in 4
    # days, 0.5 a day. Cleo's second season has no day of release: 1 h in 1 day. Dan sees one of two.
    def episode(title_id: str, season: int, released_on: date | None) -> Row:
        named = {"title_id": title_id, "name": title_id, "kind": "episode", "series_id": "tides"}
        return named | {"season_number": season, "runtime_ms": 60 * MINUTE_MS, "released_on": released_on}

    titles = [episode("a", 1, FIRST.date()), episode("b", 1, (FIRST + ONE_DAY).date()), episode("c", 2, None)]
    plays = [
        play("a", 0, 60, "ann"),
        play("b", 0, 60, "ann"),
        play("a", 0, 60, "bob"),
        play("b", 3, 60, "bob"),
        play("c", 2, 60, "cleo"),
        play("a", 2, 60, "dan"),
        play("a", 9, 1, "dan"),
    ]
    build = built(tmp_path, titles, plays)
    names = ("hours_from", "hours_per_day_to_finish", "finished_seasons", "binge_racers", "release_known_seasons")
    assert [tuple(row[name] for name in names) for row in rows(build, "finish_times", days(0, 9))] == [
        (0.5, 0.5, 1, 0, 1),
        (1.0, 1.0, 1, 0, 0),
        (2.0, 2.0, 1, 1, 1),
    ]
    # Bob finishes on day 3.
    assert [row["finished_seasons"] for row in rows(build, "finish_times", days(3, 9))] == [1]


def test_rewatching_is_what_its_profile_had_finished(tmp_path: Path) -> None:
    # Day 0: Ann completes the film with 90 of 100 min. Day 1: 30 min of it again, and 60 of another for the first time;
    # her other profile sees 30 min, not again. The third has no runtime: nothing is known.
    titles = [FILM, FILM | {"title_id": "other"}, FILM | {"title_id": "unknown", "runtime_ms": None}]
    plays = [
        play("film", 0, 90, "ann", profile_id="a"),
        play("film", 1, 30, "ann", profile_id="a", device_type="tv"),
        play("other", 1, 60, "ann", profile_id="a"),
        play("film", 1, 30, "ann", profile_id="b"),
        play("unknown", 1, 500, "ann", profile_id="a"),
        play("film", 3, 1, "bob"),
    ]
    build = built(tmp_path, titles, plays)
    names = ("rewatch_play_share", "rewatch_time_share", "rewatch_plays", "coverage_known_plays")

    def answer(search: str) -> list[tuple[Any, ...]]:
        found = rows(build, "rewatching_by_period", f"{days(0, 3)}&{search}")
        return [tuple(row[name] for name in names) for row in found]

    nothing = (None, None, 0, 0)
    assert answer("") == [(0, 0, 0, 1), (1 / 3, 0.25, 1, 3), nothing]
    # By the table of days and by the plays themselves.
    assert answer("device=tv") == [nothing, (1, 1, 1, 1), nothing]
    assert answer("title=title film") == [(0, 0, 0, 1), (0.5, 0.5, 1, 2), nothing]
    assert answer("hour=20") == answer("")
    assert answer("hour=21") == [nothing] * 3
