"""How many covers a second the build measures, and how fast the covers nearest to one are found among ten thousand.

Draws covers of 600 × 900 pixels, as JPEG, and measures them on all cores beside what Pillow takes to decode them alone.
The nearest are compared with those that all distances tell, or the run fails. ``python -m tests.bench.colours``.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from definitions.colours.covers import colours_of
from definitions.colours.distances import earth_movers, nearest
from definitions.colours.images import open_cover
from pipeline.build.thumbnails import thumbnail_of
from pipeline.demo.art import PALETTES, CoverBrief, draw_covers

COVERS = 120
ROUNDS = 3
CATALOGUE = 10_000
NEAREST = 20
SOUGHT = 7
SEED = 20261129


def drawn(folder: Path) -> list[bytes]:
    """Return the files of covers in all palettes."""
    briefs = [
        CoverBrief(folder / f"{n}.jpg", f"The {n}th Tide", "A. N. Other", "drama", "tender", None, PALETTES[n % 8], n)
        for n in range(COVERS)
    ]
    draw_covers(briefs)
    return [brief.path.read_bytes() for brief in briefs]


def measured(work: Callable[[bytes], object], files: list[bytes]) -> tuple[float, float]:
    """Return how many covers a second all cores do, the best of some rounds, and the processor's ms for each cover."""
    seconds, processor_s = [], []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in range(ROUNDS):
            begun, spent = time.perf_counter(), time.process_time()
            list(pool.map(work, files))
            seconds.append(time.perf_counter() - begun)
            processor_s.append(time.process_time() - spent)
    return len(files) / min(seconds), min(processor_s) / len(files) * 1000


def vector(content: bytes) -> object:
    return colours_of(open_cover(content))


def everything(content: bytes) -> object:
    cover = open_cover(content)
    return thumbnail_of(cover), colours_of(cover)


def catalogue_like(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return ten thousand vectors: mixtures of two covers each, so that they are as unlike each other as covers are."""
    random = np.random.default_rng(SEED)
    pairs = random.integers(0, len(vectors), (CATALOGUE, 2))
    shares = random.uniform(0, 1, (CATALOGUE, 1))
    return (shares * vectors[pairs[:, 0]] + (1 - shares) * vectors[pairs[:, 1]]).astype(np.float32)


def look_alikes(vectors: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return the ms by the clock and of the processor that the nearest of some covers take.

    Fails where they are not the nearest.
    """
    matrix = catalogue_like(vectors)
    taken = []
    for row in range(SOUGHT):
        sought = matrix[row * 1000].astype(np.float64)
        begun, spent = time.perf_counter(), time.process_time()
        _, distances = nearest(sought, matrix, NEAREST)
        taken.append(((time.perf_counter() - begun) * 1000, (time.process_time() - spent) * 1000))
        if row == 0:
            told = sorted(earth_movers(other.astype(np.float64), sought) for other in matrix)[:NEAREST]
            assert np.allclose(distances, told, atol=1e-9), "these are not the nearest"
    return taken[1:]


def main() -> None:
    with TemporaryDirectory() as folder:
        files = drawn(Path(folder))
    reference_ms = None
    for name, work in (("decoded alone", open_cover), ("vectors and features", vector), ("everything", everything)):
        speed, processor_ms = measured(work, files)
        reference_ms = reference_ms or processor_ms
        ratio = processor_ms / reference_ms
        print(f"{name}: {speed:.0f} covers/s, {processor_ms:.1f} ms of the processor, {ratio:.1f} × decoding")
    vectors = np.array([colours.shares for file in files if (colours := colours_of(open_cover(file)))])
    by_clock, of_processor = zip(*look_alikes(vectors), strict=True)
    print(
        f"{NEAREST} nearest of {CATALOGUE:,}: median {np.median(by_clock):.0f} ms, most {max(by_clock):.0f} ms; of the "
        f"processor {np.median(of_processor):.0f} and {max(of_processor):.0f} ms"
    )


if __name__ == "__main__":
    main()
