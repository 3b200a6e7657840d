"""The published tables of how viewers come to what they play: covers shown and taken, and where plays were found."""

from definitions.contract import Table, choice, count, milliseconds, optional_id
from definitions.values import HOUR_PERIODS, ORIGINS, SHOWN_MIN_MS, TAKE_WITHIN_MIN
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
    SPLIT_BY,
    day,
)

_PERIOD = choice(
    "period", "how many days the row adds up. The rows of one period are the whole", HOUR_PERIODS, required=True
)

COVER_CUBE = Table(
    name="cover_cube",
    grain=(
        "one day or month, film or series and cover of it, kind and profile type, by UTC, split by device type, "
        "country or plan, by none, one or all, of months by two, too. "
        f"Counted are covers on screen for {SHOWN_MIN_MS:,} ms or more"
    ),
    columns=(
        SPLIT_BY,
        _PERIOD,
        day("period_start", "the day they were shown, in UTC; of a month, its first day", required=True),
        SHOW_ID,
        optional_id("artwork_id", "the cover; null when unknown"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("impressions", "how often it was shown", minimum=1),
        count(
            "taken_impressions",
            "how many of them a play followed: by impression_id, on the same UTC day or the next; of a play that tells "
            f"none, the last shown of the same profile and title, however long, within the {TAKE_WITHIN_MIN} minutes "
            "before it. What filters leave out may have been the last",
        ),
        MONTH,
    ),
)

ORIGIN_CUBE = Table(
    name="origin_cube",
    grain=(
        "one day or month, film or series and place where viewers found it, kind, device type, profile type, country "
        "and plan, in one calendar"
    ),
    columns=(
        CALENDAR,
        _PERIOD,
        day("period_start", "the day the plays began; of a month, its first day", required=True),
        SHOW_ID,
        SHOW_NUMBER,
        choice("origin", "where viewers found it; null when unknown", ORIGINS),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("plays", "plays", minimum=1),
        milliseconds("watch_ms", "watch time"),
        MONTH,
    ),
)
