"""What the cards of Devices & places draw and say, by hand."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from components.devices import (
    adoption,
    adoption_curves,
    device_peaks,
    device_sets,
    drawn_groups,
    fastest_adoption,
    films_by_device,
    group_table,
    hours_of_devices,
    kids_device,
    largest_group,
    newest_drawn,
    not_by_plays,
    one_device,
    profiles_by_device,
    shares_over_time,
    switched,
    switches_matrix,
    uses_table,
)
from components.format import SPACE
from components.still import html_text
from components.world_map import largest_country, shapes, world_map
from definitions.metrics import METRICS
from tests.components.trees import rows, walk
from tests.components.world import filters_of

FILTERS = filters_of("start_day=2023-06-01&end_day=2023-06-04")
WATCH_SHARE, ACCOUNT_SHARE = METRICS["watch_time_share"], METRICS["account_share"]


def periods(shares: dict[str, list[float | None]], kind: str = "app_version") -> pd.DataFrame:
    """Shares of 10 h of watch time, and of 10 accounts, on consecutive days; the last is not complete."""
    return pd.DataFrame(
        [
            {
                "period_start": pd.Timestamp(date(2023, 6, 1 + number)),
                "first_day": pd.Timestamp(date(2023, 6, 1 + number)),
                "end_day": pd.Timestamp(date(2023, 6, 2 + number)),
                "is_complete": number < 2,
                "group_kind": kind,
                "group_id": group,
                "group_rank": rank,
                "watch_hours": 0 if share is None else 10 * share,
                "plays": 0 if share is None else round(10 * share),
                "mean_daily_active_accounts": 0 if share is None else 10 * share,
                "watch_time_share": share,
                "account_share": share,
            }
            for rank, (group, of_days) in enumerate(shares.items(), 1)
            for number, share in enumerate(of_days)
        ]
    )


def groups(*watched: tuple[str, float, float | None], kind: str = "place") -> pd.DataFrame:
    """Groups with hours of watch time now and before, the largest first."""
    whole, before = sum(now for _, now, _ in watched), sum(then or 0 for _, _, then in watched)
    return pd.DataFrame(
        [
            {
                "group_kind": kind,
                "group_id": group,
                "group_name": group,
                "watch_hours": now,
                "compare_watch_hours": then,
                "watch_time_share": now / whole,
                "compare_watch_time_share": None if then is None else then / before,
                "plays": 1,
                "compare_plays": 1,
                "mean_daily_active_accounts": 1.0,
                "compare_mean_daily_active_accounts": 1.0,
            }
            for group, now, then in watched
        ]
    )


def test_a_version_that_spreads_is_what_the_title_says() -> None:
    # From the first day to the last complete one: the third is not.
    frame = periods({"8.5": [0.9, 0.4, 0.1], "8.6": [0.1, 0.6, 0.9]})
    assert adoption(frame, WATCH_SHARE, FILTERS) == f"8.6 rose from 10{SPACE}% to 60{SPACE}% of watch time"
    steady = periods({"tv": [0.7, 0.72, 0.7], "mobile": [0.3, 0.28, 0.3]}, "device")
    # (7 + 7.2 + 7) of 30 hours.
    assert adoption(steady, WATCH_SHARE, FILTERS) == f"TV: 70.7{SPACE}% of watch time"
    assert adoption(steady, ACCOUNT_SHARE, FILTERS) == f"TV: 70.7{SPACE}% of active accounts"
    assert adoption(periods({"tv": [None, None, None]}, "device"), WATCH_SHARE, FILTERS) == WATCH_SHARE.label


def test_parts_of_a_whole_are_stacked_and_those_without_a_colour_are_one() -> None:
    frame = periods({f"8.{number}": [0.125] * 3 for number in range(8)})
    figure = shares_over_time(frame, WATCH_SHARE, FILTERS)
    assert [trace.name for trace in figure.data] == [*(f"8.{number}" for number in range(6)), "Other"]
    assert figure.data[-1].y == (0.25, 0.25, 0.25)
    assert figure.layout.yaxis.range == (0, 1)
    assert drawn_groups(frame, WATCH_SHARE, FILTERS) == "8 app versions; the table has all."
    # Accounts on two would count twice in a stack, so each has a line.
    lines = shares_over_time(frame, ACCOUNT_SHARE, FILTERS)
    assert {trace.type for trace in lines.data} == {"scatter"}
    assert len(lines.data) == 6
    assert (drawn_groups(frame, ACCOUNT_SHARE, FILTERS) or "").startswith("An account active on two in a day counts")
    few = periods({"tv": [1.0] * 3}, "device")
    assert drawn_groups(few, WATCH_SHARE, FILTERS) is None
    assert shares_over_time(periods({"tv": [None] * 3}, "device"), WATCH_SHARE, FILTERS).data == ()


def test_beyond_a_dozen_groups_the_others_are_one_row() -> None:
    frame = groups(*((f"M{number:02}", 20.0 - number, 10.0) for number in range(14)), kind="model")
    table = rows(group_table(frame, WATCH_SHARE, FILTERS))
    assert [line[0] for line in table] == ["Device model", *(f"M{number:02}" for number in range(12)), "2 others"]
    # 8 + 7 of 189 h; accounts of both together are not known.
    assert table[-1][1] == "7.9 %"
    assert table[-1][3] == "15 h 00 min"
    assert table[-1][-2:] == ["–", "–"]
    # 20 of 189 h now, 10 of 140 before.
    assert largest_group(frame, WATCH_SHARE, FILTERS) == f"M00: 10.6{SPACE}% of watch time, up 3.4{SPACE}pt"
    assert largest_group(frame.head(0), WATCH_SHARE, FILTERS) == WATCH_SHARE.label


def test_each_device_has_a_row_of_uses() -> None:
    frame = pd.DataFrame(
        {
            "device_type": ["tv", "mobile"],
            "watch_hours": [30.0, 10.0],
            "film_share": [0.4, 0.25],
            "top_genre": ["drama", None],
            "top_genre_share": [0.5, None],
            "mean_session_hours": [1.0, 0.5],
            "half_over_hours": [0.75, 0.25],
            "completion_rate": [0.8, None],
            "kids_share": [0.1, 0.2],
        }
    )
    film_share = METRICS["film_share"]
    table = rows(uses_table(frame, film_share, FILTERS))
    assert table[1][:4] == ["TV", "drama, 50 %", "30.0 h", "40.0 %"]
    assert table[2][:2] == ["Phone", "–"]
    assert table[2][-2] == "–"
    assert films_by_device(frame, film_share, FILTERS) == f"Films are 40{SPACE}% of viewing on TV, 25{SPACE}% on Phone"
    assert not_by_plays(frame, film_share, filters_of("device=tv")) is None
    told = not_by_plays(frame, film_share, filters_of("model=Vista&not_place=DE"))
    assert told == "Session length and completion are not filtered by device model and watched in."
    assert films_by_device(frame.head(1), film_share, FILTERS).startswith("Films' share by device")


def test_each_devices_own_day_is_a_row_of_the_heatmap() -> None:
    frame = pd.DataFrame(
        [
            {"device_type": device, "hour": hour, "watch_hours": hours, "hour_share": share}
            for device, hours, shares in (("mobile", 1, (0.75, 0.25)), ("tv", 9, (0.2, 0.8)))
            for hour, share in zip((8, 21), shares, strict=True)
        ]
    )
    hour_share = METRICS["hour_share"]
    figure = hours_of_devices(frame, hour_share, FILTERS)
    assert [list(line) for line in figure.data[0].z] == [[0.75, 0.25], [0.2, 0.8]]
    assert list(figure.data[0].customdata[1][1]) == ["device=tv&hour=21", "TV 21:00"]
    assert device_peaks(frame, hour_share, FILTERS) == "Watched most on TV at 21:00 and Phone at 08:00"
    assert device_peaks(frame.assign(hour_share=None), hour_share, FILTERS) == hour_share.label


def test_kids_devices_stand_beside_the_others() -> None:
    frame = pd.DataFrame(
        {
            "profile_type": ["kids", "kids", "standard", "standard"],
            "device_type": ["tablet", "tv"] * 2,
            "watch_time_share": [0.6, 0.4, 0.1, 0.9],
            "profile_share": [0.5, 0.1, 0.5, 0.9],
        }
    )
    figure = profiles_by_device(frame, WATCH_SHARE, FILTERS)
    assert [(trace.name, trace.y) for trace in figure.data] == [
        ("Kids profiles", (0.6, 0.4)),
        ("Standard profiles", (0.1, 0.9)),
    ]
    assert kids_device(frame, WATCH_SHARE, FILTERS) == f"Kids profiles watch 60{SPACE}% on Tablet, others 10{SPACE}%"
    assert kids_device(frame.head(2), WATCH_SHARE, FILTERS) == "Share of watch time by profile and device"


def test_sets_of_devices_are_bars_over_dots() -> None:
    frame = pd.DataFrame(
        {
            "device_set": ["tv+mobile", "tv", "tv+tablet"],
            "devices": [2, 1, 2],
            "device_set_accounts": [5, 4, 1],
            "account_share": [0.5, 0.4, 0.1],
        }
    )
    accounts = METRICS["device_set_accounts"]
    figure = device_sets(frame, accounts, FILTERS)
    bars, empty, filled = figure.data
    assert bars.y == (5, 4, 1)
    assert list(bars.customdata[0]) == ["device=tv&device=mobile", "TV + Phone"]
    # TV is in all, Phone and Tablet in one each.
    assert figure.layout.yaxis2.ticktext == ("TV", "Phone", "Tablet")
    assert sorted(zip(filled.x, filled.y, strict=True)) == [(0, 0), (0, 1), (1, 0), (2, 0), (2, 2)]
    assert len(empty.x) == 4
    assert one_device(frame, accounts, FILTERS) == f"40{SPACE}% of active accounts watch on one sort of device only"
    hidden = frame.assign(device_set_accounts=[5, 4, float("nan")])
    # What is hidden must not follow from what is said.
    assert one_device(hidden, accounts, FILTERS) == accounts.label
    assert device_sets(frame.head(0), accounts, FILTERS).data == ()


def test_the_matrix_tells_what_moved_to_another_device() -> None:
    frame = pd.DataFrame(
        {
            "device_type": ["tv", "mobile", "mobile", "unknown"],
            "completed_on": ["tv", "mobile", "tv", "tv"],
            "finished_titles": [6, 3, 1, 5],
            "finish_share": [1.0, 0.75, 0.25, 1.0],
        }
    )
    finish_share = METRICS["finish_share"]
    matrix = switches_matrix(frame, finish_share, FILTERS)
    assert rows(matrix) == [
        ["Begun on", "TV", "Unknown", "Phone"],
        ["TV", "100 %", "", ""],
        ["Unknown", "100 %", "", ""],
        ["Phone", "25 %", "", "75 %"],
    ]
    # One of ten; of what is unknown it cannot be told.
    assert switched(frame, finish_share, FILTERS) == f"10{SPACE}% of completed titles were completed on another device"
    assert switched(frame.head(0), finish_share, FILTERS) == finish_share.label


def country_of(drawn: Any, code: str) -> Any:
    (found,) = [part for part in walk(drawn) if getattr(part, "data-pick", None) == f"place={code}"]
    return found


def test_countries_are_buttons_as_lit_as_their_value() -> None:
    watch_hours = METRICS["watch_hours"]
    frame = groups(("US", 60.0, 50.0), ("IN", 30.0, None), ("unknown", 10.0, None))
    drawn = world_map(frame, watch_hours, FILTERS)
    america, india = country_of(drawn, "US"), country_of(drawn, "IN")
    assert (america.role, america.tabIndex) == ("button", 0)
    assert getattr(america, "aria-label") == f"United States: 60{SPACE}h, 60{SPACE}% of all, up 20{SPACE}%, better"
    # Of five steps up to 60 h.
    assert (america.className, india.className) == ("country lit-5", "country lit-3")
    text = html_text(drawn)
    assert text is not None
    assert text.count('role="button"') == 2
    assert "Not on the map: " in text
    assert largest_country(frame, watch_hours, FILTERS) == f"United States: 60{SPACE}% of watch time, of 2 countries"
    assert largest_country(frame.tail(1), watch_hours, FILTERS) == "Watch time by country"


@pytest.mark.parametrize("code", ["US", "IN", "NZ", "SG", "MT", "XK"])
def test_every_outline_is_closed(code: str) -> None:
    outline = shapes()["paths"][code]
    assert outline.startswith("m")
    assert outline.endswith("z")


def adopted(**shares: list[float | None]) -> pd.DataFrame:
    """Return the weeks of models by name, each first seen a day after the one before."""
    return pd.DataFrame(
        {
            "group_kind": "model",
            "group_id": name,
            "group_name": name,
            "first_seen_day": pd.Timestamp(2026, 3, day),
            "weeks_since": week,
            "adoption_share": share,
        }
        for day, (name, of_weeks) in enumerate(shares.items(), 1)
        for week, share in enumerate(of_weeks)
    )


def test_what_is_new_has_a_line_by_weeks_since_it_was_first_seen() -> None:
    metric = METRICS["adoption_share"]
    frame = adopted(Nova=[0.1, 0.2, 0.3], Vista=[0.25, 0.5])
    newest, older = adoption_curves(frame, metric, FILTERS).data
    assert (newest.name, newest.x, newest.y) == ("Vista", (0, 1), (0.25, 0.5))
    assert (older.name, older.x, older.y) == ("Nova", (0, 1, 2), (0.1, 0.2, 0.3))
    assert tuple(newest.customdata[0]) == ("model=Vista", "Vista")
    assert fastest_adoption(frame, metric, FILTERS) == f"Vista: 50{SPACE}% of daily active accounts in week 2"
    assert newest_drawn(frame, metric, FILTERS).endswith("after the data begin.")
    hidden = frame.assign(adoption_share=float("nan"))
    assert fastest_adoption(hidden, metric, FILTERS) == "How new devices are taken up"
    assert not adoption_curves(hidden, metric, FILTERS).data


def test_of_many_that_are_new_the_newest_six_are_drawn() -> None:
    metric = METRICS["adoption_share"]
    shares: dict[str, list[float | None]] = {f"M{number}": [0.1] for number in range(8)}
    frame = adopted(**shares)
    assert [line.name for line in adoption_curves(frame, metric, FILTERS).data] == ["M7", "M6", "M5", "M4", "M3", "M2"]
    assert "The newest 6 of 8 are drawn" in newest_drawn(frame, metric, FILTERS)
