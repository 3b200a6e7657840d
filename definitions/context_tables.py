"""The published tables of what plays themselves tell of where they ran: device, model, app version, place."""

from definitions.contract import Table, choice, count, milliseconds, text
from definitions.values import CONTEXTS
from definitions.warehouse_columns import CALENDAR, DEVICE_TYPE, KIND, MONTH, PROFILE_TYPE, day

CONTEXT = choice(
    "context",
    "what the row's value is of: device (type), model, app version, place (the play's own country) or region. The rows "
    "of one context are the whole, so never add up over several",
    tuple(CONTEXTS),
    required=True,
)
VALUE = text("value", "the device type, model, version, country or region; null when unknown")

CONTEXT_CUBE = Table(
    name="context_cube",
    grain="one day, context and value of it, kind, device type and profile type, in one calendar",
    columns=(
        CALENDAR,
        CONTEXT,
        day("day", "the day the plays began", required=True),
        VALUE,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        count("plays", "plays"),
        milliseconds("watch_ms", "watch time"),
        MONTH,
    ),
)

CONTEXT_ACCOUNTS = Table(
    name="context_accounts",
    grain="one day, context and value of it, and set of things that accounts did there, in one calendar",
    columns=(
        CALENDAR,
        CONTEXT,
        day("day", "the day the plays began", required=True),
        VALUE,
        count("mask_low", "the set, as the sum of mask_low of its audience_cells of the sort all"),
        count("mask_high", "the rest of the set, as the sum of mask_high of the same"),
        count("account_days", "accounts that did just these things in plays of 60 seconds or more with this value"),
        MONTH,
    ),
)
