"""Which accounts came, stayed, went and came back: by hand, and against a count in plain Python."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.adding_up import refuse_shared_numbers
from pipeline.build.build import BuildSummary, build_warehouse
from pipeline.errors import SourceError
from tests.sources import Row, read_source, write_source

ONE_DAY = timedelta(days=1)
WEEKS = [date(2026, 3, 2) + number * 7 * ONE_DAY for number in range(5)]
TITLES: list[Row] = [
    {"title_id": "film", "name": "The Salt Year", "kind": "film"},
    {"title_id": "trailer", "name": "The Salt Year", "kind": "trailer"},
]


def play(account: str, day: date, *, hour: int = 12, watch_s: int = 60, title: str = "film") -> Row:
    started_at = datetime(day.year, day.month, day.day, hour)
    return {
        "play_id": f"{account} {started_at} {title} {watch_s}",
        "account_id": account,
        "title_id": title,
        "started_at": started_at,
        "watch_ms": watch_s * 1000,
        "utc_offset_min": 0,
    }


def built(folder: Path, tables: dict[str, list[Row]]) -> BuildSummary:
    return build_warehouse(write_source(folder / "source", {"titles": TITLES} | tables), folder / "warehouse")


def counts(summary: BuildSummary, table: str, *columns: str, period: str) -> Counter[tuple[Any, ...]]:
    """Return the accounts of a table's rows of one period in UTC, by the values of these columns."""
    found: Counter[tuple[Any, ...]] = Counter()
    for row in read_source(summary.folder, table):
        if (row["calendar"], row["period"]) == ("utc", period):
            found[tuple(row[name] for name in columns)] += row["accounts"]
    return found


def four_accounts() -> dict[str, list[Row]]:
    """Return a source that begins on Monday, 2 March, and ends on Wednesday, 25 March.

    Ann signed up on 3 March, Bob the year before; of Cleo and Dan it is not known. By week: Ann is active in 1, 2 and
    4, Bob in 2 and 3, Cleo in 1, Dan in 3.
    """
    ann = [
        play("ann", WEEKS[0] + ONE_DAY),
        play("ann", WEEKS[1]),
        play("ann", WEEKS[1]),
        play("ann", WEEKS[3] + 2 * ONE_DAY),
    ]
    return {
        "accounts": [
            {"account_id": "ann", "signed_up_at": datetime(2026, 3, 3)},
            {"account_id": "bob", "signed_up_at": datetime(2025, 3, 3)},
        ],
        "plays": [
            *{row["play_id"]: row for row in ann}.values(),
            play("bob", WEEKS[1]),
            play("bob", WEEKS[2] + 6 * ONE_DAY),
            play("cleo", WEEKS[0]),
            play("dan", WEEKS[2]),
        ],
    }


def test_accounts_by_state_in_each_week(tmp_path: Path) -> None:
    # Cleo's first activity lies in the data's first week, and Bob was there before: neither can be told to be new. The
    # fourth week ends after the data do.
    summary = built(tmp_path, four_accounts())
    first, second, third, fourth = WEEKS[:4]
    assert counts(summary, "lifecycle_cube", "period_start", "is_complete", "state", period="week") == {
        (first, True, "new"): 1,
        (first, True, "first_seen"): 1,
        (second, True, "returning"): 1,
        (second, True, "first_seen"): 1,
        (second, True, "dormant"): 1,
        (third, True, "returning"): 1,
        (third, True, "new"): 1,
        (third, True, "dormant"): 1,
        (fourth, False, "resurrected"): 1,
        (fourth, False, "dormant"): 2,
    }
    # March began before the data do. Dan is active in their first month, and when he came is not known.
    assert counts(summary, "lifecycle_cube", "period_start", "is_complete", "state", period="month") == {
        (date(2026, 3, 1), False, "new"): 1,
        (date(2026, 3, 1), False, "first_seen"): 3,
    }


def test_only_a_minute_of_a_film_an_episode_or_live_is_activity(tmp_path: Path) -> None:
    plays = [
        play("ann", WEEKS[0], watch_s=59),
        play("ann", WEEKS[1], watch_s=600, title="trailer"),
        play("ann", WEEKS[2], watch_s=60),
    ]
    summary = built(tmp_path, {"plays": plays})
    assert counts(summary, "lifecycle_cube", "period_start", "state", period="week") == {(WEEKS[2], "new"): 1}


@pytest.mark.parametrize(
    ("day", "event", "arrival"),
    [
        # The data begin with Zoe's play on 2 March.
        (date(2026, 3, 1), "start", "before"),
        (date(2026, 3, 2), "start", "new"),
        # Nothing tells when it began: it ran already.
        (date(2026, 3, 4), "renew", "before"),
    ],
)
def test_where_no_account_says_when_it_signed_up_its_subscription_does(
    tmp_path: Path, day: date, event: str, arrival: str
) -> None:
    change: Row = {
        "event_id": "1",
        "account_id": "ann",
        "ts": datetime(day.year, day.month, day.day, 8),
        "event": event,
    }
    summary = built(
        tmp_path, {"plays": [play("zoe", WEEKS[0]), play("ann", WEEKS[1])], "subscription_events": [change]}
    )
    arrivals = {
        row["account_id"]: row["arrival"]
        for row in read_source(summary.folder, "account_beginnings")
        if row["calendar"] == "utc"
    }
    assert arrivals == {"zoe": None, "ann": arrival}


