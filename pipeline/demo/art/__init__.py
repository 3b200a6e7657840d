"""Cover art: pictures drawn by code from a title's genre and mood."""

from pipeline.demo.art.covers import LAYOUTS, CoverBrief, draw_covers, suitable_layouts
from pipeline.demo.art.palettes import PALETTES, suitable_palettes

__all__ = ["LAYOUTS", "PALETTES", "CoverBrief", "draw_covers", "suitable_layouts", "suitable_palettes"]
