"""Compositions that show a place: a horizon, mountains, a city, a road, a door, light through blinds."""

from itertools import pairwise

import numpy as np

from pipeline.demo.art.canvas import (
    Canvas,
    Field,
    Places,
    X,
    Y,
    below,
    disc,
    half_plane,
    polygons,
    polylines,
    rectangle,
    rugged,
    smoothstep,
)
from pipeline.demo.art.figures import bust, standing
from pipeline.demo.art.typesetting import HEIGHT, WIDTH, Box

CREDIT_FOOT = Box(48, 836, 552, 850)
SKY = Places(Box(44, 66, 556, 270), CREDIT_FOOT)


def horizon(canvas: Canvas) -> Places:
    """Paint a low sun over water, its light broken by waves."""
    random = canvas.random
    line, sun_x = float(random.uniform(555, 625)), float(random.uniform(190, 410))
    radius = float(random.uniform(72, 132))
    sun_y = line - float(random.uniform(-0.25, 1.25)) * radius
    clouds = (canvas.cloud(2) + streaks(canvas, 90, 3)) * np.float32(0.045)
    canvas.wash(0.16 + 0.62 * smoothstep(-120, line, Y) + clouds * smoothstep(60, 420, Y))
    canvas.glow(sun_x, sun_y, radius * 2.1, canvas.palette.tone(0.95), 0.42)
    sun = disc(sun_x, sun_y, radius)
    if random.random() < 0.35 or canvas.palette.pale:
        canvas.paint(sun, canvas.palette.accent)
    else:
        canvas.paint(sun, np.float32(0.93) + (sun_y - Y) / np.float32(radius) * 0.09)
    far = np.float32(line) - np.maximum(0, rugged(random, 5, 4, 0.5) * 16 + 14 - np.abs(X - sun_x) * -0.05)
    shore = np.float32(line + 1) - (np.float32(line) - far) * smoothstep(60, 330, np.abs(X - sun_x))
    canvas.paint(below(shore), np.float32(0.34) + 0 * Y)
    water = smoothstep(line, HEIGHT, Y)
    waves = streaks(canvas, 150, 7)
    canvas.paint(below(np.full((1, WIDTH), line, dtype=np.float32)), 0.5 - 0.47 * water**0.7 + waves * 0.05)
    spread = radius * 0.62 + (Y - line) * 0.16
    glints = np.exp(-(((X - sun_x) / spread) ** 2)) * smoothstep(-0.12, 0.42, waves) * (line < Y) * (1 - 0.75 * water)
    canvas.paint(glints, canvas.palette.tone(0.97))
    return SKY


def ridges(canvas: Canvas) -> Places:
    """Paint mountains behind each other, paler the farther they are, with mist in the valleys."""
    random = canvas.random
    canvas.wash(0.4 + 0.5 * smoothstep(40, 560, Y) + canvas.cloud(2) * 0.05)
    x, y, radius = float(random.uniform(150, 450)), float(random.uniform(372, 440)), float(random.uniform(48, 82))
    canvas.glow(x, y, radius * 2.4, canvas.palette.light, 0.3)
    canvas.paint(
        disc(x, y, radius),
        canvas.palette.accent if random.random() < 0.4 or canvas.palette.pale else canvas.palette.light,
        0.92,
    )
    wooded = random.random() < 0.45
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        crest = np.float32(415 + 355 * near**1.15) + rugged(random, 2 + layer % 2, 6, 0.52) * np.float32(62 - 12 * near)
        if wooded and layer >= 3:
            crest = crest - pines(canvas, 26 + 34 * near)
        mist = smoothstep(0, 190, Y - crest) * (0.26 - 0.12 * near)
        canvas.paint(below(crest), np.float32((0.6 if canvas.palette.pale else 0.72) * (1 - near**0.8) + 0.02) + mist)
    return SKY


