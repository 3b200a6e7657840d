"""The 216-bin vectors of all covers of a build, for what SQL cannot compute."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from definitions.colours.families import BINS
from queries.db import Build
from queries.run import select

BINS_OF_IMAGES = "select image_hash, bin, share from cubes.image_bins order by image_hash, bin"


@dataclass(frozen=True, slots=True)
class Vectors:
    """The covers' images by hash, in its order, and their ``shares`` of the bins: a row each, 216 wide."""

    image_hashes: tuple[str, ...]
    shares: npt.NDArray[np.float32]


def vectors(build: Build) -> Vectors:
    """Return the vectors of a build's covers, which are kept while it is open: 86 MB of 10⁵; raises QueryError."""
    if build not in _kept:
        _kept[build] = _read(build)
    return _kept[build]


def _read(build: Build) -> Vectors:
    bins = select(BINS_OF_IMAGES, build, {}, name="colour_vectors")
    image_hashes, rows = np.unique(bins.column("image_hash").to_numpy(), return_inverse=True)
    shares = np.zeros((len(image_hashes), BINS), dtype=np.float32)
    shares[rows, bins.column("bin").to_numpy()] = bins.column("share").to_numpy()
    return Vectors(tuple(map(str, image_hashes)), shares)


_kept: WeakKeyDictionary[Build, Vectors] = WeakKeyDictionary()
