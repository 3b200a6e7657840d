"""Whatever happens to a build, the one before keeps serving, the message is clear, and the next run recovers."""

import random
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from time import monotonic

import duckdb
import pytest

from definitions.manifest import MANIFEST_FILE, Manifest
from definitions.warehouse import PUBLISHED
from pipeline.build.build import build_warehouse
from pipeline.build.days import Days
from pipeline.build.load import SourceReader
from pipeline.errors import SourceError
from tests.pipeline.builds import assert_equal, days_of_plays, written

ROOT = Path(__file__).parents[2]
BUILD = """
import resource, signal, sys
from pathlib import Path
from pipeline.build.build import build_warehouse
from pipeline.errors import SourceError
limit = int(sys.argv[3])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("ready", flush=True)
try:
    build_warehouse(Path(sys.argv[1]), Path(sys.argv[2]))
except SourceError as error:
    sys.exit(str(error))
"""


def building(source: Path, warehouse: Path, largest_file_bytes: int = 0) -> subprocess.Popen[str]:
    """Start a build in a process of its own, and return when it begins."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(source), str(warehouse), str(largest_file_bytes)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def served_plays(warehouse: Path) -> int:
    """Return the plays of the current build, having read every row of every table that it says it has."""
    folder = warehouse / "builds" / (warehouse / "current").read_text().strip()
    manifest = Manifest.from_json((folder / MANIFEST_FILE).read_text())
    for name in PUBLISHED:
        files = [str(file) for pattern in (f"{name}.parquet", f"{name}/*/*.parquet") for file in folder.glob(pattern)]
        rows = [len(duckdb.execute("from read_parquet(?)", [file]).fetchall()) for file in files]
        assert sum(rows) == manifest.rows[name], name
    return manifest.rows["plays"]


def kill_at_random(tmp_path: Path, rounds: int, seed: int) -> None:
    """Kill a build at random instants, each time after a new day of plays; then build once more in peace."""
    instants = random.Random(seed)
    warehouse = tmp_path / "warehouse"
    source = written(tmp_path / "source", days_of_plays(5))
    build_warehouse(source, warehouse)
    begun_s = monotonic()
    build_warehouse(source, tmp_path / "measured")
    longest_s = 1.2 * (monotonic() - begun_s)
    killed = 0
    for number in range(rounds):
        before = served_plays(warehouse)
        written(source, days_of_plays(6 + number))
        process = building(source, warehouse)
        try:
            process.wait(timeout=instants.uniform(0, longest_s))
        except subprocess.TimeoutExpired:
            process.kill()
            killed += 1
        process.communicate()
        assert served_plays(warehouse) in (before, 6 + number)
    assert killed > rounds // 4
    after = build_warehouse(source, warehouse)
    assert served_plays(warehouse) == 5 + rounds
    assert [path.name for path in (warehouse / "builds").iterdir() if path.name.startswith(".")] == []
    assert_equal(after, build_warehouse(source, tmp_path / "fresh"))


def test_a_build_killed_at_a_few_random_instants(tmp_path: Path) -> None:
    kill_at_random(tmp_path, rounds=4, seed=1)


@pytest.mark.verify
def test_a_build_killed_at_a_hundred_random_instants(tmp_path: Path) -> None:
    kill_at_random(tmp_path, rounds=100, seed=2)


@pytest.fixture(scope="module")
def five_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source of five days and the warehouse built from it; only to be copied."""
    folder = tmp_path_factory.mktemp("five-days")
    build_warehouse(written(folder / "source", days_of_plays(5)), folder / "warehouse")
    return folder


@pytest.fixture
def served(five_days: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A source of five days, and the warehouse that serves a build of it."""
    copied = shutil.copytree(five_days, tmp_path / "served")
    return copied / "source", copied / "warehouse"


def test_a_full_disk_leaves_what_was_served(served: tuple[Path, Path]) -> None:
    # No file may grow beyond 2,000 bytes: the first table of plays does not fit.
    source, warehouse = served
    written(source, days_of_plays(6))
    process = building(source, warehouse, largest_file_bytes=2_000)
    _, said = process.communicate()
    assert process.returncode == 1
    assert "the build could not be finished" in said
    assert "Make room on that disk" in said
    assert served_plays(warehouse) == 5
    assert build_warehouse(source, warehouse).manifest.rows["plays"] == 6


@pytest.mark.parametrize("kept_bytes", [0, 100, -1])
def test_a_truncated_file_is_named_and_leaves_what_was_served(served: tuple[Path, Path], kept_bytes: int) -> None:
    source, warehouse = served
    torn = source / "plays" / "day=2026-03-30" / "plays.parquet"
    whole = torn.read_bytes()
    torn.write_bytes(whole[:kept_bytes])
    with pytest.raises(SourceError, match=r"day=2026-03-30/plays\.parquet"):
        build_warehouse(source, warehouse)
    assert served_plays(warehouse) == 5
    torn.write_bytes(whole)
    assert build_warehouse(source, warehouse).manifest.rows["plays"] == 5


def test_a_table_that_vanishes_meanwhile_is_named_and_leaves_what_was_served(
    served: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, warehouse = served
    written(source, days_of_plays(6))
    load = SourceReader.load

    def vanish(reader: SourceReader, days: Days, names: Collection[str]) -> None:
        for file in source.glob("plays/*/*.parquet"):
            file.unlink(missing_ok=True)
        load(reader, days, names)

    with monkeypatch.context() as patch:
        patch.setattr(SourceReader, "load", vanish)
        with pytest.raises(SourceError, match=r"Table plays cannot be read.*plays\.parquet"):
            build_warehouse(source, warehouse)
    assert served_plays(warehouse) == 5
    assert build_warehouse(written(source, days_of_plays(6)), warehouse).manifest.rows["plays"] == 6


def test_of_two_builds_at_once_one_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path / "source", days_of_plays(5))
    builds = [building(source, tmp_path / "warehouse") for _ in range(3)]
    said = [process.communicate()[1] for process in builds]
    refused = [sentence for sentence, process in zip(said, builds, strict=True) if process.returncode]
    assert all("is under way" in sentence for sentence in refused)
    assert len(refused) < len(builds)
    assert served_plays(tmp_path / "warehouse") == 5
