"""Sessions and binges equal a count in plain Python, for filter states drawn by hypothesis, and by hand."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search
from queries.run import run
from tests.pipeline.sittings import ZONE, binges_of, ended_at, most, random_tables, visits_of
from tests.queries.cases import Case, draw_filters, rows_of, rows_of_span
from tests.queries.oracle import MS_PER_HOUR, ONE_DAY, Oracle, Play, but_plays, periods, show_id
from tests.sources import Row, write_source

drawn = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Sitting:
    """A visit or a binge as the filters see it, and its plays."""

    seen: Play
    run: Sequence[Row]

    @property
    def watch_ms(self) -> int:
        return sum(row["watch_ms"] for row in self.run)

    @property
    def length_ms(self) -> int:
        length: timedelta = max(map(ended_at, self.run)) - self.run[0]["started_at"]
        return length // timedelta(milliseconds=1)


@dataclass(frozen=True)
class World(Case):
    """A case with the sittings of its plays."""

    visits: tuple[Sitting, ...]
    binges: tuple[Sitting, ...]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One series came out a month and a half before the plays, the other in their days."""
    tables = random_tables(8)
    releases = {"salt": date(2026, 1, 9), "tide": date(2026, 2, 22)}
    tables["titles"] = [
        {**row, "released_on": release} if (release := releases.get(row["title_id"][:-1])) else row
        for row in tables["titles"]
    ]
    folder = tmp_path_factory.mktemp("sittings")
    build_warehouse(write_source(folder / "source", tables), folder / "warehouse", service_zone=ZONE)
    oracle = Oracle(folder / "source", ZONE)
    plays = {play.row["play_id"]: play for play in oracle.plays}

    def seen(run: Sequence[Row]) -> Sitting:
        show = most(run, lambda row: show_id(oracle.titles[row["title_id"]]))
        title = next(title for title in oracle.titles.values() if show_id(title) == show)
        kind = most(run, lambda row: oracle.titles[row["title_id"]]["kind"])
        profile = oracle.profiles.get(most(run, lambda row: row["profile_id"]), {})
        first = plays[run[0]["play_id"]]
        return Sitting(
            Play(
                row={"account_id": first.row["account_id"], "device_type": most(run, lambda row: row["device_type"])},
                title={**title, "kind": kind},
                country=first.country,
                profile_type=profile.get("profile_type"),
                at=first.at,
            ),
            run,
        )

    rows = [play.row for play in oracle.plays]
    return World(
        Warehouse(folder / "warehouse").current(),
        oracle,
        tuple(map(seen, visits_of(rows))),
        tuple(map(seen, binges_of(rows, oracle.titles))),
    )


def between(
    world: World, sittings: Sequence[Sitting], first_day: date, end_day: date, filters: FilterState
) -> list[Sitting]:
    known = but_plays(filters)
    return [
        sitting
        for sitting in sittings
        if first_day <= sitting.seen.day_in[filters.calendar] < end_day and world.oracle.passes(sitting.seen, known)
    ]


