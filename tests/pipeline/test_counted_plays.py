"""What pages count single plays by: each play once, with its days and plans by each clock, in the order of accounts."""

from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.build.build import build_warehouse
from tests.sources import Row, read_source, write_source

CLOCKS = ("utc", "local", "service")
TITLES: list[Row] = [
    {"title_id": "film", "name": "The Salt Year", "kind": "film"},
    {"title_id": "e1", "name": "One", "kind": "episode", "series_id": "salt", "series_name": "Salt"},
]


def play(play_id: str, account: str, title: str, at: datetime, utc_offset_min: int) -> Row:
    return {
        "play_id": play_id,
        "account_id": account,
        "title_id": title,
        "started_at": at,
        "watch_ms": 60_000,
        "paused_ms": 5_000,
        "utc_offset_min": utc_offset_min,
    }


def change(account: str, day: date, plan: str) -> Row:
    at = datetime(day.year, day.month, day.day)
    return {"event_id": f"{account} {plan}", "account_id": account, "ts": at, "event": "change_plan", "plan": plan}


def test_each_play_has_its_days_and_plans_by_each_clock_in_the_order_of_accounts(tmp_path: Path) -> None:
    # Bea's plan changes on 1 March. At 23:30 UTC on 28 February it is 1 March by her clock, an hour ahead, and by the
    # service's in Karachi, five hours ahead; so two of her three plans are the new one. At noon on 28 February all days
    # are that day. Ann's play is later, but she comes first; it is 28 February by her clock, at −10 h.
    plays = [
        play("late", "bea", "film", datetime(2026, 2, 28, 23, 30), 60),
        play("noon", "bea", "e1", datetime(2026, 2, 28, 12), 60),
        play("west", "ann", "film", datetime(2026, 3, 1, 4), -600),
    ]
    changes = [change("bea", date(2026, 1, 1), "Basic"), change("bea", date(2026, 3, 1), "Premium")]
    source = write_source(tmp_path / "source", {"titles": TITLES, "plays": plays, "subscription_events": changes})
    summary = build_warehouse(source, tmp_path / "warehouse", service_zone="Asia/Karachi")
    rows = read_source(summary.folder, "counted_plays")
    february, march = date(2026, 2, 28), date(2026, 3, 1)
    told = {row["play_id"]: row for row in rows}
    assert {name: [(row[f"{clock}_day"], row[f"{clock}_plan"]) for clock in CLOCKS] for name, row in told.items()} == {
        "late": [(february, "Basic"), (march, "Premium"), (march, "Premium")],
        "noon": [(february, "Basic"), (february, "Basic"), (february, "Basic")],
        "west": [(march, None), (february, None), (march, None)],
    }
    assert {name: row["month"] for name, row in told.items()} == {
        "late": "2026-02",
        "noon": "2026-02",
        "west": "2026-03",
    }
    offsets = {name: (row["local_offset_min"], row["service_offset_min"]) for name, row in told.items()}
    assert offsets == {"late": (60, 300), "noon": (60, 300), "west": (-600, 300)}
    assert [row["play_id"] for row in rows if row["account_id"] == "bea"] == ["noon", "late"]
    assert {name: row["show_id"] for name, row in told.items()} == {
        "late": "title film",
        "noon": "series salt",
        "west": "title film",
    }
    # Each runs for 65 s from a full minute on, so it is in progress at that one's beginning and the next one's.
    assert {row["run_ms"] for row in rows} == {65_000}
    first_minutes = {name: datetime.fromtimestamp(row["first_minute"] * 60, UTC) for name, row in told.items()}
    assert first_minutes["late"] == datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert {row["end_minute"] - row["first_minute"] for row in rows} == {2}
