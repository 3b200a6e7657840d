"""Viewing patterns: when and how do people watch?"""

import dash
from dash import html

from components.card import Card
from components.effects import effects, effects_headline
from components.hours import busiest_and_quietest, hours_of_week, uneven_days
from components.page import page
from components.panel import Width, declare
from components.split_trend import development, split_trend
from components.weekdays import contrast_interval, films_by_weekday, weekend_contrast

dash.register_page(__name__, path="/viewing", name="Viewing patterns", title="Viewing patterns · Marquee", order=10)

CARDS = declare(
    Card(
        "viewing-trend",
        "Viewing over time",
        "viewing_by_period",
        split_trend,
        "watch_hours",
        compared=True,
        headline=development,
        columns=(
            "span",
            "first_day",
            "is_complete",
            "group_name",
            "watch_hours",
            "plays",
            "mean_daily_active_accounts",
        ),
        options=("trend_measure", "trend_by"),
        measure="trend_measure",
        width=Width.FULL,
    ),
    Card(
        "viewing-hours",
        "Hours of the week",
        "viewing_by_hour",
        hours_of_week,
        "watch_hours",
        headline=busiest_and_quietest,
        note=uneven_days,
        options=("hours_measure",),
        measure="hours_measure",
        width=Width.TWO_THIRDS,
    ),
    Card(
        "viewing-weekdays",
        "Films and series by weekday",
        "viewing_by_weekday",
        films_by_weekday,
        "film_share",
        headline=weekend_contrast,
        note=contrast_interval,
        width=Width.THIRD,
    ),
    Card(
        "viewing-moved",
        "What moved?",
        "change_by_mix_and_rate",
        effects,
        "watch_hours",
        needs_comparison=True,
        headline=effects_headline,
        options=("moved_measure", "moved_by"),
        measure="moved_measure",
        width=Width.FULL,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("When and how do people watch?", CARDS)
