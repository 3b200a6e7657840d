"""What the gallery shows of the page of covers: one in full. The tiles are drawn by assets/covers.js, as they come."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pandas as pd
from dash import html
from flask import Response
from PIL import Image

from components.gallery import cover_shown
from definitions.colours.bins import BIN_RGB
from definitions.colours.families import BINS
from definitions.metrics import METRICS
from tests.components.world import filters_of
from tests.gallery_pages import name_of, sized

FILTERS = filters_of("start_day=2023-06-03&end_day=2023-07-01")
MOST_TITLES = 40


def picture(image_hash: str) -> Response:
    """Answer with a cover, whichever is asked for: flat, in a colour of its own."""
    written = BytesIO()
    Image.new("RGB", (20, 30), f"#{int.from_bytes(image_hash[:6].encode()) % 0xFFFFFF:06x}").save(written, "WEBP")
    return Response(written.getvalue(), content_type="image/webp")


def palette_of(count: int) -> pd.DataFrame:
    """Return the details of a cover of so many colours, and of as many titles, up to forty."""
    bins = np.arange(count) * 37 % BINS
    shares = 0.9 ** np.arange(count)
    names = [name_of(title) for title in range(min(count, MOST_TITLES))]
    red, green, blue = BIN_RGB[bins].T
    return pd.DataFrame(
        {
            "image_hash": "6b4423".ljust(64, "0"),
            "show_id": "title film-1",
            "cover_name": names[0],
            "kind": "film",
            "genres": "drama; science fiction",
            "titles": len(names),
            "all_names": "; ".join(names),
            "is_shown": count > 1,
            "thumbnail_width_px": 20,
            "thumbnail_height_px": 30,
            "share": shares / shares.sum(),
            "red": red,
            "green": green,
            "blue": blue,
            "brightness": 33.0,
            "contrast": 12.0,
            "saturation": 0.5,
            "colourfulness": 40.0,
            "warmth": 0.5 if count > 1 else np.nan,
            "near_black_share": 0.1,
            "near_white_share": 0.0,
        }
    )


# Neither figures nor tables.
COVER_PARTS: dict[str, tuple[Callable[[pd.DataFrame], html.Div], Callable[[str], pd.DataFrame]]] = {
    "The cover chosen": (
        lambda frame: cover_shown(frame, METRICS["palette"], FILTERS),
        sized(palette_of, 8, BINS),
    ),
}
