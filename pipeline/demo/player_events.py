"""What a player reports of each playback: the runs, the pauses, the stalls, and now and then what went wrong."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.demo.columns import Bools, Ints, choices, ids, masked

HEARTBEAT_MS = 300_000
EVENTS = (
    "start", "first_frame", "pause", "resume", "seek", "rebuffer_start", "rebuffer_end", "bitrate", "error",
    "heartbeat", "stop",
)  # fmt: skip
START, FIRST_FRAME, PAUSE, RESUME, SEEK, STALL, STALL_END, BITRATE, ERROR, HEARTBEAT, STOP = range(len(EVENTS))
EVENTS_A_PLAY_MAX = 256
MISSING_STOP_SHARE = 0.002
FATAL_SHARE = 0.004
EXIT_BEFORE_START_SHARE = 0.006
LADDER_KBPS = np.array([1200, 2800, 4500, 6500, 9000])


@dataclass(slots=True)
class Playbacks:
    """Playbacks before they are told as events; milliseconds, one entry each.

    ``seek_from_ms`` is negative where nobody seeks; ``watch_ms`` is the time with the playhead advancing.
    """

    started_us: Ints
    resumed_at_ms: Ints
    watch_ms: Ints
    seek_from_ms: Ints
    seek_to_ms: Ints
    startup_ms: Ints
    stall_chance: Any


@dataclass(slots=True)
class Told:
    """Player events in the order of playbacks; ``play`` says whose each is."""

    play: Ints
    kind: Ints
    at_us: Ints
    position_ms: Ints
    to_position_ms: Ints
    bitrate_kbps: Ints

    def at(self, chosen: Any) -> "Told":
        """Return some of the events, by mask or by number."""
        return Told(*(getattr(self, name)[chosen] for name in Told.__slots__))

    def columns(self, session: Ints) -> dict[str, Any]:
        """Return the events' own columns; ``session`` numbers the playbacks."""
        first = np.searchsorted(self.play, np.arange(len(session)))
        number = np.minimum(np.arange(len(self.play)) - first[self.play], EVENTS_A_PLAY_MAX - 1)
        is_error = self.kind == ERROR
        return {
            "event_id": ids("e", session[self.play] * EVENTS_A_PLAY_MAX + number, 14),
            "event": choices(self.kind, EVENTS),
            "position_ms": self.position_ms,
            "to_position_ms": masked(self.to_position_ms, self.kind != SEEK),
            "bitrate_kbps": masked(self.bitrate_kbps, self.kind != BITRATE),
            "error_code": choices(np.zeros(len(self.kind)), ("manifest_timeout",), ~is_error),
            "fatal": masked(is_error, ~is_error),
        }


