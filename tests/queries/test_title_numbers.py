"""Every number of Titles equals the oracle's, for filter states drawn by hypothesis."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.options import OPTION_BY_NAME
from queries.filters import FilterState
from queries.run import run
from tests.queries.cases import Case, draw_filters, rows_of
from tests.queries.oracle import MS_PER_HOUR, Play, but_plays, periods, show_id
from tests.queries.test_progress_numbers import Following
from tests.tracing import untraced

drawn = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@drawn
@given(data=st.data())
def test_the_league_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_league(world, draw_options(world, data))


@drawn
@given(data=st.data())
def test_the_league_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_league(real, draw_options(real, data))


@drawn
@given(data=st.data())
def test_ranks_under_each_definition_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_ranks(world, draw_options(world, data))


@drawn
@given(data=st.data())
def test_ranks_under_each_definition_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_ranks(real, draw_options(real, data))


def draw_options(case: Case, data: st.DataObject) -> FilterState:
    filters = draw_filters(case, data)
    options = {
        name: data.draw(st.sampled_from(list(OPTION_BY_NAME[name].choices)), name)
        for name in ("league_measure", "view", "original")
    }
    options["genre"] = data.draw(st.sampled_from(["", *genres(case)]), "genre")
    options["find_title"] = data.draw(st.sampled_from(["", "film", "É", "2"]), "find_title")
    return replace(filters, options=tuple(options.items()))


_watches: dict[str, list[Play]] = {}


@untraced
def watches_of(case: Case) -> list[Play]:
    """The plays with which the coverage of a profile and title reached 70 %."""
    if case.build.id not in _watches:
        settlings = Following(case).settlings
        _watches[case.build.id] = [settling.told for settling in settlings if settling.is_watched]
    return _watches[case.build.id]


def genres(case: Case) -> list[str]:
    return sorted({tag["tag"] for tag in case.oracle.tags if tag["tag_kind"] == "genre"})


@untraced
def shows(case: Case) -> dict[str, dict[str, Any]]:
    """What is known of each film and series."""
    titles_of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for title in case.oracle.titles.values():
        titles_of[show_id(title)].append(title)
    found = {}
    for show, titles in titles_of.items():
        is_series = show.startswith("series ")
        whole = [title for title in titles if title["kind"] == "episode" or not is_series]
        runtimes = [title.get("runtime_ms") or 0 for title in whole]
        originals = [title["original"] for title in titles if title.get("original") is not None]
        ids = {title["title_id"] for title in titles}, {title.get("series_id") for title in titles} - {None}
        found[show] = {
            "name": min(title.get("series_name") or title["name"] for title in titles),
            "kind": "series" if is_series else titles[0]["kind"],
            "runtime_ms": sum(runtimes) if runtimes and all(runtimes) else None,
            "original": any(originals) if originals else None,
            "genres": sorted(
                {
                    tag["tag"]
                    for tag in case.oracle.tags
                    if tag["tag_kind"] == "genre" and (tag.get("title_id") in ids[0] or tag.get("series_id") in ids[1])
                }
            ),
        }
    return found


@untraced
def measures(case: Case, shown: FilterState, view: str) -> dict[str, dict[str, Any]]:
    """Every measure of each film and series watched."""
    plays_of: dict[str, list[Play]] = defaultdict(list)
    for play in case.oracle.plays_between(shown.start_day, shown.end_day, shown):
        plays_of[show_id(play.title)].append(play)
    # What several plays make up knows nothing of single plays, such as the place.
    followed = but_plays(shown)
    watches: dict[str, int] = defaultdict(int)
    for play in watches_of(case):
        if shown.start_day <= play.day_in[shown.calendar] < shown.end_day and case.oracle.passes(play, followed):
            watches[show_id(play.title)] += 1
    starts: dict[str, list[bool]] = defaultdict(list)
    for play, dones in case.oracle.title_starts:
        if shown.start_day <= play.day_in[shown.calendar] < shown.end_day and case.oracle.passes(play, followed):
            completed = any(done.day_in[shown.calendar] < shown.end_day for done in dones)
            starts[show_id(play.title)].append(completed)
    known = shows(case)
    found = {}
    for show, plays in plays_of.items():
        watch_ms = sum(play.watch_ms for play in plays)
        accounts = {play.row["account_id"] for play in plays if play.watch_ms >= 60_000}
        runtime_ms = known[show]["runtime_ms"]
        views = {
            "plays": sum(play.watch_ms >= 120_000 for play in plays),
            "coverage": watches[show] if watches[show] or runtime_ms else None,
            "hours": watch_ms / runtime_ms if runtime_ms else None,
            "starts": len(plays),
        }
        began = starts[show]
        found[show] = {
            "watch_hours": watch_ms / MS_PER_HOUR,
            "plays": len(plays),
            "views": views[view],
            "all_views": views,
            "active_accounts": len(accounts),
            "hours_per_account": watch_ms / MS_PER_HOUR / len(accounts) if accounts else None,
            "completion_rate": sum(began) / len(began) if began else None,
        }
    return found


def is_listed(show: dict[str, Any], filters: FilterState) -> bool:
    wanted = {"all": (True, False, None), "yes": (True,), "no": (False,), "unknown": (None,)}
    return show["original"] in wanted[filters.option("original")] and filters.option("genre") in ["", *show["genres"]]


def ranks(values: dict[str, float | None], names: dict[str, str]) -> dict[str, int]:
    """Return the rank of each film and series that has a value."""
    ordered = sorted((-value, names[show], show) for show, value in values.items() if value is not None)
    return {show: rank for rank, (_, _, show) in enumerate(ordered, 1)}


def check_league(case: Case, filters: FilterState) -> None:
    measure, view = filters.option("league_measure"), filters.option("view")
    known = {show: facts for show, facts in shows(case).items() if is_listed(facts, filters)}
    names = {show: facts["name"] for show, facts in known.items()}
    now = {show: row for show, row in measures(case, filters, view).items() if show in known}
    comparison = filters.comparison()
    before = (
        {show: row for show, row in measures(case, comparison, view).items() if show in known} if comparison else {}
    )
    now_ranks = ranks({show: row[measure] for show, row in now.items()}, names)
    before_ranks = ranks({show: row[measure] for show, row in before.items()}, names)
    rows = rows_of(run("title_league", filters, case.build))
    wanted = {show for show in now if filters.option("find_title").lower().replace("é", "e") in names[show].lower()}
    assert [row["show_id"] for row in rows] == sorted(
        wanted, key=lambda show: (now_ranks.get(show, len(now) + 1), names[show], show)
    )
    total = sum(row["watch_hours"] for row in now.values())
    for row in rows:
        show = row["show_id"]
        assert (row["rank"], row["compare_rank"]) == (now_ranks.get(show), before_ranks.get(show))
        assert (row["name"], row["kind"], row["original"]) == tuple(
            known[show][name] for name in ("name", "kind", "original")
        )
        assert (row["genres"] or "") == "; ".join(known[show]["genres"])
        assert row["watch_share"] == pytest.approx(now[show]["watch_hours"] / total if total else None)
        for name in {"watch_hours", "plays", "views", measure}:
            assert row[name] == pytest.approx(now[show][name]), name
            expected = before.get(show, {}).get(name)
            is_counted = name in ("watch_hours", "plays") or (name == "views" and now[show]["views"] is not None)
            if comparison and expected is None and is_counted:
                expected = 0
            elif name == "active_accounts" and comparison:
                expected = expected or 0
            assert row[f"compare_{name}"] == pytest.approx(expected), (name, show)
    check_courses(case, filters, rows)


def check_courses(case: Case, filters: FilterState, rows: list[dict[str, Any]]) -> None:
    watch_ms: dict[tuple[str, int], int] = defaultdict(int)
    count = 0
    for number, (_, first_day, end_day, _) in enumerate(periods(filters)):
        count = number + 1
        for play in case.oracle.plays_between(first_day, end_day, filters):
            watch_ms[show_id(play.title), number] += play.watch_ms
    for row in rows:
        expected = [watch_ms[row["show_id"], number] / MS_PER_HOUR for number in range(count)]
        assert [float(text) for text in row["course_hours"].split()] == pytest.approx(expected, abs=0.0006)


def check_ranks(case: Case, filters: FilterState) -> None:
    known = {show: facts for show, facts in shows(case).items() if is_listed(facts, filters)}
    names = {show: facts["name"] for show, facts in known.items()}
    now = {show: row["all_views"] for show, row in measures(case, filters, "plays").items() if show in known}
    by_view = {
        view: ranks({show: views[view] for show, views in now.items()}, names)
        for view in ("plays", "coverage", "hours", "starts")
    }
    top = {show for of_view in by_view.values() for show, rank in of_view.items() if rank <= 10}
    rows = {row["show_id"]: row for row in rows_of(run("title_ranks_by_view", filters, case.build))}
    assert rows.keys() == top
    for show, row in rows.items():
        found = {view: of_view.get(show) for view, of_view in by_view.items()}
        assert {view: row[f"{view}_rank"] for view in by_view} == found
        assert {view: row[f"views_by_{view}"] for view in by_view} == pytest.approx(now[show])
        assert row["views"] == pytest.approx(now[show][filters.option("view")])
        known_ranks = [rank for rank in found.values() if rank is not None]
        assert row["rank_spread"] == max(known_ranks) - min(known_ranks)
