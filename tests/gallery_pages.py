"""The gallery's figures and tables of Devices & places and Titles: made-up rows, so many as are asked for."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.devices import (
    adoption_curves,
    device_sets,
    group_table,
    profiles_by_device,
    switches_matrix,
    uses_table,
)
from components.league import league, ranks_by_view
from components.season_funnel import season_funnel
from components.title_audience import also_watched, audience_table, cover_table, ratings_table
from definitions.metrics import METRICS
from tests.components.world import filters_of

FILTERS = filters_of("start_day=2023-06-03&end_day=2023-07-01")
DEVICES = ("tv", "mobile", "tablet", "desktop", "console", "other")
NAMES = ("The Salt Year", "Harbour Lights", "A Very Long Name That Nobody Could Fit Anywhere", "Nine Doors", "Ash")


def name_of(number: int) -> str:
    return NAMES[number] if number < len(NAMES) else f"Title {number}"


def _falling(count: int) -> "np.ndarray[Any, Any]":
    """Return shares that sum to 1, each smaller than the one before."""
    sizes = 1 / np.arange(1, count + 1) ** 0.9
    shares: np.ndarray[Any, Any] = sizes / sizes.sum()
    return shares


def adoption_of(count: int) -> pd.DataFrame:
    models = min(count, 8)
    weeks = np.arange(max(1, count // models))
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "group_kind": "model",
                    "group_id": f"Meridian {60 + model}",
                    "first_seen_day": pd.Timestamp("2023-01-01") + pd.Timedelta(days=14 * model),
                    "weeks_since": weeks,
                    "adoption_share": 0.3 / (model + 1) * (1 - np.exp(-weeks / 6)),
                }
            )
            for model in range(models)
        ]
    )


def sets_of(count: int) -> pd.DataFrame:
    sets = ["+".join(chosen) for size in (1, 2, 3, 4) for chosen in combinations(DEVICES, size)][:count]
    shares = _falling(len(sets))
    return pd.DataFrame({"device_set": sets, "device_set_accounts": (5_000 * shares).round(), "account_share": shares})


def profiles_of(count: int) -> pd.DataFrame:
    pairs = [(sort, device) for device in DEVICES for sort in ("kids", "standard")][:count]
    return pd.DataFrame(
        [
            {
                "profile_type": sort,
                "device_type": device,
                "profile_share": 0.2 if sort == "kids" else 0.8,
                "watch_time_share": 0.5 / (DEVICES.index(device) + (2 if sort == "kids" else 1)),
            }
            for sort, device in pairs
        ]
    )


def groups_of(count: int, kind: str = "region") -> pd.DataFrame:
    shares = _falling(count)
    frame = pd.DataFrame(
        {
            "group_kind": kind,
            "group_id": [DEVICES[i % 6] if kind == "device" else f"IN-{i}" for i in range(count)],
            "watch_time_share": shares,
            "watch_hours": 12_000 * shares,
            "plays": (20_000 * shares).round(),
            "mean_daily_active_accounts": 800 * shares,
        }
    ).assign(group_name=lambda rows: rows["group_id"])
    before = {f"compare_{name}": frame[name] * 0.93 for name in frame.columns[2:6]}
    return frame.assign(**before)


def audience_of(count: int) -> pd.DataFrame:
    return groups_of(count, "device").assign(
        watch_share=lambda rows: rows["watch_time_share"],
        service_share=lambda rows: rows["watch_time_share"] * 0.9,
        audience_index=1 / 0.9,
    )


def uses_of(count: int) -> pd.DataFrame:
    devices = DEVICES[:count]
    return pd.DataFrame(
        {
            "device_type": devices,
            "group_kind": "device",
            "group_id": devices,
            "group_name": devices,
            "top_genre": ["drama", "comedy", None, "horror", "crime", "romance"][: len(devices)],
            "top_genre_share": _falling(len(devices)),
            "watch_hours": 8_000 * _falling(len(devices)),
            "film_share": 0.4,
            "mean_session_hours": 0.9,
            "completion_rate": 0.8,
            "kids_share": 0.1,
        }
    )


def switches_of(count: int) -> pd.DataFrame:
    pairs = [(begun, ended) for begun in DEVICES for ended in DEVICES][:count]
    return pd.DataFrame(
        [
            {
                "device_type": begun,
                "completed_on": ended,
                "finished_titles": 900 if begun == ended else 20,
                "finish_share": 0.9 if begun == ended else 0.02,
            }
            for begun, ended in pairs
        ]
    )


def league_of(count: int) -> pd.DataFrame:
    hours = 48_000 / np.arange(1, count + 1) ** 0.8
    return pd.DataFrame(
        {
            "rank": range(1, count + 1),
            "compare_rank": [number + (-1) ** number for number in range(1, count + 1)],
            "show_id": [f"title t{i}" for i in range(count)],
            "name": [name_of(i) for i in range(count)],
            "kind": "film",
            "genres": "drama; crime",
            "poster_hash": None,
            "watch_hours": hours,
            "compare_watch_hours": hours * 0.9,
            "course_hours": " ".join(str(20 + day % 7) for day in range(28)),
        }
    )


def ranks_of(count: int) -> pd.DataFrame:
    ranks = np.arange(1, count + 1)
    frame = league_of(count).assign(views=lambda rows: rows["watch_hours"].round())
    return frame.assign(plays_rank=ranks, coverage_rank=ranks[::-1], hours_rank=np.nan, starts_rank=ranks)


def episodes_of(count: int) -> pd.DataFrame:
    starters = (900 * 0.9 ** np.arange(count)).round() + 1
    return pd.DataFrame(
        {
            "show_id": "series s",
            "title_id": [f"e{i}" for i in range(count)],
            "season_number": [1 + i // 8 for i in range(count)],
            "episode_number": [1 + i % 8 for i in range(count)],
            "name": [name_of(i) for i in range(count)],
            "episode_starters": starters,
            "known_starters": starters,
            "episode_finishers": (0.9 * starters).round(),
            "went_on_accounts": (0.85 * starters).round(),
            "went_on_share": 0.85,
            "season_finish_share": np.minimum(0.95, 0.55 + 0.05 * np.arange(count)),
        }
    )


def others_of(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "show_id": [f"title t{i}" for i in range(count)],
            "name": [name_of(i) for i in range(count)],
            "shared_accounts": 60,
            "own_share": 0.08,
            "service_share": 0.05,
            "lift": 3 / np.arange(1, count + 1) ** 0.3,
        }
    )


def ratings_of(count: int) -> pd.DataFrame:
    values = [("five_stars", stars) for stars in range(5, 0, -1)][:count]
    return pd.DataFrame(values, columns=["scale", "rating"]).assign(
        ratings=40, rating_share=1 / len(values), rating_mean=3.4, service_mean=3.6
    )


def covers_of(count: int) -> pd.DataFrame:
    rates = 0.4 * _falling(count)
    return pd.DataFrame(
        {
            "cover": [chr(65 + i % 26) for i in range(count)],
            "image_hash": None,
            "impressions": 1_500,
            "taken_impressions": (1_500 * rates).round(),
            "take_rate": rates,
            "take_rate_low": rates * 0.9,
            "take_rate_high": rates * 1.1,
        }
    )


def sized(frame_of: Callable[[int], pd.DataFrame], filled: int, most: int) -> Callable[[str], pd.DataFrame]:
    return lambda size: frame_of({"filled": filled, "one point": 1}.get(size, most))


# As ``tests.gallery.FIGURES``; of some there can never be ten thousand. What only draws one of those is not among them.
PAGE_FIGURES: dict[str, tuple[Callable[[pd.DataFrame], go.Figure], Callable[[str], pd.DataFrame]]] = {
    "Adoption": (
        lambda frame: adoption_curves(frame, METRICS["adoption_share"], FILTERS),
        sized(adoption_of, 20 * 8, 8 * 104),
    ),
    "Sets of devices": (
        lambda frame: device_sets(frame, METRICS["device_set_accounts"], FILTERS),
        sized(sets_of, 12, 10_000),
    ),
    "Profiles by device": (
        lambda frame: profiles_by_device(frame, METRICS["watch_time_share"], FILTERS),
        sized(profiles_of, 12, 12),
    ),
}
# Tables have no more rows than a card of theirs may get.
PAGE_TABLES: dict[str, tuple[Callable[[pd.DataFrame], html.Div], Callable[[str], pd.DataFrame]]] = {
    "Groups": (
        lambda frame: group_table(frame, METRICS["watch_time_share"], FILTERS),
        sized(groups_of, 5, 300),
    ),
    "Uses of devices": (lambda frame: uses_table(frame, METRICS["film_share"], FILTERS), sized(uses_of, 6, 6)),
    "Switches": (
        lambda frame: switches_matrix(frame, METRICS["finish_share"], FILTERS),
        sized(switches_of, 36, 36),
    ),
    "League": (lambda frame: league(frame, METRICS["watch_hours"], FILTERS), sized(league_of, 12, 10_000)),
    "Ranks by view": (lambda frame: ranks_by_view(frame, METRICS["views"], FILTERS), sized(ranks_of, 10, 40)),
    "Season funnel": (
        lambda frame: season_funnel(frame, METRICS["episode_starters"], FILTERS),
        sized(episodes_of, 8, 10_000),
    ),
    "Audience": (lambda frame: audience_table(frame, METRICS["audience_index"], FILTERS), sized(audience_of, 6, 6)),
    "Also watched": (lambda frame: also_watched(frame, METRICS["lift"], FILTERS), sized(others_of, 8, 100)),
    "Ratings": (lambda frame: ratings_table(frame, METRICS["rating_mean"], FILTERS), sized(ratings_of, 5, 5)),
    "Covers": (lambda frame: cover_table(frame, METRICS["take_rate"], FILTERS), sized(covers_of, 3, 26)),
}
