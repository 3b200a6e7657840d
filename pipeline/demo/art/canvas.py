"""What covers are painted on: washes of tones, masks with smooth edges, shadows, light and grain."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from pipeline.demo.art.palettes import TONES, Colour, Palette
from pipeline.demo.art.typesetting import HEIGHT, WIDTH, Box, Style

OVERSAMPLING = 2
GRAIN = 6.0
FILMS = 4

Field = npt.NDArray[np.float32]
"""Numbers over the picture, HEIGHT × WIDTH or what broadcasts to it: tones, or how much of a pixel is covered."""
Mask = Field | Image.Image
Outline = npt.ArrayLike
"""Points: an x and a y in each row, in pixels."""

X: Field = np.arange(WIDTH, dtype=np.float32)[None, :] + 0.5
Y: Field = np.arange(HEIGHT, dtype=np.float32)[:, None] + 0.5


@dataclass(frozen=True, slots=True)
class Places:
    """Where a picture leaves room for the title and the credit."""

    title: Box
    credit: Box
    largest_px: float = 104


class Canvas:
    """A picture of 600 × 900 pixels in one palette; ``random`` is the cover's own randomness.

    ``title`` and ``style`` are there for pictures made of letters.
    """

    def __init__(self, palette: Palette, random: np.random.Generator, title: str, style: Style) -> None:
        self.palette = palette
        self.random = random
        self.title = title
        self.style = style
        self.image = Image.new("RGB", (WIDTH, HEIGHT), palette.dark)

    def wash(self, tones: Field) -> None:
        """Cover everything with tones from 0, the darkest, to 1."""
        self.image = self._toned(tones, (0, 0, WIDTH, HEIGHT))

    def paint(self, mask: Mask, fill: Colour | Field, strength: float = 1.0) -> None:
        """Paint a colour, or a field of tones, where the mask is."""
        stencil = mask if isinstance(mask, Image.Image) else _stencil(mask, strength)
        if isinstance(mask, Image.Image) and strength < 1:
            stencil = stencil.point([round(level * strength) for level in range(256)])
        if box := stencil.getbbox():
            self.image.paste(fill if isinstance(fill, tuple) else self._toned(fill, box), box, stencil.crop(box))

    def glow(self, x: float, y: float, radius_px: float, colour: Colour, strength: float) -> None:
        """Add light that fades out around a point."""
        across, down = np.exp(-(((X - x) / radius_px) ** 2)), np.exp(-(((Y - y) / radius_px) ** 2))
        halo = Image.new("RGB", (WIDTH, HEIGHT))
        halo.paste(colour, mask=_stencil(across * np.float32(strength) * down + _noise() * np.float32(0.001)))
        self.image = ImageChops.screen(self.image, halo)

    def shadow(self, mask: Mask, dx: float, dy: float, blur_px: float, strength: float) -> None:
        """Darken what lies under a mask that floats above."""
        stencil = mask if isinstance(mask, Image.Image) else _stencil(mask)
        # Blurred things have no detail: a quarter of the size does.
        small = Image.new("L", (WIDTH // 4, HEIGHT // 4))
        small.paste(stencil.reduce(4), (round(dx / 4), round(dy / 4)))
        small = small.filter(ImageFilter.GaussianBlur(blur_px / 4)).point([round(n * strength) for n in range(256)])
        self.paint(small.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR), self.palette.dark)

    def cloud(self, cells: int, octaves: int = 3) -> Field:
        """Return smooth noise from -1 to 1, with about ``cells`` patches across."""
        small = (WIDTH // 6, HEIGHT // 6)
        total = np.zeros(small[::-1], dtype=np.float32)
        for octave in range(octaves):
            across = cells * 2**octave
            total += self.stretched(across * 3 // 2, across, small) * np.float32(0.5**octave / 1.75)
        return np.asarray(Image.fromarray(total).resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR))

    def stretched(self, rows: int, columns: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Field:
        """Return smooth noise from -1 to 1 with so many patches down and across."""
        patches = self.random.uniform(-1, 1, (rows + 1, columns + 1)).astype(np.float32)
        return np.asarray(Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC))

    def finish(self) -> None:
        """Darken the corners a little and lay film grain over it all."""
        self.image = ImageChops.overlay(self.image, _film(int(self.random.integers(0, FILMS))))

    def _toned(self, tones: Field, box: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = box
        rows = tones if tones.shape[0] == 1 else tones[top:bottom]
        part = rows if rows.shape[1] == 1 else rows[:, left:right]
        # More levels than a byte has, chosen between at random: no bands.
        level = part * np.float32(TONES - 1) + _noise()[top:bottom, left:right]
        np.clip(level, 0, TONES - 1, out=level)
        pixels = self.palette.ramp().take(level.astype(np.uint16))
        return Image.frombytes("RGB", (right - left, bottom - top), pixels.tobytes(), "raw", "RGBX")


def disc(x: float, y: float, radius_px: float) -> Field:
    """Return a filled circle."""
    return _edge(np.float32(radius_px) - np.sqrt((X - np.float32(x)) ** 2 + (Y - np.float32(y)) ** 2))


def ring(x: float, y: float, radius_px: float, width_px: float) -> Field:
    """Return a circle's line."""
    distance = np.sqrt((X - np.float32(x)) ** 2 + (Y - np.float32(y)) ** 2)
    return _edge(np.float32(width_px / 2) - np.abs(distance - np.float32(radius_px)))


