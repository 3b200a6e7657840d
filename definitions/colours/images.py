"""Opens images of covers: whatever their format, mode and profile, as they are shown on a screen."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from definitions.artwork_tables import ANIMATED, BROKEN, NO_IMAGE, TOO_LARGE

# Others that Pillow reads start programs, or are not on the web.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_SRGB = ImageCms.createProfile("sRGB")
# What Pillow raises where an image is not what its beginning says.
_BROKEN_IMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)


class UnfitImageError(Exception):
    """An image whose colours cannot be told; the message is one of COVER_PROBLEMS."""


def open_cover(content: bytes) -> Image.Image:
    """Return the image of a file's bytes, upright, in sRGB, as RGB or, where some of it is transparent, RGBA.

    Raises UnfitImageError.
    """
    with _told_why_unfit(), Image.open(BytesIO(content), formats=FORMATS) as image:
        # Pillow itself only warns of what is up to twice too large.
        if Image.MAX_IMAGE_PIXELS is not None and image.width * image.height > Image.MAX_IMAGE_PIXELS:
            raise UnfitImageError(TOO_LARGE)
        # A photograph may hold several views of it (MPO), of which the first is meant.
        if getattr(image, "is_animated", False) and image.format != "MPO":
            raise UnfitImageError(ANIMATED)
        ImageOps.exif_transpose(image, in_place=True)
        return _in_srgb(_in_full_colour(image), image.info.get("icc_profile"))


@contextmanager
def _told_why_unfit() -> Iterator[None]:
    try:
        yield
    except UnidentifiedImageError:
        raise UnfitImageError(NO_IMAGE) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnfitImageError(TOO_LARGE) from None
    except _BROKEN_IMAGE as error:
        raise UnfitImageError(BROKEN) from error


def _in_full_colour(image: Image.Image) -> Image.Image:
    """Return the image without palette and with 8 bits a channel; its colours' profile still holds."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image in the colours of screens; a profile that is broken or of other channels is left out."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            told = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, told, _SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            return image.convert(mode)
        if converted is not None:
            return converted
    return image.convert(mode)
