"""The only parser of URL state: a query string becomes a FilterState, and back."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from definitions.dimensions import (
    COMPARISONS,
    CUSTOM_PERIOD,
    DEFAULT_CALENDAR,
    DEFAULT_COMPARISON,
    DEFAULT_GRANULARITY,
    DEFAULT_PERIOD,
    DIMENSION_BY_NAME,
    DIMENSIONS,
    GRANULARITY_LABELS,
    PERIOD_PRESETS,
    Dimension,
)
from definitions.errors import UserError
from definitions.manifest import DaySpan
from definitions.options import OPTION_BY_NAME, OPTIONS
from definitions.segments import is_segment_id
from definitions.values import CALENDARS

MAX_SEARCH_CHARACTERS = 4_000
MAX_VALUES = 200
FAR_OUTSIDE_DAYS = 366
YEAR_SHIFT_DAYS = 364
DAY_GRANULARITY_MAX_DAYS = 62
WEEK_GRANULARITY_MAX_DAYS = 53 * 7

_DEFAULTS = {
    "period": DEFAULT_PERIOD,
    "compare": DEFAULT_COMPARISON,
    "granularity": DEFAULT_GRANULARITY,
    "calendar": DEFAULT_CALENDAR,
}
_ALLOWED = {
    "period": (*(preset.name for preset in PERIOD_PRESETS), CUSTOM_PERIOD),
    "compare": tuple(COMPARISONS),
    "granularity": tuple(GRANULARITY_LABELS),
    "calendar": CALENDARS,
}
SEGMENT = "segment"
_SINGLE = (*_DEFAULTS, "start_day", "end_day", SEGMENT)
PARAMETERS = (
    *_SINGLE,
    *(name for dimension in DIMENSIONS for name in (dimension.name, dimension.excluding)),
)
# What else a page may keep in its address; not filters, so links to other pages leave it behind.
PAGE_PARAMETERS = ("of_title", "of_series", "show", "table", "column", "sort", "where", "find", "job", *OPTION_BY_NAME)


NO_DAYS = "The data hold no complete day yet."
# How what is said of a setting begins, by its name: it is beside the point where that does nothing.
NOTICE_OF = {"period": NO_DAYS, "compare": "Nothing to compare with"}
# What a query can bind that does not depend on the days.
NEED_NO_DAYS = frozenset(
    {
        "calendar",
        "of_title",
        "filters",
        "filters_but_plays",
        "min_accounts",
        *OPTION_BY_NAME,
        *(dimension.parameter for dimension in DIMENSIONS),
    }
)


class FilterError(UserError):
    """The filters cannot be read, so nothing can be shown; the message says why, for people."""


class NoDaysError(FilterError):
    """What is asked for needs days, and the data hold no complete one."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The values chosen for one dimension, or with ``excluded`` those left out of it."""

    values: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class FilterState:
    """What a person has chosen to look at.

    ``start_day`` is inclusive, ``end_day`` exclusive, both clamped to the data's complete days; the comparison's
    days are None when there is nothing to compare with. ``selections`` holds what is chosen by dimension name;
    a dimension that is absent is not filtered. ``options`` holds what is chosen on cards, but for the defaults;
    ``of_title`` or ``of_series`` is what a page of one title or series is about, by its id. ``segment`` is the id of
    the segment whose accounts are looked at, None for all: it chooses the build that is asked, and is bound nowhere.
    ``has_days`` is false where the data hold no complete day, in which case the days mean nothing.
    ``problems`` says why nothing can be shown, ``notices`` what was changed or left out; ``misread`` names the settings
    whose value was not understood.
    """

    period: str
    compare: str
    granularity_choice: str
    granularity: str
    calendar: str
    start_day: date
    end_day: date
    compare_start_day: date | None = None
    compare_end_day: date | None = None
    data_start_day: date = date.min
    data_end_day: date = date.max
    selections: tuple[tuple[str, Selection], ...] = ()
    has_days: bool = True
    segment: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    of_title: str | None = None
    of_series: str | None = None
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    misread: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """The number of days looked at."""
        return (self.end_day - self.start_day).days

    def chosen(self, dimension: str) -> Selection | None:
        """Return what is chosen for a dimension; None when it is not filtered."""
        return dict(self.selections).get(dimension)

    def option(self, name: str) -> str:
        """Return what is chosen of an option, or its default."""
        return dict(self.options).get(name, OPTION_BY_NAME[name].default)

    @property
    def chosen_count(self) -> int:
        """The number of filters in force: the dimensions that are filtered, and the segment."""
        return len(self.selections) + (self.segment is not None)

    def without_any(self) -> "FilterState":
        """Return the same days and settings of everything and everybody."""
        return replace(self, selections=(), segment=None)

    def without(self, dimension: str) -> "FilterState":
        """Return the same filters, with nothing chosen of one dimension, or of everybody without the "segment"."""
        if dimension == SEGMENT:
            return replace(self, segment=None)
        return replace(self, selections=tuple(pair for pair in self.selections if pair[0] != dimension))

    def with_only(self, dimension: str, values: tuple[str, ...]) -> "FilterState":
        """Return the same days and settings, with nothing chosen but some values of one dimension."""
        return replace(self, selections=((dimension, Selection(values)),))

    def about_title(self) -> "FilterState":
        """Return the same filters, of titles with what the page is about alone; the same where it is about none."""
        if self.of_series is not None:
            show_id = f"series {self.of_series}"
        elif self.of_title is not None:
            show_id = f"title {self.of_title}"
        else:
            return self
        selections = (*self.without("title").selections, ("title", Selection((show_id,))))
        return replace(self, of_title=None, of_series=None, selections=selections)

    def comparison(self) -> "FilterState | None":
        """Return the same filters over the comparison period; None when there is none."""
        if self.compare_start_day is None or self.compare_end_day is None:
            return None
        return replace(self.uncompared(), start_day=self.compare_start_day, end_day=self.compare_end_day)

    def uncompared(self) -> "FilterState":
        """Return the same filters, compared with nothing."""
        return replace(self, compare_start_day=None, compare_end_day=None)

    def parameters(self) -> dict[str, object]:
        """Return every value that a query may bind, by its SQL name; raises FilterError when there are problems."""
        if self.problems:
            raise FilterError(" ".join(self.problems))
        bound: dict[str, object] = {
            "calendar": self.calendar,
            "granularity": self.granularity,
            "start_day": self.start_day,
            "end_day": self.end_day,
            "compare_start_day": self.compare_start_day,
            "compare_end_day": self.compare_end_day,
            "data_start_day": self.data_start_day,
            "data_end_day": self.data_end_day,
            "of_title": self.of_title,
        }
        for option in OPTIONS:
            bound[option.name] = self.option(option.name)
        chosen: dict[str, object] = {}
        for dimension in DIMENSIONS:
            selection = _in_force(dimension, self.chosen(dimension.name))
            chosen[dimension.parameter] = (
                None if selection is None else {"chosen_values": list(selection.values), "excluded": selection.excluded}
            )
        # All in one, for queries that look at them all, and for those of what several plays make up.
        of_plays = {dimension.parameter: None for dimension in DIMENSIONS if dimension.of_plays}
        return bound | chosen | {"filters": chosen, "filters_but_plays": chosen | of_plays}

    def search(self) -> str:
        """Return the shortest query string that restores this state, without the question mark."""
        custom = self.period == CUSTOM_PERIOD
        return to_search(
            {
                "period": None if custom else self.period,
                "start_day": self.start_day.isoformat() if custom else None,
                "end_day": self.end_day.isoformat() if custom else None,
                "compare": self.compare,
                "granularity": self.granularity_choice,
                "calendar": self.calendar,
                SEGMENT: self.segment,
                **self.choices(),
            }
        )

    def choices(self) -> dict[str, tuple[str, ...]]:
        """Return what is chosen and what is left out, by URL parameter; the empty text, which is no value, for none."""
        return {
            DIMENSION_BY_NAME[name].excluding if selection.excluded else name: selection.values or ("",)
            for name, selection in self.selections
        }


