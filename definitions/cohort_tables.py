"""The published tables by which pages follow accounts from their beginnings."""

from dataclasses import replace

from definitions.contract import Table, choice, count, milliseconds, optional_id, required_id, text, timestamp
from definitions.values import COHORT_BEGINS, COHORT_INTERVALS, COHORT_PERIODS, COHORT_SPLITS
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_NUMBER,
    CALENDAR,
    DEVICE_TYPE,
    KIND,
    PROFILE_TYPE,
    day,
)

_OF_ACCOUNTS_ALONE = ("calendar", "account_id", "account_number")

ACCOUNT_BEGINNINGS = Table(
    name="account_beginnings",
    grain="one account and calendar",
    key=("calendar", "account_id"),
    columns=(
        CALENDAR,
        required_id("account_id", "the account"),
        ACCOUNT_NUMBER,
        choice(
            "arrival",
            "new: it signed up in the days of the data; before: before them; null when neither it nor its "
            "subscriptions tell",
            ("new", "before"),
        ),
        timestamp(
            "signed_up_at",
            "when it signed up; where it does not say, when its first subscription began; null when unknown",
        ),
        day("signed_up_day", "the day of that; by the viewer's clock, that of its country's main zone"),
        timestamp(
            "first_active_at",
            "when its first play of 60 seconds or more of a film, an episode or a live programme began; null when it "
            "has none",
        ),
        day("first_active_day", "the first day with such a play"),
        ACCOUNT_COUNTRY,
        text("acquisition_channel", "how the account was won; null when unknown"),
        text("first_plan", "its first plan that is known; null when none is"),
        replace(DEVICE_TYPE, name="first_device_type", meaning="what sort of device that play was on"),
        optional_id("first_show_id", "the film or series of that play"),
        text("first_genre", "of its genres the first in the alphabet; null when it has none"),
    ),
)

COHORT_DAYS = Table(
    name="cohort_days",
    grain=(
        "one account, kind, device type, profile type and day in one calendar, in the order of accounts and with what "
        "the account began with; told apart where 24 hours since its first play, its sign-up or midnight in UTC end"
    ),
    columns=(
        CALENDAR,
        ACCOUNT_NUMBER,
        day("day", "the day on which its plays began", required=True),
        timestamp("started_at", "when the first of them began", required=True),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        milliseconds("watch_ms", "their watch time", required=True),
        milliseconds("longest_watch_ms", "that of the longest of them", required=True),
        *(column for column in ACCOUNT_BEGINNINGS.columns if column.name not in _OF_ACCOUNTS_ALONE),
    ),
)

COHORT_CUBE = Table(
    name="cohort_cube",
    grain=(
        "one week or month in which accounts began, interval of their life and the one before in which the same were "
        "active, split by nothing, country, first plan, both, channel, first device or first genre, in one calendar"
    ),
    columns=(
        CALENDAR,
        choice("period", "how long the periods and intervals are", COHORT_PERIODS, required=True),
        choice(
            "cohort_begins", "by what accounts begin: their first activity, or signing up", COHORT_BEGINS, required=True
        ),
        choice(
            "intervals_by",
            "calendar: the weeks or months after the cohort's own; personal: 7 or 28 times 24 hours from each "
            "account's own beginning",
            COHORT_INTERVALS,
            required=True,
        ),
        choice(
            "cohort_split",
            "what the row tells apart; the rows of one are the whole, so never add up over several",
            COHORT_SPLITS,
            required=True,
        ),
        day("cohort_start", "the first day of the period in which they began; null: they were there before the data"),
        count("interval_number", "the interval of their life; null: the row counts the whole cohort"),
        count("previous_interval", "the last interval before it in which the same accounts were active; null: none"),
        ACCOUNT_COUNTRY,
        text("first_plan", "their first plan that is known; null when none is, or it is not told apart"),
        text("begun_with", "their channel, first device or first genre, where that is told apart; null when unknown"),
        count("accounts", "accounts active in both intervals and in none between them"),
        count("streak_accounts", "those of them that were active in every interval so far"),
    ),
)

COHORT_TABLES = (ACCOUNT_BEGINNINGS, COHORT_DAYS, COHORT_CUBE)
