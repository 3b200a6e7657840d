"""Cohorts by all four definitions and both sorts of intervals: by hand, and against a plain count of random lives."""

from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.cohorts import period_after, period_start, reads_rows
from queries.db import Build
from queries.filters import parse_search
from queries.run import bound_parameters, macro_schemas, parsed_query, run
from tests.queries.cases import rows_of
from tests.queries.cohort_lives import CHOICES, DAYS, ONE_DAY, Reference, is_retained, march
from tests.sources import read_source


def triangle(build: Build, search: str) -> dict[Any, list[tuple[int, int, bool]]]:
    """Return by cohort (its first day of March, "pooled" or "before") of each interval its accounts and if complete.

    Each is (retained, of how many, complete).
    """
    filters = parse_search(f"calendar=utc&period=all&compare=none&{search}", build.manifest.spans)
    found: dict[Any, list[tuple[int, int, bool]]] = {}
    for row in rows_of(run("cohort_retention", filters, build)):
        key = row["cohort_start"].day if row["cohort_kind"] == "cohort" else row["cohort_kind"]
        cells = found.setdefault(key, [])
        if not cells:
            first_interval = 1 if "on_or_before" in search else 0
            assert row["interval_number"] == first_interval
        cells.append((int(row["retained_accounts"]), int(row["cohort_size"]), bool(row["is_complete"])))
    return found


def test_when_and_with_what_accounts_began(cohorts_by_hand: Build) -> None:
    rows = {
        row["account_id"]: row
        for row in read_source(cohorts_by_hand.folder, "account_beginnings")
        if row["calendar"] == "utc"
    }
    assert {name: row["arrival"] for name, row in rows.items()} == {
        "zoe": "before",
        "ann": "new",
        "bob": "new",
        "cat": "new",
        "dan": "new",
        "eve": None,
    }
    ann, dan = rows["ann"], rows["dan"]
    assert (ann["signed_up_day"], ann["first_active_day"]) == (date(2026, 3, 3), date(2026, 3, 4))
    assert (ann["first_active_at"], ann["first_device_type"]) == (march(4, 20), "mobile")
    assert (ann["first_show_id"], ann["first_genre"], ann["first_plan"]) == ("series s", None, "basic")
    assert (rows["bob"]["first_genre"], rows["bob"]["first_plan"]) == ("Comedy", "family")
    assert (dan["first_active_at"], dan["first_active_day"], dan["first_show_id"]) == (None, None, None)


def test_each_day_knows_with_what_its_account_began(cohorts_by_hand: Build) -> None:
    # Ann's three days, by time; what she began with is the first one's in all of them. Dan's 59 seconds are a day,
    # though he never began.
    rows = [row for row in read_source(cohorts_by_hand.folder, "cohort_days") if row["calendar"] == "utc"]
    of_ann = [row for row in rows if row["signed_up_at"] == march(3, 10)]
    assert [(row["day"].day, row["started_at"]) for row in of_ann] == [
        (4, march(4, 20)),
        (9, march(9, 0)),
        (18, march(18, 20)),
    ]
    began_with = {(row["first_device_type"], row["first_show_id"], row["first_plan"]) for row in of_ann}
    assert began_with == {("mobile", "series s", "basic")}
    assert [row["first_active_at"] for row in rows if row["signed_up_at"] == march(12)] == [None]