def to_search(choices: Mapping[str, str | Iterable[str] | None]) -> str:
    """Return the query string for the choices given by parameter name, in a fixed order, leaving out defaults."""
    pairs: list[tuple[str, str]] = []
    for name in PARAMETERS:
        chosen = choices.get(name)
        if isinstance(chosen, str):
            chosen = [chosen]
        pairs.extend((name, value) for value in chosen or () if value != _DEFAULTS.get(name))
    return urlencode(pairs)


def page_parameters(search: str) -> tuple[tuple[str, str], ...]:
    """Return what a query string says besides filters, in its order: pairs of one of PAGE_PARAMETERS and a value."""
    if len(search) > MAX_SEARCH_CHARACTERS:
        return ()
    pairs = parse_qsl(search.removeprefix("?"), keep_blank_values=True)
    return tuple((name, value) for name, value in pairs if name in PAGE_PARAMETERS)


def segment_in(search: str) -> str | None:
    """Return the id of the segment that a query string names, with or without its question mark; None for none."""
    given = _split(search, [], []).get(SEGMENT, [""])[-1]
    return given if is_segment_id(given) else None


def parse_search(search: str, spans: Mapping[str, DaySpan]) -> FilterState:
    """Read a query string, with or without its question mark, against the days that the data cover in each calendar.

    Never raises: what cannot be read is told in ``problems``, what was adjusted in ``notices``.
    """
    problems: list[str] = []
    notices: list[str] = []
    given = _split(search, problems, notices)
    single = {name: values[-1] for name, values in given.items() if name in _SINGLE}
    misread = tuple(name for name, allowed in _ALLOWED.items() if single.get(name) not in (None, *allowed))
    problems += [f"{name} can be {', '.join(_ALLOWED[name])}; not {_shown(single.pop(name))}." for name in misread]
    segment = single.pop(SEGMENT, None)
    if segment is not None and not is_segment_id(segment):
        problems.append(f"{SEGMENT} is the id of a segment, eight small letters and digits; not {_shown(segment)}.")
        segment = None
    settings = {**_DEFAULTS, **single}
    custom = "start_day" in single or "end_day" in single
    if custom and single.get("period", CUSTOM_PERIOD) != CUSTOM_PERIOD:
        problems.append("Give either a period, or a start_day and an end_day; the link has both.")

    if settings["calendar"] == "service" and "service" not in spans:
        settings["calendar"] = "utc"
        notices.append("The service's zone is UTC, so days are shown in UTC.")
    span, has_days = spans.get(settings["calendar"]), True
    if span is None or span.first_day >= span.end_day:
        span = DaySpan(date(1970, 1, 1), date(1970, 1, 2))
        has_days = False
        notices.append(NO_DAYS)
    if not has_days:
        start_day, end_day = span.first_day, span.end_day
    elif custom or settings["period"] == CUSTOM_PERIOD:
        settings["period"] = CUSTOM_PERIOD
        start_day, end_day = _custom_days(single, span, problems, notices)
    else:
        start_day, end_day = _preset_days(settings["period"], span)

    state = FilterState(
        period=settings["period"],
        compare=settings["compare"],
        granularity_choice=settings["granularity"],
        granularity=_granularity(settings["granularity"], (end_day - start_day).days),
        calendar=settings["calendar"],
        start_day=start_day,
        end_day=end_day,
        data_start_day=span.first_day,
        data_end_day=span.end_day,
        has_days=has_days,
        selections=_selections(given, problems),
        segment=segment,
        options=_options(given, notices),
        of_title=given.get("of_title", [None])[-1],
        of_series=given.get("of_series", [None])[-1],
        misread=misread,
    )
    if has_days:
        state = _with_comparison(state, span, notices)
    return replace(state, problems=tuple(problems), notices=tuple(notices))


