"""The filter bar, generated from the declared dimensions, and the one callback that keeps it and the URL in step."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import dash_bootstrap_components as dbc
from dash import Input, Output, State, callback, ctx, dcc, html, no_update

from components.format import days_text
from components.labels import NO_NAMES, segment_name, selection_text, show_names, value_label
from components.navigation import listing_queries, nav_links, part_links, unused_settings
from definitions.dimensions import (
    BAR_DIMENSIONS,
    CALENDAR_LABELS,
    COMPARISONS,
    CUSTOM_PERIOD,
    DIMENSION_BY_NAME,
    PERIOD_PRESETS,
    Dimension,
)
from definitions.options import OPTION_BY_NAME
from definitions.segments import saved_segments
from definitions.values import GRANULARITIES
from queries.db import Build, WarehouseError, served_warehouse
from queries.filters import (
    MAX_SEARCH_CHARACTERS,
    NOTICE_OF,
    SEGMENT,
    FilterState,
    page_parameters,
    parse_search,
    to_search,
)
from queries.run import run
from queries.shown import shown_build

SETTINGS: dict[str, tuple[str, Mapping[str, str]]] = {
    "period": ("Days", {**{preset.name: preset.label for preset in PERIOD_PRESETS}, CUSTOM_PERIOD: "Choose days…"}),
    "compare": ("Comparison", {name: label[0].upper() + label[1:] for name, label in COMPARISONS.items()}),
    "granularity": ("Granularity", {"auto": "Automatic steps", **{name: f"By {name}" for name in GRANULARITIES}}),
    "calendar": ("Calendar", CALENDAR_LABELS),
}
DAYS = ("first-day", "last-day")
TYPING_PAUSE_MS = 800
# A list shows nothing for an empty value; this can be no segment's id.
EVERYBODY = "everybody"
Pairs = tuple[tuple[str, str], ...]
Choices = Mapping[str, str | Iterable[str] | None]


def filter_bar() -> html.Form:
    """Lay out the controls; what they offer and show is filled by the callback, from the URL."""
    return html.Form(
        [
            html.Div(
                [
                    _setting("period"),
                    html.Div([_day("first-day", "First day"), _day("last-day", "Last day")], id="days", hidden=True),
                    _setting("compare"),
                    _segment(),
                    *map(_dimension, BAR_DIMENSIONS),
                    _setting("granularity"),
                    _setting("calendar"),
                ],
                className="controls",
            ),
            html.Div(
                [
                    html.P(id="filter-summary"),
                    html.Ul(id="filter-chips", className="chips"),
                    html.Div(
                        [
                            html.Button("Undo", id="undo", type="button", hidden=True, title="Undo (u)"),
                            dcc.Link("Reset", id="filter-reset", href="/", title="Remove all filters"),
                        ],
                        className="reset",
                    ),
                ],
                className="filter-state",
            ),
            html.Button("Show", id="close-filters", type="button"),
        ],
        id="filter-bar",
        role="search",
        **{"aria-label": "Filters"},
    )


def _setting(name: str) -> html.Div:
    label, options = SETTINGS[name]
    control_id = f"filter-{name}"
    return html.Div(
        [
            html.Label(label, htmlFor=control_id),
            dbc.Select(
                id=control_id,
                options=[{"value": value, "label": text} for value, text in options.items()],
                placeholder="Not understood",
            ),
        ],
        id=f"control-{name}",
        className="control",
    )


def _day(name: str, label: str) -> html.Div:
    # The browser's own date field, which dbc passes on though it does not list it: good by keyboard and on phones.
    field: dict[str, Any] = {"type": "date"}
    day = dbc.Input(id=f"filter-{name}", debounce=TYPING_PAUSE_MS, **field)
    return html.Div([html.Label(label, htmlFor=f"filter-{name}"), day], className="control")


def _segment() -> html.Div:
    """Lay out the list of segments, which is there only where some are saved."""
    control_id = f"filter-{SEGMENT}"
    segments = _segments(None)
    return html.Div(
        [
            html.Label("Segment", htmlFor=control_id),
            # Filled from the first, so that nothing beside it moves when it is.
            dbc.Select(id=control_id, options=segments, value=EVERYBODY),
        ],
        id=f"control-{SEGMENT}",
        className="control",
        hidden=len(segments) == 1,
    )


def _dimension(dimension: Dimension) -> html.Div:
    control_id = f"filter-{dimension.name}"
    dropdown = dcc.Dropdown(
        id=control_id,
        multi=True,
        placeholder=dimension.label,
        # Several choices are one step in the browser's history, taken when the list closes.
        debounce=True,
        labels={"select_all": "Select all", "deselect_all": "Select none"},
        optionHeight=32,
        maxHeight=360,
    )
    return html.Div(
        [html.Label(dimension.label, htmlFor=control_id), dropdown],
        id=f"control-{dimension.name}",
        className="control control-dimension",
        title=dimension.meaning,
    )


@callback(
    output={
        "search": Output("url", "search"),
        "settings": {name: Output(f"filter-{name}", "value") for name in SETTINGS},
        "segment": Output(f"filter-{SEGMENT}", "value"),
        "segments": Output(f"filter-{SEGMENT}", "options"),
        "hide_segments": Output(f"control-{SEGMENT}", "hidden"),
        "selections": {dimension.name: Output(f"filter-{dimension.name}", "value") for dimension in BAR_DIMENSIONS},
        "options": {dimension.name: Output(f"filter-{dimension.name}", "options") for dimension in BAR_DIMENSIONS},
        "days": {name: Output(f"filter-{name}", "value") for name in DAYS},
        "earliest": {name: Output(f"filter-{name}", "min") for name in DAYS},
        "latest": {name: Output(f"filter-{name}", "max") for name in DAYS},
        "hide_days": Output("days", "hidden"),
        "summary": Output("filter-summary", "children"),
        "chips": Output("filter-chips", "children"),
        "reset": Output("filter-reset", "href"),
        "count": Output("filter-count", "children"),
        "messages": Output("messages", "children"),
        "links": Output("nav-links", "children"),
        "parts": Output("part-links", "children"),
    },
    inputs={
        "search": Input("url", "search"),
        "pathname": Input("url", "pathname"),
        "settings": {name: Input(f"filter-{name}", "value") for name in (*SETTINGS, SEGMENT)},
        "selections": {dimension.name: Input(f"filter-{dimension.name}", "value") for dimension in BAR_DIMENSIONS},
        "days": {name: Input(f"filter-{name}", "value") for name in DAYS},
        "build_id": State("build", "data"),
    },
)
def keep_in_step(
    search: str | None,
    pathname: str | None,
    settings: dict[str, str | None],
    selections: dict[str, list[str] | None],
    days: dict[str, str | None],
    build_id: str | None,
) -> dict[str, Any]:
    """Write the URL when a control has changed; show the URL's filters in the bar in any case."""
    search, pathname = search or "", pathname or "/"
    try:
        build = served_warehouse().build(build_id or "")
    except WarehouseError:
        return _unchanged(pathname, search)
    filters = parse_search(search, build.manifest.spans)
    new_search: Any = no_update
    if str(ctx.triggered_id).startswith("filter-"):
        choices = choices_of(settings, selections, days, filters, changed=ctx.triggered_id)
        chosen = _as_search(choices, page_parameters(search))
        if chosen != search:
            search = new_search = chosen
            filters = parse_search(search, build.manifest.spans)
    return {"search": new_search, **shown(filters, search, pathname, build)}


