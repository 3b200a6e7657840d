"""Lays out covers of invented titles on one sheet, written to the file that is named."""

import sys
from pathlib import Path

from PIL import Image

from pipeline.demo.art.covers import LAYOUTS, CoverBrief, draw, suitable_layouts
from pipeline.demo.art.palettes import PALETTES, suitable_palettes

COLUMNS, ROWS = 8, 5
COVER_PX = (180, 270)
GAP_PX = 14
PAPER = (24, 25, 28)
TITLES = (
    ("The Hollow Harbour", "Nora Brandt", "drama", "tender"),
    ("Midnight Alibi", "Omar Castellan", "crime", "tense"),
    ("Zuzu and the Snow Fox", "Bea Pinheiro", "family", "warm"),
    ("Meridian of Distant Things", "Mariko Hayase", "science fiction", "dreamlike"),
    ("A Tender Weather", "Amélie Fournier", "romance", "tender"),
    ("The Drowned Choir", "Gregor Haas", "horror", "bleak"),
    ("The Ferrys of Bergen", "Petra Lindqvist", "documentary", "uplifting"),
    ("Crooked Parade", "Dario Serrano", "comedy", "wry"),
    ("Iron Signal", "Kenji Morita", "thriller", "restless"),
    ("Valparaíso, Winter Letter", "Rafael Valverde", "drama", "bleak"),
    ("The Clocks of Trieste", "Ada Marlowe", "crime", "wry"),
    ("Captain Builds a Bridge", "June Whitlock", "family", "uplifting"),
    ("Unwritten Atlas", "Arjun Nambiar", "science fiction", "restless"),
    ("Velvet Garden", "Sofia Ochoa", "romance", "warm"),
    ("Pale Lantern", "Ruth Abernathy", "horror", "tense"),
    ("Salt Horizon", "Théo Lacombe", "documentary", "dreamlike"),
    ("The Second Orchard", "Caio Pinheiro", "comedy", "warm"),
    ("Hidden Station", "Devika Menon", "thriller", "bleak"),
    ("The Glass Daughter", "Lena Okafor", "drama", "dreamlike"),
    ("Copper Debt", "Ishaan Verghese", "crime", "restless"),
)


def draw_sheet() -> Image.Image:
    """Return the sheet: every layout and palette, turn about."""
    width, height = (COVER_PX[axis] + GAP_PX for axis in (0, 1))
    sheet = Image.new("RGB", (COLUMNS * width + GAP_PX, ROWS * height + GAP_PX), PAPER)
    layouts_used, palettes_used = dict.fromkeys(LAYOUTS, 0), dict.fromkeys(PALETTES, 0)
    for number in range(COLUMNS * ROWS):
        title, credit, genre, mood = TITLES[number % len(TITLES)]
        layout = min(suitable_layouts(genre), key=lambda name: layouts_used[name])
        palette = min(suitable_palettes(genre, mood), key=lambda name: palettes_used[name])
        layouts_used[layout] += 1
        palettes_used[palette] += 1
        brief = CoverBrief(Path(), title, credit, genre, mood, layout, palette, number)
        cover = draw(brief)[0].resize(COVER_PX, Image.Resampling.LANCZOS)
        sheet.paste(cover, (GAP_PX + number % COLUMNS * width, GAP_PX + number // COLUMNS * height))
    return sheet


if __name__ == "__main__":
    draw_sheet().save(sys.argv[1], quality=80, optimize=True)
