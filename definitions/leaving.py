"""What subscriptions that may end are told apart by: the bands of each factor, their limits, and the words for them.

What an account did is looked at over a month of its subscription's life, of 30 days; whether it left, over the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from definitions.countries import COUNTRY_NAMES

LIFE_MONTH_DAYS = 30
# Up to here a subscription is young: most services lose most of theirs then.
EARLY_LIFE_MONTHS = 3
SOME_WATCH_MS = 5 * 3_600_000
MUCH_WATCH_MS = 20 * 3_600_000
SOME_ACTIVE_DAYS = 4
MANY_ACTIVE_DAYS = 10
SOME_STALLS_RATIO = 0.001
MANY_STALLS_RATIO = 0.005
UNKNOWN = "unknown"
# A fit with fewer ends than this for each odds ratio is biased and its intervals too narrow.
ENDED_PER_ESTIMATE = 5


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that subscriptions are told apart by.

    ``name`` is the column of its bands; ``bands`` are what each is called, in order, where they are not values of the
    data, whose ``words`` are. ``needs`` is the contract's column without which it is not known of anybody.
    """

    name: str
    label: str
    needs: str
    bands: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def named(self, band: str) -> str:
        """Return what a band is called."""
        return self.bands.get(band) or self.words.get(band) or band


# Where too few left to tell all of them apart, the last are left out.
FACTORS = (
    Factor(
        "watched",
        "Hours watched",
        "plays.watch_ms",
        {"none": "Did not watch", "few": "Under 5 hours", "some": "5 to 20 hours", "much": "20 hours or more"},
    ),
    Factor(
        "days_active",
        "Days active",
        "plays.watch_ms",
        {"few": "1 to 3 days", "some": "4 to 9 days", "many": "10 days or more"},
    ),
    Factor(
        "stalls",
        "Stalls",
        "plays.rebuffer_ms",
        {
            "few": "Hardly any (under 0.1 %)",
            "some": "Some (0.1 to 0.5 %)",
            "many": "Many (0.5 % or more)",
            UNKNOWN: "Not measured",
        },
    ),
    Factor(
        "tenure",
        "Subscribed for",
        "subscription_events.event",
        {"early": "Up to 3 months", "later": "4 months or more", UNKNOWN: "Not known"},
    ),
    Factor("plan", "Plan", "subscription_events.plan", words={UNKNOWN: "Not known"}),
    Factor(
        "searched",
        "Searches",
        "searches.results",
        {
            "none": "Did not search",
            "found": "All had results",
            "nothing": "Some without result",
            UNKNOWN: "Results not known",
        },
    ),
    Factor(
        "device",
        "Main device",
        "plays.device_type",
        words={
            "tv": "TV",
            "mobile": "Phone",
            "tablet": "Tablet",
            "desktop": "Desktop",
            "console": "Console",
            "other": "Other device",
            UNKNOWN: "Not known",
        },
    ),
    # Of countries there may be many: of the five largest each is a band, and the others are one.
    Factor(
        "country",
        "Country",
        "accounts.country",
        words={**COUNTRY_NAMES, "other": "Other countries", UNKNOWN: "Not known"},
    ),
)
FACTOR_BY_NAME: Mapping[str, Factor] = {factor.name: factor for factor in FACTORS}
