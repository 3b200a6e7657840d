"""A build is published whole or not at all."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from definitions.manifest import Manifest
from pipeline.build.build import build_warehouse
from pipeline.errors import SourceError
from pipeline.publish import KEPT_BUILDS, building, list_builds, prune, roll_back
from queries.db import Warehouse, WarehouseError
from tests.pipeline.builds import days_of_plays, written

MANIFEST = "manifest.json"


def publish(warehouse: Path, build_id: str) -> None:
    with building(warehouse, build_id) as folder:
        (folder / MANIFEST).write_text("{}")


def publish_whole(warehouse: Path, *build_ids: str, rows: int = 0) -> None:
    """Publish builds with a manifest that tells of one table, plays."""
    for build_id in build_ids:
        manifest = Manifest(build_id, "2026-01-01T00:00:00+00:00", "0", "UTC", None, {}, {}, {"plays": rows}, {})
        with building(warehouse, build_id) as folder:
            (folder / MANIFEST).write_text(manifest.to_json())


def current(warehouse: Path) -> str:
    return (warehouse / "current").read_text().strip()


def builds(warehouse: Path) -> list[str]:
    return sorted(path.name for path in (warehouse / "builds").iterdir())


def test_the_pointer_names_the_latest_build_and_old_ones_are_pruned(tmp_path: Path) -> None:
    for number in range(KEPT_BUILDS + 2):
        publish(tmp_path, f"b{number}")
    assert current(tmp_path) == "b4"
    assert builds(tmp_path) == ["b2", "b3", "b4"]


def test_a_build_that_fails_leaves_the_one_before(tmp_path: Path) -> None:
    publish(tmp_path, "b1")

    def fail_halfway() -> None:
        with building(tmp_path, "b2") as folder:
            (folder / "half.parquet").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert current(tmp_path) == "b1"
    assert builds(tmp_path) == ["b1"]


@pytest.mark.parametrize("killed_at", ["os.fsync", "pathlib.Path.rename", "pathlib.Path.replace"])
def test_a_build_killed_at_any_step_leaves_the_one_before_and_the_next_cleans_up(
    tmp_path: Path, killed_at: str
) -> None:
    publish(tmp_path, "b1")
    script = f"""
import os, pathlib, signal
from pipeline.publish import building
def die(*arguments, **named): os.kill(os.getpid(), signal.SIGKILL)
with building(pathlib.Path({str(tmp_path)!r}), "b2") as folder:
    (folder / {MANIFEST!r}).write_text("{{}}")
    {killed_at} = die
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert current(tmp_path) == "b1"
    assert (tmp_path / "builds" / "b1" / MANIFEST).is_file()
    publish(tmp_path, "b3")
    assert current(tmp_path) == "b3"
    assert not [name for name in builds(tmp_path) if name.startswith(".")]


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    with building(tmp_path, "b1") as folder:
        (folder / MANIFEST).write_text("{}")
        with pytest.raises(SourceError, match="under way"), building(tmp_path, "b2"):
            pass
    assert current(tmp_path) == "b1"


def test_a_warehouse_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError, match="cannot be written"), building(tmp_path / "file", "b1"):
        pass


def test_a_roll_back_makes_an_older_build_current_and_a_new_build_takes_over(tmp_path: Path) -> None:
    publish_whole(tmp_path, "b1", "b2", "b3")
    roll_back(tmp_path, "b1")
    assert current(tmp_path) == "b1"
    assert [(build.folder.name, build.is_current) for build in list_builds(tmp_path)] == [
        ("b3", False),
        ("b2", False),
        ("b1", True),
    ]
    publish_whole(tmp_path, "b4")
    assert current(tmp_path) == "b4"
    assert builds(tmp_path) == ["b2", "b3", "b4"]


def test_a_roll_back_to_what_is_not_there_or_not_whole_changes_nothing(tmp_path: Path) -> None:
    publish_whole(tmp_path, "b1", rows=3)
    publish_whole(tmp_path, "b2")
    with pytest.raises(SourceError, match=r"has no build \.\./b1\. It has: b2 \(current\), b1\."):
        roll_back(tmp_path, "../b1")
    with pytest.raises(SourceError, match=r"Build b1 is not whole: plays is missing\."):
        roll_back(tmp_path, "b1")
    assert current(tmp_path) == "b2"


def test_a_folder_without_builds_is_told_and_left_alone(tmp_path: Path) -> None:
    for attempt in (lambda: roll_back(tmp_path, "b1"), lambda: prune(tmp_path), lambda: list_builds(tmp_path)):
        with pytest.raises(SourceError, match="holds no build"):
            attempt()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_rolled_back_or_removed_while_a_build_is_under_way(tmp_path: Path) -> None:
    publish_whole(tmp_path, "b1", "b2")
    with building(tmp_path, "b3") as folder:
        (folder / MANIFEST).write_text("{}")
        with pytest.raises(SourceError, match="under way"):
            roll_back(tmp_path, "b1")
        with pytest.raises(SourceError, match="under way"):
            prune(tmp_path, keep=1)
    assert builds(tmp_path) == ["b1", "b2", "b3"]


def test_pruning_keeps_the_current_build_however_old(tmp_path: Path) -> None:
    publish_whole(tmp_path, "b1", "b2", "b3")
    roll_back(tmp_path, "b1")
    assert prune(tmp_path, keep=2) == ["b2"]
    assert prune(tmp_path, keep=1) == ["b3"]
    assert builds(tmp_path) == [current(tmp_path)] == ["b1"]


def test_nothing_is_pruned_when_no_build_is_current(tmp_path: Path) -> None:
    publish_whole(tmp_path, "b1", "b2")
    (tmp_path / "current").write_text("b0\n")
    with pytest.raises(SourceError, match="has no current build, so nothing was removed"):
        prune(tmp_path, keep=1)
    assert builds(tmp_path) == ["b1", "b2"]


def test_a_roll_back_killed_before_its_last_step_changes_nothing(tmp_path: Path) -> None:
    publish_whole(tmp_path, "b1", "b2")
    script = f"""
import os, pathlib, signal
from pipeline.publish import roll_back
def die(*arguments, **named): os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.replace = die
roll_back(pathlib.Path({str(tmp_path)!r}), "b1")
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert current(tmp_path) == "b2"
    roll_back(tmp_path, "b1")
    assert current(tmp_path) == "b1"


def test_what_reads_the_warehouse_takes_a_roll_back_up_without_restarting(tmp_path: Path) -> None:
    source = written(tmp_path / "source", days_of_plays(1))
    first, second = (build_warehouse(source, tmp_path / "w").manifest.build_id for _ in range(2))
    open_warehouse = Warehouse(tmp_path / "w")
    assert open_warehouse.current().id == second
    roll_back(tmp_path / "w", first)
    assert open_warehouse.current().id == first
    assert open_warehouse.build(second).id == second, "pages opened before keep theirs"
    prune(tmp_path / "w", keep=1)
    with pytest.raises(WarehouseError, match="Reload"):
        open_warehouse.build(second)
