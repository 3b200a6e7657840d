"""The published tables of what plays themselves tell of where they ran: device, model, app version, place."""

from definitions.contract import Table, choice, count, milliseconds, text
from definitions.values import CONTEXT_SPLITS, CONTEXTS, HOUR_PERIODS, POSTAL_AREA
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_PLAN,
    CALENDAR,
    DEVICE_TYPE,
    KIND,
    MONTH,
    PROFILE_TYPE,
    day,
)

CONTEXT = choice(
    "context",
    "what the row's value is of: device (type), model, app version, place (the play's own country), region or postal "
    "area. The rows of one context are the whole, so never add up over several",
    (*CONTEXTS, POSTAL_AREA),
    required=True,
)
SPLIT_BY = choice(
    "split_by",
    "whether the row tells country and plan apart (all), or neither (none: both are null; places, regions and postal "
    "areas have no such rows). The rows of one split_by are the whole, so never add up over several",
    CONTEXT_SPLITS,
    required=True,
)
PERIOD = choice(
    "period", "how many days the row adds up. The rows of one period are the whole", HOUR_PERIODS, required=True
)
DAY = day("day", "the day the plays began; of a month, its first day", required=True)
VALUE = text("value", "the device type, model, version, country, region, or country and postal code; null when unknown")

CONTEXT_CUBE = Table(
    name="context_cube",
    grain=(
        "one day or month, context and value of it, kind, device type and profile type, split by neither country nor "
        "plan or by both, in one calendar"
    ),
    columns=(
        CALENDAR,
        CONTEXT,
        SPLIT_BY,
        PERIOD,
        DAY,
        VALUE,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("plays", "plays"),
        milliseconds("watch_ms", "watch time"),
        MONTH,
    ),
)

CONTEXT_ACCOUNTS = Table(
    name="context_accounts",
    grain=(
        "one day or month, context and value of it, and set of things that accounts did there on a day, split by "
        "neither country nor plan or by both, in one calendar"
    ),
    columns=(
        CALENDAR,
        CONTEXT,
        SPLIT_BY,
        PERIOD,
        DAY,
        VALUE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("mask_low", "the set, as the sum of mask_low of its audience_cells of the sort all"),
        count("mask_high", "the rest of the set, as the sum of mask_high of the same"),
        count(
            "account_days",
            "days on which an account did just these things in plays of 60 seconds or more with this value",
        ),
        MONTH,
    ),
)
