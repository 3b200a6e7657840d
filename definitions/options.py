"""What a person can choose on a card besides the filters: one declaration gives the URL and SQL parameter and words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from definitions.dimensions import DIMENSION_BY_NAME
from definitions.metrics import METRICS
from definitions.taking import AUDIENCES, COLOUR_FEATURES

# What figures can be split by.
SPLITTABLE = ("device", "country", "plan", "kind", "profile_type")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice that belongs to a card, such as what its lines are told apart by.

    ``name`` is the URL parameter, the command's option and the SQL parameter that takes the chosen value. ``choices``
    are what each value is called; the first is in force when none is chosen. ``needs`` names, of the values that need
    one, the contract's column (``table.column``) without a value of which nothing can be told. ``listed_by`` is the
    query whose column ``value`` lists what else can be chosen; where ``is_typed``, any text can, and where that has to
    be a number, ``between`` is from where to where, and ``is_whole`` says that it cannot have decimals. What
    ``is_picked`` is chosen by a click on a figure alone. ``only_with`` names another option, and which of its values,
    not the default, has to be chosen for this one to do anything. What ``is_of_all_parts`` comes along to the other
    parts of its page; every other choice stays where it was made. ``naming`` says what the value is the name of, such
    as «genre», where that is there or not whatever the days.
    """

    name: str
    label: str
    choices: Mapping[str, str]
    needs: Mapping[str, str] = field(default_factory=dict)
    listed_by: str | None = None
    is_typed: bool = False
    is_picked: bool = False
    lists_segments: bool = False
    between: tuple[float, float] | None = None
    is_whole: bool = False
    only_with: tuple[str, str] | None = None
    is_of_all_parts: bool = False
    naming: str | None = None

    @property
    def default(self) -> str:
        """The value in force when none is chosen."""
        return next(iter(self.choices))

    @property
    def is_open(self) -> bool:
        """Whether values that are not among the choices can be chosen."""
        return self.is_typed or self.is_picked or self.lists_segments or self.listed_by is not None

    @property
    def is_sought(self) -> bool:
        """Whether its value is what rows are looked for by, so that there may be none."""
        return self.is_open and self.between is None

    def number(self, text: str) -> str | None:
        """Return what was typed as a plain number, such as 7.5 for «7,5 %»; None where it is none that it can be."""
        try:
            number = float(text.strip().removesuffix("%").strip().replace(",", "."))
        except ValueError:
            return None
        if self.is_whole and not number.is_integer():
            return None
        low, high = self.between or (-math.inf, math.inf)
        return f"{number:g}" if low <= number <= high else None


def measures(*names: str) -> dict[str, str]:
    """Return the choice of one of several metrics, by name."""
    return {name: METRICS[name].label for name in names}


_GROUPS = {name: f"By {DIMENSION_BY_NAME[name].label.lower()}" for name in SPLITTABLE}

