"""A source: the folder of Parquet tables that importers write and the build reads.

Layout: ``SOURCE/<table>.parquet``, or ``SOURCE/<table>/day=YYYY-MM-DD/*.parquet`` for a table with ``day_of``.
Files that others wrote are read wherever they lie under ``SOURCE/<table>/``.
"""

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.validate import literal

JOURNAL = ".commit.json"
LOCK = ".lock"
STAGING_PREFIX = ".staging-"
REJECTED = "rejected"

_DAY_FOLDER = re.compile(r"day=(\d{4}-\d{2}-\d{2})")


def connect() -> duckdb.DuckDBPyConnection:
    """Return a new in-memory DuckDB connection whose clock is UTC and which fetches nothing from the network."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute(f"set temp_directory = {literal(str(Path(tempfile.gettempdir(), f'marquee-{os.getpid()}')))}")
    return connection


def table_files(source: Path, table: str) -> list[Path]:
    """Return the Parquet files of ``table``, sorted; empty when the source has none."""
    single = source / f"{table}.parquet"
    nested = sorted(path for path in (source / table).rglob("*.parquet") if not _hidden(path, source))
    return [single, *nested] if single.is_file() else nested


def present_tables(source: Path) -> list[str]:
    """Return the names of the contract's tables that have files in ``source``, in the contract's order."""
    return [name for name in CONTRACT if table_files(source, name)]


def unknown_entries(source: Path) -> list[str]:
    """Return the names of files and folders directly in ``source`` that belong to no table of the contract."""
    known = {REJECTED, *CONTRACT, *(f"{name}.parquet" for name in CONTRACT)}
    return sorted(
        entry.name for entry in source.iterdir() if not entry.name.startswith(".") and entry.name not in known
    )


def day_of_path(path: Path) -> str | None:
    """Return the day, YYYY-MM-DD, of the ``day=`` folder that holds ``path``; None when there is none."""
    matches = (_DAY_FOLDER.fullmatch(part) for part in reversed(path.parts))
    return next((match[1] for match in matches if match), None)


def scan_sql(files: Sequence[Path]) -> str:
    """Return an SQL relation that reads ``files``, at least one, with folder names such as ``day=…`` as columns."""
    partitioned = [file for file in files if "=" in str(file.parent)]
    plain = [file for file in files if "=" not in str(file.parent)]
    scans = [_scan(group, hive) for group, hive in ((partitioned, True), (plain, False)) if group]
    return scans[0] if len(scans) == 1 else f"({' union all by name '.join(f'select * from {scan}' for scan in scans)})"


def _scan(files: Sequence[Path], hive: bool) -> str:
    names = ", ".join(literal(str(file)) for file in files)
    return (
        f"read_parquet([{names}], union_by_name = true, hive_partitioning = {str(hive).lower()}, "
        "hive_types_autocast = false)"
    )


def recover(source: Path) -> None:
    """Finish an update that was interrupted after its journal was written; does nothing without a journal.

    Raises SourceError when there is a journal but the folder cannot be written.
    """
    if not (source / JOURNAL).exists():
        return
    try:
        with _locked(source, wait=True):
            _roll_forward(source)
    except OSError as error:
        raise SourceError(
            f"{source}: an import was interrupted while it replaced files, and the folder cannot be written to finish "
            f"it ({error.strerror}). Run this once as a user who may write there."
        ) from error


def require_free_space(folder: Path, needed_bytes: int) -> None:
    """Raise SourceError when the disk of ``folder`` has less than ``needed_bytes`` free."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free_bytes = shutil.disk_usage(existing).free
    if free_bytes < needed_bytes:
        raise SourceError(
            f"{folder}: this needs about {needed_bytes / 1e6:,.0f} MB of disk and {free_bytes / 1e6:,.0f} MB are free. "
            "Free some space, or choose a folder on another disk."
        )