@drawn
@given(data=st.data())
def test_sessions_by_length(world: World, data: st.DataObject) -> None:
    filters = draw_filters(world, data)
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        if shown is None:
            continue
        found = between(world, world.visits, shown.start_day, shown.end_day, shown)
        steps = [min(sitting.length_ms // 60_000 // 5 * 5, 180) for sitting in found]
        counts = Counter(steps)
        half = next((step for step in range(0, 181, 5) if 2 * sum(other <= step for other in steps) >= len(steps)), 180)
        rows = rows_of_span(world, "sessions_by_length", filters, span)
        assert [row["from_min"] for row in rows] == list(range(0, 181, 5))
        for row in rows:
            watch_ms = sum(
                sitting.watch_ms for sitting, step in zip(found, steps, strict=True) if step == row["from_min"]
            )
            assert row["sessions"] == counts[row["from_min"]]
            assert row["watch_hours"] == pytest.approx(watch_ms / MS_PER_HOUR)
            if not found:
                assert row["mean_session_hours"] is row["half_over_hours"] is row["session_share"] is None
                continue
            mean_ms = sum(sitting.length_ms for sitting in found) / len(found)
            assert row["session_share"] == pytest.approx(counts[row["from_min"]] / len(found))
            assert row["mean_session_hours"] == pytest.approx(mean_ms / MS_PER_HOUR)
            assert row["half_over_hours"] == (None if half == 180 else pytest.approx((half + 5) / 60))


@drawn
@given(data=st.data())
def test_binge_sessions_by_period(world: World, data: st.DataObject) -> None:
    filters = draw_filters(world, data)
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        if shown is None:
            continue
        rows = {row["period_start"]: row for row in rows_of_span(world, "binge_sessions_by_period", filters, span)}
        for period_start, first_day, end_day, whole in periods(shown):
            found = between(world, world.binges, first_day, end_day, shown)
            binge_ms = sum(sitting.watch_ms for sitting in found)
            watch_ms = sum(play.watch_ms for play in world.oracle.plays_between(first_day, end_day, but_plays(shown)))
            assert rows.pop(period_start) == {
                "period_start": period_start,
                "first_day": first_day,
                "end_day": end_day,
                "is_complete": whole,
                "binge_sessions": len(found),
                "binge_episodes": sum(len({row["title_id"] for row in sitting.run}) for sitting in found),
                "binge_watch_hours": pytest.approx(binge_ms / MS_PER_HOUR),
                "watch_hours": pytest.approx(watch_ms / MS_PER_HOUR),
                "binge_share": pytest.approx(binge_ms / watch_ms) if watch_ms else None,
            }
        assert not rows


@drawn
@given(data=st.data())
def test_binge_sessions_by_days_since_release(world: World, data: st.DataObject) -> None:
    filters = draw_filters(world, data)
    titles = world.oracle.titles
    selection = filters.chosen("title")
    seasons: dict[tuple[str, int], list[date]] = defaultdict(list)
    for title in titles.values():
        season = (show_id(title), title["season_number"])
        is_chosen = selection is None or (season[0] in selection.values) != selection.excluded
        if title["kind"] == "episode" and is_chosen:
            seasons[season].append(title["released_on"])
    releases = {season: days[0] for season, days in seasons.items() if len(days) >= 3 and len(set(days)) == 1}
    released: Counter[int] = Counter(
        day
        for release in releases.values()
        for day in range(85)
        if filters.start_day <= release + day * ONE_DAY < filters.end_day
    )
    binges: dict[int, list[Sitting]] = defaultdict(list)
    for sitting in between(world, world.binges, filters.start_day, filters.end_day, filters):
        season = (show_id(sitting.seen.title), max(titles[row["title_id"]]["season_number"] for row in sitting.run))
        if season in releases:
            binges[(sitting.seen.day_in[filters.calendar] - releases[season]).days].append(sitting)
    later = list(range(29, 85))
    releases_after = sum(released[day] for day in later)
    binges_after = sum(len(binges[day]) for day in later)
    rows = rows_of(run("binge_sessions_by_days_since_release", filters, world.build))
    assert [row["days_since_release"] for row in rows] == list(range(29))
    for row in rows:
        day = row["days_since_release"]
        assert row == {
            "days_since_release": day,
            "releases": released[day],
            "binge_sessions": len(binges[day]),
            "binge_watch_hours": pytest.approx(sum(sitting.watch_ms for sitting in binges[day]) / MS_PER_HOUR),
            "binge_sessions_per_release": pytest.approx(len(binges[day]) / released[day]) if released[day] else None,
            "release_days_after": releases_after,
            "binge_sessions_after": binges_after,
            "level_after": pytest.approx(binges_after / releases_after) if releases_after else None,
        }


def test_the_world_has_sittings_of_every_sort(world: World) -> None:
    assert sum(len(sitting.run) > 1 for sitting in world.visits) > 30
    assert len(world.binges) > 3


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A season of «Salt» came out on 1 May, one of «Tide» on 1 June, of «Fog» one by one.

    Ann binges «Salt» on 1 June from 20:00 (3 × 20 min with 5 min between) and «Tide» on 4 June; Bob sees a film on 4
    June for 2 h, and leaves it for 10 min in between.
    """
    titles: list[Row] = [
        {"title_id": "film", "name": "The Salt Year", "kind": "film"},
        *(
            {
                "title_id": f"{series}{number}",
                "name": f"Episode {number}",
                "kind": "episode",
                "series_id": series,
                "released_on": released_on,
            }
            for series, days in (
                ("salt", [date(2026, 5, 1)] * 3),
                ("tide", [date(2026, 6, 1)] * 3),
                ("fog", [date(2026, 6, 1), date(2026, 6, 1), date(2026, 6, 2)]),
            )
            for number, released_on in enumerate(days)
        ),
    ]
    starts = [("salt", datetime(2026, 6, 1, 20)), ("tide", datetime(2026, 6, 4, 20))]
    plays = [
        play(f"{series}{number}", "ann", started_at + number * timedelta(minutes=25), 20)
        for series, started_at in starts
        for number in range(3)
    ]
    film = [play("film", "bob", datetime(2026, 6, 4, 10 + 2 * number), 110 - 60 * number) for number in range(2)]
    last = play("film", "cleo", datetime(2026, 6, 30, 23), 1)
    folder = tmp_path_factory.mktemp("by-hand")
    build_warehouse(
        write_source(folder / "source", {"titles": titles, "plays": [*plays, *film, last]}), folder / "warehouse"
    )
    return Warehouse(folder / "warehouse").current()


def play(title_id: str, account: str, started_at: datetime, watch_min: int) -> Row:
    return {
        "play_id": f"{title_id}/{account}/{started_at}",
        "title_id": title_id,
        "account_id": account,
        "started_at": started_at,
        "watch_ms": watch_min * 60_000,
        "utc_offset_min": 0,
    }


def answers(build: Build, query: str, search: str = "") -> list[dict[str, Any]]:
    filters = parse_search(f"start_day=2026-06-01&end_day=2026-06-15&compare=none&{search}", build.manifest.spans)
    return rows_of(run(query, filters, build))


def test_lengths_by_hand(by_hand: Build) -> None:
    # Ann's two sessions last 70 min each, Bob's from 10:00 to 12:50: 170 min. The mean is 310 / 3 min; two of three are
    # over before 75 min.
    rows = answers(by_hand, "sessions_by_length")
    assert {row["from_min"]: row["sessions"] for row in rows if row["sessions"]} == {70: 2, 170: 1}
    assert {row["session_length"] for row in rows if row["sessions"]} == {"70 to 75 min", "170 to 175 min"}
    assert rows[0]["mean_session_hours"] == pytest.approx(310 / 3 / 60)
    assert rows[0]["half_over_hours"] == pytest.approx(75 / 60)
    assert rows[14]["watch_hours"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("search", "lengths"),
    [
        ("title=series+salt", {70: 1}),
        ("not_title=series+salt", {70: 1, 170: 1}),
        ("hour=10", {170: 1}),
        ("weekday=monday", {70: 1}),
        ("kind=episode&hour=20", {70: 2}),
    ],
)
def test_lengths_of_some_titles_and_hours(by_hand: Build, search: str, lengths: dict[int, int]) -> None:
    rows = answers(by_hand, "sessions_by_length", search)
    assert {row["from_min"]: row["sessions"] for row in rows if row["sessions"]} == lengths


def test_binges_by_hand(by_hand: Build) -> None:
    # 1 h on either day, of 1 h and of 1 h and 160 min of film.
    rows = {row["period_start"].day: row for row in answers(by_hand, "binge_sessions_by_period", "granularity=day")}
    assert {day: row["binge_sessions"] for day, row in rows.items() if row["binge_sessions"]} == {1: 1, 4: 1}
    assert rows[1]["binge_share"] == pytest.approx(1)
    assert rows[4]["binge_share"] == pytest.approx(60 / 220)
    assert rows[2]["binge_share"] is None
    titled = answers(by_hand, "binge_sessions_by_period", "granularity=day&title=series+tide")
    assert [row["period_start"].day for row in titled if row["binge_sessions"]] == [4]


def test_binges_after_a_release_by_hand(by_hand: Build) -> None:
    # Of 14 days from 1 June, on which «Tide» came out: its days 0 to 13 lie in them, and Ann's binge of it on day 3; of
    # «Salt» the days 31 to 44, 14 days with one binge. «Fog» did not come out as a whole.
    rows = answers(by_hand, "binge_sessions_by_days_since_release")
    assert [row["releases"] for row in rows] == [1] * 14 + [0] * 15
    assert {row["days_since_release"]: row["binge_sessions_per_release"] for row in rows if row["binge_sessions"]} == {
        3: 1
    }
    assert (rows[0]["release_days_after"], rows[0]["binge_sessions_after"]) == (14, 1)
    assert rows[0]["level_after"] == pytest.approx(1 / 14)


def test_few_accounts_are_hidden(by_hand: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    # Every length and every binge is of one account.
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "2")
    lengths = answers(by_hand, "sessions_by_length")
    assert {row["from_min"] for row in lengths if row["is_suppressed"]} == {70, 170}
    assert all(row["sessions"] is None for row in lengths if row["is_suppressed"])
    for query in ("binge_sessions_by_period", "binge_sessions_by_days_since_release"):
        hidden = [row for row in answers(by_hand, query, "granularity=day") if row["is_suppressed"]]
        assert hidden
        assert all(row["binge_sessions"] is None for row in hidden)
