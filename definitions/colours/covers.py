"""The colours of one cover: its 216-bin vector, its palette, and what can be said of it in a number."""

from dataclasses import dataclass
from types import EllipsisType

import numpy as np
import numpy.typing as npt
from PIL import Image

from definitions.colours.bins import FAMILY_OF_BIN, lab_of
from definitions.colours.families import BINS, CHROMATIC_FAMILIES, FAMILIES, GREY_FAMILIES, LEVEL_STEP, LEVELS

FEATURES_MAX_SIDE_PX = 256
PALETTE_COVERS = 0.9
# Alpha from which on a pixel counts as opaque: halfway.
OPAQUE_MIN_ALPHA = 128
NEAR_BLACK_MAX_LIGHTNESS, NEAR_WHITE_MIN_LIGHTNESS = 10.0, 95.0
# A pixel has a hue where its HSV saturation times its value, the spread of its channels, is at least this.
HUE_MIN_SPREAD = 0.1
# Hues of fire and skin, from magenta's edge over red to yellow-green's; the others are cold.
WARM_FROM_DEG, WARM_TO_DEG = 330, 90
HUE_SECTOR_DEG = 30
# A cover is named by its chromatic colours where these cover at least as much; otherwise black, grey or white.
CHROMATIC_MIN_SHARE = 0.2
# So many pixels are counted at once: a large scan would else take a gigabyte.
PIXELS_AT_ONCE = 1_000_000