def below(heights: Field) -> Field:
    """Return what lies below a line, given by its y at every x."""
    return _edge(Y - heights)


def half_plane(x: float, y: float, angle: float) -> Field:
    """Return the side of a straight line through a point towards which ``angle``, in radians, looks."""
    return _edge((X - np.float32(x)) * np.float32(np.cos(angle)) + (Y - np.float32(y)) * np.float32(np.sin(angle)))


def rectangle(left: float, top: float, right: float, bottom: float) -> Field:
    """Return a rectangle with straight sides."""
    across = np.minimum(_edge(X - np.float32(left)), _edge(np.float32(right) - X))
    return across * np.minimum(_edge(Y - np.float32(top)), _edge(np.float32(bottom) - Y))


def polygons(outlines: Sequence[Outline]) -> Image.Image:
    """Return filled outlines."""
    large = Image.new("L", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
    pen = ImageDraw.Draw(large)
    for outline in outlines:
        pen.polygon((np.asarray(outline) * OVERSAMPLING).ravel().tolist(), fill=255)
    return large.reduce(OVERSAMPLING)


def polylines(lines: Sequence[Outline], width_px: float) -> Image.Image:
    """Return drawn lines."""
    large = Image.new("L", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
    pen = ImageDraw.Draw(large)
    for line in lines:
        points = (np.asarray(line) * OVERSAMPLING).ravel().tolist()
        pen.line(points, fill=255, width=max(1, round(width_px * OVERSAMPLING)), joint="curve")
    return large.reduce(OVERSAMPLING)


def smooth_curve(points: Outline, steps: int = 12) -> npt.NDArray[np.float64]:
    """Return a closed curve through the points (Catmull-Rom)."""
    at = np.asarray(points, dtype=np.float64)
    before, after, beyond = np.roll(at, 1, axis=0), np.roll(at, -1, axis=0), np.roll(at, -2, axis=0)
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (corner[:, None, :] for corner in (before, at, after, beyond))
    curve = 2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return 0.5 * curve.reshape(-1, 2)


def smoothstep(start: float, end: float, field: Field) -> Field:
    """Return 0 where the field is up to ``start``, 1 from ``end`` on, and a soft passage between."""
    t = np.clip((field - np.float32(start)) / np.float32(end - start), 0, 1)
    passage: Field = t * t * (3 - 2 * t)
    return passage


def rugged(random: np.random.Generator, knots: int, octaves: int, roughness: float) -> Field:
    """Return a jagged line from about -1 to 1, WIDTH long."""
    line = np.zeros(WIDTH)
    for octave in range(octaves):
        count = knots * 2**octave + 1
        offset = random.random() / knots
        line += np.interp(
            np.linspace(0, 1, WIDTH) + offset,
            np.linspace(0, 1 + 1 / knots, count + 1),
            random.uniform(-1, 1, count + 1),
        ) * (roughness**octave)
    return line.astype(np.float32)[None, :]


def _edge(distance: Field) -> Field:
    """Turn distances inside a shape, in pixels, into how much of each pixel it covers."""
    covered: Field = np.clip(distance + np.float32(0.5), 0, 1)
    return covered


def _stencil(mask: Field, strength: float = 1.0) -> Image.Image:
    level = mask * np.float32(255 * strength)
    np.clip(level, 0, 255, out=level)
    return Image.fromarray(np.broadcast_to(level.astype(np.uint8), (HEIGHT, WIDTH)))


@cache
def _noise() -> Field:
    return np.random.default_rng(7).uniform(-5, 5, (HEIGHT, WIDTH)).astype(np.float32)


@cache
def _film(number: int) -> Image.Image:
    """Return grain, a little softer than pixels are, around the grey that changes nothing; darker in the corners."""
    noise = np.random.default_rng([11, number]).normal(0, GRAIN, (HEIGHT, WIDTH)).astype(np.float32)
    soft = (noise + np.roll(noise, 1, axis=0) + np.roll(noise, 1, axis=1)) / np.float32(np.sqrt(3))
    corners = (X / WIDTH - 0.5) ** 2 + (Y / HEIGHT - 0.5) ** 2
    grey = Image.fromarray(np.clip(soft + 129 - 68 * corners, 0, 255).astype(np.uint8))
    return Image.merge("RGB", (grey, grey, grey))
