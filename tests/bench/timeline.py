"""How fast the timeline of a title with a million plays answers, beside the same counted from its marks alone.

Writes a made-up service with one title of so many plays over 400 days and others to compare it with, builds it, and
asks for ranges of days, warm, nothing taken from the cache. The answers are compared, or the run fails.
``python -m tests.bench.timeline FOLDER [PLAYS]``.
"""

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.build.build import build_warehouse
from pipeline.validate import literal
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search
from queries.run import bound_parameters, macro_schemas, parsed_query

PLAYS = 1_000_000
TITLE = "most-played"
RUNS = 21
RUNS_OF_REFERENCE = 1
MS_PER_S = 1000
# What reads marks in place of sums, also where nothing is chosen.
FROM_MARKS = "marks_counted"
REFERENCE_TIME_LIMIT_MS = 600_000
DAYS = {
    "28 days": "start_day=2025-06-10&end_day=2025-07-08",
    "twelve whole months": "start_day=2025-02-01&end_day=2026-02-01",
    "a year": "start_day=2025-01-20&end_day=2026-01-20",
}
CLOCKS = ("local", "utc")
PARTS = ("ten_seconds", "percent")

ACCOUNTS = "select 'account-' || range as account_id, ['IN', 'BR', 'DE'][1 + range % 3] as country from range(20_000)"
TITLES = f"""
select
    case range when 0 then '{TITLE}' else 'other-' || range end as title_id,
    case range when 0 then 'The most played' else 'Film ' || range end as name,
    'film' as kind,
    7_200_000 as runtime_ms,
from range(41)
"""
# Played from the beginning; then a pause, a stall, a seek back or on, or none of these; and on from there to where it
# is left.
EVENTS = f"""
with plays as (
    select
        range as number,
        case when range < $plays then '{TITLE}' else 'other-' || (1 + range % 40) end as title_id,
        timestamp '2025-01-10' + to_seconds(cast(hash(range) % (400 * 86_400) as integer)) as began_at,
        [-300, 0, 60][1 + cast(hash(range, 1) % 3 as integer)] as utc_offset_min,
        100 + cast(hash(range, 2) % 6_000 as integer) as first_s,
        cast(hash(range, 3) % 1_000 as integer) as then_s,
        ['pause', 'stall', 'back', 'on', 'none'][1 + cast(hash(range, 4) % 5 as integer)] as what,
    from range($plays + 2_000)
),

steps as (
    select
        *,
        case what when 'pause' then 20 when 'stall' then 3 else 0 end as stood_s,
        case what when 'back' then first_s - 60 when 'on' then first_s + 45 else first_s end as to_s,
    from plays
),

events as (
    select
        steps.*,
        unnest([
            {{'event': 'start', 'after_s': 0, 'at_s': 0, 'to_s': null}},
            {{'event': 'first_frame', 'after_s': 0, 'at_s': 0, 'to_s': null}},
            {{
                'event': case what when 'pause' then 'pause' when 'stall' then 'rebuffer_start' else 'seek' end,
                'after_s': first_s,
                'at_s': first_s,
                'to_s': case when what in ('back', 'on') then to_s end,
            }},
            {{
                'event': case what when 'pause' then 'resume' else 'rebuffer_end' end,
                'after_s': first_s + stood_s,
                'at_s': first_s,
                'to_s': null,
            }},
            {{'event': 'stop', 'after_s': first_s + stood_s + then_s, 'at_s': to_s + then_s, 'to_s': null}},
        ]) as told,
    from steps
)

select
    number || '-' || told.event as event_id,
    began_at + to_seconds(told.after_s) as ts,
    'session-' || number as session_id,
    'account-' || (number % 20_000) as account_id,
    title_id,
    told.event,
    cast(told.at_s * 1000 as bigint) as position_ms,
    cast(told.to_s * 1000 as bigint) as to_position_ms,
    utc_offset_min,
    ['tv', 'mobile'][1 + number % 2] as device_type,
from events
where
    told.event in ('start', 'first_frame', 'stop')
    or (told.event = 'seek' and told.to_s is not null)
    or (what in ('pause', 'stall') and told.event <> 'seek')
"""


def main() -> None:
    """Write and build the service in the folder that the command names, where it is not there yet, and measure."""
    folder = Path(sys.argv[1])
    warehouse = folder / "warehouse"
    if not (warehouse / "current").is_file():
        write_service(folder / "source", int(sys.argv[2]) if len(sys.argv) > 2 else PLAYS)
        build_warehouse(folder / "source", warehouse)
    measure(Warehouse(warehouse).current())


def write_service(folder: Path, plays: int) -> None:
    """Write the tables of the service."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, sql in (("accounts", ACCOUNTS), ("titles", TITLES), ("playback_events", EVENTS)):
        values = {"plays": plays} if "$plays" in sql else {}
        duckdb.execute(f"copy ({sql}) to {literal(str(folder / f'{name}.parquet'))}", values)


def measure(build: Build) -> None:
    """Print a line for each range of days, clock and sort of parts."""
    print(f"{build.manifest.rows['plays']:,} plays, {build.manifest.rows['title_marks']:,} marks")
    for parts in PARTS:
        for clock in CLOCKS:
            for days, search in DAYS.items():
                filters = parse_search(
                    f"{search}&calendar={clock}&timeline_by={parts}&of_title={TITLE}", build.manifest.spans
                )
                frame, times_ms = timed(filters, build, (), RUNS)
                reference, reference_ms = timed(filters, build, (FROM_MARKS,), RUNS_OF_REFERENCE)
                pd.testing.assert_frame_equal(frame, reference, check_dtype=False)
                print(
                    f"{parts:<12}{clock:<7}{days:<20}median {statistics.median(times_ms):6.1f} ms  "
                    f"p95 {statistics.quantiles(times_ms, n=20)[-1]:6.1f} ms  "
                    f"processor {least_processor_ms(filters, build):6.1f} ms  "
                    f"from marks {statistics.median(reference_ms):8.1f} ms"
                )


def timed(filters: FilterState, build: Build, besides: Sequence[str], runs: int) -> tuple[pd.DataFrame, list[float]]:
    """Return the rows, and how long each of some answers took, in ms, after one that warms up."""
    frame, times_ms = pd.DataFrame(), []
    for _ in range(runs + 1):
        began = time.perf_counter()
        frame = answer(filters, build, besides)
        times_ms.append((time.perf_counter() - began) * MS_PER_S)
    return frame, times_ms[1:]


def least_processor_ms(filters: FilterState, build: Build) -> float:
    """Return the least processor time that an answer took, in ms, the time of DuckDB's threads included."""
    least_ms = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        answer(filters, build, ())
        least_ms = min(least_ms, (time.process_time() - began) * MS_PER_S)
    return least_ms


def answer(filters: FilterState, build: Build, besides: Sequence[str]) -> pd.DataFrame:
    """Return the timeline's rows; ``besides`` names schemas whose macros take others' places."""
    parameters = bound_parameters("audience_by_position", filters)
    with build.cursor(REFERENCE_TIME_LIMIT_MS, macros_of=(*besides, *macro_schemas(parameters))) as cursor:
        return cursor.execute(parsed_query("audience_by_position"), parameters).df()


if __name__ == "__main__":
    main()
