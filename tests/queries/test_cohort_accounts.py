"""The accounts of a cell of the cohorts: by hand, and as many as the cell counts, whatever is chosen."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.db import Build
from queries.filters import parse_search
from queries.run import run
from tests.queries.cases import rows_of
from tests.queries.cohort_lives import CHOICES, DAYS, ONE_DAY, Reference, is_retained


def cell_accounts(build: Build, search: str) -> dict[str, dict[str, Any]]:
    """Return the rows of the accounts of a cell, by account."""
    filters = parse_search(f"calendar=utc&compare=none&period=all&{search}", build.manifest.spans)
    rows = {row["account_id"]: row for row in rows_of(run("cohort_accounts", filters, build))}
    assert None not in rows
    return rows


# Who is there as test_definitions_by_hand counts them.
@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("cell_cohort=2026-03-02", {"ann", "bob"}),
        ("cell_cohort=2026-03-02&cell_interval=2", {"ann"}),
        ("cell_cohort=2026-03-02&cell_interval=3", {"bob"}),
        ("cell_cohort=2026-03-16&cell_interval=1", {"eve"}),
        ("cell_cohort=pooled&cell_interval=1", {"ann", "bob", "eve"}),
        # Eve's cohort has no week 2 behind it.
        ("cell_cohort=pooled&cell_interval=2", {"ann"}),
        ("cell_cohort=2026-03-02&cell_interval=2&retained_as=on_or_after&intervals_shown=3", {"ann", "bob"}),
        ("cell_cohort=2026-03-02&cell_interval=3&retained_as=on_or_before", {"ann", "bob"}),
        ("cell_cohort=2026-03-02&cell_interval=2&retained_as=streak", {"ann"}),
        ("cell_cohort=2026-03-02&cell_interval=3&retained_as=streak", set()),
        ("cell_cohort=2026-03-02&cell_interval=2&cohort_intervals=personal", {"ann", "bob"}),
        ("cell_cohort=2026-03-02&cell_interval=1&cohort_begins=sign_up", {"ann", "bob", "cat"}),
        ("cell_cohort=2026-03-02&cell_interval=1&retained_by=hours&retained_hours=0,5", {"bob"}),
        ("cell_cohort=2026-03-02&cell_interval=3&device=mobile", {"bob"}),
        ("cell_cohort=2026-03-02&cell_interval=1&plan=family", {"bob"}),
        ("cell_cohort=2026-03-02&cell_interval=4&retained_by=paid&country=IN&intervals_shown=4", {"bob"}),
        ("cell_cohort=2026-03-04&cohort_period=day", {"ann"}),
        # Of Eve, first active in the data's first month, it is not known whether she was there before.
        ("cell_cohort=2026-03-01&cohort_period=month", {"ann", "bob", "cat"}),
        ("cell_cohort=before&cohort_before=kept", {"zoe"}),
        # No such cell: nothing is chosen, no cohort begins then or is shown, no interval is so late, or so early.
        ("", set()),
        ("cell_interval=1", set()),
        ("cell_cohort=2026-03-03", set()),
        ("cell_cohort=before", set()),
        ("cell_cohort=2026-02-30", set()),
        ("cell_cohort=9999-12-31", set()),
        ("cell_cohort=2026-03-02&cell_interval=40", set()),
        ("cell_cohort=2026-03-02&retained_as=on_or_before", set()),
    ],
)
def test_the_accounts_of_a_cell_by_hand(cohorts_by_hand: Build, search: str, expected: set[str]) -> None:
    assert cell_accounts(cohorts_by_hand, search).keys() == expected


def test_what_is_told_of_the_accounts_of_a_cell(cohorts_by_hand: Build) -> None:
    rows = cell_accounts(cohorts_by_hand, "cell_cohort=2026-03-02&cell_interval=1")
    assert rows["ann"] == {
        "account_id": "ann",
        "began_day": date(2026, 3, 4),
        "account_country": "IN",
        "first_plan": "basic",
        "first_device_type": "mobile",
        "is_complete": True,
    }
    assert rows["bob"]["began_day"] == date(2026, 3, 8)
    signed_up = cell_accounts(cohorts_by_hand, "cell_cohort=2026-03-02&cell_interval=1&cohort_begins=sign_up")
    assert {name: row["began_day"].day for name, row in signed_up.items()} == {"ann": 3, "bob": 5, "cat": 2}
    # Their own fourth weeks end on 1 April at the latest for Ann, of 3 March, and on 3 April for Bob, of the 5th.
    weeks = "cohort_intervals=personal&cohort_begins=sign_up&intervals_shown=3&retained_as=on_or_before"
    own = cell_accounts(cohorts_by_hand, f"cell_cohort=2026-03-02&cell_interval=3&{weeks}")
    assert {name: row["is_complete"] for name, row in own.items()} == {"ann": True, "bob": False, "cat": True}
    assert cell_accounts(cohorts_by_hand, "cell_cohort=before&cohort_before=kept")["zoe"]["began_day"] is None


def test_no_list_of_accounts_where_few_are_hidden(cohorts_by_hand: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "2")
    filters = parse_search("calendar=utc&period=all&cell_cohort=2026-03-02", cohorts_by_hand.manifest.spans)
    frame = run("cohort_accounts", filters, cohorts_by_hand)
    assert list(frame["is_suppressed"]) == [True]
    assert frame.drop(columns="is_suppressed").isna().to_numpy().all()


@given(
    choices=CHOICES,
    start=st.integers(0, DAYS - 1),
    days=st.sampled_from([7, 30, DAYS, DAYS]),
    cells=st.lists(st.integers(0, 10_000), min_size=4, max_size=4),
)
@settings(max_examples=40, deadline=None)
def test_the_accounts_of_any_cell_are_those_it_counts(
    random_cohorts: Build, choices: dict[str, str], start: int, days: int, cells: list[int]
) -> None:
    span = random_cohorts.manifest.spans[choices["calendar"]]
    start_day = min(span.first_day + start * ONE_DAY, span.end_day - ONE_DAY)
    end_day = min(start_day + days * ONE_DAY, span.end_day)
    search = "&".join(f"{name}={value}" for name, value in choices.items() if value)
    search = f"start_day={start_day}&end_day={end_day}&{search}"
    rows = rows_of(run("cohort_retention", parse_search(search, random_cohorts.manifest.spans), random_cohorts))
    last = max((row["interval_number"] for row in rows), default=0)
    last = int(choices["intervals_shown"] or last)
    reference = Reference(random_cohorts, choices, start_day, end_day)
    lives = [
        (account["account_id"], cohort, own_day, reference.retained(account, own_at, own_day))
        for account, cohort, own_at, own_day in reference.members()
        if choices.get("country", account["country"]) == account["country"]
    ]
    # Half of them cells that count somebody.
    counting = [row for row in rows if row["retained_accounts"]]
    for position, of_all in zip(cells, (counting, counting, rows, rows), strict=True):
        if not of_all:
            continue
        row = of_all[position % len(of_all)]
        number, kind = row["interval_number"], row["cohort_kind"]
        picked = f"{search}&cell_cohort={row['cohort_start'] or kind}&cell_interval={number}"
        listed = rows_of(run("cohort_accounts", parse_search(picked, random_cohorts.manifest.spans), random_cohorts))
        assert len(listed) == row["retained_accounts"], row
        cohorts = {row["cohort_start"]}
        if kind == "pooled":
            cohorts = {
                other["cohort_start"]
                for other in rows
                if other["cohort_kind"] == "cohort" and other["interval_number"] == number and other["is_complete"]
            }
        expected = {
            name: own_day
            for name, cohort, own_day, active in lives
            if cohort in cohorts and is_retained(active, choices["retained_as"], number, last)
        }
        assert {account["account_id"] for account in listed} == expected.keys(), row
        until = last if choices["retained_as"] == "on_or_after" else number
        for account in listed:
            own_day = expected[account["account_id"]]
            is_over = reference.is_personal and own_day + ONE_DAY + (until + 1) * reference.length <= end_day
            assert account["began_day"] == (None if kind == "before" else own_day)
            assert account["is_complete"] == (row["is_complete"] or (kind != "before" and is_over)), (row, account)
