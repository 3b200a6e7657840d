"""How far people get equals what plain Python follows, for filter states drawn by hypothesis."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.options import OPTION_BY_NAME
from queries.filters import FilterState, parse_search
from queries.run import run, run_compared
from tests.following import by_profile, coverages, reached
from tests.queries.cases import Case, assert_same, draw_filters, rows_of
from tests.queries.oracle import MS_PER_HOUR, ONE_DAY, Play, but_plays, periods, show_id
from tests.tracing import untraced

drawn = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Way:
    """One account's way through a film or season: the play that began it, and what it reached when."""

    begun: Play
    released_on: date | None
    is_known: bool
    watched: tuple[Play, ...]
    completed: tuple[tuple[Play, ...], ...]
    watch_ms: int

    def days(self, calendar: str) -> tuple[date, date | None, date | None]:
        """Return the days of the steps, none before the one before it."""
        day = self.begun.day_in[calendar]
        watched = min((max(day, play.day_in[calendar]) for play in self.watched), default=None)
        if watched is None or not self.is_known or not all(self.completed):
            return day, watched, None
        lasts = (min(play.day_in[calendar] for play in plays) for plays in self.completed)
        return day, watched, max(day, watched, *lasts)


@dataclass(frozen=True)
class Settling:
    """One profile and title: the play that tells, whether it was watched, whether left and returned to."""

    told: Play
    is_watched: bool
    is_returned: bool

    def day(self, calendar: str) -> date:
        day = self.told.day_in[calendar]
        return day if self.is_watched else day + 30 * ONE_DAY


class Following:
    """All that a case's plays tell."""

    @untraced
    def __init__(self, case: Case) -> None:
        plays = [play for play in case.oracle.plays if play.title["kind"] in ("film", "episode")]
        plays.sort(key=lambda play: (play.row["started_at"], play.row["play_id"]))
        self.play_of = {play.row["play_id"]: play for play in plays}
        self.profiles = by_profile(play.row | {"title": play.title} for play in plays)
        self.titles = list(case.oracle.titles.values())
        self.ways = list(self._ways())
        self.settlings: list[Settling] = []
        self.known_plays: list[tuple[Play, bool]] = []
        for own in self.profiles.values():
            if _is_known(own):
                self._settle(own)

    def _settle(self, own: list[dict[str, Any]]) -> None:
        watched, completed = reached(own, 70), reached(own, 90)
        is_returned = False
        ended_at = own[0]["started_at"]
        for row in own:
            is_returned |= row["started_at"] - ended_at >= ONE_DAY
            lengths = ("startup_ms", "watch_ms", "paused_ms", "rebuffer_ms")
            # A play of no length runs for a millisecond (plays.run_ms).
            run = timedelta(milliseconds=max(1, sum(row.get(name) or 0 for name in lengths)))
            ended_at = max(ended_at, row["started_at"] + min(run, ONE_DAY))
            if completed and row is completed[0]:
                break
        told = self.play_of[(watched or own[-1:])[0]["play_id"]]
        self.settlings.append(Settling(told, bool(watched), is_returned))
        self.known_plays += [
            (self.play_of[row["play_id"]], bool(completed) and row["started_at"] > completed[0]["started_at"])
            for row in own
        ]

    def _ways(self) -> Iterator[Way]:
        seasons: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for title in self.titles:
            if title["kind"] == "film":
                seasons[title["title_id"]].append(title)
            elif title["kind"] == "episode":
                seasons[show_id(title), title.get("season_number")].append(title)
        parts: dict[tuple[str, str], list[list[dict[str, Any]]]] = defaultdict(list)
        for (account, _, title_id), own in self.profiles.items():
            parts[account, title_id].append(own)
        for account in {account for account, _ in parts}:
            for titles in seasons.values():
                of_titles = [parts.get((account, title["title_id"]), []) for title in titles]
                begun = [row for of_title in of_titles if (row := _begun(of_title))]
                if begun:
                    yield self._way(titles, of_titles, begun)

    def _way(
        self,
        titles: list[dict[str, Any]],
        of_titles: list[list[list[dict[str, Any]]]],
        begun: list[dict[str, Any]],
    ) -> Way:
        needed = 70 if titles[0]["kind"] == "film" else 90
        completed, watch_ms = [], 0
        for profiles in of_titles:
            dones = [(own, done) for own in profiles if (done := reached(own, 90))]
            completed.append(tuple(self.play_of[row["play_id"]] for _, done in dones for row in done))
            watch_ms += min(
                (sum(row["watch_ms"] for row in own[: own.index(done[0]) + 1]) for own, done in dones), default=0
            )
        return Way(
            begun=self.play_of[min(begun, key=lambda row: (row["started_at"], row["title_id"]))["play_id"]],
            released_on=min((on for title in titles if (on := title.get("released_on"))), default=None),
            is_known=all(title.get("runtime_ms") for title in titles)
            and all(any(map(_is_known, profiles)) for profiles in of_titles if profiles),
            watched=tuple(
                self.play_of[row["play_id"]]
                for profiles in of_titles
                for own in profiles
                for row in reached(own, needed)
            ),
            completed=tuple(completed),
            watch_ms=watch_ms,
        )


