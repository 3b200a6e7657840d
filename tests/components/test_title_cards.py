"""What the cards of Titles and of a series say, of a few rows by hand."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
from dash import dcc, html

from components.format import SPACE
from components.league import (
    largest_mover,
    leader,
    league,
    ordinal,
    other_movers,
    periods_complete,
    ranks_by_view,
    rows_left_out,
)
from components.season_funnel import hooked, hooked_episodes, season_funnel, what_the_funnel_counts
from components.still import html_text
from components.title_audience import (
    also_watched,
    audience_table,
    best_cover,
    cover_table,
    drawn_towards,
    mean_rating,
    ratings_table,
    strongest_group,
)
from components.title_links import title_href
from definitions.metrics import METRICS
from queries.filters import Selection
from tests.components import trees
from tests.components.trees import of_class, rows, walk
from tests.components.world import filters_of

HOURS, VIEWS = METRICS["watch_hours"], METRICS["views"]
FILTERS = filters_of("start_day=2023-03-06&end_day=2023-03-08")


def words(text: str | None) -> str:
    return (text or "").replace(SPACE, " ")


def league_row(rank: int | None, name: str, hours: float | None, before: float = 10.0) -> dict[str, Any]:
    return {
        "rank": rank,
        "compare_rank": 2,
        "show_id": f"title {name.lower()}",
        "name": name,
        "kind": "film",
        "genres": "drama; crime",
        "poster_hash": None,
        "watch_hours": hours,
        "compare_watch_hours": before,
        "course_hours": None if hours is None else f"0.0 {hours}",
    }


def test_the_league_says_rank_change_and_measure() -> None:
    frame = pd.DataFrame(
        [league_row(1, "Low Tide", 30.0), league_row(2, "Night Bus", 15.0), league_row(None, "Few", None)]
    )
    assert words(leader(frame, HOURS, FILTERS)) == "Low Tide leads: 30 h"
    table = [[words(cell) for cell in row] for row in rows(league(frame, HOURS, FILTERS))]
    assert table[0] == ["Rank", "Moved", "Title", "Course", "Watch time", "Change"]
    assert [row[0] for row in table[1:]] == ["1", "2", "–"]
    assert table[1][1:3] == ["▲ 1", "Low Tide Film · drama, crime"]
    assert table[1][4:] == ["30.0 h", "▲ +200.0 %"]
    assert table[3][4] == "hidden"
    assert rows(league(frame, HOURS, FILTERS.uncompared()))[0] == ["Rank", "Title", "Course", "Watch time"]
    # The name stands beside a cover, which says nothing more, and is loaded when it is scrolled to.
    covered = league(frame.assign(poster_hash=pd.Series(["ab12", None, None], dtype="object")), HOURS, FILTERS)
    images = [re.findall(r"<img[^>]*>", html_text(table) or "") for table in (league(frame, HOURS, FILTERS), covered)]
    assert images == [[], ['<img alt="" class="cover" src="/covers/ab12.webp" loading="lazy">']]
    searched = replace(FILTERS, options=(("find_title", "tide"),))
    assert leader(frame, HOURS, searched) == "Films and series"


def test_what_is_not_drawn_or_not_known_is_said() -> None:
    many = pd.DataFrame([league_row(number, f"Film {number}", 1.0) for number in range(1, 121)])
    assert words(rows_left_out(many, HOURS, FILTERS)).startswith("The first 100 of 120 are shown")
    assert len(rows(league(many, HOURS, FILTERS))) == 101
    frame = many.head(2).assign(completion_rate=[0.5, float("nan")])
    assert words(rows_left_out(frame, METRICS["completion_rate"], FILTERS)).startswith("1 without a rank: ")
    by_place = replace(FILTERS, selections=(("place", Selection(("IN",))),))
    assert "Not filtered by watched in" in words(rows_left_out(frame, METRICS["completion_rate"], by_place))
    assert rows_left_out(frame.head(1), HOURS, FILTERS) is None


def ranks(*of_titles: tuple[int | None, ...]) -> pd.DataFrame:
    columns = ["plays_rank", "coverage_rank", "hours_rank", "starts_rank"]
    frame = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in of_titles])
    spread = frame.max(axis=1) - frame.min(axis=1)
    names = ["Low Tide", "Night Bus", "Salt"][: len(frame)]
    return frame.assign(
        name=names,
        show_id=names,
        kind="film",
        rank_spread=spread,
        views=[float(10 - number) for number in range(len(frame))],
    )


def test_the_titles_that_move_most_are_named() -> None:
    frame = ranks((1, 1, 2, 1), (2, 12, 3, 2), (3, 2, 1, 5))
    assert largest_mover(frame, VIEWS, FILTERS) == "Night Bus: 2nd by plays of 2 minutes, 12th by coverage of 70 %"
    assert other_movers(frame, VIEWS, FILTERS) == "Next: Salt: 1st by hours ÷ runtime, 5th by any start."
    assert [row[1:] for row in rows(ranks_by_view(frame, VIEWS, FILTERS))[1:]] == [
        ["1", "1", "2", "1", "10"],
        ["2", "12", "3", "2", "9"],
        ["3", "2", "1", "5", "8"],
    ]
    alike = ranks((1, None, None, 1), (2, None, None, 2))
    assert largest_mover(alike, VIEWS, FILTERS) == "The four definitions of a view rank alike"
    assert other_movers(alike, VIEWS, FILTERS) == (
        "Not known, for want of runtimes: coverage of 70 % and hours ÷ runtime."
    )


def test_ranks_in_words() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip


def test_periods_cut_by_the_range_are_incomplete() -> None:
    # 2 January 2023 is a Monday.
    weeks = filters_of("start_day=2023-01-04&end_day=2023-01-18&granularity=week")
    assert periods_complete(weeks) == [False, True, False]
    months = filters_of("start_day=2023-01-01&end_day=2023-02-28&granularity=month")
    assert periods_complete(months) == [True, False]
    assert periods_complete(FILTERS) == [True, True]


def test_a_page_is_found_by_what_it_is_about() -> None:
    assert title_href("series a/b c", filters_of("device=tv")) == "/series/a%2Fb%20c?device=tv"
    assert title_href("title 7", filters_of("")) == "/titles/7"


def episode(number: int, begun: int, finishing: float | None, known: int | None = None) -> dict[str, Any]:
    return {
        "show_id": "series s",
        "season_number": 1,
        "episode_number": number,
        "title_id": f"e{number}",
        "name": f"Part {number}",
        "episode_starters": begun,
        "known_starters": begun if known is None else known,
        "episode_finishers": begun // 2 if known is None else 0,
        "went_on_share": 0.8,
        "season_finish_share": finishing,
    }


def test_the_hooked_episode_is_the_first_of_enough_accounts() -> None:
    starters = METRICS["episode_starters"]
    frame = pd.DataFrame([episode(1, 100, 0.5), episode(2, 19, 0.9), episode(3, 80, 0.7), episode(4, 70, 0.8)])
    assert [row["episode_number"] for row in hooked_episodes(frame)] == [3]
    assert words(hooked(frame, starters, FILTERS)) == "Hooked by S1 E3: 70 % of those who began it finish the season"
    table = [[words(cell) for cell in row] for row in rows(season_funnel(frame, starters, FILTERS))]
    assert table[3] == ["S1 E3 Part 3 hooked", "80", "50 %", "80 %", "70 %"]
    about_it = filters_of("device=tv&title=series+s")
    drawn = season_funnel(frame, starters, about_it)
    assert [part.href for part in walk(drawn) if isinstance(part, dcc.Link)][:1] == ["/titles/e1?device=tv"]
    narrow = [trees.words(cell) for cell in of_class(drawn, "aside")][:4]
    assert narrow == ["Finished it", "Began the next", "50 %", "80 %"]
    assert hooked(frame.head(2), starters, FILTERS) == "No episode has hooked its viewers"


def test_without_runtimes_the_funnel_says_what_cannot_be_known() -> None:
    starters = METRICS["episode_starters"]
    frame = pd.DataFrame([episode(1, 100, None, 0), episode(2, 50, None, 0)])
    assert hooked(frame, starters, FILTERS) == "How far viewers get, episode by episode"
    assert "is not known for 2 of the episodes" in what_the_funnel_counts(frame, starters, FILTERS)
    assert rows(season_funnel(frame, starters, FILTERS))[1][2] == "–"


def test_the_audience_is_told_against_the_service() -> None:
    index = METRICS["audience_index"]
    frame = pd.DataFrame(
        [
            {"group_kind": "device", "group_id": "tv", "watch_hours": 60.0, "watch_share": 0.6, "service_share": 0.4},
            {
                "group_kind": "device",
                "group_id": "mobile",
                "watch_hours": 38.0,
                "watch_share": 0.38,
                "service_share": 0.59,
            },
            {
                "group_kind": "device",
                "group_id": "other",
                "watch_hours": 2.0,
                "watch_share": 0.02,
                "service_share": 0.01,
            },
        ]
    )
    frame = frame.assign(audience_index=frame["watch_share"] / frame["service_share"])
    assert strongest_group(frame, index, FILTERS) == "TV: 1.50 times the service's share"
    table = [[words(cell) for cell in row] for row in rows(audience_table(frame, index, FILTERS))]
    assert table[1] == ["TV", "60.0 h", "60.0 %", "40.0 %", "×1.50"]


def test_what_else_is_watched_says_its_support() -> None:
    lift = METRICS["lift"]
    other = {
        "show_id": "title 7",
        "name": "Near",
        "shared_accounts": 20,
        "own_share": 0.8,
        "service_share": 0.4,
        "lift": 2.0,
    }
    table = [[words(cell) for cell in row] for row in rows(also_watched(pd.DataFrame([other]), lift, FILTERS))]
    assert table[1] == ["Near", "20", "80.0 %", "40.0 %", "×2.00"]


def ratings(*of_values: tuple[str, float, int]) -> pd.DataFrame:
    frame = pd.DataFrame(of_values, columns=["scale", "rating", "ratings"])
    share = frame["ratings"] / frame.groupby("scale")["ratings"].transform("sum")
    return frame.assign(rating_share=share, rating_mean=0.625, service_mean=0.5)


def test_ratings_go_by_their_scale() -> None:
    frame = ratings(("five_stars", 5.0, 1), ("five_stars", 1.0, 1), ("thumbs", 1.0, 3), ("thumbs", 0.0, 1))
    mean = METRICS["rating_mean"]
    assert [row[:2] for row in rows(ratings_table(frame, mean, FILTERS))[1:]] == [
        ["5 stars", "1"],
        ["1 star", "1"],
        ["Thumbs up", "3"],
        ["Thumbs down", "1"],
    ]
    assert mean_rating(frame, mean, FILTERS) == "Mean rating 0.62 (thumbs, from 0 to 1)"
    assert words(drawn_towards(frame, mean, FILTERS)) == (
        "Drawn towards the mean of all titles, 0.50 of 5 stars and 0.50 (thumbs, from 0 to 1), as if by 25 ratings of "
        "it."
    )
    assert drawn_towards(frame.assign(rating_mean=float("nan")), mean, FILTERS) is None


def covers(*limits: tuple[float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(limits, columns=["take_rate_low", "take_rate", "take_rate_high"])
    hashes = pd.Series(["ab12", None, None], dtype=object)
    return frame.assign(cover=["A", "B", "C"][: len(frame)], image_hash=hashes, impressions=100, taken_impressions=20)


def test_a_cover_is_best_where_its_interval_lies_above_all_others() -> None:
    rate = METRICS["take_rate"]
    clear = covers((0.1, 0.12, 0.14), (0.15, 0.2, 0.25))
    assert words(best_cover(clear, rate, FILTERS)) == "Cover B is taken most: 20 %"
    overlapping = covers((0.1, 0.12, 0.16), (0.15, 0.2, 0.25))
    assert best_cover(overlapping, rate, FILTERS) == "No cover is taken more than the others beyond chance"
    assert best_cover(clear.head(1), rate, FILTERS) == "Take rate of its cover"
    table = cover_table(clear, rate, FILTERS)
    assert rows(table)[2][:4] == ["Cover B", "100", "20", "20.0 %"]
    # Only the first has an image.
    assert [image.src for image in walk(table) if isinstance(image, html.Img)] == ["/covers/ab12.webp"]
