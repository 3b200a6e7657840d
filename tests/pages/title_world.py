"""A film of a minute with five plays, whose timeline is worked out by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.build.build import build_warehouse
from tests.sources import Row, write_source

FIRST = datetime(2026, 6, 1, 12)
# What each play does: seconds on the clock, the event, where, and where to.
PLAYS: dict[str, tuple[str, tuple[tuple[int, str, int, int | None], ...]]] = {
    # All of it, with a pause.
    "ann": (
        "tv",
        ((0, "first_frame", 0, None), (25, "pause", 25, None), (35, "resume", 25, None), (70, "stop", 60, None)),
    ),
    # All of it, 20 to 30 s twice.
    "bob": ("tv", ((0, "first_frame", 0, None), (30, "seek", 30, 20), (70, "stop", 60, None))),
    # Leaves after 30 s.
    "cleo": ("mobile", ((0, "first_frame", 0, None), (30, "stop", 30, None))),
    # Passes over 20 to 40 s.
    "dan": ("tv", ((0, "first_frame", 0, None), (20, "seek", 20, 40), (40, "stop", 60, None))),
}
UNTOLD: Row = {
    "play_id": "untold",
    "account_id": "eve",
    "title_id": "salt",
    "started_at": FIRST,
    "watch_ms": 60_000,
    "device_type": "tv",
    "utc_offset_min": 0,
}


def write_title_world(folder: Path) -> None:
    """Write the source below ``folder``, with a film that nobody plays beside it, and build it."""
    events: list[dict[str, Any]] = [
        {
            "event_id": f"{account}-{number}",
            "ts": FIRST + timedelta(seconds=second),
            "session_id": account,
            "account_id": account,
            "title_id": "salt",
            "event": event,
            "position_ms": place * 1000,
            "to_position_ms": None if to_place is None else to_place * 1000,
            "device_type": device,
            "utc_offset_min": 0,
        }
        for account, (device, told) in PLAYS.items()
        for number, (second, event, place, to_place) in enumerate(told)
    ]
    # A later play of another film makes the day complete.
    events.append(events[0] | {"event_id": "later", "ts": FIRST + timedelta(days=2), "session_id": "later",
                               "title_id": "other"})  # fmt: skip
    titles: list[Row] = [
        {
            "title_id": "salt",
            "name": "The Salt Year",
            "kind": "film",
            "runtime_ms": 60_000,
            "released_on": FIRST.date(),
        },
        {"title_id": "other", "name": "Nine Doors", "kind": "film", "runtime_ms": 60_000},
        {"title_id": "50% / über?", "name": "Half and half", "kind": "film"},
        {
            "title_id": "part",
            "name": "Part 2",
            "kind": "episode",
            "series_name": "Harbour Lights",
            "season_number": 1,
            "episode_number": 2,
        },
    ]
    artworks: list[Row] = [
        {"artwork_id": "a1", "title_id": "salt", "path": "art/salt.png"},
        {"artwork_id": "a2", "title_id": "salt", "path": "art/<b>.png"},
    ]
    tables: dict[str, Sequence[Row]] = {
        "titles": titles,
        "playback_events": events,
        "plays": [UNTOLD],
        "artworks": artworks,
    }
    source = write_source(folder / "source", tables)
    (source / "art").mkdir()
    Image.new("RGB", (400, 600), (200, 30, 40)).save(source / "art/salt.png")
    build_warehouse(source, folder / "warehouse")
