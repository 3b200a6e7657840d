"""How far accounts and profiles get with films and seasons: by hand, and against plain Python."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.build.build import BuildSummary, build_warehouse
from tests.following import by_profile, coverages, reached
from tests.sources import Row, read_source, write_source

MINUTE_MS = 60_000
ONE_DAY = timedelta(days=1)
ZONE = "Pacific/Auckland"
FIRST = datetime(2026, 3, 2, 20)
FILM: dict[str, Any] = {"title_id": "film", "name": "The Salt Year", "kind": "film", "runtime_ms": 100 * MINUTE_MS}


def episode(number: int, **more: Any) -> dict[str, Any]:
    return {
        "title_id": f"e{number}",
        "name": f"Part {number}",
        "kind": "episode",
        "series_id": "tides",
        "season_number": 1,
        "episode_number": number,
        "runtime_ms": 10 * MINUTE_MS,
    } | more


def play(title_id: str, started_at: datetime, watch_min: float, **more: Any) -> dict[str, Any]:
    """Return a play that covers what it watches."""
    watch_ms = int(watch_min * MINUTE_MS)
    return {
        "play_id": f"{title_id} {started_at} {more.get('profile_id')}",
        "account_id": "ann",
        "profile_id": "a",
        "title_id": title_id,
        "started_at": started_at,
        "watch_ms": watch_ms,
        "distinct_ms": watch_ms,
        "utc_offset_min": 0,
    } | more


def built(folder: Path, titles: Sequence[Row], plays: Sequence[Row], **options: Any) -> BuildSummary:
    # The last play, of a trailer, tells how far the data reach.
    trailer: Row = {"title_id": "trailer", "name": "The Salt Year", "kind": "trailer"}
    source = write_source(folder / "source", {"titles": [*titles, trailer], "plays": plays})
    return build_warehouse(source, folder / "warehouse", **options)


def rows_of(summary: BuildSummary, table: str, calendar: str = "utc") -> list[dict[str, Any]]:
    return [row for row in read_source(summary.folder, table) if row["calendar"] == calendar]


def days(row: dict[str, Any]) -> tuple[date | None, ...]:
    return tuple(row[name] for name in ("day", "watched_day", "completed_day"))


def after(count: int) -> date:
    return (FIRST + count * ONE_DAY).date()


def test_a_film_is_begun_watched_and_completed_by_any_profile_of_the_account(tmp_path: Path) -> None:
    # 100 min. Day 0: one minute by a, day 1: another: two minutes are reached. Day 2: b has 69, day 3: b has 70.
    # Day 4: a has 2 + 87 = 89, day 5: b has 70 + 20 = 90.
    plays = [
        play("film", FIRST, 1, device_type="mobile"),
        play("film", FIRST + ONE_DAY, 1, device_type="tv"),
        play("film", FIRST + 2 * ONE_DAY, 69, profile_id="b"),
        play("film", FIRST + 3 * ONE_DAY, 1, profile_id="b"),
        play("film", FIRST + 4 * ONE_DAY, 87),
        play("film", FIRST + 5 * ONE_DAY, 20, profile_id="b"),
    ]
    summary = built(tmp_path, [FILM | {"released_on": date(2026, 3, 1)}], plays)
    (row,) = rows_of(summary, "title_progress")
    assert days(row) == (after(1), after(3), after(5))
    assert (row["hour"], row["device_type"], row["season_number"]) == (20, "tv", None)
    assert (row["released_on"], row["completion_known"], row["coverage_estimated"]) == (date(2026, 3, 1), True, True)
    # b's 69 + 1 + 20 min; a's are not its own.
    assert row["watch_ms_to_complete"] == 90 * MINUTE_MS


def test_a_season_is_completed_with_the_last_of_its_episodes(tmp_path: Path) -> None:
    # Ann: e2 on day 0 (9 of 10 min), e1 on day 1, seen to its end once more on day 2 before e3 on day 3: 9 + 10 + 9 min
    # until each was complete; the second time of e1 is not counted. Bob stops at 2 of 3, and Cleo never gets to 9 min.
    plays = [
        play("e2", FIRST, 9),
        play("e1", FIRST + ONE_DAY, 10),
        play("e1", FIRST + 2 * ONE_DAY, 10),
        play("e3", FIRST + 3 * ONE_DAY, 9),
        play("e1", FIRST, 10, account_id="bob", profile_id="b"),
        play("e2", FIRST, 10, account_id="bob", profile_id="b"),
        play("e1", FIRST, 8.99, account_id="cleo", profile_id="c"),
    ]
    released = [date(2026, 3, 9), None, date(2026, 3, 2)]
    titles = [episode(number + 1, released_on=on) for number, on in enumerate(released)]
    rows = {row["account_id"]: row for row in rows_of(built(tmp_path, titles, plays), "title_progress")}
    assert days(rows["ann"]) == (after(0), after(0), after(3))
    assert rows["ann"]["watch_ms_to_complete"] == 28 * MINUTE_MS
    assert days(rows["bob"]) == (after(0), after(0), None)
    assert rows["bob"]["watch_ms_to_complete"] is None
    assert days(rows["cleo"]) == (after(0), None, None)
    assert {row["released_on"] for row in rows.values()} == {date(2026, 3, 2)}
    assert {row["completion_known"] for row in rows.values()} == {True}


def test_an_episode_that_nobody_finished_leaves_the_season_open_and_other_seasons_are_their_own(
    tmp_path: Path,
) -> None:
    # e3 is known, and nobody got to its end; e4 is of the second season, alone; those without a number are one season.
    titles = [
        *(episode(number) for number in (1, 2, 3)),
        episode(4, season_number=2),
        episode(5, season_number=None),
        episode(6, season_number=None),
    ]
    plays = [play(f"e{number}", FIRST + number * ONE_DAY, 9) for number in (1, 2, 4, 5, 6)]
    plays.append(play("e3", FIRST + 3 * ONE_DAY, 8))
    rows = {row["season_number"]: row for row in rows_of(built(tmp_path, titles, plays), "title_progress")}
    assert {season: days(row) for season, row in rows.items()} == {
        1: (after(1), after(1), None),
        2: (after(4), after(4), after(4)),
        None: (after(5), after(5), after(6)),
    }


def test_what_has_no_runtime_or_no_position_is_not_known(tmp_path: Path) -> None:
    # The season has an episode without a runtime; the film is known, and Ann's play of it tells no position.
    titles = [FILM, episode(1), episode(2, runtime_ms=None)]
    plays = [
        play("film", FIRST, 95, distinct_ms=None),
        play("film", FIRST, 95, account_id="bob", profile_id="b"),
        play("e1", FIRST, 10),
        play("e2", FIRST, 10),
    ]
    summary = built(tmp_path, titles, plays)
    rows = {(row["account_id"], row["kind"]): row for row in rows_of(summary, "title_progress")}
    assert {key: row["completion_known"] for key, row in rows.items()} == {
        ("ann", "film"): False,
        ("ann", "episode"): False,
        ("bob", "film"): True,
    }
    assert days(rows["ann", "film"]) == (after(0), None, None)
    assert days(rows["ann", "episode"]) == (after(0), after(0), None)
    assert {row["released_on"] for row in rows.values()} == {None}
    # Of a profile's titles only those known are told.
    assert {(row["account_id"], row["title_id"]) for row in rows_of(summary, "profile_titles")} == {
        ("ann", "e1"),
        ("bob", "film"),
    }


def test_a_step_is_not_dated_before_the_one_that_it_follows(tmp_path: Path) -> None:
    # A film of 100 min, of which the furthest position is told: Ann skips to its end on day 0, having watched one
    # minute, and reaches two on day 1.
    far: dict[str, Any] = {"distinct_ms": None, "furthest_position_ms": 95 * MINUTE_MS}
    plays = [play("film", FIRST, 1, **far), play("film", FIRST + ONE_DAY, 1, **far)]
    (row,) = rows_of(built(tmp_path, [FILM], plays), "title_progress")
    assert days(row) == (after(1), after(1), after(1))


def test_the_hour_is_that_of_the_calendar(tmp_path: Path) -> None:
    # 20:00 UTC on the 2nd is 01:30 on the 3rd 5 h 30 min ahead, and 09:00 on the 3rd in Auckland, 13 h ahead in March.
    summary = built(tmp_path, [FILM], [play("film", FIRST, 80, utc_offset_min=330)], service_zone=ZONE)
    for table in ("title_starts", "title_progress", "profile_titles"):
        found = {
            calendar: [(row["day"].day, row["hour"]) for row in rows_of(summary, table, calendar)]
            for calendar in ("local", "utc", "service")
        }
        assert found == {"local": [(3, 1)], "utc": [(2, 20)], "service": [(3, 9)]}, table


@pytest.mark.parametrize(("days_since", "settled_day"), [(29, None), (30, None), (31, after(30))])
def test_what_is_left_is_abandoned_once_thirty_complete_days_have_passed(
    tmp_path: Path, days_since: int, settled_day: date | None
) -> None:
    # The last play of the film is on day 0; the data end some days later, on a day that is not complete. On day 31 day
    # 30 is complete: of the last complete day, the last play lies exactly 30 days before.
    plays = [play("film", FIRST, 69), play("trailer", FIRST + days_since * ONE_DAY, 1, profile_id=None)]
    (row,) = rows_of(built(tmp_path, [FILM], plays), "profile_titles")
    assert (row["day"], row["is_watched"], row["settled_day"]) == (after(0), False, settled_day)
    assert row["covered_ms"] == 69 * MINUTE_MS


def test_each_profile_abandons_on_its_own_and_an_unknown_one_is_the_accounts(tmp_path: Path) -> None:
    # a covers 70 of 100 min over two plays; b covers 40 and 29; nobody knows who covers 71 in one.
    plays = [
        play("film", FIRST, 40, device_type="tv"),
        play("film", FIRST + ONE_DAY, 30, device_type="mobile"),
        play("film", FIRST + 2 * ONE_DAY, 10, device_type="tablet"),
        play("film", FIRST, 40, profile_id="b", device_type="tv"),
        play("film", FIRST + 3 * ONE_DAY, 29, profile_id="b", device_type="mobile"),
        play("film", FIRST + 4 * ONE_DAY, 71, profile_id=None, device_type="desktop"),
        play("trailer", FIRST + 60 * ONE_DAY, 1),
    ]
    rows = {row["profile_id"]: row for row in rows_of(built(tmp_path, [FILM], plays), "profile_titles")}
    assert {
        profile: (row["is_watched"], row["day"], row["settled_day"], row["device_type"], row["plays"])
        for profile, row in rows.items()
    } == {
        "a": (True, after(1), after(1), "mobile", 3),
        "b": (False, after(3), after(33), "mobile", 2),
        None: (True, after(4), after(4), "desktop", 1),
    }


def test_who_comes_back_after_24_hours_had_left(tmp_path: Path) -> None:
    # From 20:00, 20 min of watching and 10 min of pause: the play ends at 20:30. After 23:59 h nobody had left, after
    # 24:00 they had. Then 24:00 after the end of the longest play before, which is not the last to begin.
    gap = timedelta(hours=24, minutes=30)
    minute = timedelta(minutes=1)
    first = play("film", FIRST, 20, paused_ms=10 * MINUTE_MS)
    early = play("film", FIRST + gap - minute, 1, account_id="bob", profile_id="b")
    plays = [
        first | {"account_id": "bob", "profile_id": "b", "play_id": "b"},
        early,
        first,
        play("film", FIRST + gap, 30, paused_ms=30 * MINUTE_MS),
        play("film", FIRST + gap + 10 * minute, 1),
        play("film", FIRST + gap + timedelta(hours=25) - minute, 1),
        play("film", FIRST + gap + timedelta(hours=49), 1),
    ]
    rows = {row["profile_id"]: row["returns"] for row in rows_of(built(tmp_path, [FILM], plays), "profile_titles")}
    # Ann: after 24:00, yes; ten minutes later, no; 23:59 after the hour-long play ended, no; 25:00 later, about: yes.
    assert rows == {"a": 2, "b": 0}


def test_what_was_completed_is_watched_again_and_not_returned_to(tmp_path: Path) -> None:
    # Day 0: 80 min. Day 2: back, and with 10 more it is complete. Day 4 and a minute after: two plays more.
    plays = [
        play("film", FIRST, 80, device_type="tv"),
        play("film", FIRST + 2 * ONE_DAY, 10, device_type="tv"),
        play("film", FIRST + 4 * ONE_DAY, 30, device_type="tv"),
        play("film", FIRST + 4 * ONE_DAY + timedelta(minutes=31), 7, device_type="mobile"),
        play("film", FIRST + 4 * ONE_DAY, 11, device_type="mobile", profile_id="b"),
    ]
    summary = built(tmp_path, [FILM], plays)
    rows = {row["profile_id"]: row for row in rows_of(summary, "profile_titles")}
    assert {profile: (row["returns"], row["rewatches"], row["completed_at"]) for profile, row in rows.items()} == {
        "a": (1, 2, FIRST + 2 * ONE_DAY),
        "b": (0, 0, None),
    }
    names = ("day", "device_type", "plays", "watch_ms", "rewatch_plays", "rewatch_watch_ms")
    assert [tuple(row[name] for name in names) for row in rows_of(summary, "rewatch_days")] == [
        (after(0), "tv", 1, 80 * MINUTE_MS, 0, 0),
        (after(2), "tv", 1, 10 * MINUTE_MS, 0, 0),
        (after(4), "mobile", 2, 18 * MINUTE_MS, 1, 7 * MINUTE_MS),
        (after(4), "tv", 1, 30 * MINUTE_MS, 1, 30 * MINUTE_MS),
    ]


def test_two_plays_begun_at_once_are_neither_after_the_other(tmp_path: Path) -> None:
    plays = [play("film", FIRST, 95), play("film", FIRST, 95, play_id="later in order")]
    (row,) = rows_of(built(tmp_path, [FILM], plays), "profile_titles")
    assert row["rewatches"] == 0


Progress = dict[tuple[str, str, int | None], tuple[Any, ...]]


def write_world(folder: Path, seed: int) -> Path:
    """Write 600 plays of 3 accounts with 2 profiles each, of two films and three seasons, over 90 days."""
    rng = random.Random(seed)
    first = datetime(2026, 1, 20)
    titles: list[Row] = [
        FILM | {"released_on": date(2026, 1, 20)},
        FILM | {"title_id": "unknown", "runtime_ms": None},
        *(episode(number, released_on=rng.choice((None, date(2026, 1, 21 + number)))) for number in (1, 2, 3)),
        episode(4, season_number=2),
        episode(5, season_number=None),
        episode(6, season_number=None),
        episode(7, season_number=3, runtime_ms=0),
        episode(8, series_id=None, season_number=None),
    ]
    plays: list[Row] = []
    for number in range(600):
        account = rng.choice(("ann", "bob", "cleo"))
        title = rng.choice(titles)
        watch_ms = rng.choice((0, 59_000, 119_999, 9 * MINUTE_MS, 10 * MINUTE_MS, 70 * MINUTE_MS, 30 * MINUTE_MS))
        plays.append(
            {
                "play_id": f"p{number}",
                "account_id": account,
                "title_id": title["title_id"],
                "profile_id": rng.choice((f"{account}/1", f"{account}/1", f"{account}/2", None)),
                # Some at once.
                "started_at": first + timedelta(hours=rng.randrange(24 * 90) // 6 * 6),
                "watch_ms": watch_ms,
                "paused_ms": rng.choice((None, 0, 30 * 3600_000)),
                "distinct_ms": rng.choice((None, watch_ms, watch_ms // 3)),
                "furthest_position_ms": rng.choice((None, watch_ms, 9 * MINUTE_MS, 90 * MINUTE_MS)),
                "device_type": rng.choice(("tv", "mobile", None)),
                "utc_offset_min": rng.choice((-600, 0, 330)),
            }
        )
    return write_source(folder, {"titles": titles, "plays": plays})


@pytest.fixture(scope="module", params=[5, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(20, 40))])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildSummary]:
    folder = tmp_path_factory.mktemp("world")
    source = write_world(folder / "source", request.param)
    return source, build_warehouse(source, folder / "warehouse", service_zone=ZONE)


def clock(row: Row, calendar: str) -> datetime:
    started_at: datetime = row["started_at"]
    if calendar == "local":
        return started_at + timedelta(minutes=row["utc_offset_min"])
    zone = ZoneInfo(ZONE if calendar == "service" else "UTC")
    return started_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)


def in_order(source: Path) -> list[dict[str, Any]]:
    """Return the plays in order, each with its title."""
    titles = {row["title_id"]: row for row in read_source(source, "titles")}
    plays = sorted(read_source(source, "plays"), key=lambda row: (row["started_at"], row["play_id"]))
    return [row | {"title": titles[row["title_id"]]} for row in plays]


@pytest.mark.parametrize("calendar", ["local", "utc", "service"])
def test_any_accounts_way_is_what_its_plays_tell(world: tuple[Path, BuildSummary], calendar: str) -> None:
    source, summary = world
    titles = read_source(source, "titles")
    plays = in_order(source)
    profiles = by_profile(plays)

    def season_of(title: dict[str, Any]) -> tuple[str, int | None]:
        series = title["series_id"]
        return f"series {series}" if series else f"title {title['title_id']}", title["season_number"]

    expected: Progress = {}
    for account in ("ann", "bob", "cleo"):
        for season in {season_of(title) for title in titles}:
            of_season = [title for title in titles if season_of(title) == season]
            own = [row for row in plays if row["account_id"] == account and season_of(row["title"]) == season]
            starts, watched, completed, watch_ms = [], [], [], 0
            known = all(title["runtime_ms"] for title in of_season)
            for title in of_season:
                of_title = [row for row in own if row["title_id"] == title["title_id"]]
                total_ms, is_started = 0, False
                for row in of_title:
                    total_ms += row["watch_ms"]
                    if total_ms >= 120_000 and not is_started:
                        starts.append(row)
                        is_started = True
                parts = [profiles[key] for key in profiles if key[0] == account and key[2] == title["title_id"]]
                done = [row for part in parts for row in reached(part, 90)]
                watched += [row for part in parts for row in reached(part, 70 if title["kind"] == "film" else 90)]
                completed.append(min((clock(row, calendar).date() for row in done), default=None))
                takes = [
                    sum(row["watch_ms"] for row in part[: part.index(ends[0]) + 1])
                    for part in parts
                    if (ends := reached(part, 90))
                ]
                watch_ms += min(takes, default=0)
                if of_title and all(ms is None for part in parts for _, ms in coverages(part)):
                    known = False
            if not starts:
                continue
            start = min(starts, key=lambda row: (row["started_at"], row["title_id"]))
            day = clock(start, calendar).date()
            watched_day = min((max(day, clock(row, calendar).date()) for row in watched), default=None)
            dones = [done for done in completed if done is not None]
            is_done = all(title["runtime_ms"] for title in of_season) and len(dones) == len(of_season)
            completed_day = max(day, watched_day, *dones) if is_done and watched_day else None
            releases = [title["released_on"] for title in of_season if title["released_on"]]
            expected[account, *season] = (
                day,
                clock(start, calendar).hour,
                start["device_type"],
                min(releases, default=None),
                known,
                watched_day,
                completed_day,
                watch_ms if completed_day else None,
            )
    names = (
        "day",
        "hour",
        "device_type",
        "released_on",
        "completion_known",
        "watched_day",
        "completed_day",
        "watch_ms_to_complete",
    )
    found = {
        (row["account_id"], row["show_id"], row["season_number"]): tuple(row[name] for name in names)
        for row in rows_of(summary, "title_progress", calendar)
    }
    assert found == expected


@pytest.mark.parametrize("calendar", ["local", "utc", "service"])
def test_any_profiles_titles_are_what_its_plays_tell(world: tuple[Path, BuildSummary], calendar: str) -> None:
    source, summary = world
    end_day = summary.manifest.spans[calendar].end_day
    plays = in_order(source)
    expected: dict[Any, tuple[Any, ...]] = {}
    again: dict[tuple[date, str | None], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for key, own in by_profile(plays).items():
        covered = [ms for _, ms in coverages(own) if ms is not None]
        if not covered or not own[0]["title"]["runtime_ms"]:
            continue
        seen, done = reached(own, 70), reached(own, 90)
        telling = seen[0] if seen else own[-1]
        day = clock(telling, calendar).date()
        settled_day = day if seen else day + 30 * ONE_DAY
        last_before_done = own.index(done[0]) if done else len(own)
        returns, ended_at = 0, own[0]["started_at"]
        for number, row in enumerate(own):
            if number and number <= last_before_done and row["started_at"] - ended_at >= ONE_DAY:
                returns += 1
            # A play of no length runs for a millisecond (plays.run_ms).
            run = min(timedelta(milliseconds=max(1, row["watch_ms"] + (row["paused_ms"] or 0))), ONE_DAY)
            ended_at = max(ended_at, row["started_at"] + run)
            is_again = bool(done) and row["started_at"] > done[0]["started_at"]
            sums = again[clock(row, calendar).date(), row["device_type"]]
            for place, value in enumerate((1, row["watch_ms"], is_again, is_again * row["watch_ms"])):
                sums[place] += value
        expected[key] = (
            day,
            clock(telling, calendar).hour,
            telling["device_type"],
            bool(seen),
            settled_day if seen or settled_day < end_day else None,
            min(max(covered), own[0]["title"]["runtime_ms"]),
            len(own),
            returns,
            done[0]["started_at"] if done else None,
            sum(row["started_at"] > done[0]["started_at"] for row in own) if done else 0,
        )
    names = (
        "day",
        "hour",
        "device_type",
        "is_watched",
        "settled_day",
        "covered_ms",
        "plays",
        "returns",
        "completed_at",
        "rewatches",
    )
    found = {
        (row["account_id"], row["profile_id"], row["title_id"]): tuple(row[name] for name in names)
        for row in rows_of(summary, "profile_titles", calendar)
    }
    assert found == expected
    counted: dict[tuple[date, str | None], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows_of(summary, "rewatch_days", calendar):
        sums = counted[row["day"], row["device_type"]]
        for place, name in enumerate(("plays", "watch_ms", "rewatch_plays", "rewatch_watch_ms")):
            sums[place] += row[name]
    assert counted == again
