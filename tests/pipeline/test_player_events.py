"""Player events become plays: by hand, and against a slow reference over any streams."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.tables import CONTRACT
from pipeline.build.build import build_warehouse
from pipeline.build.playbacks import derive_event_plays
from tests.pipeline.player_events import ORDER, Event, impossible, plays_of, sessions_of
from tests.sources import read_source, write_source

EVENING = datetime(2026, 3, 1, 23, 58)
RUNTIME_MS = 20 * 60_000
FILM = {"title_id": "film", "name": "The Salt Year", "kind": "film", "runtime_ms": RUNTIME_MS}


def event(second: float, kind: str, position_s: float, *, session: str = "s", name: str = "", **more: Any) -> Event:
    return {
        "event_id": name or f"{session}-{second}-{kind}",
        "ts": EVENING + timedelta(seconds=second),
        "session_id": session,
        "account_id": "ann",
        "title_id": "film",
        "event": kind,
        "position_ms": round(position_s * 1000),
        "to_position_ms": None,
        "bitrate_kbps": None,
        "fatal": None,
    } | more


def built(tmp_path: Path, events: list[Event], **more: Any) -> tuple[Any, list[Any], list[Any]]:
    """Return the manifest, the plays and the intervals of a build from some events."""
    source = write_source(tmp_path / "source", {"titles": [FILM], "playback_events": events, **more})
    summary = build_warehouse(source, tmp_path / "warehouse")
    plays = sorted(read_source(summary.folder, "plays"), key=lambda play: str(play["play_id"]))
    return summary, plays, read_source(summary.folder, "played_intervals")


def test_one_evening_by_hand(tmp_path: Path) -> None:
    # Start-up 2 s. Played 0–60 s, 30 s paused, 60–120 s, sought back to 30 s, a stall of 5 s that the
    # seek caused, 30–90 s, a stall of 4 s, 90–150 s, stopped past midnight. Watched
    # 4 × 60 s, of which 0–150 s once. 2,000 kbit/s for the first
    # 120 s, 4,000 for the other 120: 3,000 in the mean.
    events = [
        event(0, "start", 0, device_type="tv", utc_offset_min=60),
        event(2, "first_frame", 0, bitrate_kbps=2000),
        event(62, "pause", 60),
        event(92, "resume", 60, country="DE"),
        event(152, "seek", 120, to_position_ms=30_000),
        event(152.5, "rebuffer_start", 30),
        event(157.5, "rebuffer_end", 30, bitrate_kbps=4000),
        event(217.5, "rebuffer_start", 90),
        event(221.5, "rebuffer_end", 90),
        event(281.5, "stop", 150),
    ]
    _, (play,), intervals = built(tmp_path, events)
    expected = {
        "play_id": "s",
        "started_at": EVENING,
        "watch_ms": 240_000,
        "distinct_ms": 150_000,
        "furthest_position_ms": 150_000,
        "paused_ms": 30_000,
        "pauses": 1,
        "resumes": 1,
        "seeks_back": 1,
        "seeks_forward": 0,
        "startup_ms": 2_000,
        "rebuffer_ms": 4_000,
        "rebuffers": 1,
        "weighted_bitrate_kbps": 3_000.0,
        "failed": False,
        "ended_by": "stopped",
        "device_type": "tv",
        "country": "DE",
        "utc_offset_min": 60,
    }
    assert {name: play[name] for name in expected} == expected
    # From the seek to the stall it caused, the playhead stood still: no stretch.
    stretches = [(row["from_ms"] // 1000, row["to_ms"] // 1000) for row in intervals]
    assert stretches == [(0, 60), (30, 90), (60, 120), (90, 150)]


def test_a_session_without_a_stop_ends_at_its_last_event(tmp_path: Path) -> None:
    # Heartbeats come every 60 s here, so 200 s are more than two missed ones: nobody knows what was played in them.
    events = [
        event(0, "start", 0),
        event(0, "first_frame", 0),
        event(60, "heartbeat", 60),
        event(120, "heartbeat", 120),
        event(320, "heartbeat", 320),
        event(380, "heartbeat", 380),
    ]
    _, (play,), intervals = built(tmp_path, events)
    assert (play["watch_ms"], play["ended_by"]) == (180_000, "unknown")
    assert [(row["from_ms"], row["to_ms"]) for row in intervals] == [(0, 120_000), (320_000, 380_000)]


def test_what_cannot_have_happened_is_refused_with_the_reason_and_counted(tmp_path: Path) -> None:
    told = [
        event(-5, "heartbeat", 0, name="early"),
        event(0, "start", 0, name="start"),
        event(1, "first_frame", 0, name="frame"),
        event(61, "heartbeat", 60, name="beat"),
        event(62, "heartbeat", 20, name="back"),
        event(70, "heartbeat", 3000, name="far"),
        event(121, "stop", 120, name="stop"),
        event(130, "heartbeat", 129, name="late"),
    ]
    # What is left: 60 s from the first frame to the heartbeat, and 60 s more to the stop.
    summary, (play,), _ = built(tmp_path, [*told, told[3]])
    reasons = {
        row["reason"].partition(":")[0] + row["row_json"][13:19]: row["reason"]
        for row in read_source(summary.folder, "rejected_rows")
    }
    assert sorted(reason.split(",")[0].split(";")[0] for reason in reasons.values()) == [
        "position_ms: expected at most the runtime",
        "position_ms: expected no less than the event before",
        "ts: expected a time since the session's start",
        "ts: expected a time up to the session's end",
    ]
    count = summary.manifest.source_counts["playback_events"]
    assert (count.rows_in, count.kept, count.duplicates, count.rejected) == (9, 4, 1, 4)
    assert (play["watch_ms"], play["ended_by"]) == (120_000, "stopped")


@pytest.mark.parametrize(
    ("last", "ended_by", "failed"),
    [
        (event(1_100, "stop", 1_081), "completed", False),
        (event(100, "error", 90, fatal=True), "error", True),
        (event(100, "error", 90, fatal=False), "unknown", False),
    ],
)
def test_what_ended_a_play(tmp_path: Path, last: Event, ended_by: str, failed: bool) -> None:
    _, (play,), _ = built(tmp_path, [event(0, "start", 0), event(1, "first_frame", 0), last])
    assert (play["ended_by"], play["failed"]) == (ended_by, failed)


def test_where_both_tell_a_play_its_events_win(tmp_path: Path) -> None:
    told = {"account_id": "ann", "title_id": "film", "started_at": EVENING, "watch_ms": 5}
    events = [event(0, "first_frame", 0), event(10, "stop", 10)]
    _, plays, _ = built(tmp_path, events, plays=[told | {"play_id": "s"}, told | {"play_id": "t"}])
    assert [(play["play_id"], play["watch_ms"]) for play in plays] == [("s", 10_000), ("t", 5)]


moments = st.integers(0, 40).map(lambda step: step * 30.0)
places = st.integers(0, 40).map(lambda step: step * 30.0)
streams = st.lists(
    st.builds(
        lambda second, kind, place, to_place, session, fatal: event(
            second,
            kind,
            place,
            session=session,
            to_position_ms=round(to_place * 1000) if kind == "seek" else None,
            fatal=fatal if kind == "error" else None,
        ),
        moments,
        st.sampled_from((*ORDER, "heartbeat", "heartbeat", "first_frame")),
        places,
        places,
        st.sampled_from("st"),
        st.booleans(),
    ),
    min_size=1,
    max_size=24,
).map(lambda events: [told | {"event_id": f"e{number:03}"} for number, told in enumerate(events)])


def with_first_days(events: list[Event]) -> list[Event]:
    """Return the events, each with the day on which its session began."""
    began = {session: told[0]["ts"].date() for session, told in sessions_of(events).items()}
    return [told | {"began_day": began[told["session_id"]]} for told in events]


Stretches = list[tuple[int, int]]
# By play and mark: where each begins and ends, or, of what has a place, where that is and how long it lasted.
Marks = dict[str, dict[str, Stretches]]


def answered(events: list[Event]) -> tuple[set[str], dict[str, dict[str, Any]], dict[str, Stretches], Marks]:
    """Return the refused events, the plays, their intervals and what happened where, as the build's SQL has them."""
    refused: set[str] = set()
    with duckdb.connect() as connection:
        connection.execute("create schema source; create schema derived")
        for name, more in (
            ("titles", ""),
            ("playback_events", ", utc_day date, began_day date, tells_context boolean, reject_reason varchar"),
        ):
            columns = ", ".join(f"{column.name} {column.type.sql_type}" for column in CONTRACT[name])
            connection.execute(f"create table source.{name} ({columns}{more})")
        connection.execute("insert into source.titles by name select 'film' as title_id, ? as runtime_ms", [RUNTIME_MS])
        names = list(events[0])
        connection.executemany(
            f"insert into source.playback_events ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            [list(told.values()) for told in events],
        )

        def note(_: str, rows: str) -> None:
            refused.update(row[0] for row in connection.execute(f"select event_id from {rows}").fetchall())

        derive_event_plays(connection, note)
        plays = connection.execute("select * from derived.event_plays")
        heads = [head[0] for head in plays.description]
        rows = [dict(zip(heads, row, strict=True)) for row in plays.fetchall()]
        intervals: dict[str, Stretches] = {}
        for play_id, low, high in connection.execute(
            "select play_id, from_ms, to_ms from derived.played_intervals order by all"
        ).fetchall():
            intervals.setdefault(play_id, []).append((low, high))
        marks: Marks = {}
        for play_id, mark, low, high in connection.execute(
            "select play_id, mark, from_ms, coalesce(stopped_ms, to_ms) from derived.play_marks order by all"
        ).fetchall():
            marks.setdefault(play_id, {}).setdefault(mark, []).append((low, high))
    return refused, {row["play_id"]: row for row in rows}, intervals, marks


