"""Finds the files of covers in a source: as they lie, or in a zipped folder."""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from definitions.artwork_tables import NO_FILE, OUTSIDE, TOO_LARGE, UNREADABLE

MAX_FILE_BYTES = 100_000_000
_ZIP = ".zip"
# What zipfile raises of a file that is no archive, is cut off, or is locked by a password.
_UNREADABLE = (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error)


class UnfoundCoverError(Exception):
    """A path of the source that leads to no file that can be read; the message is one of COVER_PROBLEMS."""


@dataclass(frozen=True, slots=True)
class CoverFile:
    """One file, known again by its size in bytes and when it was changed, in ns since 1970."""

    size_bytes: int
    changed_ns: int
    _read: Callable[[], bytes]

    def content(self) -> bytes:
        """Return its bytes; raises UnfoundCoverError where it cannot be read or is larger than 100 MB."""
        if self.size_bytes > MAX_FILE_BYTES:
            raise UnfoundCoverError(TOO_LARGE)
        try:
            return self._read()
        except _UNREADABLE as error:
            raise UnfoundCoverError(UNREADABLE) from error


@dataclass(frozen=True, slots=True)
class CoverFiles:
    """The files below ``folder``, by paths such as ``posters/a.jpg`` or, in a zipped folder, ``posters.zip/a.jpg``."""

    folder: Path
    _archives: dict[Path, zipfile.ZipFile] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, path: str) -> CoverFile:
        """Return the file that a path names; raises UnfoundCoverError."""
        try:
            root = self.folder.resolve()
            file = (root / path).resolve()
            archive = next((parent for parent in file.parents if parent.suffix.lower() == _ZIP), None)
            # Links are followed before it is told where the file is.
            if not file.is_relative_to(root):
                raise UnfoundCoverError(OUTSIDE)
            is_file, in_archive = file.is_file(), archive is not None and archive.is_file()
        except (OSError, ValueError, RuntimeError):  # a name that no disk has, or links in a circle
            raise UnfoundCoverError(NO_FILE) from None
        try:
            if is_file:
                told = file.stat()
                return CoverFile(told.st_size, told.st_mtime_ns, file.read_bytes)
            if archive is not None and in_archive:
                return self._in_archive(archive, file.relative_to(archive).as_posix())
        except _UNREADABLE as error:
            raise UnfoundCoverError(UNREADABLE) from error
        raise UnfoundCoverError(NO_FILE)

    def close(self) -> None:
        """Close the archives that were opened."""
        for archive in self._archives.values():
            archive.close()

    def _in_archive(self, file: Path, name: str) -> CoverFile:
        archive = self._archive(file)
        try:
            told = archive.getinfo(name)
        except KeyError:
            raise UnfoundCoverError(NO_FILE) from None
        # No more is unpacked than the archive says that the file has.
        return CoverFile(told.file_size, file.stat().st_mtime_ns, lambda: archive.read(told))

    def _archive(self, file: Path) -> zipfile.ZipFile:
        with self._lock:
            if file not in self._archives:
                self._archives[file] = zipfile.ZipFile(file)
            return self._archives[file]
