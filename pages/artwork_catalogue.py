"""What do the covers of the catalogue look like?"""

import dash
from dash import html

from components.card import Card
from components.catalogue_colours import (
    feature_course,
    gaps_table,
    how_covers_changed,
    how_many_stand_out,
    most_unlike_group,
    outliers_table,
    palette_bars,
    surest_gap,
    what_a_gap_is,
    what_an_outlier_is,
    what_is_dated,
    what_palettes_count,
)
from components.gallery import NOT_OF_COVERS
from components.page import page
from components.panel import Width, declare

dash.register_page(
    __name__,
    path="/artwork/catalogue",
    name="Catalogue",
    title="Covers of the catalogue · Marquee",
    order=54,
    part_of="/artwork",
    unused_settings=NOT_OF_COVERS,
)

NO_COVERS = "No film or series of the kinds chosen has a cover whose colours are known."
CARDS = declare(
    Card(
        "catalogue-palettes",
        "Colours of the covers",
        "cover_colours_by_group",
        palette_bars,
        "colour_area_share",
        headline=most_unlike_group,
        note=what_palettes_count,
        options=("catalogue_by",),
        columns=("group_name", "titles", "colour_family", "colour_area_share", "red", "green", "blue"),
        nothing=NO_COVERS,
        rows="image_colours",
        width=Width.FULL,
        height_px=420,
    ),
    Card(
        "catalogue-course",
        "Covers over the years",
        "cover_features_by_period",
        feature_course,
        "cover_brightness",
        headline=how_covers_changed,
        note=what_is_dated,
        options=("cover_measure", "covers_dated"),
        measure="cover_measure",
        columns=(
            "first_day",
            "titles",
            "cover_brightness",
            "cover_saturation",
            "cover_warmth",
            "cover_contrast",
            "cover_colourfulness",
            "feature_low",
            "feature_high",
        ),
        nothing=NO_COVERS,
        rows="image_colours",
        height_px=380,
    ),
    Card(
        "catalogue-gaps",
        "Gaps",
        "cover_gaps",
        gaps_table,
        "cover_gap",
        headline=surest_gap,
        note=what_a_gap_is,
        columns=(
            "genre",
            "colour_family",
            "brightness_band",
            "titles",
            "genre_titles",
            "expected_titles",
            "cover_gap",
            "p_value",
            "is_clear",
        ),
        nothing="No look of covers is common enough for a genre to lack it.",
        rows="image_colours",
        height_px=380,
    ),
    Card(
        "catalogue-outliers",
        "Outliers of a genre",
        "cover_outliers",
        outliers_table,
        "genre_distance",
        headline=how_many_stand_out,
        note=what_an_outlier_is,
        columns=(
            "name",
            "genre",
            "genre_distance",
            "colour_family",
            "genre_titles_of_colour",
            "genre_titles",
            "brightness",
            "genre_brightness",
        ),
        nothing="No genre has ten covers whose colours are known.",
        rows="image_colours",
        width=Width.FULL,
        height_px=460,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("What do the covers of the catalogue look like?", CARDS, in_parts=True)
