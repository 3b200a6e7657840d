"""Every number of Viewing patterns equals the oracle's, for filter states drawn by hypothesis."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.options import OPTION_BY_NAME
from queries.filters import FilterState, Selection
from queries.run import run
from tests.queries.cases import Case, assert_same, draw_filters, rows_of, rows_of_span
from tests.queries.oracle import MS_PER_HOUR, ONE_DAY, Play, periods

drawn = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HOUR = timedelta(hours=1)


@drawn
@given(data=st.data())
def test_periods_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_periods(world, data)


@drawn
@given(data=st.data())
def test_periods_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_periods(real, data)


@drawn
@given(data=st.data())
def test_hours_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_hours(world, data)


@drawn
@given(data=st.data())
def test_hours_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_hours(real, data)


def values_of(case: Case, filters: FilterState) -> dict[str, Callable[[Play], str]]:
    """Return what each choice of «Split by» reads of a play."""
    return {
        "none": lambda _play: "all",
        "device": lambda play: play.row.get("device_type") or "unknown",
        "country": lambda play: play.country or "unknown",
        "plan": lambda play: case.oracle.plan_on(play.row["account_id"], play.day_in[filters.calendar]) or "unknown",
        "kind": lambda play: play.title["kind"],
        "profile_type": lambda play: play.profile_type or "unknown",
    }


def check_periods(case: Case, data: st.DataObject) -> None:
    by = data.draw(st.sampled_from(list(OPTION_BY_NAME["trend_by"].choices)), "trend_by")
    filters = replace(draw_filters(case, data), options=(("trend_by", by),) if by != "none" else ())
    value_of = values_of(case, filters)[by]
    plays = [
        play
        for shown in (filters, filters.comparison())
        if shown
        for play in case.oracle.plays_between(shown.start_day, shown.end_day, shown)
    ]
    groups = sorted({value_of(play) for play in plays})
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        rows = (
            rows_of_span(case, "viewing_by_period", filters, span)
            if span == "comparison"
            else rows_of(run("viewing_by_period", filters.uncompared(), case.build))
        )
        found = {(row["period_start"], row["group_id"]): row for row in rows}
        for period_start, first_day, end_day, whole in periods(shown) if shown else []:
            inside = case.oracle.plays_between(first_day, end_day, filters)
            for group in groups:
                of_group = [play for play in inside if value_of(play) == group]
                expected = numbers(of_group, filters.calendar, (end_day - first_day).days)
                row = found.pop((period_start, group), None)
                if row is None:
                    # Without a play in either span, a group has no rows.
                    assert not of_group
                    continue
                assert (row["first_day"], row["end_day"], row["is_complete"]) == (first_day, end_day, whole)
                assert_same({name: row[name] for name in expected}, expected, f"{by} {group} {period_start}")
        assert not found


def numbers(plays: list[Play], calendar: str, days: int) -> dict[str, float | None]:
    active = {(play.row["account_id"], play.day_in[calendar]) for play in plays if play.watch_ms >= 60_000}
    return {
        "watch_hours": sum(play.watch_ms for play in plays) / MS_PER_HOUR,
        "plays": len(plays),
        "mean_daily_active_accounts": len(active) / days,
    }


def check_hours(case: Case, data: st.DataObject) -> None:
    filters = draw_filters(case, data)
    sums: dict[tuple[str, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    accounts: dict[tuple[str, int], set[tuple[str, date]]] = defaultdict(set)
    for play in case.oracle.plays_between(filters.start_day - ONE_DAY, filters.end_day, without_plan(filters)):
        for day, hour, is_first, run_ms, watch_ms in hours_of(play, filters.calendar):
            plan = case.oracle.plan_on(play.row["account_id"], day)
            if not filters.start_day <= day < filters.end_day or not is_plan_chosen(filters, plan):
                continue
            cell = (f"{day:%A}".lower(), hour)
            sums[cell]["plays"] += is_first
            sums[cell]["watch_hours"] += watch_ms / MS_PER_HOUR
            sums[cell]["run_hours"] += run_ms / MS_PER_HOUR
            if play.watch_ms >= 60_000 and watch_ms:
                accounts[cell].add((play.row["account_id"], day))
    days_of: dict[str, int] = defaultdict(int)
    for number in range(filters.days):
        days_of[f"{filters.start_day + number * ONE_DAY:%A}".lower()] += 1
    rows = rows_of(run("viewing_by_hour", filters, case.build))
    assert len(rows) == 24 * len(days_of)
    for row in rows:
        cell = (row["weekday"], row["hour"])
        days = days_of[row["weekday"]]
        expected = {
            "weekday": row["weekday"],
            "hour": row["hour"],
            "days": days,
            "watch_hours": sums[cell]["watch_hours"],
            "plays": sums[cell]["plays"],
            "concurrent_streams": sums[cell]["run_hours"] / days,
            "hourly_active_accounts": len(accounts[cell]) / days,
        }
        assert row == pytest.approx(expected), cell


def without_plan(filters: FilterState) -> FilterState:
    return filters.without("plan")


def is_plan_chosen(filters: FilterState, plan: str | None) -> bool:
    selection = filters.chosen("plan") or Selection((), excluded=True)
    return ((plan or "unknown") in selection.values) != selection.excluded


def hours_of(play: Play, calendar: str) -> list[tuple[date, int, bool, int, int]]:
    """Return a play's hours: the day, hour, whether it began in it, and for how many ms it ran and was watched in it.

    Its watch time lies evenly in the time that it ran; up to each hour's end it is rounded down.
    """
    began = play.at[calendar]
    parts = ("startup_ms", "paused_ms", "rebuffer_ms")
    run_ms = max(1, min(play.watch_ms + sum(play.row.get(name) or 0 for name in parts), 24 * MS_PER_HOUR))
    hour = began.replace(minute=0, second=0, microsecond=0)
    # From whole milliseconds, as the source's moments are read.
    into_hour_ms = (began - hour) // timedelta(milliseconds=1)
    hours: list[tuple[date, int, bool, int, int]] = []
    from_ms, to_ms = 0, min(MS_PER_HOUR - into_hour_ms, run_ms)
    while from_ms < run_ms:
        watch_ms = play.watch_ms * to_ms // run_ms - play.watch_ms * from_ms // run_ms
        hours.append((hour.date(), hour.hour, from_ms == 0, to_ms - from_ms, watch_ms))
        from_ms, to_ms, hour = to_ms, min(to_ms + MS_PER_HOUR, run_ms), hour + HOUR
    return hours
