"""Places covers on a map, where near means alike."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from definitions.colours.bins import BIN_LAB
from definitions.colours.distances import earth_movers

# Of so many covers the distance to every other is computed: more cost time, and move nothing that is seen.
LANDMARKS = 32
# An axis along which landmarks spread less than this share of the widest is rounding.
_FLAT = 1e-9
_DECIMALS = 3


def places_of(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return where covers lie on a map (n × 2) by their 216-vectors (n × 216), in the units of CIE Lab.

    Distances on the map come near the earth mover's. Lighter covers lie above, and of the two sides, yellower ones on
    the right. The first rows are the landmarks: which they are must not depend on how the covers look.
    Source: landmark multidimensional scaling (de Silva and Tenenbaum, Stanford technical report, 2004).
    """
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2))
    landmarks = vectors[:LANDMARKS]

    def squares(landmark: npt.NDArray[np.float64]) -> list[float]:
        return [earth_movers(vector, landmark) ** 2 for vector in vectors]

    # The solver lets go of Python's lock.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        to_landmarks = np.array(list(pool.map(squares, landmarks)))
    among = to_landmarks[:, : len(landmarks)]
    means = among.mean(axis=1)
    centred = -(among - means[:, None] - means[None] + among.mean()) / 2
    spreads, axes = np.linalg.eigh(centred)
    widest = np.argsort(-spreads, kind="stable")[:2]
    spreads, axes = spreads[widest], axes[:, widest]
    is_flat = spreads <= _FLAT * max(float(spreads[0]), _FLAT)
    scaled = np.where(is_flat, 0, axes / np.sqrt(np.where(is_flat, 1, spreads)))
    places = -(to_landmarks - means[:, None]).T @ scaled / 2
    if places.shape[1] < 2:
        places = np.column_stack([places, np.zeros(len(places))])
    return np.round(_turned(places, vectors @ BIN_LAB), _DECIMALS) + 0.0


def _turned(places: npt.NDArray[np.float64], mean_labs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the places with the axis along which lightness changes most upwards, and yellow on the right."""
    around = places - places.mean(axis=0)
    labs = mean_labs - mean_labs.mean(axis=0)
    with_lightness, with_yellow = around.T @ labs[:, 0], around.T @ labs[:, 2]
    up = int(np.argmax(np.abs(with_lightness)))
    across = 1 - up
    x = places[:, across] * (1 if with_yellow[across] >= 0 else -1)
    y = places[:, up] * (1 if with_lightness[up] >= 0 else -1)
    return np.column_stack([x, y])
