"""Overview: how are we doing?"""

import dash
from dash import html

from components.card import Card, total_change
from components.figures import trend
from components.format import is_missing, value_text
from components.kpi import Kpi, KpiStrip, Row
from components.page import page
from components.panel import Width, declare
from components.tables import moved, ranking
from definitions.metric import Unit

dash.register_page(__name__, path="/", name="Overview", title="Overview · Marquee", order=0)


def _rejoined(row: Row) -> str:
    return f"+{value_text(row['rejoined_subscriptions'], Unit.COUNT)} rejoined"


def _cancelling(row: Row) -> str:
    return f"{value_text(row['cancellation_decisions'], Unit.COUNT)} decided to cancel"


def _month(row: Row) -> str | None:
    return None if is_missing(row["month"]) else f"in {row['month']:%B %Y}"


def _unknown_origin(row: Row) -> str | None:
    if not row["unknown_origin_share"] > 0:
        return None
    return f"origin unknown for {value_text(row['unknown_origin_share'], Unit.RATE)}"


CARDS = declare(
    KpiStrip(
        "overview-kpis",
        "Key figures",
        (
            Kpi("watch_hours", "viewing_summary"),
            Kpi("mean_daily_active_accounts", "viewing_summary"),
            Kpi("monthly_active_accounts", "viewing_summary"),
            Kpi("hours_per_active_account_day", "viewing_summary"),
            Kpi("plays", "viewing_summary"),
            Kpi("completion_rate", "completion_summary"),
            Kpi("new_subscriptions", "subscription_summary", _rejoined),
            Kpi("ended_subscriptions", "subscription_summary", _cancelling),
            Kpi("retention_rate", "retention_summary", _month),
            Kpi("recommendation_share", "viewing_summary", _unknown_origin),
            Kpi("rebuffer_ratio", "viewing_summary"),
        ),
    ),
    Card(
        "overview-watch-time",
        "Watch time",
        "watch_hours_by_period",
        trend,
        "watch_hours",
        compared=True,
        headline=total_change,
        columns=("span", "first_day", "is_complete", "watch_hours", "plays"),
        width=Width.TWO_THIRDS,
    ),
    Card(
        "overview-moved",
        "What grew and fell",
        "watch_hours_change_by_group",
        moved,
        "watch_hours",
        needs_comparison=True,
        columns=("group_name", "group_kind", "change_hours", "watch_hours", "compare_watch_hours"),
        width=Width.THIRD,
    ),
    Card(
        "overview-titles",
        "Top titles",
        "watch_hours_by_title",
        ranking,
        "watch_hours",
        columns=(
            "rank",
            "compare_rank",
            "name",
            "kind",
            "watch_hours",
            "compare_watch_hours",
            "watch_share",
            "plays",
        ),
        width=Width.FULL,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("How are we doing?", CARDS)
