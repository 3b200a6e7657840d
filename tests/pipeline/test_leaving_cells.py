"""What subscriptions did before they left or stayed, as a build holds it: by hand, and against plain Python."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.build.build import build_warehouse
from tests.pipeline.leaving_lives import LIVES, SERVICE_ZONE, Life, expected_cells, source_tables
from tests.sources import Row, read_source, write_source

HOUR_MS = 3_600_000
NAMES = (
    "month_start",
    "watched",
    "days_active",
    "stalls",
    "device_type",
    "searched",
    "tenure",
    "account_country",
    "account_plan",
)


def change(account: str, on: date, event: str, plan: str | None = None) -> Row:
    return {
        "event_id": f"{account} {on} {event}",
        "account_id": account,
        "ts": datetime(on.year, on.month, on.day, 12),
        "event": event,
        "plan": plan,
    }


def play(account: str, on: date, device: str, hours: float, rebuffer_ms: int | None = 0) -> Row:
    return {
        "play_id": f"{account} {on} {device}",
        "account_id": account,
        "title_id": "w",
        "started_at": datetime(on.year, on.month, on.day, 12),
        "watch_ms": int(hours * HOUR_MS),
        "rebuffer_ms": rebuffer_ms,
        "device_type": device,
        "utc_offset_min": 0,
    }


def search(account: str, on: date, results: int | None) -> Row:
    return {
        "search_id": f"{account} {on}",
        "ts": datetime(on.year, on.month, on.day, 12),
        "account_id": account,
        "query": "wide",
        "results": results,
    }


# Days are complete from 1 January, of the first play, to 9 May; 30 days each make the months of life. Those of Ann and
# Bob begin on 1 January, 31 January and 2 March, 1 April; so do Cleo's, whose beginning nobody knows. Dan's, who signed
# up on 1 June 2025, begin on 26 February and 28 March, the first with 30 days of data before them.
CHANGES = [
    change("ann", date(2026, 1, 1), "start", "basic"),
    change("ann", date(2026, 2, 5), "end"),
    change("bob", date(2026, 1, 1), "start", "basic"),
    # Not recovered: settled on 5 March, over on 4 April.
    change("bob", date(2026, 3, 5), "payment_failed"),
    change("cleo", date(2026, 2, 20), "renew", "family"),
    change("dan", date(2026, 1, 5), "renew", "basic"),
    change("dan", date(2026, 3, 28), "change_plan", "family"),
    change("zoe", date(2026, 5, 10), "start", "basic"),
]
ACCOUNTS: list[Row] = [
    {"account_id": "ann", "country": "IN"},
    {"account_id": "bob", "country": "IN"},
    {"account_id": "dan", "country": "FR", "signed_up_at": datetime(2025, 6, 1, 8)},
]
PLAYS = [
    # Seven hours on three days, most on television, which stalled for 18 of 25,218 seconds (0.07 %).
    play("ann", date(2026, 1, 1), "tv", 3, 18_000),
    play("ann", date(2026, 1, 3), "tv", 1),
    play("ann", date(2026, 1, 30), "mobile", 3),
    # Less than a minute: no active day.
    play("bob", date(2026, 1, 5), "tv", 0.01),
    # In Dan's month before 28 March, 20 hours on four days; whether they stalled nobody measured.
    *(play("dan", date(2026, 3, day), "tablet", 5, None) for day in (1, 2, 3, 27)),
    play("zoe", date(2026, 5, 10), "tv", 1),
]
SEARCHES = [
    search("ann", date(2026, 1, 7), 3),
    search("ann", date(2026, 1, 8), 0),
    # After the month of life began: this is not looked at.
    search("bob", date(2026, 3, 2), 0),
    search("cleo", date(2026, 1, 20), 2),
    search("cleo", date(2026, 3, 20), None),
]


def cells(folder: Path, calendar: str = "utc") -> dict[tuple[object, ...], tuple[int, int, int]]:
    rows = [row for row in read_source(folder, "leaving_cells") if row["calendar"] == calendar]
    return {
        tuple(row[name] for name in NAMES): (
            row["subscriptions"],
            row["left_subscriptions"],
            row["left_for_payment"],
        )
        for row in rows
    }


def test_each_month_of_life_counts_by_what_was_done_in_the_one_before(tmp_path: Path) -> None:
    tables: dict[str, list[Row]] = {
        "accounts": ACCOUNTS,
        "subscription_events": CHANGES,
        "titles": [{"title_id": "w", "kind": "film", "name": "Wide", "runtime_ms": 4 * HOUR_MS}],
        "plays": PLAYS,
        "searches": SEARCHES,
    }
    summary = build_warehouse(write_source(tmp_path / "source", tables), tmp_path / "warehouse")
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    unseen = (None, None, None)
    assert cells(summary.folder) == {
        (march, "some", "few", "few", "tv", "nothing", "early", "IN", "basic"): (1, 1, 0),
        (march, "none", *unseen, "none", "early", "IN", "basic"): (2, 1, 1),
        (march, "none", *unseen, "found", "unknown", None, None): (1, 0, 0),
        (march, "none", *unseen, "none", "unknown", None, "family"): (1, 0, 0),
        (april, "none", *unseen, "unknown", "unknown", None, "family"): (1, 0, 0),
        (march, "none", *unseen, "none", "later", "FR", "basic"): (1, 0, 0),
        (april, "much", "some", "unknown", "tablet", "none", "later", "FR", "basic"): (1, 0, 0),
    }


def test_without_plays_and_searches_what_they_tell_is_unknown(tmp_path: Path) -> None:
    tables = {"accounts": ACCOUNTS, "subscription_events": CHANGES}
    summary = build_warehouse(write_source(tmp_path / "source", tables), tmp_path / "warehouse")
    told = cells(summary.folder)
    assert {names[1:6] for names in told} == {(None,) * 5}
    # Days are complete from 1 January, of the first change, on: the same months of life.
    by_month: Counter[object] = Counter()
    for names, counts in told.items():
        by_month[names[0]] += counts[0]
    assert by_month == {date(2026, 3, 1): 6, date(2026, 4, 1): 2}


@given(lives=LIVES, results_told=st.booleans())
@settings(max_examples=6, deadline=None, derandomize=True)
def test_cells_of_random_lives_are_those_of_a_count_in_plain_python(
    tmp_path_factory: pytest.TempPathFactory, lives: list[Life], results_told: bool
) -> None:
    folder = tmp_path_factory.mktemp("lives")
    tables = source_tables(lives, results_told=results_told)
    summary = build_warehouse(write_source(folder / "source", tables), folder / "warehouse", service_zone=SERVICE_ZONE)
    for calendar, days in summary.manifest.spans.items():
        assert cells(summary.folder, calendar) == expected_cells(lives, calendar, days, results_told=results_told)
