"""Accounts, profiles, devices and subscriptions."""

from definitions.contract import (
    Column,
    Table,
    ValueType,
    choice,
    money,
    required_id,
    text,
    timestamp,
)
from definitions.values import DEVICE_TYPES, PROFILE_TYPES

ACCOUNTS = Table(
    name="accounts",
    grain="one paying account",
    key=("account_id",),
    columns=(
        required_id("account_id", "the account, pseudonymous"),
        timestamp("signed_up_at", "when the account was opened"),
        Column("country", ValueType.COUNTRY, "the country the account is registered in"),
        Column("region", ValueType.SUBDIVISION, "the subdivision of that country"),
        text("postal_code", "the postal code, or a prefix of it"),
        text("plan", "the plan the account is on now"),
        text("acquisition_channel", "how the account came to the service"),
    ),
)

PROFILES = Table(
    name="profiles",
    grain="one viewer profile",
    key=("profile_id",),
    columns=(
        required_id("profile_id", "the profile, pseudonymous"),
        required_id("account_id", "the account it belongs to"),
        choice("profile_type", "whether it is a children's profile", PROFILE_TYPES),
        Column("language", ValueType.LANGUAGE, "the language of its menus"),
        timestamp("created_at", "when it was made"),
        text("label", "the profile's own name; only when the owner asks to keep it"),
    ),
)

DEVICES = Table(
    name="devices",
    grain="one device of one account",
    columns=(
        required_id("account_id", "the account"),
        choice("device_type", "what sort of device it is", DEVICE_TYPES, required=True),
        text("device_model", "the device in the source's own words"),
        timestamp("first_play_at", "when it first played a title"),
        timestamp("last_play_at", "when it last played a title"),
        timestamp("deactivated_at", "when it was signed out for good"),
    ),
)

SUBSCRIPTION_EVENTS = Table(
    name="subscription_events",
    grain="one change of one subscription",
    key=("event_id",),
    columns=(
        required_id("event_id", "the change"),
        required_id("account_id", "the account"),
        timestamp("ts", "when it happened", required=True),
        choice(
            "event",
            "what changed",
            (
                "start",
                "renew",
                "change_plan",
                "cancel",
                "end",
                "rejoin",
                "payment_failed",
                "payment_recovered",
            ),
            required=True,
        ),
        text("plan", "the plan from then on"),
        money("price_minor", "the price of the plan for one billing period"),
        Column("currency", ValueType.CURRENCY, "the currency of the price"),
    ),
)

TABLES = (ACCOUNTS, PROFILES, DEVICES, SUBSCRIPTION_EVENTS)
