"""The published tables of sittings: visits, and binges of a series."""

from definitions.contract import Table, choice, count, milliseconds, optional_id, required_id
from definitions.values import (
    BINGE_GAP_MIN,
    BINGE_MIN_EPISODES,
    VISIT_GAP_MIN,
    VISIT_LENGTH_OPEN_MIN,
    VISIT_LENGTH_STEP_MIN,
)
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_PLAN,
    CALENDAR,
    DEVICE_TYPE,
    KIND,
    MONTH,
    PROFILE_TYPE,
    SHOW_ID,
    SHOW_NUMBER,
    SINGLE_SPLIT_BY,
    day,
)

_HOUR = count("hour", "the hour in which it began, 0 to 23")
# A build by months cannot follow a run of plays through all of them.
_LONGEST = "One that still goes on two UTC days after its first counts on as another each day"

VISITS = Table(
    name="visits",
    grain=(
        "one visit, in one calendar: the plays of an account with one visit_id, while less than a day lies between "
        f"them; where there is none, plays of a profile with gaps under {VISIT_GAP_MIN} minutes, of the account where "
        f"the profile is unknown. Each counts once, on the day that it began. {_LONGEST}. What is told of its profile, "
        "title, kind and device is each what most of its watch time was of, where even what came first"
    ),
    columns=(
        CALENDAR,
        day("day", "the day it began", required=True),
        _HOUR,
        required_id("account_id", "the account"),
        optional_id("profile_id", "the profile; null when unknown"),
        SHOW_ID,
        SHOW_NUMBER,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("plays", "its plays", minimum=1),
        milliseconds("watch_ms", "their watch time"),
        milliseconds("length_ms", "from its first start to its last end, with start-up, pauses, stalls and gaps"),
        MONTH,
    ),
)

VISIT_CUBE = Table(
    name="visit_cube",
    grain=(
        "one day or month and length of visits, kind and profile type, split by none, one or all of device type, "
        "country and plan, in one calendar"
    ),
    columns=(
        CALENDAR,
        SINGLE_SPLIT_BY,
        choice("period", "how many days the row adds up. The rows of one period are the whole", ("day", "month")),
        day("period_start", "the day they began; of a month, its first day", required=True),
        count(
            "length_min",
            f"how many minutes they lasted, or up to {VISIT_LENGTH_STEP_MIN} more, not with; {VISIT_LENGTH_OPEN_MIN}: "
            "so many or more",
        ),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("visits", "visits"),
        count("plays", "their plays"),
        milliseconds("watch_ms", "their watch time"),
        milliseconds("length_ms", "how long they lasted together"),
        MONTH,
    ),
)

BINGE_SESSIONS = Table(
    name="binge_sessions",
    grain=(
        f"one binge session, in one calendar: {BINGE_MIN_EPISODES} or more different episodes of one series played by "
        f"one profile, by the account where it is unknown, with gaps under {BINGE_GAP_MIN} minutes between plays of "
        "them, however short; what else was played in between does not matter. Each counts once, with all its watch "
        f"time, on the day that it began. {_LONGEST}"
    ),
    columns=(
        CALENDAR,
        day("day", "the day it began", required=True),
        _HOUR,
        required_id("account_id", "the account"),
        SHOW_ID,
        SHOW_NUMBER,
        count("season_number", "the latest season that its episodes are of; null when unknown"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("episodes", "how many different episodes were played", minimum=BINGE_MIN_EPISODES),
        milliseconds("watch_ms", "watch time of all its plays"),
        MONTH,
    ),
)
