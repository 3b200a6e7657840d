"""Segments: saved sets of accounts. What is kept of each, and where its builds lie in a warehouse."""

import json
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from definitions.manifest import BUILDS_FOLDER, MANIFEST_FILE, SEGMENTS_FOLDER

SEGMENT_FILE = "segment.json"
ACCOUNTS_FILE = "accounts.parquet"
MAX_NAME_CHARACTERS = 60
_SEGMENT_ID = re.compile(r"[a-z0-9]{8}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One saved set of accounts.

    ``search`` is the query string of the rows that its accounts were found by: those of a table (``table=…``) or of a
    query (``query=…``). Where it ``follows``, they are found anew for every build; else they stay as they were when it
    was saved. ``saved_at`` is a moment, ISO 8601 in UTC.
    """

    id: str
    name: str
    saved_at: str
    search: str
    follows: bool

    def write(self, warehouse: Path) -> None:
        """Write it into the warehouse, in one step; its folder is there."""
        file = segment_folder(warehouse, self.id) / SEGMENT_FILE
        unfinished = file.with_suffix(".part")
        unfinished.write_text(json.dumps(asdict(self), indent=1, sort_keys=True), encoding="utf-8")
        unfinished.replace(file)


def is_segment_id(text: str) -> bool:
    """Tell whether a text can be a segment's id: eight small letters and digits."""
    return _SEGMENT_ID.fullmatch(text) is not None


def segment_folder(warehouse: Path, segment_id: str) -> Path:
    """Return the folder of a segment, which is a warehouse of its own builds; raises ValueError for what is no id."""
    if not is_segment_id(segment_id):
        raise ValueError(f"no segment's id: {segment_id!r}")
    return warehouse / SEGMENTS_FOLDER / segment_id


def find_segment(warehouse: Path, segment_id: str) -> Segment | None:
    """Return a segment; None where there is none of this id."""
    if not is_segment_id(segment_id):
        return None
    try:
        fields = json.loads((segment_folder(warehouse, segment_id) / SEGMENT_FILE).read_text(encoding="utf-8"))
        return Segment(**fields)
    except (OSError, ValueError, TypeError):
        return None


def saved_segments(warehouse: Path) -> list[Segment]:
    """Return all segments of a warehouse, by name."""
    names = (path.parent.name for path in (warehouse / SEGMENTS_FOLDER).glob(f"*/{SEGMENT_FILE}"))
    found = (find_segment(warehouse, name) for name in names)
    return sorted(filter(None, found), key=lambda segment: (segment.name.casefold(), segment.id))


def segment_build_id(build_id: str, segment_id: str) -> str:
    """Return the id of the build of a segment's accounts alone, of a build of all."""
    return f"{build_id}-{segment_id}"


def delete_segment(warehouse: Path, segment_id: str) -> bool:
    """Remove a segment with its builds; tell whether there was one."""
    if find_segment(warehouse, segment_id) is None:
        return False
    folder = segment_folder(warehouse, segment_id)
    # Without this it is gone, whatever becomes of the rest.
    (folder / SEGMENT_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    return True


def prune_segment_builds(warehouse: Path, segment_id: str) -> None:
    """Remove a segment's builds whose build of all accounts is there no more."""
    wholes = {path.parent.name for path in (warehouse / BUILDS_FOLDER).glob(f"*/{MANIFEST_FILE}")}
    for folder in (segment_folder(warehouse, segment_id) / BUILDS_FOLDER).glob(f"*-{segment_id}"):
        if not folder.name.startswith(".") and folder.name.removesuffix(f"-{segment_id}") not in wholes:
            shutil.rmtree(folder, ignore_errors=True)