def choices_of(
    settings: Mapping[str, str | None],
    selections: Mapping[str, list[str] | None],
    days: Mapping[str, str | None],
    filters: FilterState,
    *,
    changed: str,
) -> Choices:
    """Return what the controls say, by URL parameter; ``filters`` are those in force before ``changed`` was changed.

    People choose the last day that counts; the URL has the day after it. Whoever turns to choosing days starts from
    those on the screen. What is excluded, or chosen on a figure, stays until its own control is changed.
    """
    name = changed.removeprefix("filter-")
    selected = filters.choices()
    if name in selections:
        selected.pop(DIMENSION_BY_NAME[name].excluding, None)
        selected[name] = tuple(selections[name] or ())
    settings = {setting: None if value == EVERYBODY else value or None for setting, value in settings.items()}
    if settings["period"] != CUSTOM_PERIOD:
        return {**settings, **selected}
    start_day, end_day = filters.start_day, filters.end_day
    if changed == "filter-first-day" and days["first-day"]:
        start_day = date.fromisoformat(days["first-day"])
    if changed == "filter-last-day" and days["last-day"]:
        end_day = date.fromisoformat(days["last-day"]) + timedelta(days=1)
    custom = {"period": None, "start_day": start_day.isoformat(), "end_day": end_day.isoformat()}
    return {**settings, **selected, **custom}


