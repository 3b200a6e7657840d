"""Pauses, seeks, replaying and autoplay added up: by hand, and against a count in plain Python for any filters."""

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.interaction_tables import INTERACTION_CUBE
from pipeline.build.build import BuildSummary, build_warehouse
from tests.sources import Row, read_source, write_source

MINUTE_MS = 60_000
SPLIT_OF = {"device_type": "device", "account_country": "country", "account_plan": "plan"}
DIMENSIONS = {
    "kind": ("film", "episode", "trailer"),
    "device_type": ("tv", "mobile", None),
    "profile_type": ("standard", "kids", None),
    "account_country": ("IN", "NZ", None),
    "account_plan": ("Basic", "Premium", None),
}
# The columns whose values are added up, with the column for the watch time of plays where they were told.
KNOWN_WATCH = {
    "pauses": "pauses_known_watch_ms",
    "resumes": "resumes_known_watch_ms",
    "seeks_back": "seeks_back_known_watch_ms",
    "seeks_forward": "seeks_forward_known_watch_ms",
    "paused_ms": "paused_known_watch_ms",
    "distinct_ms": "distinct_known_watch_ms",
}
SUMMED = tuple(
    column.name
    for column in INTERACTION_CUBE
    if column.name not in ("calendar", "split_by", "day", "month", *DIMENSIONS)
)


def sums_of(plays: list[Row]) -> dict[str, int]:
    """Add plays up as the cube does: what a play does not tell is in none of its sums."""

    def watch_ms(told: list[Row]) -> int:
        return sum(row["watch_ms"] for row in told)

    sums = {"plays": len(plays), "watch_ms": watch_ms(plays)}
    for name, known in KNOWN_WATCH.items():
        told = [row for row in plays if row[name] is not None]
        sums |= {name: sum(row[name] for row in told), known: watch_ms(told)}
    told = [row for row in plays if row["autoplay"] is not None]
    by_itself = [row for row in told if row["autoplay"]]
    return sums | {
        "autoplay_known_plays": len(told),
        "autoplay_plays": len(by_itself),
        "autoplay_known_watch_ms": watch_ms(told),
        "autoplay_watch_ms": watch_ms(by_itself),
    }


def play(play_id: str, started_at: datetime, watch_min: int, **more: Any) -> Row:
    return {
        "play_id": play_id,
        "account_id": "ann",
        "title_id": "film",
        "started_at": started_at,
        "watch_ms": watch_min * MINUTE_MS,
        "utc_offset_min": 0,
    } | more


def test_what_is_not_told_of_a_play_is_in_none_of_the_sums(tmp_path: Path) -> None:
    # Of the first, all is told; of the second only the pauses (none) and that it was asked for; of the third nothing.
    # Pauses: 2 + 0, in the 60 + 30 min of two plays. Rewinds: 1, in the 60 min of one. Of the 60 min of which distinct
    # time is told, 50 are distinct. Autoplay: 1 of 2 plays, 60 of 90 min.
    told = {"pauses": 2, "resumes": 1, "seeks_back": 1, "seeks_forward": 3, "paused_ms": 5 * MINUTE_MS}
    noon = datetime(2026, 3, 1, 12)
    summary = build_warehouse(
        write_source(
            tmp_path / "source",
            {
                "titles": [{"title_id": "film", "name": "The Salt Year", "kind": "film"}],
                "plays": [
                    play("all", noon, 60, distinct_ms=50 * MINUTE_MS, autoplay=True, device_type="tv", **told),
                    play("some", noon, 30, pauses=0, autoplay=False, device_type="mobile"),
                    play("none", noon, 10, device_type="mobile"),
                ],
            },
        ),
        tmp_path / "warehouse",
    )
    rows = [row for row in read_source(summary.folder, "interaction_cube") if row["calendar"] == "utc"]
    found = {
        (row["split_by"], row["device_type"]): {name: row[name] for name in SUMMED}
        for row in rows
        if row["split_by"] in ("none", "device")
    }
    minutes = {
        "pauses_known_watch_ms": 90,
        "resumes_known_watch_ms": 60,
        "seeks_back_known_watch_ms": 60,
        "seeks_forward_known_watch_ms": 60,
        "paused_ms": 5,
        "paused_known_watch_ms": 60,
        "distinct_ms": 50,
        "distinct_known_watch_ms": 60,
        "autoplay_known_watch_ms": 90,
        "autoplay_watch_ms": 60,
    }
    assert found["none", None] == {
        "plays": 3,
        "watch_ms": 100 * MINUTE_MS,
        "pauses": 2,
        "resumes": 1,
        "seeks_back": 1,
        "seeks_forward": 3,
        "autoplay_known_plays": 2,
        "autoplay_plays": 1,
    } | {name: value * MINUTE_MS for name, value in minutes.items()}
    on_phones = found["device", "mobile"]
    assert (on_phones["plays"], on_phones["pauses"], on_phones["pauses_known_watch_ms"]) == (2, 0, 30 * MINUTE_MS)
    assert on_phones["seeks_back_known_watch_ms"] == on_phones["distinct_known_watch_ms"] == 0


