"""One series: how far do its viewers get, and who are they?"""

from urllib.parse import unquote

import dash
from dash import html

from components.audience_cards import AUDIENCE_CARDS
from components.card import Card
from components.figures import trend
from components.kpi import Kpi, KpiStrip
from components.page import page
from components.panel import Width, declare
from components.progress import binge_racers, estimated_coverage, finish_speeds
from components.season_funnel import hooked, season_funnel, what_the_funnel_counts
from components.sittings import binge_share
from components.title_head import series_of, title_head, unknown_series

dash.register_page(
    __name__, path_template="/series/<series_id>", name="Series", title="Series · Marquee", part_of="/titles", order=31
)


CARDS = declare(
    KpiStrip(
        "series-kpis",
        "Key figures",
        (
            Kpi("watch_hours", "viewing_summary"),
            Kpi("mean_daily_active_accounts", "viewing_summary"),
            Kpi("monthly_active_accounts", "viewing_summary"),
            Kpi("views", "viewing_summary"),
            Kpi("completion_rate", "completion_summary"),
            Kpi("recommendation_share", "viewing_summary"),
        ),
        of_page=True,
    ),
    Card(
        "series-funnel",
        "How far viewers get, episode by episode",
        "season_funnel",
        season_funnel,
        "episode_starters",
        headline=hooked,
        note=what_the_funnel_counts,
        columns=(
            "season_number",
            "episode_number",
            "name",
            "episode_starters",
            "known_starters",
            "episode_finishers",
            "went_on_accounts",
            "went_on_share",
            "season_finish_share",
        ),
        nothing="Nobody began a season in the range, or its episodes have no numbers.",
        of_page=True,
        height_px=320,
        width=Width.FULL,
    ),
    Card(
        "series-finish",
        "How fast its seasons are finished",
        "finish_times",
        finish_speeds,
        "finished_seasons",
        headline=binge_racers,
        note=estimated_coverage,
        nothing="Nobody finished a season in the range.",
        of_page=True,
    ),
    Card(
        "series-binges",
        "Binge sessions",
        "binge_sessions_by_period",
        trend,
        "binge_sessions",
        compared=True,
        headline=binge_share,
        columns=("span", "first_day", "is_complete", "binge_sessions", "binge_share", "binge_watch_hours"),
        rows="binge_sessions",
        of_page=True,
    ),
    *AUDIENCE_CARDS,
)


def layout(series_id: str = "", **_query: str) -> html.Div:
    """Lay out the page of the series with that id; its cards read the filters from the URL."""
    series_id = unquote(series_id)
    series = series_of(series_id)
    if series is None:
        return unknown_series(series_id)
    return page(series.name, CARDS, of_series=series_id, head=title_head(series))
