"""Every number of Devices & places equals a count in plain Python, for filter states drawn by hypothesis."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.options import OPTION_BY_NAME
from queries.filters import FilterState, Selection
from queries.run import run
from tests.queries.cases import Case, assert_same, draw_filters, rows_of
from tests.queries.oracle import MS_PER_HOUR, ONE_DAY, Play, but_plays, periods, show_id
from tests.queries.test_viewing_numbers import hours_of, is_plan_chosen, without_plan

drawn = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def postal_area(play: Play) -> str | None:
    code = play.row.get("postal_code")
    country = place(play)
    return f"{country} {code}" if code and country else None


def place(play: Play) -> str | None:
    return play.row.get("country") or play.country


VALUE_OF: dict[str, Callable[[Play], str | None]] = {
    "device": lambda play: play.row.get("device_type"),
    "model": lambda play: play.row.get("device_model"),
    "app_version": lambda play: play.row.get("app_version"),
    "place": place,
    "region": lambda play: play.row.get("region"),
    "postal_area": postal_area,
}


@drawn
@given(data=st.data())
def test_contexts_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_contexts(world, data)


@drawn
@given(data=st.data())
def test_contexts_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_contexts(real, data)


@drawn
@given(data=st.data())
def test_shares_by_period_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_shares_by_period(world, data)


@drawn
@given(data=st.data())
def test_shares_by_period_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_shares_by_period(real, data)


@drawn
@given(data=st.data())
def test_devices_of_a_made_up_source(world: Case, data: st.DataObject) -> None:
    check_devices(world, draw_filters(world, data))


@drawn
@given(data=st.data())
def test_devices_of_the_real_export(real: Case, data: st.DataObject) -> None:
    check_devices(real, draw_filters(real, data))


def with_option(filters: FilterState, name: str, value: str) -> FilterState:
    is_default = value == OPTION_BY_NAME[name].default
    return replace(filters, options=() if is_default else ((name, value),))


def grouped(plays: list[Play], value_of: Callable[[Play], str | None]) -> dict[str, list[Play]]:
    groups: dict[str, list[Play]] = defaultdict(list)
    for play in plays:
        groups[value_of(play) or "unknown"].append(play)
    return groups


def watched_ms(plays: list[Play]) -> int:
    return sum(play.watch_ms for play in plays)


def account_days(plays: list[Play], calendar: str) -> int:
    return len({(play.row["account_id"], play.day_in[calendar]) for play in plays if play.watch_ms >= 60_000})


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def check_contexts(case: Case, data: st.DataObject) -> None:
    query, by = data.draw(
        st.sampled_from(
            [
                *(("viewing_by_device", by) for by in OPTION_BY_NAME["devices_by"].choices),
                ("viewing_by_country", "place"),
                *(("viewing_by_place", by) for by in OPTION_BY_NAME["places_by"].choices),
            ]
        ),
        "query",
    )
    option = {"viewing_by_device": "devices_by", "viewing_by_place": "places_by"}.get(query)
    filters = draw_filters(case, data)
    filters = with_option(filters, option, by) if option else filters
    spans = {"": filters, "compare_": filters.comparison()}
    plays = {
        prefix: case.oracle.plays_between(shown.start_day, shown.end_day, shown) if shown else []
        for prefix, shown in spans.items()
    }
    groups = {prefix: grouped(found, VALUE_OF[by]) for prefix, found in plays.items()}
    rows = rows_of(run(query, filters, case.build))
    assert {row["group_id"] for row in rows} == groups[""].keys()
    for row in rows:
        group = row["group_id"]
        expected: dict[str, float | None] = {}
        for prefix, shown in spans.items():
            own = groups[prefix].get(group)
            expected |= {
                f"{prefix}watch_hours": None if own is None else watched_ms(own) / MS_PER_HOUR,
                f"{prefix}watch_time_share": None if own is None else share(watched_ms(own), watched_ms(plays[prefix])),
                f"{prefix}plays": None if own is None else len(own),
                f"{prefix}mean_daily_active_accounts": None
                if own is None or shown is None
                else account_days(own, filters.calendar) / shown.days,
            }
        assert row["group_kind"] == by
        assert_same({name: row[name] for name in expected}, expected, f"{query} {by} {group}")
    assert [row["watch_hours"] for row in rows] == sorted((row["watch_hours"] for row in rows), reverse=True)


def check_shares_by_period(case: Case, data: st.DataObject) -> None:
    by = data.draw(st.sampled_from(list(OPTION_BY_NAME["devices_by"].choices)), "devices_by")
    filters = with_option(draw_filters(case, data), "devices_by", by)
    rows = rows_of(run("device_shares_by_period", filters, case.build))
    groups = grouped(case.oracle.plays_between(filters.start_day, filters.end_day, filters), VALUE_OF[by])
    found = {(row["period_start"], row["group_id"]): row for row in rows}
    for period_start, first_day, end_day, whole in periods(filters):
        inside = case.oracle.plays_between(first_day, end_day, filters)
        own = grouped(inside, VALUE_OF[by])
        for group in groups:
            row = found.pop((period_start, group))
            plays, days = own.get(group, []), account_days(own.get(group, []), filters.calendar)
            expected = {
                "watch_hours": watched_ms(plays) / MS_PER_HOUR,
                "plays": len(plays),
                "mean_daily_active_accounts": days / (end_day - first_day).days,
                "watch_time_share": share(watched_ms(plays), watched_ms(inside)),
                "play_share": share(len(plays), len(inside)),
                "account_share": share(days, account_days(inside, filters.calendar)),
            }
            assert (row["first_day"], row["end_day"], row["is_complete"]) == (first_day, end_day, whole)
            assert_same({name: row[name] for name in expected}, expected, f"{by} {group} {period_start}")
    assert not found


def check_devices(case: Case, filters: FilterState) -> None:
    plays = case.oracle.plays_between(filters.start_day, filters.end_day, filters)
    by_device = grouped(plays, VALUE_OF["device"])
    check_uses(case, filters, by_device)
    check_hours_of_devices(case, filters)
    check_profiles(case, filters, plays)
    check_sets(case, filters, plays)
    check_switches(case, filters)


def check_uses(case: Case, filters: FilterState, by_device: dict[str, list[Play]]) -> None:
    tags = case.oracle.genres_of_show
    starts = grouped_starts(case, filters)
    rows = {row["device_type"]: row for row in rows_of(run("uses_of_devices", filters, case.build))}
    assert rows.keys() == by_device.keys()
    for device, plays in by_device.items():
        told = [play for play in plays if play.title["kind"] in ("film", "episode")]
        profiled = [play for play in plays if play.profile_type]
        genres: Counter[str] = Counter()
        for play in plays:
            for genre in tags.get(show_id(play.title), ()):
                genres[genre] += play.watch_ms
        top = max(genres.items(), key=lambda item: (item[1], item[0]), default=(None, 0))
        begun = [completed for started_on, _, completed in starts if started_on == device]
        expected = {
            "watch_hours": watched_ms(plays) / MS_PER_HOUR,
            "film_share": share(watched_ms([play for play in told if play.title["kind"] == "film"]), watched_ms(told)),
            "top_genre_share": share(top[1], watched_ms(plays)) if top[0] else None,
            "completion_rate": share(sum(begun), len(begun)),
            "kids_share": share(
                watched_ms([play for play in profiled if play.profile_type == "kids"]), watched_ms(profiled)
            ),
        }
        # Sessions have a test of their own.
        lengths = run("sessions_by_length", only_on(filters, device), case.build)
        expected["mean_session_hours"] = None if lengths.empty else rows_of(lengths)[0]["mean_session_hours"]
        expected["half_over_hours"] = None if lengths.empty else rows_of(lengths)[0]["half_over_hours"]
        assert rows[device]["top_genre"] == top[0]
        assert_same({name: rows[device][name] for name in expected}, expected, device)


def only_on(filters: FilterState, device: str) -> FilterState:
    others = filters.without("device").selections
    return replace(filters, selections=(*others, ("device", Selection((device,)))))


def grouped_starts(case: Case, filters: FilterState) -> list[tuple[str, str, bool]]:
    """Return of each title begun in the range the device, that on which it was completed, and whether by its end."""
    known = but_plays(filters)
    return [
        (
            play.row.get("device_type") or "unknown",
            (dones[0].row.get("device_type") or "unknown") if dones else "",
            any(done.day_in[filters.calendar] < filters.end_day for done in dones),
        )
        for play, dones in case.oracle.title_starts
        if filters.start_day <= play.day_in[filters.calendar] < filters.end_day and case.oracle.passes(play, known)
    ]


def check_hours_of_devices(case: Case, filters: FilterState) -> None:
    watched: dict[str, Counter[int]] = defaultdict(Counter)
    for play in case.oracle.plays_between(filters.start_day - ONE_DAY, filters.end_day, without_plan(filters)):
        for day, hour, _, _, watch_ms in hours_of(play, filters.calendar):
            plan = case.oracle.plan_on(play.row["account_id"], day)
            if filters.start_day <= day < filters.end_day and is_plan_chosen(filters, plan):
                watched[play.row.get("device_type") or "unknown"][hour] += watch_ms
    rows = rows_of(run("viewing_by_device_hour", filters, case.build))
    told = {device: hours for device, hours in watched.items() if hours.total()}
    assert {(row["device_type"], row["hour"]) for row in rows} == {(device, h) for device in told for h in range(24)}
    for row in rows:
        hours = told[row["device_type"]]
        assert row["watch_hours"] == pytest.approx(hours[row["hour"]] / MS_PER_HOUR)
        assert row["hour_share"] == pytest.approx(hours[row["hour"]] / hours.total())


def check_profiles(case: Case, filters: FilterState, plays: list[Play]) -> None:
    cells = grouped(plays, lambda play: f"{play.profile_type or 'unknown'}/{play.row.get('device_type') or 'unknown'}")
    by_device = grouped(plays, VALUE_OF["device"])
    by_profile = grouped(plays, lambda play: play.profile_type)
    rows = rows_of(run("devices_by_profile_type", filters, case.build))
    assert len(rows) == len(by_profile) * len(by_device)
    for row in rows:
        own_ms = watched_ms(cells.get(f"{row['profile_type']}/{row['device_type']}", []))
        expected = {
            "watch_hours": own_ms / MS_PER_HOUR,
            "watch_time_share": share(own_ms, watched_ms(by_profile[row["profile_type"]])),
            "profile_share": share(own_ms, watched_ms(by_device[row["device_type"]])),
        }
        assert_same({name: row[name] for name in expected}, expected, str(row))


def check_sets(case: Case, filters: FilterState, plays: list[Play]) -> None:
    order = [*("tv", "mobile", "tablet", "desktop", "console", "other"), "unknown"]
    devices: dict[str, set[str]] = defaultdict(set)
    for play in plays:
        if play.watch_ms >= 60_000:
            devices[play.row["account_id"]].add(play.row.get("device_type") or "unknown")
    counted = Counter("+".join(sorted(own, key=order.index)) for own in devices.values())
    rows: list[dict[str, Any]] = rows_of(run("accounts_by_device_set", filters, case.build))
    assert {row["device_set"]: row["device_set_accounts"] for row in rows} == counted
    for row in rows:
        assert row["devices"] == len(row["device_set"].split("+"))
        assert row["account_share"] == pytest.approx(row["device_set_accounts"] / len(devices))


def check_switches(case: Case, filters: FilterState) -> None:
    finished = Counter((begun, ended) for begun, ended, is_completed in grouped_starts(case, filters) if is_completed)
    begun_on: Counter[str] = Counter()
    for (begun, _), titles in finished.items():
        begun_on[begun] += titles
    rows = rows_of(run("device_switches", filters, case.build))
    assert {(row["device_type"], row["completed_on"]): row["finished_titles"] for row in rows} == finished
    for row in rows:
        assert row["finish_share"] == pytest.approx(row["finished_titles"] / begun_on[row["device_type"]])
