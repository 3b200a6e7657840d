"""Distances between covers, worked out of the vectors that queries return as text (queries/macros/covers.sql)."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from definitions.colours.distances import cosine, earth_movers, jensen_shannon
from definitions.colours.families import BINS

Vector = npt.NDArray[np.float64]
Ask = Callable[[str], pd.DataFrame]

PAIR_COLUMNS = (
    "image_hash",
    "cover_name",
    "other_hash",
    "other_name",
    "common_share",
    "cosine_distance",
    "jensen_shannon_distance",
    "earth_movers_distance",
    "nearer_share",
    "nearer_share_low",
    "nearer_share_high",
    "sampled_pairs",
    "is_every_pair",
)
SAMPLE_COLUMNS = ("image_hash", "other_hash", "earth_movers_distance", "is_every_pair")
SHELF_COLUMNS = ("place", "shelf_place", "image_hash", "show_id", "cover_name", "genre", "mean_distance")
Z_95 = 1.959964


def vector_in(text: str) -> Vector:
    """Return the 216-bin vector that is written as «43:0.75 215:0.25»."""
    vector = np.zeros(BINS)
    for part in text.split():
        number, _, share = part.partition(":")
        vector[int(number)] = float(share)
    return vector


def with_distances(rows: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Fill in the distances of pairs of covers, and how many of the catalogue's pairs are nearer, with an interval.

    ``rows`` are those of distances_between_covers. The interval is Wilson's, of 95 %; where every pair of the catalogue
    is looked at there is no error, and its ends are null.
    """
    filled = rows.copy()
    sample = ask("sampled_cover_pairs") if rows["other_vector"].notna().any() else rows.head(0)
    catalogue = sample["earth_movers_distance"].to_numpy(dtype=np.float64)
    for index, pair in rows[rows["other_vector"].notna()].iterrows():
        one, other = vector_in(pair["vector"]), vector_in(pair["other_vector"])
        distance = earth_movers(one, other)
        told: dict[str, float | None] = {
            "cosine_distance": float(cosine(one, other)),
            "jensen_shannon_distance": float(jensen_shannon(one, other)),
            "earth_movers_distance": distance,
        }
        if len(catalogue):
            is_every_pair = bool(sample["is_every_pair"].iloc[0])
            nearer = float((catalogue < distance).mean())
            low, high = (None, None) if is_every_pair else wilson(nearer, len(catalogue))
            told |= {"nearer_share": nearer, "sampled_pairs": len(catalogue), "is_every_pair": is_every_pair}
            told |= {"nearer_share_low": low, "nearer_share_high": high}
        for column, value in told.items():
            filled.loc[index, column] = value
    return filled[list(PAIR_COLUMNS)]


def with_pair_distances(rows: pd.DataFrame, _ask: Ask) -> pd.DataFrame:
    """Fill in the earth mover's distances of the rows of sampled_cover_pairs."""
    vectors = {text: vector_in(text) for text in {*rows["vector"], *rows["other_vector"]}}
    distances = [
        earth_movers(vectors[one], vectors[other])
        for one, other in zip(rows["vector"], rows["other_vector"], strict=True)
    ]
    return rows.assign(earth_movers_distance=np.array(distances, dtype=np.float64))[list(SAMPLE_COLUMNS)]


def with_shelf_distances(rows: pd.DataFrame, _ask: Ask) -> pd.DataFrame:
    """Fill in how far each cover of covers_on_shelf is from those of the shelf's other titles, on average."""
    vectors = [vector_in(text) for text in rows["vector"]]
    on_shelf = np.flatnonzero(rows["shelf_place"].to_numpy() > 0)
    shows = rows["show_id"].to_list()
    means = []
    for number, vector in enumerate(vectors):
        others = [other for other in on_shelf if shows[other] != shows[number]]
        distances = [earth_movers(vector, vectors[other]) for other in others]
        means.append(float(np.mean(distances)) if distances else None)
    return rows.assign(mean_distance=pd.Series(means, index=rows.index, dtype="float64"))[list(SHELF_COLUMNS)]


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the ends of Wilson's 95 % interval of a share (0–1) of ``count``."""
    middle = (share + Z_95**2 / (2 * count)) / (1 + Z_95**2 / count)
    half = Z_95 / (1 + Z_95**2 / count) * math.sqrt(share * (1 - share) / count + Z_95**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)
