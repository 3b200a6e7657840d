"""What the server has a process do to prepare a segment, and what is left of that: files in the warehouse."""

import fcntl
import os
from pathlib import Path

from definitions.manifest import BUILD_LOCK_FILE, SEGMENTS_FOLDER
from definitions.segments import segment_folder

# Held while the process is at work; it holds the id of the segment.
LOCK_FILE = ".preparing.lock"
ENDED_FROM_OUTSIDE = "The work was ended from outside, perhaps because memory ran out."
_BEFORE_SENTENCE = "marquee: "


def lock_file(warehouse: Path) -> Path:
    """Return the file that is locked while a segment is prepared: one at a time."""
    return warehouse / SEGMENTS_FOLDER / LOCK_FILE


def words_file(warehouse: Path, build_id: str, segment_id: str) -> Path:
    """Return the file with the words of the process that prepares a segment for a build; gone once it has."""
    return segment_folder(warehouse, segment_id) / f"preparing-{build_id}.txt"


def is_being_prepared(warehouse: Path, segment_id: str) -> bool:
    """Tell whether a segment is being prepared, by the server's process or by a build."""
    if _is_locked(lock_file(warehouse)):
        return lock_file(warehouse).read_text(encoding="utf-8") == segment_id
    return _is_locked(segment_folder(warehouse, segment_id) / BUILD_LOCK_FILE)


def _is_locked(file: Path) -> bool:
    try:
        with file.open("rb") as lock:
            # Shared, so that those who only look do not keep each other from looking.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def preparation_problem(warehouse: Path, build_id: str, segment_id: str) -> str | None:
    """Return the last sentence of a preparation that has failed; None while it goes on or has not begun."""
    if is_being_prepared(warehouse, segment_id):
        return None
    try:
        words = words_file(warehouse, build_id, segment_id).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(_BEFORE_SENTENCE)]
    return told[-1].removeprefix(_BEFORE_SENTENCE) if told else ENDED_FROM_OUTSIDE


def can_be_saved(warehouse: Path) -> bool:
    """Tell whether this process may save segments in a warehouse, all else of which it need not be able to write."""
    folder = warehouse / SEGMENTS_FOLDER
    return os.access(folder if folder.is_dir() else warehouse, os.W_OK)


def can_be_prepared(warehouse: Path, segment_id: str) -> bool:
    """Tell whether this process may write a segment's builds."""
    return can_be_saved(warehouse) and os.access(segment_folder(warehouse, segment_id), os.W_OK)
