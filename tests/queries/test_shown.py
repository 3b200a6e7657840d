"""A segment in the address chooses the build that is asked."""

from types import SimpleNamespace
from typing import Any

import pytest

import queries.shown
from queries.shown import shown_build, whole_build_id

WHOLE = "20260301-120000-000001"


@pytest.mark.parametrize(
    ("search", "build_id", "asked"),
    [
        ("?device=tv", WHOLE, WHOLE),
        ("?device=tv&segment=abcd2345", WHOLE, f"{WHOLE} of abcd2345"),
        # An export names the segment's own build beside the segment.
        ("segment=abcd2345", f"{WHOLE}-abcd2345", f"{WHOLE} of abcd2345"),
        # Of another segment in the same address, the filter holds.
        ("segment=wxyz6789", f"{WHOLE}-abcd2345", f"{WHOLE} of wxyz6789"),
        ("", f"{WHOLE}-abcd2345", f"{WHOLE}-abcd2345"),
        # What is no id is told by the filters; nobody is asked of it.
        ("segment=..", WHOLE, WHOLE),
    ],
)
def test_the_segments_own_build_is_asked(
    search: str, build_id: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = SimpleNamespace(
        build=lambda build_id: build_id, shown=lambda build_id, segment: f"{build_id} of {segment}"
    )
    monkeypatch.setattr(queries.shown, "served_warehouse", lambda: warehouse)
    answering: Any = shown_build(search, build_id)
    assert answering == asked


def test_a_segments_build_is_of_a_whole_one() -> None:
    assert whole_build_id(f"{WHOLE}-abcd2345") == whole_build_id(WHOLE) == WHOLE
