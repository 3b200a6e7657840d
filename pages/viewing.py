"""Viewing patterns: when and how do people watch?"""

import dash
from dash import html

from components.card import Card
from components.effects import effects, effects_headline
from components.figures import trend
from components.hours import busiest_and_quietest, hours_of_week, uneven_days
from components.interactions import interaction_table, not_told, share_of_range, unknown_share
from components.load import busiest_list, busiest_minute, by_utc
from components.page import page
from components.panel import Width, declare
from components.sittings import (
    binge_share,
    binges_after_release,
    first_week_ratio,
    session_length_change,
    sessions_by_length,
    usual_session,
)
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
    Card(
        "viewing-interactions",
        "Pauses, rewinds, fast-forwards and resumes",
        "interactions_by_group",
        interaction_table,
        "pauses_per_hour",
        note=not_told,
        columns=(
            "group_name",
            "pauses_per_hour",
            "rewinds_per_hour",
            "fast_forwards_per_hour",
            "resumes_per_hour",
            "compare_pauses_per_hour",
            "compare_rewinds_per_hour",
            "compare_fast_forwards_per_hour",
            "compare_resumes_per_hour",
            "measured_hours",
            "watch_hours",
        ),
        options=("interactions_by",),
        height_px=240,
        width=Width.FULL,
    ),
    Card(
        "viewing-replayed",
        "Replaying",
        "replayed_share_by_period",
        trend,
        "replayed_share",
        compared=True,
        headline=share_of_range,
        note=unknown_share,
        columns=(
            "span",
            "first_day",
            "is_complete",
            "replayed_share",
            "replayed_hours",
            "measured_hours",
            "watch_hours",
        ),
    ),
    Card(
        "viewing-autoplay",
        "Autoplay",
        "autoplay_share_by_period",
        trend,
        "autoplay_share",
        compared=True,
        headline=share_of_range,
        note=unknown_share,
        columns=(
            "span",
            "first_day",
            "is_complete",
            "autoplay_share",
            "autoplay_watch_share",
            "autoplay_plays",
            "measured_plays",
            "plays",
            "autoplay_hours",
            "measured_hours",
            "watch_hours",
        ),
        options=("autoplay_measure",),
        measure="autoplay_measure",
    ),
    Card(
        "viewing-load",
        "Streams at once",
        "concurrent_streams_by_period",
        trend,
        "peak_concurrent_streams",
        compared=True,
        headline=busiest_minute,
        note=by_utc,
        columns=("span", "first_day", "is_complete", "peak_concurrent_streams", "peak_at", "concurrent_streams"),
        options=("load_measure",),
        measure="load_measure",
        width=Width.TWO_THIRDS,
    ),
    Card(
        "viewing-busiest",
        "Busiest moments",
        "busiest_moments",
        busiest_list,
        "peak_concurrent_streams",
        note=by_utc,
        columns=("rank", "peak_at", "peak_concurrent_streams"),
        width=Width.THIRD,
    ),
    Card(
        "viewing-session-length",
        "Session length",
        "sessions_by_length",
        sessions_by_length,
        "sessions",
        compared=True,
        headline=usual_session,
        note=session_length_change,
        columns=("span", "session_length", "sessions", "session_share", "watch_hours"),
        rows="visits",
    ),
    Card(
        "viewing-binges",
        "Binge sessions",
        "binge_sessions_by_period",
        trend,
        "binge_sessions",
        compared=True,
        headline=binge_share,
        columns=("span", "first_day", "is_complete", "binge_sessions", "binge_share", "binge_watch_hours"),
        rows="binge_sessions",
    ),
    Card(
        "viewing-binges-after-release",
        "Binge sessions after a release",
        "binge_sessions_by_days_since_release",
        binges_after_release,
        "binge_sessions_per_release",
        headline=first_week_ratio,
        columns=("days_since_release", "releases", "binge_sessions", "binge_sessions_per_release", "level_after"),
        rows="binge_sessions",
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("When and how do people watch?", CARDS)
