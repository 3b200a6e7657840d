"""How fast the pages' queries answer: every query with many random filters, warm, nothing taken from the cache.

Prints for each query the median and the time that 95 of 100 states stay below, by the clock and of the processor, apart
for states that the cubes answer and for those that are read from rows: accounts by day, or for hours and weekdays, and
some for titles, the plays. At the end, how many queries keep the limits.
``python -m tests.bench.queries WAREHOUSE [QUERY ...]``: all queries, or those named.
"""

import random
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from definitions.dimensions import BAR_DIMENSIONS, COMPARISONS, PERIOD_PRESETS
from definitions.options import OPTIONS
from definitions.values import HOURS, WEEKDAYS
from queries.db import MACROS, Build, Warehouse
from queries.filters import FilterState, parse_search, to_search
from queries.run import bound_parameters, cursor_for, macro_schemas, parsed_query, query_names, query_text, run

SEED = 20261124
STATES = 100
MS_PER_S = 1000
# Asked for of each query, by the clock.
LIMITS_MS = {"cubes": 50, "rows": 500}
# What the page of data asks once a build, not with filters.
NOT_FILTERED = ("estimated_columns", "rejected_samples")
# The schemas of queries/macros that read rows in place of sums; those of chosen titles read sums by title.
BY_ROW = (
    "account_days_counted",
    "active_days_counted",
    "titles_or_plays_chosen",
    "plays_read",
    "hours_counted",
    "streams_counted",
    "marks_counted",
    "cohorts_of_rows",
    "show_accounts_counted",
)
# What pages of one film or series ask, with the filter by title set to it.
OF_ONE_SHOW = (
    "also_watched",
    "audience_by_group",
    "plays_by_origin",
    "ratings_by_value",
    "season_funnel",
    "take_rate_by_cover",
)


def main() -> None:
    """Ask every query with every state, and print a line for each query and way of answering."""
    build = Warehouse(Path(sys.argv[1])).current()
    states = random_states(build, count=STATES, seed=SEED)
    times_ms: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for name in sys.argv[2:] or [name for name in query_names() if name not in NOT_FILTERED]:
        # Opens the files and reads what all states share; one state is not warm.
        timed_ms(name, states[0], build)
        for state in states:
            filters = state.about_title() if name in OF_ONE_SHOW else state
            schemas = macro_schemas(bound_parameters(name, filters))
            way = "rows" if reads_rows(name, schemas) else "cubes"
            times_ms[name, way].append(timed_ms(name, filters, build))
    rows = build.manifest.rows
    print(f"{rows['plays']:,} plays of {rows['accounts']:,} accounts; {STATES} random states, seed {SEED}")
    for (name, way), of_states in sorted(times_ms.items(), key=lambda item: (item[0][1] != "cubes", item[0][0])):
        told = "".join(
            f"  {measured} median {statistics.median(values):7.1f} ms p95 {_p95(values):7.1f} ms"
            for measured, values in zip(("clock", "processor"), zip(*of_states, strict=True), strict=True)
        )
        print(f"{name:<38}{way:<8}{len(of_states):5} states{told}")
    for way, limit_ms in LIMITS_MS.items():
        clocks = [[clock_ms for clock_ms, _ in of_states] for (_, by), of_states in times_ms.items() if by == way]
        for told, of_all in (("median", statistics.median), ("95 of 100", _p95)):
            print(f"{way}: {told} within {limit_ms} ms: {sum(of_all(c) <= limit_ms for c in clocks)} of {len(clocks)}")


def _p95(values: Sequence[float]) -> float:
    # Of few values, without reaching beyond the largest.
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def random_states(build: Build, *, count: int, seed: int) -> list[FilterState]:
    """Return states as people choose them: any period, and of each dimension at times one to three values."""
    rng = random.Random(seed)
    options = run("filter_options", parse_search("", build.manifest.spans), build)
    shows = run("show_names", parse_search("", build.manifest.spans), build).show_id.to_list()
    most_watched = run("watch_hours_by_title", parse_search("period=all&kind=film", build.manifest.spans), build)
    films = [show_id.removeprefix("title ") for show_id in most_watched.show_id]
    states = []
    for _ in range(count):
        choices: dict[str, object] = {
            "period": rng.choice([preset.name for preset in PERIOD_PRESETS]),
            "compare": rng.choice(list(COMPARISONS)),
            "granularity": rng.choice(["auto", "auto", "day", "week", "month"]),
            "calendar": rng.choice(["local", "local", "utc"]),
        }
        for dimension in BAR_DIMENSIONS:
            values = options[options.dimension == dimension.name].value.to_list()
            if values and rng.random() < 0.3:
                name = dimension.excluding if rng.random() < 0.2 else dimension.name
                choices[name] = rng.sample(values, min(len(values), rng.randint(1, 3)))
        if rng.random() < 0.15:
            choices["title"] = rng.sample(shows, 1)
        if rng.random() < 0.1:
            choices |= {"weekday": [rng.choice(WEEKDAYS)], "hour": [rng.choice(HOURS)]}
        filters = parse_search(to_search(choices), build.manifest.spans)  # type: ignore[arg-type]
        chosen = tuple((option.name, rng.choice(list(option.choices))) for option in OPTIONS)
        states.append(replace(filters, options=chosen, of_title=rng.choice(films)))
    return states


def reads_rows(name: str, schemas: tuple[str, ...]) -> bool:
    """Tell whether a query reads plays or accounts one by one: where macros of these schemas answer part of it.

    Also where it names them by way of other macros, or reads the plays itself.
    """
    pieces = re.split(r"create macro ([\w.]+)\(", MACROS)[1:]
    macros = dict(zip(pieces[::2], pieces[1::2], strict=True))
    bodies = {macro: body for macro, body in macros.items() if "." not in macro}
    by_row = {"filtered_plays", "account_stretches"}
    # The first schema that has a macro takes its place.
    for schema in reversed(schemas):
        own = {
            macro.removeprefix(f"{schema}."): body for macro, body in macros.items() if macro.startswith(f"{schema}.")
        }
        bodies |= own
        if schema in BY_ROW:
            by_row |= own.keys()
    unread, read = [query_text(name)], set[str]()
    while unread:
        named = set(re.findall(r"(\w+)\(", unread.pop()))
        if named & by_row:
            return True
        unread += [bodies[macro] for macro in named & bodies.keys() - read]
        read |= named
    return False


def timed_ms(name: str, filters: FilterState, build: Build) -> tuple[float, float]:
    """Return how long one answer takes from the filters to the frame, in ms: by the clock, and of the processor."""
    began, processor_began = time.perf_counter(), time.process_time()
    parameters = bound_parameters(name, filters)
    with cursor_for(name, parameters, build) as cursor:
        cursor.execute(parsed_query(name), parameters).df()
    return (time.perf_counter() - began) * MS_PER_S, (time.process_time() - processor_began) * MS_PER_S


if __name__ == "__main__":
    main()