@dataclass
class SourceUpdate:
    """Writes files of a source, all or none: nothing is seen until the ``with`` block ends without an exception.

    Raises SourceError on entry when another update holds the source, or the folder cannot be written.
    """

    source: Path
    _moves: dict[str, str] = field(default_factory=dict, init=False)
    _folders: dict[Path, Path] = field(default_factory=dict, init=False)
    _removals: list[str] = field(default_factory=list, init=False)

    def __enter__(self) -> Self:
        """Take the source's lock, finish or clean up what an interrupted update left, and begin."""
        try:
            self.source.mkdir(parents=True, exist_ok=True)
            with ExitStack() as held:
                held.enter_context(_locked(self.source, wait=False))
                _roll_forward(self.source)
                for leftover in self.source.glob(f"{STAGING_PREFIX}*"):
                    shutil.rmtree(leftover)
                self._staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=self.source))
                self._held = held.pop_all()
        except OSError as error:
            raise SourceError(f"{self.source}: the source folder cannot be written ({error.strerror}).") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Publish what was staged, or throw it away after an exception."""
        try:
            if kind is None and (self._moves or self._folders or self._removals):
                self._commit()
        finally:
            if not (self.source / JOURNAL).exists():
                shutil.rmtree(self._staging, ignore_errors=True)
            self._held.close()

    def stage(self, path: Path) -> Path:
        """Return where to write the file that becomes ``path`` (relative to the source) when the block ends."""
        staged = f"{len(self._moves)}.parquet"
        self._moves[staged] = path.as_posix()
        return self._staging / staged

    def stage_folder(self, path: Path) -> Path:
        """Return a folder, made empty, whose files come to lie under ``path`` (relative) when the block ends."""
        folder = self._staging / f"folder-{len(self._folders)}"
        folder.mkdir()
        self._folders[folder] = path
        return folder

    def remove(self, path: Path) -> None:
        """Remove the file at ``path`` (relative to the source) when the block ends, unless it is also staged."""
        self._removals.append(path.as_posix())

    def _commit(self) -> None:
        for folder, path in self._folders.items():
            for file in sorted(file for file in folder.rglob("*") if file.is_file()):
                staged = file.relative_to(self._staging).as_posix()
                self._moves[staged] = (path / file.relative_to(folder)).as_posix()
        for staged in self._moves:
            _fsync(self._staging / staged)
        for folder in self._staging.rglob("*/"):
            _fsync(folder)
        removals = [path for path in self._removals if path not in self._moves.values()]
        journal = self._staging / "journal"
        journal.write_text(json.dumps({"staging": self._staging.name, "moves": self._moves, "removals": removals}))
        _fsync(journal)
        _fsync(self._staging)
        os.replace(journal, self.source / JOURNAL)
        _fsync(self.source)
        _roll_forward(self.source)


def _roll_forward(source: Path) -> None:
    """Carry out the journal, if there is one; every step may already have been done."""
    journal = source / JOURNAL
    if not journal.exists():
        return
    plan = json.loads(journal.read_text())
    staging = source / plan["staging"]
    folders = {source}
    for staged, path in plan["moves"].items():
        target = source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        folders |= _folders_of(target, source)
        if (staging / staged).exists():
            os.replace(staging / staged, target)
    for path in plan["removals"]:
        (source / path).unlink(missing_ok=True)
        folders |= _folders_of(source / path, source)
    for folder in folders:
        if folder.exists():
            _fsync(folder)
    journal.unlink()
    _fsync(source)
    shutil.rmtree(staging, ignore_errors=True)
    for folder in sorted(folders - {source}, reverse=True):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()


def _folders_of(file: Path, source: Path) -> set[Path]:
    """Return the folders that hold ``file``, up to the source."""
    return {folder for folder in file.parents if folder.is_relative_to(source)}


@contextmanager
def _locked(source: Path, *, wait: bool) -> Iterator[None]:
    with (source / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceError(
                f"{source}: another import is writing this source. Wait until it has ended, then try again."
            ) from None
        yield


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hidden(path: Path, source: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(source).parts)
