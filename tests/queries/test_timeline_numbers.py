"""The timeline of a title equals, second by second, what plain Python makes of the player events."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from definitions.values import TIMELINE_PARTS, WEEKDAYS
from pipeline.build import statements
from pipeline.build.build import build_warehouse
from queries.cubes import timeline_range
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search, to_search
from queries.run import bound_parameters, run
from tests.conftest import MadeOnce
from tests.pipeline.player_events import Event, Play, plays_of, sessions_of
from tests.sources import Row, write_source

ZONE = "Pacific/Auckland"
FIRST = datetime(2026, 1, 24)
DAYS = 50
RUNTIME_S = {"film": 183, "episode": None}
DEVICES = ("tv", "mobile", None)
COUNTRIES = {"ann": "IN", "bob": "NZ", "cleo": "IN"}
LANES = ("replays", "skips")
# So few that of the months of the source the one that lies whole in it is a busy one, and the others are not.
BUSY_MONTH_PLAYS = 40


def told(rng: random.Random, session: int) -> Iterator[Event]:
    """Tell a playback as a player would: it plays on, now and then pauses, stalls or seeks, and stops."""
    at = FIRST + timedelta(seconds=rng.randrange(DAYS * 86_400))
    place = rng.choice((0, 0, 0, 40, 95))
    title = rng.choice(tuple(RUNTIME_S))
    end = RUNTIME_S[title] or 240
    account = rng.choice(tuple(COUNTRIES))
    number = 0

    def event(kind: str, **more: Any) -> Event:
        nonlocal number
        number += 1
        return {
            "event_id": f"{session}-{number:02}",
            "ts": at,
            "session_id": f"s{session}",
            "account_id": account,
            "title_id": title,
            "event": kind,
            "position_ms": place * 1000,
            "to_position_ms": None,
            "fatal": None,
        } | more

    yield event("start", device_type=rng.choice(DEVICES), utc_offset_min=rng.choice((-600, 0, 330, 765)))
    if rng.random() < 0.1:
        return
    yield event("first_frame")
    for _ in range(rng.randrange(6)):
        played = min(rng.choice((5, 10, 30, 47)), end - place)
        at, place = at + timedelta(seconds=played), place + played
        what = rng.choice(("pause", "stall", "back", "forward"))
        if what in ("pause", "stall"):
            names = ("pause", "resume") if what == "pause" else ("rebuffer_start", "rebuffer_end")
            yield event(names[0])
            at += timedelta(seconds=rng.randrange(40))
            yield event(names[1])
        else:
            to_place = (
                max(0, place - rng.choice((5, 20, 60))) if what == "back" else min(end, place + rng.choice((4, 30)))
            )
            yield event("seek", to_position_ms=to_place * 1000)
            place = to_place
    played = rng.choice((0, 10, 33))
    at, place = at + timedelta(seconds=played), min(end + 1, place + played)
    yield event("stop")


@dataclass(frozen=True)
class World:
    """A source of playbacks over the end of two months, built, and its events."""

    build: Build
    events: tuple[Event, ...]
    untold: tuple[Row, ...]


def source_of(seed: int) -> tuple[list[Event], list[Row]]:
    rng = random.Random(seed)
    events = [event for session in range(220) for event in told(rng, session)]
    untold: list[Row] = [
        {
            "play_id": f"untold-{number}",
            "account_id": rng.choice(tuple(COUNTRIES)),
            "title_id": rng.choice(tuple(RUNTIME_S)),
            "started_at": FIRST + timedelta(hours=rng.randrange(DAYS * 24)),
            "watch_ms": 60_000,
            "device_type": rng.choice(DEVICES),
            "utc_offset_min": 0,
        }
        for number in range(20)
    ]
    return events, untold


@pytest.fixture(scope="module", params=[5, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(30, 36))])
def timelines(request: pytest.FixtureRequest, made_once: MadeOnce) -> World:
    events, untold = source_of(request.param)

    def make(folder: Path) -> None:
        titles = [
            {
                "title_id": name,
                "name": name,
                "kind": name,
                "runtime_ms": None if runtime is None else runtime * 1000,
            }
            for name, runtime in RUNTIME_S.items()
        ]
        accounts = [{"account_id": account, "country": country} for account, country in COUNTRIES.items()]
        tables: dict[str, Sequence[Row]] = {
            "titles": titles,
            "accounts": accounts,
            "playback_events": events,
            "plays": untold,
        }
        source = write_source(folder / "source", tables)
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(statements.SETTLED, "busy_month_plays", BUSY_MONTH_PLAYS)
            build_warehouse(source, folder / "warehouse", service_zone=ZONE)

    folder = made_once(f"timelines-{request.param}", make)
    return World(Warehouse(folder / "warehouse").current(), tuple(events), tuple(untold))


def clocks(moment: datetime, offset_min: int) -> dict[str, datetime]:
    service = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    return {"utc": moment, "local": moment + timedelta(minutes=offset_min), "service": service}


def is_in(filters: FilterState, began_at: datetime, device: str | None, account: str, kind: str) -> bool:
    """Tell whether a play that began then by the filters' clock is one of those chosen."""
    values = {
        "device": device or "unknown",
        "country": COUNTRIES[account],
        "kind": kind,
        "weekday": WEEKDAYS[began_at.weekday()],
        "hour": str(began_at.hour),
    }
    chosen = {name: filters.chosen(name) for name in values}
    return filters.start_day <= began_at.date() < filters.end_day and all(
        selection is None or (values[name] in selection.values) != selection.excluded
        for name, selection in chosen.items()
    )


