"""Visits and binges of random plays, counted in plain Python."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from tests.sources import Row

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ZONE = "Pacific/Auckland"
FIRST = datetime(2026, 2, 22)
TITLES: tuple[Row, ...] = (
    {"title_id": "film", "name": "The Salt Year", "kind": "film", "released_on": date(2026, 1, 1)},
    {"title_id": "trailer", "name": "The Salt Year", "kind": "trailer", "series_id": "salt"},
    *(
        {
            "title_id": f"{series}{number}",
            "name": f"Episode {number}",
            "kind": "episode",
            "series_id": series,
            "season_number": 1 + number // 4,
            "episode_number": number,
            "released_on": None if (series, number) == ("tide", 4) else date(2026, 2, 20 + number),
        }
        for series, number in product(("salt", "tide"), range(1, 5))
    ),
)


def random_tables(seed: int) -> dict[str, list[Row]]:
    """Return 300 plays of 3 accounts over 12 days about the end of a month.

    Some name a visit, and some visits go on for days.
    """
    rng = random.Random(seed)
    accounts = ("ann", "bob", "cleo")
    titles = [row["title_id"] for row in TITLES]
    lengths = (0, 1, 10, 25, 29, 60, 200, 20 * 60)
    moments = [FIRST + timedelta(minutes=5 * rng.randrange(12 * 24 * 12)) for _ in range(100)]
    # Three of each: sittings, and plays at the same moment.
    moments += [moment + timedelta(minutes=rng.choice((0, 20, 30, 40, 61))) for moment in moments * 2]
    return {
        "titles": list(TITLES),
        "accounts": [
            {"account_id": account, "country": country, "plan": "Basic"}
            for account, country in zip(accounts, ("IN", "NZ", None), strict=True)
        ],
        "profiles": [
            {"profile_id": f"{account}/{kind}", "account_id": account, "profile_type": kind}
            for account, kind in product(accounts, ("standard", "kids"))
        ],
        "subscription_events": [
            {
                "event_id": f"c{number}",
                "account_id": rng.choice(accounts[:2]),
                "ts": FIRST + timedelta(days=rng.randrange(12)),
                "event": "change_plan",
                "plan": rng.choice(("Basic", "Premium")),
            }
            for number in range(4)
        ],
        "plays": [
            {
                "play_id": f"p{number}",
                "account_id": (account := rng.choice(accounts)),
                "title_id": rng.choice(titles),
                "profile_id": rng.choice((f"{account}/standard", f"{account}/standard", f"{account}/kids", None)),
                "visit_id": rng.choice((None, None, None, None, "v", "w", f"v{number // 2}")),
                "started_at": moment,
                "watch_ms": rng.choice(lengths) * 60_000,
                "paused_ms": rng.choice((None, 0, 9 * 60_000)),
                "device_type": rng.choice(("tv", "mobile", None)),
                "utc_offset_min": rng.choice((-600, 0, 330, 765)),
            }
            for number, moment in enumerate(moments)
        ],
    }


def ended_at(play: Row) -> datetime:
    parts = ("startup_ms", "watch_ms", "paused_ms", "rebuffer_ms")
    run_ms = min(sum(play.get(name) or 0 for name in parts), 24 * 3_600_000)
    started_at: datetime = play["started_at"]
    return started_at + timedelta(milliseconds=run_ms or 1)


def runs(plays: Sequence[Row], gap: timedelta) -> Iterator[list[Row]]:
    """Follow the plays of one chain from one to the next."""
    run: list[Row] = []
    ended = first = FIRST
    for play in sorted(plays, key=lambda row: (row["started_at"], row["play_id"])):
        apart = not run or play["started_at"] - ended >= gap
        days_on, days_on_before = (
            (at.date() - first.date()).days for at in (play["started_at"], run[-1]["started_at"] if run else first)
        )
        if apart or (days_on > 1 and days_on > days_on_before):
            if run:
                yield run
            run = []
        if apart:
            first = play["started_at"]
        run.append(play)
        ended = max(ended, ended_at(play))
    if run:
        yield run


def visits_of(plays: Sequence[Row]) -> list[list[Row]]:
    chains: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in plays:
        visit = row.get("visit_id")
        chains[row["account_id"], visit, row["profile_id"] if visit is None else None].append(row)
    return [
        run for (_, visit, _), chain in chains.items() for run in runs(chain, 30 * MINUTE if visit is None else DAY)
    ]


def binges_of(plays: Sequence[Row], titles: Mapping[str, Row]) -> list[list[Row]]:
    chains: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in plays:
        title = titles[row["title_id"]]
        if title["kind"] == "episode":
            chains[row["account_id"], row["profile_id"], title["series_id"]].append(row)
    found = [run for chain in chains.values() for run in runs(chain, 60 * MINUTE)]
    return [run for run in found if len({row["title_id"] for row in run}) >= 3]


def most(run: Sequence[Row], value: Any) -> Any:
    """Return the value of most of a run's watch time; the first where several have as much."""
    amounts: dict[Any, int] = defaultdict(int)
    for row in run:
        amounts[value(row)] += row["watch_ms"]
    return max(amounts, key=lambda key: amounts[key])


class Clocks:
    """When something was in each calendar, and what is told of an account then."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.countries = {row["account_id"]: row["country"] for row in tables["accounts"]}
        self.profiles = {row["profile_id"]: row["profile_type"] for row in tables["profiles"]}
        self.titles = {row["title_id"]: row for row in tables["titles"]}
        self.changes = sorted(tables["subscription_events"], key=lambda row: (row["ts"], row["event_id"]))

    def times(self, play: Row) -> dict[str, datetime]:
        at = play["started_at"]
        return {
            "utc": at,
            "local": at + timedelta(minutes=play["utc_offset_min"]),
            "service": at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None),
        }

    def plan(self, account: str, day: date) -> str | None:
        own = [row for row in self.changes if row["account_id"] == account]
        plans = [row["plan"] for row in own if row["ts"].date() <= day]
        return (plans[-1] if plans else None) if own else "Basic"

    def visit_rows(self, plays: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
        for run in visits_of(plays):
            for calendar, at in self.times(run[0]).items():
                profile = most(run, lambda row: row["profile_id"])
                yield (
                    calendar,
                    at.date(),
                    at.hour,
                    run[0]["account_id"],
                    profile,
                    most(run, lambda row: self.titles[row["title_id"]]["kind"]),
                    most(run, lambda row: row["device_type"]),
                    self.profiles.get(profile),
                    self.countries[run[0]["account_id"]],
                    self.plan(run[0]["account_id"], at.date()),
                    len(run),
                    sum(row["watch_ms"] for row in run),
                    (max(map(ended_at, run)) - run[0]["started_at"]) // timedelta(milliseconds=1),
                )

    def binge_rows(self, plays: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
        for run in binges_of(plays, self.titles):
            for calendar, at in self.times(run[0]).items():
                yield (
                    calendar,
                    at.date(),
                    at.hour,
                    run[0]["account_id"],
                    most(run, lambda row: row["device_type"]),
                    self.profiles.get(run[0]["profile_id"]),
                    self.countries[run[0]["account_id"]],
                    self.plan(run[0]["account_id"], at.date()),
                    len({row["title_id"] for row in run}),
                    sum(row["watch_ms"] for row in run),
                    max(self.titles[row["title_id"]]["season_number"] for row in run),
                )
