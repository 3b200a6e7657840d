"""From player events to plays the slow and obvious way: one event after another, in plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

Event = dict[str, Any]

ORDER = (
    "start",
    "first_frame",
    "rebuffer_end",
    "resume",
    "bitrate",
    "heartbeat",
    "seek",
    "rebuffer_start",
    "pause",
    "error",
    "stop",
)
USUAL_HEARTBEAT_MS = 60_000
TOLERANCE_MS = 2_000
SEEK_STALL_MS = 2_000


@dataclass
class Play:
    """What the events of one session say."""

    started_at: datetime
    watch_ms: int = 0
    paused_ms: int = 0
    rebuffer_ms: int = 0
    rebuffers: int = 0
    ended_by: str = "unknown"
    intervals: list[tuple[int, int]] = field(default_factory=list)
    skips: list[tuple[int, int]] = field(default_factory=list)
    pauses: list[tuple[int, int]] = field(default_factory=list)
    stalls: list[tuple[int, int]] = field(default_factory=list)
    left_at_ms: int = 0

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """The parts of the title that lie in any interval, each as long as it can be."""
        joined: list[tuple[int, int]] = []
        for low, high in self.intervals:
            if joined and low <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], high))
            else:
                joined.append((low, high))
        return joined

    @property
    def distinct_ms(self) -> int:
        """The number of milliseconds of the title that lie in any interval, counted by its borders."""
        borders = sorted({border for interval in self.intervals for border in interval})
        pieces = pairwise(borders)
        return sum(b - a for a, b in pieces if any(low <= a and b <= high for low, high in self.intervals))


def sessions_of(events: Sequence[Event]) -> dict[str, list[Event]]:
    """Return each session's events in the order in which they happened."""
    sessions: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda e: (e["ts"], ORDER.index(e["event"]), e["event_id"])):
        sessions.setdefault(event["session_id"], []).append(event)
    return sessions


def is_end(event: Event) -> bool:
    """Tell whether nothing can follow an event."""
    return event["event"] == "stop" or (event["event"] == "error" and bool(event["fatal"]))


def place_after(event: Event) -> int:
    """Return where the playhead stands after an event."""
    to_position: int | None = event["to_position_ms"]
    return event["position_ms"] if to_position is None else to_position


def impossible(events: Sequence[Event]) -> set[str]:
    """Return the ids of the events that contradict the others of their session."""
    found = set()
    for session in sessions_of(events).values():
        began_day = session[0]["began_day"]
        starts = [event["ts"] for event in session if event["event"] == "start" and event["ts"].date() == began_day]
        has_ended = False
        place_ms = None
        for event in session:
            if starts and event["ts"] < starts[0]:
                # Nothing is concluded from it.
                found.add(event["event_id"])
                continue
            starts_late = event["event"] == "start" and event["ts"].date() > began_day
            behind = place_ms is not None and event["position_ms"] < place_ms - TOLERANCE_MS
            if starts_late or has_ended or behind:
                found.add(event["event_id"])
            has_ended |= is_end(event)
            place_ms = place_after(event)
    return found


def milliseconds_between(one: Event, other: Event) -> int:
    """Return how much later the other happened."""
    elapsed: timedelta = other["ts"] - one["ts"]
    return elapsed // timedelta(milliseconds=1)


def plays_of(events: Sequence[Event], runtime_ms: int) -> dict[str, Play]:
    """Return the plays that possible events tell, by session."""
    sessions = sessions_of(events)
    gaps: dict[date, list[int]] = {}
    for session in sessions.values():
        gaps.setdefault(session[0]["began_day"], []).extend(
            milliseconds_between(one, other)
            for one, other in pairwise(session)
            if one["event"] == other["event"] == "heartbeat"
        )
    longest_ms = {day: 3 * (median(found) if found else USUAL_HEARTBEAT_MS) for day, found in gaps.items()}
    return {
        name: play_of(session, runtime_ms, longest_ms[session[0]["began_day"]]) for name, session in sessions.items()
    }


def play_of(session: list[Event], runtime_ms: int, longest_ms: float) -> Play:
    """Follow the player through one session."""
    play = Play(session[0]["ts"])
    beats = any(event["event"] == "heartbeat" for event in session)
    begun = paused = False
    stalled: str | None = None
    sought: Event | None = None
    run: list[int] | None = None
    runs: list[list[int]] = []
    # Where each began, how long it lasted, and whether it was one: a stall that a seek caused is none.
    pauses: list[list[int]] = []
    stalls: list[list[int]] = []
    for i, event in enumerate(session):
        kind = event["event"]
        begun |= kind in ("first_frame", "heartbeat", "pause", "resume")
        if kind in ("pause", "resume"):
            paused = kind == "pause"
        if kind == "rebuffer_end":
            stalled = None
        if kind == "rebuffer_start":
            since_seek_ms = None if sought is None else milliseconds_between(sought, event)
            stalled = "seek" if since_seek_ms is not None and since_seek_ms <= SEEK_STALL_MS else "network"
        if kind == "pause":
            pauses.append([event["position_ms"], 0])
        if kind == "rebuffer_start":
            stalls.append([event["position_ms"], 0, 0])
        if kind == "seek" and place_after(event) > event["position_ms"]:
            play.skips.append((event["position_ms"], place_after(event)))
        if kind == "seek":
            sought = event
            stalled = stalled and "seek"
        if kind in ("resume", "rebuffer_end", "seek", "error"):
            run = None
        if is_end(event):
            reached_end = event["position_ms"] >= 0.9 * runtime_ms
            play.ended_by = "error" if kind == "error" else "completed" if reached_end else "stopped"
        if i + 1 == len(session):
            break
        elapsed_ms = milliseconds_between(event, session[i + 1])
        gap = beats and elapsed_ms > longest_ms
        if begun and paused:
            play.paused_ms += elapsed_ms
            pauses[-1][1] += elapsed_ms
        if begun and stalled == "network" and not gap:
            play.rebuffer_ms += elapsed_ms
            play.rebuffers += kind == "rebuffer_start"
            stalls[-1][1] += elapsed_ms
            stalls[-1][2] = 1
        if not begun or paused or stalled or gap:
            run = None
            continue
        place_ms, next_ms = place_after(event), session[i + 1]["position_ms"]
        play.watch_ms += min(elapsed_ms, max(next_ms - place_ms, 0))
        if run is None:
            run = [place_ms, next_ms]
            runs.append(run)
        if next_ms > place_ms:
            play.left_at_ms = next_ms
        run[0], run[1] = min(run[0], place_ms), max(run[1], next_ms)
    play.intervals = sorted((low, high) for low, high in runs if high > low)
    play.pauses = [(place_ms, lasted_ms) for place_ms, lasted_ms in pauses]
    play.stalls = [(place_ms, lasted_ms) for place_ms, lasted_ms, is_one in stalls if is_one]
    return play
