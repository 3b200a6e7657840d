"""The 216 bins of colour, the web-safe colours: where they lie in CIE Lab, and what people call them."""

import colorsys

import numpy as np
import numpy.typing as npt

from definitions.colours.families import BINS, LEVEL_STEP, LEVELS

# Below the first, a colour looks black whatever its hue; from the second on, white where it has hardly any.
BLACK_MAX_LIGHTNESS, WHITE_MIN_LIGHTNESS, WHITE_MAX_CHROMA = 12.0, 90.0, 15.0
GREY_MAX_LIGHTNESS_OF_BLACK = 25.0
# From which hue on, in degrees, a colour is called so; what is below the first is red.
_HUES = ((15, "orange"), (45, "yellow"), (70, "green"), (160, "teal"), (195, "blue"), (255, "purple"), (295, "pink"))
_RED_AGAIN_DEG = 345
_BROWN_HUES_DEG = (10, 70)
BROWN_MAX_LIGHTNESS, PALE_MIN_LIGHTNESS = 50.0, 70.0

# Of linear sRGB to CIE XYZ (IEC 61966-2-1), divided by the white of D65 (CIE 15, 2° observer).
_XYZ = np.array(
    [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]], dtype=np.float64
)
_WHITE = np.array([0.95047, 1.0, 1.08883])
_TO_WHITE = (_XYZ / _WHITE[:, None]).T
_LINEAR_OF_LEVEL = np.array(
    [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in np.arange(256) / 255]
)


def lab_of(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the CIE Lab (D65) colours of sRGB ones, both along the last axis, which is 3 long (CIE 15:2018)."""
    relative = _LINEAR_OF_LEVEL[rgb] @ _TO_WHITE
    curved = np.where(relative > (6 / 29) ** 3, np.cbrt(relative), relative * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = curved[..., 0], curved[..., 1], curved[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def hex_of(rgb: tuple[int, int, int]) -> str:
    """Return a colour as CSS writes it, such as #cc3300."""
    red, green, blue = rgb
    return f"#{red:02x}{green:02x}{blue:02x}"


def _family_of(rgb: tuple[int, int, int]) -> str:
    """Return what a colour is called, by its lightness and chroma in CIE Lab and its hue in HSV."""
    lightness, green_red, blue_yellow = lab_of(np.array(rgb, dtype=np.uint8))
    chroma = float(np.hypot(green_red, blue_yellow))
    if lightness < BLACK_MAX_LIGHTNESS:
        return "black"
    if lightness >= WHITE_MIN_LIGHTNESS and chroma < WHITE_MAX_CHROMA:
        return "white"
    if len(set(rgb)) == 1:
        return "black" if lightness < GREY_MAX_LIGHTNESS_OF_BLACK else "grey"
    hue_deg = colorsys.rgb_to_hsv(*(level / 255 for level in rgb))[0] * 360
    low, high = _BROWN_HUES_DEG
    if low <= hue_deg < high and lightness < BROWN_MAX_LIGHTNESS:
        return "brown"
    if hue_deg >= _RED_AGAIN_DEG or hue_deg < _HUES[0][0]:
        return "pink" if lightness >= PALE_MIN_LIGHTNESS else "red"
    return [name for begins_deg, name in _HUES if hue_deg >= begins_deg][-1]


BIN_RGB: npt.NDArray[np.uint8] = (
    np.stack(np.meshgrid(*[np.arange(LEVELS)] * 3, indexing="ij"), axis=-1).reshape(BINS, 3) * LEVEL_STEP
).astype(np.uint8)
"""The colour of each bin: bin = 36·r + 6·g + b, of levels from 0 to 5."""
BIN_LAB = lab_of(BIN_RGB)
BIN_DISTANCES: npt.NDArray[np.float64] = np.linalg.norm(BIN_LAB[:, None] - BIN_LAB[None], axis=-1)
"""How far each bin's colour is from each other's, in CIE Lab: the cost of the earth mover's distance."""
FAMILY_OF_BIN = tuple(_family_of((int(red), int(green), int(blue))) for red, green, blue in BIN_RGB)
