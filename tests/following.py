"""Follows how far profiles get with titles, play by play, in plain Python.

A row is a play as in the source, with its title's row as "title".
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Row = dict[str, Any]


def coverages(plays: Iterable[Row]) -> Iterator[tuple[Row, int | None]]:
    """Return the plays of one profile and title, each with the time covered by then."""
    distinct: list[int | None] = []
    furthest: list[int | None] = []
    for row in plays:
        distinct.append(row.get("distinct_ms"))
        furthest.append(row.get("furthest_position_ms"))
        told = [ms for ms in distinct if ms is not None]
        yield (
            row,
            sum(told) if len(told) == len(distinct) else max((ms for ms in furthest if ms is not None), default=None),
        )


def reached(plays: Iterable[Row], share_percent: int) -> list[Row]:
    """Return the plays of one profile and title by which it had covered such a share."""
    return [
        row
        for row, covered_ms in coverages(plays)
        if row["title"].get("runtime_ms")
        and covered_ms is not None
        and covered_ms * 100 >= share_percent * row["title"]["runtime_ms"]
    ]


def by_profile(plays: Iterable[Row]) -> dict[tuple[str, str | None, str], list[Row]]:
    """Return the plays of each profile and title, in the order given."""
    found: dict[tuple[str, str | None, str], list[Row]] = defaultdict(list)
    for row in plays:
        found[row["account_id"], row.get("profile_id"), row["title_id"]].append(row)
    return found