def _is_known(own: list[dict[str, Any]]) -> bool:
    return bool(own[0]["title"].get("runtime_ms")) and any(ms is not None for _, ms in coverages(own))


def _begun(profiles: list[list[dict[str, Any]]]) -> dict[str, Any] | None:
    """Return the play with which an account's watch time of a title came to two minutes."""
    watch_ms = 0
    for row in sorted((row for own in profiles for row in own), key=lambda row: (row["started_at"], row["play_id"])):
        watch_ms += row["watch_ms"]
        if watch_ms >= 120_000:
            return row
    return None


@pytest.fixture(scope="module")
def world_following(world: Case) -> Following:
    return Following(world)


@pytest.fixture(scope="module")
def real_following(real: Case) -> Following:
    return Following(real)


@drawn
@given(data=st.data())
def test_steps_of_a_made_up_source(world: Case, world_following: Following, data: st.DataObject) -> None:
    check_steps(world, world_following, draw_steps(world, data))


@drawn
@given(data=st.data())
def test_steps_of_the_real_export(real: Case, real_following: Following, data: st.DataObject) -> None:
    check_steps(real, real_following, draw_steps(real, data))


@drawn
@given(data=st.data())
def test_abandonment_of_a_made_up_source(world: Case, world_following: Following, data: st.DataObject) -> None:
    check_abandonment(world, world_following, data)


@drawn
@given(data=st.data())
def test_abandonment_of_the_real_export(real: Case, real_following: Following, data: st.DataObject) -> None:
    check_abandonment(real, real_following, data)


@drawn
@given(data=st.data())
def test_finishes_of_a_made_up_source(world: Case, world_following: Following, data: st.DataObject) -> None:
    check_finishes(world, world_following, data)


@drawn
@given(data=st.data())
def test_rewatching_of_a_made_up_source(world: Case, world_following: Following, data: st.DataObject) -> None:
    check_rewatching(world, world_following, data)


@drawn
@given(data=st.data())
def test_rewatching_of_the_real_export(real: Case, real_following: Following, data: st.DataObject) -> None:
    check_rewatching(real, real_following, data)


def answers(case: Case, query: str, filters: FilterState) -> Iterator[tuple[list[dict[str, Any]], FilterState]]:
    """Return the rows of the range and of what it is compared with, each with its filters."""
    both = run_compared(query, filters, case.build)
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        rows = rows_of(both[both["span"] == span].drop(columns="span"))
        if shown is None:
            assert not rows
        else:
            yield rows, shown


def test_films_of_the_real_export_are_completed_by_their_bookmarks(real: Case, real_following: Following) -> None:
    # Films have runtimes by the catalogue, episodes have none; nothing has a day of release.
    filters = parse_search("period=all&calendar=utc", real.build.manifest.spans)
    check_steps(real, real_following, filters)
    frame = run("completion_steps", filters, real.build)
    assert frame["title_accounts"].tolist() == [174, 141, 126]
    assert frame["unknown_starters"].tolist() == [638] * 3
    assert (frame["estimated_starters"] == frame["title_accounts"].iloc[0]).all()
    within = replace(filters, options=(("within", "28"),))
    assert run("completion_steps", within, real.build)["title_accounts"].isna().all()


def draw_steps(case: Case, data: st.DataObject) -> FilterState:
    within = data.draw(st.sampled_from(list(OPTION_BY_NAME["within"].choices)), "within")
    return replace(draw_filters(case, data), options=(("within", within),) if within != "all" else ())


