"""How far two distributions of colours are from each other: three distances, and the covers nearest to one."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from definitions.colours.bins import BIN_DISTANCES, BIN_LAB

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.floating[Any]]
# Of sums that rounding makes a little more or less than they are.
_ROUNDING = 1e-9
# Pivots of the network simplex; between 216 bins it takes some thousands.
_MOST_PIVOTS = 1_000_000


def cosine(left: Matrix, right: Vector) -> Any:
    """Return 1 − cos of the angle between two vectors, 0 to 1; of a matrix, that of each row."""
    lengths = np.linalg.norm(left, axis=-1) * np.linalg.norm(right)
    return np.clip(1 - left @ right / lengths, 0, 1)


def jensen_shannon(left: Matrix, right: Vector) -> Any:
    """Return the square root of the Jensen–Shannon divergence to base 2, 0 to 1; of a matrix, that of each row.

    Source: Endres and Schindelin, IEEE Transactions on Information Theory 49 (2003).
    """
    middle = (left + right) / 2
    return np.sqrt(np.clip((_divergence(left, middle) + _divergence(right, middle)) / 2, 0, 1))


def earth_movers(left: Vector, right: Vector) -> float:
    """Return the least cost of turning one vector into the other, moving shares over distances in CIE Lab.

    Source: Rubner, Tomasi and Guibas, International Journal of Computer Vision 40 (2000); solved exactly by POT.
    """
    # What both have need not move, since the cost is a metric; so little is left to move between few bins.
    moved = np.asarray(left, dtype=np.float64) - right
    leaving, arriving = np.flatnonzero(moved > _ROUNDING), np.flatnonzero(moved < -_ROUNDING)
    if not len(leaving) or not len(arriving):
        return 0.0
    amount = moved[leaving].sum()
    parts, gaps = moved[leaving] / amount, -moved[arriving]
    costs = np.ascontiguousarray(BIN_DISTANCES[np.ix_(leaving, arriving)])
    least_cost = _least_cost()
    # Potentials are not asked for, and what leaves is as much as what arrives.
    cost = least_cost(
        parts, gaps / gaps.sum(), costs, numItermax=_MOST_PIVOTS, center_dual=False, check_marginals=False
    )
    return float(amount * cost)


def nearest(vector: Vector, matrix: Matrix, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the ``count`` rows of a matrix nearest to a vector by the earth mover's distance, and their distances.

    Exact, the nearest first, of equal ones the earlier row: rows are tried in the order of a lower bound of their
    distance until no bound is less than what was found (Kusner et al., ICML 2015, section 4).
    """
    bounds = lower_bounds(vector, matrix)
    found: list[tuple[float, int]] = []
    for row in np.argsort(bounds, kind="stable"):
        if len(found) == count and bounds[row] > found[-1][0]:
            break
        found = sorted([*found, (earth_movers(matrix[row].astype(np.float64), vector), int(row))])[:count]
    return np.array([row for _, row in found], dtype=np.int64), np.array([distance for distance, _ in found])


def lower_bounds(vector: Vector, matrix: Matrix) -> npt.NDArray[np.float64]:
    """Return of each row a distance that its earth mover's distance to the vector is not less than.

    The largest of three: that of the mean colours, and what it costs if each share of one may go to the nearest bin of
    the other, whoever else goes there.
    """
    of_means = np.linalg.norm(matrix @ BIN_LAB - vector @ BIN_LAB, axis=1)
    bins = np.flatnonzero(vector)
    leaving = matrix @ BIN_DISTANCES[:, bins].min(axis=1)
    arriving = np.zeros(len(matrix))
    has = matrix > 0
    for number in bins:
        arriving += vector[number] * _distance_to_nearest(has, BIN_DISTANCES[number])
    bounds = np.maximum(np.maximum(of_means, leaving), arriving)
    # Shares may be rounded to 32 bits, and a bound must not be more than the distance.
    return np.asarray(bounds * (1 - 1e-6) - 1e-6, dtype=np.float64)


def _distance_to_nearest(has: npt.NDArray[np.bool_], distances: Vector) -> Vector:
    """Return of each row the least distance among the bins that it has."""
    order = np.argsort(distances)
    return np.asarray(distances[order[has[:, order].argmax(axis=1)]], dtype=np.float64)


def _divergence(left: Matrix, middle: Matrix) -> Any:
    """Return the Kullback–Leibler divergence to base 2; what has no share adds nothing."""
    ratio = np.divide(left, middle, out=np.ones_like(middle), where=left > 0)
    return (left * np.log2(ratio)).sum(axis=-1)


def load_solver() -> None:
    """Load what solves the earth mover's distance, so that whoever asks for the first one need not wait for it."""
    _least_cost()


@cache
def _least_cost() -> Any:
    # Loaded when first needed: of no use to most commands, and a second of the processor's time and 20 MB.
    from ot.lp import emd2

    return emd2
