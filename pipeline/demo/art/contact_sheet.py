"""Lays out covers of a demo world on one sheet, written to the file that is named."""

import sys
from collections import Counter
from pathlib import Path

from PIL import Image

from pipeline.demo.art.covers import CoverBrief, draw
from pipeline.demo.catalogue import make_catalogue
from pipeline.demo.settings import Settings
from pipeline.demo.world import cover_briefs

COLUMNS, ROWS = 8, 5
COVER_PX = (180, 270)
GAP_PX = 14
PAPER = (24, 25, 28)
WORLD = Settings(events=2_000_000, seed=1, days=400, titles=400, accounts=2_000, without=frozenset())


def draw_sheet() -> Image.Image:
    """Return the sheet."""
    width, height = (px + GAP_PX for px in COVER_PX)
    sheet = Image.new("RGB", (COLUMNS * width + GAP_PX, ROWS * height + GAP_PX), PAPER)
    for number, brief in enumerate(_various(COLUMNS * ROWS)):
        cover = draw(brief)[0].resize(COVER_PX, Image.Resampling.LANCZOS)
        sheet.paste(cover, (GAP_PX + number % COLUMNS * width, GAP_PX + number // COLUMNS * height))
    return sheet


def _various(count: int) -> list[CoverBrief]:
    """Return covers of different works, each the one least like those before it."""
    left = cover_briefs(make_catalogue(WORLD), WORLD, Path())
    chosen: list[CoverBrief] = []
    shown: Counter[str | None] = Counter()
    while len(chosen) < count:
        latest = {name for brief in chosen[-2:] + chosen[-COLUMNS:][:1] for name in (brief.layout, brief.palette)}
        brief = min(
            left,
            key=lambda brief: (
                2 * shown[brief.layout] + shown[brief.palette] + shown[brief.genre] + 3 * (brief.layout in latest)
                + 3 * (brief.palette in latest)
            ),
        )  # fmt: skip
        chosen.append(brief)
        shown.update((brief.layout, brief.palette, brief.genre))
        left = [other for other in left if other.title != brief.title]
    return chosen


if __name__ == "__main__":
    draw_sheet().save(sys.argv[1], quality=80, optimize=True)
