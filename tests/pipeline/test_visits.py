"""Which plays are one visit or one binge, by hand."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.build.build import BuildSummary, build_warehouse
from tests.pipeline.builds import assert_equal, written
from tests.pipeline.sittings import DAY, MINUTE, TITLES, ZONE
from tests.sources import Row, read_source, write_source


def play(play_id: str, started_at: datetime, watch_min: float, title_id: str = "film", **more: Any) -> Row:
    return {
        "play_id": play_id,
        "account_id": "ann",
        "profile_id": "p",
        "title_id": title_id,
        "started_at": started_at,
        "watch_ms": int(watch_min * 60_000),
        "utc_offset_min": 0,
    } | more


SCENARIOS: list[Sequence[Row]] = []
OWN_IDS = ("play_id", "account_id", "profile_id")


def scenario(*plays: Row) -> int:
    """Have some plays built beside those of others, whose accounts and profiles are other ones; return their number."""
    SCENARIOS.append(plays)
    return len(SCENARIOS) - 1


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> BuildSummary:
    """One build of all scenarios: each account's visits are its own."""
    folder = tmp_path_factory.mktemp("visits")
    numbered = list(enumerate(SCENARIOS))
    tables: dict[str, Sequence[Row]] = {
        "titles": TITLES,
        "profiles": [
            {"profile_id": f"{number}/{name}", "account_id": f"{number}/ann", "profile_type": kind}
            for number, _ in numbered
            for name, kind in (("p", "standard"), ("q", "kids"))
        ],
        "plays": [
            row | {name: f"{number}/{row[name]}" for name in OWN_IDS if row[name] is not None}
            for number, plays in numbered
            for row in map(dict, plays)
        ],
    }
    return build_warehouse(write_source(folder / "source", tables), folder / "warehouse", service_zone=ZONE)


def told_of(number: int, summary: BuildSummary, table: str, calendar: str = "utc") -> list[dict[str, Any]]:
    """Return the rows of one scenario's accounts, with its own names of accounts and profiles."""
    return [
        row | {name: row[name].removeprefix(f"{number}/") for name in OWN_IDS if row.get(name)}
        for row in read_source(summary.folder, table)
        if row["calendar"] == calendar and row["account_id"].startswith(f"{number}/")
    ]


def rows_of(
    number: int, summary: BuildSummary, table: str, *columns: str, calendar: str = "utc"
) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in columns) for row in told_of(number, summary, table, calendar))


EVENING = datetime(2026, 3, 2, 20)


# 20:00 to 20:10; 29 min 59 s later 20:39:59 to 20:49:59; 30 min later 21:19:59 to 21:29:59.
GAPS = scenario(
    play("1", EVENING, 10),
    play("2", EVENING + timedelta(minutes=39, seconds=59), 10),
    play("3", EVENING + timedelta(minutes=79, seconds=59), 10),
)


def test_less_than_30_minutes_between_two_plays_is_one_visit(summary: BuildSummary) -> None:
    minutes = rows_of(GAPS, summary, "visits", "day", "hour", "plays", "watch_ms", "length_ms")
    assert minutes == [
        (date(2026, 3, 2), 20, 2, 20 * 60_000, (49 * 60 + 59) * 1000),
        (date(2026, 3, 2), 21, 1, 10 * 60_000, 10 * 60_000),
    ]


# 20:00 + 1 + 10 + 20 + 4 = 20:35; 25 min later the next.
LONG = scenario(
    play("1", EVENING, 10, startup_ms=60_000, paused_ms=20 * 60_000, rebuffer_ms=4 * 60_000),
    play("2", EVENING + 60 * MINUTE, 5),
)


def test_a_play_lasts_with_its_start_up_pauses_and_stalls(summary: BuildSummary) -> None:
    assert rows_of(LONG, summary, "visits", "plays", "watch_ms", "length_ms") == [(2, 15 * 60_000, 65 * 60_000)]


