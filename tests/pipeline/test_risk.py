"""Accounts whose activity fell below their habit: by hand, against plain Python, and knowing nothing of what comes."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.build.build import build_warehouse
from tests.sources import Row, read_source, write_source

MINUTE_MS = 60_000
FIRST_DAY = date(2026, 1, 1)
# The data's last event is on day 168, which is not complete: 6 times 28 days are. There are three cuts that have 112
# days before them: after 112, 140 and 168 days.
DAYS = 168


def at(day_number: int, hour: int = 12) -> datetime:
    return datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, hour) + timedelta(days=day_number)


def cut(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def play(account: str, day_number: int, minutes: int, kind: str = "film") -> Row:
    return {
        "play_id": f"{account}-{day_number}-{kind}",
        "account_id": account,
        "title_id": kind,
        "started_at": at(day_number),
        "watch_ms": minutes * MINUTE_MS,
        "utc_offset_min": 0,
        "rebuffer_ms": 0,
    }


def change(account: str, day_number: int, event: str) -> Row:
    return {
        "event_id": f"{account} {day_number} {event}",
        "account_id": account,
        "ts": at(day_number),
        "event": event,
        "plan": "one",
    }


def told_world() -> dict[str, list[Row]]:
    """One play for each account in the middle of each 28 days; by minutes watched, window by window."""
    minutes = {
        # Kept its habit, cut it to a half, a quarter, nothing, and never had one: only one window before the last.
        "kept": [60, 60, 60, 60, 60, 60],
        "half": [60, 60, 60, 30, 60, 60],
        "quarter": [60, 60, 60, 15, 60, 60],
        "silent": [60, 60, 60, 0, 0, 0],
        "new": [0, 0, 60, 60, 60, 60],
        "lesser": [40, 40, 40, 27, 40, 40],
        "gone": [60, 60, 60, 60, 60, 60],
    }
    plays = [
        play(account, 28 * window + 14, watched)
        for account, windows in minutes.items()
        for window, watched in enumerate(windows)
        if watched
    ]
    # What is no film, episode or live programme is no habit.
    plays.append(play("silent", 100, 500, kind="trailer"))
    # Who has no subscription; the data's first and last day.
    plays += [play("other", 0, 60), play("other", DAYS, 60)]
    changes = [change(account, 0, "start") for account in minutes]
    changes += [
        # After the first cut: silent leaves on its last day; quarter on the day after, which counts for the second.
        change("silent", 139, "end"),
        change("quarter", 140, "end"),
        # Before the first cut, so it is not among the accounts of any.
        change("gone", 111, "end"),
        # At the second cut this one is not known yet, at the third it is.
        change("late", 150, "renew"),
    ]
    titles: list[Row] = [{"title_id": name, "kind": name, "name": name} for name in ("film", "trailer")]
    return {"plays": plays, "titles": titles, "subscription_events": changes}


def bands(folder: Path) -> dict[tuple[date, str, str], int]:
    counted: Counter[tuple[date, str, str]] = Counter()
    for row in read_source(folder, "risk_bands"):
        if row["calendar"] == "utc":
            counted[row["cut_day"], row["risk_band"], row["outcome"]] += row["accounts"]
    return dict(counted)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("risk")
    return build_warehouse(write_source(folder / "source", told_world()), folder / "warehouse").folder


def test_bands_by_hand(build: Path) -> None:
    first, second, third = (cut(number) for number in (112, 140, 168))
    assert bands(build) == {
        # 60 against a mean of 60, and 27 against 40 (a third lost); 30 against 60; 15 against 60; nothing against 60.
        (first, "kept", "stayed"): 1,
        (first, "quarter", "stayed"): 1,
        (first, "half", "stayed"): 1,
        (first, "three_quarters", "stayed"): 1,
        (first, "all", "ended"): 1,
        (first, "no_habit", "stayed"): 1,
        # quarter: 60 against (15 + 60 + 60) / 3; new has two windows by now. All keep up, quarter ends on the cut day.
        (second, "kept", "stayed"): 4,
        (second, "kept", "ended"): 1,
        # «late» has a subscription and no habit.
        (third, "kept", "open"): 4,
        (third, "no_habit", "open"): 1,
    }


def world_of_the_first_cut() -> dict[str, list[Row]]:
    """The same world up to the first cut: its last event is on day 112."""
    world = told_world()
    world["plays"] = [row for row in world["plays"] if row["started_at"] < at(112)] + [play("kept", 112, 1)]
    world["subscription_events"] = [row for row in world["subscription_events"] if row["ts"] < at(112)]
    world["subscription_events"].append(change("half", 105, "cancel"))
    world["searches"] = [
        {"search_id": "1", "ts": at(90), "account_id": "half", "query": "x", "results": 0},
        {"search_id": "2", "ts": at(91), "account_id": "half", "query": "y", "results": 4},
        {"search_id": "3", "ts": at(80), "account_id": "half", "query": "z", "results": 0},
    ]
    return world


def test_accounts_at_risk_by_hand(tmp_path: Path) -> None:
    source = write_source(tmp_path / "source", world_of_the_first_cut())
    folder = build_warehouse(source, tmp_path / "warehouse").folder
    rows = [row for row in read_source(folder, "accounts_at_risk") if row["calendar"] == "utc"]
    names = ("risk_rank", "account_id", "risk_band", "recent_ms", "before_ms", "recent_active_days", "last_active_day")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (1, "silent", "all", 0, 180 * MINUTE_MS, 0, cut(70)),
        (2, "quarter", "three_quarters", 15 * MINUTE_MS, 180 * MINUTE_MS, 1, cut(98)),
        (3, "half", "half", 30 * MINUTE_MS, 180 * MINUTE_MS, 1, cut(98)),
    ]
    assert [(row["cancelled_day"], row["searches"], row["searches_without_result"]) for row in rows] == [
        (None, 0, 0),
        (None, 0, 0),
        (cut(105), 2, 1),
    ]


def test_choices_by_hand(build: Path) -> None:
    # At the first cut five have a habit, one of them ends. Of 1 % one is chosen: by habit silent, by hours silent, too.
    # At the second five: quarter, which ends, watches as much as the others, and its 60 minutes are a third more than
    # its habit of 45: the last by habit. By hours lesser is the first.
    rows = [row for row in read_source(build, "risk_choices") if row["calendar"] == "utc"]
    names = ("cut_day", "choice", "followed_accounts", "ended_accounts", "chosen_accounts")
    found = {tuple(row[name] for name in names): (row["ended_by_habit"], row["ended_by_hours"]) for row in rows}
    assert found == {
        **{(cut(112), choice, 5, 1, 1): (1, 1) for choice in ("1 %", "5 %", "10 %")},
        **{(cut(140), choice, 5, 1, 1): (0, 0) for choice in ("1 %", "5 %", "10 %")},
    }


def test_nothing_after_a_cut_is_looked_at(build: Path, tmp_path: Path) -> None:
    for number in (112, 140):
        world = {
            name: [row for row in rows if (row.get("ts") or row["started_at"]) < at(number, 0)]
            if name != "titles"
            else rows
            for name, rows in told_world().items()
        }
        # Something on the day itself, so that the days before it are complete.
        world["plays"].append(play("other", number, 1))
        folder = build_warehouse(write_source(tmp_path / f"{number}", world), tmp_path / f"w{number}").folder
        whole: Counter[tuple[str, Any]] = Counter()
        for (day, band, _), accounts in bands(build).items():
            if day == cut(number):
                whole[band, day] += accounts
        truncated = {(band, day): accounts for (day, band, _), accounts in bands(folder).items() if day == cut(number)}
        assert truncated == dict(whole)


def test_bands_of_a_cut_are_all_subscribed_accounts(small_source: Path, small_warehouse: Path) -> None:
    folder = next((small_warehouse / "builds").iterdir())
    sums: dict[date, int] = defaultdict(int)
    for (day, _, _), accounts in bands(folder).items():
        sums[day] += accounts
    first_signs: dict[str, date] = {}
    for row in read_source(small_source, "subscription_events"):
        day = row["ts"].date()
        first_signs[row["account_id"]] = min(day, first_signs.get(row["account_id"], day))
    for day, accounts in sums.items():
        running = [
            row
            for row in read_source(folder, "subscriptions")
            if row["calendar"] == "utc"
            and (row["start_day"] < day if row["start_day"] else first_signs[row["account_id"]] + timedelta(1) < day)
            and (row["end_day"] is None or row["end_day"] >= day)
        ]
        assert accounts == len(running)
