"""Makes a small image of a cover."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from definitions.artwork_tables import THUMBNAIL_MAX_HEIGHT_PX, THUMBNAIL_MAX_WIDTH_PX

WEBP_QUALITY = 80
# What one takes on disk, all in all; of 600 × 900 pixels it is less.
TYPICAL_BYTES = 20_000
BOX_PX = (THUMBNAIL_MAX_WIDTH_PX, THUMBNAIL_MAX_HEIGHT_PX)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small image as WebP, and its size."""

    webp: bytes
    width_px: int
    height_px: int


def thumbnail_of(image: Image.Image) -> Thumbnail:
    """Make a thumbnail of an image in RGB or RGBA; transparency stays."""
    small = image.copy()
    small.thumbnail(BOX_PX)
    written = BytesIO()
    small.save(written, "WEBP", quality=WEBP_QUALITY)
    return Thumbnail(written.getvalue(), *small.size)
