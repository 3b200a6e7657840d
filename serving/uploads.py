"""Taking in files from a browser: safe names, no more than the disk holds, archives without tricks."""

import fcntl
import lzma
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from definitions.connecting import ARCHIVE, PARTIAL, is_data

CHUNK_BYTES = 1 << 20
# Of the free disk, for the import and the build that follow.
DISK_SHARE = 3
KEPT_FREE_BYTES = 200_000_000
MAX_RATIO = 200
MAX_MEMBERS = 10_000
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, OSError)
# Folders take names of 255 bytes.
NAME_MAX_BYTES = 200


class UploadError(Exception):
    """A file that is not taken; the message says why and what to do."""


def safe_name(name: str) -> str:
    """Return the last part of a file's path with nothing but plain characters; raises UploadError without one."""
    base = PurePosixPath(name.replace("\\", "/")).name
    plain = re.sub(r"[^\w .,()+@-]", "_", base).strip(" .")
    # The end is kept, for it says what the file is.
    kept = plain.encode()[-NAME_MAX_BYTES:].decode(errors="ignore").strip(" .")
    if not kept.strip("_"):
        raise UploadError("A file without a name cannot be taken.")
    return kept


def place_for(folder: Path, name: str) -> Path:
    """Return where to put a file called ``name``: beside others of that name in a folder of its own."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / str(number) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def room_bytes(folder: Path, limit_bytes: int | None) -> int:
    """Return how many more bytes of uploads may come into ``folder``: what import and build leave of the free disk.

    ``limit_bytes`` bounds all uploads of the folder together, those still arriving with all that they announced.
    """
    room = max(0, shutil.disk_usage(folder).free - KEPT_FREE_BYTES) // DISK_SHARE
    if limit_bytes is None:
        return room
    held = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return max(0, min(room, limit_bytes - held))


def receive(stream: IO[bytes], name: str, announced_bytes: int | None, folder: Path, limit_bytes: int | None) -> Path:
    """Write a stream as a file of ``folder`` and return it; raises UploadError for one that is not taken.

    A file that does not arrive whole leaves nothing behind.
    """
    name = safe_name(name)
    if not is_data(name) and not name.lower().endswith(ARCHIVE):
        raise UploadError(f"{name}: Marquee reads CSV, TSV, Parquet and JSON files, also with .gz, and .zip archives.")
    with _alone(folder):
        room = room_bytes(folder, limit_bytes)
        if announced_bytes is not None and announced_bytes > room:
            raise _too_large(name, announced_bytes, room)
        partial = _new_partial(folder)
        # Others that arrive at the same time see its whole size.
        os.truncate(partial, announced_bytes or 0)
    try:
        with partial.open("r+b") as file:
            taken = _copy(stream, file, name, room)
        if announced_bytes is not None and taken != announced_bytes:
            raise UploadError(f"{name} did not arrive whole. Choose it again.")
        return _keep(partial, folder, name)
    finally:
        partial.unlink(missing_ok=True)


def unpack(archive: Path, folder: Path, limit_bytes: int | None) -> int:
    """Unpack the data files of a zip archive into ``folder``, remove it, and return how many others were left out.

    Raises UploadError, with nothing unpacked kept, for an archive that is none, is locked, or blows up.
    """
    arrived: list[tuple[Path, str]] = []
    kept: list[Path] = []
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            wanted = list(_wanted(members))
            _require_harmless(archive, members, wanted)
            room = room_bytes(folder, limit_bytes)
            if (total := sum(member.file_size for member in wanted)) > room:
                raise _too_large(archive.name, total, room)
            for member in wanted:
                partial = _new_partial(folder)
                arrived.append((partial, safe_name(member.filename)))
                with opened.open(member) as packed, partial.open("wb") as file:
                    # What the archive says of its own sizes need not be true.
                    room -= _copy(packed, file, member.filename, min(room, member.file_size))
        kept.extend(_keep(partial, folder, name) for partial, name in arrived)
    except _BROKEN as error:
        _remove(kept)
        raise UploadError(f"{archive.name}: this archive cannot be unpacked ({error}). Unpack it yourself.") from error
    finally:
        _remove(partial for partial, _ in arrived)
    archive.unlink()
    return len(members) - len(wanted)


def _wanted(members: Iterable[zipfile.ZipInfo]) -> Iterable[zipfile.ZipInfo]:
    for member in members:
        parts = PurePosixPath(member.filename).parts
        # Macs put a second, hidden copy of each file into their archives.
        if is_data(member.filename) and "__MACOSX" not in parts and not parts[-1].startswith("."):
            yield member


def _require_harmless(archive: Path, members: list[zipfile.ZipInfo], wanted: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise UploadError(f"{archive.name} holds {len(members):,} files; at most {MAX_MEMBERS:,} are unpacked.")
    if not wanted:
        raise UploadError(f"{archive.name} holds no CSV, TSV, Parquet or JSON file.")
    for member in wanted:
        if member.flag_bits & 1:
            raise UploadError(f"{archive.name} is locked with a password. Unpack it yourself and choose its folder.")
        if member.file_size > MAX_RATIO * max(member.compress_size, CHUNK_BYTES):
            raise UploadError(
                f"{archive.name}: {safe_name(member.filename)} would grow to {member.file_size / 1e6:,.0f} MB, more "
                f"than {MAX_RATIO} times its size. If that is right, unpack it yourself and choose its folder."
            )


def _copy(stream: IO[bytes], file: IO[bytes], name: str, room: int) -> int:
    taken = 0
    while chunk := stream.read(CHUNK_BYTES):
        taken += len(chunk)
        if taken > room:
            raise _too_large(name, taken, room)
        file.write(chunk)
    return taken


def _too_large(name: str, needed_bytes: int, room: int) -> UploadError:
    return UploadError(
        f"{name} is too large: it has at least {needed_bytes / 1e6:,.1f} MB, and {room / 1e6:,.1f} MB can be taken, so "
        "that the import and the build still fit on the disk. Free some space, or import it with the command line."
    )


def _new_partial(folder: Path) -> Path:
    descriptor, path = tempfile.mkstemp(PARTIAL, dir=folder)
    os.close(descriptor)
    return Path(path)


def _keep(partial: Path, folder: Path, name: str) -> Path:
    """Give a file that has arrived its name."""
    with _alone(folder):
        return partial.replace(place_for(folder, name))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other uploads into ``folder`` from choosing names or counting room meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
