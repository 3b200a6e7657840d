"""The figures of pauses and seeks, of shares of what was told, and of the load."""

import pandas as pd

from components.interactions import interaction_table, not_told
from components.load import busiest_list, busiest_minute, by_utc
from components.shares import share_of_range, unknown_share
from components.tables import data_table
from definitions.metrics import METRICS
from tests.components.trees import of_class, rows, words
from tests.components.world import filters_of

GROUPS = pd.DataFrame(
    {
        "group_kind": "device",
        "group_id": ["tv", "mobile"],
        "group_name": ["tv", "mobile"],
        "pauses_per_hour": [0.5, 1.0],
        "rewinds_per_hour": [12.0, 0.0],
        "fast_forwards_per_hour": [None, None],
        "resumes_per_hour": [0.25, None],
        "compare_pauses_per_hour": [0.4, None],
        "compare_rewinds_per_hour": [12.0, 0.0],
        "compare_fast_forwards_per_hour": [None, None],
        "compare_resumes_per_hour": [None, None],
        "measured_hours": [30.0, 10.0],
        "watch_hours": [40.0, 10.0],
    }
)
PAUSES = METRICS["pauses_per_hour"]
PEAK = METRICS["peak_concurrent_streams"]


def test_each_group_shows_four_measures_and_how_they_changed() -> None:
    table = interaction_table(GROUPS, PAUSES, filters_of())
    assert rows(table) == [
        ["Per hour watched", "Pauses", "Rewinds", "Fast-forwards", "Resumes"],
        ["TV", "0.50", "▲ +25.0 %", "12.0", "unchanged", "–", "–", "0.25", "–"],
        ["Phone", "1.00", "–", "0.00", "unchanged", "–", "–", "–", "–"],
    ]
    # A bar is as long as its share of the column's largest.
    assert [cell.style["--share"] for cell in of_class(table, "barred")] == [
        "50.0%",
        "100.0%",
        "100.0%",
        "100.0%",
        "0.0%",
    ]


def test_without_a_comparison_there_are_no_changes() -> None:
    table = interaction_table(GROUPS, PAUSES, filters_of("compare=none"))
    assert rows(table)[1] == ["TV", "0.50", "12.0", "–", "0.25"]


def test_a_hidden_group_is_not_one_of_which_nothing_was_told() -> None:
    hidden = GROUPS.assign(is_suppressed=[False, True])
    for name in ("pauses_per_hour", "rewinds_per_hour"):
        hidden[name] = [1.0, None]
    assert rows(interaction_table(hidden, PAUSES, filters_of("compare=none")))[2] == ["Phone", *["hidden"] * 4]


def test_what_no_play_tells_is_said() -> None:
    # Pauses are known of 30 + 10 of 50 hours.
    assert words(not_told(GROUPS, PAUSES, filters_of())) == (
        "Not told of these plays: fast-forwards. Pauses were told of 80 % of watch time."
    )
    told = GROUPS.assign(fast_forwards_per_hour=0.0, measured_hours=GROUPS["watch_hours"])
    assert not_told(told, PAUSES, filters_of()) is None


def test_a_share_over_the_range_divides_sums_and_says_what_is_unknown() -> None:
    # 1 + 3 of 10 + 30 plays told, so 10 %, of 50 plays; before, 2 of 10.
    frame = pd.DataFrame(
        {
            "span": ["current", "current", "comparison"],
            "autoplay_share": [0.1, 0.1, 0.2],
            "autoplay_plays": [1, 3, 2],
            "measured_plays": [10, 30, 10],
            "plays": [20, 30, 10],
        }
    )
    share = METRICS["autoplay_share"]
    assert words(share_of_range(frame, share, filters_of())) == "Autoplay share 10 %, down 10 pt"
    assert words(unknown_share(frame, share, filters_of())) == "Unknown for 20 % of plays."
    assert unknown_share(frame.assign(plays=frame["measured_plays"]), share, filters_of()) is None


LOAD = pd.DataFrame(
    {
        "span": ["current", "current", "comparison"],
        "first_day": pd.to_datetime(["2023-06-01", "2023-06-02", "2023-05-30"]),
        "end_day": pd.to_datetime(["2023-06-02", "2023-06-04", "2023-06-01"]),
        "peak_at": pd.to_datetime(["2023-06-01 20:45", "2023-06-02 00:00", "2023-05-30 19:00"]),
        "peak_concurrent_streams": [34, 34, 17],
        "concurrent_streams": [10.0, 4.0, 12.0],
    }
)


def test_the_busiest_minute_is_named_and_of_several_the_first() -> None:
    filters = filters_of()
    assert words(busiest_minute(LOAD, PEAK, filters)) == "Peak of 34 streams on Thu 1 Jun 2023, 20:45 UTC, up 100 %"
    # 10 on one day and 4 on two: 18 ÷ 3 = 6, half of 12.
    mean = METRICS["concurrent_streams"]
    assert words(busiest_minute(LOAD, mean, filters)) == ("Concurrent streams: 6 in the mean of all minutes, down 50 %")


def test_busiest_moments_are_listed_with_their_minute_and_offer_their_day() -> None:
    frame = LOAD.head(2).assign(rank=[1, 2])
    listed = busiest_list(frame, PEAK, filters_of())
    assert rows(listed) == [
        ["Rank", "Minute", "Streams"],
        ["1", "Thu 1 Jun 2023, 20:45 UTC", "34"],
        ["2", "Fri 2 Jun 2023, 00:00 UTC", "34"],
    ]
    (first, _) = [getattr(part, "data-pick") for part in of_class(listed, "pick")]
    assert first == "start_day=2023-06-01&end_day=2023-06-02"
    assert "20:45 UTC" in words(data_table(frame, "Busiest moments", ("rank", "peak_at")))


def test_the_load_says_that_it_goes_by_utc_where_the_filters_do_not() -> None:
    assert by_utc(LOAD, PEAK, filters_of("calendar=utc")) is None
    assert by_utc(LOAD, PEAK, filters_of("calendar=local"))
