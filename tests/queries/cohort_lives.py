"""Random lives of accounts, and their cohorts counted account by account in plain Python."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from definitions.countries import MAIN_ZONES
from queries.cohorts import period_after, period_start
from queries.db import Build
from tests.sources import Row, read_source

ONE_DAY = timedelta(days=1)
ZONE = "Pacific/Auckland"
TITLES: list[Row] = [
    {"title_id": "film", "name": "The Salt Year", "kind": "film"},
    {"title_id": "e1", "name": "One", "kind": "episode", "series_id": "s", "series_name": "Shore"},
    {"title_id": "trailer", "name": "The Salt Year", "kind": "trailer"},
]
TAGS: list[Row] = [
    {"title_id": "film", "tag_kind": "genre", "tag": "Drama"},
    {"title_id": "film", "tag_kind": "genre", "tag": "Comedy"},
]


def play(account: str, started_at: datetime, watch_s: int = 60, title: str = "film", **more: Any) -> Row:
    return {
        "play_id": f"{account} {started_at} {title} {watch_s}",
        "account_id": account,
        "title_id": title,
        "started_at": started_at,
        "watch_ms": watch_s * 1000,
        "utc_offset_min": 0,
        "device_type": "tv",
        **more,
    }


def change(account: str, at: datetime, event: str, plan: str | None = None) -> Row:
    return {"event_id": f"{account} {at}", "account_id": account, "ts": at, "event": event, "plan": plan}


def march(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 3, 1, hour, minute) + (day - 1) * ONE_DAY


def lives_by_hand() -> dict[str, list[Row]]:
    """Return five accounts of March 2026, whose data begin on Monday, 2 March, and end, incomplete, on 1 April.

    Zoe was there before. Of the week of 2 March are Ann, active in its weeks 0, 1 and 2, and Bob, in 0, 1 and 3; of the
    next Cat, who plays once; of that of 16 March Eve, in 0 and 1, of whom it is not known when she signed up. Dan signs
    up and plays 59 seconds.
    """
    signed_up = {
        "zoe": datetime(2025, 5, 1),
        "ann": march(3, 10),
        "bob": march(5),
        "cat": march(2),
        "dan": march(12),
    }
    return {
        "titles": TITLES,
        "title_tags": TAGS,
        "accounts": [
            {
                "account_id": name,
                "signed_up_at": at,
                "country": "IN" if name < "c" else "FR",
                "acquisition_channel": "search",
            }
            for name, at in signed_up.items()
        ],
        "plays": [
            play("zoe", march(2)),
            # A week of 24 hours has passed for Ann exactly at her third play, and the calendar's just at her second.
            play("ann", march(4, 20), device_type="mobile", title="e1"),
            play("ann", march(9, 0)),
            play("ann", march(18, 20)),
            play("bob", march(8, 23, 30)),
            play("bob", march(15, 23, 29), 1800),
            play("bob", march(25), device_type="mobile"),
            play("cat", march(10)),
            play("dan", march(13), 59),
            play("eve", march(17)),
            play("eve", march(24)),
            play("zoe", march(32)),
        ],
        "subscription_events": [
            change("ann", march(3, 10), "start", "basic"),
            change("ann", march(11), "end"),
            change("bob", march(5), "start", "family"),
            change("bob", march(15), "end"),
            change("bob", march(30), "rejoin", "basic"),
        ],
    }


DAYS = 100
FIRST_DAY = date(2026, 1, 7)
COUNTRIES = ("IN", "FR", "US", None)


@cache
def random_lives() -> dict[str, list[Row]]:
    """Return 150 accounts of two countries and some of none, and what they play, begin and end in a hundred days."""
    rng = random.Random(11)
    accounts: list[Row] = []
    plays: list[Row] = [play("0", datetime(2026, 1, 7, 9)), play("0", datetime(2026, 1, 7) + DAYS * ONE_DAY)]
    changes: list[Row] = []
    for number in range(150):
        name = str(number)
        begun = datetime(2026, 1, 7) + rng.randrange(-5 * 24, (DAYS - 1) * 24) * timedelta(hours=1)
        knows = rng.random() < 0.7
        accounts.append(
            {
                "account_id": name,
                "country": COUNTRIES[number % 4],
                "signed_up_at": begun if knows else None,
                "acquisition_channel": rng.choice(["search", "friend", None]),
            }
        )
        at = begun + rng.choice([timedelta(), timedelta(hours=rng.randrange(100))])
        offset = rng.choice([0, 0, 330, -480, 780])
        for _ in range(rng.choice([0, 1, 1, 3, 8, 20])):
            if datetime(2026, 1, 7, 9) <= at < datetime(2026, 1, 7) + DAYS * ONE_DAY:
                plays.append(
                    play(
                        name,
                        at,
                        rng.choice([59, 60, 60, 1200]),
                        rng.choice(["film", "film", "e1", "trailer"]),
                        utc_offset_min=rng.choice([offset, offset, 0]),
                        device_type=rng.choice(["tv", "mobile", None]),
                    )
                )
            # To the second on the borders of hours, days, weeks and months of 24 hours, and anywhere.
            at += rng.choice(
                [ONE_DAY, 7 * ONE_DAY, 28 * ONE_DAY, timedelta(hours=rng.randrange(1, 400)), timedelta(seconds=1)]
            )
        if rng.random() < 0.5:
            start = begun
            for event in ("start", "end", "rejoin", "end")[: rng.randrange(1, 5)]:
                if start < datetime(2026, 1, 7) + DAYS * ONE_DAY:
                    changes.append(change(name, start, event, rng.choice(["basic", "family"])))
                start += rng.randrange(1, 40) * ONE_DAY
    unique = {str(row["play_id"]): row for row in plays}
    return {
        "titles": TITLES,
        "title_tags": TAGS,
        "accounts": accounts,
        "plays": list(unique.values()),
        "subscription_events": changes,
    }


CHOICES = st.fixed_dictionaries(
    {
        "calendar": st.sampled_from(["local", "utc", "service"]),
        "cohort_begins": st.sampled_from(["first_activity", "sign_up"]),
        "cohort_period": st.sampled_from(["day", "week", "month"]),
        "cohort_intervals": st.sampled_from(["calendar", "personal"]),
        "retained_as": st.sampled_from(["on", "on_or_after", "on_or_before", "streak"]),
        "retained_by": st.sampled_from(["activity", "activity", "hours", "paid"]),
        "retained_hours": st.sampled_from(["0.02", "0.5"]),
        "cohort_before": st.sampled_from(["left", "kept"]),
        "intervals_shown": st.sampled_from(["", "", "3", "9"]),
    },
    optional={"device": st.just("tv"), "country": st.just("IN")},
)


def zone_day(at: datetime, zone: str) -> date:
    return at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()


@cache
def subscriptions_in(folder: Path) -> list[Row]:
    return list(read_source(folder, "subscriptions"))


def by_account(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["account_id"], []).append(row)
    return found


class Reference:
    """Cohorts counted account by account, and interval by interval, from the source's rows."""

    def __init__(self, build: Build, choices: dict[str, str], start_day: date, end_day: date) -> None:
        self.choices, self.start_day, self.end_day = choices, start_day, end_day
        self.first_day = build.manifest.spans[choices["calendar"]].first_day
        self.period = choices["cohort_period"]
        self.is_personal = choices["cohort_intervals"] == "personal"
        self.length = {"day": 1, "week": 7, "month": 28}[self.period] * ONE_DAY
        self.subscriptions = by_account(
            row for row in subscriptions_in(build.folder) if row["calendar"] == choices["calendar"]
        )
        self.changes = by_account(random_lives()["subscription_events"])
        self.plays = by_account(random_lives()["plays"])

    def day_of(self, row: Row) -> date:
        match self.choices["calendar"]:
            case "local":
                at: datetime = row["started_at"] + timedelta(minutes=row["utc_offset_min"])
                return at.date()
            case "service":
                return zone_day(row["started_at"], ZONE)
            case _:
                started_at: datetime = row["started_at"]
                return started_at.date()

    def signed_up(self, account: Row) -> tuple[datetime | None, bool]:
        """Return when an account signed up, and whether it only can be said that it was before the data."""
        own = self.subscriptions.get(account["account_id"], [])
        if account["signed_up_at"] is not None:
            return account["signed_up_at"], False
        if any(row["began_as"] == "before" for row in own):
            return None, True
        return min((row["ts"] for row in self.changes.get(account["account_id"], [])), default=None), False

    def members(self) -> Iterator[tuple[Row, date | None, datetime, date]]:
        """Give of each account its cohort, None for those there before, and when and on which day its life begins."""
        for account in random_lives()["accounts"]:
            zones = {"local": MAIN_ZONES.get(account["country"] or "", "UTC"), "service": ZONE, "utc": "UTC"}
            moment, is_before = self.signed_up(account)
            sign_up_day = zone_day(moment, zones[self.choices["calendar"]]) if moment else None
            is_before = is_before or (sign_up_day is not None and sign_up_day < self.first_day)
            active = [row for row in self.plays.get(account["account_id"], []) if is_active(row)]
            if self.choices["cohort_begins"] == "sign_up":
                own_at, own_day = moment, sign_up_day
            else:
                own_at = min((row["started_at"] for row in active), default=None)
                own_day = min(map(self.day_of, active), default=None)
                if moment is None and own_day and period_start(own_day, self.period) <= self.first_day:
                    is_before = True
            if is_before:
                if self.choices["cohort_before"] == "kept":
                    start = datetime.combine(self.first_day, datetime.min.time())
                    yield account, None, start, self.first_day
            elif own_day is not None and own_at is not None and own_day < self.end_day:
                yield account, period_start(own_day, self.period), own_at, own_day

    def interval(self, day: date, at: datetime, own_day: date, own_at: datetime, *, by_days: bool) -> int:
        if self.is_personal:
            return (day - own_day) // self.length if by_days else (at - own_at) // self.length
        number, start = 0, period_start(own_day, self.period)
        while period_after(start, self.period) <= day:
            number, start = number + 1, period_after(start, self.period)
        return number

    def retained(self, account: Row, own_at: datetime, own_day: date) -> set[int]:
        name = account["account_id"]
        if self.choices["retained_by"] == "paid":
            days = set()
            for row in self.subscriptions.get(name, []):
                day = max(row["start_day"] or own_day, own_day)
                while day < self.end_day and (row["end_day"] is None or day <= row["end_day"]):
                    days.add(day)
                    day += ONE_DAY
            return {self.interval(day, own_at, own_day, own_at, by_days=True) for day in days}
        watched: dict[int, int] = {}
        active = set()
        for row in self.plays.get(name, []):
            day = self.day_of(row)
            since = row["started_at"] >= own_at if self.is_personal else day >= own_day
            is_counted = (
                row["title_id"] != "trailer" and self.choices.get("device", row["device_type"]) == row["device_type"]
            )
            if since and is_counted and day < self.end_day:
                number = self.interval(day, row["started_at"], own_day, own_at, by_days=False)
                watched[number] = watched.get(number, 0) + row["watch_ms"]
                if row["watch_ms"] >= 60_000:
                    active.add(number)
        if self.choices["retained_by"] == "hours":
            least = float(self.choices["retained_hours"]) * 3_600_000
            return {number for number, watch_ms in watched.items() if watch_ms >= least}
        return active


def is_active(row: Row) -> bool:
    return bool(row["watch_ms"] >= 60_000 and row["title_id"] != "trailer")


def is_retained(active: set[int], counted_as: str, number: int, last: int) -> bool:
    match counted_as:
        case "on":
            return number in active
        case "on_or_after":
            return any(number <= other <= last for other in active)
        case "on_or_before":
            return any(1 <= other <= number for other in active)
        case _:
            return all(other in active for other in range(number + 1))
