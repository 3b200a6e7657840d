"""What happened at which place of a title, by hand; any stream is followed in test_player_events."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.build.build import build_warehouse
from tests.sources import Row, read_source, write_source

EVENING = datetime(2026, 3, 31, 23, 50)
FILM: Row = {"title_id": "film", "name": "The Salt Year", "kind": "film", "runtime_ms": 155_000}


def event(second: float, kind: str, position_s: float, *, session: str = "s", **more: Any) -> Row:
    return {
        "event_id": f"{session}-{second}-{kind}",
        "ts": EVENING + timedelta(seconds=second),
        "session_id": session,
        "account_id": "ann",
        "title_id": "film",
        "event": kind,
        "position_ms": round(position_s * 1000),
        "utc_offset_min": 60,
    } | more


# Played 0–60 s, 30 s paused, 60–120 s, sought back to 30 s, 30–90 s, a stall of 4 s, 90–130 s, sought on from there to
# 140 s, and played to 156 s, which is one beyond the end. From 30 to 120 s it is played twice.
TWICE = [
    event(0, "start", 0),
    event(0, "first_frame", 0),
    event(60, "pause", 60),
    event(90, "resume", 60),
    event(150, "seek", 120, to_position_ms=30_000),
    event(210, "rebuffer_start", 90),
    event(214, "rebuffer_end", 90),
    event(254, "seek", 130, to_position_ms=140_000),
    event(270, "stop", 156),
]
# Begun, and left without having played anything.
NEVER = [event(5, "start", 0, session="never"), event(9, "stop", 0, session="never")]
UNTOLD: Row = {
    "play_id": "untold",
    "account_id": "ann",
    "title_id": "film",
    "started_at": EVENING,
    "watch_ms": 7_000,
    "utc_offset_min": 0,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marks")
    tables = {"titles": [FILM], "playback_events": [*TWICE, *NEVER], "plays": [UNTOLD]}
    return build_warehouse(write_source(folder / "source", tables), folder / "warehouse").folder


def test_marks_by_hand(built: Path) -> None:
    rows = read_source(built, "title_marks")
    lengths = ("furthest_ms", "stopped_ms", "watch_ms", "distinct_ms")
    found = [
        (
            row["play_id"],
            row["mark"],
            row["from_ms"],
            row["to_ms"],
            {name: row[name] for name in lengths if row[name] is not None},
        )
        for row in rows
    ]
    assert found == [
        # Played up to the end from 140 s on, where the title ends; of 60 + 60 + 60 + 40 + 16 s, 146 are different ones.
        ("never", "exited", 0, 0, {"furthest_ms": 0, "watch_ms": 0, "distinct_ms": 0}),
        ("s", "exited", 155_000, 155_000, {"furthest_ms": 155_000, "watch_ms": 236_000, "distinct_ms": 146_000}),
        ("s", "paused", 60_000, 60_000, {"stopped_ms": 30_000}),
        ("s", "played", 0, 130_000, {}),
        ("s", "played", 140_000, 155_000, {}),
        ("s", "replayed", 30_000, 60_000, {}),
        ("s", "replayed", 60_000, 90_000, {}),
        ("s", "replayed", 90_000, 120_000, {}),
        ("s", "skipped", 130_000, 140_000, {}),
        ("s", "stalled", 90_000, 90_000, {"stopped_ms": 4_000}),
        ("untold", "untold", None, None, {"watch_ms": 7_000}),
    ]
    present = ("present_in_ten_seconds", "present_in_percent")
    assert {(row["play_id"], *(row[name] for name in present)) for row in rows if row["mark"] == "exited"} == {
        # It played 150 s, where the ten seconds begin in which it ended, and 153.45 s, where the last percent does.
        ("s", True, True),
        ("never", False, False),
    }
    assert not any(row["is_busy_month"] for row in rows)
    days = {(row["play_id"], row["local_day"], row["service_day"]) for row in rows}
    # By the viewer's clock, an hour ahead, it was the day after.
    assert days == {
        ("s", date(2026, 4, 1), date(2026, 3, 31)),
        ("never", date(2026, 4, 1), date(2026, 3, 31)),
        ("untold", date(2026, 3, 31), date(2026, 3, 31)),
    }


def test_what_is_played_again_from_and_to_the_same_places_is_played_once(tmp_path: Path) -> None:
    # 0–10 s twice, and 5–10 s so many times: in many plays, since which of two alike comes first is chance.
    times_of = {f"s{number}": number % 5 for number in range(200)}
    events = [
        event(second, kind, place, session=session, **more)
        for session, times in times_of.items()
        for second, kind, place, more in (
            (0, "start", 0, {}),
            (0, "first_frame", 0, {}),
            (10, "seek", 10, {"to_position_ms": 0}),
            *((20 + 5 * number, "seek", 10, {"to_position_ms": 5_000}) for number in range(times)),
            (20 + 5 * times, "stop", 10, {}),
        )
    ]
    source = write_source(tmp_path / "source", {"titles": [FILM], "playback_events": events})
    rows = read_source(build_warehouse(source, tmp_path / "warehouse").folder, "title_marks")
    found = Counter((row["mark"], row["from_ms"], row["to_ms"]) for row in rows)
    assert found == {
        ("played", 0, 10_000): 200,
        ("replayed", 0, 10_000): 200,
        # 0 to 4 times, in 40 plays each.
        ("replayed", 5_000, 10_000): 400,
        ("exited", 10_000, 10_000): 200,
    }


def test_moments_by_hand(built: Path) -> None:
    rows = read_source(built, "title_moments")
    names = ("marks", "offset_ms", "watch_ms", "distinct_ms", "stopped_ms", "present_exits")
    found = {
        parts: {
            (row["part"], row["mark"]): {name: row[name] for name in names if row[name]}
            for row in rows
            if row["parts"] == parts
        }
        for parts in ("ten_seconds", "percent")
    }
    at_the_beginning: dict[tuple[int, str], dict[str, int]] = {
        (0, "untold"): {"marks": 1, "watch_ms": 7_000},
        (0, "exited"): {"marks": 1},
        (0, "furthest"): {"marks": 1},
        (0, "played"): {"marks": 1},
    }
    last = {"marks": 1, "watch_ms": 236_000, "distinct_ms": 146_000, "present_exits": 1}
    # A place between two tens of seconds is the end of the first, 10 s from its beginning. What begins in them counts
    # from there to their end. Where one replay ends and another begins, nothing changes.
    assert found["ten_seconds"] == at_the_beginning | {
        (3, "replayed"): {"marks": 1, "offset_ms": -10_000},
        (6, "paused"): {"marks": 1, "stopped_ms": 30_000},
        (6, "replayed"): {},
        (9, "stalled"): {"marks": 1, "stopped_ms": 4_000},
        (9, "replayed"): {},
        (12, "replayed"): {"marks": -1, "offset_ms": 10_000},
        (13, "played"): {"marks": -1, "offset_ms": 10_000},
        (13, "skipped"): {"marks": 1, "offset_ms": -10_000},
        (14, "played"): {"marks": 1, "offset_ms": -10_000},
        (14, "skipped"): {"marks": -1, "offset_ms": 10_000},
        (16, "played"): {"marks": -1, "offset_ms": 5_000},
        (16, "exited"): last,
        (16, "furthest"): {"marks": 1},
    }
    # A percent is 1.55 s: 30 s lie 0.55 s after the end of the nineteenth, 120 s 0.65 s after that of the 77th.
    assert found["percent"] == at_the_beginning | {
        (20, "replayed"): {"marks": 1, "offset_ms": -550},
        (39, "paused"): {"marks": 1, "stopped_ms": 30_000},
        (39, "replayed"): {},
        (59, "stalled"): {"marks": 1, "stopped_ms": 4_000},
        (59, "replayed"): {},
        (78, "replayed"): {"marks": -1, "offset_ms": 650},
        (84, "played"): {"marks": -1, "offset_ms": 1_350},
        (84, "skipped"): {"marks": 1, "offset_ms": -1_350},
        (91, "played"): {"marks": 1, "offset_ms": -500},
        (91, "skipped"): {"marks": -1, "offset_ms": 500},
        (100, "played"): {"marks": -1, "offset_ms": 1_550},
        (100, "exited"): last,
        (100, "furthest"): {"marks": 1},
    }
    # No month of it is busy: the whole month alone.
    assert {(row["month"], row["clock"], row["period"], row["period_start"]) for row in rows} == {
        ("2026-03", "utc", "month", date(2026, 3, 1))
    }