def _split(search: str, problems: list[str], notices: list[str]) -> dict[str, list[str]]:
    search = search.removeprefix("?")
    if len(search) > MAX_SEARCH_CHARACTERS:
        problems.append(
            f"The link's filters are {len(search):,} characters long; at most {MAX_SEARCH_CHARACTERS:,} are read."
        )
        return {}
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(search, keep_blank_values=True):
        given.setdefault(name, []).append(value)
    unknown = [name for name in given if name not in (*PARAMETERS, *PAGE_PARAMETERS)]
    if unknown:
        notices.append(f"Not a filter, so left out: {', '.join(map(_shown, unknown[:5]))}.")
    return given


def _selections(given: Mapping[str, list[str]], problems: list[str]) -> tuple[tuple[str, Selection], ...]:
    selections = []
    for dimension in DIMENSIONS:
        chosen = _values(dimension.name, given, problems)
        excluded = _values(dimension.excluding, given, problems)
        if chosen is not None:
            left = tuple(value for value in chosen if value not in (excluded or ()))
            selections.append((dimension.name, Selection(left)))
        elif excluded:
            selections.append((dimension.name, Selection(excluded, excluded=True)))
    return tuple(selections)


def _options(given: Mapping[str, list[str]], notices: list[str]) -> tuple[tuple[str, str], ...]:
    options = []
    for option in OPTIONS:
        value = given.get(option.name, [option.default])[-1]
        if value == option.default:
            continue
        if option.between is not None:
            low, high = option.between
            number = option.number(value)
            if number is None:
                number_kind = "whole number" if option.is_whole else "number"
                notices.append(
                    f"{option.label} is a {number_kind} from {low:g} to {high:g}; not {_shown(value)}, so it is "
                    f"{option.default}."
                )
            elif number != option.default:
                options.append((option.name, number))
        elif value not in option.choices and not option.is_open:
            possible = ", ".join(option.choices)
            notices.append(f"{option.name} can be {possible}; not {_shown(value)}, so it is {option.default}.")
        else:
            options.append((option.name, value))
    return tuple(options)


