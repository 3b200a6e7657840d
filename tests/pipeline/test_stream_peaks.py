"""How many streams run at once: by hand, against a count minute by minute, and after a change."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.build.build import build_warehouse
from tests.pipeline.builds import assert_equal, written
from tests.sources import Row, read_source, write_source

MINUTE = timedelta(minutes=1)
TITLES: list[Row] = [{"title_id": kind, "name": kind, "kind": kind} for kind in ("film", "episode", "live", "trailer")]


def play(play_id: str, started_at: datetime, watch_s: float, **more: Any) -> Row:
    return {
        "play_id": play_id,
        "account_id": "ann",
        "title_id": "film",
        "started_at": started_at,
        "watch_ms": int(watch_s * 1000),
    } | more


Peak = tuple[date, int, datetime, int, int]


def peaks(folder: Path) -> list[Peak]:
    """Return day, hour, the minute of the peak, its streams, and the streams of all minutes added up."""
    rows = read_source(folder, "stream_peaks")
    names = ("day", "hour", "peak_at", "peak_streams", "stream_minutes")
    return [tuple(row[name] for name in names) for row in rows]


def built(folder: Path, plays: Iterable[Row]) -> list[Peak]:
    source = write_source(folder / "source", {"titles": TITLES, "plays": list(plays)})
    return peaks(build_warehouse(source, folder / "warehouse").folder)


def test_a_stream_is_counted_at_the_minutes_from_its_beginning_up_to_not_with_its_end(tmp_path: Path) -> None:
    # The first runs from 20:58:30 to 21:01:00 with its pause: at 20:59, 21:00, not at 21:01, where it ends. The second
    # begins just then and ends at 21:02:00: at 21:01. So one at a time, though they touch. Another begins and ends
    # between two minutes. At 23:59 two run, and at 00:00 of the next day, too: the first minute is the hour's peak.
    day, after = date(2026, 2, 28), date(2026, 3, 1)
    found = built(
        tmp_path,
        [
            play("paused", datetime(2026, 2, 28, 20, 58, 30), 90, paused_ms=60_000),
            play("touching", datetime(2026, 2, 28, 21, 1), 60),
            play("between", datetime(2026, 2, 28, 21, 30, 0, 1), 59),
            play("early", datetime(2026, 2, 28, 23, 58), 150),
            play("late", datetime(2026, 2, 28, 23, 58, 30), 180),
            play("trailer", datetime(2026, 2, 28, 23, 58), 600, title_id="trailer"),
        ],
    )
    # early: at 23:58, 23:59, 00:00 (ends 00:00:30); late: at 23:59, 00:00, 00:01 (ends 00:01:30).
    assert found == [
        (day, 20, datetime(2026, 2, 28, 20, 59), 1, 1),
        (day, 21, datetime(2026, 2, 28, 21), 1, 2),
        (day, 23, datetime(2026, 2, 28, 23, 59), 2, 3),
        (after, 0, datetime(2026, 3, 1), 2, 3),
    ]


def test_a_play_runs_for_a_day_at_most_and_one_of_no_length_for_a_moment(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 1, 12)
    found = built(tmp_path, [play("long", noon, 48 * 3600), play("empty", noon, 0)])
    hours = [noon + timedelta(hours=number) for number in range(24)]
    # Both are in progress at 12:00, where the second begins.
    assert found == [
        (hour.date(), hour.hour, hour, 2 if hour == noon else 1, 61 if hour == noon else 60) for hour in hours
    ]


def plain_peaks(plays: Iterable[Row]) -> list[Peak]:
    """Count at every minute, slowly and obviously."""
    streams: Counter[datetime] = Counter()
    for row in plays:
        if row["title_id"] == "trailer":
            continue
        lengths = ("startup_ms", "watch_ms", "paused_ms", "rebuffer_ms")
        run_ms = min(sum(row.get(name) or 0 for name in lengths), 24 * 3_600_000) or 1
        end = row["started_at"] + timedelta(milliseconds=run_ms)
        minute = row["started_at"].replace(second=0, microsecond=0)
        while minute < end:
            streams[minute] += minute >= row["started_at"]
            minute += MINUTE
    found = []
    for hour in sorted({minute.replace(minute=0) for minute, count in streams.items() if count}):
        counts = [(hour + number * MINUTE, streams[hour + number * MINUTE]) for number in range(60)]
        peak_at, peak = max(counts, key=lambda each: each[1])
        found.append((hour.date(), hour.hour, peak_at, peak, sum(count for _, count in counts)))
    return found


def random_plays(seed: int, first: datetime, count: int) -> list[Row]:
    rng = random.Random(seed)
    return [
        play(
            f"p{number}",
            first + timedelta(minutes=rng.randrange(3 * 1440), seconds=rng.choice((0, 0, 0.000001, 30, 59.999999))),
            rng.choice((0, 0.5, 60, 61, 90, 3600, 7199, 30 * 3600)),
            title_id=rng.choice(("film", "episode", "live", "trailer")),
            startup_ms=rng.choice((None, 0, 1)),
            paused_ms=rng.choice((None, 0, 59_999, 120_000)),
            rebuffer_ms=rng.choice((None, 777)),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(2, 22))])
def test_the_peaks_are_those_of_a_count_at_every_minute(tmp_path: Path, seed: int) -> None:
    # Across the end of a month.
    plays = random_plays(seed, datetime(2026, 2, 27), 150)
    assert built(tmp_path, plays) == plain_peaks(plays)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.verify) for seed in range(2, 12))])
def test_a_change_gives_what_a_build_from_nothing_gives(tmp_path: Path, seed: int) -> None:
    gone = random.Random(seed).sample(range(60), 3)
    plays = random_plays(seed, datetime(2026, 1, 31), 60) + random_plays(seed, datetime(2026, 3, 30), 60)
    plays = [{**row, "play_id": f"{number}"} for number, row in enumerate(plays)]
    build_warehouse(written(tmp_path / "source", {"titles": TITLES, "plays": plays}), tmp_path / "warehouse")
    left = [row for number, row in enumerate(plays) if number not in gone]
    source = written(tmp_path / "source", {"titles": TITLES, "plays": left})
    incremental = build_warehouse(source, tmp_path / "warehouse")
    assert peaks(incremental.folder) == plain_peaks(left)
    assert_equal(incremental, build_warehouse(source, tmp_path / "fresh"))
