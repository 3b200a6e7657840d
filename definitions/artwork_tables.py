"""The published table of what the build found where covers lie, and where their thumbnails are."""

from definitions.contract import Column, Table, ValueType, choice, count, required_id, text

THUMBNAILS_FOLDER = "thumbnails"
THUMBNAIL_MAX_WIDTH_PX, THUMBNAIL_MAX_HEIGHT_PX = 300, 600

NO_FILE = "no such file"
OUTSIDE = "outside of the source folder"
UNREADABLE = "cannot be read"
NO_IMAGE = "not a JPEG, PNG, WebP, GIF or AVIF image"
BROKEN = "broken or cut off"
ANIMATED = "animated"
TOO_LARGE = "too large"
COVER_PROBLEMS = (NO_FILE, OUTSIDE, UNREADABLE, NO_IMAGE, BROKEN, ANIMATED, TOO_LARGE)

POSTER_HASH = text(
    "poster_hash",
    "the image_hash of the cover that pages show it by: of those live at the moment that the data reach to, the one "
    "that came last; null where it has none",
)

ARTWORK_IMAGES = Table(
    name="artwork_images",
    grain="one cover: what the build found at its path",
    key=("artwork_id",),
    columns=(
        required_id("artwork_id", "the cover"),
        text("path", "where the image file is, relative to the source folder", required=True),
        Column(
            "size_bytes", ValueType.INTEGER, "the file's size; null where there is none in the source", unit="bytes"
        ),
        Column(
            "changed_ns",
            ValueType.INTEGER,
            "when the file was last changed: while this and the size are the same, it is not read again",
            unit="ns since 1970, UTC",
        ),
        text("image_hash", "the SHA-256 of the file's bytes, by which its thumbnail is named; null where it has none"),
        count("width_px", "the image's width as it is shown"),
        count("height_px", "the image's height as it is shown"),
        count("thumbnail_width_px", f"the thumbnail's width, at most {THUMBNAIL_MAX_WIDTH_PX}"),
        count("thumbnail_height_px", f"the thumbnail's height, at most {THUMBNAIL_MAX_HEIGHT_PX}"),
        choice("problem", "why it has no thumbnail; null where it has one", COVER_PROBLEMS),
    ),
)


def thumbnail_name(image_hash: str) -> str:
    """Return the name that a thumbnail has in the folder of a build's thumbnails."""
    return f"{image_hash}.webp"
