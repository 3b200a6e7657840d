"""A build works through a source some days at a time, and the result is that of all days at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.build import days
from pipeline.build.build import build_warehouse
from tests.pipeline.builds import tables_in
from tests.sources import Row, read_source, write_source

FILM: Row = {"title_id": "film", "name": "The Salt Year", "kind": "film", "runtime_ms": 6_000_000}
FIRST = datetime(2026, 3, 1)
OWN_IDS = ("event_id", "play_id", "search_id", "session_id", "account_id")


def event(hour: float, kind: str, position_s: float, session: str, **more: Any) -> dict[str, Any]:
    return {
        "event_id": f"{session}-{hour}-{kind}",
        "ts": FIRST + timedelta(hours=hour),
        "session_id": session,
        "account_id": "ann",
        "title_id": "film",
        "event": kind,
        "position_ms": round(position_s * 1000),
        "to_position_ms": None,
    } | more


def test_a_playback_reaches_into_the_next_day_and_no_further(tmp_path: Path) -> None:
    # Begun on the 1st, gone on with on the 2nd: one play of the 1st, watched for the 60 s of 23:59:30 to 0:00:30. What
    # comes on the 3rd comes too late. After a day without events, the 5th, the id is used for another play.
    midnight = 24.0
    events = [
        event(midnight - 30 / 3600, "first_frame", 0, "s"),
        event(midnight + 30 / 3600, "stop", 60, "s"),
        event(2 * midnight + 1, "heartbeat", 60, "s"),
        event(4 * midnight + 1, "first_frame", 0, "s"),
        event(4 * midnight + 1.01, "stop", 36, "s"),
    ]
    source = write_source(tmp_path / "source", {"titles": [FILM], "playback_events": events})
    summary = build_warehouse(source, tmp_path / "warehouse")
    plays = read_source(summary.folder, "plays")
    assert [(play["started_at"].day, play["watch_ms"], play["ended_by"]) for play in plays] == [
        (1, 60_000, "stopped"),
        (5, 36_000, "stopped"),
    ]
    (refused,) = read_source(summary.folder, "rejected_rows")
    assert refused["reason"].startswith("ts: expected a time up to the day after the session began")
    count = summary.manifest.source_counts["playback_events"]
    assert (count.rows_in, count.kept, count.duplicates, count.rejected) == (5, 4, 0, 1)


def test_a_playback_begins_with_an_event_that_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The session's event of the first day names a title that there is not, so its playback is one of the second.
    refused, kept = event(0, "start", 0, "s", title_id="nobody's"), event(24, "start", 0, "s", title_id="film")
    monkeypatch.setattr(days, "ROWS_AT_ONCE", 1)
    summary = build_warehouse(
        write_source(tmp_path / "source", {"titles": [FILM], "playback_events": [refused, kept]}),
        tmp_path / "warehouse",
    )
    (play,) = read_source(summary.folder, "plays")
    assert (play["play_id"], play["started_at"]) == ("s", FIRST + timedelta(hours=24))
    assert summary.manifest.source_counts["playback_events"].rejected == 1


def test_a_start_on_the_day_after_loses_no_play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The playback of «a» began at 0 h and is the first day's; a start on the second day is refused. «c» is that day's.
    events = [
        event(0, "first_frame", 0, "a"),
        event(26, "start", 0, "a"),
        event(27, "heartbeat", 0, "a"),
        event(40, "first_frame", 0, "c"),
    ]
    monkeypatch.setattr(days, "ROWS_AT_ONCE", 1)
    summary = build_warehouse(
        write_source(tmp_path / "source", {"titles": [FILM], "playback_events": events}), tmp_path / "warehouse"
    )
    plays = {play["play_id"]: play["started_at"] for play in read_source(summary.folder, "plays")}
    assert plays == {"a": FIRST, "c": FIRST + timedelta(hours=40)}
    (refused,) = read_source(summary.folder, "rejected_rows")
    assert refused["reason"].startswith("ts: expected a start on the day of the session's first event")


def test_a_playback_begins_with_an_event_within_its_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The film lasts 6,000 s: the session's only event of the first day is refused, so its playback is the second's.
    events = [event(1, "heartbeat", 6_003, "s"), event(25, "first_frame", 0, "s"), event(40, "first_frame", 0, "c")]
    monkeypatch.setattr(days, "ROWS_AT_ONCE", 1)
    summary = build_warehouse(
        write_source(tmp_path / "source", {"titles": [FILM], "playback_events": events}), tmp_path / "warehouse"
    )
    plays = {play["play_id"]: play["started_at"] for play in read_source(summary.folder, "plays")}
    assert plays == {"s": FIRST + timedelta(hours=25), "c": FIRST + timedelta(hours=40)}


@pytest.mark.parametrize("early", [event(24, "heartbeat", 802, "a"), event(24, "stop", 0, "a")])
def test_nothing_is_concluded_from_what_lies_before_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, early: Row
) -> None:
    # Only the event before the start is refused: the start is neither behind its place nor after its end. So the
    # playback began at 36 h, the second day, and is not lost where the third, on which it goes on, is built for itself.
    events = [early, event(36, "start", 83, "a"), event(70, "first_frame", 612, "a"), event(71, "first_frame", 0, "c")]
    monkeypatch.setattr(days, "ROWS_AT_ONCE", 1)
    summary = build_warehouse(
        write_source(tmp_path / "source", {"titles": [FILM], "playback_events": events}), tmp_path / "warehouse"
    )
    plays = {play["play_id"]: play["started_at"] for play in read_source(summary.folder, "plays")}
    assert plays == {"a": FIRST + timedelta(hours=36), "c": FIRST + timedelta(hours=71)}
    (refused,) = read_source(summary.folder, "rejected_rows")
    assert refused["reason"].startswith("ts: expected a time since the session's start")


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Draw five days of events, plays and impressions, with duplicates, strangers' titles and disorder among them."""
    hours = st.integers(0, 5 * 12).map(lambda step: step * 2.0)
    kinds = st.sampled_from(("start", "first_frame", "heartbeat", "pause", "resume", "seek", "stop"))
    titles = st.sampled_from(("film", "film", "film", "nobody's"))
    events: list[Row] = draw(
        st.lists(
            st.builds(
                lambda hour, kind, place, session, title: event(hour, kind, place, session, title_id=title),
                hours,
                kinds,
                st.integers(0, 5_000),
                st.sampled_from("abc"),
                titles,
            ),
            max_size=20,
        )
    )
    plays: list[Row] = draw(
        st.lists(
            st.builds(
                lambda play_id, hour, title, watch_ms: {
                    "play_id": play_id,
                    "account_id": "bob",
                    "title_id": title,
                    "started_at": FIRST + timedelta(hours=hour),
                    "watch_ms": watch_ms,
                },
                st.sampled_from("abcdef"),
                hours,
                titles,
                st.integers(-1, 9) | st.integers(60_000, 200_000),
            ),
            max_size=12,
        )
    )
    searches: list[Row] = [
        {"search_id": f"q{number % 3}", "ts": play["started_at"], "account_id": "cleo", "query": "salt"}
        for number, play in enumerate(plays)
    ]
    return {"titles": [FILM], "playback_events": events, "plays": plays, "searches": searches}


