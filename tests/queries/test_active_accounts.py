"""Accounts counted by their sets equal a count of distinct accounts, for every window and any choice of things done."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.audience import AUDIENCE_CELLS, COUNTED_BY
from definitions.values import CALENDARS, DEFAULT_KINDS
from queries.db import Build, Warehouse
from queries.run import select

# Of every window that the table holds: the accounts whose set has a bit in common with the bits chosen.
BY_SETS = """
select
    period,
    end_day,
    cast(sum(accounts) as bigint) as accounts,
    cast(coalesce(sum(account_days), 0) as bigint) as account_days
from active_accounts
where
    calendar = $calendar
    and counted_by = $counted_by
    and account_plan is not distinct from $plan
    and (mask_low & $mask_low <> 0 or mask_high & $mask_high <> 0)
group by all
order by all
"""
# The same from the accounts' days, each account once, by its plan on the window's last day; and each account and day
# once, by its plan on that day, but for trailing windows.
ONE_BY_ONE = """
with windows as (
    select distinct
        period,
        end_day,
        case period
            when 'day' then end_day - 1
            when 'week' then end_day - 7
            when 'month' then cast(date_trunc('month', end_day - 1) as date)
            when 'trailing_7' then end_day - 7
            when 'trailing_28' then end_day - 28
        end as first_day
    from active_accounts
    where calendar = $calendar and counted_by = $counted_by
),

active as (
    select windows.period, windows.end_day, account_days.account_id, account_days.day, account_days.account_plan
    from windows
    inner join account_days
        on account_days.day >= windows.first_day and account_days.day < windows.end_day
    where
        account_days.calendar = $calendar
        and account_days.active_plays > 0
        and list_contains(
            $chosen,
            account_days.kind || ' ' || coalesce(account_days.device_type, '-') || ' '
            || coalesce(account_days.profile_type, '-')
        )
),

by_window as (
    select active.period, active.end_day, count(distinct active.account_id) as accounts, 0 as account_days
    from active
    inner join plan_periods
        on active.account_id = plan_periods.account_id
        and active.end_day - 1 >= plan_periods.from_day
        and active.end_day - 1 < plan_periods.to_day
    where plan_periods.account_plan is not distinct from $plan
    group by all
    union all
    select period, end_day, 0 as accounts, count(distinct (account_id, day)) as account_days
    from active
    where account_plan is not distinct from $plan and period in ('day', 'week', 'month')
    group by all
)

select
    period,
    end_day,
    cast(sum(accounts) as bigint) as accounts,
    cast(coalesce(sum(account_days), 0) as bigint) as account_days
from by_window
group by all
order by all
"""


@pytest.fixture(scope="module")
def build(auckland_warehouse: Path) -> Build:
    return Warehouse(auckland_warehouse).current()


def test_every_sort_of_set_knows_every_thing_of_its_kinds() -> None:
    # 5 kinds × 7 sorts of device × 3 of profile, unknown ones included; 3 of the kinds are shown by default.
    cells = {
        counted_by: [cell for cell in AUDIENCE_CELLS if cell.counted_by == counted_by] for counted_by in COUNTED_BY
    }
    assert {counted_by: len(found) for counted_by, found in cells.items()} == {
        "kind": 105,
        "device": 63,
        "profile_type": 63,
        "all": 105,
    }
    bits = {counted_by: {cell.bit for cell in found} for counted_by, found in cells.items()}
    assert {counted_by: len(found) for counted_by, found in bits.items()} == {
        "kind": 5,
        "device": 7,
        "profile_type": 3,
        "all": 105,
    }
    assert (
        not bits["kind"] & bits["device"] | bits["kind"] & bits["profile_type"] | bits["device"] & bits["profile_type"]
    )
    assert all(cell.kind in DEFAULT_KINDS for cell in cells["device"] + cells["profile_type"])
    assert all((cell.mask_low == 0) != (cell.mask_high == 0) for cell in AUDIENCE_CELLS)
    assert max(cell.mask_low | cell.mask_high for cell in AUDIENCE_CELLS) < 2**63


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sets_count_every_account_once(build: Build, data: st.DataObject) -> None:
    counted_by = data.draw(st.sampled_from(COUNTED_BY), "counted by")
    calendar = data.draw(st.sampled_from(CALENDARS), "calendar")
    plan = data.draw(st.sampled_from(("Basic", "Premium", None)), "plan")
    cells = [cell for cell in AUDIENCE_CELLS if cell.counted_by == counted_by]
    bits = data.draw(st.sets(st.sampled_from(sorted({cell.bit for cell in cells})), min_size=1), "bits")
    chosen = [cell for cell in cells if cell.bit in bits]
    masks = {"mask_low": 0, "mask_high": 0}
    for cell in chosen:
        masks["mask_low"] |= cell.mask_low
        masks["mask_high"] |= cell.mask_high
    asked: dict[str, object] = {"calendar": calendar, "plan": plan, "counted_by": counted_by}
    by_sets = select(BY_SETS, build, {**asked, **masks})
    things = [f"{cell.kind} {cell.device_type or '-'} {cell.profile_type or '-'}" for cell in chosen]
    assert by_sets.to_pylist() == select(ONE_BY_ONE, build, asked | {"chosen": things}).to_pylist()


def test_every_sort_of_window_is_held(build: Build) -> None:
    found = select("select distinct period, counted_by from active_accounts", build).to_pylist()
    # Windows that end with any day have no sets of all three together.
    assert {(row["period"], row["counted_by"]) for row in found} == {
        (period, counted_by)
        for period in ("day", "week", "month", "trailing_7", "trailing_28")
        for counted_by in COUNTED_BY
        if counted_by != "all" or not period.startswith("trailing")
    }
