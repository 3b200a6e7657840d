"""The palette families of covers, and which of them suit a genre and a mood."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

TONES = 1024
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """A family of colours: ``stops`` from its darkest to its lightest, and one accent.

    A picture lives between the tones ``low`` and ``high`` of the stops, each from 0 to 1; the ends are left to letters.
    A ``gamma`` below 1 makes its middle tones lighter.
    """

    stops: tuple[str, ...]
    accent_hex: str
    low: float
    high: float
    gamma: float = 1.0

    @property
    def pale(self) -> bool:
        """Whether its pictures are mostly light."""
        return self.gamma < 1

    @property
    def accent(self) -> Colour:
        """The colour for small things that catch the eye."""
        return _rgb(self.accent_hex)

    @property
    def dark(self) -> Colour:
        """The darkest colour."""
        return _rgb(self.stops[0])

    @property
    def light(self) -> Colour:
        """The lightest colour."""
        return _rgb(self.stops[-1])

    def ramp(self) -> npt.NDArray[np.uint32]:
        """Return the colours of all tones, from low to high: red, green, blue and nothing in the bytes of each."""
        return _ramp(self)

    def tone(self, tone: float) -> Colour:
        """Return the colour of a tone, 0 at ``low`` and 1 at ``high``."""
        at = round(min(1.0, max(0.0, tone)) * (TONES - 1))
        red, green, blue, _ = self.ramp()[at : at + 1].view(np.uint8)
        return int(red), int(green), int(blue)


FAMILIES = {
    "ember": Palette(("#140508", "#43090f", "#96160f", "#dd430a", "#f79a2e", "#ffe9bf"), "#ffd166", 0.06, 0.8),
    "ocean": Palette(("#020f1c", "#042c4a", "#06587f", "#0f8fa8", "#6fcfc9", "#e4f7ef"), "#ff8a5c", 0.06, 0.82),
    "forest": Palette(("#06130b", "#12321c", "#2a5c2f", "#5c8c3c", "#a8bf6e", "#f2efd3"), "#e9b02f", 0.06, 0.82),
    "neon": Palette(("#0b0220", "#270a5c", "#6512c4", "#cc1fbd", "#ff5fb0", "#ffe0f6"), "#22eaff", 0.06, 0.8),
    "noir": Palette(("#070708", "#191a1d", "#383a3f", "#6e7277", "#b7b9b9", "#f4f1ea"), "#e3122f", 0.05, 0.86),
    "pastel": Palette(("#43304f", "#97729f", "#dc9fb9", "#f5bfc3", "#fcdccb", "#fff8ec"), "#3fa78f", 0.1, 0.97, 0.62),
    "desert": Palette(("#2a150c", "#74401d", "#bd7a30", "#dca95a", "#efd293", "#fcf3da"), "#12777d", 0.08, 0.95, 0.62),
    "ice": Palette(("#0a2334", "#2d5f80", "#6ba3c4", "#a5cfe3", "#d7ebf3", "#fafdfe"), "#d8405c", 0.1, 0.98, 0.66),
}
"""The families by name, each with a region of the colour space of its own, so that a taste for one can be found."""

PALETTES = tuple(FAMILIES)

SUIT_MOOD = {
    "tense": ("noir", "ember", "ocean"),
    "tender": ("pastel", "desert", "ice"),
    "wry": ("desert", "pastel", "neon"),
    "bleak": ("ice", "noir", "ocean"),
    "uplifting": ("forest", "desert", "pastel"),
    "dreamlike": ("neon", "ocean", "pastel"),
    "restless": ("neon", "ember", "forest"),
    "warm": ("ember", "forest", "desert"),
}
SUIT_GENRE = {
    "drama": ("ocean", "desert"),
    "thriller": ("noir", "ice"),
    "comedy": ("pastel", "desert"),
    "crime": ("noir", "ember"),
    "science fiction": ("neon", "ice"),
    "romance": ("pastel", "ember"),
    "horror": ("forest", "ember"),
    "documentary": ("forest", "ice"),
    "family": ("ocean", "pastel"),
}


def suitable_palettes(genre: str, mood: str) -> tuple[str, ...]:
    """Return the families that suit, the mood's before the genre's; every family where neither is known."""
    return tuple(dict.fromkeys((*SUIT_MOOD.get(mood, ()), *SUIT_GENRE.get(genre, ())))) or PALETTES


def _rgb(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


# Of OKLab (Ottosson 2020): cone responses of linear sRGB, and lightness with two opponent axes of their cube roots.
_CONES = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
_OPPONENT = np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]])


@cache
def _ramp(palette: Palette) -> npt.NDArray[np.uint32]:
    """Blend the stops in OKLab, where equal steps look equal and no blend turns grey."""
    srgb = np.array([_rgb(stop) for stop in palette.stops]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lab = np.cbrt(linear @ _CONES.T) @ _OPPONENT.T
    tones = palette.low + (palette.high - palette.low) * np.linspace(0, 1, TONES) ** palette.gamma
    at_stops = np.linspace(0, 1, len(palette.stops))
    blended = np.column_stack([np.interp(tones, at_stops, lab[:, axis]) for axis in range(3)])
    linear = np.clip((blended @ np.linalg.inv(_OPPONENT).T) ** 3 @ np.linalg.inv(_CONES).T, 0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    bytes_of = np.zeros((TONES, 4), dtype=np.uint8)
    bytes_of[:, :3] = np.round(srgb * 255)
    return bytes_of.view(np.uint32)[:, 0]