def side_by_side(parts: Sequence[dict[str, list[Row]]]) -> dict[str, list[Row]]:
    """Return one source of several, in which none shares anything with another but the title."""
    tables: dict[str, list[Row]] = {"titles": [FILM], "playback_events": [], "plays": [], "searches": []}
    for number, part in enumerate(parts):
        for name in ("playback_events", "plays", "searches"):
            tables[name] += [
                {**row, **{column: f"{number}-{row[column]}" for column in OWN_IDS if column in row}}
                for row in part[name]
            ]
    return tables


# Six worlds of each example are in one source: a dozen worlds are built both ways.
@given(st.tuples(*[worlds()] * 6).map(side_by_side).filter(lambda tables: tables["playback_events"]))
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_day_at_a_time_gives_what_all_at_once_gives(
    tmp_path_factory: pytest.TempPathFactory, tables: dict[str, list[Row]]
) -> None:
    folder = tmp_path_factory.mktemp("world")
    source = write_source(folder / "source", tables)
    at_once = build_warehouse(source, folder / "at-once")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days, "ROWS_AT_ONCE", 1)
        by_day = build_warehouse(source, folder / "by-day")
    assert tables_in(by_day.folder) == tables_in(at_once.folder)
    assert by_day.manifest.source_counts == at_once.manifest.source_counts
    for name, count in by_day.manifest.source_counts.items():
        assert count.rows_in == len(tables[name])
        assert count.rows_in == count.kept + count.duplicates + count.rejected


def test_one_month_at_a_time_gives_what_several_together_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # 80 days from January to April, each third play near midnight at the end of a day.
    plays: list[Row] = [
        {
            "play_id": f"p{number}",
            "account_id": "ann" if number % 7 else "bob",
            "title_id": "film",
            "started_at": datetime(2026, 1, 20) + timedelta(days=number, hours=23.9 if number % 3 else 9),
            "watch_ms": 50_000 + number * 10_000,
            "device_type": "tv" if number % 4 else "mobile",
        }
        for number in range(80)
    ]
    source = write_source(tmp_path / "source", {"titles": [FILM], "plays": plays})
    together = build_warehouse(source, tmp_path / "together")
    monkeypatch.setattr(days, "MONTHS_ROWS_AT_ONCE", 1)
    by_month = build_warehouse(source, tmp_path / "by-month")
    assert tables_in(by_month.folder) == tables_in(together.folder)
