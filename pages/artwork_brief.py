"""What should the cover of a planned title look like?"""

import dash
from dash import html

from components.brief import (
    colours_that_did_well,
    covers_that_did_well,
    feature_ranges,
    how_many_did_well,
    how_much_more,
    print_button,
    what_ranges_are,
    what_the_evidence_is,
    which_colours_are_more,
    which_feature_differs,
)
from components.card import Card
from components.page import page
from components.panel import Width, declare

dash.register_page(
    __name__,
    path="/artwork/brief",
    name="Brief",
    title="Brief for a cover · Marquee",
    order=55,
    part_of="/artwork",
    unused_settings=("compare", "granularity", "calendar"),
)

NOTHING = "No cover of this genre was shown to this audience in these days. Choose more days, or another genre."
NONE_DID_WELL = "No cover of this genre did better with this audience than chance explains. Choose more days."
CARDS = declare(
    Card(
        "brief-covers",
        "Covers that did well",
        "take_rate_of_covers",
        covers_that_did_well,
        "take_rate",
        headline=how_many_did_well,
        note=what_the_evidence_is,
        options=("genre",),
        columns=(
            "show_id",
            "cover_name",
            "colour_family",
            "impressions",
            "taken_impressions",
            "take_rate",
            "take_rate_low",
            "take_rate_high",
            "middle_take_rate",
            "is_well_taken",
        ),
        nothing=NOTHING,
        rows="impressions",
        width=Width.FULL,
        height_px=160,
    ),
    Card(
        "brief-colours",
        "Their colours",
        "colours_of_well_taken_covers",
        colours_that_did_well,
        "palette",
        headline=which_colours_are_more,
        note=how_much_more,
        followed_options=("genre",),
        also_needs=("impressions.on_screen_ms",),
        columns=("bin", "colour_family", "red", "green", "blue", "share", "other_share", "palette_rank"),
        nothing=NONE_DID_WELL,
        rows="image_bins",
        height_px=200,
    ),
    Card(
        "brief-features",
        "Brightness and the rest",
        "features_of_well_taken_covers",
        feature_ranges,
        "cover_features",
        headline=which_feature_differs,
        note=what_ranges_are,
        followed_options=("genre",),
        also_needs=("impressions.on_screen_ms",),
        columns=(
            "feature",
            "well_taken_covers",
            "well_taken_low",
            "well_taken_middle",
            "well_taken_high",
            "other_covers",
            "other_low",
            "other_middle",
            "other_high",
        ),
        nothing=NONE_DID_WELL,
        rows="image_colours",
        height_px=200,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    head = html.Div(
        [html.H1("What should the cover of a planned title look like?"), print_button()], className="brief-head"
    )
    return page("What should the cover of a planned title look like?", CARDS, head=head, in_parts=True)
