"""Every number on Overview equals the oracle's, for filter states drawn by hypothesis."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.build.build import build_warehouse
from queries.db import Warehouse
from queries.filters import FilterState
from queries.run import run
from tests.queries.cases import Case, assert_same, draw_filters, rows_of, rows_of_span
from tests.queries.oracle import MS_PER_HOUR, Oracle, periods
from tests.queries.world import write_world

WATCH_HOURS = ("watch_hours", "compare_watch_hours")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_number_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_everything(world, draw_filters(world, data))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_number_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_everything(real, draw_filters(real, data))


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(20))
def test_every_number_of_many_made_up_sources(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("worlds")
    source = write_world(folder / "source", seed)
    build_warehouse(source, folder / "warehouse", service_zone="America/St_Johns")
    case = Case(Warehouse(folder / "warehouse").current(), Oracle(source, "America/St_Johns"))

    @settings(max_examples=30, deadline=None)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        check_everything(case, draw_filters(case, data))

    check()


def check_everything(case: Case, filters: FilterState) -> None:
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        check_summaries(case, filters, span, shown)
        check_periods(case, filters, span, shown)
    check_retention(case, filters)
    check_titles(case, filters)
    check_changes(case, filters)


def check_summaries(case: Case, filters: FilterState, span: str, shown: FilterState | None) -> None:
    answers: dict[str, Callable[[date, date, FilterState], Mapping[str, float | None]]] = {
        "viewing_summary": case.oracle.viewing,
        "completion_summary": case.oracle.completion,
        "subscription_summary": case.oracle.subscription_changes,
    }
    expected_rows = [(None, shown.start_day, shown.end_day, True), *periods(shown)] if shown else []
    for query, answer in answers.items():
        rows = rows_of_span(case, query, filters, span)
        for (period_start, first_day, end_day, whole), row in zip(expected_rows, rows, strict=True):
            assert row.pop("period_start") == period_start
            assert row.pop("is_complete") == whole
            assert_same(row, answer(first_day, end_day, filters), f"{query} {first_day}")


def check_periods(case: Case, filters: FilterState, span: str, shown: FilterState | None) -> None:
    rows = rows_of_span(case, "watch_hours_by_period", filters, span)
    for (period_start, first_day, end_day, whole), row in zip(periods(shown) if shown else [], rows, strict=True):
        expected = case.oracle.viewing(first_day, end_day, filters)
        assert row.pop("period_start") == period_start
        assert row.pop("first_day") == first_day
        assert row.pop("end_day") == end_day
        assert row.pop("is_complete") == whole
        assert_same(row, {name: expected[name] for name in ("watch_hours", "plays")}, f"by period {period_start}")


def check_retention(case: Case, filters: FilterState) -> None:
    rows = rows_of(run("retention_summary", filters, case.build))
    months = [month for month in months_before(filters.end_day) if month >= filters.data_start_day]
    assert [row["month"] for row in rows] == [*months[-1:], *months]
    for row in rows:
        month = row.pop("month")
        row.pop("period_start")
        assert row.pop("is_complete")
        assert_same(row, case.oracle.retention(month, filters), f"retention {month}")


def check_titles(case: Case, filters: FilterState) -> None:
    def key(play: Any) -> tuple[str, str]:
        title = play.title
        series_id = title.get("series_id")
        show_id = f"series {series_id}" if series_id else f"title {title['title_id']}"
        return (title.get("series_name") or title["name"], show_id)

    def ranked(shown: FilterState | None) -> list[tuple[tuple[str, str], int]]:
        if shown is None:
            return []
        watched = case.oracle.watch_ms_by(key, shown.start_day, shown.end_day, shown)
        return sorted(watched.items(), key=lambda item: (-item[1], item[0]))

    now, before = ranked(filters), ranked(filters.comparison())
    ranks_before = {show: rank for rank, (show, _) in enumerate(before, 1)}
    total_ms = sum(watch_ms for _, watch_ms in now)
    rows = rows_of(run("watch_hours_by_title", filters, case.build))
    assert len(rows) == min(10, len(now))
    for rank, (row, (show, watch_ms)) in enumerate(zip(rows, now, strict=False), 1):
        assert (row["rank"], row["name"], row["compare_rank"]) == (rank, show[0], ranks_before.get(show))
        expected = {
            "watch_hours": watch_ms / MS_PER_HOUR,
            "compare_watch_hours": dict(before).get(show, 0) / MS_PER_HOUR if filters.comparison() else None,
            "watch_share": watch_ms / total_ms if total_ms else None,
        }
        assert_same({name: row[name] for name in expected}, expected, f"title {show}")


def check_changes(case: Case, filters: FilterState) -> None:
    rows = rows_of(run("watch_hours_change_by_group", filters, case.build))
    comparison = filters.comparison()
    if comparison is None:
        assert rows == []
        return
    now = case.oracle.group_watch_ms(filters.start_day, filters.end_day, filters)
    before = case.oracle.group_watch_ms(comparison.start_day, comparison.end_day, comparison)
    groups = {*now, *before}
    kinds_with_choice = {kind for kind, *_ in groups if sum(other == kind for other, *_ in groups) > 1}
    changes = {group: now.get(group, 0) - before.get(group, 0) for group in groups if group[0] in kinds_with_choice}
    rises = sorted((-change, kind, name, show) for (kind, show, name), change in changes.items() if change > 0)[:5]
    falls = sorted((change, kind, name, show) for (kind, show, name), change in changes.items() if change < 0)[:5]
    expected = [
        (kind, name, now.get((kind, show, name), 0), before.get((kind, show, name), 0))
        for _, kind, name, show in (*rises, *falls)
    ]
    found = [
        (row["group_kind"], row["group_name"], *(round(row[column] * MS_PER_HOUR) for column in WATCH_HOURS))
        for row in rows
    ]
    assert sorted(found) == sorted(expected)
    for row in rows:
        assert row["change_hours"] == pytest.approx(row["watch_hours"] - row["compare_watch_hours"])


def months_before(day: date) -> list[date]:
    """Return the 13 calendar months that end on or before ``day``."""
    month = day.replace(day=1)
    months = []
    for _ in range(13):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return months[::-1]
