"""The published tables that count accounts, or of which accounts are counted."""

from dataclasses import replace

from definitions.audience import COUNTED_BY as SETS_COUNTED_BY
from definitions.contract import Column, Table, ValueType, choice, count, required_id, text
from definitions.values import (
    ACTIVITY_PERIODS,
    COHORT_PERIODS,
    LIFECYCLE_STATES,
)
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_NUMBER,
    ACCOUNT_PLAN,
    CALENDAR,
    DEVICE_TYPE,
    KIND,
    MONTH,
    PROFILE_TYPE,
    SHOW_ID,
    SHOW_NUMBER,
    SUMS,
    day,
)

COUNTED_BY = choice(
    "counted_by",
    "which sort of set: by kind; by device or profile type, of films, episodes and live alone; by all three together",
    SETS_COUNTED_BY,
    required=True,
)
COHORT_PERIOD = choice("period", "how long the periods are", COHORT_PERIODS, required=True)

ACCOUNT_DAYS = Table(
    name="account_days",
    grain="one account, day, device type, kind and profile type, in one calendar",
    columns=(
        CALENDAR,
        day("day", "the day the plays began", required=True),
        required_id("account_id", "the account"),
        DEVICE_TYPE,
        KIND,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("active_plays", "plays of 60 seconds or more"),
        *SUMS,
        MONTH,
    ),
)

ACTIVE_MONTHS = Table(
    name="active_months",
    grain=(
        "one account, month, device type, kind, profile type and plan with a play of 60 seconds or more, in one "
        "calendar"
    ),
    columns=(
        CALENDAR,
        day("month_start", "the month's first day", required=True),
        required_id("account_id", "the account"),
        ACCOUNT_NUMBER,
        DEVICE_TYPE,
        KIND,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on these days; null when unknown"),
        count("active_days", "the days with such a play, as a sum: 2 to the power of 31 − d for day d of the month"),
        MONTH,
    ),
)

SHOW_ACTIVE_MONTHS = replace(
    ACTIVE_MONTHS,
    name="show_active_months",
    grain=(
        "one account, film or series, month, device type, profile type and plan with a play of 60 seconds or more, in "
        "one calendar"
    ),
    columns=(*ACTIVE_MONTHS.columns[:2], SHOW_ID, SHOW_NUMBER, *ACTIVE_MONTHS.columns[2:]),
)

SHOW_ACCOUNT_MONTHS = Table(
    name="show_account_months",
    grain=(
        "one account, film or series, month and set of kinds of which it had one in a play of 60 seconds or more, in "
        "one calendar"
    ),
    columns=(
        *SHOW_ACTIVE_MONTHS.columns[:4],
        ACCOUNT_NUMBER,
        ACCOUNT_COUNTRY,
        count("kinds_mask", "the set, as the sum of mask_low of its audience_cells counted by kind"),
        count(
            "known_kinds_mask",
            "the set of all kinds of this film or series that the account had in such plays, over all the data. It has "
            "rows for each set of these: where kinds are chosen, read those whose set is just the chosen ones of them",
        ),
        count("active_days", "the days with such a play of these kinds, told as in show_active_months"),
        day(
            "previous_active_day",
            "the last day before the month with such a play of these kinds; null where there is none. The accounts of "
            "a range of days are the rows that have a day in it and whose previous one is before it",
        ),
    ),
)

AUDIENCE_CELLS = Table(
    name="audience_cells",
    grain="one thing that an account can have done, and its bit in one sort of the sets that active_accounts counts by",
    columns=(
        COUNTED_BY,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        count("mask_low", "its bit, where that is among the first 63; else 0"),
        count("mask_high", "its bit, where that is after the first 63; else 0"),
    ),
)

ACTIVE_ACCOUNTS = Table(
    name="active_accounts",
    grain="one window of days, country, plan and set of things that accounts did in it, in one calendar",
    columns=(
        CALENDAR,
        choice("period", "how long the window is", ACTIVITY_PERIODS, required=True),
        COUNTED_BY,
        day("end_day", "the day after the window's last", required=True),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the window's last day; null when unknown"),
        count("mask_low", "the set, as the sum of mask_low of its audience_cells"),
        count("mask_high", "the rest of the set, as the sum of mask_high of its audience_cells"),
        count("accounts", "accounts that did just these things in plays of 60 seconds or more in the window"),
        count(
            "account_days",
            "days of the window on which an account did just these things, with its plan on that day, each account and "
            "day once; null for trailing windows",
        ),
    ),
)

LIFECYCLE_CUBE = Table(
    name="lifecycle_cube",
    grain="one week or month, state of accounts in it, country and plan, in one calendar",
    columns=(
        CALENDAR,
        COHORT_PERIOD,
        day("period_start", "its first day; weeks begin on Monday", required=True),
        Column("is_complete", ValueType.BOOLEAN, "whether all its days are complete in the data", required=True),
        choice(
            "state",
            "new: active for the first time; first_seen: for the first time in the data, and it may have been before "
            "them; returning: in the period before too; resurrected: before that; dormant: in the period before, and "
            "not in this one. Active: with a film, episode or live programme",
            LIFECYCLE_STATES,
            required=True,
        ),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the period's last day; null when unknown"),
        count("accounts", "accounts in that state"),
    ),
)
