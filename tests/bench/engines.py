"""The same questions asked of plays by DuckDB, Polars and chDB (ClickHouse in the process), and of Marquee's cubes.

Every form gives the same answer, or the run fails. Each engine has two threads and is warm; times are medians. The raw
engines read one Parquet file with the columns they need, which suits them better than the files by day of a build. The
cost of the cubes is measured by adding up the same plays again. ``python -m tests.bench.engines WAREHOUSE``.
"""

import os

# Polars reads it when it is imported.
os.environ["POLARS_MAX_THREADS"] = "2"

import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chdb
import duckdb
import polars as pl
import pyarrow as pa

from definitions.audience import AUDIENCE_CELLS
from definitions.manifest import Manifest
from pipeline.build.adding_up import AddingUp
from pipeline.build.references import create_enums_of_data, create_references
from pipeline.build.tables import close_store, open_store, publish_table, published_files, view_table
from pipeline.build.workshop import MEMORY_LIMIT, WORK
from pipeline.progress import Silent
from pipeline.validate import literal
from queries.db import Build, Warehouse
from tests.bench.questions import (
    KINDS,
    Asked,
    cubes_in_polars,
    cubes_in_sql,
    plays_in_clickhouse,
    plays_in_duckdb,
    plays_in_polars,
)

RUNS = 7
THREADS = 2
MS_PER_S = 1000
COLUMNS = (
    "account_id",
    "local_at",
    "local_day",
    "kind",
    "device_type",
    "account_country",
    "watch_ms",
    "startup_ms",
    "paused_ms",
    "rebuffer_ms",
)
CUBES = ("active_accounts", "cohort_cube", "hour_cube", "hour_accounts")
DEVICES = ("mobile", "tablet")
COUNTRIES_ASKED = 3
RAW = ("DuckDB", "Polars", "chDB")
MARQUEE = "Marquee"

STEP_OF_MONTH = re.compile(r" (of )?[A-Z][a-z]+ \d{4}$")

Ask = Callable[[], pa.Table]


def main() -> None:
    """Measure the warehouse that the command names."""
    warehouse = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(dir=warehouse.parent) as scratch:
        measure(Warehouse(warehouse).current(), published_folder(warehouse), Path(scratch))


def published_folder(warehouse: Path) -> Path:
    """Return the folder of the current build."""
    return warehouse / "builds" / (warehouse / "current").read_text(encoding="utf-8").strip()


def measure(build: Build, published: Path, scratch: Path) -> None:
    """Ask everything, compare, and print the tables for docs/performance.md."""
    plays = scratch / "plays.parquet"
    asked = write_plays(build, published, plays)
    # One for the process is all that chDB allows.
    session = chdb.connect(":memory:")
    forms = raw_forms(plays, asked, session) | cube_forms(build, published, asked, session)
    times_ms: dict[str, dict[str, float]] = defaultdict(dict)
    for form, questions in forms.items():
        for question, ask in questions.items():
            times_ms[question][form] = timed_ms(form, question, ask, forms[RAW[0]][question])
    rows = build.manifest.rows
    print(f"{rows['plays']:,} plays of {rows['accounts']:,} accounts; {THREADS} threads, medians of {RUNS} runs, in ms")
    print(f"{asked.start_day} up to {asked.end_day}; by hour: {', '.join(asked.devices + asked.countries)}\n")
    print_times(times_ms, tuple(forms))
    print_costs(times_ms, cube_seconds(build.manifest, published, scratch))


