"""What rows about covers are called in words."""

from collections.abc import Mapping
from typing import Any

# By the columns that a row has: the first that fit.
_FORMS = (
    (("genre", "brightness_band", "colour_family"), "{genre}, {brightness_band} {colour_family}"),
    (("audience", "colour_family"), "{audience}, {colour_family}"),
    (("group_name", "colour_family"), "{group_name}, {colour_family}"),
    (("name", "genre_distance"), "{name}"),
    (("colour_family",), "{colour_family}"),
    (("feature_band",), "{feature_band}"),
    (("experiment_name", "variant"), "{experiment_name}, variant {variant}"),
    (("name", "cover"), "{name}, cover {cover}"),
    (("first_day", "dated_by"), "from {first_day:%B %Y} on"),
)


def cover_row_name(row: Mapping[str, Any]) -> str | None:
    """Return what a row about covers is of, such as «comedy, blue»; None where it is about something else."""
    return next((form.format(**row) for columns, form in _FORMS if all(name in row for name in columns)), None)
