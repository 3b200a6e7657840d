"""Random lives of subscriptions, and the bands of each of their months, counted in plain Python."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from definitions.countries import MAIN_ZONES
from definitions.manifest import DaySpan
from tests.sources import Row

ONE_DAY = timedelta(days=1)
HOUR_MS = 3_600_000
SERVICE_ZONE = "Pacific/Auckland"
FIRST = datetime(2026, 1, 1, 12)
DAYS = 170
# The last event: its day is not complete.
LAST = FIRST + DAYS * ONE_DAY
TITLES: list[Row] = [
    {"title_id": kind, "kind": kind, "name": kind, "runtime_ms": 4 * HOUR_MS} for kind in ("film", "trailer")
]


@dataclass(frozen=True)
class Stretch:
    """One subscription: how long it runs, how it ends (None: it does not), and how long until the next begins."""

    days: int
    ends_by: str | None
    days_apart: int
    plan: str


@dataclass(frozen=True)
class Viewing:
    """One play a day on some days in a row, the first so many days after the first event of the account."""

    from_day: int
    days: int
    hour: int
    watch_ms: int
    rebuffer_ms: int | None
    device: str | None
    kind: str
    utc_offset_min: int | None


@dataclass(frozen=True)
class Search:
    """One search, so many days after the first event of the account; ``results`` None is not told."""

    on_day: int
    hour: int
    results: int | None


@dataclass(frozen=True)
class Life:
    """All that one account does. ``first_event`` tells whether its first subscription begins with it, or runs already.

    ``signed_up_days`` is how many days before it the account signed up, None where that is unknown; ``new_plan_day``,
    how many days after it the plan changes.
    """

    first_at: datetime
    first_event: str
    signed_up_days: int | None
    country: str | None
    own_plan: str | None
    new_plan_day: int | None
    recovers: bool
    stretches: tuple[Stretch, ...]
    viewings: tuple[Viewing, ...]
    searches: tuple[Search, ...]


STRETCHES = st.builds(
    Stretch,
    days=st.integers(1, 130),
    ends_by=st.sampled_from(["end", "end", "payment", None]),
    days_apart=st.integers(1, 40),
    plan=st.sampled_from(["basic", "family"]),
)
VIEWINGS = st.builds(
    Viewing,
    from_day=st.integers(-10, 130),
    days=st.sampled_from([1, 1, 3, 4, 10, 40]),
    hour=st.integers(0, 23),
    watch_ms=st.sampled_from([59_999, 60_000, HOUR_MS // 2, 2 * HOUR_MS, 5 * HOUR_MS, 20 * HOUR_MS]),
    rebuffer_ms=st.sampled_from([None, 0, 1_000, 10_000, 60_000]),
    device=st.sampled_from(["tv", "mobile", None]),
    kind=st.sampled_from(["film", "film", "film", "trailer"]),
    utc_offset_min=st.sampled_from([None, 0, 330, 780]),
)
SEARCHES = st.builds(
    Search,
    # Often just before or on the day on which a month of life begins, so that it matters whose day it is.
    on_day=st.integers(-10, 130) | st.sampled_from([-1, 0, 29, 30, 59, 60, 89, 90]),
    hour=st.integers(0, 23),
    results=st.sampled_from([None, 0, 3, 3]),
)
LIVES = st.lists(
    st.builds(
        Life,
        first_at=st.integers(-60 * 24, 100 * 24).map(lambda hours: FIRST + timedelta(hours=hours)),
        first_event=st.sampled_from(["start", "start", "renew"]),
        signed_up_days=st.sampled_from([None, 0, 100]),
        country=st.sampled_from(["IN", "FR", None]),
        own_plan=st.sampled_from(["basic", None]),
        new_plan_day=st.none() | st.integers(1, 100),
        recovers=st.booleans(),
        stretches=st.lists(STRETCHES, min_size=1, max_size=3).map(tuple),
        viewings=st.lists(VIEWINGS, max_size=4).map(tuple),
        searches=st.lists(SEARCHES, max_size=4).map(tuple),
    ),
    min_size=20,
    max_size=40,
)


def source_tables(lives: Sequence[Life], *, results_told: bool) -> dict[str, list[Row]]:
    """Return a source of these accounts, numbered from 0, and of one that is there on the first and on the last day."""
    tables: dict[str, list[Row]] = defaultdict(list)
    tables["titles"] = TITLES
    for at in (FIRST, LAST):
        tables["plays"].append(_play("other", at, Viewing(0, 1, 12, 60_000, None, "tv", "film", 0)))
    for number, life in enumerate(lives):
        account = str(number)
        signed_up_at = None if life.signed_up_days is None else _signed_up_at(life)
        tables["accounts"].append(
            {"account_id": account, "country": life.country, "plan": life.own_plan, "signed_up_at": signed_up_at}
        )
        tables["subscription_events"] += [
            {"event_id": f"{account} {at} {event}", "account_id": account, "ts": at, "event": event, "plan": plan}
            for at, event, plan in _events(life)
        ]
        tables["plays"] += [_play(account, at, viewing) for at, viewing in _plays(life)]
        tables["searches"] += [
            {
                "search_id": f"{account} {place}",
                "account_id": account,
                "ts": at,
                "query": "wide",
                "results": search.results if results_told else None,
            }
            for place, (at, search) in enumerate(_searches(life))
        ]
    return dict(tables)


def expected_cells(
    lives: Sequence[Life], calendar: str, days: DaySpan, *, results_told: bool
) -> dict[tuple[object, ...], tuple[int, int, int]]:
    """Count the months of life of the subscriptions by what was done in the one before, and those that ended in them.

    The numbers are all, those that left, and those of these that left for want of payment.
    """
    counts: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for life in lives:
        for begun, is_known, left, for_payment in _subscriptions(life, calendar, days):
            month = 1
            while (began := begun + 30 * month * ONE_DAY) + 30 * ONE_DAY <= days.end_day:
                before = begun + 30 * (month - 1) * ONE_DAY
                over = began + 30 * ONE_DAY
                if before >= days.first_day and (left is None or left >= began):
                    month_start = (over - ONE_DAY).replace(day=1)
                    tenure = "unknown" if not is_known else "early" if month <= 3 else "later"
                    searched = _searched(life, calendar, before, began) if results_told else None
                    cell = (
                        month_start,
                        *_viewed(life, calendar, before, began),
                        searched,
                        tenure,
                        life.country,
                        _plan_on(life, began - ONE_DAY),
                    )
                    leaves = left is not None and left < over
                    for place, is_counted in enumerate((True, leaves, leaves and for_payment)):
                        counts[cell][place] += is_counted
                month += 1
    return {cell: (every, left, unpaid) for cell, (every, left, unpaid) in counts.items()}


def _signed_up_at(life: Life) -> datetime:
    # In the morning: the same day by every clock here.
    return (life.first_at - (life.signed_up_days or 0) * ONE_DAY).replace(hour=3)


def _spells(life: Life) -> Iterator[tuple[datetime, Stretch]]:
    """Give the beginning of each subscription; none begins while the one before runs, or is not paid for."""
    at = life.first_at
    for stretch in life.stretches:
        yield at, stretch
        if stretch.ends_by is None:
            break
        grace_days = 31 if stretch.ends_by == "payment" else 0
        at += (stretch.days + grace_days + stretch.days_apart) * ONE_DAY


def _events(life: Life) -> list[tuple[datetime, str, str | None]]:
    found: list[tuple[datetime, str, str | None]] = []
    for number, (at, stretch) in enumerate(_spells(life)):
        found.append((at, "rejoin" if number else life.first_event, stretch.plan if life.new_plan_day else None))
        if stretch.ends_by is not None:
            ends = "end" if stretch.ends_by == "end" else "payment_failed"
            found.append((at + stretch.days * ONE_DAY, ends, None))
    first = life.stretches[0]
    if life.recovers and first.days > 2:
        found.append((life.first_at + timedelta(hours=1), "payment_failed", None))
        found.append((life.first_at + ONE_DAY, "payment_recovered", None))
    if life.new_plan_day and life.new_plan_day < first.days:
        found.append((life.first_at + life.new_plan_day * ONE_DAY, "change_plan", "premium"))
    return [event for event in found if event[0] <= LAST]


def _at(life: Life, day: int, hour: int) -> datetime:
    return (life.first_at + day * ONE_DAY).replace(hour=hour)


def _plays(life: Life) -> Iterator[tuple[datetime, Viewing]]:
    for number, viewing in enumerate(life.viewings):
        for day in range(viewing.days):
            at = _at(life, viewing.from_day + day, viewing.hour) + timedelta(minutes=number)
            if FIRST <= at <= LAST:
                yield at, viewing


def _searches(life: Life) -> Iterator[tuple[datetime, Search]]:
    for search in life.searches:
        at = _at(life, search.on_day, search.hour)
        if FIRST <= at <= LAST:
            yield at, search


def _play(account: str, at: datetime, viewing: Viewing) -> Row:
    return {
        "play_id": f"{account} {at}",
        "account_id": account,
        "title_id": viewing.kind,
        "started_at": at,
        "watch_ms": viewing.watch_ms,
        "rebuffer_ms": viewing.rebuffer_ms,
        "device_type": viewing.device,
        "utc_offset_min": viewing.utc_offset_min,
    }


def _day(life: Life, calendar: str, at: datetime, utc_offset_min: int | None = None) -> date:
    """Return the day of a moment by one calendar; the viewer's own clock, where it is told, is the local one."""
    if calendar == "local" and utc_offset_min is not None:
        return (at + timedelta(minutes=utc_offset_min)).date()
    zones = {"local": MAIN_ZONES.get(life.country or "", "UTC"), "service": SERVICE_ZONE, "utc": "UTC"}
    return at.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zones[calendar])).date()