# What each level of red, green and blue adds to the number of the bin, one table after the other.
_BIN_PARTS = [
    (level + LEVEL_STEP // 2) // LEVEL_STEP * weight for weight in (LEVELS * LEVELS, LEVELS, 1) for level in range(256)
]
_OF_FAMILY = np.array([[name == family for name in FAMILY_OF_BIN] for family in FAMILIES], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class CoverFeatures:
    """What is said of a cover in a number each, of the image reduced to at most 256 px a side.

    ``brightness`` is the mean of L* and ``contrast`` its standard deviation, 0 to 100; ``saturation`` HSV's mean;
    ``warmth`` the share of warm hues among the pixels that have a hue; ``colourfulness`` that of Hasler and Süsstrunk
    (2003), 0 to about 110; ``near_black_share`` and ``near_white_share`` of all pixels; ``dominant_hue_deg`` the middle
    of the hues in the sector of 30° with most colour. What needs a hue is None where no pixel has one.
    """

    brightness: float
    saturation: float
    warmth: float | None
    contrast: float
    colourfulness: float
    near_black_share: float
    near_white_share: float
    dominant_hue_deg: float | None


@dataclass(frozen=True, slots=True)
class CoverColours:
    """The colours of a cover: ``shares`` of its opaque pixels in the 216 bins, which sum to 1, and its features.

    ``bin_rgb`` is the mean colour of each bin's own pixels (216 × 3; zero where it has none); ``palette`` the smallest
    set of bins that covers 90 %, the largest first; ``family`` what the cover's colour is called.
    """

    shares: npt.NDArray[np.float64]
    bin_rgb: npt.NDArray[np.uint8]
    features: CoverFeatures

    @property
    def palette(self) -> list[int]:
        """The smallest set of bins that covers 90 %, the largest first."""
        return palette_of(self.shares)

    @property
    def family(self) -> str:
        """What the cover's colour is called."""
        return family_of(self.shares)


def colours_of(image: Image.Image) -> CoverColours | None:
    """Return the colours of an image in RGB or RGBA; None where none of it is opaque."""
    counts, rgb_sums = _counts(image)
    pixels = counts.sum()
    if not pixels:
        return None
    means = np.divide(rgb_sums, counts[:, None], out=np.zeros_like(rgb_sums), where=counts[:, None] > 0)
    return CoverColours(counts / pixels, np.rint(means).astype(np.uint8), _features(image))


def palette_of(shares: npt.NDArray[np.float64]) -> list[int]:
    """Return the smallest set of bins that covers 90 %, the largest first; of equal ones, the earlier bin."""
    order = np.argsort(-shares, kind="stable")
    # Sums of shares that make 0.9 exactly may come out below it.
    needed = int(np.searchsorted(np.cumsum(shares[order]), PALETTE_COVERS - 1e-9)) + 1
    return [int(bin_number) for bin_number in order[:needed]]


def family_of(shares: npt.NDArray[np.float64]) -> str:
    """Return the family of colours that covers most: a chromatic one where these cover at least a fifth."""
    by_family = dict(zip(FAMILIES, _OF_FAMILY @ shares, strict=True))
    chromatic = sum(by_family[name] for name in CHROMATIC_FAMILIES) >= CHROMATIC_MIN_SHARE
    return max(CHROMATIC_FAMILIES if chromatic else GREY_FAMILIES, key=by_family.__getitem__)


def _counts(image: Image.Image) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return how many opaque pixels are in each bin, and the sums of their red, green and blue."""
    counts, sums = np.zeros(BINS), np.zeros((BINS, 3))
    rows = max(1, PIXELS_AT_ONCE // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        opaque = _opaque(strip)
        channels = strip.convert("RGB")
        red, green, blue = (np.asarray(part) for part in channels.point(_BIN_PARTS).split())
        bins = (red + green + blue)[opaque].ravel().astype(np.intp)
        counts += np.bincount(bins, minlength=BINS)
        for number, channel in enumerate(channels.split()):
            sums[:, number] += np.bincount(bins, weights=np.asarray(channel)[opaque].ravel(), minlength=BINS)
    return counts, sums


def _opaque(image: Image.Image) -> npt.NDArray[np.bool_] | EllipsisType:
    """Return which of an image's pixels are opaque: all, where it has no alpha."""
    return ... if image.mode == "RGB" else np.asarray(image.getchannel("A")) >= OPAQUE_MIN_ALPHA


def _features(image: Image.Image) -> CoverFeatures:
    small = image.copy()
    small.thumbnail((FEATURES_MAX_SIDE_PX, FEATURES_MAX_SIDE_PX), Image.Resampling.BOX)
    rgb = _opaque_pixels(small)
    if not len(rgb):  # a few opaque pixels, lost among the others when it was reduced
        rgb = _opaque_pixels(image)
    lightness = lab_of(rgb)[:, 0]
    red, green, blue = rgb.T.astype(np.float64) / 255
    value, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    spread = value - least
    saturation = np.divide(spread, value, out=np.zeros_like(spread), where=value > 0)
    warmth, dominant_hue_deg = _of_hues(red, green, blue, value, spread)
    return CoverFeatures(
        float(lightness.mean()),
        float(saturation.mean()),
        warmth,
        float(lightness.std()),
        _colourfulness(red * 255, green * 255, blue * 255),
        float((lightness <= NEAR_BLACK_MAX_LIGHTNESS).mean()),
        float((lightness >= NEAR_WHITE_MIN_LIGHTNESS).mean()),
        dominant_hue_deg,
    )


def _opaque_pixels(image: Image.Image) -> npt.NDArray[np.uint8]:
    return np.asarray(image.convert("RGB"))[_opaque(image)].reshape(-1, 3)


def _of_hues(
    red: npt.NDArray[np.float64],
    green: npt.NDArray[np.float64],
    blue: npt.NDArray[np.float64],
    value: npt.NDArray[np.float64],
    spread: npt.NDArray[np.float64],
) -> tuple[float | None, float | None]:
    """Return the share of warm hues, and the middle of the hues in the sector with most colour; None without hues."""
    has_hue = spread >= HUE_MIN_SPREAD
    if not has_hue.any():
        return None, None
    red, green, blue, value, spread = (channel[has_hue] for channel in (red, green, blue, value, spread))
    sixths = np.where(
        value == red,
        (green - blue) / spread % 6,
        np.where(value == green, (blue - red) / spread + 2, (red - green) / spread + 4),
    )
    hue_deg = sixths * 60 % 360
    warm = (hue_deg >= WARM_FROM_DEG) | (hue_deg < WARM_TO_DEG)
    # Sectors begin half of one before red, so that red is not cut in two.
    sectors = ((hue_deg + HUE_SECTOR_DEG / 2) % 360 // HUE_SECTOR_DEG).astype(np.int64)
    most = np.bincount(sectors, weights=spread, minlength=360 // HUE_SECTOR_DEG).argmax()
    # Around the middle of the sector, so that nothing is cut at 0° either.
    beside = (hue_deg[sectors == most] - most * HUE_SECTOR_DEG + 180) % 360 - 180
    middle = float(np.average(beside, weights=spread[sectors == most]))
    return float(warm.mean()), float((most * HUE_SECTOR_DEG + middle) % 360)


def _colourfulness(
    red: npt.NDArray[np.float64], green: npt.NDArray[np.float64], blue: npt.NDArray[np.float64]
) -> float:
    """Return how colourful an image is, of its channels from 0 to 255 (Hasler and Süsstrunk 2003, M̂³)."""
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    mean = np.hypot(red_green.mean(), yellow_blue.mean())
    return float(spread + 0.3 * mean)
