"""Which colour a value has: the same on every page, whatever else is shown beside it."""

from collections.abc import Sequence

from definitions.values import DEVICE_TYPES, KINDS, PROFILE_TYPES

CATEGORIES = tuple(f"category-{position}" for position in range(1, 7))
OTHER = "category-other"
SEQUENTIAL = tuple(f"sequential-{step}" for step in range(1, 7))
DIVERGING = tuple(f"diverging-{step}" for step in range(1, 8))
_FIXED = {
    "device": tuple(device for device in DEVICE_TYPES if device != "other"),
    "kind": KINDS,
    "profile_type": PROFILE_TYPES,
}


def category_token(dimension: str, value: str, ranked: Sequence[str] = ()) -> str:
    """Return the colour token of a value of a dimension; grey beyond the sixth.

    ``ranked`` are the values of a dimension that comes from the data, such as country, by rank over all the data and
    not over what is filtered, so that a filter changes no colour.
    """
    values = _FIXED.get(dimension, ranked)
    position = values.index(value) if value in values else len(CATEGORIES)
    return CATEGORIES[position] if position < len(CATEGORIES) else OTHER
