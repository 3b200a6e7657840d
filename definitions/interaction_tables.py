"""The published tables of what viewers do while they watch, and of how many streams run at once."""

from definitions.contract import Table, count, milliseconds, timestamp
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_PLAN,
    CALENDAR,
    DEVICE_TYPE,
    KIND,
    MONTH,
    PROFILE_TYPE,
    SINGLE_SPLIT_BY,
    day,
)

INTERACTION_CUBE = Table(
    name="interaction_cube",
    grain=(
        "one day, kind and profile type, split by device type, country or plan, by none or all, in one calendar. What "
        "was not told of a play is in none of its sums"
    ),
    columns=(
        CALENDAR,
        SINGLE_SPLIT_BY,
        day("day", "the day the plays began", required=True),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("plays", "plays"),
        milliseconds("watch_ms", "watch time"),
        count("pauses", "pauses, over plays where they were told"),
        milliseconds("pauses_known_watch_ms", "watch time of plays whose pauses were told"),
        count("resumes", "resumes, over plays where they were told"),
        milliseconds("resumes_known_watch_ms", "watch time of plays whose resumes were told"),
        count("seeks_back", "rewinds (seeks back), over plays where they were told"),
        milliseconds("seeks_back_known_watch_ms", "watch time of plays whose rewinds were told"),
        count("seeks_forward", "fast-forwards (seeks forward), over plays where they were told"),
        milliseconds("seeks_forward_known_watch_ms", "watch time of plays whose fast-forwards were told"),
        milliseconds("paused_ms", "time spent paused, over plays where it was told"),
        milliseconds("paused_known_watch_ms", "watch time of plays whose time paused was told"),
        milliseconds("distinct_ms", "distinct time, over plays where it was told"),
        milliseconds("distinct_known_watch_ms", "watch time of plays whose distinct time was told"),
        count("autoplay_known_plays", "plays of which it was told whether they began by themselves"),
        count("autoplay_plays", "plays that began by themselves"),
        milliseconds("autoplay_known_watch_ms", "watch time of plays of which it was told"),
        milliseconds("autoplay_watch_ms", "watch time of plays that began by themselves"),
        MONTH,
    ),
)

STREAM_PEAKS = Table(
    name="stream_peaks",
    grain=(
        "one UTC hour with a film, episode or live event in progress at one of its minutes: start ≤ minute < end, and "
        "a play runs for its run_ms"
    ),
    key=("day", "hour"),
    columns=(
        day("day", "the day, in UTC", required=True),
        count("hour", "the hour of the day in UTC, 0 to 23"),
        timestamp("peak_at", "the first minute at which the most plays were in progress", required=True),
        count("peak_streams", "how many plays were in progress then", minimum=1),
        count("stream_minutes", "plays in progress at each of its 60 minutes, added up: ÷ 60 is their mean", minimum=1),
    ),
)
