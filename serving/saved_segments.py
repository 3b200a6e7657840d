"""What is done with segments, by the pages and by the command line: saving, listing, and what is left to prepare."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from definitions.errors import UserError
from definitions.manifest import served_folder
from definitions.segments import (
    ACCOUNTS_FILE,
    MAX_NAME_CHARACTERS,
    Segment,
    find_segment,
    prune_segment_builds,
    saved_segments,
    segment_build_id,
    segment_folder,
)
from queries.db import SegmentError, SegmentNotReadyError, Warehouse
from queries.filters import segment_in
from queries.run import min_accounts
from queries.segments import find_accounts

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ID_CHARACTERS = 8


class NotSavedError(UserError):
    """A segment cannot be saved; the message says why."""


@dataclass(frozen=True, slots=True)
class ListedSegment:
    """A segment, and how many accounts it has in the current build; None while it has no build of those data."""

    segment: Segment
    accounts: int | None


@dataclass(frozen=True, slots=True)
class ToPrepare:
    """A segment that lacks a build of ``build_id``; ``accounts`` is a Parquet file of its accounts."""

    segment: Segment
    build_id: str
    accounts: Path


def listed_segments(warehouse: Warehouse) -> list[ListedSegment]:
    """Return the segments of a warehouse by name; raises WarehouseError when it has no build."""
    build_id = warehouse.current().id
    listed = []
    for segment in saved_segments(warehouse.folder):
        try:
            rows = warehouse.shown(build_id, segment.id).manifest.rows
        except (SegmentError, SegmentNotReadyError):
            rows = {}
        listed.append(ListedSegment(segment, rows.get("accounts")))
    return listed


def save(warehouse: Warehouse, name: str, search: str, *, follows: bool) -> Segment:
    """Save the accounts that the rows of ``search`` name now as a segment, or what they are found by (``follows``).

    Raises NotSavedError for a name that will not do and for rows that name nobody, and what finding them raises.
    """
    name = " ".join(name.split())
    fewest = min_accounts()
    if fewest is not None:
        raise NotSavedError(f"This deployment shows nothing of fewer than {fewest} accounts, so none are saved.")
    if not name or len(name) > MAX_NAME_CHARACTERS:
        raise NotSavedError(f"A segment has a name of 1 to {MAX_NAME_CHARACTERS} characters; this has {len(name)}.")
    if name.casefold() in (other.name.casefold() for other in saved_segments(warehouse.folder)):
        raise NotSavedError("There is a segment of this name already. Choose another name, or delete that one.")
    build = warehouse.shown(warehouse.current().id, segment_in(search))
    accounts = find_accounts(search, build)
    if not accounts.num_rows:
        raise NotSavedError("These rows name no account, so there is nothing to save.")
    segment_id = "".join(secrets.choice(ALPHABET) for _ in range(ID_CHARACTERS))
    segment = Segment(segment_id, name, datetime.now(UTC).isoformat(timespec="seconds"), search, follows)
    folder = segment_folder(warehouse.folder, segment_id)
    try:
        folder.mkdir(parents=True)
        if not follows:
            pq.write_table(accounts, folder / ACCOUNTS_FILE)
        segment.write(warehouse.folder)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotSavedError(
            f"The segment cannot be saved, because the warehouse's folder cannot be written: {error.strerror or error}."
        ) from error
    return segment


@contextmanager
def to_prepare(warehouse: Warehouse, segment_id: str) -> Iterator[ToPrepare | None]:
    """Lend what a segment's build of the current data is made of; None where it is there already.

    Builds of data that are gone are removed. Raises SegmentError when there is no such segment, SegmentNotReadyError
    when it was saved from rows of another one that is not ready, and what finding its accounts raises.
    """
    segment = find_segment(warehouse.folder, segment_id)
    if segment is None:
        raise SegmentError(f"There is no segment {segment_id}. See marquee segments list.")
    prune_segment_builds(warehouse.folder, segment_id)
    build_id = warehouse.current().id
    if served_folder(warehouse.folder, segment_build_id(build_id, segment_id)).is_dir():
        yield None
        return
    folder = segment_folder(warehouse.folder, segment_id)
    if not segment.follows:
        yield ToPrepare(segment, build_id, folder / ACCOUNTS_FILE)
        return
    found = folder / f".{build_id}-{secrets.token_hex(4)}.parquet"
    try:
        pq.write_table(find_accounts(segment.search, warehouse.shown(build_id, segment_in(segment.search))), found)
        yield ToPrepare(segment, build_id, found)
    finally:
        found.unlink(missing_ok=True)


def in_order_of_need(warehouse: Path) -> list[Segment]:
    """Return all segments, those after others whose rows they were saved from: those saved earlier first."""
    return sorted(saved_segments(warehouse), key=lambda segment: segment.saved_at)