def shown(filters: FilterState, search: str, pathname: str, build: Build) -> dict[str, Any]:
    """Return all that the bar shows for the filters in force: every output of the callback but the URL."""
    span = build.manifest.spans.get(filters.calendar)
    segments, unused = _segments(filters.segment), unused_settings(pathname)
    has_days = filters.has_days and "period" not in unused
    settings = {
        "period": filters.period,
        "compare": filters.compare,
        "granularity": filters.granularity_choice,
        "calendar": filters.calendar,
    }
    return {
        # A control that showed the default in place of what was not understood could not be set to it.
        "settings": {**settings, **dict.fromkeys(filters.misread, "")},
        "segment": filters.segment or EVERYBODY,
        "segments": segments,
        "hide_segments": len(segments) == 1,
        "selections": {dimension.name: list(_included(dimension, filters)) for dimension in BAR_DIMENSIONS},
        "options": _options(filters, _asked(search, build), listing_queries(pathname)),
        "days": {"first-day": filters.start_day, "last-day": filters.end_day - timedelta(days=1)},
        "earliest": dict.fromkeys(DAYS, span.first_day if span else None),
        "latest": dict.fromkeys(DAYS, span.end_day - timedelta(days=1) if span else None),
        "hide_days": filters.period != CUSTOM_PERIOD,
        "summary": summary(filters, compared="compare" not in unused) if has_days and not filters.problems else "",
        "chips": chips(filters, pathname, page_parameters(search), show_names(filters, build), unused=unused),
        "reset": pathname,
        "count": f" ({filters.chosen_count})" if filters.chosen_count else "",
        # Where there are covers alone, each page says what it lacks instead of that there are no days.
        "messages": messages(filters, unused=(*unused, "period") if build.manifest.has_covers_alone else unused),
        **_links(pathname, search),
    }


def _asked(search: str, build: Build) -> Build:
    """Return the build of the segment alone, of whom the lists tell then; that of all while it is not there."""
    try:
        return shown_build(search, build.id)
    except WarehouseError:
        return build


def summary(filters: FilterState, *, compared: bool = True) -> str:
    """Return the days looked at and, where the page compares, those compared with, in words."""
    days = days_text(filters.start_day, filters.end_day)
    if not compared or filters.compare_start_day is None or filters.compare_end_day is None:
        return days
    return f"{days}, compared with {days_text(filters.compare_start_day, filters.compare_end_day)}"


def chips(
    filters: FilterState,
    pathname: str,
    kept: Pairs = (),
    names: Mapping[str, str] = NO_NAMES,
    *,
    unused: Collection[str] = (),
) -> list[html.Li]:
    """Return one removable chip for the segment and for each filtered dimension: a link to the same page without it.

    ``kept`` is what the address says besides filters, ``names`` are those of titles; of those ``unused`` on the page,
    chips say so.
    """
    chosen = [] if filters.segment is None else [(SEGMENT, "Segment", segment_name(filters.segment))]
    chosen += [
        (name, DIMENSION_BY_NAME[name].label, selection_text(name, selection, names))
        for name, selection in filters.selections
    ]
    return [
        html.Li(
            dcc.Link(
                [
                    html.Span(f"{label}: {values}{' · does nothing here' if name in unused else ''}"),
                    html.I(className="bi bi-x", **{"aria-hidden": "true"}),
                ],
                href=pathname + _as_search(parse_qs(filters.without(name).search()), kept),
                title=f"Remove the filter {label}",
            ),
            className="unused" if name in unused else None,
        )
        for name, label, values in chosen
    ]