def write_plays(build: Build, published: Path, target: Path) -> Asked:
    """Write the columns that the raw engines need into one file; return what to ask of the last twelve whole months."""
    files = ", ".join(literal(str(file)) for file in published_files(published, "plays"))
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {THREADS}")
        beginnings = ", ".join(literal(str(file)) for file in published_files(published, "account_beginnings"))
        span = build.manifest.spans["local"]
        # Who was there before the data is in no cohort, and the day of the last event is not looked at.
        new = (
            f"coalesce(arrival = 'new', date_trunc('week', first_active_day) > date '{span.first_day}') "
            f"and local_day < date '{span.end_day}'"
        )
        select = (
            f"select {', '.join(f'plays.{name}' for name in COLUMNS)}, coalesce({new}, false) as is_of_cohort "
            f"from read_parquet([{files}]) as plays left join read_parquet([{beginnings}]) as beginnings "
            "on plays.account_id = beginnings.account_id and beginnings.calendar = 'local'"
        )
        connection.execute(f"copy ({select}) to {literal(str(target))} (format parquet)")
        countries = connection.execute(
            f"select account_country from {literal(str(target))} where account_country is not null "
            f"group by account_country order by count(*) desc, account_country limit {COUNTRIES_ASKED}"
        ).fetchall()
    end_day = build.manifest.spans["local"].end_day.replace(day=1)
    return Asked(end_day.replace(year=end_day.year - 1), end_day, DEVICES, tuple(country for (country,) in countries))


def raw_forms(plays: Path, asked: Asked, session: Any) -> dict[str, dict[str, Ask]]:
    """Return how each raw engine answers each question from the plays."""
    file = literal(str(plays))
    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}")
    return {
        "DuckDB": {name: in_duckdb(connection, sql) for name, sql in plays_in_duckdb(file, asked).items()},
        "Polars": {name: in_polars(frame) for name, frame in plays_in_polars(pl.scan_parquet(plays), asked).items()},
        "chDB": {
            name: in_chdb(session, sql) for name, sql in plays_in_clickhouse(f"file({file}, Parquet)", asked).items()
        },
    }


def cube_forms(build: Build, published: Path, asked: Asked, session: Any) -> dict[str, dict[str, Ask]]:
    """Return how Marquee answers each question from its cubes, and how the other engines do from the same files."""
    bits = {
        "kind": chosen_bits("kind", KINDS, None),
        "all": chosen_bits("all", KINDS, asked.devices),
    }
    files = {name: published_files(published, name) for name in CUBES}
    globs = {
        name: str(of_table[0]) if len(of_table) == 1 else f"{published}/{name}/*/*.parquet"
        for name, of_table in files.items()
    }
    in_clickhouse = {name: f"file({literal(glob)}, Parquet)" for name, glob in globs.items()}
    own = cubes_in_sql(asked, bits, {name: name for name in CUBES}, bit_and="{} & {}")
    clickhouse = cubes_in_sql(asked, bits, in_clickhouse, bit_and="bitAnd({}, {})")
    frames = {name: pl.scan_parquet(of_table) for name, of_table in files.items()}
    return {
        MARQUEE: {name: in_marquee(build, sql) for name, sql in own.items()},
        "Polars on cubes": {name: in_polars(frame) for name, frame in cubes_in_polars(asked, bits, frames).items()},
        "chDB on cubes": {name: in_chdb(session, sql) for name, sql in clickhouse.items()},
    }


def chosen_bits(sort: str, kinds: tuple[str, ...], devices: tuple[str, ...] | None) -> tuple[int, int]:
    """Return the two masks of what is chosen, in one sort of set."""
    low = high = 0
    for cell in AUDIENCE_CELLS:
        if cell.counted_by == sort and cell.kind in kinds and (devices is None or cell.device_type in devices):
            low, high = low | cell.mask_low, high | cell.mask_high
    return low, high


def in_duckdb(connection: duckdb.DuckDBPyConnection, sql: str) -> Ask:
    """Return what asks DuckDB."""
    return lambda: connection.sql(sql).to_arrow_table()


def in_marquee(build: Build, sql: str) -> Ask:
    """Return what asks as a page does."""

    def ask() -> pa.Table:
        with build.cursor() as cursor:
            return cursor.sql(sql).to_arrow_table()

    return ask


def in_polars(frame: pl.LazyFrame) -> Ask:
    """Return what asks Polars' streaming engine, which was the faster of its two over all."""
    return lambda: frame.collect(engine="streaming").to_arrow()


