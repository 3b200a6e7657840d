"""Explore's queries: what a link means, which rows it gives, and that nothing of it is ignored."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.warehouse import PUBLISHED
from pipeline.build.build import build_warehouse
from queries.conditions import operators_of, parse_condition
from queries.db import Build, Warehouse
from queries.explore import MAX_CONDITIONS, RowQuery, matching_rows, parse_rows, rows_page
from queries.filters import FilterError
from queries.run import QueryError, TooMuchError
from tests.sources import write_source

EVERYTHING = "period=all&kind=film&kind=episode&kind=trailer&kind=live&kind=supplemental"
# An evening in New Zealand is the morning of the same day in UTC: play 3 begins on 2 June there, on 1 June in UTC.
PLAYS: list[dict[str, Any]] = [
    {"play_id": "p1", "title_id": "t1", "watch_ms": 60_000, "device_type": "tv", "isp": "Acme", "autoplay": True},
    {
        "play_id": "p2",
        "title_id": "t2",
        "watch_ms": 90_000,
        "device_type": None,
        "isp": "100% 'Net_",
        "autoplay": False,
    },
    {"play_id": "p3", "title_id": "t1", "watch_ms": 60_000, "device_type": "mobile", "isp": None, "autoplay": None},
    {"play_id": "p4", "title_id": "t3", "watch_ms": 5_000, "device_type": "tv", "isp": "acme fibre", "autoplay": False},
]
MOMENTS = [
    datetime(2023, 6, 1, 10),
    datetime(2023, 6, 1, 11),
    datetime(2023, 6, 1, 20),
    datetime(2023, 6, 2, 10),
]
OFFSETS = [0, 0, 720, 0]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("explore")
    plays = [
        row | {"account_id": "a1", "started_at": moment, "utc_offset_min": offset}
        for row, moment, offset in zip(PLAYS, MOMENTS, OFFSETS, strict=True)
    ]
    # The last day is never complete, so one more play follows it.
    last = plays[0] | {"play_id": "later", "started_at": datetime(2023, 6, 4)}
    titles: list[dict[str, Any]] = [
        {"title_id": "t1", "name": "The Salt Year", "kind": "film", "runtime_ms": 5_400_000},
        {"title_id": "t2", "name": "Part 1", "kind": "episode", "series_id": "s1", "series_name": "Peppers"},
        {"title_id": "t3", "name": "Salt (trailer)", "kind": "trailer", "runtime_ms": 90_000},
    ]
    people: list[dict[str, Any]] = [
        {"title_id": None, "series_id": "s1", "person": "Ama", "role": "creator"},
        {"title_id": "t2", "series_id": None, "person": "Ben", "role": "director"},
        {"title_id": "t1", "series_id": None, "person": "Chi", "role": "director"},
    ]
    write_source(folder / "source", {"plays": [*plays, last], "titles": titles, "title_people": people})
    build_warehouse(folder / "source", folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def asked(build: Build, search: str) -> RowQuery:
    query = parse_rows(search, build.manifest)
    assert query.problems == ()
    return query


def found(build: Build, search: str) -> list[str]:
    """Return the first column of all matching rows, which the count must agree with."""
    query = asked(build, search)
    rows = rows_page(query, build, 0, 1000)
    assert matching_rows(query, build) == rows.num_rows
    return [str(value) for value in rows.column(0).to_pylist()]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("play_id is p2", ["p2"]),
        ("isp is Acme", ["p1"]),
        ("isp is-not Acme", ["p2", "p3", "p4"]),
        ("isp contains ACME", ["p1", "p4"]),
        ("isp contains % 'net_", ["p2"]),
        ("isp empty", ["p3"]),
        ("isp filled", ["p1", "p2", "p4"]),
        ("watch_ms at-least 60000", ["p1", "p2", "p3"]),
        ("watch_ms at-most 60000", ["p1", "p3", "p4"]),
        ("watch_ms is 90000", ["p2"]),
        ("autoplay is true", ["p1"]),
        ("autoplay is-not true", ["p2", "p3", "p4"]),
        ("device_type is tv", ["p1", "p4"]),
        ("started_at from 2023-06-01T11:00", ["p2", "p3", "p4"]),
        ("started_at before 2023-06-01T11:00:00Z", ["p1"]),
        ("utc_day is 2023-06-02", ["p4"]),
        ("local_day before 2023-06-02", ["p1", "p2"]),
    ],
)
def test_a_condition_keeps_the_rows_it_says(build: Build, where: str, expected: list[str]) -> None:
    assert found(build, f"{EVERYTHING}&" + urlencode({"where": where})) == expected


def test_all_conditions_must_hold(build: Build) -> None:
    search = urlencode([("where", "watch_ms at-least 60000"), ("where", "isp filled"), ("where", "device_type is tv")])
    assert found(build, f"{EVERYTHING}&{search}") == ["p1"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("period=all", ["p1", "p2", "p3"]),
        ("period=all&device=tv", ["p1"]),
        ("period=all&not_device=tv", ["p2", "p3"]),
        ("period=all&device=unknown", ["p2"]),
        ("period=all&kind=trailer", ["p4"]),
        ("period=all&title=series+s1", ["p2"]),
        ("start_day=2023-06-01&end_day=2023-06-02", ["p1", "p2"]),
        ("start_day=2023-06-01&end_day=2023-06-02&calendar=utc", ["p1", "p2", "p3"]),
        ("start_day=2023-06-02&end_day=2023-06-03", ["p3"]),
        ("table=titles", ["t1", "t2"]),
        ("table=titles&device=tv&kind=trailer", ["t3"]),
        ("table=title_cube&column=title_id&sort=title_id&start_day=2023-06-02&end_day=2023-06-03", ["t1"]),
        ("table=show_cube&column=show_id&period=all&title=series+s1", ["series s1"]),
    ],
)
def test_the_filters_of_the_bar_apply_where_the_table_has_them(build: Build, search: str, expected: list[str]) -> None:
    assert found(build, search) == expected


def test_filters_that_do_not_reach_the_table_are_told(build: Build) -> None:
    kinds = "As on every page, trailer and supplemental are left out: choose them under Kind."
    told = asked(build, "table=titles&device=tv&plan=Basic").notices
    assert told == ("Not filtered by days or device or plan: titles has no such column.", kinds)
    clocks = "Days are by the viewer's clock, moments in UTC."
    assert asked(build, "table=plays&device=tv&kind=film").notices == (clocks,)
    assert asked(build, "table=plays&calendar=utc&kind=film").notices == ()
    assert asked(build, "table=searches").notices == ("Days are counted in UTC: searches has no others.",)
    assert asked(build, "table=searches&calendar=utc").notices == ()
    # Rows of several splits tell of the same people: one split is shown.
    assert "The rows that tell all apart; the sums over them that the table holds too are left out." in (
        asked(build, "table=subscription_lives").notices
    )
    assert "The rows of everybody; those that the table holds by one thing or another are left out." in (
        asked(build, "table=subscription_ages").notices
    )


def test_sorting_puts_nulls_last_and_breaks_ties_by_the_key(build: Build) -> None:
    assert found(build, f"{EVERYTHING}&sort=isp") == ["p2", "p1", "p4", "p3"]
    assert found(build, f"{EVERYTHING}&sort=-isp") == ["p4", "p1", "p2", "p3"]
    assert found(build, f"{EVERYTHING}&sort=watch_ms") == ["p4", "p1", "p3", "p2"]
    assert found(build, f"{EVERYTHING}&sort=-watch_ms&sort=-play_id") == ["p2", "p3", "p1", "p4"]


@pytest.mark.parametrize("sort", ["", "&sort=title_id", "&sort=-watch_ms&sort=kind"])
def test_pages_put_together_are_all_rows_once(build: Build, sort: str) -> None:
    query = asked(build, EVERYTHING + sort)
    whole = rows_page(query, build, 0, 100).column("play_id").to_pylist()
    pages = [rows_page(query, build, start, start + 1).column("play_id").to_pylist() for start in range(4)]
    assert [name for page in pages for name in page] == whole
    assert sorted(whole) == ["p1", "p2", "p3", "p4"]


def test_columns_are_those_chosen_in_that_order_else_those_that_hold_something(build: Build) -> None:
    chosen = asked(build, "column=watch_ms&column=isp&column=cdn")
    assert rows_page(chosen, build, 0, 1).column_names == ["watch_ms", "isp", "cdn"]
    default = asked(build, "").columns
    assert "isp" in default
    assert "cdn" not in default
    assert asked(build, "table=searches").columns == PUBLISHED["searches"].column_names
    assert asked(build, "column=-isp").columns == tuple(name for name in default if name != "isp")


@pytest.mark.parametrize(
    "search",
    [
        "",
        "table=titles",
        "table=titles&column=title_id&column=name&sort=-runtime_ms&where=name+contains+salt",
        "period=all&device=tv&not_country=IN&column=isp&column=play_id&where=isp+empty&where=watch_ms+at-least+60000",
        "column=-isp&sort=play_id&where=started_at+from+2023-06-01T10%3A30%3A00",
        "where=isp+is+%26where%3Disp+empty",
    ],
)
def test_a_link_is_restored_from_what_it_means(build: Build, search: str) -> None:
    query = asked(build, search)
    assert query.search() == search
    assert asked(build, query.search()) == query


def test_ordinary_links_are_short(build: Build) -> None:
    default = asked(build, "").columns
    for columns in (default[1:], default[:8], default[:1]):
        query = replace(asked(build, "period=all&sort=-watch_ms&where=watch_ms+at-least+60000"), columns=columns)
        assert len(query.search()) < 500


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        (
            "table=nothing",
            "There is no table «nothing». There are: account_amounts, account_beginnings, account_colours,",
        ),
        ("table=plays&table=titles", "Rows come from one table; the link names several."),
        ("table=plays%22%3B+drop+table+x", 'There is no table «plays"; drop table x».'),
        ("column=watch", "plays has no column «watch». Do you mean watch_ms?"),
        ("column=isp&column=-cdn", "Give either the columns to show, or those to leave out; the link has both."),
        ("sort=-%22", 'plays has no column «"». It has: play_id, account_id,'),
        ("sort=isp&sort=-isp", "The link sorts by one column both ways."),
        ("&".join(f"sort={name}" for name in PUBLISHED["plays"].column_names[:6]), "at most 5 are read"),
        ("where=", "plays has no column «»."),
        ("where=1%3D1", "plays has no column «1=1»."),
        ("where=watch_ms", "watch_ms (whole number) can be compared by is, is-not, at-least, at-most, empty, filled"),
        (
            "where=isp+at-least+3",
            "isp (text) can be compared by is, is-not, contains, empty, filled; not by «at-least».",
        ),
        ("where=isp+is", "isp is needs text; the link has none."),
        ("where=isp+empty+x", "isp empty takes no value; the link has «x»."),
        ("where=watch_ms+at-least+1.5", "watch_ms is a whole number; not «1.5»."),
        ("where=watch_ms+is+9223372036854775808", "watch_ms is a whole number; not «9223372036854775808»."),
        ("where=autoplay+is+yes", "autoplay is true or false; not «yes»."),
        ("where=utc_day+from+2023-02-30", "utc_day is a date, YYYY-MM-DD; not «2023-02-30»."),
        ("where=started_at+before+noon", "started_at is a UTC timestamp, YYYY-MM-DD HH:MM:SS; not «noon»."),
        (
            "where=device_type+is+toaster",
            "device_type can be tv, mobile, tablet, desktop, console, other; not «toaster».",
        ),
        ("where=country+is+India", "country is an ISO 3166-1 alpha-2 country code, such as IN; not «India»."),
        ("&".join(f"where=watch_ms+is+{number}" for number in range(21)), "The link has 21 conditions; at most 20"),
        ("table=title_tags&where=weight+at-least+nan", "weight is a number; not «nan»."),
        ("start_day=banana", "start_day is a date, YYYY-MM-DD; not «banana»."),
        ("where=isp+is+" + "x" * 5000, "at most 4,000 are read."),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_asked(build: Build, search: str, sentence: str) -> None:
    query = parse_rows(search, build.manifest)
    assert any(sentence in problem for problem in query.problems), query.problems
    for refused in (query.statement, query.count_statement, query.parameters):
        with pytest.raises(FilterError):
            refused()


def test_a_hostile_value_is_only_a_value(build: Build) -> None:
    hostile = "x' or 1=1; --"
    query = asked(build, f"{EVERYTHING}&" + urlencode({"where": f"isp is {hostile}"}))
    assert hostile not in query.statement()
    assert query.parameters()["value_1"] == hostile
    assert matching_rows(query, build) == 0


def test_small_groups_close_the_tables_that_tell_of_one_account(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    closed = "This deployment shows no rows of fewer than 5 accounts, so {} is closed. Open instead: titles, "
    # What is offered tells of nobody; a table that a later build adds is closed until somebody has thought about it.
    opened = {
        "titles",
        "shows",
        "title_people",
        "title_tags",
        "artworks",
        "artwork_images",
        "image_colours",
        "image_bins",
        "colour_bins",
        "campaigns",
        "experiments",
        "audience_cells",
    }
    for name in opened:
        assert parse_rows(f"table={name}", build.manifest).problems == ()
    assert {"plays", "played_intervals", "title_cube", "show_periods", "rejected_rows"} <= PUBLISHED.keys() - opened
    for name in PUBLISHED.keys() - opened:
        (problem,) = parse_rows(f"table={name}", build.manifest).problems
        assert problem.startswith(closed.format(name))
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "many")
    assert "MARQUEE_MIN_ACCOUNTS" in parse_rows("table=titles", build.manifest).problems[0]


def test_every_table_can_be_read_counted_and_sorted_by_every_column(build: Build) -> None:
    for name, table in PUBLISHED.items():
        query = asked(build, f"table={name}")
        assert rows_page(query, build, 0, 10).num_rows == min(10, matching_rows(query, build)), name
        for column in table.column_names:
            rows_page(asked(build, f"table={name}&sort=-{column}"), build, 0, 1)


@pytest.mark.parametrize(("calendar", "files"), [("local", 2), ("utc", 1), ("service", 1)])
def test_only_the_files_of_the_days_asked_for_are_read(build: Build, calendar: str, files: int) -> None:
    query = asked(build, f"start_day=2023-06-01&end_day=2023-06-02&calendar={calendar}")
    with build.cursor() as cursor:
        plan = str(cursor.execute(f"explain {query.count_statement()}", query.parameters()).fetchall())
    # The service's zone is UTC. Plays lie on three days; by other clocks than UTC's, the day beside the one asked for
    # may hold some of it.
    assert f"Scanning Files: {files}/3" in plan


def test_what_takes_too_long_is_stopped_and_said(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_QUERY_TIME_LIMIT_MS", "1")
    query = asked(build, EVERYTHING)
    slow = "select count(*) as matching_rows from range(100000000) a, range(1000) b where a.range * b.range = 7"
    monkeypatch.setattr(RowQuery, "count_statement", lambda _query: slow)
    monkeypatch.setattr(RowQuery, "parameters", lambda _query: {})
    with pytest.raises(TooMuchError, match="longer than allowed"):
        matching_rows(query, build)
    assert issubclass(TooMuchError, QueryError)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, list[dict[str, Any]]]:
    """Two hundred titles with every kind of value, ties and nulls, and the same as plain Python rows."""
    rows = [
        {
            "title_id": f"t{number:03}",
            "name": ["Salt", "salt year", "Pepper", "x"][number % 4],
            "kind": "film",
            "season_number": [None, 1, 2, 3][number % 7 % 4],
            "runtime_ms": number % 5 * 60_000,
            "released_on": None if number % 11 == 0 else date(2020, 1, 1) + timedelta(days=number % 9),
            "original": [None, True, False][number % 3],
            "country": [None, "IN", "NZ"][number % 5 % 3],
        }
        for number in range(200)
    ]
    folder = tmp_path_factory.mktemp("numbers")
    play = {"play_id": "p", "account_id": "a", "title_id": "t000", "started_at": datetime(2023, 6, 1), "watch_ms": 1}
    later = play | {"play_id": "q", "started_at": datetime(2023, 6, 3)}
    write_source(folder / "source", {"titles": rows, "plays": [play, later]})
    build_warehouse(folder / "source", folder / "warehouse")
    return Warehouse(folder / "warehouse").current(), rows


VALUES = {
    "title_id": ["t001", "t199", "nothing"],
    "name": ["Salt", "SALT", "a", "%", "x"],
    "season_number": ["1", "3", "-1"],
    "runtime_ms": ["0", "60000", "240000"],
    "released_on": ["2020-01-01", "2020-01-05", "2030-12-31"],
    "original": ["true", "false"],
    "country": ["IN", "NZ", "FR"],
}


@st.composite
def conditions(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(sorted(VALUES)))
    operator = draw(st.sampled_from(operators_of(PUBLISHED["titles"].column(name))))
    value = draw(st.sampled_from(VALUES[name]))
    return " ".join([name, operator.name, *([value] if operator.takes_value else [])])


def holds(row: dict[str, Any], where: str) -> bool:
    """Say in plain Python whether a condition holds for a row."""
    name, operator, *_value = where.split(" ")
    found = row[name]
    if operator in ("empty", "filled"):
        return (found is None) == (operator == "empty")
    wanted: Any = parse_condition(where, PUBLISHED["titles"].column(name)).value
    if operator == "is-not":
        return bool(found != wanted)
    if found is None:
        return False
    match operator:
        case "is":
            return bool(found == wanted)
        case "contains":
            return wanted.lower() in found.lower()
        case "at-least" | "from":
            return bool(found >= wanted)
        case "at-most":
            return bool(found <= wanted)
        case _:
            return bool(found < wanted)


@settings(deadline=None)
@given(wheres=st.lists(conditions(), max_size=4, unique=True), extra=conditions())
def test_rows_are_those_that_plain_python_keeps(
    numbers: tuple[Build, list[dict[str, Any]]], wheres: list[str], extra: str
) -> None:
    build, rows = numbers
    search = "table=titles&" + urlencode([("where", where) for where in wheres])
    kept = [row["title_id"] for row in rows if all(holds(row, where) for where in wheres)]
    assert found(build, search) == kept
    more = matching_rows(asked(build, f"{search}&" + urlencode({"where": extra})), build)
    assert more <= len(kept)
    assert more == sum(holds(row, extra) for row in rows if row["title_id"] in kept)


def test_as_many_conditions_as_are_read_are_applied(numbers: tuple[Build, list[dict[str, Any]]]) -> None:
    build, _rows = numbers
    wheres = [("where", f"title_id is-not t{number:03}") for number in range(MAX_CONDITIONS)]
    assert matching_rows(asked(build, "table=titles&" + urlencode(wheres)), build) == 200 - MAX_CONDITIONS


@pytest.mark.parametrize(
    ("chosen", "people"),
    [
        ("title=series s1", ["Ama", "Ben"]),
        ("not_title=series s1", ["Chi"]),
        ("not_title=title zzz", ["Ama", "Ben", "Chi"]),
        ("title=title t1", ["Chi"]),
    ],
)
def test_a_row_that_names_only_a_series_belongs_to_it(build: Build, chosen: str, people: list[str]) -> None:
    query = parse_rows(f"period=all&table=title_people&column=person&sort=person&{chosen}", build.manifest)
    assert rows_page(query, build, 0, 10)["person"].to_pylist() == people
