"""Puts a finished build in the place of the one before, in one step that cannot be half done."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from definitions.manifest import BUILDS_FOLDER, MANIFEST_FILE, POINTER_FILE, build_folder
from pipeline.errors import SourceError

KEPT_BUILDS = 3
UNFINISHED_PREFIX = ".building-"
LOCK_FILE = ".build.lock"


def new_build_id() -> str:
    """Return an id that sorts by time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


@contextmanager
def building(warehouse: Path, build_id: str) -> Iterator[Path]:
    """Lend an empty folder to build in, and publish it when the block ends without an exception.

    Holds the warehouse's lock, removes what a killed build left, and prunes old builds. Raises SourceError when another
    build is under way or the warehouse cannot be written.
    """
    try:
        (warehouse / BUILDS_FOLDER).mkdir(parents=True, exist_ok=True)
        lock = (warehouse / LOCK_FILE).open("w")
    except OSError as error:
        raise SourceError(f"{warehouse} cannot be written: {error.strerror}. Choose another --warehouse.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SourceError(f"Another build of {warehouse} is under way. Wait for it to end.") from error
        for leftover in (warehouse / BUILDS_FOLDER).glob(f"{UNFINISHED_PREFIX}*"):
            shutil.rmtree(leftover)
        folder = warehouse / BUILDS_FOLDER / f"{UNFINISHED_PREFIX}{build_id}"
        folder.mkdir()
        try:
            yield folder
            _publish(warehouse, folder, build_id)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _prune(warehouse, current=build_id)


def _publish(warehouse: Path, folder: Path, build_id: str) -> None:
    for path in (*sorted(folder.rglob("*"), reverse=True), folder):
        _fsync(path)
    folder.rename(build_folder(warehouse, build_id))
    _fsync(warehouse / BUILDS_FOLDER)
    pointer = warehouse / f".{POINTER_FILE}-{build_id}"
    pointer.write_text(f"{build_id}\n", encoding="utf-8")
    _fsync(pointer)
    pointer.replace(warehouse / POINTER_FILE)
    _fsync(warehouse)


def _prune(warehouse: Path, current: str) -> None:
    """Keep the current build and the newest of the others."""
    builds = sorted(path for path in (warehouse / BUILDS_FOLDER).iterdir() if (path / MANIFEST_FILE).is_file())
    older = [path for path in builds if path.name != current]
    for path in older[: max(0, len(older) - (KEPT_BUILDS - 1))]:
        # Out of its name first, so that a kill half-way leaves no build with missing tables.
        shutil.rmtree(path.rename(path.with_name(f"{UNFINISHED_PREFIX}{path.name}")))


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
