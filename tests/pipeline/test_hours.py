"""What plays are in each hour, and how many accounts: by hand, and against a count in plain Python for any filters."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.audience import AUDIENCE_CELLS
from pipeline.build.build import BuildSummary, build_warehouse
from tests.sources import Row, read_source, write_source

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
ZONE = "Pacific/Auckland"
FILM: Row = {"title_id": "film", "name": "The Salt Year", "kind": "film"}
TRAILER: Row = {"title_id": "trailer", "name": "The Salt Year", "kind": "trailer"}
DIMENSIONS = {
    "kind": ("film", "episode", "trailer"),
    "device_type": ("tv", "mobile", None),
    "profile_type": ("standard", "kids", None),
    "account_country": ("IN", "NZ", None),
    "account_plan": ("Basic", "Premium", None),
}
SPLIT_OF = {
    "device_type": "device",
    "account_country": "country",
    "account_plan": "plan",
}


def play(play_id: str, started_at: datetime, watch_min: float, **more: Any) -> Row:
    return {
        "play_id": play_id,
        "account_id": "ann",
        "title_id": "film",
        "started_at": started_at,
        "watch_ms": int(watch_min * MINUTE_MS),
        "utc_offset_min": 0,
    } | more


def built(folder: Path, tables: dict[str, list[Row]], **options: Any) -> BuildSummary:
    return build_warehouse(write_source(folder / "source", tables), folder / "warehouse", **options)


def rows_of(summary: BuildSummary, table: str, **wanted: object) -> list[dict[str, Any]]:
    rows = read_source(summary.folder, table)
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_watch_time_lies_evenly_in_the_hours_that_a_play_ran(tmp_path: Path) -> None:
    # From 20:30 for 60 min of watching and 30 min of pause: 30 of the 90 min lie before 21:00, so 20 min of the watch
    # time, and 60 of them after, so 40. The other begins at 23:59:59.500 on the last of February, a Saturday, and runs
    # for 1 s: half of its 1 s of watching lies on 1 March, a Sunday. It is shorter than 60 s, and no activity.
    summary = built(
        tmp_path,
        {
            "titles": [FILM],
            "plays": [
                play("paused", datetime(2026, 2, 27, 20, 30), 60, paused_ms=30 * MINUTE_MS),
                play("midnight", datetime(2026, 2, 28, 23, 59, 59, 500_000), 1 / 60),
            ],
        },
    )
    rows = rows_of(summary, "hour_cube", calendar="utc", period="day", split_by="none")
    names = ("period_start", "weekday", "hour", "plays", "watch_ms", "run_ms", "one_way_account_hours")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (date(2026, 2, 27), 5, 20, 1, 20 * MINUTE_MS, 30 * MINUTE_MS, 1),
        (date(2026, 2, 27), 5, 21, 0, 40 * MINUTE_MS, 60 * MINUTE_MS, 1),
        (date(2026, 2, 28), 6, 23, 1, 500, 500, 0),
        (date(2026, 3, 1), 7, 0, 0, 500, 500, 0),
    ]
    months = rows_of(summary, "hour_cube", calendar="utc", period="month", split_by="all")
    assert [(row["period_start"], row["weekday"], row["hour"], row["watch_ms"]) for row in months] == [
        (date(2026, 2, 1), 5, 20, 20 * MINUTE_MS),
        (date(2026, 2, 1), 5, 21, 40 * MINUTE_MS),
        (date(2026, 2, 1), 6, 23, 500),
        (date(2026, 3, 1), 7, 0, 500),
    ]


def test_hours_are_by_the_clock_that_showed_when_the_play_began(tmp_path: Path) -> None:
    # 20:15 UTC: for the viewer 5 h 30 min ahead it is 01:45 on the day after, and 15 of the 30 min lie before 02:00.
    # In Auckland, 13 h ahead in March, it is 09:15: all of it lies before 10:00.
    tables = {"titles": [FILM], "plays": [play("p", datetime(2026, 3, 1, 20, 15), 30, utc_offset_min=330)]}
    summary = built(tmp_path, tables, service_zone=ZONE)
    found = {
        calendar: [
            (row["period_start"].day, row["hour"], row["watch_ms"] // MINUTE_MS)
            for row in rows_of(summary, "hour_cube", calendar=calendar, period="day", split_by="none")
        ]
        for calendar in ("local", "utc", "service")
    }
    assert found == {"local": [(2, 1, 15), (2, 2, 15)], "utc": [(1, 20, 30)], "service": [(2, 9, 30)]}


def test_an_account_counts_once_in_an_hour_and_in_each_of_the_months_mondays(tmp_path: Path) -> None:
    # Monday 2 March, 20:00: Ann sees a film on a television, and one on a phone; Bob a film twice on a television.
    # Monday 9 March, 20:00: Ann on a television alone.
    first, second = datetime(2026, 3, 2, 20), datetime(2026, 3, 9, 20)
    summary = built(
        tmp_path,
        {
            "titles": [FILM],
            "plays": [
                play("1", first, 10, device_type="tv"),
                play("2", first, 10, device_type="mobile"),
                play("3", first, 10, device_type="tv", account_id="bob"),
                play("4", first + timedelta(minutes=20), 10, device_type="tv", account_id="bob"),
                play("5", second, 10, device_type="tv"),
            ],
        },
    )
    month = {"calendar": "utc", "period": "month", "weekday": 1, "hour": 20}
    # Bob once and Ann once, of the second Monday, did one thing alone; Ann did two on the first: 3 account-hours.
    sums = rows_of(summary, "hour_cube", split_by="device", **month)
    assert {row["device_type"]: (row["plays"], row["one_way_account_hours"]) for row in sums} == {
        "mobile": (1, 0),
        "tv": (4, 2),
    }
    film_on = {
        cell.device_type: cell.mask_low
        for cell in AUDIENCE_CELLS
        if (cell.counted_by, cell.kind, cell.profile_type) == ("all", "film", None)
    }
    several = rows_of(summary, "hour_accounts", counted_by="all", **month)
    assert [(row["mask_low"], row["mask_high"], row["account_hours"]) for row in several] == [
        (film_on["tv"] | film_on["mobile"], 0, 1)
    ]


def test_a_play_begins_in_the_hour_of_its_last_microsecond(tmp_path: Path) -> None:
    tables = {"titles": [FILM], "plays": [play("p", datetime(2026, 2, 28, 23, 59, 59, 999_999), 0)]}
    rows = rows_of(built(tmp_path, tables), "hour_cube", calendar="utc", period="day", split_by="none")
    assert [(row["period_start"], row["hour"], row["plays"]) for row in rows] == [(date(2026, 2, 28), 23, 1)]


def test_a_play_of_no_length_is_begun_and_a_longer_one_than_a_day_lies_in_the_first_24_hours(tmp_path: Path) -> None:
    summary = built(
        tmp_path,
        {
            "titles": [FILM, TRAILER],
            "plays": [
                play("empty", datetime(2026, 3, 2, 8, 59), 0, title_id="trailer"),
                play("long", datetime(2026, 3, 1, 12), 48 * 60),
            ],
        },
    )
    rows = rows_of(summary, "hour_cube", calendar="utc", period="day", split_by="none")
    empty = [(row["hour"], row["plays"], row["watch_ms"]) for row in rows if row["kind"] == "trailer"]
    assert empty == [(8, 1, 0)]
    long = [(row["period_start"].day, row["hour"], row["watch_ms"]) for row in rows if row["kind"] == "film"]
    assert long == [(1 + hour // 24, hour % 24, 2 * HOUR_MS) for hour in range(12, 36)]


@dataclass(frozen=True)
class PlayHour:
    """What one play did in one hour of one calendar."""

    calendar: str
    hour: datetime
    account: str
    values: Mapping[str, str | None]
    is_begun: bool
    run_ms: int
    watch_ms: int
    is_active: bool


@dataclass(frozen=True)
class World:
    """A source of many plays in few days across the end of a month, built, and its plays by the hour."""

    summary: BuildSummary
    play_hours: tuple[PlayHour, ...]


def write_world(folder: Path, seed: int) -> Path:
    """Write 500 plays of 5 accounts over 12 days, many at once, with plans that change."""
    rng = random.Random(seed)
    first = datetime(2026, 1, 25)
    accounts = ("ann", "bob", "cleo", "dan", "eve")
    return write_source(
        folder,
        {
            "titles": [{"title_id": kind, "name": kind, "kind": kind} for kind in DIMENSIONS["kind"]],
            "accounts": [
                {"account_id": account, "country": country, "plan": "Basic"}
                for account, country in zip(accounts, ("IN", "NZ", "IN", None, None), strict=True)
            ],
            "profiles": [
                {"profile_id": f"{account}/{kind}", "account_id": account, "profile_type": kind}
                for account, kind in product(accounts, ("standard", "kids"))
            ],
            "subscription_events": [
                {
                    "event_id": f"c{number}",
                    "account_id": rng.choice(accounts[:4]),
                    "ts": first + timedelta(days=rng.randrange(12)),
                    "event": "change_plan",
                    "plan": rng.choice(("Basic", "Premium")),
                }
                for number in range(8)
            ],
            "plays": [
                {
                    "play_id": f"p{number}",
                    "account_id": (account := rng.choice(accounts)),
                    "title_id": rng.choice(DIMENSIONS["kind"]),
                    "profile_id": rng.choice((f"{account}/standard", f"{account}/kids", None)),
                    "started_at": first + timedelta(microseconds=rng.randrange(12 * 24 * HOUR_MS * 1000)),
                    "watch_ms": rng.choice((0, 59_999, 60_000, 7 * MINUTE_MS + 1, 100 * MINUTE_MS - 1, 30 * HOUR_MS)),
                    "startup_ms": rng.choice((None, 0, 1_999)),
                    "paused_ms": rng.choice((None, 0, 3 * MINUTE_MS, 5 * HOUR_MS)),
                    "rebuffer_ms": rng.choice((None, 777)),
                    "device_type": rng.choice(("tv", "tv", "mobile", None)),
                    "utc_offset_min": rng.choice((-600, -210, 0, 330, 765)),
                }
                for number in range(500)
            ],
        },
    )


def play_hours(source: Path) -> Iterator[PlayHour]:
    """Follow every play from hour to hour, slowly and obviously."""
    countries = {row["account_id"]: row["country"] for row in read_source(source, "accounts")}
    profiles = {row["profile_id"]: row["profile_type"] for row in read_source(source, "profiles")}
    changes = sorted(read_source(source, "subscription_events"), key=lambda row: (row["ts"], row["event_id"]))

    def plan_on(account: str, day: date) -> str | None:
        own = [row for row in changes if row["account_id"] == account]
        plans = [row["plan"] for row in own if row["ts"].date() <= day]
        return (plans[-1] if plans else None) if own else "Basic"

    for row in read_source(source, "plays"):
        lengths = ("startup_ms", "watch_ms", "paused_ms", "rebuffer_ms")
        run_ms = min(sum(row[name] or 0 for name in lengths), 24 * HOUR_MS) or 1
        started_at = row["started_at"]
        clocks = {
            "utc": started_at,
            "local": started_at + timedelta(minutes=row["utc_offset_min"]),
            "service": started_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None),
        }
        for calendar, began_at in clocks.items():
            began_at_ms = began_at.replace(microsecond=began_at.microsecond // 1000 * 1000)
            hour = began_at.replace(minute=0, second=0, microsecond=0)
            ran_ms = watched_ms = 0
            while ran_ms < run_ms:
                next_hour = hour + timedelta(hours=1)
                to_ms = min((next_hour - began_at_ms) // timedelta(milliseconds=1), run_ms)
                part_ms = row["watch_ms"] * to_ms // run_ms - watched_ms
                yield PlayHour(
                    calendar,
                    hour,
                    row["account_id"],
                    {
                        "kind": row["title_id"],
                        "device_type": row["device_type"],
                        "profile_type": profiles.get(row["profile_id"]),
                        "account_country": countries[row["account_id"]],
                        "account_plan": plan_on(row["account_id"], hour.date()),
                    },
                    ran_ms == 0,
                    to_ms - ran_ms,
                    part_ms,
                    row["watch_ms"] >= 60_000 and part_ms > 0,
                )
                ran_ms, watched_ms, hour = to_ms, watched_ms + part_ms, next_hour


@pytest.fixture(scope="module", params=[3, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(10, 20))])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    source = write_world(folder / "source", request.param)
    return World(build_warehouse(source, folder / "warehouse", service_zone=ZONE), tuple(play_hours(source)))


def test_the_hours_of_all_plays_add_up_to_their_watch_time(world: World) -> None:
    for calendar, period in product(("local", "utc", "service"), ("day", "month")):
        rows = rows_of(world.summary, "hour_cube", calendar=calendar, period=period, split_by="none")
        assert sum(row["watch_ms"] for row in rows) == world.summary.source_watch_ms
        assert sum(row["plays"] for row in rows) == 500


# What was chosen of each dimension: all where it is not named. Of single days the cube knows one of SPLIT_OF at a time.
choices = st.dictionaries(st.sampled_from(tuple(DIMENSIONS)), st.just(None)).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: st.sets(st.sampled_from(DIMENSIONS[name]), min_size=1).map(frozenset) for name in names}
    )
)


@given(st.sampled_from(("local", "utc", "service")), st.sampled_from(("day", "month")), choices)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_choice_of_filters_gives_what_the_plays_give(
    world: World, calendar: str, period: str, chosen: dict[str, frozenset[str | None]]
) -> None:
    assert answer_of_cube(world.summary.folder, calendar, period, chosen) == answer_of_plays(
        world.play_hours, calendar, period, chosen
    )


Answer = dict[tuple[date, int, int], tuple[int, int, int, int]]


def answer_of_plays(
    hours: tuple[PlayHour, ...], calendar: str, period: str, chosen: Mapping[str, frozenset[str | None]]
) -> Answer:
    """Return plays, watch time, time that they ran, and account-hours, by period, weekday and hour."""
    sums: dict[tuple[date, int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    accounts: dict[tuple[date, int, int], set[tuple[datetime, str]]] = defaultdict(set)
    for found in hours:
        if found.calendar != calendar or any(found.values[name] not in values for name, values in chosen.items()):
            continue
        day = found.hour.date()
        key = (day if period == "day" else day.replace(day=1), day.isoweekday(), found.hour.hour)
        for place, number in enumerate((found.is_begun, found.watch_ms, found.run_ms)):
            sums[key][place] += number
        if found.is_active:
            accounts[key].add((found.hour, found.account))
    return {key: (plays, watch_ms, run_ms, len(accounts[key])) for key, (plays, watch_ms, run_ms) in sums.items()}


def answer_of_cube(folder: Path, calendar: str, period: str, chosen: Mapping[str, frozenset[str | None]]) -> Answer:
    """Return the same from the cube: accounts that did one chosen thing alone, and those whose set has one in it."""
    splits = [split for name, split in SPLIT_OF.items() if name in chosen]
    split_by = "none" if not splits else splits[0] if len(splits) == 1 else "all"
    counted_by = "all" if split_by in ("device", "all") else "profile_type"
    low = high = 0
    for cell in AUDIENCE_CELLS:
        named = {"kind": cell.kind, "device_type": cell.device_type, "profile_type": cell.profile_type}
        if cell.counted_by == "all" and all(named[name] in chosen[name] for name in named.keys() & chosen.keys()):
            low, high = low | cell.mask_low, high | cell.mask_high
    rows = duckdb.execute(
        f"""
        select period_start, weekday, hour, sum(plays), sum(watch_ms), sum(run_ms), sum(account_hours) from (
            select * exclude (one_way_account_hours), one_way_account_hours as account_hours
            from read_parquet('{folder}/hour_cube/*/*.parquet')
            where split_by = $split_by and {_chosen(chosen)}
            union all by name
            select * exclude (counted_by), 0 as plays, 0 as watch_ms, 0 as run_ms
            from read_parquet('{folder}/hour_accounts/*/*.parquet')
            where counted_by = $counted_by and (mask_low & $low <> 0 or mask_high & $high <> 0) and {
            _chosen({name: values for name, values in chosen.items() if name.startswith("account_")})
        }
        )
        where calendar = $calendar and period = $period
        group by all
        """,
        {
            "split_by": split_by,
            "counted_by": counted_by,
            "low": low,
            "high": high,
            "calendar": calendar,
            "period": period,
        },
    ).fetchall()
    return {
        (start, weekday, hour): (int(plays), int(watch_ms), int(run_ms), int(account_hours))
        for start, weekday, hour, plays, watch_ms, run_ms, account_hours in rows
    }


def _chosen(chosen: Mapping[str, frozenset[str | None]]) -> str:
    conditions = (
        f"coalesce({name}, '-') in ({', '.join(repr(value or '-') for value in values)})"
        for name, values in chosen.items()
    )
    return " and ".join(("true", *conditions))
