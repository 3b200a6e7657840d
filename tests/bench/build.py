"""How fast a build is: from nothing, after one new day, and beside a mere sort of the same events.

Prints times, player events a second and the most memory used, and fails when the new day gives other plays than a build
from nothing. ``make bench`` runs it with ten million events: ``python -m tests.bench.build EVENTS DAYS``.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from definitions.manifest import published_builds

# One play: started, played with a pause, a seek back and a stall, and stopped; a heartbeat every five minutes.
MAKE_EVENTS = """
copy (
    with plays as (
        select
            number,
            's' || lpad(cast(number as varchar), 12, '0') as session_id,
            'a' || lpad(cast(hash(number) % ($events // 240 + 1) as varchar), 8, '0') as account_id,
            't' || cast(hash(number + 7) % 400 as varchar) as title_id,
            timestamp '2025-01-01'
            + to_days(cast($first_day as integer))
            + to_seconds(cast(hash(number + 3) % ($days * 86400) as bigint)) as started_at
        from range($first_play, $first_play + $events // 15) as plays(number)
    ),
    events as (select *, unnest(range(15)) as step from plays)
    select
        session_id || '-' || step as event_id,
        started_at + to_seconds(case step when 0 then 0 else 2 + 300 * (step - 1) end) as ts,
        session_id,
        account_id,
        title_id,
        case step
            when 0 then 'start' when 1 then 'first_frame' when 5 then 'pause' when 6 then 'resume' when 9 then 'seek'
            when 10 then 'rebuffer_start' when 11 then 'rebuffer_end' when 14 then 'stop' else 'heartbeat'
        end as event,
        300000::bigint * case
            when step < 2 then 0 when step <= 5 then step - 1 when step <= 9 then step - 2
            when step <= 11 then step - 1 else step - 2
        end as position_ms,
        case when step = 9 then 2400000 end::bigint as to_position_ms,
        account_id || 'p1' as profile_id,
        case when step = 1 then 5000 end::bigint as bitrate_kbps,
        case when step = 0 then ['tv', 'mobile', 'desktop'][cast(hash(number) % 3 + 1 as bigint)] end as device_type,
        case when step = 0 then 'DE' end as country,
        case when step = 0 then 60 end::bigint as utc_offset_min,
        case when step = 0 then 'recommendation' end as origin,
        cast(ts as date) as day
    from events
    order by day, ts
) to '$folder' (format parquet, partition_by (day), append)
"""
BUILD = """
import sys
from pathlib import Path
from pipeline.build.build import build_warehouse
build_warehouse(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def make_events(source: Path, *, events: int, first_day: int, days: int, first_play: int = 0) -> None:
    """Add plays of 15 events each, evenly over ``days`` days from ``first_day`` on."""
    sql = MAKE_EVENTS.replace("$folder", str(source / "playback_events"))
    numbers = {"events": events, "first_day": first_day, "days": days, "first_play": first_play}
    for name, number in sorted(numbers.items(), reverse=True):
        sql = sql.replace(f"${name}", str(number))
    duckdb.execute(sql)


def timed_build(source: Path, warehouse: Path) -> float:
    """Build in a process of its own; return the seconds that it took."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", BUILD, str(source), str(warehouse)], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def timed_sort(source: Path, folder: Path) -> float:
    """Sort all events by session and time into one file; return the seconds that it took."""
    begun = time.perf_counter()
    duckdb.execute(f"set temp_directory = '{folder / 'spill'}'")
    duckdb.execute(
        f"copy (from '{source}/playback_events/*/*.parquet' order by session_id, ts) to '{folder / 'sorted.parquet'}'"
    )
    return time.perf_counter() - begun


def plays(warehouse: Path) -> list[tuple[object, ...]]:
    """Return the number of plays, their watch time and a hash of all of them, of the newest build."""
    folder = published_builds(warehouse)[0].folder
    return duckdb.execute(
        "select count(*), sum(watch_ms), bit_xor(hash(plays)) from read_parquet(?, hive_partitioning = true) as plays",
        [str(folder / "plays" / "*" / "*.parquet")],
    ).fetchall()


def main() -> None:
    """Measure with the number of events and days that the command names."""
    events, days = (int(word) for word in (sys.argv[1:] or ("10000000", "365")))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        source.mkdir()
        duckdb.execute(
            "copy (select 't' || i as title_id, 'Title ' || i as name, 'film' as kind, 7200000::bigint as runtime_ms "
            f"from range(400) as titles(i)) to '{source / 'titles.parquet'}'"
        )
        make_events(source, events=events, first_day=0, days=days)
        sort_s = timed_sort(source, folder)
        full_s = timed_build(source, folder / "warehouse")
        memory_gb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        make_events(source, events=events // days, first_day=days, days=1, first_play=events)
        day_s = timed_build(source, folder / "warehouse")
        anew_s = timed_build(source, folder / "fresh")
        if plays(folder / "warehouse") != plays(folder / "fresh"):
            sys.exit("The new day gives other plays than a build from nothing.")
        shutil.rmtree(folder / "fresh")
    print(f"{events:,} player events over {days} days, most memory {memory_gb:.1f} GB")
    rate = f"{events / full_s:,.0f} events/s"
    print(f"from nothing   {full_s:8.1f} s  {rate}, {full_s / sort_s:.1f} × a mere sort of the events")
    print(f"again          {anew_s:8.1f} s")
    print(f"one day more   {day_s:8.1f} s  {day_s / anew_s:.1%} of a build from nothing")


if __name__ == "__main__":
    main()
