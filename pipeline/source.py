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
from pipeline.validate import literal, quoted

JOURNAL = ".commit.json"
LOCK = ".lock"
STAGING_PREFIX = ".staging-"
REJECTED = "rejected"

_FILE = "marquee_file"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLAIN_STAGING = re.compile(re.escape(STAGING_PREFIX) + r"\w+")


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
    found = [path for folder in (single, source / table) for path in folder.rglob("*.parquet")]
    nested = sorted(path for path in found if path.is_file() and not _hidden(path, source))
    return [single, *nested] if single.is_file() else nested


def refused_by_imports(source: Path, table: str) -> Path:
    """Return the file of the rows meant for ``table`` that imports refused; there is none when all were kept."""
    return source / REJECTED / f"{table}-import.parquet"


def present_tables(source: Path) -> list[str]:
    """Return the names of the contract's tables that have files in ``source``, in the contract's order."""
    return [name for name in CONTRACT if table_files(source, name)]


def unknown_entries(source: Path) -> list[str]:
    """Return what ``source`` holds that is not read: entries of no table, and files of tables that are not Parquet."""
    known = {REJECTED, *CONTRACT, *(f"{name}.parquet" for name in CONTRACT)}
    unknown = [entry.name for entry in source.iterdir() if not entry.name.startswith(".") and entry.name not in known]
    for name in sorted(known - {REJECTED}):
        # Spark leaves empty marks such as _SUCCESS beside its files.
        unknown += [
            file.relative_to(source).as_posix()
            for file in (source / name).rglob("*")
            if file.suffix != ".parquet" and not _hidden(file, source) and file.is_file() and file.name[0] != "_"
        ]
    return sorted(unknown)


def day_of_path(path: Path) -> str | None:
    """Return the day, YYYY-MM-DD, of the ``day=`` folder that holds ``path``; None when there is none."""
    day = _partitions(path).get("day", "")
    return day if _DAY.fullmatch(day) else None


def scan_sql(files: Sequence[Path]) -> str:
    """Return an SQL relation that reads ``files``, at least one, with folder names such as ``day=…`` as columns."""
    groups: dict[tuple[str, ...], list[Path]] = {}
    for file in files:
        groups.setdefault(tuple(_partitions(file)), []).append(file)
    scans = [_scan(group, names) for names, group in groups.items()]
    return scans[0] if len(scans) == 1 else f"({' union all by name '.join(f'select * from {scan}' for scan in scans)})"


def _partitions(file: Path) -> dict[str, str]:
    """Return name and value of the folders such as ``day=…`` between the table's folder and ``file``."""
    values: dict[str, str] = {}
    for part in reversed(file.parts):
        if part.removesuffix(".parquet") in CONTRACT:
            return values
        name, equals, value = part.partition("=")
        if equals and part != file.name:
            values.setdefault(name, value)
    return {}


def _scan(files: Sequence[Path], folders: Sequence[str]) -> str:
    # Not DuckDB's hive_partitioning: it would also take the names of folders above the source for columns.
    paths = ", ".join(literal(str(file)) for file in files)
    read = f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false"
    if not folders:
        return f"{read})"
    values = [
        f"nullif(url_decode(regexp_extract({_FILE}, {literal(f'.*/{re.escape(name)}=([^/]*)/')}, 1)), "
        f"'__HIVE_DEFAULT_PARTITION__') as {quoted(name)}"
        for name in folders
    ]
    hidden = ", ".join(map(literal, (_FILE, *folders)))
    own = f"columns(lambda name: name not in ({hidden}))"
    return f"(select {own}, {', '.join(values)} from {read}, filename = {literal(_FILE)}))"


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


@contextmanager
def reading(source: Path) -> Iterator[None]:
    """Keep updates of ``source`` waiting or refused while the block reads it; finishes an interrupted one first."""
    recover(source)
    try:
        lock = (source / LOCK).open("r")
    except OSError:  # nothing was ever imported here, or the folder is not ours to lock
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


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


@dataclass(frozen=True, slots=True)
class _Journal:
    """What an update has yet to do: files to move from the folder ``staging`` to their paths, and files to remove."""

    staging: str
    moves: dict[str, str]
    removals: list[str]


def _read_journal(source: Path) -> _Journal:
    """Read the journal; raises SourceError when it is not one that an update of this source wrote."""
    try:
        return _checked_journal(source, json.loads((source / JOURNAL).read_text(encoding="utf-8")))
    except ValueError as error:
        raise SourceError(
            f"{source / JOURNAL}: this is not the note of an interrupted import of this source ({error}), so nothing "
            "was changed. Remove that file and import again."
        ) from None


def _checked_journal(source: Path, found: object) -> _Journal:
    match found:
        case {"staging": str(staging), "moves": dict(moves), "removals": list(removals)}:
            plan = _Journal(staging, moves, removals)
        case _:
            raise ValueError("unknown form")
    if not _PLAIN_STAGING.fullmatch(plan.staging) or (source / plan.staging).is_symlink():
        raise ValueError(f"staging folder {plan.staging!r}")
    folder = source / plan.staging
    for staged, path in plan.moves.items():
        _require_inside(folder, staged)
        _require_inside(source, path)
        if not (folder / staged).is_file() and not (source / path).is_file():
            raise ValueError(f"{path} is missing")
    for path in plan.removals:
        _require_inside(source, path)
    return plan


def _require_inside(folder: Path, path: object) -> None:
    """Raise ValueError unless ``path`` is a relative path, without ``..``, to something really inside ``folder``."""
    if not isinstance(path, str) or not path or Path(path).is_absolute() or ".." in Path(path).parts:
        raise ValueError(f"path {path!r}")
    root = folder.resolve()
    target = (folder / path).resolve()
    if target == root or not target.is_relative_to(root):
        raise ValueError(f"path {path!r}")


def _roll_forward(source: Path) -> None:
    """Carry out the journal, if there is one; every step may already have been done."""
    journal = source / JOURNAL
    if not journal.exists():
        return
    plan = _read_journal(source)
    staging = source / plan.staging
    folders = {source}
    for staged, path in plan.moves.items():
        target = source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        folders |= _folders_of(target, source)
        if (staging / staged).exists():
            os.replace(staging / staged, target)
    for path in plan.removals:
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
                f"{source}: another import is writing this source, or a build is reading it. Wait until it has "
                "ended, then try again."
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
