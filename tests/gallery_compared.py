"""The gallery's tables and pictures of covers compared and of the brief: made-up rows, so many as are asked for."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
from dash import html

from components.brief import colours_that_did_well, covers_that_did_well, feature_ranges
from components.compare import covers_beside_each_other, distances_table, feature_dots, shelf
from definitions.colours.bins import BIN_RGB, FAMILY_OF_BIN
from definitions.metrics import METRICS
from tests.components.world import filters_of
from tests.gallery_pages import name_of, sized

FILTERS = filters_of("start_day=2023-06-03&end_day=2023-07-01&genre=drama")
FEATURES = ("brightness", "contrast", "saturation", "colourfulness", "warmth", "near_black_share", "near_white_share")
SHARES = ("saturation", "warmth", "near_black_share", "near_white_share")
MOST_COMPARED = 4
MOST_ON_SHELF = 24


def bins_of(count: int) -> pd.DataFrame:
    """Return the bins of covers compared, of which each has one alone and two in common with the others."""
    rows = []
    for place in range(1, count + 1):
        bins = (7, 100, 40 * place)
        rows += [
            {
                "place": place,
                "image_hash": f"cover{place}",
                "show_id": f"title {place}",
                "cover_name": name_of(place - 1),
                "bin": number,
                "share": share,
                "colour_family": FAMILY_OF_BIN[number],
                "held_by": "distinct" if number == bins[2] else "shared",
                **dict(zip(("red", "green", "blue"), map(int, BIN_RGB[number]), strict=True)),
            }
            for number, share in zip(bins, (0.5, 0.3, 0.2), strict=True)
        ]
    return pd.DataFrame(rows)


def distances_of(count: int) -> pd.DataFrame:
    """Return the pairs of as many covers, at least of two."""
    pairs = [*combinations(range(max(2, count)), 2)]
    return pd.DataFrame(
        {
            "image_hash": [f"cover{one + 1}" for one, _ in pairs],
            "cover_name": [name_of(one) for one, _ in pairs],
            "other_hash": [f"cover{other + 1}" for _, other in pairs],
            "other_name": [name_of(other) for _, other in pairs],
            "earth_movers_distance": 24.6,
            "cosine_distance": 0.31,
            "jensen_shannon_distance": 0.44,
            "common_share": 0.5,
            "nearer_share": 0.2,
            "nearer_share_low": 0.17,
            "nearer_share_high": 0.24,
        }
    )


def features_of(count: int) -> pd.DataFrame:
    """Return the features of covers compared, of which the first two are where the other is."""
    rows = []
    for feature in FEATURES:
        top = 1.0 if feature in SHARES else 90.0
        rows += [
            {
                "place": place,
                "cover_name": name_of(place - 1),
                "feature": feature,
                "feature_value": top * (0.3 if place < 3 else 0.2 * place),
                "catalogue_low": 0.1 * top,
                "catalogue_middle": 0.45 * top,
                "catalogue_high": 0.9 * top,
                "lower_share": 0.3,
            }
            for place in range(1, count + 1)
        ]
    return pd.DataFrame(rows)


def shelf_of(count: int) -> pd.DataFrame:
    """Return a row of covers, of which the first is compared."""
    number = np.arange(1, count + 1)
    return pd.DataFrame(
        {
            "place": np.where(number == 1, 1, np.nan),
            "shelf_place": number,
            "image_hash": [f"cover{place}" for place in number],
            "show_id": [f"title {place}" for place in number],
            "cover_name": [name_of(int(place) - 1) for place in number],
            "genre": "drama",
            "mean_distance": np.where(count == 1, np.nan, 40.0 + number),
        }
    )


def taken_of(count: int) -> pd.DataFrame:
    """Return covers with their take rates, of which every other did well."""
    number = np.arange(count)
    return pd.DataFrame(
        {
            "image_hash": [f"cover{place}" for place in number],
            "show_id": [f"title {place}" for place in number],
            "cover_name": [name_of(int(place)) for place in number],
            "impressions": 4_000,
            "take_rate": 0.3,
            "take_rate_low": 0.26,
            "take_rate_high": 0.34,
            "is_well_taken": number % 2 == 0,
        }
    )


def mean_bins_of(count: int) -> pd.DataFrame:
    """Return so many bins of a mean colour, each half as large as the one before."""
    shares = 0.5 ** np.arange(1, count + 1)
    bins = 5 * np.arange(count)
    red, green, blue = BIN_RGB[bins].T.astype(int)
    return pd.DataFrame(
        {
            "colour_family": [FAMILY_OF_BIN[number] for number in bins],
            "share": shares / shares.sum(),
            "palette_rank": np.arange(1, count + 1),
            "red": red,
            "green": green,
            "blue": blue,
        }
    )


def ranges_of(count: int) -> pd.DataFrame:
    """Return the ranges of so many features, of which the last has no others to stand beside."""
    names = list(FEATURES[:count])
    tops = np.array([1.0 if name in SHARES else 90.0 for name in names])
    has_others = np.arange(len(names)) < max(1, len(names) - 1)
    return pd.DataFrame(
        {
            "feature": names,
            "well_taken_low": 0.3 * tops,
            "well_taken_middle": 0.5 * tops,
            "well_taken_high": 0.7 * tops,
            "other_low": np.where(has_others, 0.2 * tops, np.nan),
            "other_middle": np.where(has_others, 0.3 * tops, np.nan),
            "other_high": np.where(has_others, 0.4 * tops, np.nan),
        }
    )


Drawing = tuple[Callable[[pd.DataFrame], html.Div], Callable[[str], pd.DataFrame]]
# As ``tests.gallery.TABLES``; at most four covers are compared.
COVER_TABLES: dict[str, Drawing] = {
    "Distances between covers": (
        lambda frame: distances_table(frame, METRICS["colour_distance"], FILTERS),
        sized(distances_of, 3, MOST_COMPARED),
    ),
    "In a row of covers": (
        lambda frame: shelf(frame, METRICS["colour_distance"], FILTERS),
        sized(shelf_of, 12, MOST_ON_SHELF),
    ),
    "Features of covers that did well": (
        lambda frame: feature_ranges(frame, METRICS["cover_features"], FILTERS),
        sized(ranges_of, 5, 5),
    ),
}
# What is no table.
COVER_PICTURES: dict[str, Drawing] = {
    "Covers side by side": (
        lambda frame: covers_beside_each_other(frame, METRICS["colour_vector"], FILTERS),
        sized(bins_of, 2, MOST_COMPARED),
    ),
    "Features as dots": (
        lambda frame: feature_dots(frame, METRICS["cover_features"], FILTERS),
        sized(features_of, 2, MOST_COMPARED),
    ),
    "Covers that did well": (
        lambda frame: html.Div(covers_that_did_well(frame, METRICS["take_rate"], FILTERS)),
        sized(taken_of, 6, 400),
    ),
    "Colours of covers that did well": (
        lambda frame: colours_that_did_well(frame, METRICS["palette"], FILTERS),
        sized(mean_bins_of, 12, 40),
    ),
}
