"""Draws covers: picture, letters that can be read on it, and the file."""

import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from pipeline.demo.art import figures, graphic, scenes
from pipeline.demo.art.canvas import Canvas, Field, Places, Y, smoothstep
from pipeline.demo.art.palettes import FAMILIES, Colour, suitable_palettes
from pipeline.demo.art.typesetting import HEIGHT, WIDTH, set_credit, set_title, style_of

LAYOUTS: dict[str, Callable[[Canvas], Places]] = {
    "horizon": scenes.horizon,
    "ridges": scenes.ridges,
    "skyline": scenes.skyline,
    "road": scenes.road,
    "doorway": scenes.doorway,
    "blinds": scenes.blinds,
    "portrait": figures.portrait,
    "botanical": figures.botanical,
    "bauhaus": graphic.bauhaus,
    "pattern": graphic.pattern,
    "diagonal": graphic.diagonal,
    "orbit": graphic.orbit,
    "monogram": graphic.monogram,
    "papercut": graphic.papercut,
}
"""The compositions by name: each paints a canvas, and returns where it leaves room for letters."""

SUIT_GENRE = {
    "drama": ("portrait", "horizon", "doorway", "botanical", "ridges"),
    "thriller": ("blinds", "skyline", "road", "diagonal", "doorway"),
    "comedy": ("bauhaus", "pattern", "diagonal", "papercut", "monogram"),
    "crime": ("blinds", "skyline", "doorway", "monogram", "portrait"),
    "science fiction": ("orbit", "diagonal", "horizon", "papercut", "skyline"),
    "romance": ("botanical", "horizon", "portrait", "pattern", "papercut"),
    "horror": ("doorway", "ridges", "papercut", "portrait", "road"),
    "documentary": ("road", "ridges", "bauhaus", "monogram", "orbit"),
    "family": ("papercut", "pattern", "orbit", "ridges", "bauhaus"),
}
QUALITY = 85
CONTRAST_MIN = 4.5
# Somewhat more than the minimum, because a JPEG does not keep every pixel.
CONTRAST_AIM = 5.0
CREDIT_PX = 21.0
RIM_PX = 4
SCRIM_FADE_PX = 190.0
SCRIMS = (0.0, 0.15, 0.25, 0.35, 0.45, 0.54, 0.62, 0.7, 0.76, 0.82, 0.88, 0.94, 1.0)
# Of the pixels under letters, how many of the hardest to read on are looked at.
HARDEST = 200
# How many times stronger a dark veil may be before a light one is taken.
FOG = 3.0


@dataclass(frozen=True, slots=True)
class CoverBrief:
    """What a cover is to show: ``layout`` and ``palette`` are chosen from genre, mood and seed where they are None."""

    path: Path
    title: str
    credit: str
    genre: str
    mood: str
    layout: str | None
    palette: str | None
    seed: int


@dataclass(frozen=True, slots=True)
class Lettering:
    """Letters on a picture: their shapes as a mask, their colour, and the pixels under them and around them."""

    letters: Image.Image
    ink: Colour
    under: npt.NDArray[np.uint8]


def suitable_layouts(genre: str) -> tuple[str, ...]:
    """Return the compositions that suit a genre; all of them for one that is not known."""
    return SUIT_GENRE.get(genre, tuple(LAYOUTS))


def draw_covers(
    briefs: Sequence[CoverBrief], processes: int = 2, on_drawn: Callable[[int], None] | None = None
) -> None:
    """Write a JPEG of 600 × 900 pixels for each brief, and tell ``on_drawn`` as so many more of them are written.

    A brief gives the same picture with any number of processes. Raises ValueError for an unknown layout or palette or
    a letter that is in no font, and OSError, naming the file, where one cannot be written.
    """
    told = on_drawn or (lambda _: None)
    if processes == 1:
        for brief in briefs:
            write_cover(brief)
            told(1)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(write_cover, briefs, chunksize=4):
            told(1)


def write_cover(brief: CoverBrief) -> None:
    """Draw one cover and write its file."""
    image, _ = draw(brief)
    brief.path.parent.mkdir(parents=True, exist_ok=True)
    image.save(brief.path, "JPEG", quality=QUALITY)


