"""The filters a person can set: one declaration gives the URL parameter, the SQL parameter and the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from definitions.values import DEFAULT_KINDS, DEVICE_TYPES, HOURS, KINDS, PROFILE_TYPES, WEEKDAYS

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that figures can be filtered and split by.

    ``name`` is the URL parameter and the command's option, ``column`` the column of the warehouse's tables,
    ``parameter`` the SQL parameter that takes the list of chosen values. A null in the data is offered as "unknown".
    ``allowed`` are the values there can be, in the order shown; empty when they come from the data.
    ``other_words`` are further words for some of them. ``default`` are the values in force when none are chosen; None
    means all. ``in_bar`` is false for what is chosen on the figures only, because a list of its values would be too
    long. ``of_plays`` is true for what is known of single plays alone, not of what several make up, such as visits.
    ``not_<name>`` is the URL parameter that excludes.
    """

    name: str
    label: str
    column: str
    parameter: str
    meaning: str
    allowed: tuple[str, ...] = ()
    default: tuple[str, ...] | None = None
    in_bar: bool = True
    of_plays: bool = False
    other_words: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def excluding(self) -> str:
        """The URL parameter for values to leave out."""
        return f"not_{self.name}"

    def meant(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return the values that some words stand for, each once."""
        return tuple(dict.fromkeys(self.other_words.get(value, value) for value in values))


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("device", "Device", "device_type", "devices", "the sort of device played on", DEVICE_TYPES),
    Dimension(
        "country",
        "Country",
        "account_country",
        "countries",
        "the account's country; where missing, that of most of its watch time",
    ),
    Dimension("plan", "Plan", "account_plan", "plans", "the plan on the day, or at the period's end"),
    Dimension(
        "kind",
        "Kind",
        "kind",
        "kinds",
        "what was played; trailers and supplemental videos only when chosen",
        KINDS,
        DEFAULT_KINDS,
        # As what stands for its episodes is called, where whole films and series are listed.
        other_words={"series": "episode"},
    ),
    Dimension(
        "profile_type",
        "Profile",
        "profile_type",
        "profile_types",
        "whether the profile is a children's profile",
        PROFILE_TYPES,
    ),
    Dimension(
        "weekday", "Weekday", "weekday", "weekdays", "the day of the week on which it began", WEEKDAYS, in_bar=False
    ),
    Dimension("hour", "Hour", "hour", "hours", "the hour of the day in which it began", HOURS, in_bar=False),
    Dimension(
        "model", "Device model", "device_model", "models", "the device model played on", in_bar=False, of_plays=True
    ),
    Dimension(
        "app_version", "App version", "app_version", "app_versions", "the app's version", in_bar=False, of_plays=True
    ),
    Dimension(
        "place", "Watched in", "country", "places", "the country in which it was watched", in_bar=False, of_plays=True
    ),
    Dimension(
        "region", "Region", "region", "regions", "the region in which it was watched", in_bar=False, of_plays=True
    ),
    Dimension("title", "Title", "title_id", "titles", "the film, or the series as a whole", in_bar=False),
)

BAR_DIMENSIONS = tuple(dimension for dimension in DIMENSIONS if dimension.in_bar)
DIMENSION_BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}


@dataclass(frozen=True, slots=True)
class PeriodPreset:
    """A named range of days that ends with the last complete day of the data.

    ``days`` is its length; None means it begins where ``name`` says (the year, or the data).
    """

    name: str
    label: str
    days: int | None


PERIOD_PRESETS: tuple[PeriodPreset, ...] = (
    PeriodPreset("last-7-days", "Last 7 days", 7),
    PeriodPreset("last-28-days", "Last 28 days", 28),
    PeriodPreset("last-90-days", "Last 90 days", 90),
    PeriodPreset("last-12-months", "Last 12 months", 365),
    PeriodPreset("year-to-date", "Year to date", None),
    PeriodPreset("all", "All the data", None),
)
DEFAULT_PERIOD = "last-28-days"
CUSTOM_PERIOD = "custom"

COMPARISONS = {
    "previous": "vs the period before",
    "year": "vs 52 weeks before",
    "none": "no comparison",
}
DEFAULT_COMPARISON = "previous"

CALENDAR_LABELS = {
    "local": "Viewer's local time",
    "utc": "UTC",
    "service": "Service's time zone",
}
DEFAULT_CALENDAR = "local"

GRANULARITY_LABELS = {"auto": "Automatic", "day": "Days", "week": "Weeks", "month": "Months"}
DEFAULT_GRANULARITY = "auto"