# 20:00 to 22:00, and beside it 20:10 to 20:15; 22:20 is 20 min after the end of the former.
WITHIN = scenario(play("1", EVENING, 120), play("2", EVENING + 10 * MINUTE, 5), play("3", EVENING + 140 * MINUTE, 1))


def test_a_play_within_a_longer_one_leaves_the_visit_as_long(summary: BuildSummary) -> None:
    assert rows_of(WITHIN, summary, "visits", "plays", "length_ms") == [(3, 141 * 60_000)]


# v: five hours apart, of two profiles; w: right after v's first play; no name: beside both. x and x: the second begins
# a day after the end of the first, so it is another.
NAMED = scenario(
    play("1", EVENING - 5 * 60 * MINUTE, 10, visit_id="v"),
    play("2", EVENING, 20, visit_id="v", profile_id="q"),
    play("3", EVENING - 5 * 60 * MINUTE + 11 * MINUTE, 10, visit_id="w"),
    play("4", EVENING + 5 * MINUTE, 10),
    play("5", EVENING + DAY, 10, visit_id="x"),
    play("6", EVENING + 2 * DAY + 10 * MINUTE, 10, visit_id="x"),
    play("7", EVENING + 5 * MINUTE, 10, visit_id="v", account_id="bob", profile_id=None),
)


def test_a_visit_that_the_source_names_is_what_it_names(summary: BuildSummary) -> None:
    assert rows_of(NAMED, summary, "visits", "account_id", "day", "hour", "plays") == [
        ("ann", date(2026, 3, 2), 15, 1),
        ("ann", date(2026, 3, 2), 15, 2),
        ("ann", date(2026, 3, 2), 20, 1),
        ("ann", date(2026, 3, 3), 20, 1),
        ("ann", date(2026, 3, 4), 20, 1),
        ("bob", date(2026, 3, 2), 20, 1),
    ]


# 23:50 UTC on 28 February to 00:30 on 1 March. For the viewer 5 h 30 min ahead, 05:20 on 1 March; in Auckland, 13 h
# ahead, 12:50.
LATE = scenario(
    play("1", datetime(2026, 2, 28, 23, 50), 20, utc_offset_min=330),
    play("2", datetime(2026, 3, 1, 0, 20), 10, utc_offset_min=330),
)


def test_a_visit_begins_on_one_day_of_one_month_and_counts_there_alone(summary: BuildSummary) -> None:
    found = {
        calendar: rows_of(LATE, summary, "visits", "day", "hour", "month", "plays", "length_ms", calendar=calendar)
        for calendar in ("local", "utc", "service")
    }
    assert found == {
        "utc": [(date(2026, 2, 28), 23, "2026-02", 2, 40 * 60_000)],
        "local": [(date(2026, 3, 1), 5, "2026-03", 2, 40 * 60_000)],
        "service": [(date(2026, 3, 1), 12, "2026-03", 2, 40 * 60_000)],
    }


# Within a quarter of an hour: two plays of p, one of q, two of nobody known.
APART = scenario(
    *(
        play(str(n), EVENING + 3 * n * MINUTE, 2, profile_id=owner)
        for n, owner in enumerate(("p", "q", None, "p", None))
    )
)


def test_profiles_visit_apart_and_unknown_ones_are_the_accounts(summary: BuildSummary) -> None:
    found = Counter(rows_of(APART, summary, "visits", "plays"))
    assert found == Counter({(2,): 2, (1,): 1})
    by_profile = told_of(APART, summary, "visits")
    assert {(row["profile_id"], row["profile_type"], row["plays"]) for row in by_profile} == {
        ("p", "standard", 2),
        ("q", "kids", 1),
        (None, None, 2),
    }