# The weeks of 2, 9, 16, 23 and 30 March: of the first, four have passed on 1 April and a fifth has begun.
@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (
            "retained_as=on",
            {
                "pooled": [(4, 4, True), (3, 4, True), (1, 3, True), (1, 2, True)],
                2: [(2, 2, True), (2, 2, True), (1, 2, True), (1, 2, True)],
                9: [(1, 1, True), (0, 1, True), (0, 1, True), (0, 1, False)],
                16: [(1, 1, True), (1, 1, True), (0, 1, False)],
                23: [(0, 0, True), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # Half of five cohorts are three: those have a week 1 that has passed.
        (
            "retained_as=on_or_after",
            {
                "pooled": [(4, 4, True), (3, 4, True)],
                2: [(2, 2, True), (2, 2, True)],
                9: [(1, 1, True), (0, 1, True)],
                16: [(1, 1, True), (1, 1, True)],
                23: [(0, 0, False), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # Up to week 3 Ann is there in week 2 for the last time, and Bob in 3.
        (
            "retained_as=on_or_after&intervals_shown=3",
            {
                "pooled": [(2, 2, True), (2, 2, True), (2, 2, True), (1, 2, True)],
                2: [(2, 2, True), (2, 2, True), (2, 2, True), (1, 2, True)],
                9: [(1, 1, False), (0, 1, False), (0, 1, False), (0, 1, False)],
                16: [(1, 1, False), (1, 1, False), (0, 1, False)],
                23: [(0, 0, False), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        (
            "retained_as=on_or_before",
            {
                "pooled": [(3, 4, True), (2, 3, True), (2, 2, True)],
                2: [(2, 2, True), (2, 2, True), (2, 2, True)],
                9: [(0, 1, True), (0, 1, True), (0, 1, False)],
                16: [(1, 1, True), (1, 1, False)],
                23: [(0, 0, False)],
            },
        ),
        (
            "retained_as=streak",
            {
                "pooled": [(4, 4, True), (3, 4, True), (1, 3, True), (0, 2, True)],
                2: [(2, 2, True), (2, 2, True), (1, 2, True), (0, 2, True)],
                9: [(1, 1, True), (0, 1, True), (0, 1, True), (0, 1, False)],
                16: [(1, 1, True), (1, 1, True), (0, 1, False)],
                23: [(0, 0, True), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # From each one's own first play Ann is there in 0 and, to the second, 2; Bob in 0 (a minute short of a week)
        # and 2; Eve in 0 and, to the second, 1. Whoever begins at the end of 8 March has passed week 2 on 30 March.
        (
            "cohort_intervals=personal",
            {
                "pooled": [(4, 4, True), (0, 3, True), (2, 2, True)],
                2: [(2, 2, True), (0, 2, True), (2, 2, True)],
                9: [(1, 1, True), (0, 1, True), (0, 1, False)],
                16: [(1, 1, True), (1, 1, False), (0, 1, False)],
                23: [(0, 0, False), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # In their intervals 1 and later Ann and Bob are there in 2, and not in 1; Eve is in 1; Cat in none.
        (
            "cohort_intervals=personal&retained_as=on_or_before",
            {
                "pooled": [(0, 3, True), (2, 2, True)],
                2: [(0, 2, True), (2, 2, True)],
                9: [(0, 1, True), (0, 1, False)],
                16: [(1, 1, False), (1, 1, False)],
                23: [(0, 0, False)],
            },
        ),
        # Up to interval 2 Ann and Bob are there in it for the last time, Eve in 1, Cat in 0.
        (
            "cohort_intervals=personal&retained_as=on_or_after&intervals_shown=2",
            {
                "pooled": [(2, 2, True), (2, 2, True), (2, 2, True)],
                2: [(2, 2, True), (2, 2, True), (2, 2, True)],
                9: [(1, 1, False), (0, 1, False), (0, 1, False)],
                16: [(1, 1, False), (1, 1, False), (0, 1, False)],
                23: [(0, 0, False), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # Half of five cohorts are three: of those no interval but 0 has passed, on 16, 23 and 30 March.
        (
            "cohort_intervals=personal&retained_as=on_or_after",
            {
                "pooled": [(4, 4, True)],
                2: [(2, 2, True)],
                9: [(1, 1, True)],
                16: [(1, 1, True)],
                23: [(0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # Ann and Bob miss their interval 1, so that coming in 2 does not count; Eve has been there in 0 and 1.
        (
            "cohort_intervals=personal&retained_as=streak",
            {
                "pooled": [(4, 4, True), (0, 3, True), (0, 2, True)],
                2: [(2, 2, True), (0, 2, True), (0, 2, True)],
                9: [(1, 1, True), (0, 1, True), (0, 1, False)],
                16: [(1, 1, True), (1, 1, False), (0, 1, False)],
                23: [(0, 0, False), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # By sign-up Cat is of the first week and active in its week 1; Dan never is; of Eve nothing is known.
        (
            "cohort_begins=sign_up&intervals_shown=2",
            {
                "pooled": [(2, 4, True), (3, 4, True), (1, 4, True)],
                2: [(2, 3, True), (3, 3, True), (1, 3, True)],
                9: [(0, 1, True), (0, 1, True), (0, 1, True)],
                16: [(0, 0, True), (0, 0, True), (0, 0, False)],
                23: [(0, 0, True), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
        # Ann's subscription runs on 3 to 11 March, Bob's on 5 to 15 March and from the 30th on.
        (
            "retained_by=paid&country=IN&intervals_shown=4",
            {
                "pooled": [(2, 2, True), (2, 2, True), (0, 2, True), (0, 2, True)],
                2: [(2, 2, True), (2, 2, True), (0, 2, True), (0, 2, True), (1, 2, False)],
                9: [(0, 0, True), (0, 0, True), (0, 0, True), (0, 0, False)],
                16: [(0, 0, True), (0, 0, True), (0, 0, False)],
                23: [(0, 0, True), (0, 0, False)],
                30: [(0, 0, False)],
            },
        ),
    ],
)
def test_definitions_by_hand(cohorts_by_hand: Build, search: str, expected: dict[Any, Any]) -> None:
    found = triangle(cohorts_by_hand, search)
    for key, cells in found.items():
        if key not in expected:
            assert not any(size for _, size, _ in cells)
    assert {key: found[key] for key in expected} == expected


def test_what_counts_and_who_by_hand(cohorts_by_hand: Build) -> None:
    # Half an hour in a week: Bob's week 1.
    hours = triangle(cohorts_by_hand, "retained_by=hours&retained_hours=0,5")
    assert hours[2] == [(0, 2, True), (1, 2, True), (0, 2, True), (0, 2, True)]
    # On a telephone Ann began, and Bob was in week 3: who they are does not change.
    phone = triangle(cohorts_by_hand, "device=mobile")
    assert phone[2] == [(1, 2, True), (0, 2, True), (0, 2, True), (1, 2, True)]
    # Bob's first plan.
    assert triangle(cohorts_by_hand, "plan=family")[2] == [(1, 1, True), (1, 1, True), (0, 1, True), (1, 1, True)]
    # Zoe is there on the data's first day.
    before = triangle(cohorts_by_hand, "cohort_before=kept")
    assert before["before"] == [(1, 1, True), (0, 1, True), (0, 1, True), (0, 1, True)]
    assert before["pooled"] == triangle(cohorts_by_hand, "")["pooled"]


def test_pooled_rows_by_group_and_their_limits(cohorts_by_hand: Build) -> None:
    filters = parse_search("calendar=utc&period=all&cohort_by=device", cohorts_by_hand.manifest.spans)
    rows = rows_of(run("pooled_retention_by_group", filters, cohorts_by_hand))
    # Week 1: of those who began on television Bob and Eve are there and Cat is not; Ann, on a telephone, is.
    told = {
        row["group_id"]: (row["retained_accounts"], row["cohort_size"]) for row in rows if row["interval_number"] == 1
    }
    assert told == {"tv": (2, 3), "mobile": (1, 1)}
    share = next(row for row in rows if row["group_id"] == "tv" and row["interval_number"] == 1)
    # Wilson's interval of 2 of 3, by hand with z = 1.96: (2/3 + 0.640 ± 1.96 √(2/27 + 0.1067)) / 2.2805.
    assert share["cohort_retention_low"] == pytest.approx(0.2077, abs=1e-3)
    assert share["cohort_retention_high"] == pytest.approx(0.9385, abs=1e-3)


@given(choices=CHOICES, start=st.integers(0, DAYS - 1), days=st.sampled_from([1, 7, 30, DAYS, DAYS]))
@settings(max_examples=40, deadline=None)
def test_any_choice_is_a_count_of_accounts(
    random_cohorts: Build, choices: dict[str, str], start: int, days: int
) -> None:
    span = random_cohorts.manifest.spans[choices["calendar"]]
    start_day = min(span.first_day + start * ONE_DAY, span.end_day - ONE_DAY)
    end_day = min(start_day + days * ONE_DAY, span.end_day)
    search = "&".join(f"{name}={value}" for name, value in choices.items() if value)
    filters = parse_search(f"start_day={start_day}&end_day={end_day}&{search}", random_cohorts.manifest.spans)
    assert not filters.problems
    rows = rows_of(run("cohort_retention", filters, random_cohorts))
    counted_as = choices["retained_as"]
    reference = Reference(random_cohorts, choices, start_day, end_day)
    active: dict[date | None, list[set[int]]] = {}
    for account, cohort, own_at, own_day in reference.members():
        if choices.get("country", account["country"]) == account["country"]:
            active.setdefault(cohort, []).append(reference.retained(account, own_at, own_day))
    if choices["intervals_shown"]:
        last = int(choices["intervals_shown"])
    else:
        last = max((row["interval_number"] for row in rows), default=0)
    pooled: dict[int, tuple[int, int]] = {}
    for row in rows:
        if row["cohort_kind"] == "pooled":
            continue
        number, cohort = row["interval_number"], row["cohort_start"]
        own = active.get(cohort, [])
        assert row["cohort_size"] == len(own)
        expected = sum(is_retained(intervals, counted_as, number, last) for intervals in own)
        assert row["retained_accounts"] == expected, row
        # The last day on which a member's interval can end: of one that begins at the end of the cohort's period.
        until = last if counted_as == "on_or_after" else number
        if cohort is None and reference.is_personal:
            over = reference.first_day + (until + 1) * reference.length
        elif reference.is_personal:
            over = period_after(cohort, reference.period) + (until + 1) * reference.length
        else:
            over = period_start(cohort or reference.first_day, reference.period)
            for _ in range(until + 1):
                over = period_after(over, reference.period)
        assert row["is_complete"] == (over <= end_day), row
        if row["is_complete"] and cohort is not None:
            retained, size = pooled.get(number, (0, 0))
            pooled[number] = retained + expected, size + len(own)
    found = {
        row["interval_number"]: (row["retained_accounts"], row["cohort_size"])
        for row in rows
        if row["cohort_kind"] == "pooled"
    }
    assert found == pooled
    if counted_as != "on_or_before":
        # There a cohort is shown once its interval 1 has begun.
        starts = {row["cohort_start"] for row in rows if row["cohort_kind"] == "cohort"}
        assert not rows or {cohort for cohort in active if cohort is not None and start_day <= cohort} <= starts


@given(
    choices=CHOICES.map(lambda choices: choices | {"retained_by": "activity"}),
    split=st.sampled_from(["none", "country", "plan", "channel", "device", "genre"]),
    days=st.sampled_from([DAYS, 90, 60]),
)
@settings(max_examples=12, deadline=None)
def test_what_is_added_up_is_what_the_rows_tell(
    random_cohorts: Build, choices: dict[str, str], split: str, days: int
) -> None:
    span = random_cohorts.manifest.spans[choices["calendar"]]
    period = "week" if choices["cohort_period"] == "day" else choices["cohort_period"]
    end_day = min(period_start(span.first_day + days * ONE_DAY, period), span.end_day)
    chosen = {name: value for name, value in choices.items() if name != "device" and value}
    if days == DAYS or choices["cohort_intervals"] == "personal":
        end_day = span.end_day
    search = "&".join(f"{name}={value}" for name, value in (chosen | {"cohort_period": period}).items())
    filters = parse_search(
        f"start_day={span.first_day}&end_day={end_day}&{search}&cohort_by={split}", random_cohorts.manifest.spans
    )
    for name in ("cohort_retention", "pooled_retention_by_group"):
        parameters = bound_parameters(name, filters)
        if name == "cohort_retention" or "country" not in choices or split in ("none", "country", "plan"):
            assert not reads_rows(parameters)
        schemas = [*macro_schemas(parameters), "cohorts_of_rows"]
        with random_cohorts.cursor(macros_of=schemas) as cursor:
            expected = cursor.execute(parsed_query(name), parameters).df().drop(columns="accounts")
        pd.testing.assert_frame_equal(run(name, filters, random_cohorts), expected)


@given(
    choices=CHOICES,
    start=st.integers(0, DAYS - 1),
    split=st.sampled_from(["country", "plan", "channel", "device", "title", "genre"]),
)
@settings(max_examples=8, deadline=None)
def test_definitions_stand_in_order_and_groups_are_the_whole(
    random_cohorts: Build, choices: dict[str, str], start: int, split: str
) -> None:
    span = random_cohorts.manifest.spans[choices["calendar"]]
    start_day = min(span.first_day + start * ONE_DAY, span.end_day - ONE_DAY)
    search = "&".join(f"{name}={value}" for name, value in choices.items() if name != "retained_as" and value)
    search = f"start_day={start_day}&end_day={span.end_day}&{search}&intervals_shown=6"

    def retained(definition: str) -> dict[tuple[date, int], int]:
        filters = parse_search(f"{search}&retained_as={definition}", random_cohorts.manifest.spans)
        return {
            (row["cohort_start"], row["interval_number"]): row["retained_accounts"]
            for row in rows_of(run("cohort_retention", filters, random_cohorts))
            if row["cohort_kind"] == "cohort"
        }

    on, after, before, streak = map(retained, ("on", "on_or_after", "on_or_before", "streak"))
    assert on.keys() == after.keys() == streak.keys()
    for key, count in on.items():
        assert after[key] >= count >= streak[key]
        if key[1]:
            assert before[key] >= count
    for (cohort, number), (_, following) in pairwise(before):
        if following == number + 1:
            assert before[cohort, following] >= before[cohort, number]
    filters = parse_search(f"{search}&cohort_by={split}", random_cohorts.manifest.spans)
    groups = rows_of(run("pooled_retention_by_group", filters, random_cohorts))
    spans = random_cohorts.manifest.spans
    whole = rows_of(run("pooled_retention_by_group", parse_search(search, spans), random_cohorts))
    for row in whole:
        own = [group for group in groups if group["interval_number"] == row["interval_number"]]
        assert sum(group["cohort_size"] for group in own) == row["cohort_size"]
        assert sum(group["retained_accounts"] for group in own) == row["retained_accounts"]
