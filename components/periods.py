"""Series of periods: which are drawn solid, which dashed, and where a gap falls."""

from collections.abc import Sequence


def beside_incomplete(complete: Sequence[bool]) -> list[bool]:
    """Tell which periods are incomplete or next to one that is: the points of the dashed line."""
    return [not all(complete[max(0, position - 1) : position + 2]) for position in range(len(complete))]


def kept(values: Sequence[float | None], keep: Sequence[bool]) -> list[float | None]:
    """Return the values, those that are not to be kept replaced by a gap."""
    return [value if wanted else None for value, wanted in zip(values, keep, strict=True)]


def lone_points(values: Sequence[float | None]) -> list[bool]:
    """Tell which values stand between two gaps, where no line can show them."""
    padded = [None, *values, None]
    return [
        value is not None and padded[position] is None and padded[position + 2] is None
        for position, value in enumerate(values)
    ]