# 10 min of the trailer on a phone by q; then 6 min of an episode and 6 of another of the same series on a television by
# p, which are more together; 12 min of a film on a device not known: as much, but later.
MOST = scenario(
    play("1", EVENING, 10, "trailer", visit_id="v", profile_id="q", device_type="mobile"),
    play("2", EVENING + 11 * MINUTE, 6, "salt1", visit_id="v", device_type="tv"),
    play("3", EVENING + 18 * MINUTE, 6, "salt2", visit_id="v", device_type="tv"),
    play("4", EVENING + 25 * MINUTE, 12, "film", visit_id="v", profile_id=None),
)


def test_a_visit_is_of_what_most_of_its_watch_time_was_of(summary: BuildSummary) -> None:
    columns = ("profile_id", "profile_type", "kind", "show_id", "device_type", "plays")
    ((profile, profile_type, kind, show, device, plays),) = rows_of(MOST, summary, "visits", *columns)
    assert (profile, profile_type, kind, device, plays) == ("p", "standard", "episode", "tv", 4)
    assert show == {row["title_id"]: row["show_id"] for row in read_source(summary.folder, "titles")}["salt1"]


UNWATCHED = scenario(
    play("1", EVENING, 0, "trailer", device_type=None),
    play("2", EVENING + MINUTE, 0, "film", device_type="tv"),
)


def test_of_plays_without_watch_time_the_first_tells_what_a_visit_was_of(summary: BuildSummary) -> None:
    assert rows_of(UNWATCHED, summary, "visits", "kind", "device_type", "watch_ms") == [("trailer", None, 0)]


# Plays of 20 h, 10 min apart: begun on 2 March at 10:00, 3 March 06:10, 4 March 02:20 and 22:30, 5 March 18:40.
ENDLESS = scenario(
    *(play(str(n), datetime(2026, 3, 2, 10) + n * timedelta(hours=20, minutes=10), 20 * 60) for n in range(5))
)


def test_a_visit_that_never_ends_is_another_each_day_from_its_third(summary: BuildSummary) -> None:
    assert rows_of(ENDLESS, summary, "visits", "day", "hour", "plays") == [
        (date(2026, 3, 2), 10, 2),
        (date(2026, 3, 4), 2, 2),
        (date(2026, 3, 5), 18, 1),
    ]


def episodes(*numbers: int, at: datetime = EVENING, series: str = "salt", **more: Any) -> list[Row]:
    """Return plays of 20 min, each 5 min after the end of the one before."""
    return [
        play(f"{series}{at:%d%H%M}.{place}", at + 25 * place * MINUTE, 20, f"{series}{number}", **more)
        for place, number in enumerate(numbers)
    ]


BINGE = ("account_id", "day", "hour", "episodes", "watch_ms", "season_number")


# Ann's: 1, 2, 2 again, 3: three episodes in 80 min of watching, all of the first season.
# Bob's: 1, 2, 1: two. Cleo's: 1, 2 and 3, of two series. Dan's: 1 and 2 by one profile, 3 by another.
THREE = scenario(
    *episodes(1, 2, 2, 3),
    *episodes(1, 2, 1, account_id="bob", profile_id="b", at=EVENING + MINUTE),
    *episodes(1, 2, account_id="cleo", profile_id="c", at=EVENING + 2 * MINUTE),
    *episodes(3, account_id="cleo", profile_id="c", at=EVENING + 60 * MINUTE, series="tide"),
    *episodes(1, 2, account_id="dan", profile_id="d", at=EVENING + 3 * MINUTE),
    *episodes(3, account_id="dan", profile_id="e", at=EVENING + 60 * MINUTE),
)


def test_three_different_episodes_on_end_are_a_binge(summary: BuildSummary) -> None:
    assert rows_of(THREE, summary, "binge_sessions", *BINGE) == [("ann", date(2026, 3, 2), 20, 3, 80 * 60_000, 1)]


def third_after(gap_s: int) -> int:
    return scenario(*episodes(1, 2), *episodes(3, at=EVENING + 45 * MINUTE + timedelta(seconds=gap_s)))


