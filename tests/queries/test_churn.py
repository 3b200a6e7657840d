"""Who comes and goes: churn by month and accounts by lifecycle, by hand, and against the oracle under any filters."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.build import build_warehouse
from queries.db import Warehouse
from queries.filters import parse_search
from queries.run import run
from tests.queries.cases import Case, draw_filters, rows_of
from tests.sources import Row, write_source


def change(account: str, on: str, event: str) -> Row:
    return {
        "event_id": f"{account} {on}",
        "account_id": account,
        "ts": datetime.fromisoformat(f"{on} 12:00:00"),
        "event": event,
    }


def test_churn_by_hand(tmp_path: Path) -> None:
    # At the end of January 2025 there are a, b, c and d. In February a and b end and e is new; in March a, who ended
    # within a year, rejoins and c ends; in March 2026 b, who ended more than a year before, rejoins.
    changes = [
        *(change(account, "2025-01-10", "start") for account in "abcd"),
        change("a", "2025-02-10", "end"),
        change("b", "2025-02-20", "end"),
        change("e", "2025-02-25", "start"),
        change("a", "2025-03-05", "rejoin"),
        change("c", "2025-03-31", "end"),
        change("b", "2026-03-01", "rejoin"),
        change("f", "2026-04-02", "start"),
    ]
    build_warehouse(write_source(tmp_path / "source", {"subscription_events": changes}), tmp_path / "warehouse")
    build = Warehouse(tmp_path / "warehouse").current()

    def months(end_day: str) -> dict[date, tuple[object, ...]]:
        filters = parse_search(f"calendar=utc&start_day=2025-01-10&end_day={end_day}", build.manifest.spans)
        columns = (
            "subscriptions_at_start",
            "new_subscriptions",
            "rejoined_subscriptions",
            "ended_subscriptions",
            "moved_subscriptions",
            "subscriptions_at_end",
            "gross_churn_rate",
            "net_churn_rate",
        )
        return {
            row["first_day"]: tuple(row[name] for name in columns)
            for row in rows_of(run("churn_by_month", filters, build))
        }

    # January began before the data, so it is no month that they have whole.
    assert months("2025-04-01") == {
        date(2025, 2, 1): (4, 1, 0, 2, 0, 3, 2 / 4, 2 / 4),
        date(2025, 3, 1): (3, 0, 1, 1, 0, 3, 1 / 3, 0 / 3),
    }
    found = months("2026-04-02")
    assert len(found) == 13
    assert found[date(2026, 3, 1)] == (3, 0, 1, 0, 0, 4, 0, 0)


@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_months_add_up_to_the_subscriptions_under_any_filters(world: Case, data: st.DataObject) -> None:
    filters = draw_filters(world, data)
    rows = rows_of(run("churn_by_month", filters, world.build))
    for row, after in pairwise(rows):
        assert row["subscriptions_at_end"] == after["subscriptions_at_start"]
    for row in rows:
        expected = world.oracle.retention(row["first_day"], filters)
        assert row["subscriptions_at_start"] == expected["subscriptions_at_start"]
        changes = world.oracle.subscription_changes(row["first_day"], row["end_day"], filters)
        assert {name: row[name] for name in changes} == changes
        if filters.chosen("plan") is None:
            assert row["moved_subscriptions"] == 0
        if row["subscriptions_at_start"]:
            assert row["gross_churn_rate"] == pytest.approx(row["ended_subscriptions"] / row["subscriptions_at_start"])
            assert row["net_churn_rate"] <= row["gross_churn_rate"]


@pytest.mark.parametrize("granularity", ["week", "month"])
def test_states_add_up_to_the_active_accounts(world: Case, granularity: str) -> None:
    filters = parse_search(f"period=all&granularity={granularity}", world.build.manifest.spans)
    rows = rows_of(run("lifecycle_by_period", filters, world.build))
    assert {row["state"] for row in rows} == {"returning", "resurrected", "first_seen", "new", "dormant"}
    active_before = 0
    for period in sorted({row["first_day"] for row in rows}):
        counts = {row["state"]: row["lifecycle"] for row in rows if row["first_day"] == period}
        days = 7 if granularity == "week" else 31
        end_day = period + timedelta(days=7) if granularity == "week" else (period + timedelta(days)).replace(day=1)
        active = {
            play.row["account_id"]
            for play in world.oracle.plays_between(period, end_day, filters)
            if play.watch_ms >= 60_000
        }
        assert sum(count for state, count in counts.items() if state != "dormant") == len(active)
        # Who was active before is active again or dormant, which cannot be said of a period that is not over.
        if counts["dormant"] is not None:
            assert counts["returning"] + counts["dormant"] == active_before
        active_before = len(active)