def plays_in(world: World, title: str, filters: FilterState) -> list[Play]:
    """Return the plays of a title that player events tell, and that the filters choose."""
    runtime_s = RUNTIME_S[title]
    found = []
    for session, events in sessions_of(world.events).items():
        start = events[0]
        began_at = clocks(start["ts"], start["utc_offset_min"])[filters.calendar]
        if start["title_id"] == title and is_in(filters, began_at, start["device_type"], start["account_id"], title):
            dated = [event | {"began_day": start["ts"].date()} for event in events]
            found.append(plays_of(dated, (runtime_s or 10_000) * 1000)[session])
    return found


def untold_in(world: World, title: str, filters: FilterState) -> int:
    return sum(
        row["title_id"] == title
        and is_in(filters, clocks(row["started_at"], 0)[filters.calendar], row["device_type"], row["account_id"], title)
        for row in world.untold
    )


def parts_of(runtime_s: int | None, length_s: int, sort: str) -> list[tuple[int, int]]:
    """Return the parts of a title, in ms."""
    if sort == "ten_seconds":
        return [(begin * 1000, min(begin + 10, length_s) * 1000) for begin in range(0, length_s, 10)]
    borders = [runtime_s * 1000 * percent // 100 for percent in range(101)] if runtime_s else []
    return [*pairwise(borders)]


def expected(plays: Sequence[Play], length_s: int, parts: Sequence[tuple[int, int]]) -> list[dict[str, float]]:
    """Follow every play second by second, and add up the parts: of a second that lies in two, what lies in each."""
    seconds = [dict.fromkeys(("playing", *LANES), 0) for _ in range(length_s + 1)]
    counts = ("pauses", "paused_s", "stalls", "stalled_s", "exits", "present_exits", "present_plays", "reached")
    rows = [{"from_s": low / 1000, "to_s": high / 1000} | dict.fromkeys(counts, 0.0) for low, high in parts]

    def part_at(place_ms: int) -> int:
        place_ms = min(place_ms, length_s * 1000)
        return next((number for number, (low, high) in enumerate(parts) if low < place_ms <= high), 0)

    for play in plays:

        def times(place_ms: int, play: Play = play) -> int:
            return sum(low <= place_ms < high for low, high in play.intervals)

        for second in range(length_s):
            seconds[second]["playing"] += times(second * 1000) > 0
            seconds[second]["replays"] += max(0, times(second * 1000) - 1)
            seconds[second]["skips"] += sum(low <= second * 1000 < high for low, high in play.skips)
        for place_ms, lasted_ms in play.pauses:
            rows[part_at(place_ms)]["pauses"] += 1
            rows[part_at(place_ms)]["paused_s"] += lasted_ms / 1000
        for place_ms, lasted_ms in play.stalls:
            rows[part_at(place_ms)]["stalls"] += 1
            rows[part_at(place_ms)]["stalled_s"] += lasted_ms / 1000
        furthest_ms = min(max((high for _, high in play.intervals), default=0), length_s * 1000)
        for row, (low, _) in zip(rows, parts, strict=True):
            row["present_plays"] += times(low) > 0
            row["reached"] += furthest_ms > low
        if play.left_at_ms:
            part = part_at(play.left_at_ms)
            rows[part]["exits"] += 1
            rows[part]["present_exits"] += times(parts[part][0]) > 0
    for row, (low, high) in zip(rows, parts, strict=True):
        lying = [
            (seconds[second], min(high, (second + 1) * 1000) - max(low, second * 1000))
            for second in range(low // 1000, -(-high // 1000))
        ]
        for name in ("playing", *LANES):
            row[name] = sum(second[name] * part_ms for second, part_ms in lying) / (high - low)
    return rows


choices = st.fixed_dictionaries(
    {
        "calendar": st.sampled_from(("local", "utc", "service")),
        "compare": st.just("none"),
        "timeline_by": st.sampled_from(TIMELINE_PARTS),
    },
    optional={
        "device": st.lists(st.sampled_from(("tv", "mobile", "unknown")), min_size=1, max_size=2, unique=True),
        "not_country": st.just(["IN"]),
        "not_weekday": st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=2, unique=True),
        "not_hour": st.lists(st.sampled_from(("3", "17", "21")), min_size=1, max_size=3, unique=True),
    },
)
ranges = st.one_of(
    st.just({"period": "all"}),
    st.tuples(st.integers(0, DAYS - 4), st.integers(1, DAYS)).map(
        lambda days: {
            "start_day": (FIRST.date() + timedelta(days=days[0])).isoformat(),
            "end_day": (FIRST.date() + timedelta(days=days[0] + days[1])).isoformat(),
        }
    ),
)


def asked(world: World, title: str, search: dict[str, Any]) -> tuple[FilterState, pd.DataFrame]:
    # What is chosen on a card is not among the filters that a search is made of.
    own = urlencode({"of_title": title, "timeline_by": search.get("timeline_by", "ten_seconds")})
    chosen = {name: value for name, value in search.items() if name != "timeline_by"}
    filters = parse_search(f"{to_search(chosen)}&{own}", world.build.manifest.spans)
    assert not filters.problems
    return filters, run("audience_by_position", filters, world.build)


@given(st.sampled_from(tuple(RUNTIME_S)), choices, ranges)
# Of one world's title of unknown length, a play on the day before the range got further than any in it.
@example("episode", {"calendar": "local"}, {"start_day": "2026-01-26", "end_day": "2026-02-03"})
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_choice_gives_what_the_seconds_give(
    timelines: World, title: str, chosen: dict[str, Any], days: dict[str, Any]
) -> None:
    check(timelines, title, chosen | days)


@pytest.mark.parametrize("calendar", ["local", "utc", "service"])
@pytest.mark.parametrize("sort", TIMELINE_PARTS)
@pytest.mark.parametrize(
    "days",
    [
        ("2026-01-30", "2026-03-04"),
        # Of the busy month alone, as a whole, and from its days.
        ("2026-02-01", "2026-03-01"),
        ("2026-02-03", "2026-02-28"),
        ("2026-02-01", "2026-02-02"),
    ],
)
def test_whole_months_and_the_days_besides_give_what_the_seconds_give(
    timelines: World, calendar: str, sort: str, days: tuple[str, str]
) -> None:
    start_day, end_day = days
    search = {"calendar": calendar, "start_day": start_day, "end_day": end_day, "timeline_by": sort}
    check(timelines, "film", search)


def test_months_of_the_film_are_busy_by_their_plays(timelines: World) -> None:
    with timelines.build.cursor() as cursor:
        sql = "select distinct month, is_busy_month from title_marks where title_id = 'film'"
        busy = dict(cursor.execute(sql).fetchall())
    began_at = [events[0]["ts"] for events in sessions_of(timelines.events).values() if events[0]["title_id"] == "film"]
    began_at += [row["started_at"] for row in timelines.untold if row["title_id"] == "film"]
    plays = Counter(f"{moment:%Y-%m}" for moment in began_at)
    assert busy == {month: plays[month] >= BUSY_MONTH_PLAYS for month in plays}
    # Either sort is there, so that the other tests see both.
    assert (busy["2026-01"], busy["2026-02"]) == (False, True)


@pytest.mark.parametrize(
    ("calendar", "start_day", "end_day", "months"),
    [
        # By UTC the months are the range itself.
        ("utc", date(2025, 2, 1), date(2026, 2, 1), [""]),
        # By another clock a day before and after either end of them has plays to add or take off.
        ("local", date(2025, 2, 1), date(2026, 2, 1), ["2025-01", "2025-02", "2026-01", "2026-02"]),
        # February to December as wholes; a play of the 1st of February (UTC) counts by any clock.
        ("local", date(2025, 1, 20), date(2026, 1, 20), ["2025-01", "2026-01"]),
        # No whole month.
        ("utc", date(2025, 6, 10), date(2025, 7, 8), ["2025-06", "2025-07"]),
        # The last day of May (UTC) may be the first of June.
        ("service", date(2025, 6, 1), date(2025, 6, 8), ["2025-05", "2025-06"]),
    ],
)
def test_marks_are_read_of_no_more_months_than_a_range_can_differ_in(
    calendar: str, start_day: date, end_day: date, months: list[str]
) -> None:
    assert timeline_range((start_day, end_day), calendar)["months_of_rest"] == months


def test_marks_are_of_the_enum_of_the_sums_they_are_added_to(timelines: World) -> None:
    filters = parse_search("period=all&of_title=film", timelines.build.manifest.spans)
    values = bound_parameters("audience_by_position", filters)
    of_title = "($of_title, $calendar, $timeline_range, $timeline_by, $filters)"
    with timelines.build.cursor() as cursor:
        of_sums = cursor.execute("select typeof(mark) from cubes.title_moments limit 1").fetchall()
        named = {name: values[name] for name in ("of_title", "calendar", "timeline_range", "timeline_by", "filters")}
        of_all = cursor.execute(f"select distinct typeof(mark) from moments_of_title{of_title}", named).fetchall()
    assert of_all == of_sums
    assert of_sums[0][0].startswith("ENUM")


def check(world: World, title: str, search: dict[str, Any]) -> None:
    filters, frame = asked(world, title, search)
    plays = plays_in(world, title, filters)
    sort = search.get("timeline_by", "ten_seconds")
    if not plays or (sort == "percent" and not RUNTIME_S[title]):
        assert frame.empty
        return
    places = [place for play in plays for pair in (*play.intervals, *play.skips) for place in pair]
    places += [place for play in plays for place, _ in (*play.pauses, *play.stalls)]
    # Where the runtime is not known, the title is as long as the furthest tens of seconds that anything tells of.
    length_s = RUNTIME_S[title] or ceil(max(places, default=0) / 10_000) * 10
    rows = expected(plays, length_s, parts_of(RUNTIME_S[title], length_s, sort))
    assert len(frame) == len(rows)
    assert set(frame["followed_plays"]) <= {len(plays)}
    assert set(frame["plays"]) <= {len(plays) + untold_in(world, title, filters)}
    for found, row in zip(frame.to_dict("records"), rows, strict=True):
        for name in row.keys() - {"reached"}:
            assert found[name] == pytest.approx(row[name]), (row["from_s"], name)
        assert found["reached_share"] == pytest.approx(row["reached"] / len(plays))
        assert found["audience_curve"] == pytest.approx((row["playing"] + row["replays"]) / len(plays))
        hazard = row["present_exits"] / row["present_plays"] if row["present_plays"] else None
        assert (None if pd.isna(found["exit_hazard"]) else found["exit_hazard"]) == pytest.approx(hazard)
    summary = run("title_summary", filters, world.build).iloc[0]
    assert summary["followed_plays"] == len(plays)
    watched_ms = sum(play.watch_ms for play in plays)
    untold = untold_in(world, title, filters)
    assert summary["watch_hours"] == pytest.approx((watched_ms + 60_000 * untold) / 3_600_000)
    distinct_ms = sum(play.distinct_ms for play in plays)
    if watched_ms:
        assert summary["replayed_share"] == pytest.approx((watched_ms - distinct_ms) / watched_ms)
    runtime_s = RUNTIME_S[title]
    if runtime_s:
        assert summary["mean_share_played"] == pytest.approx(distinct_ms / (len(plays) * runtime_s * 1000))


def test_curves_by_percent_tell_how_long_each_was_played(timelines: World) -> None:
    with timelines.build.cursor() as cursor:
        curve = cursor.execute("select * from title_curves where title_id = 'film' order by percent").df()
    plays = [
        play
        for events in sessions_of(timelines.events).values()
        if events[0]["title_id"] == "film"
        for play in plays_of([event | {"began_day": events[0]["ts"].date()} for event in events], 183_000).values()
    ]
    rows = expected(plays, 183, parts_of(183, 183, "percent"))
    assert curve["percent"].to_list() == list(range(100))
    assert set(curve["followed_plays"]) == {len(plays)}
    for found, row in zip(curve["played_ms"], rows, strict=True):
        assert found == pytest.approx((row["playing"] + row["replays"]) * (row["to_s"] - row["from_s"]) * 1000)


def test_a_title_that_is_not_there_has_no_rows(timelines: World) -> None:
    _, frame = asked(timelines, "nowhere", {"period": "all"})
    assert frame.empty
