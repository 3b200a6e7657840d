"""The days of accounts that cohorts are counted from: which plays are one row, by hand."""

from datetime import datetime
from pathlib import Path

from pipeline.build.build import build_warehouse
from tests.sources import Row, read_source, write_source

TITLES: list[Row] = [{"title_id": "film", "name": "The Salt Year", "kind": "film"}]


def play(at: datetime, watch_s: int, utc_offset_min: int = 0) -> Row:
    return {
        "play_id": f"{at:%d %H:%M}",
        "account_id": "ann",
        "title_id": "film",
        "started_at": at,
        "watch_ms": watch_s * 1000,
        "utc_offset_min": utc_offset_min,
    }


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute)


def test_plays_of_a_day_are_one_row_unless_24_hours_end_between_them(tmp_path: Path) -> None:
    # Ann signs up at 10:00 on 1 March; at 19:00 she plays 30 seconds, and at 20:00 for the first time a minute.
    # Of 2 March the play of 9:00 is of the first 24 hours since both, those of 11:00 and 12:00 of the second since the
    # sign-up, and that of 21:00 of the second since both. The last two are of 4 March by her clock, an hour ahead, and
    # of two days in UTC, though of the same 24 hours since both.
    plays = [
        play(at(1, 19), 30),
        play(at(1, 20), 60),
        play(at(2, 9), 100),
        play(at(2, 11), 200),
        play(at(2, 12), 50),
        play(at(2, 21), 300),
        play(at(3, 23, 30), 70, 60),
        play(at(4, 0, 10), 80, 60),
    ]
    accounts: list[Row] = [{"account_id": "ann", "signed_up_at": at(1, 10)}]
    source = write_source(tmp_path / "source", {"titles": TITLES, "accounts": accounts, "plays": plays})
    rows = read_source(build_warehouse(source, tmp_path / "warehouse").folder, "cohort_days")
    told = [
        (row["day"].day, row["started_at"], row["watch_ms"] // 1000, row["longest_watch_ms"] // 1000)
        for row in rows
        if row["calendar"] == "local"
    ]
    assert told == [
        (1, at(1, 19), 30, 30),
        (1, at(1, 20), 60, 60),
        (2, at(2, 9), 100, 100),
        (2, at(2, 11), 250, 200),
        (2, at(2, 21), 300, 300),
        (4, at(3, 23, 30), 70, 70),
        (4, at(4, 0, 10), 80, 80),
    ]
    assert {(row["signed_up_at"], row["first_active_at"]) for row in rows} == {(at(1, 10), at(1, 20))}
