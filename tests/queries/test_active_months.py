"""Active days as the bits of a month, and the 28-day windows counted from them: by hand."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import run, select
from tests.sources import Row, write_source

TV_AND_STANDARD = "device=tv&profile_type=standard"
MOBILE_AND_STANDARD = "device=mobile&profile_type=standard"


def play(play_id: str, day: date, **more: Any) -> Row:
    return {
        "play_id": play_id,
        "account_id": "ann",
        "profile_id": "ann-1",
        "title_id": "film",
        "device_type": "tv",
        "started_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC).replace(tzinfo=None),
        "watch_ms": 3_600_000,
        "utc_offset_min": 0,
    } | more


def change(account_id: str, day: date, plan: str) -> Row:
    return {
        "event_id": f"{account_id}-{day}",
        "account_id": account_id,
        "ts": datetime(day.year, day.month, day.day),
        "event": "change_plan",
        "plan": plan,
    }


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder: Path = tmp_path_factory.mktemp("active-months")
    tables: dict[str, list[Row]] = {
        "titles": [
            {"title_id": "film", "name": "The Salt Year", "kind": "film"},
            {"title_id": "other", "name": "Low Tide", "kind": "film"},
        ],
        "profiles": [
            {"profile_id": "ann-1", "account_id": "ann", "profile_type": "standard"},
            {"profile_id": "bea-1", "account_id": "bea", "profile_type": "standard"},
            {"profile_id": "cat-1", "account_id": "cat", "profile_type": "standard"},
            {"profile_id": "dan-1", "account_id": "dan", "profile_type": "standard"},
        ],
        "plays": [
            play("a1", date(2026, 1, 31)),
            play("a2", date(2026, 2, 1)),
            play("a3", date(2026, 2, 1)),
            # Too short to be activity.
            play("a4", date(2026, 2, 3), watch_ms=59_999),
            play("b1", date(2026, 2, 10), account_id="bea", profile_id="bea-1", title_id="other"),
            play("c1", date(2026, 2, 10), account_id="cat", profile_id="cat-1", device_type="mobile"),
            play("d1", date(2026, 2, 20), account_id="dan", profile_id="dan-1", device_type="mobile"),
            # The data go on to 20 March, with what neither filter chooses.
            play("z1", date(2026, 3, 20), account_id="zoe", profile_id=None, device_type="mobile"),
            play("z2", date(2026, 3, 21), account_id="zoe", profile_id=None, device_type="mobile"),
        ],
        "subscription_events": [
            change("cat", date(2026, 1, 1), "Basic"),
            change("cat", date(2026, 2, 15), "Premium"),
            change("dan", date(2026, 1, 1), "Basic"),
            change("dan", date(2026, 3, 1), "Premium"),
        ],
    }
    build_warehouse(write_source(folder / "source", tables), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def test_the_first_of_a_month_is_the_highest_bit(build: Build) -> None:
    # 31 January is 2 to the power of 31 - 31, so 1; 1 February 2 to the power of 30, once for two plays; 10 February
    # 2 to the power of 21.
    sql = """
        select month_start, account_id, active_days from active_months
        where calendar = 'utc' and device_type = 'tv' order by all
    """
    assert [tuple(row.values()) for row in select(sql, build).to_pylist()] == [
        (date(2026, 1, 1), "ann", 1),
        (date(2026, 2, 1), "ann", 1 << 30),
        (date(2026, 2, 1), "bea", 1 << 21),
    ]
    by_show = select("select distinct show_id, account_id from show_active_months order by all", build).to_pylist()
    assert [tuple(row.values()) for row in by_show] == [
        ("title film", "ann"),
        ("title film", "cat"),
        ("title film", "dan"),
        ("title film", "zoe"),
        ("title other", "bea"),
    ]


# Ann's last active day is 1 February, so she is in the windows that end with 1 to 28 February; Bea's is 10 February, so
# she is in those of 10 February to 9 March. A window is named by its last day. Cat's is 10 February too, on Basic to 14
# February and on Premium from the 15th; Dan's is 20 February, so he is in the windows of 20 February to 19 March, on
# Basic to the end of February and on Premium from 1 March.
@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (TV_AND_STANDARD, {"2026-02-28": 2, "2026-03-01": 1, "2026-03-09": 1, "2026-03-10": 0, "2026-03-20": 0}),
        ("title=title+film&device=tv", {"2026-02-28": 1, "2026-03-01": 0, "2026-03-09": 0}),
        ("title=title+other", {"2026-02-28": 1, "2026-03-01": 1, "2026-03-09": 1, "2026-03-10": 0}),
        (
            f"{MOBILE_AND_STANDARD}&plan=Premium",
            {"2026-02-28": 1, "2026-03-01": 2, "2026-03-09": 2, "2026-03-10": 1, "2026-03-19": 1, "2026-03-20": 0},
        ),
        (f"{MOBILE_AND_STANDARD}&plan=Basic", {"2026-02-28": 1, "2026-03-01": 0, "2026-03-20": 0}),
        (f"{MOBILE_AND_STANDARD}&plan=Basic&plan=Premium", {"2026-02-28": 2, "2026-03-01": 2, "2026-03-20": 0}),
        (f"{TV_AND_STANDARD}&plan=unknown", {"2026-02-28": 2, "2026-03-01": 1, "2026-03-10": 0}),
        (f"{TV_AND_STANDARD}&not_plan=unknown", {"2026-02-28": 0, "2026-03-01": 0}),
    ],
)
@pytest.mark.parametrize("start_day", ["2026-02-28", "2026-03-01"])
def test_windows_reach_over_the_end_of_february(
    build: Build, search: str, start_day: str, expected: dict[str, int]
) -> None:
    filters = parse_search(f"{search}&start_day={start_day}&end_day=2026-03-21&granularity=day", build.manifest.spans)
    frame = run("viewing_summary", filters, build).dropna(subset="period_start").set_index("period_start")
    counted = frame["monthly_active_accounts"]
    assert {day: counted[day] for day in expected if day >= start_day} == {
        day: accounts for day, accounts in expected.items() if day >= start_day
    }


# Cat watched on 10 February, on Basic; the day counts for no other plan. Of the film, Ann's 1 February counts too.
@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("title=title+film&plan=Basic", {"2026-02-10": 1, "2026-02-20": 1, "2026-02-01": 0}),
        ("title=title+film&plan=Premium", {"2026-02-10": 0, "2026-02-20": 0}),
        ("title=title+film", {"2026-02-01": 1, "2026-02-03": 0, "2026-02-10": 1, "2026-02-20": 1}),
        ("title=title+other", {"2026-02-01": 0, "2026-02-10": 1, "2026-02-20": 0}),
    ],
)
def test_active_days_of_a_title_are_those_on_the_chosen_plan(
    build: Build, search: str, expected: dict[str, int]
) -> None:
    filters = parse_search(f"{search}&start_day=2026-02-01&end_day=2026-03-01&granularity=day", build.manifest.spans)
    frame = run("viewing_summary", filters, build).dropna(subset="period_start").set_index("period_start")
    counted = frame["mean_daily_active_accounts"]
    assert {day: counted[day] for day in expected} == expected
