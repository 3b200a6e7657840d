"""The gallery's figures and tables of which covers are taken and what a catalogue's look like: made-up rows."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.catalogue_colours import feature_course, gaps_table, outliers_table, palette_bars
from components.colour_audience import appeal_cells, colour_dots, colour_odds
from components.cover_tests import cover_tests_table, variants_table
from definitions.colours.families import FAMILIES
from definitions.metrics import METRICS
from tests.components.world import filters_of
from tests.gallery_pages import name_of, sized

FILTERS = filters_of("start_day=2023-06-03&end_day=2023-07-01")
MONTHS = {"first_month": pd.Timestamp("2023-05-01"), "last_month": pd.Timestamp("2023-06-01")}
NO_IMAGE = None


def colours_of(count: int) -> pd.DataFrame:
    families = list(FAMILIES[:count])
    rates = 0.1 + 0.02 * np.arange(len(families))
    return pd.DataFrame(
        {
            "colour_family": families,
            "titles_shown": 12,
            "titles_watched": 11,
            "impressions": 4_000,
            "taken_impressions": (4_000 * rates).round(),
            "take_rate": rates,
            "take_rate_low": np.where(np.arange(len(families)) == 1, np.nan, 0.7 * rates),
            "take_rate_high": np.where(np.arange(len(families)) == 1, np.nan, 1.4 * rates),
            "watch_hours": 900.0,
            "watch_share": 1 / len(families),
        }
    )


def effects_of(count: int) -> pd.DataFrame:
    families = list(FAMILIES[:count])
    places = np.arange(len(families))
    ratios = np.where(places == 0, 1.0, 2.0 ** (places % 5 - 2))
    told = places != 3
    return pd.DataFrame(
        {
            "feature_name": "Colour",
            "feature_band": [family.capitalize() for family in families],
            "is_reference": places == 0,
            "titles": 9,
            "impressions": 5_000,
            "taken_impressions": 700,
            "take_rate": 0.14,
            "raw_odds_ratio": ratios * 1.2,
            "colour_effect": np.where(told, ratios, np.nan),
            "colour_effect_low": np.where(told & (places > 0), ratios / 1.6, np.nan),
            "colour_effect_high": np.where(told & (places > 0), ratios * 1.6, np.nan),
            "untold": [None if is_told else "too few titles" for is_told in told],
        }
    )


def appeals_of(count: int) -> pd.DataFrame:
    pairs = [(name_of(row), family) for row in range(12) for family in FAMILIES][:count]
    ratios = np.array([1.9 if place % 13 == 0 else 0.7 + place % 7 / 10 for place in range(len(pairs))])
    return pd.DataFrame(
        {
            "audience_by": "genre",
            "audience": [audience for audience, _ in pairs],
            "colour_family": [family for _, family in pairs],
            "impressions": 900,
            "taken_impressions": 140,
            "expected_taken": 120.0,
            "colour_appeal": np.where(np.arange(len(pairs)) == 5, np.nan, ratios),
            "colour_appeal_low": ratios / 1.3,
            "colour_appeal_high": ratios * 1.3,
            "raw_colour_appeal": ratios * 1.1,
            "is_clear": ratios > 1.5,
        }
    )


def palettes_of(count: int) -> pd.DataFrame:
    groups = min(count, 14)
    return pd.DataFrame(
        [
            {
                "group_kind": "genre",
                "group_id": name_of(group),
                "titles": 40 - group,
                "colour_family": family,
                "colour_area_share": (1 + (place + group) % 5) / sum(1 + (p + group) % 5 for p in range(len(FAMILIES))),
                "red": 20 * place,
                "green": 90,
                "blue": 255 - 20 * place,
            }
            for group in range(groups)
            for place, family in enumerate(FAMILIES)
        ]
    )


def course_of(count: int) -> pd.DataFrame:
    values = 40 + 10 * np.sin(np.arange(count) / 3)
    return pd.DataFrame(
        {
            "first_day": pd.date_range("1920-01-01", periods=count, freq="YS"),
            "dated_by": "year",
            "titles": 14,
            "cover_brightness": values,
            "feature_low": np.where(np.arange(count) == 0, np.nan, values - 5),
            "feature_high": np.where(np.arange(count) == 0, np.nan, values + 6),
        }
    )


def tests_of(count: int) -> pd.DataFrame:
    places = np.arange(2 * count)
    is_control = places % 2 == 0
    return pd.DataFrame(
        {
            "experiment_id": [f"test-{place // 2}" for place in places],
            "experiment_name": [f"Cover of {name_of(place // 2)}" for place in places],
            "name": [name_of(place // 2) for place in places],
            "show_id": [f"title {place // 2}" for place in places],
            "started_on": pd.Timestamp("2023-05-01"),
            "ended_on": pd.Timestamp("2023-06-01"),
            "variant": ["AB"[place % 2] for place in places],
            "image_hash": NO_IMAGE,
            "drawn_accounts": 12_345,
            "take_rate": 0.1 + 0.05 * (places % 2),
            "take_rate_difference": np.where(is_control, np.nan, 0.05),
            "take_rate_difference_low": np.where(is_control, np.nan, 0.02),
            "take_rate_difference_high": np.where(is_control, np.nan, 0.08),
            "experiment_effect": np.where(is_control, np.nan, 0.5),
            "experiment_effect_low": np.where(is_control, np.nan, 0.2),
            "experiment_effect_high": np.where(is_control, np.nan, 0.9),
            "verdict": [("control", "more", "control", "unequal arms", "control", "too few")[p % 6] for p in places],
        }
    )


def variants_of(count: int) -> pd.DataFrame:
    places = np.arange(2 * count)
    is_first = places % 2 == 0
    return pd.DataFrame(
        {
            "show_id": [f"title {place // 2}" for place in places],
            "name": [name_of(place // 2) for place in places],
            "cover": ["AB"[place % 2] for place in places],
            "image_hash": NO_IMAGE,
            "impressions": 4_321,
            "take_rate": 0.1 + 0.05 * (places % 2),
            "take_rate_low": 0.09,
            "take_rate_high": 0.17,
            "take_rate_difference": np.where(is_first, np.nan, 0.05),
            "take_rate_difference_low": np.where(is_first, np.nan, 0.02),
            "take_rate_difference_high": np.where(is_first, np.nan, 0.08),
            "is_clear": ~is_first,
            "was_tested": places % 4 == 1,
        }
        | MONTHS
    )


def outliers_of(count: int) -> pd.DataFrame:
    places = np.arange(count)
    return pd.DataFrame(
        {
            "show_id": [f"title {place}" for place in places],
            "name": [name_of(place) for place in places],
            "image_hash": "0" * 64,
            "genre": "science fiction",
            "genre_distance": 5 / (1 + places) ** 0.3,
            "colour_family": "purple",
            "genre_titles_of_colour": 2,
            "genre_titles": 40,
            "brightness": 20.0 + places % 50,
            "genre_brightness": 42.0,
        }
    )


def gaps_of(count: int) -> pd.DataFrame:
    places = np.arange(count)
    return pd.DataFrame(
        {
            "genre": "comedy",
            "colour_family": [FAMILIES[place % len(FAMILIES)] for place in places],
            "brightness_band": [("low", "middle", "high")[place % 3] for place in places],
            "titles": places % 3,
            "genre_titles": 210,
            "expected_titles": 8.0 + places % 3,
            "cover_gap": 8.0,
            "p_value": np.minimum(1, 0.001 * 2.0 ** (places % 12)),
            "is_clear": places % 12 < 5,
        }
    )


# As ``tests.gallery.FIGURES``: the most that a card of theirs may get stands for ten thousand.
TAKING_FIGURES: dict[str, tuple[Callable[[pd.DataFrame], go.Figure], Callable[[str], pd.DataFrame]]] = {
    "Take rate by colour": (
        lambda frame: colour_dots(frame, METRICS["take_rate"], FILTERS),
        sized(colours_of, 12, 12),
    ),
    "Odds to be taken": (
        lambda frame: colour_odds(frame, METRICS["colour_effect"], FILTERS),
        sized(effects_of, 12, 12),
    ),
    "Colours and audiences": (
        lambda frame: appeal_cells(frame, METRICS["colour_appeal"], FILTERS),
        sized(appeals_of, 100, 144),
    ),
    "Colours of groups": (
        lambda frame: palette_bars(frame, METRICS["colour_area_share"], FILTERS),
        sized(palettes_of, 9, 14),
    ),
    "Covers over the years": (
        lambda frame: feature_course(frame, METRICS["cover_brightness"], FILTERS),
        sized(course_of, 12, 90),
    ),
}
TAKING_TABLES: dict[str, tuple[Callable[[pd.DataFrame], html.Div], Callable[[str], pd.DataFrame]]] = {
    "Tests of covers": (
        lambda frame: cover_tests_table(frame, METRICS["experiment_effect"], FILTERS),
        sized(tests_of, 3, 40),
    ),
    "Covers of one title": (
        lambda frame: variants_table(frame, METRICS["take_rate"], FILTERS),
        sized(variants_of, 6, 400),
    ),
    "Outliers": (
        lambda frame: outliers_table(frame, METRICS["genre_distance"], FILTERS),
        sized(outliers_of, 12, 100),
    ),
    "Gaps": (
        lambda frame: gaps_table(frame, METRICS["cover_gap"], FILTERS),
        sized(gaps_of, 12, 300),
    ),
}