def skyline(canvas: Canvas) -> Places:
    """Paint a city at night or dusk, with lit windows in front and haze behind."""
    random = canvas.random
    canvas.wash(0.1 + 0.66 * smoothstep(0, 720, Y) + canvas.cloud(3) * 0.05)
    if random.random() < 0.7:
        x, y, radius = float(random.uniform(140, 460)), float(random.uniform(430, 520)), float(random.uniform(84, 130))
        canvas.glow(x, y, radius * 1.7, canvas.palette.tone(0.9), 0.3)
        canvas.paint(disc(x, y, radius), 0.9 - 0.32 * smoothstep(y - radius, y + radius, Y))
    for layer, (tone, top, varied) in enumerate(((0.56, 520, 110), (0.34, 580, 130), (0.07, 660, 150))):
        roof = np.full(WIDTH, top + 40, dtype=np.float32)
        left, masts = -20, []
        while left < WIDTH:
            width = int(random.integers(34, 58)) + 16 * layer
            height = float(top - random.uniform(-0.3, 1) * varied)
            roof[max(0, left) : left + width] = height
            if random.random() < 0.45:
                inset = width // 4
                roof[max(0, left + inset) : left + width - inset] = height - random.uniform(10, 34)
                masts.append((left + width / 2, height))
            left += width
        skyline_of = below(roof[None, :])
        haze = smoothstep(520, 900, Y) * np.float32(0.2 if layer < 2 else 0.03)
        canvas.paint(skyline_of, np.float32(tone) + haze)
        canvas.paint(polylines([[(x, y), (x, y - 70)] for x, y in masts if layer], 1.6), canvas.palette.tone(tone))
        if layer:
            pitch_x, pitch_y = 11 + 3 * layer, 15 + 4 * layer
            lit = random.random((HEIGHT // pitch_y + 1, WIDTH // pitch_x + 1)) < (0.16 if layer == 1 else 0.3)
            columns, rows = (X // pitch_x).astype(int), (Y // pitch_y).astype(int)
            panes = (X % pitch_x > 4) & (X % pitch_x < 4 + pitch_x * 0.42) & (Y % pitch_y > 5) & (Y % pitch_y < 12)
            inside = (roof[None, :] + 10 < Y) & (Y < 880)
            windows: Field = (panes & inside & lit[rows, columns]).astype(np.float32)
            canvas.paint(windows, canvas.palette.accent if layer == 2 else canvas.palette.tone(0.9), 0.55 + 0.2 * layer)
    return SKY


def road(canvas: Canvas) -> Places:
    """Paint a road that runs to its vanishing point, with poles along it."""
    random = canvas.random
    line, vanishing = float(random.uniform(500, 560)), float(random.uniform(235, 365))
    canvas.wash(0.22 + 0.66 * smoothstep(-60, line, Y) + streaks(canvas, 70, 4) * 0.08)
    canvas.glow(vanishing, line, 170, canvas.palette.light, 0.55)
    hills = np.float32(line) - np.maximum(0, rugged(random, 3, 5, 0.5) * 24 + 22)
    canvas.paint(below(hills), np.float32(0.56) + 0 * Y)
    depth = np.maximum(Y - np.float32(line), 0.5)
    slope = (X - np.float32(vanishing)) / depth
    ground = 0.46 - 0.36 * smoothstep(line, HEIGHT, Y)
    furrows = np.cos(slope * 9) * 0.045 * smoothstep(line + 15, line + 130, Y)
    land = below(np.full((1, WIDTH), line, dtype=np.float32))
    canvas.paint(land, ground + furrows)
    softness = np.float32(0.5) / depth + 0.004
    inside = smoothstep(0, 1, (0.78 - np.abs(slope)) / softness * 0.5 + 0.5) * land
    canvas.paint(inside, 0.3 - 0.26 * smoothstep(line, line + 260, Y))
    edges = smoothstep(0, 1, (0.014 - np.abs(np.abs(slope) - 0.7)) / softness * 0.5 + 0.5) * land
    dashes = smoothstep(0, 1, (0.022 - np.abs(slope)) / softness * 0.5 + 0.5) * land
    stripe = ((900 / depth + float(random.random())) % 1.6 < 0.8) & (depth > 14)
    canvas.paint(np.maximum(edges * 0.8, dashes * stripe), canvas.palette.tone(0.95))
    side = float(random.choice((-1.0, 1.0)))
    posts, wires = [], []
    for step in range(9):
        near = 330 * 0.62**step
        x, foot, tall = vanishing + side * 0.98 * near, line + near, 1.55 * near
        half = max(0.5, 0.013 * near)
        posts.append([(x - half, foot), (x + half, foot), (x + half, foot - tall), (x - half, foot - tall)])
        arm = 0.17 * near
        posts.append([(x - arm, foot - tall * 0.93), (x + arm, foot - tall * 0.93), (x + arm, foot - tall * 0.91),
                      (x - arm, foot - tall * 0.91)])  # fmt: skip
        wires.append((x, foot - tall * 0.93, arm))
    strung = []
    t = np.linspace(0, 1, 9)
    for (x1, y1, arm1), (x2, y2, arm2) in pairwise(wires):
        for end in (-1, 1):
            xs = x1 + end * arm1 + (x2 + end * arm2 - x1 - end * arm1) * t
            strung.append(np.column_stack([xs, y1 + (y2 - y1) * t + 0.25 * arm1 * np.sin(np.pi * t)]))
    canvas.paint(polygons(posts), canvas.palette.tone(0.03))
    canvas.paint(polylines(strung, 0.9), canvas.palette.tone(0.03), 0.8)
    return SKY


def doorway(canvas: Canvas) -> Places:
    """Paint a bright door in a dark wall, someone in it, and light on the floor."""
    random = canvas.random
    floor, x = 640.0, float(random.uniform(215, 385))
    wide, tall = float(random.uniform(62, 84)), float(random.uniform(255, 300))
    arched = random.random() < 0.5
    away = np.sqrt((X - np.float32(x)) ** 2 + (Y - 500) ** 2)
    canvas.wash(0.3 - 0.24 * smoothstep(60, 520, away) + canvas.cloud(5) * 0.035)
    ground = below(np.full((1, WIDTH), floor, dtype=np.float32))
    canvas.paint(ground, 0.2 - 0.17 * smoothstep(0, 420, away))
    lean = float(random.uniform(-90, 90))
    beam = polygons(
        [[(x - wide, floor), (x + wide, floor), (x + 2.6 * wide + lean, 920), (x - 2.6 * wide + lean, 920)]]
    )
    canvas.paint(beam, 0.92 - 0.62 * smoothstep(floor, HEIGHT, Y))
    canvas.glow(x, floor - tall / 2, 210, canvas.palette.tone(0.85), 0.3)
    opening = rectangle(x - wide, floor - tall, x + wide, floor)
    if arched:
        opening = np.maximum(opening, disc(x, floor - tall, wide) * (floor - tall + 2 > Y))
    canvas.paint(opening, 0.84 + 0.16 * smoothstep(floor, floor - tall, Y))
    foot = x + wide * 0.15
    body, shade = standing(foot, floor + 6, tall * 0.6), standing(foot, 0, tall * 0.6)
    cast = [
        np.column_stack([px + (lean + 0.4 * (px - foot)) * -py / 300, floor + 5 - py * 1.25])
        for px, py in (outline.T for outline in shade)
    ]
    canvas.paint(polygons(cast), canvas.palette.tone(0.05), 0.62)
    canvas.paint(polygons(body), canvas.palette.tone(0.02))
    return Places(Box(44, 62, 556, 232), CREDIT_FOOT, 88)


def blinds(canvas: Canvas) -> Places:
    """Paint light through blinds on a wall, and someone before it."""
    random = canvas.random
    angle, x = float(random.uniform(0.1, 0.34)), float(random.uniform(235, 365))
    flipped = bool(random.random() < 0.5)
    along = (X - 300) * np.float32(np.sin(angle) * (-1 if flipped else 1)) + Y * np.float32(np.cos(angle))
    pitch = float(random.uniform(40, 54))
    slats = smoothstep(0.3, 0.42, np.abs((along / pitch) % 1 - 0.5) * 2)
    window = half_plane(70, 0, 0.06) * half_plane(530, 0, np.pi + 0.06) * smoothstep(262, 300, along)
    window = window * (1 - smoothstep(780, 900, along)) * (1 - 0.92 * rectangle(x + 118, 0, x + 128, HEIGHT))
    wall = 0.16 + 0.1 * smoothstep(HEIGHT, 0, Y) + canvas.cloud(3) * 0.03
    fall = 0.74 - 0.42 * smoothstep(60, 620, np.sqrt((X - np.float32(x)) ** 2 + (Y - 430) ** 2))
    canvas.wash(wall + slats * window * fall)
    someone = polygons(bust(x, 412, 246, facing=-1 if flipped else 1, random=random))
    canvas.shadow(someone, 26 if flipped else -26, 12, 26, 0.55)
    lit = (
        np.float32(0.02) + 0 * Y + slats * np.float32(0.1) * smoothstep(0, 260, (X - np.float32(x)) * (1 - 2 * flipped))
    )
    canvas.paint(someone, lit)
    return Places(Box(44, 62, 556, 240), CREDIT_FOOT, 88)


def streaks(canvas: Canvas, rows: int, columns: int) -> Field:
    """Return noise from about -1 to 1 drawn out sideways, like waves or high clouds."""
    wide = canvas.cloud(1, 1) * 0.3
    fine = canvas.stretched(rows, columns)
    return wide + fine


def pines(canvas: Canvas, tall_px: float) -> Field:
    """Return the height of a wood's edge at every x."""
    count = round(WIDTH / tall_px * 3.4)
    at = canvas.random.uniform(-10, WIDTH + 10, count).astype(np.float32)
    tall = (canvas.random.uniform(0.5, 1.0, count) * tall_px).astype(np.float32)
    away = np.abs(X[0][None, :] - at[:, None])
    # Branches: the outline of a fir steps outwards as it comes down.
    reach = away * 4.2 + 5 * np.abs((away / 3.1) % 1 - 0.5)
    edge: Field = np.maximum(tall[:, None] - reach, np.float32(0)).max(axis=0)[None, :]
    return edge
