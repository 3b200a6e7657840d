"""How fast the demo world is written and built: from nothing, and with one day more upon the build before.

Prints times, player events a second and the most memory used, and fails where the new day gives other tables than a
build from nothing. Beside them two references that work nothing out: a mere sort of the same events, and the finished
tables read and written once more. Leaves the world in FOLDER, for the other benches:
``python -m tests.bench.build EVENTS FOLDER``. A world that is there already is not written again.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from definitions.manifest import published_builds
from definitions.warehouse import PUBLISHED
from pipeline.build.tables import published_files

SEED = 1
SCOPE = "from pathlib import Path; import sys; "
WRITE = (
    SCOPE + "from pipeline.demo import write_demo_source; "
    f"write_demo_source(Path(sys.argv[1]), events=int(sys.argv[2]), seed={SEED})"
)
BUILD = (
    SCOPE + "from pipeline.build.build import build_warehouse; build_warehouse(Path(sys.argv[1]), Path(sys.argv[2]))"
)
SORT = SCOPE + "from tests.bench.build import sort_events; sort_events(Path(sys.argv[1]), Path(sys.argv[2]))"
WRITE_AGAIN = SCOPE + "from tests.bench.build import write_again; write_again(Path(sys.argv[1]), Path(sys.argv[2]))"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds by the clock, and the most memory at once, in GB."""

    seconds: float
    memory_gb: float


def cost_of(program: str, *arguments: str | Path) -> Cost:
    """Run a program in a process of its own, and measure it; end the bench where it fails."""
    begun = time.perf_counter()
    # DuckDB draws its progress on the standard output.
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"A step failed with {process.returncode}.")
    return Cost(time.perf_counter() - begun, usage.ru_maxrss / 1e6)


def reference_s(program: str, read: Path, folder: Path) -> float:
    """Return the seconds that a program takes to write into ``folder``, of which nothing is kept."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    seconds = cost_of(program, read, folder).seconds
    shutil.rmtree(folder)
    return seconds


def sort_events(source: Path, folder: Path) -> None:
    """Write the source's player events by session and time into one file."""
    duckdb.execute("set temp_directory = $folder", {"folder": str(folder)})
    duckdb.execute(
        "copy (from read_parquet($files) order by session_id, ts) to $sorted",
        {"files": f"{source}/playback_events/*/*.parquet", "sorted": f"{folder}/sorted.parquet"},
    )


def write_again(build: Path, folder: Path) -> None:
    """Read the tables of a build that lie in folders, by day, month or split, and write them in the same way."""
    duckdb.execute("set preserve_insertion_order = false")
    for table in (path for path in build.iterdir() if path.is_dir()):
        partition, _, _ = next(table.iterdir()).name.partition("=")
        duckdb.execute(
            "copy (from read_parquet($files, hive_partitioning = true)) to $folder "
            f"(format parquet, partition_by ({partition}))",
            {"files": f"{table}/*/*.parquet", "folder": f"{folder}/{table.name}"},
        )


def hold_back_last_day(source: Path, aside: Path) -> None:
    """Move the files of the last day of every table by day out of the source."""
    for table in sorted(path for path in source.iterdir() if path.is_dir()):
        days = sorted(table.glob("day=*"))
        if days:
            (aside / table.name).mkdir(parents=True)
            days[-1].rename(aside / table.name / days[-1].name)


def bring_back(source: Path, aside: Path) -> None:
    """Move the held-back day to where it came from."""
    for day in aside.glob("*/day=*"):
        day.rename(source / day.parent.name / day.name)
    shutil.rmtree(aside, ignore_errors=True)


def contents(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return, by table, the number of rows and a hash of all of them, in whatever order, of the newest build."""
    folder = published_builds(warehouse)[0].folder
    found = {}
    for name in PUBLISHED:
        files = [str(file) for file in published_files(folder, name)]
        if files:
            found[name] = duckdb.execute(
                f"select count(*), bit_xor(hash({name})), sum(hash({name})::hugeint) "
                f"from read_parquet(?, hive_partitioning = true) as {name}",
                [files],
            ).fetchall()
    return found


def main() -> None:
    """Measure with the number of events and the folder that the command names."""
    events, folder = int(sys.argv[1]), Path(sys.argv[2])
    source, warehouse, fresh, aside, referred = (
        folder / name for name in ("source", "warehouse", "fresh", "last-day", "references")
    )
    # What an earlier run left when it was interrupted.
    bring_back(source, aside)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "truth.json").exists():
        written = cost_of(WRITE, source, str(events))
        rate = events / written.seconds
        print(f"source written {written.seconds:8.1f} s  {rate:,.0f} events/s, {written.memory_gb:.1f} GB")
    for made in (warehouse, fresh):
        shutil.rmtree(made, ignore_errors=True)
    sort_s = reference_s(SORT, source, referred)
    full = cost_of(BUILD, source, fresh)
    write_s = reference_s(WRITE_AGAIN, published_builds(fresh)[0].folder, referred)
    print(
        f"from nothing   {full.seconds:8.1f} s  {events / full.seconds:,.0f} events/s, {full.memory_gb:.1f} GB; "
        f"a mere sort of the events {sort_s:.1f} s, writing the finished tables again {write_s:.1f} s: "
        f"{full.seconds / (sort_s + write_s):.1f} × both",
        flush=True,
    )
    hold_back_last_day(source, aside)
    cost_of(BUILD, source, warehouse)
    bring_back(source, aside)
    day = cost_of(BUILD, source, warehouse)
    print(f"one day more   {day.seconds:8.1f} s  {day.seconds / full.seconds:.1%} of a build from nothing")
    anew, grown = contents(fresh), contents(warehouse)
    differing = [name for name in PUBLISHED if anew.get(name) != grown.get(name)]
    if differing:
        sys.exit(f"The new day gives other rows than a build from nothing: {', '.join(differing)}.")
    shutil.rmtree(fresh)


if __name__ == "__main__":
    main()
