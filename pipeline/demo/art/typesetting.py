"""Sets titles and credits: faces by genre, letters spaced by eye, lines broken evenly and scaled to fit."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
WIDTH, HEIGHT = 600, 900
REFERENCE_PX = 100
# Sizes are few, so that loaded fonts are used again.
SIZE_STEP = 0.045
KERNING = 0.8
KERNING_MAX = 0.16
LINES_MAX = 7
SMALL_WORDS = ("a", "an", "and", "at", "of", "the")


@dataclass(frozen=True, slots=True)
class Face:
    """A variable font of Latin letters, and where its axes stand, in the font's own order."""

    family: str
    axes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set: its face, whether in capitals, and tracking and leading in parts of the size."""

    face: Face
    capitals: bool
    tracking: float
    leading: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where text may stand: ``align`` is left, centre or right, ``anchor`` top, middle or bottom."""

    left: float
    top: float
    right: float
    bottom: float
    align: str = "centre"
    anchor: str = "top"


# Fraunces: optical size, weight; Bodoni Moda: weight, optical size; a smaller optical size has firmer hairlines.
FRAUNCES, FRAUNCES_BLACK = Face("fraunces", (60, 460)), Face("fraunces", (72, 800))
BODONI, BODONI_ITALIC = Face("bodoni-moda", (620, 20)), Face("bodoni-moda-italic", (560, 20))
OSWALD, OSWALD_LIGHT = Face("oswald", (600,)), Face("oswald", (320,))
SPARTAN_LIGHT, SPARTAN, SPARTAN_BLACK = (Face("league-spartan", (weight,)) for weight in (300, 600, 800))

TITLES = {
    "drama": Style(FRAUNCES, capitals=False, tracking=-0.01, leading=1.02),
    "thriller": Style(OSWALD, capitals=True, tracking=0.01, leading=1.1),
    "comedy": Style(SPARTAN_BLACK, capitals=False, tracking=-0.025, leading=0.9),
    "crime": Style(OSWALD_LIGHT, capitals=True, tracking=0.12, leading=1.2),
    "science fiction": Style(SPARTAN_LIGHT, capitals=True, tracking=0.2, leading=1.12),
    "romance": Style(BODONI_ITALIC, capitals=False, tracking=-0.005, leading=1.02),
    "horror": Style(BODONI, capitals=True, tracking=0.05, leading=1.06),
    "documentary": Style(SPARTAN, capitals=False, tracking=-0.01, leading=0.98),
    "family": Style(FRAUNCES_BLACK, capitals=False, tracking=-0.01, leading=0.98),
}
OTHER_TITLES = TITLES["documentary"]
CREDITS = Style(Face("league-spartan", (500,)), capitals=True, tracking=0.22, leading=1.6)
INITIAL_SCALE = 1.26


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter, where it stands in a line at REFERENCE_PX, and how large beside its line's letters."""

    letter: str
    x: float
    scale: float


@dataclass(frozen=True, slots=True)
class Line:
    """Letters placed for REFERENCE_PX, and the width of their ink's line."""

    glyphs: tuple[Glyph, ...]
    width: float


def set_title(text: str, style: Style, box: Box, largest_px: float) -> Image.Image:
    """Return a mask of 600 × 900 pixels with the text as large as fits into the box.

    Raises ValueError when a letter is in no font.
    """
    text = unicodedata.normalize("NFC", text.upper() if style.capitals else text)
    words = unbroken(text)
    width, height = box.right - box.left, box.bottom - box.top
    best: tuple[float, list[Line]] = (0.0, [])
    for count in range(1, min(len(words), LINES_MAX) + 1):
        lines = [place(line, style) for line in broken(words, count)]
        unit_height = (cap_height(style.face) + (len(lines) - 1) * style.leading * REFERENCE_PX) * 1.06
        scale = min(width / max(line.width for line in lines), height / unit_height, largest_px / REFERENCE_PX)
        # One line more must be worth it.
        if scale > best[0] * 1.08:
            best = (scale, lines)
    return draw_lines(best[1], style, stepped(best[0]), box)


def set_credit(text: str, box: Box, size_px: float) -> Image.Image:
    """Return a mask with one line in tracked small capitals, smaller where it would not fit."""
    line = place(unicodedata.normalize("NFC", text), CREDITS, small_capitals=True)
    scale = min(size_px / REFERENCE_PX, (box.right - box.left) / max(line.width, 1))
    return draw_lines([line], CREDITS, scale, box)


def unbroken(text: str) -> list[str]:
    """Return a title's words, small words together with the next, so that no line ends on them."""
    words: list[str] = []
    small = False
    for word in text.split():
        if small:
            words[-1] += f" {word}"
        else:
            words.append(word)
        small = word.lower() in SMALL_WORDS
    return words


def broken(words: list[str], count: int) -> list[str]:
    """Break words into ``count`` lines whose longest has as few letters as can be."""
    lengths = np.cumsum([0] + [len(word) + 1 for word in words])

    @cache
    def best(start: int, lines: int) -> tuple[int, tuple[int, ...]]:
        if lines == 1:
            return int(lengths[-1] - lengths[start]), (len(words),)
        options = []
        for end in range(start + 1, len(words) - lines + 2):
            longest, ends = best(end, lines - 1)
            options.append((max(int(lengths[end] - lengths[start]), longest), (end, *ends)))
        return min(options)

    ends = best(0, count)[1]
    return [" ".join(words[start:end]) for start, end in zip((0, *ends), ends, strict=False)]