def _values(name: str, given: Mapping[str, list[str]], problems: list[str]) -> tuple[str, ...] | None:
    if name not in given:
        return None
    values = tuple(dict.fromkeys(given[name]))
    if len(values) > MAX_VALUES:
        problems.append(f"{name} has {len(values):,} values; at most {MAX_VALUES} are read.")
        return ()
    return values


def _in_force(dimension: Dimension, selection: Selection | None) -> Selection | None:
    """Return what is looked at: what is left out is left out of the default, where there is one."""
    if selection is not None:
        selection = replace(selection, values=dimension.meant(selection.values))
    if dimension.default is None or (selection is not None and not selection.excluded):
        return selection
    excluded = selection.values if selection else ()
    return Selection(tuple(value for value in dimension.default if value not in excluded))


def _custom_days(
    single: Mapping[str, str], span: DaySpan, problems: list[str], notices: list[str]
) -> tuple[date, date]:
    days: dict[str, date] = {}
    for name in ("start_day", "end_day"):
        try:
            days[name] = date.fromisoformat(single[name])
        except KeyError:
            problems.append(f"{name} is missing; it is a date, YYYY-MM-DD.")
        except ValueError:
            problems.append(f"{name} is a date, YYYY-MM-DD; not {_shown(single[name])}.")
    if len(days) < 2:
        return _preset_days(DEFAULT_PERIOD, span)
    start_day, end_day = days["start_day"], days["end_day"]
    covered = f"the data's complete days, {_days_text(span.first_day, span.end_day)}"
    if start_day >= end_day:
        problems.append(f"start_day ({start_day}) must come before end_day ({end_day}, which is not included).")
    elif end_day <= span.first_day or start_day >= span.end_day:
        problems.append(f"{_days_text(start_day, end_day)} lies outside {covered}.")
    elif (span.first_day - start_day).days > FAR_OUTSIDE_DAYS or (end_day - span.end_day).days > FAR_OUTSIDE_DAYS:
        problems.append(f"{_days_text(start_day, end_day)} reaches far outside {covered}.")
    else:
        clamped = max(start_day, span.first_day), min(end_day, span.end_day)
        if clamped != (start_day, end_day):
            notices.append(f"Cut to {covered}.")
        return clamped
    return _preset_days(DEFAULT_PERIOD, span)


def _preset_days(period: str, span: DaySpan) -> tuple[date, date]:
    if period == "all":
        return span.first_day, span.end_day
    if period == "year-to-date":
        start_day = (span.end_day - timedelta(days=1)).replace(month=1, day=1)
    else:
        length = next(preset.days for preset in PERIOD_PRESETS if preset.name == period)
        start_day = span.end_day - timedelta(days=length or 0)
    return max(start_day, span.first_day), span.end_day


def _granularity(choice: str, days: int) -> str:
    if choice != DEFAULT_GRANULARITY:
        return choice
    if days <= DAY_GRANULARITY_MAX_DAYS:
        return "day"
    return "week" if days <= WEEK_GRANULARITY_MAX_DAYS else "month"


def _with_comparison(state: FilterState, span: DaySpan, notices: list[str]) -> FilterState:
    if state.compare == "none":
        return state
    # Whole weeks, so that weekdays meet weekdays, and never so few that the two periods overlap.
    year_shift_days = max(YEAR_SHIFT_DAYS, 7 * math.ceil(state.days / 7))
    shift = timedelta(days=state.days if state.compare == "previous" else year_shift_days)
    if state.start_day - span.first_day < shift:
        notices.append(f"{NOTICE_OF['compare']}: the data begin on {_day_text(span.first_day)}.")
        return state
    return replace(state, compare_start_day=state.start_day - shift, compare_end_day=state.end_day - shift)


def _days_text(start_day: date, end_day: date) -> str:
    return f"{_day_text(start_day)} to {_day_text(end_day - timedelta(days=1))}"


def _day_text(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _shown(value: str) -> str:
    return f"«{value if len(value) <= 40 else value[:40] + '…'}»"
