"""The URL is read once, in one place, and never trusted."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.dimensions import COMPARISONS, DIMENSIONS, GRANULARITY_LABELS, PERIOD_PRESETS
from definitions.manifest import DaySpan
from definitions.values import CALENDARS
from queries.filters import (
    MAX_SEARCH_CHARACTERS,
    NO_DAYS,
    FilterError,
    Selection,
    page_parameters,
    parse_search,
    segment_in,
    to_search,
)

# Complete days: 1 January 2023 to 19 June 2024.
SPAN = DaySpan(date(2023, 1, 1), date(2024, 6, 20))
SPANS = dict.fromkeys(CALENDARS, SPAN)


@pytest.mark.parametrize(
    ("search", "start_day", "end_day"),
    [
        ("", date(2024, 5, 23), date(2024, 6, 20)),  # 28 days
        ("?period=last-7-days", date(2024, 6, 13), date(2024, 6, 20)),
        ("period=year-to-date", date(2024, 1, 1), date(2024, 6, 20)),
        ("period=all", date(2023, 1, 1), date(2024, 6, 20)),
        ("start_day=2024-02-01&end_day=2024-03-01", date(2024, 2, 1), date(2024, 3, 1)),
        # Cut to the data on either side.
        ("start_day=2022-12-01&end_day=2023-02-01", date(2023, 1, 1), date(2023, 2, 1)),
        ("start_day=2024-06-01&end_day=2024-07-01", date(2024, 6, 1), date(2024, 6, 20)),
    ],
)
def test_days(search: str, start_day: date, end_day: date) -> None:
    filters = parse_search(search, SPANS)
    assert not filters.problems
    assert (filters.start_day, filters.end_day) == (start_day, end_day)


@pytest.mark.parametrize(
    ("search", "compare_start_day", "compare_end_day"),
    [
        ("period=last-7-days", date(2024, 6, 6), date(2024, 6, 13)),
        # 364 days, so that weekdays meet weekdays: Thursday 13 June 2024 and Thursday 15 June 2023.
        ("period=last-7-days&compare=year", date(2023, 6, 15), date(2023, 6, 22)),
        ("period=last-7-days&compare=none", None, None),
        # 365 days: 53 whole weeks before, so that the periods do not overlap.
        ("start_day=2023-06-21&end_day=2024-06-20&compare=year", None, None),
        # The 28 days before would begin in 2022, before the data: no comparison rather than a shorter one.
        ("start_day=2023-01-05&end_day=2023-02-02", None, None),
    ],
)
def test_the_comparison_has_the_same_number_of_days_or_is_none(
    search: str, compare_start_day: date | None, compare_end_day: date | None
) -> None:
    filters = parse_search(search, SPANS)
    assert (filters.compare_start_day, filters.compare_end_day) == (compare_start_day, compare_end_day)
    comparison = filters.comparison()
    if comparison is not None:
        assert comparison.days == filters.days
        assert comparison.comparison() is None


@pytest.mark.parametrize(
    ("search", "granularity"),
    [
        ("period=last-28-days", "day"),
        ("period=last-90-days", "week"),
        ("period=last-12-months", "week"),
        ("period=all", "month"),
        ("period=all&granularity=week", "week"),
    ],
)
def test_periods_are_as_long_as_a_chart_can_show(search: str, granularity: str) -> None:
    assert parse_search(search, SPANS).granularity == granularity


@pytest.mark.parametrize(
    ("search", "says"),
    [
        ("start_day=banana&end_day=2024-01-01", "start_day is a date"),
        ("start_day=2024-01-01", "end_day is missing"),
        ("start_day=2024-03-01&end_day=2024-02-01", "must come before"),
        ("start_day=2024-03-01&end_day=2024-03-01", "must come before"),
        ("start_day=1990-01-01&end_day=1990-02-01", "outside"),
        ("start_day=2090-01-01&end_day=2090-02-01", "outside"),
        ("start_day=0001-01-01&end_day=9999-12-31", "far outside"),
        ("period=last-28-days&start_day=2024-01-01&end_day=2024-02-01", "both"),
        ("period=' or 1=1 --", "period can be"),
        ("calendar=mars", "calendar can be"),
        ("granularity=second", "granularity can be"),
        ("compare=", "compare can be"),
        ("segment=", "segment is the id of a segment"),
        ("segment=../../etc", "segment is the id of a segment"),
        ("segment=ABCDEFGH", "segment is the id of a segment"),
        ("segment=abcdefghi", "segment is the id of a segment"),
        ("device=" + "x" * MAX_SEARCH_CHARACTERS, "characters long"),
        ("&".join(f"plan={number}" for number in range(300)), "300 values"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_shown(search: str, says: str) -> None:
    filters = parse_search(search, SPANS)
    assert any(says in problem for problem in filters.problems)
    with pytest.raises(FilterError, match=says):
        filters.parameters()


def test_a_parameter_that_is_no_filter_is_left_out_and_said() -> None:
    filters = parse_search("utm_source=mail&device=tv", SPANS)
    assert not filters.problems
    assert any("utm_source" in notice for notice in filters.notices)
    assert filters.chosen("device") == Selection(("tv",))


def test_data_without_a_complete_day_are_said_to_be_so() -> None:
    for spans in ({}, dict.fromkeys(CALENDARS, DaySpan(date(2024, 1, 1), date(2024, 1, 1)))):
        for search in ("", "start_day=2024-01-01&end_day=2024-02-01&compare=year"):
            filters = parse_search(search, spans)
            assert (filters.has_days, filters.problems, filters.notices) == (False, (), (NO_DAYS,))


def test_kinds_default_to_films_episodes_and_live() -> None:
    def kinds(search: str) -> object:
        return parse_search(search, SPANS).parameters()["kinds"]

    assert kinds("") == {"chosen_values": ["film", "episode", "live"], "excluded": False}
    assert kinds("kind=trailer") == {"chosen_values": ["trailer"], "excluded": False}
    assert kinds("not_kind=film") == {"chosen_values": ["episode", "live"], "excluded": False}


def test_a_series_is_chosen_as_its_episodes_and_keeps_its_word() -> None:
    filters = parse_search("kind=series&kind=episode&kind=film", SPANS)
    assert filters.parameters()["kinds"] == {"chosen_values": ["episode", "film"], "excluded": False}
    assert filters.search() == "kind=series&kind=episode&kind=film"
    excluded = parse_search("not_kind=series", SPANS).parameters()["kinds"]
    assert excluded == {"chosen_values": ["film", "live"], "excluded": False}


@pytest.mark.parametrize(
    ("search", "selection", "again"),
    [
        ("not_device=tv&not_device=mobile", Selection(("tv", "mobile"), excluded=True), None),
        # Both at once: what is chosen, without what is excluded.
        ("device=tv&device=mobile&not_device=tv", Selection(("mobile",)), "device=mobile"),
        ("device=tv&not_device=tv", Selection(()), "device="),
    ],
)
def test_values_can_be_excluded(search: str, selection: Selection, again: str | None) -> None:
    filters = parse_search(search, SPANS)
    assert filters.chosen("device") == selection
    assert filters.search() == (search if again is None else again)


def test_a_segment_is_a_filter_that_binds_nothing() -> None:
    filters = parse_search("?segment=abcd2345&device=tv", SPANS)
    assert (filters.segment, filters.chosen_count) == ("abcd2345", 2)
    assert filters.search() == "segment=abcd2345&device=tv"
    assert filters.parameters() == parse_search("device=tv", SPANS).parameters()
    comparison = filters.comparison()
    assert comparison is not None
    assert comparison.segment == "abcd2345"
    assert filters.without("device").search() == "segment=abcd2345"
    assert filters.without("segment").search() == "device=tv"
    assert filters.without_any().search() == ""


def test_the_segment_is_found_in_any_query_string() -> None:
    assert segment_in("?table=plays&segment=abcd2345&where=kind+is+film") == "abcd2345"
    assert segment_in("segment=abcd2345&segment=wxyz6789") == "wxyz6789", "as parse_search reads it"
    assert segment_in("segment=%2e%2e%2fetc") is None
    assert segment_in("") is None


def test_what_a_page_keeps_besides_filters_is_not_complained_of() -> None:
    search = "?device=tv&show=a.table&sort=-plays&colour=red"
    assert page_parameters(search) == (("show", "a.table"), ("sort", "-plays"))
    assert parse_search(search, SPANS).notices == ("Not a filter, so left out: «colour».",)
    assert parse_search("", SPANS).parameters()["devices"] is None


@given(search=st.text(max_size=300))
def test_no_text_at_all_raises(search: str) -> None:
    filters = parse_search(search, SPANS)
    assert SPAN.first_day <= filters.start_day < filters.end_day <= SPAN.end_day


@given(
    st.fixed_dictionaries(
        {
            "compare": st.sampled_from(list(COMPARISONS)),
            "granularity": st.sampled_from(list(GRANULARITY_LABELS)),
            "calendar": st.sampled_from(CALENDARS),
            "days": st.one_of(
                st.sampled_from([preset.name for preset in PERIOD_PRESETS]),
                st.tuples(st.integers(0, 500), st.integers(1, 30)),
            ),
        }
        | {dimension.name: st.lists(st.text(min_size=1, max_size=12), max_size=3) for dimension in DIMENSIONS}
    )
)
def test_what_is_written_is_read_back_the_same(choices: dict[str, Any]) -> None:
    days = choices.pop("days")
    if isinstance(days, str):
        choices["period"] = days
    else:
        start, length = days
        start_day = SPAN.first_day + timedelta(days=start)
        choices |= {"start_day": start_day.isoformat(), "end_day": (start_day + timedelta(days=length)).isoformat()}
    filters = parse_search(to_search(choices), SPANS)
    if not filters.problems:
        again = parse_search(filters.search(), SPANS)
        assert (again.start_day, again.end_day, again.selections) == (
            filters.start_day,
            filters.end_day,
            filters.selections,
        )
        assert again.compare == filters.compare
        assert again.granularity_choice == filters.granularity_choice
        assert again.calendar == filters.calendar


def test_the_default_state_has_no_query_string_and_an_ordinary_one_is_short() -> None:
    assert parse_search("", SPANS).search() == ""
    ordinary = parse_search("period=last-90-days&device=tv&device=mobile&country=IN&kind=film&compare=year", SPANS)
    assert ordinary.search() == "period=last-90-days&compare=year&device=tv&device=mobile&country=IN&kind=film"