def tell(playbacks: Playbacks, random: np.random.Generator) -> Told:
    """Return the events of every playback, each playback's in the order of time."""
    count = len(playbacks.started_us)
    plays = np.arange(count)
    draw = random.random(count)
    fatal = draw < FATAL_SHARE
    left = ~fatal & (draw < FATAL_SHARE + EXIT_BEFORE_START_SHARE)
    ran = ~(fatal | left)
    watch_ms = np.where(ran, playbacks.watch_ms, 0)

    # Interruptions: when in the play, what, how long the playhead stands, how far it jumps.
    pauses = random.poisson(watch_ms / 3_600_000 * 0.7)
    stalls = random.poisson(np.where(ran, playbacks.stall_chance, 0))
    seeks = ((playbacks.seek_from_ms >= 0) & ran).astype(np.int64)
    owner = np.concatenate([np.repeat(plays, pauses), np.repeat(plays, stalls), np.flatnonzero(seeks)])
    what = np.repeat([PAUSE, STALL, SEEK], [pauses.sum(), stalls.sum(), seeks.sum()])
    at_ms = (random.random(len(owner)) * np.maximum(watch_ms[owner] - 2, 0)).astype(np.int64) + 1
    is_seek = what == SEEK
    at_ms[is_seek] = (playbacks.seek_from_ms - playbacks.resumed_at_ms)[owner[is_seek]]
    gap_ms = np.exp(np.where(what == PAUSE, 10.8, 8.0) + random.normal(0, 0.8, len(owner))).astype(np.int64) + 1
    gap_ms[is_seek] = 400
    jump_ms = np.zeros(len(owner), dtype=np.int64)
    jump_ms[is_seek] = (playbacks.seek_to_ms - playbacks.seek_from_ms)[owner[is_seek]]
    order = np.lexsort((what, at_ms, owner))
    owner, what, at_ms, gap_ms, jump_ms = owner[order], what[order], at_ms[order], gap_ms[order], jump_ms[order]

    beats = watch_ms // HEARTBEAT_MS
    switches = random.poisson(watch_ms / 3_600_000 * 1.2)
    beat_owner = np.repeat(plays, beats)
    beat_ms = (np.arange(len(beat_owner)) - np.repeat(np.cumsum(beats) - beats, beats) + 1) * HEARTBEAT_MS
    switch_owner = np.repeat(plays, switches)
    switch_ms = (random.random(len(switch_owner)) * watch_ms[switch_owner]).astype(np.int64)
    begun, stopped = plays[ran], plays[~fatal & (random.random(count) >= MISSING_STOP_SHARE)]

    ends = what != SEEK
    play = np.concatenate([plays, begun, begun, plays[fatal], owner, owner[ends], beat_owner, switch_owner, stopped])
    kind = np.concatenate(
        [
            np.full(count, START),
            np.full(len(begun), FIRST_FRAME),
            np.full(len(begun), BITRATE),
            np.full(int(fatal.sum()), ERROR),
            what,
            what[ends] + 1,
            np.full(len(beat_owner), HEARTBEAT),
            np.full(len(switch_owner), BITRATE),
            np.full(len(stopped), STOP),
        ]
    )
    none = np.zeros(count + 2 * len(begun) + int(fatal.sum()), dtype=np.int64)
    played_ms = np.concatenate([none, at_ms, at_ms[ends], beat_ms, switch_ms, watch_ms[stopped]])
    # Each event stands after the interruptions of its play before it; an interruption's end also after its own gap.
    span = int(watch_ms.max(initial=0)) + 2
    number = np.arange(len(owner))
    keys = owner * span + at_ms
    own_number = np.concatenate([number, number[ends] + 1])
    middle = slice(len(none), len(none) + len(own_number))
    before = np.searchsorted(keys, play * span + played_ms, side="left")
    before[middle] = own_number
    first = np.searchsorted(keys, play * span, side="left")
    gaps = np.concatenate([[0], np.cumsum(gap_ms)])
    jumps = np.concatenate([[0], np.cumsum(jump_ms)])
    since_start_ms = played_ms + gaps[before] - gaps[first]
    since_start_ms += np.where(kind == START, 0, playbacks.startup_ms[play])
    position_ms = playbacks.resumed_at_ms[play] + played_ms + jumps[before] - jumps[first]
    at_us = playbacks.started_us[play] + since_start_ms * 1000
    sequence = np.lexsort((np.where(kind == STOP, 99, np.where(kind == START, -1, kind)), since_start_ms, play))
    ladder = LADDER_KBPS[np.minimum(random.integers(0, 7, len(play)), 4)]
    return Told(play, kind, at_us, position_ms, playbacks.seek_to_ms[play], ladder).at(sequence)


def count_of(told: Told, plays: int) -> Ints:
    """Return how many events each playback has."""
    return np.bincount(told.play, minlength=plays)


def within(told: Told, kept: Bools) -> Told:
    """Return the events of the kept playbacks, which are numbered again from 0."""
    chosen = told.at(kept[told.play])
    chosen.play = (np.cumsum(kept) - 1)[chosen.play]
    return chosen
