"""How covers shown are told apart where it is asked which are taken: places on the page, looks, audiences, limits."""

from collections.abc import Mapping
from dataclasses import dataclass

from definitions.colours.families import FAMILIES

# Of the home page's rows, and of the places in a row, those up to here.
TOP_ROWS_TO, MIDDLE_ROWS_TO = 2, 5
FIRST_PLACES_TO, NEXT_PLACES_TO = 3, 6
ROW_BANDS: Mapping[str, str] = {
    "top": "Rows 1 and 2",
    "middle": "Rows 3 to 5",
    "below": "Row 6 and below",
    "unknown": "Row not known",
}
PLACE_BANDS: Mapping[str, str] = {
    "first": "Places 1 to 3",
    "next": "Places 4 to 6",
    "later": "Place 7 and later",
    "unknown": "Place not known",
}
# Accounts are new before so many days since they signed up, and old from so many on.
NEW_ACCOUNT_DAYS, OLD_ACCOUNT_DAYS = 90, 365
ACCOUNT_AGES: Mapping[str, str] = {
    "new": "Under 90 days",
    "recent": "90 days to a year",
    "old": "A year or more",
}
AUDIENCES: Mapping[str, str] = {
    "colour": "By the colour they take most",
    "genre": "By the genre they take most",
    "country": "By country",
    "account_age": "By age of account",
}
# An account that took fewer covers has no taste that could be told.
TASTE_MIN_TAKEN = 3
# Accounts are drawn into so many parts, titles, and accounts with titles: how much a result differs without each part
# tells how sure it is.
PARTS = 20
PARTS_OF = ("accounts", "titles", "both")


@dataclass(frozen=True, slots=True)
class ColourFeature:
    """One thing that covers are told apart by: what each of its bands is called, in order.

    ``limits`` are those between the bands of what is a number; none where it is none.
    """

    label: str
    bands: Mapping[str, str]
    limits: tuple[float, ...] = ()


COLOUR_FEATURES: Mapping[str, ColourFeature] = {
    "family": ColourFeature("Colour", {family: family.capitalize() for family in FAMILIES}),
    "brightness": ColourFeature("Brightness", {"low": "Dark", "middle": "Middling", "high": "Bright"}, (30, 60)),
    "saturation": ColourFeature("Saturation", {"low": "Muted", "middle": "Middling", "high": "Vivid"}, (0.3, 0.6)),
    "warmth": ColourFeature("Warmth", {"low": "Cold", "middle": "Of both", "high": "Warm"}, (1 / 3, 2 / 3)),
    "contrast": ColourFeature("Contrast", {"low": "Soft", "middle": "Middling", "high": "Strong"}, (15, 30)),
}
# Films and series by watch time: the tenth with most, the rest of the upper half, and the lower half.
POPULARITY_BANDS: Mapping[str, str] = {"top": "Top tenth", "upper": "Upper half", "lower": "Lower half"}
# Of a band with fewer films and series, nothing is told: what is theirs could be taken for the colour's.
FEWEST_TITLES = 5
