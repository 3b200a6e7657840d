"""Why there are no rows to show: what is chosen that the data do not hold, or all that leaves nothing together."""

from collections.abc import Iterable
from urllib.parse import urlencode

from dash import html

from components import states
from components.format import list_text
from components.labels import dimension_label, selections_text, show_names, value_label
from definitions.dimensions import DIMENSION_BY_NAME
from definitions.options import OPTION_BY_NAME, Option
from queries.chosen_values import unknown_values
from queries.db import Build
from queries.filters import NEED_NO_DAYS, FilterState
from queries.run import parameter_names, run, unapplied_filters

MOST_NAMED = 6
# Of a hash, so much tells it from others.
MOST_CHARACTERS = 20


def nothing_matches(
    query: str, filters: FilterState, build: Build, options: Iterable[str] = (), reason: str | None = None
) -> html.Div | None:
    """Return the state that says what of all that is chosen leaves a query without rows; None where nothing is chosen.

    Filters that the query does not look at are not blamed. ``options`` are those that hold for it, ``reason`` why there
    may be none, where that is not for want of records.
    """
    for dimension in unapplied_filters(query, filters):
        filters = filters.without(dimension.name)
    unknown = _unknown_value(filters, build)
    if unknown is not None:
        return unknown
    looked_for = [OPTION_BY_NAME[name] for name in options if OPTION_BY_NAME[name].is_sought]
    looked_for = [option for option in looked_for if filters.option(option.name) != option.default]
    for option in looked_for:
        if _is_unknown(option, filters, build):
            return states.not_found(
                f"There is no {option.naming} {_quoted(option, filters)} in these data.", "Choose another."
            )
    chosen = [f"{option.label.lower()} {_quoted(option, filters)}" for option in looked_for]
    if filters.chosen_count:
        chosen.append(selections_text(filters, show_names(filters, build)))
    if not chosen:
        return None
    told = list_text(chosen)
    if looked_for:
        onward = _onward(filters.without_any()) if filters.chosen_count else None
        if parameter_names(query) <= NEED_NO_DAYS:
            return states.not_found(f"Nothing matches {told}.", "Choose something else.", onward)
        return states.not_found(
            f"Nothing matches {told} in these days.", "Choose something else, or other days.", onward
        )
    nothing = f"Nothing matches {told} in these days." if reason is None else f"Nothing to tell of {told}."
    return states.filtered_out(nothing, _onward(filters.without_any()), reason)


def _unknown_value(filters: FilterState, build: Build) -> html.Div | None:
    """Return the state for a filter whose values there cannot be, so that nothing matches it; None where all can be."""
    for name, unlisted, known in unknown_values(filters, build):
        selection = filters.chosen(name)
        unknown = [value for value in unlisted if value not in DIMENSION_BY_NAME[name].allowed]
        if not known or selection is None or selection.excluded or len(unknown) < len(selection.values):
            continue
        words = " or ".join(value_label(name, value)[:MOST_CHARACTERS] or "(empty)" for value in unknown[:MOST_NAMED])
        there_are = [value_label(name, value) for value in known[:MOST_NAMED]]
        if len(known) > MOST_NAMED:
            there_are.append(f"{len(known) - MOST_NAMED} others")
        return states.filtered_out(
            f"Nothing was watched with {dimension_label(name).lower()} {words}.",
            _onward(filters.without(name), "Show without it"),
            f"There are {list_text(there_are)}." if name != "title" else None,
        )
    return None


def _is_unknown(option: Option, filters: FilterState, build: Build) -> bool:
    """Whether what an option names is not there, whatever the days."""
    if option.naming is None:
        return False
    if option.listed_by is None:
        return True
    return filters.option(option.name) not in set(run(option.listed_by, filters, build)["value"])


def _quoted(option: Option, filters: FilterState) -> str:
    values = filters.option(option.name).split(",") if option.is_picked else [filters.option(option.name)]
    return " or ".join(
        f"«{value if len(value) <= MOST_CHARACTERS else value[:MOST_CHARACTERS] + '…'}»"
        for value in values[:MOST_NAMED]
    )


def _onward(filters: FilterState, words: str = "Show without filters") -> html.A:
    search = "&".join(filter(None, (filters.search(), urlencode(filters.options))))
    return html.A(words, href=f"?{search}")
