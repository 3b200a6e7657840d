"""Who watches one film or series, and how far they get through a season: by hand, and as plain Python counts them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from definitions.manifest import DaySpan
from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import FilterState, parse_search
from queries.run import run
from tests.queries.cases import Case, draw_filters, rows_of
from tests.queries.oracle import MS_PER_HOUR, Play, show_id
from tests.sources import Row, write_source

drawn = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MINUTE_MS = 60_000


@drawn
@given(data=st.data())
def test_the_audience_of_a_title_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_audience(world, data)


@drawn
@given(data=st.data())
def test_the_audience_of_a_title_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_audience(real, data)


def check_audience(case: Case, data: st.DataObject) -> None:
    of_title = data.draw(st.sampled_from(sorted({show_id(title) for title in case.oracle.titles.values()})), "of_title")
    by = data.draw(st.sampled_from(["device", "country", "plan", "profile_type"]), "audience_by")
    drawn_filters = draw_filters(case, data)
    about = drawn_filters
    if of_title.startswith("series "):
        about = replace(about, of_series=of_title.removeprefix("series "))
    else:
        about = replace(about, of_title=of_title.removeprefix("title "))
    filters = replace(about, options=(("audience_by", by),)).about_title()
    service = filters.without("title")
    plays = case.oracle.plays_between(filters.start_day, filters.end_day, service)
    own = [play for play in plays if show_id(play.title) == of_title]
    values: dict[str, Callable[[Play], str | None]] = {
        "device": lambda play: play.row.get("device_type"),
        "country": lambda play: play.country,
        "plan": lambda play: case.oracle.plan_on(play.row["account_id"], play.day_in[filters.calendar]),
        "profile_type": lambda play: play.profile_type,
    }
    check_groups(case, filters, plays, own, lambda play: values[by](play) or "unknown")
    check_origins(case, filters, own)
    check_others(case, filters, plays, of_title)


def check_groups(
    case: Case, filters: FilterState, plays: list[Play], own: list[Play], value: Callable[[Play], str]
) -> None:
    usual, ours = watch_ms_by(plays, value), watch_ms_by(own, value)
    rows = {row["group_id"]: row for row in rows_of(run("audience_by_group", filters, case.build))}
    assert rows.keys() == usual.keys()
    for group, row in rows.items():
        share = ratio(ours[group], sum(ours.values()))
        service_share = ratio(usual[group], sum(usual.values()))
        assert row["watch_hours"] == pytest.approx(ours[group] / MS_PER_HOUR)
        assert row["watch_share"] == pytest.approx(share)
        assert row["service_share"] == pytest.approx(service_share)
        index = None if share is None or service_share is None else ratio(share, service_share)
        assert row["audience_index"] == pytest.approx(index)


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def watch_ms_by(plays: list[Play], value: Callable[[Play], str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for play in plays:
        found[value(play)] += play.watch_ms
    return found


def check_origins(case: Case, filters: FilterState, own: list[Play]) -> None:
    counted: dict[str, int] = defaultdict(int)
    for play in own:
        counted[play.row.get("origin") or "unknown"] += 1
    rows = rows_of(run("plays_by_origin", filters, case.build))
    assert {row["origin"]: row["plays"] for row in rows} == counted
    assert sum(row["play_share"] for row in rows) == pytest.approx(1 if own else 0)


def check_others(case: Case, filters: FilterState, plays: list[Play], of_title: str) -> None:
    accounts: dict[str, set[str]] = defaultdict(set)
    for play in plays:
        if play.watch_ms >= MINUTE_MS:
            accounts[show_id(play.title)].add(play.row["account_id"])
    everybody = set().union(*accounts.values())
    own = accounts.pop(of_title, set())
    rows = rows_of(run("also_watched", filters, case.build))
    # Neither world has the accounts that it takes; test_lift_by_hand has.
    assert [row["show_id"] for row in rows] == [show for show, of_show in accounts.items() if len(of_show & own) >= 20]
    assert len(everybody) < 20


def play(number: int, account: str, title: str, day: int, minutes: int = 30) -> Row:
    return {
        "play_id": str(number),
        "account_id": account,
        "profile_id": None,
        "title_id": title,
        "started_at": datetime(2026, 6, day, 12),
        "watch_ms": minutes * MINUTE_MS,
        "distinct_ms": minutes * MINUTE_MS,
        "furthest_position_ms": minutes * MINUTE_MS,
        "utc_offset_min": 0,
    }


def built(folder: Path, titles: list[Row], plays: list[Row]) -> Build:
    build_warehouse(write_source(folder / "source", {"titles": titles, "plays": plays}), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def filters_of(build: Build, search: str) -> FilterState:
    return parse_search(search, build.manifest.spans).about_title()


def test_lift_by_hand(tmp_path: Path) -> None:
    # 40 accounts are active. The series: 25 of them; Near: 20 of these and 4 others; Far: 10 of these and 10 others.
    titles: list[Row] = [
        {"title_id": "e1", "name": "Pilot", "kind": "episode", "series_id": "s", "series_name": "Salt"},
        {"title_id": "near", "name": "Near", "kind": "film"},
        {"title_id": "far", "name": "Far", "kind": "film"},
    ]
    seen = {"e1": range(25), "near": [*range(20), *range(30, 34)], "far": [*range(10), *range(30, 40)]}
    plays = [
        play(number, f"a{account}", title, 1)
        for number, (title, account) in enumerate(
            [(title, account) for title, accounts in seen.items() for account in [*accounts, *range(25, 30)][:40]]
        )
    ]
    plays = [row for row in plays if int(str(row["account_id"])[1:]) in seen[str(row["title_id"])]]
    plays.append(play(900, "late", "far", 3))
    build = built(tmp_path, titles, plays)
    (row,) = rows_of(run("also_watched", filters_of(build, "of_series=s&period=all"), build))
    # Active by then: 25 + 4 (Near alone) + 6 (Far alone, 34 to 39) = 35. 20/25 of the series' by 24/35 of all.
    assert (row["name"], row["shared_accounts"]) == ("Near", 20)
    assert row["own_share"] == pytest.approx(20 / 25)
    assert row["service_share"] == pytest.approx(24 / 35)
    assert row["lift"] == pytest.approx(20 / 25 * 35 / 24)


def test_the_season_funnel_by_hand(tmp_path: Path) -> None:
    titles: list[Row] = [
        {
            "title_id": f"e{number}",
            "name": f"Part {number}",
            "kind": "episode",
            "series_id": "s",
            "series_name": "Salt",
            "season_number": 1,
            "episode_number": number,
            "runtime_ms": 30 * MINUTE_MS,
        }
        for number in (1, 2, 3)
    ]
    seen = [
        # ann finishes it all; bob leaves in the second; cat begins the third on the last day, and finishes it after.
        ("ann", "e1", 1, 30), ("ann", "e2", 1, 30), ("ann", "e3", 2, 30),
        ("bob", "e1", 1, 30), ("bob", "e2", 2, 5),
        ("cat", "e2", 1, 30), ("cat", "e3", 2, 10), ("cat", "e3", 4, 20), ("cat", "e1", 4, 30),
        # dan began the season before the range, eve looks in for a minute.
        ("eve", "e1", 1, 1), ("zoe", "e1", 9, 30),
    ]  # fmt: skip
    build = built(tmp_path, titles, [play(number, *row) for number, row in enumerate(seen)])
    search = "of_series=s&start_day=2026-06-01&end_day=2026-06-03"
    rows = rows_of(run("season_funnel", filters_of(build, search), build))
    assert [
        (row["episode_number"], row["episode_starters"], row["episode_finishers"], row["went_on_accounts"])
        for row in rows
    ] == [(1, 2, 2, 2), (2, 3, 2, 2), (3, 2, 1, None)]
    # Of two who began the first one finished all three by 2 June, of three the second, of two the third.
    assert [row["season_finish_share"] for row in rows] == pytest.approx([1 / 2, 1 / 3, 1 / 2])
    # By 8 June cat has finished it, too, and has begun the first.
    later = rows_of(run("season_funnel", filters_of(build, search.replace("06-03", "06-09")), build))
    assert [row["episode_starters"] for row in later] == [3, 3, 2]
    assert [row["season_finish_share"] for row in later] == pytest.approx([2 / 3, 2 / 3, 1.0])


def test_without_runtimes_nobody_is_known_to_finish(tmp_path: Path) -> None:
    titles: list[Row] = [
        {"title_id": "e1", "name": "Pilot", "kind": "episode", "series_name": "Salt", "episode_number": 1},
        {"title_id": "e2", "name": "Extra", "kind": "episode", "series_name": "Salt"},
    ]
    build = built(tmp_path, titles, [play(1, "ann", "e1", 1), play(2, "ann", "e2", 1), play(3, "ann", "e1", 3)])
    (row,) = rows_of(run("season_funnel", filters_of(build, "of_series=Salt&period=all"), build))
    # The episode without a number has no place in the order.
    known: dict[str, Any] = {
        "season_number": None,
        "episode_number": 1,
        "episode_starters": 1,
        "known_starters": 0,
        "episode_finishers": 0,
        "went_on_accounts": None,
        "season_finish_share": None,
    }
    assert {name: row[name] for name in known} == known


def test_a_page_of_a_film_asks_for_that_film_alone() -> None:
    spans = {"local": DaySpan(date(2026, 1, 1), date(2026, 6, 1))}
    filters = replace(parse_search("title=series other&device=tv", spans), of_title="low-tide")
    assert filters.about_title().search() == "device=tv&title=title+low-tide"
    # A title may be called what a series is.
    assert replace(filters, of_title="series salt").about_title().search() == "device=tv&title=title+series+salt"
    assert replace(filters, of_title=None, of_series="salt").about_title().search() == "device=tv&title=series+salt"
    assert replace(filters, of_title=None).about_title().search() == "device=tv&title=series+other"


@pytest.fixture(scope="module")
def reactions(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Ratings of two films, and covers of one: shown long enough or not, taken by their id, by time, or too late."""
    ratings: list[Row] = [
        {"rating_id": f"r{number}", "account_id": f"a{number}", "title_id": title, "rating": rating, "scale": "thumbs"}
        | {"ts": datetime(2026, 6, day, 20)}
        for number, (title, rating, day) in enumerate(
            [("salt", 1, 1), ("salt", 1, 1), ("salt", 0, 2), ("tide", 0, 2), ("salt", 0, 9), ("tide", 1, 9)]
        )
    ]
    impressions: list[Row] = [
        {"impression_id": name, "account_id": account, "title_id": "salt", "artwork_id": cover, "on_screen_ms": ms}
        | {"ts": datetime(2026, 6, 1, hour, minute)}
        for name, account, cover, ms, hour, minute in (
            ("i1", "ann", "cover-a", 1_000, 10, 0),  # taken, by its id
            ("i2", "ann", "cover-a", 999, 10, 1),  # not shown for long enough
            ("i3", "bob", "cover-b", 5_000, 11, 0),  # not the last before the play
            ("i4", "bob", "cover-b", 5_000, 11, 10),  # taken, ten minutes later
            ("i5", "cleo", "cover-a", 5_000, 12, 0),  # played 31 minutes later
            ("i6", "dan", "cover-a", 5_000, 13, 0),  # another was shown after it
            ("i7", "dan", "cover-a", 500, 13, 5),  # the last, but not shown for long enough
        )
    ]
    plays: list[Row] = [
        {**play(number, account, "salt", 1), "started_at": datetime(2026, 6, 1, hour, minute), "impression_id": of}
        for number, (account, of, hour, minute) in enumerate(
            [("ann", "i1", 10, 2), ("bob", None, 11, 20), ("cleo", None, 12, 31), ("dan", None, 13, 10)]
        )
    ]
    plays.append(play(9, "zoe", "tide", 9))
    artworks: list[Row] = [
        {"artwork_id": f"cover-{name}", "title_id": "salt", "path": f"{name}.jpg", "variant": name.upper()}
        for name in "ab"
    ]
    titles: list[Row] = [{"title_id": name, "name": name, "kind": "film"} for name in ("salt", "tide")]
    tables: dict[str, list[Row]] = {
        "titles": titles,
        "plays": plays,
        "ratings": ratings,
        "impressions": impressions,
        "artworks": artworks,
    }
    folder = tmp_path_factory.mktemp("reactions")
    build_warehouse(write_source(folder / "source", tables), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def test_ratings_by_hand(reactions: Build) -> None:
    # 1 and 2 June: the film has 1, 1 and 0, both films together 1, 1, 0 and 0, their mean is 0.5.
    # (2 + 25 * 0.5) / (3 + 25) = 14.5 / 28.
    search = "of_title=salt&start_day=2026-06-01&end_day=2026-06-03"
    rows = rows_of(run("ratings_by_value", filters_of(reactions, search), reactions))
    shared = {"scale": "thumbs", "rating_mean": pytest.approx(14.5 / 28), "service_mean": 0.5}
    assert rows == [
        {"rating": 1.0, "ratings": 2, "rating_share": pytest.approx(2 / 3), **shared},
        {"rating": 0.0, "ratings": 1, "rating_share": pytest.approx(1 / 3), **shared},
    ]
    assert run("ratings_by_value", filters_of(reactions, f"{search}&kind=episode"), reactions).empty


def test_take_rates_by_hand(reactions: Build) -> None:
    # Cover A: i1, i5 and i6 were on screen for a second, i1 was taken. Cover B: i3 and i4, of which i4 was taken.
    filters = filters_of(reactions, "of_title=salt&start_day=2026-06-01&end_day=2026-06-03")
    rows = rows_of(run("take_rate_by_cover", filters, reactions))
    assert [(row["cover"], row["impressions"], row["taken_impressions"]) for row in rows] == [("A", 3, 1), ("B", 2, 1)]
    for row in rows:
        interval = binomtest(row["taken_impressions"], row["impressions"]).proportion_ci(method="wilson")
        assert row["take_rate"] == row["taken_impressions"] / row["impressions"]
        assert (row["take_rate_low"], row["take_rate_high"]) == pytest.approx((interval.low, interval.high))