def check_steps(case: Case, following: Following, filters: FilterState) -> None:
    within = filters.option("within")
    has_releases = any(title.get("released_on") for title in following.titles)
    for rows, shown in answers(case, "completion_steps", filters):
        counts = {"Starters": 0, "Watchers": 0, "Completers": 0}
        unknown = still_open = 0
        for way in following.ways:
            day, watched_day, completed_day = way.days(filters.calendar)
            late_day = date.max
            if within != "all":
                if way.released_on is None:
                    continue
                late_day = way.released_on + int(within) * ONE_DAY
            if not shown.start_day <= day < min(shown.end_day, late_day) or not case.oracle.passes(
                way.begun, but_plays(filters)
            ):
                continue
            if not way.is_known:
                unknown += 1
                continue
            end_day = min(shown.end_day, late_day)
            counts["Starters"] += 1
            counts["Watchers"] += watched_day is not None and watched_day < end_day
            counts["Completers"] += completed_day is not None and completed_day < end_day
            still_open += date.max > late_day > shown.end_day
        is_known = within == "all" or has_releases
        assert {row["step"]: row["title_accounts"] for row in rows} == (counts if is_known else dict.fromkeys(counts))
        assert {row["unknown_starters"] for row in rows} == {unknown}
        assert {row["open_starters"] for row in rows} == {still_open}
        assert counts["Starters"] >= counts["Watchers"] >= counts["Completers"]


def check_abandonment(case: Case, following: Following, data: st.DataObject) -> None:
    filters = draw_filters(case, data)
    passing = [one for one in following.settlings if case.oracle.passes(one.told, but_plays(filters))]
    for rows, shown in answers(case, "abandonment_by_period", filters):
        for row, (start, first_day, end_day, whole) in zip(rows, periods(shown), strict=True):
            inside = [one for one in passing if first_day <= one.day(filters.calendar) < end_day]
            returned = sum(one.is_returned for one in inside)
            is_told = first_day >= filters.data_start_day + 30 * ONE_DAY
            abandoned = sum(not one.is_watched for one in inside)
            expected = {
                "abandonment_rate": abandoned / len(inside) if inside and is_told else None,
                "comeback_share": returned / len(inside) if inside else None,
                "abandoned": abandoned if is_told else None,
                "returned_titles": returned,
                "settled_titles": len(inside),
            }
            assert (row["period_start"], row["is_complete"]) == (start, whole)
            assert_same({name: row[name] for name in expected}, expected, str(start))


def check_finishes(case: Case, following: Following, data: st.DataObject) -> None:
    filters = draw_filters(case, data)
    for rows, shown in answers(case, "finish_times", filters):
        bins: dict[float, list[tuple[float, int, bool, bool]]] = defaultdict(list)
        for way in following.ways:
            day, _, completed_day = way.days(filters.calendar)
            if way.begun.title["kind"] != "episode" or completed_day is None:
                continue
            if shown.start_day <= completed_day < shown.end_day and case.oracle.passes(way.begun, but_plays(filters)):
                days = (completed_day - day).days + 1
                hours = way.watch_ms / MS_PER_HOUR
                known = way.released_on is not None
                is_racer = way.released_on is not None and completed_day <= way.released_on
                bins[hours / days // 0.25 * 0.25].append((hours, days, known, is_racer))
        assert {row["hours_from"] for row in rows} == set(bins)
        for row in rows:
            found = bins[row["hours_from"]]
            assert row["finished_seasons"] == len(found)
            assert row["release_known_seasons"] == sum(known for _, _, known, _ in found)
            assert row["binge_racers"] == sum(is_racer for *_, is_racer in found)
            hours, days = sum(hours for hours, *_ in found), sum(days for _, days, *_ in found)
            assert row["hours_per_day_to_finish"] == pytest.approx(hours / days)


def check_rewatching(case: Case, following: Following, data: st.DataObject) -> None:
    filters = draw_filters(case, data)
    passing = [(play, again) for play, again in following.known_plays if case.oracle.passes(play, filters)]
    for rows, shown in answers(case, "rewatching_by_period", filters):
        for row, (start, first_day, end_day, whole) in zip(rows, periods(shown), strict=True):
            inside = [(play, again) for play, again in passing if first_day <= play.day_in[filters.calendar] < end_day]
            again = [play for play, is_again in inside if is_again]
            watch_ms = sum(play.watch_ms for play, _ in inside)
            again_ms = sum(play.watch_ms for play in again)
            expected = {
                "rewatch_play_share": len(again) / len(inside) if inside else None,
                "rewatch_time_share": again_ms / watch_ms if watch_ms else None,
                "rewatch_plays": len(again),
                "coverage_known_plays": len(inside),
                "rewatch_hours": again_ms / MS_PER_HOUR,
                "coverage_known_hours": watch_ms / MS_PER_HOUR,
            }
            assert (row["period_start"], row["is_complete"]) == (start, whole)
            assert_same({name: row[name] for name in expected}, expected, str(start))
