"""A title: how is it watched, from its beginning to its end?"""

from typing import Any
from urllib.parse import unquote

import dash
from dash import html

from components.audience_cards import AUDIENCE_CARDS
from components.card import Card
from components.kpi import Kpi, KpiStrip
from components.labels import show_name
from components.page import page
from components.panel import Width, declare
from components.timeline import drop_off, most_notable, reached_the_end, timeline, what_is_followed
from components.title_head import title_head, title_of, unknown_title
from components.title_links import TITLE

dash.register_page(
    __name__,
    path_template="/titles/<title_id>",
    name="Title",
    title="Title · Marquee",
    unused_settings=("granularity",),
)

NOTHING = "No player events were recorded of it, or it is to be told apart by a runtime that is not known."

CARDS = declare(
    KpiStrip(
        "title-kpis",
        "Key figures",
        (
            Kpi("plays", "title_summary"),
            Kpi("watch_hours", "title_summary"),
            Kpi("mean_share_played", "title_summary"),
            Kpi("replayed_share", "title_summary"),
        ),
    ),
    Card(
        "title-timeline",
        "How it is watched",
        "audience_by_position",
        timeline,
        "audience_curve",
        headline=most_notable,
        note=what_is_followed,
        columns=(
            "from_s",
            "to_s",
            "audience_curve",
            "audience_low",
            "audience_high",
            "similar_low",
            "similar_high",
            "replays",
            "skips",
            "pauses",
            "stalls",
            "exits",
            "present_plays",
            "exit_hazard",
            "exit_hazard_low",
            "exit_hazard_high",
        ),
        options=("timeline_by",),
        nothing=NOTHING,
        width=Width.FULL,
        height_px=640,
    ),
    Card(
        "title-drop-off",
        "How far plays get",
        "audience_by_position",
        drop_off,
        "reached_share",
        headline=reached_the_end,
        columns=("from_s", "to_s", "reached_share", "reached_low", "reached_high"),
        options=("timeline_by",),
        nothing=NOTHING,
        width=Width.FULL,
        height_px=280,
    ),
)
declare(*AUDIENCE_CARDS)


def layout(title_id: str | None = None, **_query: Any) -> html.Div:
    """Lay out the page of one title; its cards read the filters from the URL."""
    title_id = unquote(title_id or "")
    title = title_of(title_id)
    if title is None:
        return unknown_title(title_id)
    # An episode's audience is that of its series, on whose page it stands.
    audience = AUDIENCE_CARDS if show_name(f"{TITLE}{title_id}") else ()
    return page(title.name, (*CARDS, *audience), of_title=title_id, head=title_head(title))
