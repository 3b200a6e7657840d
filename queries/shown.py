"""Which build answers for an address: the one that the page was opened on, or that of its segment's accounts alone."""

from definitions.manifest import PARTS_OF_BUILD_ID
from definitions.segments import Segment, find_segment
from queries.db import Build, served_warehouse
from queries.filters import segment_in


def shown_build(search: str, build_id: str) -> Build:
    """Return the build to ask for a query string, on a page that was opened on the build of this id.

    The id may be that of a segment's build already, as in the addresses of exports. Raises WarehouseError where the
    build has been pruned, SegmentError where there is no such segment, SegmentNotReadyError where it is not prepared.
    """
    segment_id = segment_in(search)
    if segment_id is None:
        return served_warehouse().build(build_id)
    return served_warehouse().shown(whole_build_id(build_id), segment_id)


def segment_of(build: Build) -> Segment | None:
    """Return the segment whose accounts alone a build is of; None for that of all."""
    own = build.id.removeprefix(whole_build_id(build.id)).removeprefix("-")
    return find_segment(served_warehouse().folder, own)


def whole_build_id(build_id: str) -> str:
    """Return the id of the build of all accounts that a build is, or was made of."""
    return "-".join(build_id.split("-")[:PARTS_OF_BUILD_ID])
