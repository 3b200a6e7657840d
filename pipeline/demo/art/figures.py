"""Compositions with people and plants: a portrait in profile, leaves around a clearing."""

import numpy as np
import numpy.typing as npt

from pipeline.demo.art.canvas import (
    Canvas,
    Places,
    X,
    Y,
    below,
    disc,
    polygons,
    ring,
    rugged,
    smooth_curve,
    smoothstep,
)
from pipeline.demo.art.typesetting import HEIGHT, Box

# A head in profile, looking right: 0 at the crown and 1 at the chin; from the back's shoulder round to the chest.
PROFILE = (
    (-0.98, 2.8), (-0.92, 1.78), (-0.66, 1.52), (-0.3, 1.37), (-0.15, 1.22), (-0.15, 1.04), (-0.24, 0.86),
    (-0.345, 0.62), (-0.36, 0.4), (-0.28, 0.17), (-0.09, 0.03), (0.14, 0.0), (0.34, 0.08), (0.455, 0.22),
    (0.495, 0.35), (0.492, 0.43),
    (0.472, 0.49), (0.52, 0.575), (0.582, 0.662), (0.572, 0.697), (0.512, 0.715), (0.51, 0.745), (0.538, 0.785),
    (0.512, 0.812), (0.53, 0.842), (0.49, 0.877), (0.507, 0.935), (0.475, 0.988), (0.39, 1.015), (0.24, 1.04),
    (0.145, 1.1), (0.14, 1.24), (0.22, 1.37), (0.5, 1.5), (0.72, 1.72), (0.78, 2.8),
)  # fmt: skip
# Someone standing, seen from behind: from the feet round, 1 tall and 0 at the floor.
STANDING = (
    (-0.07, 0.0), (-0.075, -0.2), (-0.088, -0.42), (-0.12, -0.5), (-0.135, -0.66), (-0.115, -0.79), (-0.045, -0.835),
    (0.045, -0.835), (0.115, -0.79), (0.135, -0.66), (0.12, -0.5), (0.088, -0.42), (0.075, -0.2), (0.07, 0.0),
    (0.022, 0.0), (0.012, -0.2), (0.0, -0.36), (-0.012, -0.2), (-0.022, 0.0),
)  # fmt: skip


BUN = ((-0.36, 0.09), (-0.21, 0.24), (-0.36, 0.39), (-0.51, 0.24))
LONG_HAIR = (
    (0.42, 0.16), (0.2, -0.035), (-0.1, -0.03), (-0.36, 0.14), (-0.45, 0.5), (-0.46, 0.9), (-0.52, 1.3), (-0.4, 1.52),
    (-0.05, 1.42), (0.02, 1.0), (0.08, 0.5),
)  # fmt: skip
HAT = (
    (0.78, 0.255), (0.42, 0.18), (0.4, -0.02), (0.26, -0.15), (0.05, -0.12), (-0.16, -0.15), (-0.33, 0.0), (-0.38, 0.2),
    (-0.62, 0.3), (-0.3, 0.3), (0.1, 0.265), (0.5, 0.285),
)  # fmt: skip
STANDING_HEAD = (
    (0.0, -1.0), (0.042, -0.978), (0.06, -0.925), (0.042, -0.872), (0.0, -0.85), (-0.042, -0.872), (-0.06, -0.925),
    (-0.042, -0.978),
)  # fmt: skip


def bust(
    x: float, y: float, head_px: float, *, facing: int, random: np.random.Generator
) -> list[npt.NDArray[np.float64]]:
    """Return the outlines of a head and shoulders; ``y`` is the crown's, ``facing`` 1 for right and -1 for left."""
    hair = (None, BUN, LONG_HAIR, HAT)[int(random.integers(0, 4))]
    outlines = [smooth_curve(outline) for outline in (PROFILE, hair) if outline]
    return [outline * (facing * head_px, head_px) + (x, y) for outline in outlines]


def standing(x: float, floor: float, tall_px: float) -> list[npt.NDArray[np.float64]]:
    """Return the outlines of someone standing."""
    return [smooth_curve(outline) * tall_px + (x, floor) for outline in (STANDING, STANDING_HEAD)]


