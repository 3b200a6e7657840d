"""The words for the values that figures can be filtered and split by."""

from definitions.countries import COUNTRY_NAMES
from definitions.dimensions import DIMENSION_BY_NAME, UNKNOWN

_WORDS = {
    "device": {"tv": "TV", "mobile": "Phone", "other": "Other device"},
    "kind": {"film": "Films", "episode": "Episodes", "trailer": "Trailers", "supplemental": "Extras"},
    "profile_type": {"standard": "Standard profiles", "kids": "Kids profiles"},
    "country": COUNTRY_NAMES,
}


def value_label(dimension: str, value: str) -> str:
    """Return what a value of a dimension is called, such as «India» for IN; unknown values as they are."""
    if value == UNKNOWN:
        return "Unknown"
    words = _WORDS.get(dimension, {})
    known = DIMENSION_BY_NAME[dimension].allowed if dimension in DIMENSION_BY_NAME else ()
    return words.get(value) or (value.capitalize() if value in known else value)


def dimension_label(name: str) -> str:
    """Return what a dimension is called, such as «Device»; a name that is no dimension, capitalised."""
    return DIMENSION_BY_NAME[name].label if name in DIMENSION_BY_NAME else name.capitalize()
