"""The words for the values that figures can be filtered and split by."""

from collections.abc import Mapping
from types import MappingProxyType

from definitions.countries import COUNTRY_NAMES
from definitions.dimensions import DIMENSION_BY_NAME, UNKNOWN
from definitions.segments import find_segment
from definitions.values import HOURS
from queries.db import Build, WarehouseError, served_warehouse
from queries.filters import FilterState, Selection, parse_search
from queries.run import run

NO_NAMES: Mapping[str, str] = MappingProxyType({})
MAX_VALUE_CHARACTERS = 40
NAMED_BY_SOURCE = ("plan", "channel")
NO_SEGMENT = "not there"
_WORDS = {
    "device": {"tv": "TV", "mobile": "Phone", "other": "Other device"},
    "kind": {
        "film": "Films",
        "episode": "Episodes",
        "series": "Series",
        "trailer": "Trailers",
        "supplemental": "Extras",
    },
    "profile_type": {"standard": "Standard profiles", "kids": "Kids profiles"},
    "country": COUNTRY_NAMES,
    "place": COUNTRY_NAMES,
    "hour": {hour: f"{int(hour):02}:00" for hour in HOURS},
}


def value_label(dimension: str, value: str) -> str:
    """Return what a value of a dimension is called, such as «India» for IN; unknown values as they are.

    What a source calls its plans and channels is read as words: «basic ads» for basic_ads.
    """
    if value == UNKNOWN:
        return "Unknown"
    if dimension in NAMED_BY_SOURCE:
        return value.replace("_", " ")
    words = _WORDS.get(dimension, {})
    known = DIMENSION_BY_NAME[dimension].allowed if dimension in DIMENSION_BY_NAME else ()
    return words.get(value) or (value.capitalize() if value in known else value)


def show_kind_label(kind: str) -> str:
    """Return what one of the films and series of a kind is called, such as «Film»."""
    return value_label("kind", kind) if kind == "series" else value_label("kind", kind).removesuffix("s")


def dimension_label(name: str) -> str:
    """Return what a dimension is called, such as «Device»; a name that is no dimension, capitalised."""
    return DIMENSION_BY_NAME[name].label if name in DIMENSION_BY_NAME else name.capitalize()


def show_names(filters: FilterState, build: Build) -> Mapping[str, str]:
    """Return the names of the films and series that are chosen or excluded, by their id."""
    selection = filters.chosen("title")
    if selection is None or filters.problems:
        return NO_NAMES
    rows = run("show_names", filters.with_only("title", selection.values), build)
    return dict(zip(rows["show_id"], rows["show_name"], strict=True))


def show_name(show_id: str) -> str | None:
    """Return what a film or series is called in the current build; None where it has none of that id."""
    try:
        build = served_warehouse().current()
    except WarehouseError:
        return None
    filters = parse_search("", build.manifest.spans).with_only("title", (show_id,))
    return show_names(filters, build).get(show_id)


def segment_name(segment_id: str) -> str:
    """Return what people call a segment; that it is not there where it has been deleted."""
    segment = find_segment(served_warehouse().folder, segment_id)
    return NO_SEGMENT if segment is None else segment.name


def selections_text(filters: FilterState, names: Mapping[str, str] = NO_NAMES) -> str:
    """Return all that is chosen in words, such as «Segment: Binge watchers; Device: TV, Phone and 2 more»."""
    of_whom = [] if filters.segment is None else [f"Segment: {segment_name(filters.segment)}"]
    return "; ".join(
        of_whom
        + [f"{dimension_label(name)}: {selection_text(name, chosen, names)}" for name, chosen in filters.selections]
    )


def selection_text(dimension: str, selection: Selection, names: Mapping[str, str] = NO_NAMES, most: int = 3) -> str:
    """Return what is chosen of one dimension in words, at most ``most`` values by name; ``names`` are the titles'."""
    known = [names.get(value) or value_label(dimension, value) for value in selection.values]
    shortened = [name[:MAX_VALUE_CHARACTERS] or "(empty)" for name in known] or ["none"]
    more = f" and {len(shortened) - most} more" if len(shortened) > most else ""
    return f"{'not ' if selection.excluded else ''}{', '.join(shortened[:most])}{more}"
