"""The published tables of how far accounts and profiles got with films, episodes and seasons."""

from dataclasses import replace

from definitions.contract import Column, Table, ValueType, count, milliseconds, optional_id, required_id, timestamp
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_PLAN,
    CALENDAR,
    COMPLETED_DEVICE_TYPE,
    COMPLETION_KNOWN,
    COVERAGE_ESTIMATED,
    DEVICE_TYPE,
    HOUR,
    KIND,
    PROFILE_TYPE,
    SHOW_ID,
    SHOW_NUMBER,
    day,
)

TITLE_PROGRESS = Table(
    name="title_progress",
    grain=(
        "one account's way through one film or one season, from its first reaching two minutes of the film or of an "
        "episode, in one calendar. Each step is dated no earlier than the one before; episodes without a season's "
        "number are one season of their series"
    ),
    columns=(
        CALENDAR,
        day("day", "the day of the play that reached two minutes of the film, or first of an episode", required=True),
        HOUR,
        required_id("account_id", "the account"),
        SHOW_ID,
        SHOW_NUMBER,
        count("season_number", "the season; null for a film, and where episodes have none"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        day("released_on", "the film's release, or that of the season's first episode; null when unknown"),
        replace(
            COMPLETION_KNOWN,
            meaning="whether the runtimes of the film or of all the season's episodes, and how far the account got "
            "with those it played, are known",
        ),
        COVERAGE_ESTIMATED,
        day("watched_day", "the day a profile's coverage reached 70 % of the film or 90 % of an episode; else null"),
        day(
            "completed_day",
            "the day the account had covered 90 % of the film or of each episode that the titles know, each by any of "
            "its profiles; null when it has not, or completion is not known",
        ),
        milliseconds(
            "watch_ms_to_complete",
            "for those who completed it, the watch time of each of its titles up to the play that completed that, by "
            "the profile that did (by the one that took least, where several did)",
        ),
    ),
)

PROFILE_TITLES = Table(
    name="profile_titles",
    grain=(
        "one profile (where it is not known, one account) and one film or episode whose runtime and coverage are "
        "known, in one calendar. Device, plan, day and hour are those of the play with which coverage reached 70 %, "
        "else of the last"
    ),
    columns=(
        CALENDAR,
        day("day", "the day of the play with which coverage reached 70 %, else of the last", required=True),
        HOUR,
        required_id("account_id", "the account"),
        optional_id("profile_id", "the profile"),
        required_id("title_id", "the title"),
        SHOW_ID,
        SHOW_NUMBER,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        Column("is_watched", ValueType.BOOLEAN, "whether coverage reached 70 %", required=True),
        day(
            "settled_day",
            "the day coverage reached 70 %; for what was abandoned below that, the day on which 30 days had passed "
            "after the last play; null while neither is so",
        ),
        COVERAGE_ESTIMATED,
        milliseconds("covered_ms", "how much of the title was covered, at most its runtime"),
        count("plays", "plays of the title by the profile"),
        count(
            "returns",
            "times it was left for 24 hours or more, from the end of all plays before to the start of the next, and "
            "returned to before coverage had reached 90 %",
        ),
        timestamp("completed_at", "when the first play with a coverage of 90 % began; null when there is none"),
        count("rewatches", "plays begun after that"),
    ),
)

SETTLED_DAYS = Table(
    name="settled_days",
    grain="one day on which it was settled whether profiles watched titles or abandoned them, and kind, device type, "
    "profile type, country and plan, in one calendar; told of each play as in profile_titles",
    columns=(
        CALENDAR,
        day("day", "the day that profile_titles calls settled_day", required=True),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("settled_titles", "profiles and titles, each profile once for each title"),
        count("abandoned_titles", "those of them that were abandoned"),
        count("returned_titles", "those left for 24 hours or more and returned to"),
        count("estimated_titles", "those whose coverage is an estimate"),
    ),
)

REWATCH_DAYS = Table(
    name="rewatch_days",
    grain="one day, kind, device type, profile type, country and plan, in one calendar, of films and episodes whose "
    "runtime and coverage are known",
    columns=(
        CALENDAR,
        day("day", "the day the plays began", required=True),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("plays", "plays"),
        milliseconds("watch_ms", "watch time"),
        count("rewatch_plays", "plays begun after a play with which their profile's coverage of the title was 90 %"),
        milliseconds("rewatch_watch_ms", "watch time of those"),
    ),
)

FINISHED_DAYS = Table(
    name="finished_days",
    grain="one day on which accounts first reached two minutes of films and episodes that they completed, day on which "
    "they did, and kind, device type then and when completed, profile type, country and plan, in one calendar",
    columns=(
        CALENDAR,
        day("day", "the day of the plays that reached two minutes", required=True),
        day("completed_day", "the day coverage reached 90 %", required=True),
        KIND,
        replace(DEVICE_TYPE, meaning="what sort of device the play that reached two minutes was on"),
        COMPLETED_DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("completed_titles", "films and episodes, each once for each account"),
    ),
)

PROGRESS_TABLES = (FINISHED_DAYS, TITLE_PROGRESS, PROFILE_TITLES, SETTLED_DAYS, REWATCH_DAYS)
