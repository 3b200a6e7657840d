"""Covers in an order that no single column tells: by colours looked for, by likeness, and in the cells of the map."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from definitions.colours.bins import BIN_LAB, hex_of, lab_of
from definitions.colours.distances import nearest
from definitions.colours.families import FAMILIES
from queries.colour_vectors import Vectors

MOST_COLOURS = 5
# Two colours at least so far apart have nothing in common; at half of it, half. In CIE Lab with lightness at half its
# weight: who looks for blue means dark blue, too.
UNLIKE_DISTANCE = 45.0
_WEIGHTS = np.array([0.5, 1.0, 1.0])
LOOK_ALIKES = 20
# The map's cells across and down at its widest view; each further step has twice as many of both.
MAP_COLUMNS, MAP_ROWS = 7, 3
MOST_MAP_STEPS = 7
REDS_BEGIN_DEG = 345

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WantedColour:
    """A colour looked for (0–255 each) and its part (0–1) of all that is looked for."""

    red: int
    green: int
    blue: int
    part: float

    @property
    def hex(self) -> str:
        """Return it as style sheets write it."""
        return hex_of((self.red, self.green, self.blue))


def wanted_colours(text: str) -> list[WantedColour]:
    """Read «ff0000:60,0000ff:40», colours and weights that need not sum to anything; what is none of these is left out.

    At most five are read, each once.
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        colour, _, weight = part.strip().lower().partition(":")
        is_colour = len(colour) == 6 and all(digit in "0123456789abcdef" for digit in colour)
        is_weight = not weight or (weight.isdecimal() and 1 <= int(weight) <= 100)
        if is_colour and is_weight and colour not in weights and len(weights) < MOST_COLOURS:
            weights[colour] = float(weight or 100)
    total = sum(weights.values())
    return [
        WantedColour(int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16), weight / total)
        for colour, weight in weights.items()
    ]


def colour_matches(shares: npt.NDArray[np.float32], wanted: list[WantedColour]) -> Numbers:
    """Return how well each cover meets what is wanted, 0 to 1; ``shares`` are vectors, one a row.

    Each bin counts for the colour nearest to it, the less the farther it is. How much a cover has of each colour is
    held against that colour's part by the Bhattacharyya coefficient, Σ √(has · part): 1 where both are the same, and
    higher for some of each than for much of one.
    """
    colours = np.array([(colour.red, colour.green, colour.blue) for colour in wanted], dtype=np.uint8)
    distances = np.linalg.norm((BIN_LAB[:, None] - lab_of(colours)[None]) * _WEIGHTS, axis=-1)
    is_nearest = np.arange(len(wanted))[None] == distances.argmin(axis=1)[:, None]
    likeness = np.clip(1 - distances / UNLIKE_DISTANCE, 0, 1) * is_nearest
    parts = np.array([colour.part for colour in wanted])
    matches: Numbers = np.sqrt((shares @ likeness.astype(np.float32)) * parts).sum(axis=1)
    return np.minimum(matches, 1)


def by_colours(covers: pd.DataFrame, wanted: list[WantedColour], vectors: Vectors) -> pd.DataFrame:
    """Return the covers that have some of the colours wanted, those with most first, with ``colour_match`` (0–1)."""
    rows = rows_of(covers, vectors)
    known = np.flatnonzero(rows >= 0)
    matches = colour_matches(vectors.shares, wanted)[rows[known]]
    order = np.argsort(-matches, kind="stable")
    order = order[matches[order] > 0]
    return covers.iloc[known[order]].assign(colour_match=matches[order])


def by_likeness(covers: pd.DataFrame, vector: Numbers, vectors: Vectors, *, count: int = LOOK_ALIKES) -> pd.DataFrame:
    """Return the ``count`` covers nearest to a vector, with ``earth_movers_distance``, the nearest first."""
    rows = rows_of(covers, vectors)
    known = covers[rows >= 0]
    places, distances = nearest(vector, vectors.shares[rows[rows >= 0]], min(count, len(known)))
    return known.iloc[places].assign(earth_movers_distance=distances)


def vector_of(image_hash: str, vectors: Vectors) -> Numbers | None:
    """Return the vector of an image; None where none of it is known."""
    (row,) = rows_of(pd.DataFrame({"image_hash": [image_hash]}), vectors)
    return None if row < 0 else vectors.shares[row].astype(np.float64)


def rows_of(covers: pd.DataFrame, vectors: Vectors) -> npt.NDArray[np.intp]:
    """Return where the vector of each cover is; −1 where there is none."""
    return _index_of(vectors.image_hashes).get_indexer(pd.Index(covers["image_hash"], dtype="object"))


# What it looks in takes longer to make than to look in; a process serves few builds at a time.
@lru_cache(maxsize=4)
def _index_of(image_hashes: tuple[str, ...]) -> "pd.Index[str]":
    return pd.Index(image_hashes, dtype="object")


def by_order(covers: pd.DataFrame, order: str) -> pd.DataFrame:
    """Return the covers by "hue", "light", "dark" or "title"; those of which it is not known last.

    By hue they go from red through pink, then brown, black, grey and white; within each, around the colour circle.
    """
    if order == "title":
        return covers
    if order == "hue":
        family = covers["colour_family"].map({name: number for number, name in enumerate(FAMILIES)})
        around_deg = (covers["dominant_hue_deg"].astype("float64") - REDS_BEGIN_DEG) % 360
        keys = covers.assign(family=family, around_deg=around_deg)
        places = keys.sort_values(["family", "around_deg", "brightness"], kind="stable").index
        return covers.loc[places]
    return covers.sort_values("brightness", ascending=order == "dark", kind="stable")


def map_cells(covers: pd.DataFrame, step: int, *, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the cover to show in each cell of the map at a step of zooming, with ``column``, ``row`` and ``others``.

    The cover is the one nearest to the cell's middle, ``others`` how many more are in it. The first row is at the top.
    The map reaches as far as those of ``whole``, so that a cover has its place whichever are chosen.
    """
    placed = covers.dropna(subset=["map_x", "map_y"])
    columns, rows = MAP_COLUMNS * 2**step, MAP_ROWS * 2**step
    across = _along(placed["map_x"], whole["map_x"], columns)
    down = rows - _along(placed["map_y"], whole["map_y"], rows)
    cells = placed.assign(
        column=across.astype(int).clip(0, columns - 1),
        row=down.astype(int).clip(0, rows - 1),
    )
    off_middle = np.hypot(across - cells["column"] - 0.5, down - cells["row"] - 0.5)
    cells = cells.assign(off_middle=off_middle).sort_values(["row", "column", "off_middle"], kind="stable")
    others = cells.groupby(["row", "column"])["image_hash"].transform("size") - 1
    return cells.assign(others=others).drop_duplicates(["row", "column"]).drop(columns="off_middle")


def _along(places: pd.Series, whole: pd.Series, cells: int) -> pd.Series:
    """Return places as numbers of cells from the first of the whole to the last; the middle where all are alike."""
    low, high = whole.min(), whole.max()
    return (places - low) / (high - low) * cells if high > low else places * 0 + cells / 2
