"""Pauses, seeks, replaying, autoplay and the load equal what the oracle gives, for filters drawn by hypothesis."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.missing import missing_sentences
from definitions.metrics import METRICS
from definitions.options import OPTION_BY_NAME
from queries.filters import FilterState, parse_search
from queries.run import run, run_compared
from tests.queries.cases import Case, assert_same, draw_filters, rows_of, rows_of_span
from tests.queries.oracle import MS_PER_HOUR, ONE_DAY, Play, periods
from tests.tracing import untraced

drawn = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MINUTE = timedelta(minutes=1)
INTERACTIONS = {
    "pauses_per_hour": "pauses",
    "rewinds_per_hour": "seeks_back",
    "fast_forwards_per_hour": "seeks_forward",
    "resumes_per_hour": "resumes",
}


@drawn
@given(data=st.data())
def test_interactions_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_interactions(world, data)


@drawn
@given(data=st.data())
def test_shares_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_shares(world, data)


@drawn
@given(data=st.data())
def test_the_load_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_load(world, draw_filters(world, data))


@drawn
@given(data=st.data())
def test_shares_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_shares(real, data)


@drawn
@given(data=st.data())
def test_the_load_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_load(real, draw_filters(real, data))


@pytest.mark.parametrize("calendar", ["local", "utc"])
@pytest.mark.parametrize("granularity", ["day", "month"])
def test_the_load_added_up_in_advance(world: Case, real: Case, calendar: str, granularity: str) -> None:
    search = f"calendar={calendar}&granularity={granularity}&period=all&compare=none"
    for case in (world, real):
        check_load(case, parse_search(search, case.build.manifest.spans))


def test_what_the_real_export_does_not_tell_is_said(real: Case) -> None:
    said = missing_sentences([METRICS[name] for name in (*INTERACTIONS, "replayed_share")], real.build.manifest)
    assert [sentence.split(" need")[0] for sentence in said] == [
        "Pauses",
        "Rewinds",
        "Fast-forwards",
        "Resumes",
        "Replayed share",
    ]
    assert not missing_sentences([METRICS["peak_concurrent_streams"]], real.build.manifest)


def value_of(case: Case, by: str, calendar: str) -> Callable[[Play], str]:
    of_choice: dict[str, Callable[[Play], str | None]] = {
        "device": lambda play: play.row.get("device_type"),
        "country": lambda play: play.country,
        "plan": lambda play: case.oracle.plan_on(play.row["account_id"], play.day_in[calendar]),
        "kind": lambda play: play.title["kind"],
        "profile_type": lambda play: play.profile_type,
    }
    return lambda play: of_choice[by](play) or "unknown"


@untraced
def rate(plays: Iterable[Play], column: str) -> float | None:
    """Return how often something was told in an hour watched, over the plays of which it was."""
    told = [play for play in plays if play.row.get(column) is not None]
    hours = sum(play.watch_ms for play in told) / MS_PER_HOUR
    return sum(play.row[column] for play in told) / hours if hours else None


def check_interactions(case: Case, data: st.DataObject) -> None:
    option = OPTION_BY_NAME["interactions_by"]
    by = data.draw(st.sampled_from(list(option.choices)), "interactions_by")
    filters = draw_filters(case, data)
    filters = replace(filters, options=(("interactions_by", by),) if by != option.default else ())
    group_of = value_of(case, by, filters.calendar)
    groups: dict[str, dict[str, list[Play]]] = {"current": defaultdict(list), "comparison": defaultdict(list)}
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        for play in case.oracle.plays_between(shown.start_day, shown.end_day, shown) if shown else []:
            groups[span][group_of(play)].append(play)
    rows = {row["group_id"]: row for row in rows_of(run("interactions_by_group", filters, case.build))}
    assert rows.keys() == groups["current"].keys()
    for group, plays in groups["current"].items():
        expected: dict[str, float | None] = {}
        for name, column in INTERACTIONS.items():
            expected[name] = rate(plays, column)
            expected[f"compare_{name}"] = rate(groups["comparison"].get(group, []), column)
        told = [play for play in plays if play.row.get("pauses") is not None]
        expected["measured_hours"] = sum(play.watch_ms for play in told) / MS_PER_HOUR
        expected["watch_hours"] = sum(play.watch_ms for play in plays) / MS_PER_HOUR
        assert rows[group]["group_kind"] == by
        assert_same({name: rows[group][name] for name in expected}, expected, f"{by} {group}")


def check_shares(case: Case, data: st.DataObject) -> None:
    filters = draw_filters(case, data)
    for query, numbers in (("replayed_share_by_period", replayed), ("autoplay_share_by_period", autoplay)):
        for span, shown in (("current", filters), ("comparison", filters.comparison())):
            rows = rows_of_span(case, query, filters, span)
            wanted = list(periods(shown)) if shown else []
            assert len(rows) == len(wanted)
            for row, (period_start, first_day, end_day, whole) in zip(rows, wanted, strict=True):
                dates = (row["period_start"], row["first_day"], row["end_day"], row["is_complete"])
                assert dates == (period_start, first_day, end_day, whole)
                expected = numbers(case.oracle.plays_between(first_day, end_day, filters))
                assert_same({name: row[name] for name in expected}, expected, f"{query} {first_day}")


def hours_of(plays: Iterable[Play]) -> float:
    return sum(play.watch_ms for play in plays) / MS_PER_HOUR


@untraced
def replayed(plays: list[Play]) -> dict[str, float | None]:
    told = [play for play in plays if play.row.get("distinct_ms") is not None]
    again = hours_of(told) - sum(play.row["distinct_ms"] for play in told) / MS_PER_HOUR
    return {
        "replayed_share": again / hours_of(told) if hours_of(told) else None,
        "replayed_hours": again if hours_of(told) else None,
        "measured_hours": hours_of(told),
        "watch_hours": hours_of(plays),
    }


@untraced
def autoplay(plays: list[Play]) -> dict[str, float | None]:
    told = [play for play in plays if play.row.get("autoplay") is not None]
    begun = [play for play in told if play.row["autoplay"]]
    return {
        "autoplay_share": len(begun) / len(told) if told else None,
        "autoplay_watch_share": hours_of(begun) / hours_of(told) if hours_of(told) else None,
        "autoplay_plays": len(begun) if told else None,
        "measured_plays": len(told),
        "plays": len(plays),
        "autoplay_hours": hours_of(begun) if told else None,
        "measured_hours": hours_of(told),
        "watch_hours": hours_of(plays),
    }


def check_load(case: Case, filters: FilterState) -> None:
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        if shown is None:
            continue
        streams = streams_at(case, shown)
        both = run_compared("concurrent_streams_by_period", filters, case.build)
        rows = rows_of(both[both["span"] == span].drop(columns=["span", "peak_at"]))
        moments = both.loc[both["span"] == span, "peak_at"].to_list()
        wanted = list(periods(shown))
        assert len(rows) == len(wanted)
        for row, moment, (period_start, first_day, end_day, whole) in zip(rows, moments, wanted, strict=True):
            first, end = (datetime.combine(day, time.min) for day in (first_day, end_day))
            inside = between(streams, first, end)
            peak = max(inside.values(), default=0)
            assert row == pytest.approx(
                {
                    "period_start": period_start,
                    "first_day": first_day,
                    "end_day": end_day,
                    "is_complete": whole,
                    "peak_concurrent_streams": peak,
                    "concurrent_streams": sum(inside.values()) / ((end - first) / MINUTE),
                }
            )
            peak_at = min((minute for minute, count in inside.items() if count == peak), default=None)
            assert (moment if peak else None) == peak_at
        if span == "current":
            check_busiest(case, filters, streams)


@untraced
def between(streams: dict[datetime, int], first: datetime, end: datetime) -> dict[datetime, int]:
    """Return the streams of some minutes alone."""
    return {minute: count for minute, count in streams.items() if first <= minute < end}


def check_busiest(case: Case, filters: FilterState, streams: dict[datetime, int]) -> None:
    best: dict[date, tuple[int, datetime]] = {}
    for minute, count in sorted(streams.items()):
        if count > best.get(minute.date(), (0, minute))[0]:
            best[minute.date()] = (count, minute)
    busiest = sorted(best.values(), key=lambda each: (-each[0], each[1]))[:5]
    frame = run("busiest_moments", filters, case.build)
    found = zip(frame["rank"], frame["peak_concurrent_streams"], frame["peak_at"], strict=True)
    assert list(found) == [(rank, count, minute) for rank, (count, minute) in enumerate(busiest, start=1)]


@untraced
def streams_at(case: Case, filters: FilterState) -> dict[datetime, int]:
    """Return how many plays are in progress at each UTC minute of the range's days that has any."""
    first, end = (datetime.combine(day, time.min) for day in (filters.start_day, filters.end_day))
    streams: Counter[datetime] = Counter()
    # Days of the viewer's clock begin up to 14 hours before or after UTC's, and a play runs for 24 hours at most.
    for play in case.oracle.plays_between(filters.start_day - 2 * ONE_DAY, filters.end_day + ONE_DAY, filters):
        lengths = ("startup_ms", "watch_ms", "paused_ms", "rebuffer_ms")
        run_ms = min(sum(play.row.get(name) or 0 for name in lengths), 24 * MS_PER_HOUR) or 1
        began_at = play.at["utc"]
        minute = began_at.replace(second=0, microsecond=0)
        while minute < began_at + timedelta(milliseconds=run_ms):
            if minute >= began_at and first <= minute < end:
                streams[minute] += 1
            minute += MINUTE
    return streams
