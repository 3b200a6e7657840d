"""How fast survival answers over three million subscriptions, from what is added up and from the rows themselves.

Writes a made-up service of so many accounts, each with one subscription begun within three years, builds it, and asks
warm, nothing taken from the cache: over all the data, and over a range that begins and ends within a month. Answers
from the ages at the beginnings of months are compared with those from pairs of days, and what tells of all with
lifelines' Kaplan-Meier, or the run fails. Times are medians, by the clock and of the processor, of both threads.
``python -m tests.bench.survival FOLDER [SUBSCRIPTIONS]``.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter

from pipeline.build.build import build_warehouse
from pipeline.validate import literal
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import bound_parameters, macro_schemas, parsed_query

SUBSCRIPTIONS = 3_000_000
RUNS = 7
MS_PER_S = 1000
TIME_LIMIT_MS = 600_000
TOLERANCE = 1e-9
QUERIES = ("survival_by_group", "ending_rate_by_month_of_life")
SPLITS = ("none", "country", "plan", "channel")
RANGES = ("period=all", "start_day=2024-03-10&end_day=2025-07-20")
FROM_PAIRS = ("spells_counted",)

ACCOUNTS = """
select
    'account-' || range as account_id,
    ['IN', 'BR', 'DE', 'US', 'GB'][1 + range % 5] as country,
    ['organic', 'search', 'partner'][1 + range % 3] as acquisition_channel,
from range($subscriptions)
"""
# Begun on some day of 1,095, ended after a time that thins out, unless the data end before. The last event of all is
# a renewal, so that every day up to it is complete.
EVENTS = """
with lives as (
    select
        range as number,
        timestamp '2023-01-01' + to_days(cast(hash(range) % 1_095 as integer)) as began_at,
        cast(-300 * ln((1 + hash(range, 1) % 1_000_000) / 1_000_000) as integer) as lasted_days,
    from range($subscriptions)
),

events as (
    select number, began_at as ts, 'start' as event from lives
    union all
    select number, began_at + to_days(1 + lasted_days) as ts, 'end' as event from lives
    where began_at + to_days(1 + lasted_days) < timestamp '2025-12-31'
    union all
    select 0 as number, timestamp '2026-01-01' as ts, 'renew' as event
)

select
    number || '-' || event as event_id,
    'account-' || number as account_id,
    ts,
    event,
    ['Basic', 'Standard', 'Premium'][1 + number % 3] as plan,
from events
"""


def main() -> None:
    """Write and build the service in the folder that the command names, where it is not there yet, and measure."""
    folder = Path(sys.argv[1])
    warehouse = folder / "warehouse"
    if not (warehouse / "current").is_file():
        write_service(folder / "source", int(sys.argv[2]) if len(sys.argv) > 2 else SUBSCRIPTIONS)
        build_warehouse(folder / "source", warehouse)
    measure(Warehouse(warehouse).current())


def write_service(folder: Path, subscriptions: int) -> None:
    """Write the tables of the service."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, sql in (("accounts", ACCOUNTS), ("subscription_events", EVENTS)):
        duckdb.execute(f"copy ({sql}) to {literal(str(folder / f'{name}.parquet'))}", {"subscriptions": subscriptions})


def measure(build: Build) -> None:
    """Print a line for each question and way to answer it, and for lifelines."""
    print(f"{build.manifest.rows['subscriptions']:,} subscriptions in all calendars")
    for query, days, split in product(QUERIES, RANGES, SPLITS):
        asked = f"{query}, {days}, by {split}"
        of_ages, told = timed(partial(answer, query, days, split, build))
        print(f"{asked:<90}{told}  {len(of_ages):,} rows")
        of_pairs, told = timed(partial(answer, query, days, split, build, FROM_PAIRS))
        print(f"{'  from pairs of days':<90}{told}")
        pd.testing.assert_frame_equal(of_ages, of_pairs, rtol=TOLERANCE)
    of_all = answer(QUERIES[0], RANGES[0], "none", build)
    of_rows, told = timed(partial(from_rows, build))
    print(f"{'survival from the rows':<90}{told}")
    began = time.perf_counter()
    expected = by_lifelines(build)
    print(f"{'lifelines':<90}{(time.perf_counter() - began) * MS_PER_S:8.1f} ms")
    for frame in (of_all, of_rows):
        found = frame.set_index("age_days")["survival"]
        assert len(found) > 100
        # On a day on which none ended, lifelines may tell nothing: the share is that of the day before.
        on_days = pd.Series(expected).reindex(range(found.index.max() + 1)).ffill().fillna(1)[found.index]
        np.testing.assert_allclose(found, on_days, rtol=0, atol=TOLERANCE)


def timed(ask: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, str]:
    """Return the rows, and what is printed of how long they took, of some answers after one that warms up."""
    frame, clock_ms, processor_ms = pd.DataFrame(), [], []
    for _ in range(RUNS + 1):
        began, began_processing = time.perf_counter(), time.process_time()
        frame = ask()
        clock_ms.append((time.perf_counter() - began) * MS_PER_S)
        processor_ms.append((time.process_time() - began_processing) * MS_PER_S)
    clock, processor = statistics.median(clock_ms[1:]), statistics.median(processor_ms[1:])
    return frame, f"{clock:8.1f} ms by the clock {processor:8.1f} ms of the processor"


def answer(query: str, days: str, split: str, build: Build, macros_of: tuple[str, ...] = ()) -> pd.DataFrame:
    """Ask the page's own query over a range."""
    filters = parse_search(f"{days}&compare=none&calendar=utc&survival_by={split}", build.manifest.spans)
    parameters = bound_parameters(query, filters)
    with build.cursor(TIME_LIMIT_MS, macros_of=(*macros_of, *macro_schemas(parameters))) as cursor:
        return cursor.execute(parsed_query(query), parameters).df()


# The rows of one calendar, counted by first and last day as subscription_lives counts them; all are known to begin.
LIVES = """
select
    calendar,
    'none' as split_by,
    began_as,
    start_day,
    end_day,
    ended_by,
    cast(null as varchar) as account_country,
    cast(null as varchar) as account_plan,
    cast(null as varchar) as acquisition_channel,
    count(*) as subscriptions,
from main.subscriptions
where calendar = 'utc'
group by all
"""


def from_rows(build: Build) -> pd.DataFrame:
    """Ask the same macros over the published subscriptions, which are added up while they are asked."""
    days = build.manifest.spans["utc"]
    with build.cursor(TIME_LIMIT_MS, macros_of=FROM_PAIRS) as cursor:
        # The name by which macros read pairs of days.
        cursor.execute(f"create or replace view main.subscription_rows as {LIVES}")
        return cursor.execute(
            "from survival_of_spells('rows', 'utc', $first_day, $end_day, 'none', 'none', 'all', null, null) "
            "order by age_days",
            {"first_day": days.first_day, "end_day": days.end_day},
        ).df()


def by_lifelines(build: Build) -> dict[int, float]:
    """Return the share that survives by day of life, by lifelines."""
    with build.cursor(TIME_LIMIT_MS) as cursor:
        lives = cursor.execute(
            "select date_diff('day', start_day, coalesce(end_day, $last_day)) as days, "
            "end_day is not null as has_ended from main.subscriptions where calendar = 'utc'",
            {"last_day": build.manifest.spans["utc"].end_day - timedelta(days=1)},
        ).df()
    fitted = KaplanMeierFitter().fit(lives["days"], lives["has_ended"])
    return dict(fitted.survival_function_["KM_estimate"].items())


if __name__ == "__main__":
    main()
