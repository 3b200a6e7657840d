"""The gallery's figures and tables of customers' colours: made-up rows, so many as are asked for.

Figures of the colours themselves are not among them: the gallery's are of the theme's colours alone.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.colour_clusters import account_map, clusters_table
from components.customer_colours import distances_table
from definitions.metrics import METRICS
from tests.components.world import filters_of
from tests.gallery_pages import sized

FILTERS = filters_of("start_day=2023-06-03&end_day=2023-07-01&colour_account=account-1")
CLUSTERS = 6
MAPPED = 2_000


def mapped(count: int) -> pd.DataFrame:
    number = np.arange(count)
    cluster = 1 + number % CLUSTERS
    angle, radius = 2.4 * number, 0.1 + 0.3 * number / count
    return pd.DataFrame(
        {
            "account_id": [f"account-{place}" for place in number],
            "cluster": cluster,
            "map_x": np.cos(cluster) + radius * np.cos(angle),
            "map_y": np.sin(cluster) + radius * np.sin(angle),
            "watch_hours": 5.0 + number,
            "brightness": 40.0,
            "warmth": np.where(number % 7 == 0, np.nan, 0.4),
            "is_named": number == min(1, count - 1),
        }
    )


def clusters_of(count: int) -> pd.DataFrame:
    number = np.arange(1, count + 1)
    return pd.DataFrame(
        {
            "cluster": number,
            "cluster_accounts": 9_000 // number,
            "account_share": 1 / number / (1 / number).sum(),
            "brightness": 20.0 + 10 * number,
            "saturation": 0.5,
            "warmth": 0.1 * number,
            "cluster_palette": "#1f2a44 0.5000; #c1272d 0.3000; #f4f2ee 0.1000",
            "more_watched_genres": "science fiction; comedy",
        }
    )


def distances_of(count: int) -> pd.DataFrame:
    names = ["cosine", "jensen_shannon", "earth_movers"][:count]
    return pd.DataFrame({"distance_name": names, "colour_distance": [0.12, 0.2, 11.4][:count], "in_common_share": 0.7})


# As ``tests.gallery.FIGURES``: the most that a card of theirs may get stands for ten thousand.
CUSTOMER_FIGURES: dict[str, tuple[Callable[[pd.DataFrame], go.Figure], Callable[[str], pd.DataFrame]]] = {
    "Customers by colour": (
        lambda frame: account_map(frame, METRICS["account_colour"], FILTERS),
        sized(mapped, 200, MAPPED),
    ),
}
CUSTOMER_TABLES: dict[str, tuple[Callable[[pd.DataFrame], html.Div], Callable[[str], pd.DataFrame]]] = {
    "Clusters by colour": (
        lambda frame: clusters_table(frame, METRICS["cluster_accounts"], FILTERS),
        sized(clusters_of, 4, CLUSTERS),
    ),
    "Distances": (
        lambda frame: distances_table(frame, METRICS["colour_distance"], FILTERS),
        sized(distances_of, 3, 3),
    ),
}