def place(text: str, style: Style, *, small_capitals: bool = False) -> Line:
    """Place the letters of a line one after the other, kerned and tracked."""
    x, before, glyphs = 0.0, "", []
    word_begins = True
    for written in text:
        letter = written.upper() if small_capitals and len(written.upper()) == 1 else written
        scale = INITIAL_SCALE if small_capitals and word_begins and letter.isalpha() else 1.0
        word_begins = letter == " "
        if before:
            x += kerning(style.face, before, letter) + style.tracking * REFERENCE_PX
        glyphs.append(Glyph(letter, x, scale))
        x += advance(style.face, letter) * scale
        before = letter
    return Line(tuple(glyphs), x)


def draw_lines(lines: list[Line], style: Style, scale: float, box: Box) -> Image.Image:
    """Return a mask with the lines in their box; the capitals' tops and feet, not their bodies, meet its edges."""
    mask = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(mask)
    step = style.leading * REFERENCE_PX * scale
    block = cap_height(style.face) * scale + step * (len(lines) - 1)
    room = box.bottom - box.top - block
    top = box.top + room * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[box.anchor]
    for number, line in enumerate(lines):
        baseline = top + cap_height(style.face) * scale + number * step
        spare = box.right - box.left - line.width * scale
        left = box.left + spare * {"left": 0.0, "centre": 0.5, "right": 1.0}[box.align]
        for glyph in line.glyphs:
            font = load(style.face, glyph.letter, REFERENCE_PX * scale * glyph.scale)
            pen.text((left + glyph.x * scale, baseline), glyph.letter, fill=255, font=font, anchor="ls")
    return mask


def stepped(scale: float) -> float:
    """Return the next smaller of few sizes."""
    return float(np.exp(np.floor(np.log(max(scale, 0.01)) / SIZE_STEP) * SIZE_STEP))


@cache
def load(face: Face, letter: str, size_px: float) -> ImageFont.FreeTypeFont:
    """Return the font that has a letter; Latin letters of other languages have a file of their own."""
    code = ord(letter)
    common = code <= 0xFF or code in (0x131, 0x152, 0x153) or 0x2000 <= code <= 0x206F
    return _load(face, "latin" if common else "latin-ext", round(size_px * 4) / 4)


@cache
def _load(face: Face, letters: str, size_px: float) -> ImageFont.FreeTypeFont:
    # The basic layout is the same on every machine; the other needs a library that not every machine has.
    font = ImageFont.truetype(
        str(FONTS / f"{face.family}-{letters}.woff2"), size_px, layout_engine=ImageFont.Layout.BASIC
    )
    font.set_variation_by_axes(list(face.axes))
    return font


@cache
def advance(face: Face, letter: str) -> float:
    """Return a letter's width with its own white, at REFERENCE_PX; raise ValueError where no font has it."""
    if not letter.isspace() and _profile(face, letter) == _profile(face, "\U000f0000"):
        raise ValueError(f"{letter!r} is in none of the covers' fonts. They have the Latin letters.")
    return float(load(face, letter, REFERENCE_PX).getlength(letter))


@cache
def cap_height(face: Face) -> float:
    """Return how tall a capital is, at REFERENCE_PX."""
    _, top, _, bottom = load(face, "H", REFERENCE_PX).getbbox("H", anchor="ls")
    return float(bottom - top)


@cache
def kerning(face: Face, first: str, second: str) -> float:
    """Return by how much two letters come closer, at REFERENCE_PX: as far as their gap is wider than that of HH."""
    if first.isspace() or second.isspace():
        return 0.0
    usual = _gap(face, "H", "H") if second.isupper() else _gap(face, "n", "n")
    return -min(KERNING_MAX * REFERENCE_PX, max(0.0, _gap(face, first, second) - usual) * KERNING)


def _gap(face: Face, first: str, second: str) -> float:
    """Return the least distance between two letters' ink, at any height."""
    return float(np.min(_sides(face, first)[1] + _sides(face, second)[0]))


@cache
def _sides(face: Face, letter: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the white left and right of a letter at every height, also counting the ink a little above and below."""
    ink = np.frombuffer(_profile(face, letter), dtype=np.uint8).reshape(2 * REFERENCE_PX, -1) > 127
    width = ink.shape[1] - REFERENCE_PX
    some = ink.any(axis=1)
    left = np.where(some, ink.argmax(axis=1) - REFERENCE_PX // 2, np.inf)
    right = np.where(some, width + REFERENCE_PX // 2 - (ink.shape[1] - ink[:, ::-1].argmax(axis=1)), np.inf)
    reach = REFERENCE_PX // 12

    def nearest(white: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        padded = np.pad(white, reach, constant_values=np.inf)
        least: npt.NDArray[np.float64] = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
        return least

    return nearest(left), nearest(right)


@cache
def _profile(face: Face, letter: str) -> bytes:
    """Return a letter's picture, its advance wide and half the REFERENCE_PX of white at either side, as bytes."""
    font = load(face, letter, REFERENCE_PX)
    picture = Image.new("L", (round(font.getlength(letter)) + REFERENCE_PX, 2 * REFERENCE_PX))
    ImageDraw.Draw(picture).text((REFERENCE_PX / 2, 1.4 * REFERENCE_PX), letter, fill=255, font=font, anchor="ls")
    return picture.tobytes()


def style_of(genre: str) -> Style:
    """Return how a genre sets its titles."""
    return TITLES.get(genre, OTHER_TITLES)
