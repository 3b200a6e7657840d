"""Titles: which titles earn their place?"""

import dash
from dash import html

from components.card import Card
from components.league import largest_mover, leader, league, other_movers, ranks_by_view, rows_left_out
from components.page import page
from components.panel import Width, declare

dash.register_page(__name__, path="/titles", name="Titles", title="Titles · Marquee", order=30)

CARDS = declare(
    Card(
        "titles-league",
        "Films and series",
        "title_league",
        league,
        "watch_hours",
        headline=leader,
        note=rows_left_out,
        columns=(
            "rank",
            "compare_rank",
            "show_id",
            "name",
            "kind",
            "genres",
            "watch_hours",
            "compare_watch_hours",
            "watch_share",
            "plays",
            "compare_plays",
            "views",
            "compare_views",
            "active_accounts",
            "compare_active_accounts",
            "hours_per_account",
            "compare_hours_per_account",
            "completion_rate",
            "compare_completion_rate",
            "course_hours",
        ),
        options=("find_title", "league_measure", "view", "genre", "original"),
        measure="league_measure",
        nothing="Nothing was recorded, or what it takes is not known: views by coverage or hours take runtimes.",
        height_px=640,
        width=Width.FULL,
    ),
    Card(
        "titles-definitions",
        "Ranks under the four definitions of a view",
        "title_ranks_by_view",
        ranks_by_view,
        "views",
        headline=largest_mover,
        note=other_movers,
        columns=(
            "rank",
            "show_id",
            "name",
            "kind",
            "views",
            "plays_rank",
            "coverage_rank",
            "hours_rank",
            "starts_rank",
            "rank_spread",
            "views_by_plays",
            "views_by_coverage",
            "views_by_hours",
            "views_by_starts",
        ),
        options=("view", "genre", "original"),
        nothing="Nothing was recorded, or what it takes is not known: views by coverage or hours take runtimes.",
        height_px=420,
        width=Width.FULL,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("Which titles earn their place?", CARDS)
