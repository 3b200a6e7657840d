"""Finds clusters of colour vectors under the cosine, and places the vectors on a plane; the same each time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2

from definitions.customer_colour_tables import (
    CLUSTER_SAMPLE_ACCOUNTS,
    LEAST_CLUSTER_ACCOUNTS,
    MOST_COLOUR_CLUSTERS,
)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SEED = 216
BEGINNINGS = 3
STEPS = 20
# A place on the map is told to so many decimals: beyond them another machine's arithmetic may differ.
MAP_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class ColourMap:
    """What was found in a sample of vectors (``sample``, vectors × 216, each of length 1).

    ``middles`` are the clusters' (clusters × 216, of length 1); ``mean_silhouette`` tells how far apart they are, None
    where there is only one.
    """

    sample: Floats
    middles: Floats
    mean_silhouette: float | None

    @classmethod
    def of(cls, vectors: Floats) -> "ColourMap":
        """Find the clusters of ``vectors`` (vectors × 216): of 2 to 6 of them, those with the largest silhouette.

        They are found by the first CLUSTER_SAMPLE_ACCOUNTS. One where there are too few to tell, or all are alike.
        """
        whole = unit_rows(vectors)
        sample = whole[:CLUSTER_SAMPLE_ACCOUNTS]
        best = cls(whole, unit_rows(sample.mean(axis=0, keepdims=True)), None)
        most = min(MOST_COLOUR_CLUSTERS, len(sample) // LEAST_CLUSTER_ACCOUNTS, len(np.unique(sample, axis=0)))
        for clusters in range(2, most + 1):
            middles = _middles(sample, clusters)
            if middles is None:
                continue
            silhouette = _mean_silhouette(sample, middles)
            if best.mean_silhouette is None or silhouette > best.mean_silhouette:
                best = cls(whole, middles, silhouette)
        return best

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return len(self.middles)

    def nearest(self, vectors: Floats) -> Ints:
        """Return, for each vector, the cluster (from 0) whose middle is nearest by the cosine."""
        return np.asarray((vectors @ self.middles.T).argmax(axis=1))

    def places(self) -> Floats:
        """Return where the sample's vectors lie on the plane in which they differ most (vectors × 2)."""
        centred = self.sample - self.sample.mean(axis=0)
        _, axes = np.linalg.eigh(centred.T @ centred)
        axes = axes[:, :-3:-1]
        # Which way an axis runs is arithmetic's whim: its largest part is positive.
        largest = np.abs(axes).argmax(axis=0)
        axes = axes * np.sign(axes[largest, [0, 1]])
        # Without minus nought, which is another number in a file.
        places: Floats = np.round(centred @ axes, MAP_DECIMALS) + 0.0
        return places


def unit_rows(vectors: Floats) -> Floats:
    """Return each row at length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return units


def _middles(sample: Floats, clusters: int) -> Floats | None:
    """Return the best of several k-means; None where none of them has so many clusters."""
    best, best_nearness = None, -np.inf
    for beginning in range(BEGINNINGS):
        random = np.random.default_rng([SEED, clusters, beginning])
        middles, labels = kmeans2(sample, clusters, iter=STEPS, minit="++", rng=random, missing="warn")
        if len(np.unique(labels)) < clusters:
            continue
        # On vectors of length 1, the nearest by Euclid is the nearest by the cosine, once middles have length 1.
        middles = unit_rows(middles)
        nearness = float((sample @ middles.T).max(axis=1).sum())
        if nearness > best_nearness:
            best, best_nearness = middles, nearness
    return best


def _mean_silhouette(sample: Floats, middles: Floats) -> float:
    """Return the mean silhouette by the cosine distance to the middles (Hruschka's simplified silhouette)."""
    distances = np.sort(np.clip(1 - sample @ middles.T, 0, None), axis=1)
    own, next_best = distances[:, 0], distances[:, 1]
    silhouettes = np.divide(next_best - own, next_best, out=np.zeros_like(own), where=next_best > 0)
    return float(silhouettes.mean())
