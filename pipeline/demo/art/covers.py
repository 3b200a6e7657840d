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
from pipeline.demo.art.canvas import HEIGHT, WIDTH, Canvas, Field, Y, smoothstep
from pipeline.demo.art.palettes import FAMILIES, Colour, suitable_palettes
from pipeline.demo.art.typesetting import set_credit, set_title, style_of

LAYOUTS: dict[str, Callable[[Canvas], scenes.Places]] = {
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
CREDIT_PX = 19.0
RIM_PX = 9
SCRIM_FADE_PX = 150.0
SCRIMS = (0.0, 0.2, 0.35, 0.5, 0.62, 0.72, 0.8, 0.88, 0.95, 1.0)


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
    """Letters on a picture: their shapes as a mask, their colour, and the picture as it is under them."""

    letters: Image.Image
    ink: Colour
    under: Image.Image


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
    canvas.finish(vignette=0.3)
    title = set_title(brief.title, style, places.title, places.largest_px)
    credit = set_credit(brief.credit, places.credit, CREDIT_PX)
    return canvas.image, [letter(canvas, title), letter(canvas, credit)]


def letter(canvas: Canvas, letters: Image.Image) -> Lettering:
    """Put letters on the picture in the ink that stands out more, and over a scrim if it needs one."""
    rim = letters.filter(ImageFilter.MaxFilter(RIM_PX))
    box = rim.getbbox() or (0, 0, 1, 1)
    where = np.asarray(rim.crop(box)) > 0
    inks = (canvas.palette.light, canvas.palette.dark)

    def least(ink: Colour) -> float:
        return float(contrast(ink, np.asarray(canvas.image.crop(box))[where]).min())

    ink, other = inks if least(inks[0]) >= least(inks[1]) else inks[::-1]
    plain, veil = canvas.image, scrim(box)
    for strength in SCRIMS:
        canvas.image = plain.copy()
        if strength:
            canvas.paint(veil, other, strength)
        if least(ink) >= CONTRAST_AIM:
            break
    under = canvas.image.copy()
    canvas.image.paste(ink, mask=letters)
    return Lettering(letters, ink, under)


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
    return LINEAR[pixels] @ np.array([0.2126, 0.7152, 0.0722])


_SRGB = np.arange(256) / 255
LINEAR = np.where(_SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4)