def times_played(stretches: Stretches) -> dict[int, int]:
    """Return how often each half minute of a title lies in a stretch, by its beginning, where it does."""
    times: dict[int, int] = {}
    for low, high in stretches:
        for place in range(low, high, 30_000):
            times[place] = times.get(place, 0) + 1
    return times


@given(streams)
@settings(max_examples=60, deadline=None)
def test_any_stream_gives_what_the_slow_reference_gives(events: list[Event]) -> None:
    events = with_first_days(events)
    refused, plays, intervals, marks = answered(events)
    assert refused == impossible(events)
    expected = plays_of([told for told in events if told["event_id"] not in refused], RUNTIME_MS)
    assert plays.keys() == expected.keys()
    for name, play in expected.items():
        found = plays[name]
        for column in ("started_at", "watch_ms", "paused_ms", "rebuffer_ms", "rebuffers", "ended_by", "distinct_ms"):
            assert found[column] == getattr(play, column), column
        # However many events are refused: else it would be written with the plays of another day.
        assert found["started_at"].date() == found["utc_day"]
        assert intervals.get(name, []) == play.intervals
        own = marks[name]
        assert own.get("played", []) == play.stretches
        once_more = {place: times - 1 for place, times in times_played(play.intervals).items() if times > 1}
        assert times_played(own.get("replayed", [])) == once_more
        assert own.get("skipped", []) == sorted(play.skips)
        assert own.get("paused", []) == sorted(play.pauses)
        assert own.get("stalled", []) == sorted(play.stalls)
        # An exit is a place; whether the play was there when its part began is told by title_marks.
        assert own["exited"] == [(play.left_at_ms, play.left_at_ms)]
        assert found["distinct_ms"] <= sum(high - low for low, high in play.intervals)
