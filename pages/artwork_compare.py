"""How alike are two covers, and what sets them apart?"""

import dash
from dash import html

from components.card import Card
from components.compare import (
    chooser,
    covers_beside_each_other,
    distances_table,
    feature_dots,
    how_alike,
    shelf,
    what_a_shelf_is,
    what_bins_are,
    what_lines_are,
    what_pairs_are,
    what_they_share,
    where_they_differ,
    who_stands_out,
)
from components.page import page
from components.panel import Width, declare

dash.register_page(
    __name__,
    path="/artwork/compare",
    name="Compare",
    title="Compare covers · Marquee",
    order=51,
    part_of="/artwork",
    filtered=False,
)

NOTHING_CHOSEN = "Choose two to four covers above."
CARDS = declare(
    Card(
        "compare-bins",
        "Colours side by side",
        "bins_of_covers",
        covers_beside_each_other,
        "colour_vector",
        headline=what_they_share,
        note=what_bins_are,
        options=("covers",),
        asks_for="covers",
        columns=("cover_name", "bin", "share", "red", "green", "blue", "colour_family", "held_by"),
        nothing=NOTHING_CHOSEN,
        rows="image_bins",
        width=Width.FULL,
        height_px=420,
    ),
    Card(
        "compare-distances",
        "How alike they are",
        "distances_between_covers",
        distances_table,
        "colour_distance",
        headline=how_alike,
        note=what_pairs_are,
        options=("covers",),
        asks_for="covers",
        columns=(
            "cover_name",
            "other_name",
            "earth_movers_distance",
            "cosine_distance",
            "jensen_shannon_distance",
            "common_share",
            "nearer_share",
            "nearer_share_low",
            "nearer_share_high",
            "sampled_pairs",
            "is_every_pair",
        ),
        nothing=NOTHING_CHOSEN,
        rows=None,
        width=Width.FULL,
        height_px=240,
    ),
    Card(
        "compare-features",
        "Brightness and the rest",
        "features_of_covers",
        feature_dots,
        "cover_features",
        headline=where_they_differ,
        note=what_lines_are,
        options=("covers",),
        asks_for="covers",
        columns=(
            "cover_name",
            "feature",
            "feature_value",
            "lower_share",
            "catalogue_low",
            "catalogue_middle",
            "catalogue_high",
        ),
        nothing=NOTHING_CHOSEN,
        rows="image_colours",
        width=Width.FULL,
        height_px=300,
    ),
    Card(
        "compare-shelf",
        "In a row of covers",
        "covers_on_shelf",
        shelf,
        "colour_distance",
        headline=who_stands_out,
        note=what_a_shelf_is,
        options=("covers", "shelf"),
        asks_for="covers",
        columns=("cover_name", "genre", "shelf_place", "mean_distance"),
        nothing=NOTHING_CHOSEN,
        rows=None,
        width=Width.FULL,
        height_px=240,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the address."""
    head = html.Div([html.H1("How alike are these covers, and what sets them apart?"), chooser()], id="compare-head")
    return page("How alike are these covers?", CARDS, head=head, in_parts=True)
