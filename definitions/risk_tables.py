"""The published tables by which pages tell how often accounts come, and which of them leave, return or may leave."""

from definitions.contract import Column, Table, ValueType, choice, count, milliseconds, required_id, text
from definitions.retention_tables import LIFE_SPLIT_BY
from definitions.values import RISK_BANDS, RISK_CHOICES
from definitions.warehouse_columns import ACCOUNT_COUNTRY, CALENDAR, CHANNEL, day

ACTIVE_DAY_COUNTS = Table(
    name="active_day_counts",
    grain=(
        "one window of 28 days that ends with a day, country, plan and number of days on which accounts were active in "
        "them with a film, episode or live programme, in one calendar"
    ),
    columns=(
        CALENDAR,
        day("end_day", "the day after the last of the 28", required=True),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the last of the 28 days; null when unknown"),
        count("active_days", "on how many of the 28 days the accounts were active, from 1", minimum=1),
        count("accounts", "accounts active on just so many of them"),
    ),
)

SUBSCRIPTION_BREAKS = Table(
    name="subscription_breaks",
    grain=(
        "one day on which subscriptions ended and day on which their accounts rejoined, split by none, one or all of "
        "country, plan and channel, in one calendar"
    ),
    columns=(
        CALENDAR,
        LIFE_SPLIT_BY,
        choice("began_as", "how the subscriptions that ended had begun", ("start", "rejoin", "before")),
        day("start_day", "the day they ended", required=True),
        day("end_day", "the day their accounts rejoined; null while they have not"),
        choice("ended_by", "what ended the time without a subscription", ("rejoin",)),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the day of the end; null when unknown"),
        CHANNEL,
        count("subscriptions", "subscriptions that ended on that day and were followed on that day"),
    ),
)

ENDED_TIMES = Table(
    name="ended_times",
    grain="one day, number of times that accounts have ended, country, plan and channel, in one calendar",
    columns=(
        CALENDAR,
        day("day", "the day on which subscriptions ended", required=True),
        count("times_ended", "how often an account has ended: 1, 2, or 3 and more", minimum=1),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the day of its latest end; null when unknown"),
        CHANNEL,
        Column(
            "change_of_accounts",
            ValueType.INTEGER,
            "by how many more accounts have ended so often than on the day before",
        ),
    ),
)

CUT_DAY = day(
    "cut_day",
    "the day before which everything is looked at that the row tells of its accounts, but for the outcome: the end of "
    "the complete days, or 28 days before it, and so on",
    required=True,
)
RISK_PLAN = text("account_plan", "the account's plan on the day before the cut; null when unknown")
RISK_BAND = choice(
    "risk_band",
    "how much of its habit an account has lost: in the 28 days before the cut, against a third of what it watched in "
    "the 84 before those; no_habit: it was active in fewer than two of these three times 28 days",
    RISK_BANDS,
    required=True,
)

ACCOUNTS_AT_RISK = Table(
    name="accounts_at_risk",
    grain=(
        "one account whose subscription runs at the end of the complete days and that watched, in the last 28 of them, "
        "at most half of its habit, in one calendar; films, episodes and live programmes"
    ),
    columns=(
        CALENDAR,
        CUT_DAY,
        count("risk_rank", "its place by the share of the habit lost, and where that is alike by the habit", minimum=1),
        required_id("account_id", "the account", "accounts.account_id"),
        ACCOUNT_COUNTRY,
        RISK_PLAN,
        CHANNEL,
        RISK_BAND,
        milliseconds("recent_ms", "watch time in the 28 days before the cut"),
        milliseconds("before_ms", "watch time in the 84 days before those; the habit is a third of it"),
        count("recent_active_days", "active days among the 28"),
        count("before_active_days", "active days among the 84"),
        day("last_active_day", "the last day on which it was active in these 112 days; null where it was not"),
        day("cancelled_day", "the day before the cut on which it decided to leave; null where it has not"),
        count("searches", "its searches in the 28 days (UTC) whose results are known"),
        count("searches_without_result", "of these, those that found nothing"),
        milliseconds("recent_rebuffer_ms", "time stalled in the 28 days, over plays where it was measured"),
        milliseconds("recent_rebuffer_known_watch_ms", "watch time of these plays"),
        milliseconds("before_rebuffer_ms", "time stalled in the 84 days before, over plays where it was measured"),
        milliseconds("before_rebuffer_known_watch_ms", "watch time of these plays"),
    ),
)

RISK_BANDS_TABLE = Table(
    name="risk_bands",
    grain="one cut day, share of the habit lost, outcome, country, plan and channel, in one calendar",
    columns=(
        CALENDAR,
        CUT_DAY,
        RISK_BAND,
        choice(
            "outcome",
            "whether the subscription ended in the 28 days from the cut on; open: these are not over",
            ("ended", "stayed", "open"),
            required=True,
        ),
        ACCOUNT_COUNTRY,
        RISK_PLAN,
        CHANNEL,
        count("accounts", "accounts with a subscription that ran at the cut"),
    ),
)

RISK_CHOICES_TABLE = Table(
    name="risk_choices",
    grain="one cut day 28 days before the end of the complete days or earlier, and number of accounts chosen at it",
    columns=(
        CALENDAR,
        CUT_DAY,
        choice(
            "choice", "how many accounts are chosen, or which share of those with a habit", RISK_CHOICES, required=True
        ),
        count("followed_accounts", "accounts with a subscription that ran at the cut, and a habit"),
        count("ended_accounts", "of these, those whose subscription ended in the 28 days from the cut on"),
        count("chosen_accounts", "how many are chosen"),
        count("ended_by_habit", "those that ended among the chosen, by the largest share of their habit lost"),
        count("ended_by_hours", "those that ended among as many, by the fewest hours in the 28 days before the cut"),
    ),
)

RISK_TABLES = (
    ACTIVE_DAY_COUNTS,
    SUBSCRIPTION_BREAKS,
    ENDED_TIMES,
    ACCOUNTS_AT_RISK,
    RISK_BANDS_TABLE,
    RISK_CHOICES_TABLE,
)
