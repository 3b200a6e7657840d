"""The published tables by which pages tell how long subscriptions last."""

from definitions.contract import Table, choice, count, text
from definitions.values import LIFE_SPLITS
from definitions.warehouse_columns import ACCOUNT_COUNTRY, CALENDAR, day

SUBSCRIPTION_LIVES = Table(
    name="subscription_lives",
    grain=(
        "one first and last day of subscriptions, how they began and ended, split by none, one or all of country, plan "
        "and channel, in one calendar"
    ),
    columns=(
        CALENDAR,
        choice(
            "split_by",
            "which columns the row tells apart; those that it does not are null. The rows of one split_by are the "
            "whole, so never add up over several",
            LIFE_SPLITS,
            required=True,
        ),
        choice(
            "began_as", "how they began; before: already running when the data begin", ("start", "rejoin", "before")
        ),
        day(
            "start_day",
            "the day they began; where no event tells it, the day on which the account signed up by UTC, whatever the "
            "calendar; null when unknown",
        ),
        day("end_day", "the day they ended; null while they run"),
        choice("ended_by", "what ended them", ("end", "payment")),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's first plan that is known during them; null when unknown"),
        text("acquisition_channel", "how the account was won; null when unknown"),
        count("subscriptions", "subscriptions with that life"),
    ),
)
