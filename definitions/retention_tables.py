"""The published tables by which pages tell how long subscriptions last."""

from dataclasses import replace

from definitions.contract import Table, choice, count, text
from definitions.values import LIFE_SPLITS, SINGLE_LIFE_SPLITS, SPELLS
from definitions.warehouse_columns import ACCOUNT_COUNTRY, CALENDAR, CHANNEL, day

LIFE_SPLIT_BY = choice(
    "split_by",
    "which columns the row tells apart; those that it does not are null. The rows of one split_by are the whole, so "
    "never add up over several",
    LIFE_SPLITS,
    required=True,
)
BEGAN_AS = choice(
    "began_as", "how they began; before: already running when the data begin", ("start", "rejoin", "before")
)
FIRST_PLAN = text("account_plan", "the account's first plan that is known during them; null when unknown")

SUBSCRIPTION_LIVES = Table(
    name="subscription_lives",
    grain=(
        "one first and last day of subscriptions, how they began and ended, split by none, one or all of country, plan "
        "and channel, in one calendar"
    ),
    columns=(
        CALENDAR,
        LIFE_SPLIT_BY,
        BEGAN_AS,
        day(
            "start_day",
            "the day they began; where no event tells it, the day on which the account signed up by UTC, whatever the "
            "calendar; null when unknown",
        ),
        day("end_day", "the day they ended; null while they run"),
        choice("ended_by", "what ended them", ("end", "payment")),
        ACCOUNT_COUNTRY,
        FIRST_PLAN,
        CHANNEL,
        count("subscriptions", "subscriptions with that life"),
    ),
)

SUBSCRIPTION_AGES = Table(
    name="subscription_ages",
    grain=(
        "one age of subscriptions, or of times without one, as a month begins, and how they began, split by none or "
        "one of country, plan and channel, in one calendar"
    ),
    columns=(
        choice(
            "spells",
            "what is that old: lives, subscriptions, as subscription_lives has them; breaks, the times since a "
            "subscription ended, as subscription_breaks has them",
            SPELLS,
            required=True,
        ),
        CALENDAR,
        replace(LIFE_SPLIT_BY, allowed=SINGLE_LIFE_SPLITS),
        day("month_start", "the first day of a month, as it begins", required=True),
        count("age_days", "days since they began: as the month begins, or as they ended"),
        choice("began_as", "how the subscriptions began, or those that ended had begun", ("start", "rejoin", "before")),
        ACCOUNT_COUNTRY,
        text("account_plan", "the plan that the table told of has; null when unknown"),
        CHANNEL,
        count("running", "those of that age that run as the month begins; who ends on its first day still does"),
        count("ended", "those that had ended by then, at that age"),
        count("ended_by_payment", "of these, the ones that ended for want of payment"),
    ),
)

SUBSCRIPTION_LENGTHS = Table(
    name="subscription_lengths",
    grain=(
        "one first day of subscriptions and month of life in which they ended, how they began, split by none, one or "
        "all of country, plan and channel, in one calendar"
    ),
    columns=(
        CALENDAR,
        LIFE_SPLIT_BY,
        BEGAN_AS,
        day("start_day", "the day they began, as in subscription_lives; those whose beginning is unknown are not here"),
        count("end_month", "the month of their life, of 30 days, in which they ended; null while they run", minimum=1),
        ACCOUNT_COUNTRY,
        FIRST_PLAN,
        CHANNEL,
        count("subscriptions", "subscriptions of that length"),
    ),
)

# How long subscriptions last, added up; what is told of breaks besides stands in definitions/risk_tables.py.
LENGTH_TABLES = (SUBSCRIPTION_AGES, SUBSCRIPTION_LENGTHS)
