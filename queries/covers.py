"""The covers that the gallery shows, in which order, and why there may be none."""

from dataclasses import replace

import pandas as pd

from definitions.options import OPTION_BY_NAME
from queries.colour_search import by_colours, by_likeness, by_order, vector_of, wanted_colours
from queries.colour_vectors import vectors
from queries.db import Build
from queries.filters import FilterState
from queries.run import run

# The options that say which covers there are; the others, in which order or what of them.
CHOOSING = ("find_title", "genre", "original")
# The filters that do; the others are not of covers.
FILTERS_OF_COVERS = ("kind", "title")


def covers_matching(filters: FilterState, build: Build) -> pd.DataFrame:
    """Return the covers of the films and series that are chosen, by title; raises FilterError, QueryError."""
    # Whatever else is chosen, the answer is the same, and is found where it is kept.
    options = tuple(pair for pair in filters.options if pair[0] in CHOOSING)
    return run("covers_listed", replace(filters, options=options), build)


def all_covers(filters: FilterState, build: Build) -> pd.DataFrame:
    """Return the covers that there are while nothing is chosen; raises FilterError, QueryError."""
    return run("covers_listed", replace(filters, selections=(), options=()), build)


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


def covers_called(image_hashes: str, filters: FilterState, build: Build) -> pd.DataFrame:
    """Return the covers of up to four hashes with a comma between them, as compared_covers tells them."""
    return run("compared_covers", replace(filters, options=(("covers", image_hashes),)), build)


def unmet_choices(filters: FilterState, build: Build) -> list[str]:
    """Return by name the choices that leave no cover: what covers are looked for by, or what says which there are.

    Of the latter, those that none meets by themselves, or else all, which none meets together. Raises FilterError,
    QueryError.
    """
    if not covers_matching(filters, build).empty:
        return ["like" if filters.option("like") else "colours"]
    options = [name for name in CHOOSING if filters.option(name) != OPTION_BY_NAME[name].default]
    chosen = [*options, *(name for name in FILTERS_OF_COVERS if filters.chosen(name) is not None)]
    return [name for name in chosen if covers_matching(_with_one(name, filters), build).empty] or chosen


def _with_one(name: str, filters: FilterState) -> FilterState:
    """Return the filters with one choice alone."""
    selections = tuple(pair for pair in filters.selections if pair[0] == name)
    return replace(filters, selections=selections, options=tuple(pair for pair in filters.options if pair[0] == name))
