"""A build is published whole or not at all."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.publish import KEPT_BUILDS, building

MANIFEST = "manifest.json"


def publish(warehouse: Path, build_id: str) -> None:
    with building(warehouse, build_id) as folder:
        (folder / MANIFEST).write_text("{}")


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
