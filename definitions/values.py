"""The allowed values that several tables share."""

from itertools import combinations

KINDS = ("film", "episode", "trailer", "supplemental", "live")
DEFAULT_KINDS = ("film", "episode", "live")
DEVICE_TYPES = ("tv", "mobile", "tablet", "desktop", "console", "other")
PROFILE_TYPES = ("standard", "kids")
ORIGINS = ("recommendation", "search", "continue_watching", "browse", "campaign", "direct")
CALENDARS = ("local", "utc", "service")
UTC_ZONE = "UTC"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS = tuple(map(str, range(24)))
GRANULARITIES = ("day", "week", "month")
# What the rows of a cube tell apart besides kind and profile type: none, one or two of three columns, or all.
SPLIT_COLUMNS = {"device": "device_type", "country": "account_country", "plan": "account_plan"}
SINGLE_SPLITS = ("none", *SPLIT_COLUMNS, "all")
SPLITS = ("none", *SPLIT_COLUMNS, *map("+".join, combinations(SPLIT_COLUMNS, 2)), "all")
# The windows whose active accounts are counted: trailing ones end with any day.
TRAILING_DAYS = {"trailing_7": 7, "trailing_28": 28}
ACTIVITY_PERIODS = ("day", "week", "month", *TRAILING_DAYS)
HOUR_PERIODS = ("day", "month")
# What a play itself tells of where it ran, each by the name of the dimension that it is.
CONTEXTS = {
    "device": "device_type",
    "model": "device_model",
    "app_version": "app_version",
    "place": "country",
    "region": "region",
}
# A country and a postal code: no dimension, since there are too many to choose from.
POSTAL_AREA = "postal_area"
CONTEXT_SPLITS = ("none", "all")
# Of others, most values are of one country's accounts: little would be added up over countries and plans.
CONTEXTS_ADDED_UP = ("device", "model", "app_version")
COHORT_PERIODS = ("week", "month")
COHORT_BEGINS = ("first_activity", "sign_up")
COHORT_INTERVALS = ("calendar", "personal")
# What is added up of cohorts tells apart; of the last three one at a time.
COHORT_SPLITS = ("none", "country", "plan", "country+plan", "channel", "device", "genre")
# What the lives of subscriptions are told apart by: nothing, one column, or all of them.
LIFE_SPLIT_COLUMNS = {"country": "account_country", "plan": "account_plan", "channel": "acquisition_channel"}
SINGLE_LIFE_SPLITS = ("none", *LIFE_SPLIT_COLUMNS)
LIFE_SPLITS = (*SINGLE_LIFE_SPLITS, "all")
# What has a beginning, an age and perhaps an end: subscriptions, and the times between an account's.
SPELLS = ("lives", "breaks")
LIFECYCLE_STATES = ("new", "first_seen", "returning", "resurrected", "dormant")

# How much of its habit an account has lost: all, at least three quarters, half, a quarter, or less; or it has none yet.
RISK_BANDS = ("all", "three_quarters", "half", "quarter", "kept", "no_habit")
# How many accounts are chosen where a rule is tested on days of the past.
RISK_CHOICES = ("10", "50", "100", "1 %", "5 %", "10 %")

ACTIVE_PLAY_MIN_WATCH_MS = 60_000
START_MIN_WATCH_MS = 120_000
VIEW_MIN_WATCH_MS = 120_000
# Where a source's player events do not tell it themselves.
HEARTBEAT_INTERVAL_MS = 60_000
# A stall that begins so soon after a seek, or lasts when one comes, is the seek's.
SEEK_STALL_MS = 2_000
# A player may tell a place so far past the title's end, or before the place it told last.
POSITION_TOLERANCE_MS = 2_000
# Of a film; and below it a title is abandoned, once it has not been played for so long.
WATCHED_COVERAGE = 0.70
COMPLETION_COVERAGE = 0.90
# Less than so much between two plays of a sitting, where the source does not name its visits.
VISIT_GAP_MIN = 30
# Visits are counted by length in such steps, the longest together.
VISIT_LENGTH_STEP_MIN = 5
VISIT_LENGTH_OPEN_MIN = 180
BINGE_GAP_MIN = 60
BINGE_MIN_EPISODES = 3
ABANDONED_AFTER_DAYS = 30
# Who plays nothing of a title for so long has left it, and may come back.
LEFT_MIN_GAP_MS = 24 * 3_600_000
PAYMENT_GRACE_DAYS = 30
# A cover counts as shown from here on, and as taken by a play that begins so soon after it.
SHOWN_MIN_MS = 1_000
TAKE_WITHIN_MIN = 30
# What happens in a title is added up by so much of it, and by percent of its runtime.
TITLE_MOMENT_MS = 10_000
MARKS = ("played", "replayed", "skipped", "paused", "stalled", "exited", "untold")
TIMELINE_PARTS = ("ten_seconds", "percent")
# Where a title has so many plays in a month, by day, too.
BUSY_MONTH_PLAYS = 5_000
# Titles with fewer plays have no curve that others are compared with.
CURVE_MIN_PLAYS = 30


def calendars(service_zone: str) -> tuple[str, ...]:
    """Return the calendars that a build counts days in; where the service's zone is UTC, its calendar is UTC's."""
    return CALENDARS[:2] if service_zone == UTC_ZONE else CALENDARS