def _subscriptions(life: Life, calendar: str, days: DaySpan) -> Iterator[tuple[date, bool, date | None, bool]]:
    """Give the day that each one's months count from, whether that is its beginning, when it left, and if unpaid."""
    for number, (at, stretch) in enumerate(_spells(life)):
        if at > LAST:
            return
        end_at = at + stretch.days * ONE_DAY
        is_unpaid = stretch.ends_by == "payment"
        if is_unpaid:
            end_at += 30 * ONE_DAY
        left = None
        if stretch.ends_by is not None and end_at <= LAST:
            # Settled 30 days before the day on which it is told, when the payment failed.
            left = _day(life, calendar, end_at) - (30 if is_unpaid else 0) * ONE_DAY
        if number or life.first_event == "start":
            yield _day(life, calendar, at), True, left, is_unpaid
        elif life.signed_up_days is not None:
            yield _signed_up_at(life).date(), True, left, is_unpaid
        else:
            # It is only known that it ran before the data.
            yield days.first_day, False, left, is_unpaid


def _viewed(life: Life, calendar: str, from_day: date, to_day: date) -> tuple[str | None, ...]:
    """Return the bands of hours watched, days active and stalls, and the main device."""
    viewed = [
        (day, viewing)
        for at, viewing in _plays(life)
        if from_day <= (day := _day(life, calendar, at, viewing.utc_offset_min)) < to_day and viewing.kind == "film"
    ]
    active_days = {day for day, viewing in viewed if viewing.watch_ms >= 60_000}
    if not active_days:
        return "none", None, None, None
    watch_ms = sum(viewing.watch_ms for _, viewing in viewed)
    measured = [viewing for _, viewing in viewed if viewing.rebuffer_ms is not None]
    stalls = "unknown"
    if measured:
        stalled_ms = sum(viewing.rebuffer_ms or 0 for viewing in measured)
        ratio = stalled_ms / (stalled_ms + sum(viewing.watch_ms for viewing in measured))
        stalls = _band(ratio, 0.001, 0.005, ("few", "some", "many"))
    by_device: dict[str | None, int] = defaultdict(int)
    for _, viewing in viewed:
        by_device[viewing.device] += viewing.watch_ms
    # Of devices of the same time, the last by name, and what is unknown after all names.
    device = max(by_device, key=lambda name: (by_device[name], name is None, name or ""))
    return (
        _band(watch_ms / HOUR_MS, 5, 20, ("few", "some", "much")),
        _band(len(active_days), 4, 10, ("few", "some", "many")),
        stalls,
        device,
    )


def _band(value: float, some: float, many: float, names: tuple[str, str, str]) -> str:
    return names[(value >= some) + (value >= many)]


def _searched(life: Life, calendar: str, from_day: date, to_day: date) -> str:
    found = [search.results for at, search in _searches(life) if from_day <= _day(life, calendar, at) < to_day]
    if not found:
        return "none"
    if 0 in found:
        return "nothing"
    return "unknown" if None in found else "found"


def _plan_on(life: Life, day: date) -> str | None:
    """Return the plan last set on or before a day, in UTC; where none is ever set, the one of the account itself."""
    told: list[tuple[datetime, Any]] = sorted((at, plan) for at, _, plan in _events(life) if plan is not None)
    if not told:
        return life.own_plan
    return next((plan for at, plan in reversed(told) if at.date() <= day), None)
