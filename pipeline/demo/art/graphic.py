"""Compositions of pure form: a grid of shapes, a pattern, a cut, a planet, a letter, layers of paper."""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from pipeline.demo.art.canvas import (
    Canvas,
    Field,
    Places,
    X,
    Y,
    disc,
    half_plane,
    polygons,
    rectangle,
    smooth_curve,
    smoothstep,
)
from pipeline.demo.art.palettes import Colour
from pipeline.demo.art.typesetting import HEIGHT, REFERENCE_PX, WIDTH, Box, draw_lines, place

LARGE = 2
CELL = 150


def bauhaus(canvas: Canvas) -> Places:
    """Paint a grid of quarter circles, bars and discs over a plain field."""
    random, tone = canvas.random, canvas.palette.tone
    flats = [tone(0.0), tone(0.3), tone(0.58), tone(0.86), canvas.palette.accent]
    picture = Image.new("RGB", (WIDTH * LARGE, HEIGHT * LARGE), tone(0.0))
    pen = ImageDraw.Draw(picture)
    side = CELL * LARGE
    before = -1
    for row in range(4):
        for column in range(4):
            left, top = column * side, row * side
            ground, figure = (int(pick) for pick in random.choice(5, 2, replace=False, p=(0.24, 0.24, 0.22, 0.2, 0.1)))
            kind = int(random.integers(0, 7))
            kind = (kind + 1) % 7 if kind == before else kind
            before = kind
            pen.rectangle((left, top, left + side, top + side), fill=flats[ground])
            _shape(pen, kind, left, top, side, int(random.integers(0, 4)), (flats[figure], flats[ground]))
    pen.rectangle((0, 4 * side, WIDTH * LARGE, HEIGHT * LARGE), fill=tone(0.0))
    canvas.image = picture.reduce(LARGE)
    return Places(Box(44, 648, 556, 786, "left", "top"), Box(44, 836, 556, 850, "left"), 84)


def _shape(
    pen: ImageDraw.ImageDraw, kind: int, left: int, top: int, side: int, turn: int, colours: tuple[Colour, Colour]
) -> None:
    """Draw one of seven shapes into a square, turned by quarters."""
    figure, ground = colours
    corner_x, corner_y = left + side * (turn in (1, 2)), top + side * (turn in (2, 3))
    if kind in (0, 1):
        radii = (1.0,) if kind == 0 else (1.0, 0.76, 0.5, 0.26)
        for number, radius in enumerate(radii):
            reach = radius * side
            clipped = (corner_x - reach, corner_y - reach, corner_x + reach, corner_y + reach)
            start = {0: 0, 1: 90, 2: 180, 3: 270}[turn]
            pen.pieslice(clipped, start, start + 90, fill=(figure, ground)[number % 2])
    elif kind == 2:
        box = {0: (0, -0.5, 1, 0.5), 1: (0.5, 0, 1.5, 1), 2: (0, 0.5, 1, 1.5), 3: (-0.5, 0, 0.5, 1)}[turn]
        start = {0: 0, 1: 90, 2: 180, 3: 270}[turn]
        pen.pieslice(
            (left + box[0] * side, top + box[1] * side, left + box[2] * side, top + box[3] * side),
            start, start + 180, fill=figure,
        )  # fmt: skip
    elif kind == 3:
        inset = side * 0.14
        pen.ellipse((left + inset, top + inset, left + side - inset, top + side - inset), fill=figure)
        inset = side * 0.36
        pen.ellipse((left + inset, top + inset, left + side - inset, top + side - inset), fill=ground)
    elif kind == 4:
        for bar in range(4):
            at = (bar + 0.5) * side / 4
            thick = side / 8
            if turn % 2:
                pen.rectangle((left + at - thick / 2, top, left + at + thick / 2 - 1, top + side), fill=figure)
            else:
                pen.rectangle((left, top + at - thick / 2, left + side, top + at + thick / 2 - 1), fill=figure)
    elif kind == 5:
        corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
        pen.polygon([corner for number, corner in enumerate(corners) if number != turn], fill=figure)
    else:
        for row in range(3):
            for column in range(3):
                x, y, dot = left + (column + 0.5) * side / 3, top + (row + 0.5) * side / 3, side * 0.085
                pen.ellipse((x - dot, y - dot, x + dot, y + dot), fill=figure)