def write_world(folder: Path, seed: int) -> Path:
    """Write 300 plays of 4 accounts over 12 days, across the end of a month; some tell little of themselves."""
    rng = random.Random(seed)
    first = datetime(2026, 1, 25)
    plans = {"ann": "Basic", "bob": "Premium", "cleo": None, "dan": "Basic"}
    countries = {"ann": "IN", "bob": "NZ", "cleo": None, "dan": "NZ"}

    def maybe(*values: object) -> Any:
        return rng.choice((None, *values))

    return write_source(
        folder,
        {
            "titles": [{"title_id": kind, "name": kind, "kind": kind} for kind in DIMENSIONS["kind"]],
            "accounts": [{"account_id": name, "country": countries[name], "plan": plans[name]} for name in plans],
            "profiles": [
                {"profile_id": f"{account}/{kind}", "account_id": account, "profile_type": kind}
                for account, kind in product(plans, ("standard", "kids"))
            ],
            "plays": [
                {
                    "play_id": f"p{number}",
                    "account_id": (account := rng.choice(tuple(plans))),
                    "title_id": rng.choice(DIMENSIONS["kind"]),
                    "profile_id": rng.choice((f"{account}/standard", f"{account}/kids", None)),
                    "started_at": first + timedelta(seconds=rng.randrange(12 * 24 * 3600)),
                    "watch_ms": rng.choice((0, 59_999, 7 * MINUTE_MS + 1, 100 * MINUTE_MS - 1)),
                    "distinct_ms": maybe(0, 59_999),
                    "paused_ms": maybe(0, 3 * MINUTE_MS),
                    "pauses": maybe(0, 1, 4),
                    "resumes": maybe(0, 1, 3),
                    "seeks_back": maybe(0, 2),
                    "seeks_forward": maybe(0, 5),
                    "autoplay": maybe(True, False),
                    "device_type": rng.choice(DIMENSIONS["device_type"]),
                    "utc_offset_min": rng.choice((-600, 0, 330)),
                }
                for number in range(300)
            ],
        },
    )


World = tuple[BuildSummary, list[dict[str, Any]]]


@pytest.fixture(scope="module", params=[3, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(10, 20))])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a build, and the plays of its source with what the dimensions say of them."""
    folder = tmp_path_factory.mktemp("world")
    source = write_world(folder / "source", request.param)
    accounts = {row["account_id"]: row for row in read_source(source, "accounts")}
    profiles = {row["profile_id"]: row["profile_type"] for row in read_source(source, "profiles")}
    plays = [
        row
        | {
            "kind": row["title_id"],
            "profile_type": profiles.get(row["profile_id"]),
            "account_country": accounts[row["account_id"]]["country"],
            "account_plan": accounts[row["account_id"]]["plan"],
        }
        for row in read_source(source, "plays")
    ]
    return build_warehouse(source, folder / "warehouse"), plays


choices = st.dictionaries(st.sampled_from(tuple(DIMENSIONS)), st.just(None)).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: st.sets(st.sampled_from(DIMENSIONS[name]), min_size=1).map(frozenset) for name in names}
    )
)


@given(st.sampled_from(("local", "utc")), choices)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_choice_of_filters_gives_what_the_plays_give(
    world: World, calendar: str, chosen: dict[str, frozenset[str | None]]
) -> None:
    summary, plays = world
    by_day: dict[date, list[Row]] = {}
    for row in plays:
        if all(row[name] in values for name, values in chosen.items()):
            ahead = timedelta(minutes=row["utc_offset_min"] if calendar == "local" else 0)
            by_day.setdefault((row["started_at"] + ahead).date(), []).append(row)
    assert days_of_cube(summary.folder, calendar, chosen) == {day: sums_of(rows) for day, rows in by_day.items()}


def days_of_cube(
    folder: Path, calendar: str, chosen: Mapping[str, frozenset[str | None]]
) -> dict[date, dict[str, int]]:
    splits = [split for name, split in SPLIT_OF.items() if name in chosen]
    conditions = [
        f"coalesce({name}, '-') in ({', '.join(repr(value or '-') for value in values)})"
        for name, values in chosen.items()
    ]
    rows = duckdb.execute(
        f"""
        select day, {", ".join(f"sum({name})" for name in SUMMED)}
        from read_parquet('{folder}/interaction_cube/*/*.parquet')
        where calendar = $calendar and split_by = $split_by and {" and ".join(("true", *conditions))}
        group by day
        """,
        {
            "calendar": calendar,
            "split_by": "none" if not splits else splits[0] if len(splits) == 1 else "all",
        },
    ).fetchall()
    return {day: dict(zip(SUMMED, map(int, sums), strict=True)) for day, *sums in rows}
