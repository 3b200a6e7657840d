"""What the columns mean that tell which covers are taken and what the catalogue's look like, by name."""

from collections.abc import Mapping
from types import MappingProxyType

_INTERVAL = "The {side} end of the 95 % interval of {what}."
_LIMITED = {
    "hours_per_title": "the watch time a title, by how much titles differ",
    "colour_effect": "the odds ratio, other things equal",
    "colour_appeal": "the appeal, by how much accounts and titles differ",
    "take_rate_difference": "the difference",
    "experiment_effect": "the effect, by how much accounts differ",
    "feature": "the mean of the feature chosen, by how much covers differ",
}

TAKING_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "titles_shown": "Films and series of which such covers were shown.",
        "titles_watched": "Films and series watched that are shown by such a cover.",
        "titles": "Films and series.",
        "feature_band": "What holds of the covers.",
        "is_clear": "Whether it is beyond chance, however many such numbers the card has (5 % for all of them).",
        "audience": "Whose accounts: by the sort of audience chosen.",
        "expected_taken": "How many they would have taken at everybody's take rates of the same covers.",
        "raw_colour_appeal": "The same with genres left in.",
        "experiment_name": "The test.",
        "variant": "The variant of the test.",
        "started_on": "The first day of the test.",
        "ended_on": "The last day of the test.",
        "drawn_accounts": "Accounts for which the variant was drawn.",
        "shown_accounts": "Those of them that were shown a cover of the test.",
        "take_rate_difference": "By how much the take rate is above that of what it is compared with.",
        "p_value": "How often chance alone would do as much, corrected for all that is compared.",
        "mismatch_p_value": "How often chance would draw arms of sizes so unlike each other (χ²).",
        "verdict": "Whether it is taken more, less, no different, or cannot be told.",
        "was_tested": "Whether a test drew who sees the cover.",
        "genre_titles": "Films and series of the genre.",
        "genre_titles_of_colour": "Those of them whose cover has the colour.",
        "genre_brightness": "The mean brightness of the genre's covers.",
        "brightness_band": "Low: a brightness below 30 of 100; middle; high: from 60 on.",
        "expected_titles": "How many the looks of all covers, dealt out by chance, would lead to.",
        **{f"{name}_low": _INTERVAL.format(side="lower", what=what) for name, what in _LIMITED.items()},
        **{f"{name}_high": _INTERVAL.format(side="upper", what=what) for name, what in _LIMITED.items()},
    }
)