def in_chdb(session: Any, sql: str) -> Ask:
    """Return what asks chDB."""
    return lambda: session.query(f"{sql} settings max_threads = {THREADS}", "ArrowTable")


def timed_ms(form: str, question: str, ask: Ask, reference: Ask) -> float:
    """Return the median time of an answer, in ms; end the run where it differs from that of the reference."""
    # The first answer opens files and reads them into the system's memory.
    if rows_of(ask()) != rows_of(reference()):
        sys.exit(f"{form} answers «{question}» differently.")
    times_s = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ask()
        times_s.append(time.perf_counter() - began)
    return statistics.median(times_s) * MS_PER_S


def rows_of(table: pa.Table) -> list[tuple[str | int, ...]]:
    """Return an answer's rows, sorted: text as it is, sums as whole numbers, whatever type the engine gave them."""
    columns = [
        [
            value.decode() if isinstance(value, bytes) else value if isinstance(value, str) else int(value)
            for value in column
        ]
        for column in (column.to_pylist() for column in table.columns)
    ]
    return sorted(zip(*columns, strict=True))


def print_times(times_ms: dict[str, dict[str, float]], forms: tuple[str, ...]) -> None:
    """Print a row a question, and how many times as fast the cubes are as the best raw engine."""
    print(f"| question | {' | '.join(forms)} | × the best |")
    print(f"| --- |{' --- |' * (len(forms) + 1)}")
    for question, by_form in times_ms.items():
        times = " | ".join(f"{by_form[form]:.1f}" for form in forms)
        print(f"| {question} | {times} | {best_raw_ms(by_form) / by_form[MARQUEE]:.0f} |")


def print_costs(times_ms: dict[str, dict[str, float]], seconds: dict[str, float]) -> None:
    """Print what adding up costs, and after how many questions that is less than asking the best raw engine."""
    total_s = sum(seconds.values())
    print(
        f"\nAdding up all cubes: {total_s:.1f} s ({', '.join(f'{what} {took:.1f}' for what, took in seconds.items())})"
    )
    for question, by_form in times_ms.items():
        saved_s = (best_raw_ms(by_form) - by_form[MARQUEE]) / MS_PER_S
        print(f"paid after {total_s / saved_s:,.0f} times «{question}»")


def best_raw_ms(by_form: dict[str, float]) -> float:
    """Return the time of the fastest engine over plays."""
    return min(by_form[form] for form in RAW)


class StepTimes(Silent):
    """Progress that remembers how many seconds the steps took that begin with the same words."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._what, self._began = "", time.perf_counter()

    def step(self, what: str) -> None:
        """Add the time since the last step to it; months of one step are added up."""
        now = time.perf_counter()
        if self._what:
            self.seconds[self._what] = self.seconds.get(self._what, 0) + now - self._began
        self._what, self._began = STEP_OF_MONTH.sub("", what), now


def cube_seconds(manifest: Manifest, published: Path, scratch: Path) -> dict[str, float]:
    """Add up the cubes of a build once more, from its plays, and return the seconds by step."""
    folder, times = scratch / "cubes", StepTimes()
    (folder / WORK).mkdir(parents=True)
    with duckdb.connect() as connection:
        for option, value in (("timezone", "UTC"), ("memory_limit", MEMORY_LIMIT), ("threads", str(THREADS))):
            connection.execute(f"set {option} = {literal(value)}")
        connection.execute(f"set temp_directory = {literal(str(folder / WORK / 'spill'))}; create schema derived")
        adding = AddingUp(connection, folder, manifest.service_zone, manifest.spans, times)
        create_references(connection, manifest.service_zone)
        for name in ("plays", "titles", "shows", "accounts", "plan_periods", "subscriptions"):
            view_table(connection, published, name)
        create_enums_of_data(connection)
        open_store(connection, folder)
        publish_table(connection, folder, "audience_cells", "reference.audience_cells")
        adding.add_up(None, set())
        close_store(connection)
        times.step("")
    return times.seconds


if __name__ == "__main__":
    main()
