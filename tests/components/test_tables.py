from datetime import date
from typing import Any

import pandas as pd

from components.tables import MAX_ROWS_SHOWN, data_table, moved, ranking
from definitions.metrics import METRICS
from tests.components.trees import of_class, rows, walk, words
from tests.components.world import by_period, filters_of


def picks(table: Any) -> list[tuple[str, str]]:
    """What the rows of a table offer: the filter and its words."""
    return [(getattr(part, "data-pick"), getattr(part, "data-pick-label")) for part in of_class(table, "pick")]


WATCH_HOURS = METRICS["watch_hours"]

TITLES = pd.DataFrame(
    {
        "rank": [1, 2, 3],
        "compare_rank": [3.0, None, 3.0],
        "show_id": ["series 1", "series 2", "title 3"],
        "name": ["Friends", "THE DAYS", "Betaal"],
        "kind": ["series", "series", "film"],
        "watch_hours": [4.0, 2.0, 1.0],
        "compare_watch_hours": [2.0, 0.0, 1.0],
        "watch_share": [0.5, 0.25, 0.125],
    }
)


def test_a_ranking_shows_rank_move_bar_share_and_change() -> None:
    table = ranking(TITLES, WATCH_HOURS, filters_of())
    assert rows(table) == [
        ["Rank", "Moved", "Title", "Watch time", "Share", "Change"],
        ["1", "▲ 2", "Friends series", "4 h 00 min", "50.0 %", "▲ +100.0 %"],
        ["2", "new", "THE DAYS series", "2 h 00 min", "25.0 %", "–"],
        ["3", "=", "Betaal film", "1 h 00 min", "12.5 %", "unchanged"],
    ]
    bars = [cell.style["--share"] for cell in walk(table) if getattr(cell, "style", None)]
    assert bars == ["100.0%", "50.0%", "25.0%"]


def test_a_ranking_without_a_comparison_does_not_speak_of_moves() -> None:
    table = ranking(TITLES, WATCH_HOURS, filters_of("compare=none"))
    assert rows(table)[0] == ["Rank", "Title", "Watch time", "Share"]


def test_what_moved_diverges_from_zero() -> None:
    frame = pd.DataFrame(
        {
            "group_kind": ["device", "country", "title"],
            "group_id": ["tv", "IN", "series 7"],
            "group_name": ["tv", "IN", "Breaking Bad"],
            "watch_hours": [3.0, 2.0, 0.0],
            "compare_watch_hours": [1.0, 1.0, 4.0],
            "change_hours": [2.0, 1.0, -4.0],
        }
    )
    table = moved(frame, WATCH_HOURS, filters_of())
    assert [row[0::2] for row in rows(table)[1:]] == [
        ["TV device", "+2 h 00 min"],
        ["India country", "+1 h 00 min"],
        ["Breaking Bad title", "\N{MINUS SIGN}4 h 00 min"],
    ]
    assert [bar.style for bar in of_class(table, "diverging")] == [
        {"--from": "50%", "--to": "75.0%"},
        {"--from": "50%", "--to": "62.5%"},
        {"--from": "0.0%", "--to": "50%"},
    ]

    assert picks(table) == [
        ("device=tv", "TV"),
        ("country=IN", "India"),
        ("title=series+7", "Breaking Bad"),
    ]


def test_a_hidden_measure_is_told_from_a_missing_one() -> None:
    hidden = TITLES.assign(
        watch_hours=[4.0, float("nan"), 1.0], rank=[1, float("nan"), 2], is_suppressed=[False, True, False]
    )
    assert rows(ranking(hidden, WATCH_HOURS, filters_of()))[2][:4] == ["–", "–", "THE DAYS series", "hidden"]
    table = rows(data_table(hidden, "Titles", ("name", "watch_hours", "compare_rank")))
    assert table[2] == ["THE DAYS", "hidden", "–"]


def test_a_table_holds_the_numbers_themselves_and_its_rows_offer_their_period() -> None:
    frame = by_period("current", date(2023, 6, 12), [12_345.5, None], incomplete=(1,)).assign(watch_share=[0.5, 0.25])
    table = data_table(frame, "Watch time", ("span", "first_day", "is_complete", "watch_hours", "watch_share"))
    assert rows(table) == [
        ["Period compared", "From", "Complete", "Watch time (h)", "Share of watch time"],
        ["This period", "12 Jun 2023", "yes", "12,345.50", "50.00%"],
        ["This period", "13 Jun 2023", "no", "–", "25.00%"],
    ]
    assert picks(table)[0] == ("start_day=2023-06-12&end_day=2023-06-13", "12 Jun 2023")


def test_a_column_of_a_table_has_one_precision() -> None:
    # Plays are whole and stay so; of the hours one is not, so all have two decimals.
    frame = pd.DataFrame({"plays": [3, 1_200], "watch_hours": [2.0, 0.5]})
    assert rows(data_table(frame, "Plays"))[1:] == [["3", "2.00"], ["1,200", "0.50"]]


def test_the_comparisons_rows_offer_nothing() -> None:
    frame = by_period("comparison", date(2023, 6, 12), [1.0])
    assert picks(data_table(frame, "Watch time")) == []


def test_a_row_of_one_dimension_offers_its_value() -> None:
    frame = pd.DataFrame({"device_type": ["tv", None], "plays": [3, 1]})
    table = data_table(frame, "Plays")
    assert picks(table) == [("device=tv", "TV"), ("device=unknown", "Unknown")]
    assert rows(table)[1] == ["TV", "3"]


def test_a_long_table_says_where_the_rest_is() -> None:
    table = data_table(pd.DataFrame({"plays": range(MAX_ROWS_SHOWN + 20)}), "Plays")
    assert len(rows(table)) == MAX_ROWS_SHOWN + 1
    assert "20 more rows are in the CSV file." in words(table)
