"""Customers' colours: which colours do people watch, and who watches alike?"""

import dash
from dash import html

from components.card import Card
from components.colour_clusters import (
    account_map,
    accounts_mapped,
    clusters_table,
    tastes_told,
    what_clusters_are,
    what_the_map_is,
)
from components.colour_movement import (
    covers_table,
    family_changes,
    family_course,
    family_that_moved,
    nearest_cover,
    what_change_is,
    what_course_counts,
    what_grew,
    what_likeness_is,
)
from components.customer_colours import (
    average_colours,
    bins_compared,
    distances_table,
    how_far_apart,
    main_families,
    same_on_both_sides,
    what_is_averaged,
    what_is_compared,
    what_they_share,
    whose_colours,
)
from components.page import page
from components.panel import Width, declare

dash.register_page(
    __name__,
    path="/artwork/customers",
    name="Customers’ colours",
    title="Customers’ colours · Marquee",
    order=53,
    part_of="/artwork",
    unused_settings=("compare",),
)

OF_WHOM = ("colour_account", "colour_days")
COMPARED = ("other_account", "other_segment")
NOTHING = "Nothing was watched that has a cover."

CARDS = declare(
    Card(
        "customers-average",
        "Average colour",
        "average_colour_by_group",
        average_colours,
        "colour_share",
        headline=main_families,
        note=what_is_averaged,
        options=(*OF_WHOM, "colours_by"),
        columns=("group_kind", "group_name", "bin", "colour_family", "colour_hex", "palette_rank", "colour_share"),
        nothing=NOTHING,
        width=Width.FULL,
        height_px=300,
    ),
    Card(
        "customers-compared",
        "Two palettes",
        "average_colour_compared",
        bins_compared,
        "colour_share",
        headline=whose_colours,
        note=what_is_compared,
        options=COMPARED,
        followed_options=OF_WHOM,
        columns=("side", "bin", "colour_family", "colour_hex", "palette_rank", "colour_share"),
        asks_for="other_account",
        needless=same_on_both_sides,
        nothing="Name an account above or here, or choose whom to compare with: then two palettes are shown.",
        height_px=280,
    ),
    Card(
        "customers-distance",
        "How far apart",
        "colour_distances",
        distances_table,
        "colour_distance",
        headline=how_far_apart,
        note=what_they_share,
        followed_options=(*OF_WHOM, *COMPARED),
        columns=("distance_name", "colour_distance", "in_common_share"),
        also_needs=("plays.watch_ms",),
        asks_for="other_account",
        needless=same_on_both_sides,
        nothing="Name an account, or choose whom to compare with: then it is told how far apart they are.",
        height_px=280,
    ),
    Card(
        "customers-course",
        "Colours over time",
        "colour_families_by_period",
        family_course,
        "colour_share",
        headline=family_that_moved,
        note=what_course_counts,
        followed_options=("colour_account",),
        columns=("first_day", "is_complete", "colour_family", "colour_share"),
        nothing=NOTHING,
        width=Width.FULL,
        height_px=340,
    ),
    Card(
        "customers-change",
        "What grew and what fell",
        "colour_change_by_family",
        family_changes,
        "colour_change",
        headline=what_grew,
        note=what_change_is,
        followed_options=OF_WHOM,
        columns=("colour_family", "colour_share", "earlier_share", "colour_change"),
        nothing="There is nothing before these days to compare with. Fewer last days have more before them.",
        height_px=400,
    ),
    Card(
        "customers-towards",
        "Towards which covers",
        "covers_trended_towards",
        covers_table,
        "cover_likeness",
        headline=nearest_cover,
        note=what_likeness_is,
        followed_options=OF_WHOM,
        columns=("name", "kind", "genres", "colour_family", "cover_likeness", "decisive_hex", "decisive_change"),
        nothing="There is no change to compare covers with. Fewer last days have more before them.",
        rows="shows",
        height_px=400,
    ),
    Card(
        "customers-map",
        "Map of customers",
        "colour_map",
        account_map,
        "account_colour",
        headline=accounts_mapped,
        note=what_the_map_is,
        followed_options=("colour_account",),
        columns=("account_id", "account_country", "account_plan", "cluster", "map_x", "map_y", "watch_hours"),
        nothing=NOTHING,
        rows="account_colours",
        width=Width.THIRD,
        height_px=420,
    ),
    Card(
        "customers-clusters",
        "Clusters by colour",
        "clusters_by_colour",
        clusters_table,
        "cluster_accounts",
        headline=tastes_told,
        note=what_clusters_are,
        columns=(
            "cluster",
            "cluster_accounts",
            "account_share",
            "watch_hours",
            "cluster_palette",
            "more_watched_genres",
            "brightness",
            "saturation",
            "warmth",
        ),
        nothing=NOTHING,
        rows="account_colours",
        width=Width.TWO_THIRDS,
        height_px=420,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("Which colours do people watch?", CARDS, in_parts=True)
