"""What the columns mean that tell of covers and their colours, by name."""

from collections.abc import Mapping
from types import MappingProxyType

_SHELF = "the row: the 24 films and series of the genre that came out last"

COVER_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "cover_name": "What the cover is of, and which of the title's covers where it has several.",
        "all_names": "All titles that have the same image, with a semicolon between them.",
        "other_name": "The cover that it is compared with.",
        "bin": "The cell of the 6 × 6 × 6 sRGB cube: 36·r + 6·g + b, each level from 0 to 5.",
        "share": "The share of the cover's opaque pixels.",
        "red": "The mean red of these pixels, 0 to 255.",
        "green": "The mean green of these pixels, 0 to 255.",
        "blue": "The mean blue of these pixels, 0 to 255.",
        "palette_rank": "The place among the colours of the palette, the largest first.",
        "colour_family": "What the colour is called.",
        "held_by": "Whether the bin is shared by all covers compared, distinct (of one alone), of some, or a trace: "
        "less than half a percent of the cover.",
        "brightness": "The mean of L* (CIE Lab), 0 to 100.",
        "contrast": "The standard deviation of L*.",
        "saturation": "The mean saturation in HSV, 0 to 1.",
        "colourfulness": "The colourfulness of Hasler and Süsstrunk, 0 to about 110.",
        "warmth": "The share of warm hues among the pixels that have a hue.",
        "near_black_share": "The share of pixels with L* of at most 10.",
        "near_white_share": "The share of pixels with L* of at least 95.",
        "dominant_hue_deg": "The hue with most colour, in degrees; 0 is red, 120 green, 240 blue.",
        "earth_movers_distance": "The least work of turning one cover's colours into the other's, in units of CIE Lab.",
        "cosine_distance": "1 less the cosine between the two vectors, 0 to 1.",
        "jensen_shannon_distance": "The Jensen–Shannon distance (base 2), 0 to 1.",
        "common_share": "The share of pixels that both covers have in the same bins.",
        "nearer_share": "The share of the catalogue's pairs of covers that are nearer, by the earth mover's distance.",
        "nearer_share_low": "The lower end of its 95 % interval, for pairs are drawn; none where all are known.",
        "nearer_share_high": "The upper end of its 95 % interval, for pairs are drawn; none where all are known.",
        "sampled_pairs": "How many pairs of the catalogue it is compared with.",
        "is_every_pair": "Whether these are all pairs of covers that films and series are shown by.",
        "feature": "The feature.",
        "feature_value": "Its value.",
        "lower_share": "The share of covers that films and series are shown by with a lower value.",
        "catalogue_low": "What one in twenty of these covers stays below.",
        "catalogue_middle": "What half of them stay below.",
        "catalogue_high": "What nineteen in twenty of them stay below.",
        "genre": "The genre; beside a shelf, that of the row of covers.",
        "shelf_place": f"The place in {_SHELF}; 0 where the cover is not in it.",
        "mean_distance": f"The mean earth mover's distance to the covers of the other titles of {_SHELF}.",
        # A brief for a planned title.
        "middle_take_rate": "The take rate of the cover in the middle: half of the covers are taken less.",
        "is_well_taken": "Whether the whole interval of its take rate lies above that of the cover in the middle.",
        "well_taken_covers": "How many covers did well, of those that have the feature.",
        "well_taken_low": "What a quarter of the covers that did well stay below.",
        "well_taken_middle": "What half of them stay below.",
        "well_taken_high": "What three quarters of them stay below.",
        "other_covers": "How many others were shown, of those that have the feature.",
        "other_low": "What a quarter of the others stay below.",
        "other_middle": "What half of the others stay below.",
        "other_high": "What three quarters of the others stay below.",
        "other_share": "The bin's mean share of the others.",
    }
)
