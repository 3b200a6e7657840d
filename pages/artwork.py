"""Artwork: what do the covers look like?"""

import dash
from dash import html

from components.card import Card
from components.gallery import NOT_OF_COVERS, cover_name, cover_shown, gallery
from components.page import page
from components.panel import declare

dash.register_page(
    __name__,
    path="/artwork",
    name="Artwork",
    part_name="Gallery",
    title="Artwork · Marquee",
    order=50,
    unused_settings=NOT_OF_COVERS,
    listed_by={"kind": "kinds_of_covers"},
)

(COVER_CARD,) = declare(
    Card(
        "artwork-cover",
        "The cover chosen",
        "cover_details",
        cover_shown,
        "palette",
        headline=cover_name,
        options=("cover",),
        asks_for="cover",
        columns=(
            "cover_name",
            "all_names",
            "palette_rank",
            "bin",
            "share",
            "red",
            "green",
            "blue",
            "colour_family",
            "brightness",
            "contrast",
            "saturation",
            "colourfulness",
            "warmth",
            "near_black_share",
            "near_white_share",
            "dominant_hue_deg",
        ),
        nothing="Choose a cover to see what it is of and what colours it has.",
        rows="image_bins",
        height_px=520,
    )
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its gallery and its card read the address."""
    return page("What do the covers look like?", (), gallery(COVER_CARD), in_parts=True)
