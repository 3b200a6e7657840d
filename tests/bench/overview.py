"""How much the Overview gains from the aggregates: its queries against the same numbers counted from the plays.

Prints the median times and their ratio, and fails when the answers differ: ``python -m tests.bench.overview WAREHOUSE``
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from queries.cubes import cube_parameters
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search
from queries.run import macro_schemas, query_text

REPETITIONS = 7
CASES = {
    "28 days": "",
    "28 days of two devices in two countries": "device=tv&device=console&country=IN&country=DE",
    "all days": "period=all&granularity=month",
}
Rows = Sequence[tuple[Any, ...]]

# The whole range in one row, counted from the plays with nothing prepared.
FROM_PLAYS = """
with chosen_plays as (
    select *
    from plays
    where
        local_day >= $start_day
        and local_day < $end_day
        and chosen(device_type, $devices)
        and chosen(account_country, $countries)
        and chosen(kind, $kinds)
        and chosen(profile_type, $profile_types)
),

active_days as (
    select
        local_day,
        count(distinct account_id) as accounts
    from chosen_plays
    where watch_ms >= 60000
    group by local_day
)

select
    round(sum(watch_ms) / 3600000.0, 6) as watch_hours,
    count(*) as plays,
    round((select sum(accounts) from active_days) / date_diff('day', $start_day, $end_day), 6)
        as mean_daily_active_accounts
from chosen_plays
"""
FROM_AGGREGATES = """
select
    round(watch_hours, 6) as watch_hours,
    plays,
    round(mean_daily_active_accounts, 6) as mean_daily_active_accounts
from ({query})
where period_start is null
"""


def main() -> None:
    """Measure both ways on the warehouse that the command names, and print a line for each case."""
    build = Warehouse(Path(sys.argv[1])).current()
    print(f"{build.manifest.rows['plays']:,} plays; medians of {REPETITIONS}")
    differing = [name for name, search in CASES.items() if not _compare(name, search, build)]
    if differing:
        sys.exit(f"The answers differ: {', '.join(differing)}.")


def _compare(name: str, search: str, build: Build) -> bool:
    """Print one case's times, and tell whether both ways give the same answer."""
    filters = parse_search(search, build.manifest.spans)
    prepared, prepared_ms = _timed(
        lambda: _ask(build, FROM_AGGREGATES.format(query=query_text("viewing_summary")), filters)
    )
    naive, naive_ms = _timed(lambda: _ask(build, FROM_PLAYS, filters))
    verdict = "equal" if prepared == naive else f"DIFFERENT: {prepared} and {naive}"
    print(f"{name:<42}{prepared_ms:8.1f} ms{naive_ms:8.1f} ms from plays, {naive_ms / prepared_ms:.1f} ×, {verdict}")
    return prepared == naive


def _ask(build: Build, sql: str, filters: FilterState) -> Rows:
    chosen = filters.parameters()
    available = chosen | cube_parameters(chosen) | {"min_accounts": None}
    parameters = {name: value for name, value in available.items() if f"${name}" in sql}
    with build.cursor(macros_of=macro_schemas(parameters)) as cursor:
        return cursor.execute(sql, parameters).fetchall()


def _timed(ask: Callable[[], Rows]) -> tuple[Rows, float]:
    rows = ask()
    times_ms = []
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        ask()
        times_ms.append((time.perf_counter() - began) * 1000)
    return rows, statistics.median(times_ms)


if __name__ == "__main__":
    main()