OPTIONS: tuple[Option, ...] = (
    Option("trend_measure", "Measure", measures("watch_hours", "plays", "mean_daily_active_accounts")),
    Option("trend_by", "Split by", {"none": "Not split", **_GROUPS}),
    Option(
        "hours_measure",
        "Measure",
        measures("watch_hours", "plays", "concurrent_streams", "hourly_active_accounts"),
    ),
    Option(
        "moved_measure",
        "Measure",
        measures("watch_hours", "completion_rate", "recommendation_share", "rebuffer_ratio"),
    ),
    Option("moved_by", "Told apart by", _GROUPS),
    Option(
        "within",
        "Within",
        {"all": "By the end of the range", "7": "In 7 days of release", "28": "In 28 days of release"},
    ),
    Option("abandonment_measure", "Measure", measures("abandonment_rate", "comeback_share")),
    Option("rewatch_measure", "Measure", measures("rewatch_play_share", "rewatch_time_share")),
    Option("load_measure", "Measure", measures("peak_concurrent_streams", "concurrent_streams")),
    Option("interactions_by", "Told apart by", _GROUPS),
    Option("devices_measure", "Measure", measures("watch_time_share", "play_share", "account_share")),
    Option(
        "devices_by",
        "Told apart by",
        {"device": "By device type", "model": "By model", "app_version": "By app version"},
        {"device": "plays.device_type", "model": "plays.device_model", "app_version": "plays.app_version"},
    ),
    Option(
        "adopted",
        "What is new",
        {"model": "New models", "app_version": "New app versions"},
        {"model": "plays.device_model", "app_version": "plays.app_version"},
    ),
    Option(
        "places_by",
        "Told apart by",
        {"region": "Regions", "postal_area": "Postal areas"},
        {"region": "plays.region", "postal_area": "plays.postal_code"},
    ),
    Option("autoplay_measure", "Measure", measures("autoplay_share", "autoplay_watch_share")),
    Option(
        "league_measure",
        "Measure",
        measures("watch_hours", "views", "plays", "active_accounts", "hours_per_account", "completion_rate"),
    ),
    Option(
        "view",
        "What counts as a view",
        {
            "plays": "View: a play of 2 minutes",
            "coverage": "View: 70 % covered",
            "hours": "View: hours ÷ runtime",
            "starts": "View: any start",
        },
    ),
    Option("genre", "Genre", {"": "All genres"}, listed_by="genre_options", naming="genre"),
    Option(
        "original",
        "Originals",
        {"all": "Originals and others", "yes": "Originals", "no": "Others", "unknown": "Not known whether original"},
    ),
    Option(
        "audience_by", "Told apart by", {name: _GROUPS[name] for name in ("device", "country", "plan", "profile_type")}
    ),
    Option(
        "timeline_by",
        "Told apart by",
        {"ten_seconds": "By 10 seconds", "percent": "By 1 % of the runtime"},
        {"percent": "titles.runtime_ms"},
    ),
    Option("colour_measure", "Measure", measures("take_rate", "hours_per_title")),
    Option(
        "colour_feature",
        "Told apart by",
        {name: f"By {feature.label.lower()}" for name, feature in COLOUR_FEATURES.items()},
    ),
    Option(
        "appeal_by",
        "Audiences",
        AUDIENCES,
        {"genre": "title_tags.tag", "country": "accounts.country", "account_age": "accounts.signed_up_at"},
    ),
    Option(
        "catalogue_by",
        "Told apart by",
        {
            "genre": "By genre",
            "year": "By year of release",
            "country": "By country of production",
            "original": "By original",
        },
        {
            "genre": "title_tags.tag",
            "year": "titles.released_on",
            "country": "titles.country",
            "original": "titles.original",
        },
    ),
    Option(
        "covers_dated",
        "Dated by",
        {"released": "By release", "live": "By when covers were first shown"},
        {"released": "titles.released_on", "live": "artworks.live_from"},
    ),
    Option(
        "cover_measure",
        "Measure",
        measures("cover_brightness", "cover_saturation", "cover_warmth", "cover_contrast", "cover_colourfulness"),
    ),
    Option("survival_measure", "Measure", measures("survival", "chosen_end_incidence", "payment_end_incidence")),
    Option(
        "survival_by",
        "Told apart by",
        {"none": "Not split", "country": "By country", "plan": "By plan", "channel": "By channel"},
        {"plan": "subscription_events.plan", "channel": "accounts.acquisition_channel"},
    ),
    Option(
        "begun_as",
        "Which subscriptions",
        {"all": "All subscriptions", "first": "First subscriptions", "rejoined": "After rejoining"},
    ),
    Option("churn_measure", "Measure", measures("gross_churn_rate", "net_churn_rate")),
    Option(
        "left_by",
        "How they left",
        {"all": "However they left", "decision": "By decision", "payment": "For want of payment"},
    ),
    Option("stickiness_measure", "Measure", measures("stickiness", "weekly_stickiness")),
    Option(
        "churn_by",
        "Told apart by",
        {"none": "Not split", "country": "By country", "plan": "By plan", "channel": "By channel"},
        {"plan": "subscription_events.plan", "channel": "accounts.acquisition_channel"},
    ),
    Option("find_title", "Find a title", {"": ""}, is_typed=True),
    Option(
        "cover_order",
        "Order of covers",
        {
            "hue": "By hue",
            "light": "Light to dark",
            "dark": "Dark to light",
            "map": "Map: alike is near",
            "title": "By title",
        },
    ),
    Option("map_part", "Part of the map", {"": ""}, is_picked=True),
    Option("colours", "Colours looked for", {"": ""}, is_picked=True),
    Option("like", "Like a cover", {"": ""}, is_picked=True, naming="cover"),
    Option("cover", "Cover", {"": ""}, is_picked=True, naming="cover"),
    Option("covers", "Covers compared", {"": ""}, is_picked=True, is_of_all_parts=True, naming="cover"),
    Option("shelf", "Row of covers", {"": "Genre of the first"}, listed_by="genre_options", naming="genre"),
    Option(
        "retained_as",
        "Retained",
        {"on": "On", "on_or_after": "On or after", "on_or_before": "On or before", "streak": "Streak"},
    ),
    Option("cohort_period", "Cohorts", {"week": "By week", "day": "By day", "month": "By month"}),
    Option(
        "cohort_begins",
        "Cohorts begin",
        {"first_activity": "From first activity", "sign_up": "From sign-up"},
        {"first_activity": "plays.watch_ms"},
    ),
    Option(
        "cohort_intervals",
        "Intervals",
        {"calendar": "Calendar intervals", "personal": "Each account's own"},
    ),
    Option(
        "retained_by",
        "Retained by",
        {"activity": "By any active play", "hours": "By hours watched", "paid": "By subscription"},
        {"activity": "plays.watch_ms", "hours": "plays.watch_ms", "paid": "subscription_events.event"},
    ),
    Option(
        "retained_hours",
        "Least hours",
        {"1": "1 hour"},
        is_typed=True,
        between=(0.01, 1000),
        only_with=("retained_by", "hours"),
    ),
    Option("cohort_before", "Before the data", {"left": "Without those before", "kept": "With those before"}),
    Option("intervals_shown", "Last interval", {"auto": "Automatic"}, is_typed=True, between=(1, 400), is_whole=True),
    Option("cell_cohort", "Cohort of the cell", {"": ""}, is_picked=True),
    Option(
        "cell_interval", "Interval of the cell", {"0": "Interval 0"}, is_picked=True, between=(0, 400), is_whole=True
    ),
    Option(
        "cohort_by",
        "Split by",
        {
            "none": "Not split",
            "country": "By country",
            "plan": "By first plan",
            "channel": "By channel",
            "device": "By first device",
            "title": "By first title",
            "genre": "By first genre",
        },
        {
            "channel": "accounts.acquisition_channel",
            "device": "plays.device_type",
            "title": "plays.title_id",
            "genre": "title_tags.tag",
        },
    ),
    Option("colour_days", "Last N days", {"90": "90 days"}, is_typed=True, between=(1, 3650), is_whole=True),
    Option("colours_by", "Told apart by", {"none": "Not split", **_GROUPS}),
    Option("colour_account", "Account", {"": ""}, is_typed=True),
    Option("other_account", "Other account", {"": ""}, is_typed=True),
    Option(
        "other_segment",
        "Compared with",
        {"": "Compared with …", "everybody": "Everybody, unfiltered"},
        lists_segments=True,
    ),
    Option("discount_rate", "Discount, % a year", {"10": "10 %"}, is_typed=True, between=(1, 100)),
    Option("margin", "Margin, %", {"100": "100 %"}, is_typed=True, between=(0, 100)),
)
OPTION_BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