def messages(filters: FilterState, *, unused: Collection[str] = ()) -> html.Div | None:
    """Return what was wrong with the link and what was changed, in words; None when all is well.

    Nothing is said of settings that are ``unused`` on the page.
    """
    beside_the_point = tuple(NOTICE_OF[name] for name in unused if name in NOTICE_OF)
    notices = [notice for notice in filters.notices if not notice.startswith(beside_the_point)]
    if not filters.problems and not notices:
        return None
    return html.Div(
        [html.P(problem, className="problem") for problem in filters.problems]
        + [html.P(notice, className="notice") for notice in notices],
        role="alert" if filters.problems else "status",
    )


def carried(search: str) -> str:
    """Return the part of a query string that links to other pages carry along: the filters."""
    search = search.removeprefix("?")
    return _as_search(parse_qs(search, keep_blank_values=True)) if len(search) <= MAX_SEARCH_CHARACTERS else ""


def carried_to_parts(search: str) -> str:
    """Return the part of a query string that links to a page's other parts carry: filters, and what is of all parts."""
    of_all = [pair for pair in page_parameters(search) if pair[0] in OPTION_BY_NAME]
    kept = tuple(pair for pair in of_all if OPTION_BY_NAME[pair[0]].is_of_all_parts)
    filters = carried(search).removeprefix("?")
    return _as_search(parse_qs(filters, keep_blank_values=True), kept)


def _as_search(choices: Choices, kept: Pairs = ()) -> str:
    search = "&".join(filter(None, (to_search(choices), urlencode(kept))))
    return f"?{search}" if search else ""


def _segments(chosen: str | None) -> list[dict[str, str]]:
    """What can be chosen, everybody first; what the URL has ``chosen`` is offered too, though it may be gone."""
    names = {segment.id: segment.name for segment in saved_segments(served_warehouse().folder)}
    if chosen is not None:
        names.setdefault(chosen, segment_name(chosen))
    return [{"value": value, "label": label} for value, label in {EVERYBODY: "No segment", **names}.items()]


def _options(filters: FilterState, build: Build, listed_by: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """What can be chosen, most watched first; what the URL has chosen is offered too, or the dropdown would drop it.

    Of some dimensions, queries list it (``listed_by``).
    """
    everything = parse_search(to_search({"calendar": filters.calendar}), build.manifest.spans)
    if everything.problems:
        return {dimension.name: [] for dimension in BAR_DIMENSIONS}
    rows = run("filter_options", everything, build)
    offered: dict[str, list[str]] = {dimension.name: [] for dimension in BAR_DIMENSIONS}
    for name, value in zip(rows["dimension"].to_list(), rows["value"].to_list(), strict=True):
        offered[name].append(value)
    offered |= {name: run(query, everything, build)["value"].to_list() for name, query in listed_by.items()}
    for dimension in BAR_DIMENSIONS:
        values = offered[dimension.name]
        values += [value for value in _included(dimension, filters) if value not in values]
    return {
        name: [{"value": value, "label": value_label(name, value)} for value in values]
        for name, values in offered.items()
    }


def _included(dimension: Dimension, filters: FilterState) -> tuple[str, ...]:
    """Return the values that the dimension's list shows as ticked."""
    selection = filters.chosen(dimension.name)
    return () if selection is None or selection.excluded else selection.values


def _links(pathname: str, search: str) -> dict[str, Any]:
    return {
        "links": nav_links(pathname, carried(search)),
        "parts": part_links(pathname, carried_to_parts(search)),
    }


def _unchanged(pathname: str, search: str) -> dict[str, Any]:
    """Leave the bar as it is; only the links follow the page."""
    single = (
        "search",
        "segment",
        "segments",
        "hide_segments",
        "hide_days",
        "summary",
        "chips",
        "reset",
        "count",
        "messages",
    )
    dimensions = [dimension.name for dimension in BAR_DIMENSIONS]
    return {
        **dict.fromkeys(single, no_update),
        "settings": dict.fromkeys(SETTINGS, no_update),
        **{name: dict.fromkeys(dimensions, no_update) for name in ("selections", "options")},
        **{name: dict.fromkeys(DAYS, no_update) for name in ("days", "earliest", "latest")},
        **_links(pathname, search),
    }