def test_states_have_the_plan_at_the_end_of_the_period(tmp_path: Path) -> None:
    # Ann is on Basic, and from Sunday of the second week on Premium.
    changes: list[Row] = [
        {
            "event_id": str(day),
            "account_id": "ann",
            "ts": datetime(day.year, day.month, day.day),
            "event": "start",
            "plan": plan,
        }
        for day, plan in ((WEEKS[0], "Basic"), (WEEKS[1] + 6 * ONE_DAY, "Premium"))
    ]
    plays = [play("ann", day) for day in WEEKS[:2]]
    summary = built(tmp_path, {"plays": plays, "subscription_events": changes})
    assert counts(summary, "lifecycle_cube", "period_start", "account_plan", period="week") == {
        (WEEKS[0], "Basic"): 1,
        (WEEKS[1], "Premium"): 1,
    }


def period_start(day: date, period: str) -> date:
    return day - day.weekday() * ONE_DAY if period == "week" else day.replace(day=1)


def next_start(start: date, period: str) -> date:
    return period_start(start + (7 if period == "week" else 31) * ONE_DAY, period)


def expected(plays: list[Row], signed_up: dict[str, date], period: str) -> Counter[Any]:
    """Count states by (period, state), account by account."""
    days = [row["started_at"].date() for row in plays]
    last = period_start(max(days), period)
    states: Counter[Any] = Counter()
    for account in {row["account_id"] for row in plays}:
        own = [row for row in plays if row["account_id"] == account]
        active = {
            period_start(row["started_at"].date(), period)
            for row in own
            if row["watch_ms"] >= 60_000 and row["title_id"] == "film"
        }
        if not active:
            continue
        arrival = "new"
        if account in signed_up:
            arrival = "before" if signed_up[account] < min(days) else "new"
        elif min(active) <= min(days):
            arrival = "unknown"
        start, was_active = min(active), False
        while start <= last:
            if start in active:
                if start == min(active):
                    states[start, "new" if arrival == "new" else "first_seen"] += 1
                else:
                    states[start, "returning" if was_active else "resurrected"] += 1
            elif was_active:
                states[start, "dormant"] += 1
            was_active, start = start in active, next_start(start, period)
    return states


def assert_any_plays_are_counted(folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    accounts = [f"account-{number}" for number in range(rng.randint(1, 12))]
    first = date(2025, 12, 1) + rng.randrange(10) * ONE_DAY
    signed_up = {account: first + rng.randint(-3, 60) * ONE_DAY for account in accounts if rng.random() < 0.6}
    plays = {
        row["play_id"]: row
        for row in (
            play(
                rng.choice(accounts),
                first + rng.randrange(90) * ONE_DAY,
                watch_s=rng.choice((59, 60)),
                title=rng.choice(("film", "film", "trailer")),
            )
            for _ in range(rng.randint(1, 120))
        )
    }
    sign_ups: list[Row] = [
        {"account_id": account, "signed_up_at": datetime(day.year, day.month, day.day)}
        for account, day in signed_up.items()
    ]
    summary = built(folder, {"accounts": sign_ups, "plays": list(plays.values())})
    for period in ("week", "month"):
        states = expected(list(plays.values()), signed_up, period)
        assert counts(summary, "lifecycle_cube", "period_start", "state", period=period) == states


@given(st.integers(0, 10**6))
@settings(max_examples=4, deadline=None)
def test_plays_give_the_counts_of_a_plain_count(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    assert_any_plays_are_counted(tmp_path_factory.mktemp("world"), seed)


@pytest.mark.verify
@given(st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_any_plays_give_the_counts_of_a_plain_count(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    assert_any_plays_are_counted(tmp_path_factory.mktemp("world"), seed)


def test_two_accounts_never_count_as_one() -> None:
    # No two texts with one hash are known, so the numbers are written down here.
    connection = duckdb.connect()
    connection.execute(
        "attach ':memory:' as published; create table published.account_beginnings as from (values "
        "('utc', 'ann', 7), ('local', 'ann', 7), ('utc', 'bob', 8)) as accounts (calendar, account_id, account_number)"
    )
    refuse_shared_numbers(connection)
    connection.execute("insert into published.account_beginnings values ('utc', 'cat', 8)")
    with pytest.raises(SourceError, match=r"«bob» and «cat» have one number.* give one of the two another id"):
        refuse_shared_numbers(connection)
