"""Campaigns and experiments, and the accounts that met them."""

from definitions.contract import (
    Column,
    Table,
    ValueType,
    choice,
    money,
    optional_id,
    required_id,
    text,
    timestamp,
)
from definitions.values import DEVICE_TYPES

CAMPAIGNS = Table(
    name="campaigns",
    grain="one campaign or trailer version",
    key=("campaign_id",),
    columns=(
        required_id("campaign_id", "the campaign"),
        text("name", "what the team calls it", required=True),
        text("channel", "where it ran, such as e-mail, push or social"),
        choice("device_type", "the device it was aimed at", DEVICE_TYPES),
        text("message", "what it said, or which trailer cut it showed"),
        optional_id("title_id", "the title it advertised", "titles.title_id"),
        Column("started_on", ValueType.DATE, "its first day"),
        Column("ended_on", ValueType.DATE, "its last day"),
        money("cost_minor", "what it cost"),
        Column("currency", ValueType.CURRENCY, "the currency of the cost"),
    ),
)

CAMPAIGN_TOUCHES = Table(
    name="campaign_touches",
    grain="one contact of one account with one campaign",
    key=("touch_id",),
    columns=(
        required_id("touch_id", "the contact"),
        required_id("campaign_id", "the campaign", "campaigns.campaign_id"),
        required_id("account_id", "the account"),
        timestamp("ts", "when it happened", required=True),
        choice("arm", "whether the account was to be reached", ("treated", "holdout"), required=True),
        choice("event", "what happened", ("assigned", "sent", "seen", "opened", "clicked")),
        choice("device_type", "the device it happened on", DEVICE_TYPES),
    ),
)

EXPERIMENTS = Table(
    name="experiments",
    grain="one test",
    key=("experiment_id",),
    columns=(
        required_id("experiment_id", "the test"),
        text("name", "what the team calls it", required=True),
        text("kind", "what it tests, such as artwork or trailer", required=True),
        Column("started_on", ValueType.DATE, "its first day"),
        Column("ended_on", ValueType.DATE, "its last day"),
        text("hypothesis", "what was expected, written before it began"),
        text("primary_metric", "the metric that decides"),
    ),
)

EXPERIMENT_EXPOSURES = Table(
    name="experiment_exposures",
    grain="one account's first exposure to one test",
    key=("experiment_id", "account_id"),
    columns=(
        required_id("experiment_id", "the test", "experiments.experiment_id"),
        required_id("account_id", "the account"),
        text("variant", "what the account was shown", required=True),
        timestamp("ts", "when it was first shown", required=True),
    ),
)

TABLES = (CAMPAIGNS, CAMPAIGN_TOUCHES, EXPERIMENTS, EXPERIMENT_EXPOSURES)