def pattern(canvas: Canvas) -> Places:
    """Paint scales or petals all over, and a label on them."""
    random, tone = canvas.random, canvas.palette.tone
    picture = Image.new("RGB", (WIDTH * LARGE, HEIGHT * LARGE), tone(0.1))
    pen = ImageDraw.Draw(picture)
    count = int(random.choice((4, 5, 6)))
    across = WIDTH * LARGE / count
    rows = int(HEIGHT * LARGE / (across / 4)) + 4
    rings = (1.0, 0.8, 0.6, 0.4, 0.2)
    petals = random.random() < 0.4
    for row in range(rows):
        for column in range(-1, count + 1):
            x = (column + (0.5 if row % 2 else 0)) * across + across / 2
            y = row * across / 4
            down = row / rows
            lit = random.random() < 0.09
            for number, radius in enumerate(rings):
                shade = (0.1 + 0.5 * down) if number % 2 else (0.5 + 0.42 * down)
                colour = (
                    canvas.palette.accent if lit and number == 2 else tone(shade + 0.05 * float(random.uniform(-1, 1)))
                )
                reach = across / 2 * radius
                if petals:
                    drawn = (x - reach * 0.55, y - reach, x + reach * 0.55, y + reach)
                else:
                    drawn = (x - reach, y - reach, x + reach, y + reach)
                pen.ellipse(drawn, fill=colour)
    canvas.image = picture.reduce(LARGE)
    label = rectangle(84, 268, 516, 632)
    canvas.shadow(label, 0, 14, 36, 0.6)
    canvas.paint(label, 0.0 + 0.02 * smoothstep(632, 268, Y))
    line = rectangle(96, 280, 504, 620) - rectangle(97.5, 281.5, 502.5, 618.5)
    canvas.paint(line, tone(0.85))
    return Places(Box(126, 312, 474, 536, anchor="middle"), Box(126, 574, 474, 588), 84)


def diagonal(canvas: Canvas) -> Places:
    """Paint two planes that meet in a slanting cut, and a disc that changes sides there."""
    random = canvas.random
    rising = random.random() < 0.5
    angle = float(random.uniform(0.85, 1.15)) if rising else np.pi - float(random.uniform(0.85, 1.15))
    along = (X - 300) * np.float32(np.cos(angle)) + (Y - 430) * np.float32(np.sin(angle))
    canvas.wash(0.9 - 0.34 * smoothstep(-480, 0, along) + canvas.cloud(2) * 0.03)
    x, y = 300 + float(random.uniform(-70, 70)), 390 + float(random.uniform(-40, 30))
    radius = float(random.uniform(130, 175))
    sun = disc(x, y, radius)
    canvas.paint(sun, 0.16 + 0.16 * smoothstep(y - radius, y + radius, Y))
    bands = int(random.integers(2, 5))
    for band in range(bands + 1):
        offset = band * 30.0
        cx, cy = 300 + np.cos(angle) * offset, 430 + np.sin(angle) * offset
        plane = half_plane(cx, cy, angle)
        canvas.shadow(plane, -10 * np.cos(angle), -14, 22, 0.34)
        tones = (0.62 - 0.56 * band / bands) - 0.05 * smoothstep(0, 500, along)
        canvas.paint(plane, tones)
    last = half_plane(300 + np.cos(angle) * bands * 30, 430 + np.sin(angle) * bands * 30, angle)
    canvas.paint(sun * last, canvas.palette.accent if random.random() < 0.6 else canvas.palette.tone(0.85))
    return Places(Box(44, 640, 556, 786, "right" if rising else "left", "bottom"),
                  Box(44, 836, 556, 850, "right" if rising else "left"))  # fmt: skip