@pytest.mark.parametrize(("number", "binges"), [(third_after(3599), 1), (third_after(3600), 0)])
def test_less_than_60_minutes_between_two_episodes_is_one_binge(
    summary: BuildSummary, number: int, binges: int
) -> None:
    assert len(rows_of(number, summary, "binge_sessions", "episodes")) == binges


# The series' own trailer after the first episode; another series' episode after the second; half an hour of film before
# the third, so that 50 min lie between it and the second. No trailer makes two episodes three.
BETWEEN = scenario(
    *episodes(1, 2),
    play("a", EVENING + 21 * MINUTE, 2, "trailer"),
    play("b", EVENING + 46 * MINUTE, 15, "tide1"),
    play("c", EVENING + 62 * MINUTE, 30),
    *episodes(3, at=EVENING + 95 * MINUTE),
    *episodes(1, 2, at=EVENING + MINUTE, account_id="bob", profile_id="b"),
    play("d", EVENING + 22 * MINUTE, 2, "trailer", account_id="bob", profile_id="b"),
)


def test_what_is_played_between_episodes_neither_counts_nor_ends_a_binge(summary: BuildSummary) -> None:
    columns = ("account_id", "kind", "episodes", "watch_ms")
    assert rows_of(BETWEEN, summary, "binge_sessions", *columns) == [("ann", "episode", 3, 60 * 60_000)]


# From 23:30 on 28 February, for the viewer 5 h 30 min ahead 05:00 on 1 March. The fourth episodes are of the second
# season.
LATE_BINGES = scenario(
    *episodes(1, 2, 3, at=datetime(2026, 2, 28, 23, 30), utc_offset_min=330),
    *episodes(2, 3, 4, at=datetime(2026, 2, 28, 23, 30), series="tide", account_id="bob", profile_id="b"),
)


def test_a_binge_counts_on_the_day_that_it_began(summary: BuildSummary) -> None:
    assert rows_of(LATE_BINGES, summary, "binge_sessions", *BINGE) == [
        ("ann", date(2026, 2, 28), 23, 3, 60 * 60_000, 1),
        ("bob", date(2026, 2, 28), 23, 3, 60 * 60_000, 2),
    ]
    local = [
        row for row in rows_of(LATE_BINGES, summary, "binge_sessions", *BINGE, calendar="local") if row[0] == "ann"
    ]
    assert local == [("ann", date(2026, 3, 1), 5, 3, 60 * 60_000, 1)]


FIRST, *OTHERS = episodes(1, 2, 3, device_type="mobile")
MOST_DEVICE = scenario({**FIRST, "device_type": "tv", "watch_ms": 19 * 60_000}, *OTHERS)
EVEN_DEVICES = scenario(*episodes(1, 2, device_type="mobile"), *episodes(3, 4, at=EVENING + 50 * MINUTE))


def test_a_binge_is_on_the_device_of_most_of_its_watch_time(summary: BuildSummary) -> None:
    assert rows_of(MOST_DEVICE, summary, "binge_sessions", "device_type") == [("mobile",)]
    assert rows_of(EVEN_DEVICES, summary, "binge_sessions", "device_type") == [("mobile",)]


def test_a_season_told_otherwise_reaches_the_binges_of_it(tmp_path: Path) -> None:
    tables: dict[str, list[Row]] = {"titles": list(TITLES), "plays": episodes(1, 2, 3)}
    build_warehouse(written(tmp_path / "source", tables), tmp_path / "warehouse")
    tables["titles"] = [{**row, "season_number": 3} if row["title_id"] == "salt3" else row for row in TITLES]
    source = written(tmp_path / "source", tables)
    incremental = build_warehouse(source, tmp_path / "warehouse")
    binges = [row for row in read_source(incremental.folder, "binge_sessions") if row["calendar"] == "utc"]
    assert [row["season_number"] for row in binges] == [3]
    assert_equal(incremental, build_warehouse(source, tmp_path / "fresh"))