def draw(brief: CoverBrief) -> tuple[Image.Image, list[Lettering]]:
    """Return the cover, and the letters on it with what they stand on: the title's, then the credit's."""
    random = np.random.default_rng([brief.seed, zlib.crc32(brief.title.encode())])
    layouts, palettes = suitable_layouts(brief.genre), suitable_palettes(brief.genre, brief.mood)
    layout = brief.layout or str(random.choice(layouts))
    palette = brief.palette or str(random.choice(palettes))
    if layout not in LAYOUTS:
        raise ValueError(f"{layout!r} is no layout. There are: {', '.join(LAYOUTS)}.")
    if palette not in FAMILIES:
        raise ValueError(f"{palette!r} is no palette. There are: {', '.join(FAMILIES)}.")
    style = style_of(brief.genre)
    canvas = Canvas(FAMILIES[palette], random, brief.title, style)
    places = LAYOUTS[layout](canvas)
    canvas.finish()
    title = set_title(brief.title, style, places.title, places.largest_px)
    credit = set_credit(brief.credit, places.credit, CREDIT_PX)
    lettering = [letter(canvas, mask, box) for mask in (title, credit) if (box := mask.getbbox())]
    return canvas.image, lettering


def letter(canvas: Canvas, letters: Image.Image, ink_box: tuple[int, int, int, int]) -> Lettering:
    """Put letters on the picture in the ink that can be read with the slighter scrim, or with none."""
    left, top, right, bottom = ink_box
    box = (max(0, left - RIM_PX), max(0, top - RIM_PX), min(WIDTH, right + RIM_PX), min(HEIGHT, bottom + RIM_PX))
    where = np.asarray(letters.crop(box).filter(ImageFilter.BoxBlur(RIM_PX))) > 0
    pixels = np.asarray(canvas.image.crop(box))[where]
    light, dark = canvas.palette.light, canvas.palette.dark
    count = min(HARDEST, len(pixels)) - 1
    by_light = np.argpartition(luminance(pixels), (count, len(pixels) - 1 - count))
    darkest, lightest = pixels[by_light[: count + 1]], pixels[by_light[-1 - count :]]
    light_needs, dark_needs = veil_needed(light, dark, lightest), veil_needed(dark, light, darkest)
    if light_needs == dark_needs == 0:
        darker = contrast(dark, darkest).min() > contrast(light, lightest).min()
    else:
        # A dark veil looks like a shadow, but a light one like fog.
        darker = dark_needs * FOG < light_needs
    ink, veil, needed = (dark, light, dark_needs) if darker else (light, dark, light_needs)
    if needed:
        canvas.paint(scrim(box), veil, needed)
    under = np.asarray(canvas.image.crop(box))[where]
    canvas.image.paste(ink, box, letters.crop(box))
    return Lettering(letters, ink, under)


def veil_needed(ink: Colour, veil: Colour, pixels: npt.NDArray[np.uint8]) -> float:
    """Return how strong a veil over the pixels must be for the ink to be read on it: 0 for none, to 1."""
    for strength in SCRIMS:
        veiled = np.round(pixels + (np.array(veil) - pixels) * strength).astype(np.uint8)
        if contrast(ink, veiled).min() >= CONTRAST_AIM:
            return strength
    return SCRIMS[-1]


def scrim(box: tuple[int, int, int, int]) -> Field:
    """Return a veil over the height of a block of letters: to the nearer edge of the picture, fading to the other."""
    _, top, _, bottom = box
    above = smoothstep(top - SCRIM_FADE_PX, top, Y) if top > HEIGHT / 3 else np.ones_like(Y)
    under = smoothstep(bottom + SCRIM_FADE_PX, bottom, Y) if bottom < HEIGHT * 2 / 3 else np.ones_like(Y)
    veil: Field = np.broadcast_to(above * under, (HEIGHT, WIDTH))
    return veil


def contrast(ink: Colour, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the contrast of each pixel (sRGB in the last axis) with an ink, as WCAG 2 defines it: from 1 to 21."""
    one, other = luminance(np.array(ink, dtype=np.uint8)), luminance(pixels)
    ratio: npt.NDArray[np.float64] = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return ratio


def luminance(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the relative luminance of pixels, as WCAG 2 defines it: from 0 to 1."""
    total: npt.NDArray[np.float64] = LINEAR[0][pixels[..., 0]] + LINEAR[1][pixels[..., 1]] + LINEAR[2][pixels[..., 2]]
    return total


_SRGB = np.arange(256) / 255
LINEAR = np.outer((0.2126, 0.7152, 0.0722), np.where(_SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4))
