"""Values that are chosen by name: those to leave out, and those that nothing was watched with."""

from collections.abc import Iterable, Iterator

from definitions.dimensions import DIMENSION_BY_NAME
from definitions.errors import UserError
from queries.db import Build
from queries.filters import FilterState
from queries.run import run

SHOWN_VALUES = 12


def left_out(exclusions: Iterable[str]) -> dict[str, list[str]]:
    """Return the values to leave out by URL parameter, from texts such as device=tv; raises UserError for others."""
    values: dict[str, list[str]] = {}
    for exclusion in exclusions:
        name, _, value = exclusion.partition("=")
        if name not in DIMENSION_BY_NAME or not value:
            raise UserError(
                f"--without takes DIMENSION=VALUE, such as device=tv, not {exclusion!r}. "
                f"The dimensions are {', '.join(DIMENSION_BY_NAME)}."
            )
        values.setdefault(DIMENSION_BY_NAME[name].excluding, []).append(value)
    return values


def never_watched(filters: FilterState, build: Build) -> Iterator[str]:
    """Say which chosen values do not occur, as a slip of the pen does not; raises QueryError."""
    for dimension, unknown, known in unknown_values(filters, build):
        more = ", …" if len(known) > SHOWN_VALUES else ""
        yield (
            f"Nothing was watched with {dimension} {', '.join(unknown)}. "
            f"There are: {', '.join(known[:SHOWN_VALUES])}{more}."
        )


def unknown_values(filters: FilterState, build: Build) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each dimension of which a value is chosen that does not occur: its name, those values, and those that do.

    Raises QueryError.
    """
    if not filters.selections:
        return
    options = run("filter_options", filters, build)
    for dimension, selection in filters.selections:
        if dimension == "title":
            watched = run("show_names", filters.without("title"), build)["show_id"].tolist()
        elif DIMENSION_BY_NAME[dimension].of_plays:
            # Models, versions and places are listed nowhere: to look for one costs as much as to ask for it.
            continue
        elif not DIMENSION_BY_NAME[dimension].in_bar:
            watched = list(DIMENSION_BY_NAME[dimension].allowed)
        else:
            watched = options.loc[options["dimension"] == dimension, "value"].tolist()
        unknown = [value for value in DIMENSION_BY_NAME[dimension].meant(selection.values) if value not in watched]
        if unknown:
            yield dimension, unknown, watched
