"""The covers that the gallery shows, and in which order."""

from dataclasses import replace

import pandas as pd

from queries.colour_search import by_colours, by_likeness, by_order, vector_of, wanted_colours
from queries.colour_vectors import vectors
from queries.db import Build
from queries.filters import FilterState
from queries.run import run

# The options that say which covers there are; the others, in which order or what of them.
CHOOSING = ("find_title", "genre", "original")


def covers_matching(filters: FilterState, build: Build) -> pd.DataFrame:
    """Return the covers of the films and series that are chosen, by title; raises FilterError, QueryError."""
    # Whatever else is chosen, the answer is the same, and is found where it is kept.
    options = tuple(pair for pair in filters.options if pair[0] in CHOOSING)
    return run("covers_listed", replace(filters, options=options), build)


def covers_in_order(filters: FilterState, build: Build) -> pd.DataFrame:
    """Return the covers in the order that is asked for: those like one, or else by the colours wanted, or else sorted.

    Those like a cover are its 20 nearest, with ``earth_movers_distance``; those that have colours wanted come with
    ``colour_match``. Raises FilterError, QueryError.
    """
    covers = covers_matching(filters, build)
    like = filters.option("like")
    if like:
        vector = vector_of(like, vectors(build))
        others = covers[covers["image_hash"] != like]
        return others.head(0) if vector is None else by_likeness(others, vector, vectors(build))
    wanted = wanted_colours(filters.option("colours"))
    if wanted:
        return by_colours(covers, wanted, vectors(build))
    return by_order(covers, filters.option("cover_order"))
