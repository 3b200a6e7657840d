"""The published tables by which pages tell what subscriptions are worth."""

from definitions.contract import Column, Table, ValueType, choice, count, milliseconds, money, text
from definitions.warehouse_columns import ACCOUNT_COUNTRY, ACCOUNT_PLAN, CALENDAR, CHANNEL, day

CURRENCY = Column("currency", ValueType.CURRENCY, "the currency in which it was paid; null when unknown")

SUBSCRIPTION_PAYMENTS = Table(
    name="subscription_payments",
    grain=(
        "one day, country, plan, channel and currency of payments of a known price: starts, renewals, returns, and "
        "failed payments that were recovered; in one calendar"
    ),
    columns=(
        CALENDAR,
        day("day", "the day of the payment", required=True),
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        CHANNEL,
        CURRENCY,
        count("payments", "payments"),
        money("paid_minor", "what was paid, in sum"),
    ),
)

ACCOUNT_AMOUNTS = Table(
    name="account_amounts",
    grain=(
        "one amount that accounts of a country and plan have paid in all the data in one currency, or that they have "
        "watched in whole hours"
    ),
    columns=(
        choice(
            "measured",
            "whether what was paid is counted, of accounts with a payment of a known price, or what was watched, of "
            "accounts with watch time of films, episodes or live",
            ("paid", "watched"),
            required=True,
        ),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's last plan that is known; null when unknown"),
        CURRENCY,
        count("amount", "minor units paid, or whole hours watched, by each of the accounts"),
        count("accounts", "accounts of just that amount"),
        milliseconds("watch_ms", "what they have watched together; null of what was paid"),
    ),
)

VALUE_TABLES = (SUBSCRIPTION_PAYMENTS, ACCOUNT_AMOUNTS)
