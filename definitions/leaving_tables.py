"""The published table by which pages tell what goes with leaving."""

from dataclasses import replace

from definitions.contract import Table, choice, count
from definitions.leaving import FACTOR_BY_NAME
from definitions.warehouse_columns import ACCOUNT_COUNTRY, ACCOUNT_PLAN, CALENDAR, DEVICE_TYPE, day

LEAVING_CELLS = Table(
    name="leaving_cells",
    grain=(
        "one calendar month and one combination of bands, in one calendar: the months of 30 days of subscriptions' "
        "lives that are over in it, from the second on, by what the account did in the 30 days before each; lives "
        "whose beginning no event tells begin on the day of UTC on which the account signed up, and where that is "
        "unknown, months are counted from the first day of the data"
    ),
    columns=(
        CALENDAR,
        day("month_start", "the first day of the calendar month in which the month of life was over", required=True),
        choice(
            "watched",
            "hours watched in the 30 days before: none (no play of 60 seconds), few (under 5), some, much (20 or "
            "more); null where the source has no plays",
            tuple(FACTOR_BY_NAME["watched"].bands),
        ),
        choice(
            "days_active",
            "days with a play of 60 seconds or more: few (1 to 3), some, many (10 or more); null for those who did "
            "not watch",
            tuple(FACTOR_BY_NAME["days_active"].bands),
        ),
        choice(
            "stalls",
            "rebuffer ratio: few (under 0.1 %), some, many (0.5 % or more); null for those who did not watch",
            tuple(FACTOR_BY_NAME["stalls"].bands),
        ),
        replace(
            DEVICE_TYPE,
            meaning="what sort of device had most of the watch time; null when unknown, and for those who did not "
            "watch",
        ),
        choice(
            "searched",
            "searches: none, found (all had results), nothing (some had none); null where no search of the source "
            "tells its results",
            tuple(FACTOR_BY_NAME["searched"].bands),
        ),
        choice(
            "tenure",
            "how long the subscription had run: early (up to 90 days), later, unknown",
            tuple(FACTOR_BY_NAME["tenure"].bands),
            required=True,
        ),
        ACCOUNT_COUNTRY,
        replace(ACCOUNT_PLAN, meaning="the account's plan on the day before; null when unknown"),
        count("subscriptions", "subscriptions that ran when the month of life began"),
        count(
            "left_subscriptions",
            "those of them that ended in it; for want of payment, on the day the payment failed",
        ),
        count("left_for_payment", "those of these that ended for want of payment"),
    ),
)
