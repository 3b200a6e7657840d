"""Clusters of colour vectors and their map: found where they are, the same each time, and taste among them."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from definitions.colours.families import BINS
from pipeline.build.colour_clusters import ColourMap
from pipeline.demo import plants
from pipeline.demo.art.palettes import FAMILIES

Array = np.ndarray[Any, Any]
# Written down before it was looked at: Pearson's chi-squared of cluster by planted group, with 2,000 accounts.
FOUND_BELOW = 0.001
ACCOUNTS, TITLES_WATCHED = 2_000, 40
LEVEL_STEP = 51


def mixtures(random: np.random.Generator, count: int, *bins: int) -> Array:
    """Return vectors with most in some bins, and a little anywhere."""
    vectors = random.dirichlet(np.full(BINS, 0.02), count) * 0.2
    vectors[:, list(bins)] += 0.8 / len(bins)
    return vectors


def test_groups_that_are_apart_are_found_the_same_each_time() -> None:
    random = np.random.default_rng(1)
    vectors = np.concatenate([mixtures(random, 60, 0, 1), mixtures(random, 50, 100), mixtures(random, 40, 215, 200)])
    found = ColourMap.of(vectors)
    labels = found.nearest(vectors)
    assert [len(set(labels[part])) for part in (slice(60), slice(60, 110), slice(110, None))] == [1, 1, 1]
    assert found.clusters == len(set(labels)) == 3
    assert found.mean_silhouette is not None
    assert found.mean_silhouette > 0.8
    again = ColourMap.of(vectors)
    assert np.array_equal(again.middles, found.middles)
    assert np.array_equal(again.places(), found.places())
    # Near on the map are those of one group: their middle is nearer than any other group's.
    places = found.places()
    middles = np.array([places[labels == label].mean(axis=0) for label in range(3)])
    nearest = np.linalg.norm(places[:, None] - middles[None], axis=2).argmin(axis=1)
    assert np.array_equal(nearest, labels)


def test_how_much_was_watched_does_not_matter() -> None:
    vectors = mixtures(np.random.default_rng(2), 80, 7)
    found = ColourMap.of(vectors)
    assert np.array_equal(found.nearest(vectors), found.nearest(17 * vectors))


@pytest.mark.parametrize("count", [1, 2, 39])
def test_few_are_one_cluster(count: int) -> None:
    found = ColourMap.of(mixtures(np.random.default_rng(3), count, 5))
    assert (found.clusters, found.mean_silhouette) == (1, None)
    assert found.places().shape == (count, 2)


def test_vectors_that_are_all_alike_are_one_cluster() -> None:
    found = ColourMap.of(np.tile(mixtures(np.random.default_rng(4), 1, 9), (100, 1)))
    assert found.clusters == 1
    assert not found.places().any()


@pytest.mark.parametrize(("preference", "is_found"), [(plants.COLOUR_PREFERENCE, True), (1.0, False)])
def test_a_planted_taste_in_palettes_shows_in_the_clusters(preference: float, is_found: bool) -> None:
    """Groups that take covers of one of the demo's palettes 1.8 times as often, all else by chance."""
    random = np.random.default_rng(5)
    palettes = np.array([_vector(palette.stops) for palette in FAMILIES.values()])
    covers = 0.7 * np.repeat(palettes, 30, axis=0) + 0.3 * random.dirichlet(np.full(BINS, 0.1), 30 * len(palettes))
    group = np.arange(ACCOUNTS) % len(palettes)
    liked = np.repeat(np.arange(len(palettes)), 30)[None] == group[:, None]
    weights = np.where(liked, preference, 1.0)
    watched = np.array([random.multinomial(TITLES_WATCHED, row / row.sum()) for row in weights])
    cluster = ColourMap.of(watched @ covers).nearest(watched @ covers)
    counts = np.zeros((cluster.max() + 1, len(palettes)))
    np.add.at(counts, (cluster, group), 1)
    assert (chi2_contingency(counts).pvalue < FOUND_BELOW) == is_found


def _vector(stops: tuple[str, ...]) -> Array:
    """Return the mean of the bins of some colours."""
    vector = np.zeros(BINS)
    for stop in stops:
        red, green, blue = ((int(stop[place : place + 2], 16) + LEVEL_STEP // 2) // LEVEL_STEP for place in (1, 3, 5))
        vector[36 * red + 6 * green + blue] += 1 / len(stops)
    return vector