def orbit(canvas: Canvas) -> Places:
    """Paint a planet lit from one side, with a ring or a moon, among stars."""
    random = canvas.random
    x, y, radius = float(random.uniform(230, 370)), float(random.uniform(330, 400)), float(random.uniform(150, 205))
    nebula = np.maximum(canvas.cloud(2, 3), np.float32(0)) * np.float32(0.22)
    canvas.wash(0.05 + 0.15 * smoothstep(HEIGHT, 100, Y) + nebula)
    stars = random.uniform(0, 1, (130, 3))
    for size in (0.7, 1.2):
        dots = [(float(a * WIDTH), float(b * HEIGHT)) for a, b, c in stars if (c > 0.8) == (size > 1)]
        squares = [[(a - size, b), (a, b - size), (a + size, b), (a, b + size)] for a, b in dots]
        canvas.paint(polygons(squares), canvas.palette.tone(0.95), 0.8)
    # On the sphere, from its centre: right, down and towards us, in radii.
    nx, ny = (X - np.float32(x)) / np.float32(radius), (Y - np.float32(y)) / np.float32(radius)
    nz = np.sqrt(np.maximum(1 - nx * nx - ny * ny, np.float32(0)))
    light, tilt = float(random.uniform(-2.6, -0.6)), float(random.uniform(-0.5, 0.5))
    light_x, light_y, cos, sin = math.cos(light), math.sin(light), math.cos(tilt), math.sin(tilt)
    lit = nx * (0.72 * light_x) + ny * (0.72 * light_y) + nz * 0.5
    across, down = nx * cos + ny * sin, ny * cos - nx * sin
    belts = np.sin((down + canvas.cloud(3, 2) * 0.07) * float(random.uniform(7, 15))) * 0.06
    canvas.glow(x + 60 * light_x, y + 60 * light_y, radius * 1.25, canvas.palette.tone(0.75), 0.4)
    ringed = random.random() < 0.6
    away: Field = np.sqrt(across**2 + (down / 0.27) ** 2)
    soft = 4.0 / radius
    band = smoothstep(1.3, 1.3 + soft, away) * (1 - smoothstep(1.72, 1.72 + soft, away))
    band = band * (0.6 + 0.4 * np.sin(away * 46)) * (1 - 0.8 * smoothstep(1.5, 1.5 + soft, away) * (away < 1.53))
    if ringed:
        canvas.paint(band * 0.85, 0.86 - 0.2 * (away - 1.3))
    canvas.paint(disc(x, y, radius), 0.03 + 0.9 * np.clip(lit + belts, np.float32(0), np.float32(1)) ** 0.85)
    if ringed:
        canvas.paint(band * (down > 0), 0.9 - 0.2 * (away - 1.3))
    else:
        mx, my = x + radius * 1.15 * math.cos(light + 0.5), y + radius * 1.15 * math.sin(light + 0.5)
        canvas.paint(disc(mx, my, 26), canvas.palette.accent)
    return Places(Box(44, 630, 556, 786, anchor="bottom"), Box(48, 836, 552, 852))


def monogram(canvas: Canvas) -> Places:
    """Paint the title's first letter larger than the picture, in echoes of itself."""
    random = canvas.random
    canvas.wash(0.2 - 0.12 * smoothstep(0, HEIGHT, Y) + canvas.cloud(2) * 0.03)
    words = [word for word in canvas.title.split() if word.lower() not in ("the", "a", "of")]
    letter = (words or canvas.title.split())[0][0].upper()
    line = place(letter, canvas.style)
    scale = min(7.3, 600 / max(line.width, 1) * 1.05)
    echoes = int(random.integers(3, 6))
    lean = float(random.uniform(-26, 26))
    cap = REFERENCE_PX * 0.72 * scale
    top = 306 - cap / 2
    for echo in range(echoes, -1, -1):
        box = Box(-200 + lean * echo, top + 24 * echo, 800 + lean * echo, top + 24 * echo + cap, anchor="top")
        mask = draw_lines([line], canvas.style, scale, box)
        near = 1 - echo / echoes
        canvas.shadow(mask, 0, 8, 22, 0.3)
        canvas.paint(mask, np.float32(0.16 + 0.6 * near) + 0.22 * smoothstep(600, 80, Y) * near)
    return Places(Box(44, 690, 556, 786, "left", "bottom"), Box(44, 836, 556, 850, "left"), 84)


def papercut(canvas: Canvas) -> Places:
    """Paint sheets of paper with ever larger holes, and the light at the bottom of them."""
    random = canvas.random
    x, y = 300 + float(random.uniform(-40, 40)), 345 + float(random.uniform(-20, 30))
    canvas.wash(np.float32(0.97) - 0.1 * smoothstep(100, 700, Y))
    if random.random() < 0.75:
        canvas.paint(disc(x, y + 20, float(random.uniform(46, 62))), canvas.palette.accent)
    sheets = 5
    angles = np.linspace(0, 2 * np.pi, 11, endpoint=False)
    wobble = random.uniform(-1, 1, len(angles))
    for sheet in range(sheets):
        wobble = wobble * 0.6 + random.uniform(-1, 1, len(angles)) * 0.5
        radii = (90 + 52 * sheet) * (1 + 0.2 * wobble)
        hole = smooth_curve(np.column_stack([x + radii * np.cos(angles), y + 1.12 * radii * np.sin(angles)]))
        paper = ImageChops.invert(polygons([hole]))
        canvas.shadow(paper, 3, 12, 20, 0.5)
        canvas.paint(paper, np.float32(0.84 - 0.8 * sheet / (sheets - 1)) + 0.04 * smoothstep(HEIGHT, 0, Y))
    return Places(Box(44, 650, 556, 786, anchor="bottom"), Box(48, 836, 552, 852))
