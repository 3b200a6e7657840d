"""The published tables of what colours covers have."""

from definitions.colours.families import BINS, FAMILIES
from definitions.contract import Column, Table, ValueType, choice, text

IMAGE_HASH = text("image_hash", "the SHA-256 of the image file's bytes, as in artwork_images", required=True)
LAST_BIN = BINS - 1


def _number(name: str, meaning: str, maximum: float | None = None, *, minimum: float | None = 0) -> Column:
    return Column(name, ValueType.REAL, meaning, minimum=minimum, maximum=maximum)


def _level(name: str, meaning: str) -> Column:
    return Column(name, ValueType.INTEGER, meaning, minimum=0, maximum=255)


BIN = Column(
    "bin",
    ValueType.INTEGER,
    "the cell of the 6 × 6 × 6 sRGB cube: 36·r + 6·g + b, where each level is (v + 25) // 51",
    required=True,
    minimum=0,
    maximum=LAST_BIN,
)

IMAGE_COLOURS = Table(
    name="image_colours",
    grain="one image that is a cover and of which some is opaque: its colours in a number each",
    key=("image_hash",),
    columns=(
        IMAGE_HASH,
        _number("brightness", "the mean of L* (CIE Lab, D65)", 100),
        _number("saturation", "the mean of the saturation in HSV", 1),
        _number("warmth", "the share of hues from magenta's edge over red to yellow-green's; null without hues", 1),
        _number("contrast", "the standard deviation of L*", 100),
        _number("colourfulness", "that of Hasler and Süsstrunk (2003)"),
        _number("near_black_share", "the share of pixels with L* of at most 10", 1),
        _number("near_white_share", "the share of pixels with L* of at least 95", 1),
        Column(
            "dominant_hue_deg",
            ValueType.REAL,
            "the middle of the hues in the sector of 30° with most colour; null without hues",
            unit="°",
            minimum=0,
            maximum=360,
        ),
        choice(
            "colour_family",
            "what its colour is called: the family that covers most, a chromatic one where these cover a fifth",
            FAMILIES,
            required=True,
        ),
        _number("map_x", "its place from left to right on the map of covers, where near means alike", minimum=None),
        _number("map_y", "its place from bottom to top on that map", minimum=None),
    ),
)

IMAGE_BINS = Table(
    name="image_bins",
    grain="one bin of the 216-bin vector of one image, of those that it has pixels in",
    key=("image_hash", "bin"),
    columns=(
        IMAGE_HASH,
        BIN,
        Column(
            "share",
            ValueType.REAL,
            "the share of the image's opaque pixels; those of an image sum to 1",
            required=True,
            minimum=0,
            maximum=1,
        ),
        _level("red", "the mean red of these pixels"),
        _level("green", "the mean green of these pixels"),
        _level("blue", "the mean blue of these pixels"),
        Column(
            "palette_rank",
            ValueType.INTEGER,
            "its place among the bins of the image's palette, the largest 1; null outside of it",
            minimum=1,
            maximum=BINS,
        ),
    ),
)

COLOUR_BINS = Table(
    name="colour_bins",
    grain="one bin of the 216-bin vectors: the same in every build",
    key=("bin",),
    columns=(
        BIN,
        _level("red", "the red of the bin's web-safe colour"),
        _level("green", "its green"),
        _level("blue", "its blue"),
        choice("colour_family", "what the colour is called", FAMILIES, required=True),
        _number("lightness", "its L* (CIE Lab, D65)", 100),
        _number("lab_a", "its a* (CIE Lab, D65): from green to red", minimum=None),
        _number("lab_b", "its b* (CIE Lab, D65): from blue to yellow", minimum=None),
    ),
)
