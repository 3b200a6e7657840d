"""Who leaves, and what goes with it?"""

import dash
from dash import html

from components.card import Card
from components.leaving import odds_by_band, strongest_association, what_odds_compare
from components.page import page
from components.panel import Width, declare

dash.register_page(
    __name__,
    path="/retention/leaving",
    name="Who leaves",
    title="Who leaves · Marquee",
    order=42,
    part_of="/retention",
)

CARDS = declare(
    Card(
        "leaving-odds",
        "What goes with leaving",
        "leaving_by_factor",
        odds_by_band,
        "leaving_odds_ratio",
        headline=strongest_association,
        note=what_odds_compare,
        options=("left_by",),
        columns=(
            "factor_name",
            "band_name",
            "is_reference",
            "subscriptions",
            "left_subscriptions",
            "leaving_rate",
            "leaving_odds_ratio",
            "leaving_odds_ratio_low",
            "leaving_odds_ratio_high",
            "raw_odds_ratio",
            "raw_odds_ratio_low",
            "raw_odds_ratio_high",
            "untold",
        ),
        nothing=(
            "A subscription is looked at from its second month on, so the whole months before the range's end have "
            "nobody to tell of. A later end has more."
        ),
        rows="subscriptions",
        width=Width.FULL,
        height_px=820,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("Who leaves, and what goes with it?", CARDS)
