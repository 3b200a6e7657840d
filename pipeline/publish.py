"""Puts a finished build in the place of the one before, in one step that cannot be half done."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from definitions.manifest import (
    BUILD_LOCK_FILE,
    BUILDS_FOLDER,
    MANIFEST_FILE,
    POINTER_FILE,
    PublishedBuild,
    build_folder,
    published_builds,
)
from pipeline.errors import SourceError

KEPT_BUILDS = 3
UNFINISHED_PREFIX = ".building-"


def new_build_id() -> str:
    """Return an id that sorts by time; a warehouse's builds are made one after another, so no two get the same."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond:06d}"


@contextmanager
def building(warehouse: Path, build_id: str) -> Iterator[Path]:
    """Lend an empty folder to build in, and publish it when the block ends without an exception.

    Holds the warehouse's lock, removes what a killed build left, and prunes old builds. Raises SourceError when another
    build is under way or the warehouse cannot be written.
    """
    try:
        (warehouse / BUILDS_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"{warehouse} cannot be written: {error.strerror}. Choose another --warehouse.") from error
    with _locked(warehouse):
        for leftover in (warehouse / BUILDS_FOLDER).glob(f"{UNFINISHED_PREFIX}*"):
            shutil.rmtree(leftover)
        folder = warehouse / BUILDS_FOLDER / f"{UNFINISHED_PREFIX}{build_id}"
        folder.mkdir()
        try:
            yield folder
            _publish(warehouse, folder, build_id)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _prune(warehouse, current=build_id, keep=KEPT_BUILDS)


def list_builds(warehouse: Path) -> list[PublishedBuild]:
    """Return the builds of a warehouse, the newest first; raises SourceError when there are none."""
    builds = published_builds(warehouse)
    if not builds:
        raise SourceError(f"{warehouse} holds no build. Make one: marquee build --source DIR --warehouse {warehouse}")
    return builds


def roll_back(warehouse: Path, build_id: str) -> PublishedBuild:
    """Make a build that is still there the current one, and return it.

    Raises SourceError when there is no such build or it is not whole, when a build is under way, or when the warehouse
    cannot be written.
    """
    list_builds(warehouse)
    with _locked(warehouse):
        builds = list_builds(warehouse)
        build = next((build for build in builds if build.folder.name == build_id), None)
        if build is None:
            raise SourceError(f"{warehouse} has no build {build_id}. It has: {_names(builds)}.")
        missing = _missing_tables(build)
        if missing:
            raise SourceError(
                f"Build {build_id} is not whole: {', '.join(missing)} is missing. Choose another of: {_names(builds)}."
            )
        _point_to(warehouse, build_id)
    return build


def prune(warehouse: Path, keep: int = KEPT_BUILDS) -> list[str]:
    """Remove all builds but the current one and the newest others, ``keep`` in all; return the ids of those removed.

    Raises SourceError when there is no build, a build is under way, or the warehouse cannot be written.
    """
    list_builds(warehouse)
    with _locked(warehouse):
        current = next((build.folder.name for build in list_builds(warehouse) if build.is_current), None)
        if current is None:
            raise SourceError(f"{warehouse} has no current build, so nothing was removed. See marquee builds rollback.")
        return _prune(warehouse, current=current, keep=keep)


@contextmanager
def _locked(warehouse: Path) -> Iterator[None]:
    """Keep other builds, roll-backs and removals out; raises SourceError when one is under way."""
    try:
        lock = (warehouse / BUILD_LOCK_FILE).open("w")
    except OSError as error:
        raise SourceError(f"{warehouse} cannot be written: {error.strerror}. Choose another --warehouse.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SourceError(f"Another build of {warehouse} is under way. Wait for it to end.") from error
        yield


def _names(builds: list[PublishedBuild]) -> str:
    return ", ".join(build.folder.name + (" (current)" if build.is_current else "") for build in builds)


def _missing_tables(build: PublishedBuild) -> list[str]:
    """Return the tables that have rows by the manifest and no file."""
    return [
        name
        for name, rows in build.manifest.rows.items()
        if rows and not [*build.folder.glob(f"{name}.parquet"), *(build.folder / name).glob("*/*.parquet")]
    ]


def _publish(warehouse: Path, folder: Path, build_id: str) -> None:
    # The disk writes many at once faster than one after another.
    with ThreadPoolExecutor() as pool:
        list(pool.map(_fsync, folder.rglob("*")))
    _fsync(folder)
    folder.rename(build_folder(warehouse, build_id))
    _fsync(warehouse / BUILDS_FOLDER)
    _point_to(warehouse, build_id)


def _point_to(warehouse: Path, build_id: str) -> None:
    pointer = warehouse / f".{POINTER_FILE}-{build_id}"
    pointer.write_text(f"{build_id}\n", encoding="utf-8")
    _fsync(pointer)
    pointer.replace(warehouse / POINTER_FILE)
    _fsync(warehouse)


def _prune(warehouse: Path, current: str, keep: int) -> list[str]:
    """Keep the current build and the newest of the others, ``keep`` in all; return the ids of those removed."""
    builds = sorted(path for path in (warehouse / BUILDS_FOLDER).iterdir() if (path / MANIFEST_FILE).is_file())
    older = [path for path in builds if path.name != current]
    removed = older[: max(0, len(older) - (keep - 1))]
    for path in removed:
        # Out of its name first, so that a kill half-way leaves no build with missing tables.
        shutil.rmtree(path.rename(path.with_name(f"{UNFINISHED_PREFIX}{path.name}")))
    return [path.name for path in removed]


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
