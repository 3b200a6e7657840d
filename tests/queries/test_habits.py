"""How often accounts come and whether they come back: by hand, and against the oracle under any filters."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search
from queries.run import run
from tests.queries.cases import Case, draw_filters, rows_of, rows_of_span
from tests.sources import Row, write_source

WINDOW = timedelta(days=28)
ONE_DAY = timedelta(days=1)


def days_of_accounts(world: Case, first_day: date, end_day: date, filters: FilterState) -> dict[str, set[date]]:
    days: dict[str, set[date]] = {}
    for play in world.oracle.plays_between(first_day, end_day, filters, plan_day=end_day - ONE_DAY):
        if play.watch_ms >= 60_000:
            days.setdefault(play.row["account_id"], set()).add(play.day_in[filters.calendar])
    return days


@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_stickiness_is_daily_and_weekly_by_monthly_accounts(world: Case, data: st.DataObject) -> None:
    filters = draw_filters(world, data)
    for span in ("current", "comparison"):
        for row in rows_of_span(world, "stickiness_by_period", filters, span):
            daily = world.oracle.viewing(row["first_day"], row["end_day"], filters)["mean_daily_active_accounts"]
            assert row["mean_daily_active_accounts"] == pytest.approx(daily)
            if row["end_day"] - WINDOW < filters.data_start_day:
                assert row["stickiness"] is row["weekly_stickiness"] is None
                continue
            monthly = len(days_of_accounts(world, row["end_day"] - WINDOW, row["end_day"], filters))
            weekly = len(days_of_accounts(world, row["end_day"] - timedelta(days=7), row["end_day"], filters))
            assert (row["weekly_active_accounts"], row["monthly_active_accounts"]) == (weekly, monthly)
            if monthly and daily is not None:
                assert row["stickiness"] == pytest.approx(daily / monthly)
                assert row["weekly_stickiness"] == pytest.approx(weekly / monthly)


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_active_days_are_counted_of_every_account_once(world: Case, data: st.DataObject) -> None:
    filters = draw_filters(world, data)
    rows = rows_of(run("accounts_by_active_days", filters, world.build))
    if filters.end_day - WINDOW < filters.data_start_day:
        assert rows == []
        return
    active = days_of_accounts(world, filters.end_day - WINDOW, filters.end_day, filters)
    expected = Counter(len(days) for days in active.values())
    assert [row["active_days"] for row in rows] == list(range(1, 29))
    assert {row["active_days"]: row["active_accounts"] for row in rows if row["active_accounts"]} == expected
    if active:
        assert sum(row["active_days_share"] for row in rows) == pytest.approx(1)


@given(data=st.data(), churn_by=st.sampled_from(["country", "plan", "channel"]))
@settings(max_examples=10, deadline=None)
def test_churn_of_groups_adds_up_to_that_of_all(world: Case, data: st.DataObject, churn_by: str) -> None:
    filters = draw_filters(world, data)
    names = ("subscriptions_at_start", "ended_subscriptions", "rejoined_subscriptions")
    sums: Counter[tuple[date, str]] = Counter()
    grouped = FilterState(**{**_fields(filters), "options": (("churn_by", churn_by),)})
    for row in rows_of(run("churn_by_group", grouped, world.build)):
        sums.update({(row["first_day"], name): row[name] for name in names})
    whole = Counter(
        {
            (row["first_day"], name): row[name]
            for row in rows_of(run("churn_by_month", filters, world.build))
            for name in names
        }
    )
    assert +sums == +whole


def _fields(filters: FilterState) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in FilterState.__slots__}


def change(account: str, on: str, event: str, plan: str | None = None) -> Row:
    return {
        "event_id": f"{account} {on} {event}",
        "account_id": account,
        "ts": datetime.fromisoformat(f"{on} 12:00:00"),
        "event": event,
        "plan": plan,
    }


@pytest.fixture(scope="module")
def leavers(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Four that end on 1 January: a rejoins after 9 days, ends again on the 20th, and rejoins after 5 days; b rejoins
    after 19 days; c does not, and is won by search; d's data are the last event, on 30 January, of e."""
    folder = tmp_path_factory.mktemp("leavers")
    changes = [
        *(
            change(account, "2025-12-01", "start", plan)
            for account, plan in zip("abc", ("one", "two", "one"), strict=True)
        ),
        *(change(account, "2026-01-01", "end") for account in "abc"),
        change("a", "2026-01-10", "rejoin", "two"),
        change("a", "2026-01-20", "end"),
        change("a", "2026-01-25", "rejoin"),
        change("b", "2026-01-20", "rejoin"),
        change("e", "2026-01-31", "start", "one"),
    ]
    accounts = [{"account_id": name, "acquisition_channel": "search" if name == "c" else "friends"} for name in "abce"]
    source = write_source(folder / "source", {"accounts": accounts, "subscription_events": changes})
    build_warehouse(source, folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def test_rejoining_by_hand(leavers: Build) -> None:
    # Away: a 9 days and, later, 5; b 19; c up to the data's end, 29 days after. Of four times away one ends after 5
    # days, of the three left one after 9, and of the two left one after 19: 1/4, 1/2 and 3/4 are back.
    filters = parse_search("calendar=utc&period=all", leavers.manifest.spans)
    assert filters.end_day == date(2026, 1, 31)
    rows = {row["age_days"]: row for row in rows_of(run("rejoining_by_group", filters, leavers))}
    assert {age: (row["at_risk"], row["rejoined_subscriptions"]) for age, row in rows.items()} == {
        0: (4, 0),
        5: (4, 1),
        9: (3, 1),
        19: (2, 1),
        29: (1, 0),
    }
    assert [rows[age]["rejoined_share"] for age in (0, 5, 9, 19, 29)] == pytest.approx([0, 1 / 4, 1 / 2, 3 / 4, 3 / 4])
    assert all(
        row["rejoined_share_low"] <= row["rejoined_share"] <= row["rejoined_share_high"] for row in rows.values()
    )


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        # a ended twice, b and c once.
        ("", {("all", 1): 2, ("all", 2): 1}),
        # By the plan of the latest end: a's second was on two.
        ("&churn_by=plan", {("one", 1): 1, ("two", 1): 1, ("two", 2): 1}),
        ("&churn_by=channel", {("search", 1): 1, ("friends", 1): 1, ("friends", 2): 1}),
        ("&churn_by=channel&plan=two", {("friends", 1): 1, ("friends", 2): 1}),
        # Before its second end, a had ended once, on plan one.
        ("&churn_by=plan&start_day=2026-01-01&end_day=2026-01-20", {("one", 1): 2, ("two", 1): 1}),
    ],
)
def test_times_ended_by_hand(leavers: Build, search: str, expected: dict[tuple[str, int], int]) -> None:
    period = "" if "start_day" in search else "&period=all"
    filters = parse_search(f"calendar=utc{period}{search}", leavers.manifest.spans)
    rows = rows_of(run("accounts_by_times_ended", filters, leavers))
    assert {(row["group_id"], row["times_ended"]): row["ended_accounts"] for row in rows} == expected