def portrait(canvas: Canvas) -> Places:
    """Paint a profile before a disc of light, with a landscape showing through it."""
    random = canvas.random
    facing = int(random.choice((-1, 1)))
    x = 300 - facing * 28.0
    canvas.wash(0.34 - 0.2 * smoothstep(0, HEIGHT, Y) + canvas.cloud(3) * 0.04)
    radius = float(random.uniform(205, 240))
    canvas.glow(300, 300, radius * 1.2, canvas.palette.tone(0.8), 0.22)
    canvas.paint(disc(300, 300, radius), 0.97 - 0.3 * smoothstep(300 - radius, 300 + radius, Y))
    if random.random() < 0.5:
        for step in range(1, 4):
            canvas.paint(ring(300, 300, radius + 17 * step, 1.3), canvas.palette.tone(0.8), 0.75 - 0.2 * step)
    head = polygons(bust(x, 128, 330, facing=facing, random=random))
    canvas.shadow(head, 0, 14, 30, 0.4)
    canvas.paint(head, 0.16 - 0.13 * smoothstep(120, 620, Y))
    inside = np.asarray(head, dtype=np.float32) / np.float32(255)
    for layer in range(5):
        crest = np.float32(572 + 46 * layer) + rugged(random, 2, 5, 0.5) * np.float32(34)
        mist = 0.16 * smoothstep(0, 120, Y - crest)
        canvas.paint(inside * below(crest), np.float32(0.4 - 0.09 * layer) + mist * (1 - 0.15 * layer))
    return Places(Box(48, 600, 552, 786, anchor="bottom"), Box(48, 836, 552, 850))


def botanical(canvas: Canvas) -> Places:
    """Paint leaves that grow in from all sides and leave a clearing."""
    random = canvas.random
    canvas.wash(0.1 + 0.16 * smoothstep(430, 60, np.sqrt((X - 300) ** 2 + (Y - 430) ** 2)) + canvas.cloud(2) * 0.03)
    uneven = canvas.cloud(4, 2)
    slender = float(random.uniform(0.15, 0.21))
    for layer, (tone, size) in enumerate(((0.27, 150.0), (0.46, 122.0), (0.7, 92.0))):
        leaves, halves, berries = [], [], []
        for stem in range(9):
            angle = 2 * np.pi * (stem + float(random.uniform(-0.3, 0.3)) + layer / 3) / 9
            foot = np.array([300 + 430 * np.cos(angle), 450 + 590 * np.sin(angle)])
            heading = angle + np.pi + float(random.choice((-1, 1))) * float(random.uniform(0.75, 1.15))
            bend = float(random.uniform(-0.16, 0.16))
            for number in range(7):
                foot = foot + 0.4 * size * np.array([np.cos(heading), np.sin(heading)])
                heading += bend
                away = np.hypot((foot[0] - 300) / 300, (foot[1] - 430) / 450)
                if away < 0.78 + 0.07 * layer:
                    break
                for side in (-1, 1):
                    length = size * float(random.uniform(0.75, 1.05)) * (1 - 0.06 * number)
                    leaf, half = _leaf(foot, heading + side * 0.85, length, slender)
                    leaves.append(leaf)
                    halves.append(half)
            if layer == 2 and random.random() < 0.6:
                berries.append((float(foot[0]), float(foot[1])))
        mask = polygons(leaves)
        canvas.shadow(mask, 5, 12, 16, 0.55)
        canvas.paint(mask, np.float32(tone) + uneven * np.float32(0.12))
        canvas.paint(polygons(halves), canvas.palette.tone(tone - 0.14), 0.6)
        for x, y in berries:
            for dx, dy in ((0, 0), (19, 9), (4, 22)):
                canvas.paint(disc(x + dx, y + dy, 8.5), canvas.palette.accent)
    return Places(Box(118, 250, 482, 590, anchor="middle"), Box(118, 634, 482, 648))


def _leaf(
    foot: npt.NDArray[np.float64], heading: float, length: float, slender: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the outlines of a leaf and of the half of it on one side of its rib."""
    t = np.linspace(0, 1, 14)
    half = slender * length * np.sin(np.pi * t**0.85) ** 0.9
    sway = 0.1 * length * np.sin(np.pi * t)
    ahead, across = np.array([np.cos(heading), np.sin(heading)]), np.array([-np.sin(heading), np.cos(heading)])
    middle = foot + np.outer(t * length, ahead) + np.outer(sway, across)
    edge, far_edge = (middle + np.outer(half * side, across) for side in (1, -1))
    return np.concatenate([edge, far_edge[::-1]]), np.concatenate([edge, middle[::-1]])
