"""Columns that several published tables have."""

from dataclasses import replace

from definitions.contract import Column, ValueType, choice, count, milliseconds, required_id, text
from definitions.values import CALENDARS, DEVICE_TYPES, KINDS, PROFILE_TYPES, SINGLE_SPLITS, SPLITS

CALENDAR = choice("calendar", "whose days are counted", CALENDARS, required=True)
DEVICE_TYPE = choice("device_type", "what sort of device it played on; null when unknown", DEVICE_TYPES)
COMPLETED_DEVICE_TYPE = choice(
    "completed_device_type",
    "what sort of device the play with which coverage reached 90 % was on; null when unknown or there is none",
    DEVICE_TYPES,
)
KIND = choice("kind", "what the title is", KINDS, required=True)
PROFILE_TYPE = choice("profile_type", "whether it is a children's profile; null when unknown", PROFILE_TYPES)
ACCOUNT_COUNTRY = Column(
    "account_country", ValueType.COUNTRY, "the account's country; where missing, that of most of its watch time"
)
SHOW_ID = required_id("show_id", "the film or series; of episodes, the series by its id, where missing by its name")
SHOW_NUMBER = count(
    "show_number", "a number made of show_id, by which rows are found: of texts DuckDB compares only the first letters"
)
ACCOUNT_NUMBER = count(
    "account_number", "a number made of account_id, by which rows are found, joined and grouped faster than by texts"
)
ACCOUNT_PLAN = text("account_plan", "the account's plan on the day; null when unknown")
CHANNEL = text("acquisition_channel", "how the account was won; null when unknown")
HOUR = count("hour", "the hour in which that play began, 0 to 23")
COMPLETION_KNOWN = Column(
    "completion_known",
    ValueType.BOOLEAN,
    "whether the runtime and how far the account got are both known",
    required=True,
)
COVERAGE_ESTIMATED = Column(
    "coverage_estimated",
    ValueType.BOOLEAN,
    "whether coverage is an estimate: from the furthest position, or over plays that may overlap",
)

SPLIT_BY = choice(
    "split_by",
    "which columns the row tells apart; those that it does not are null. The rows of one split_by are the whole, "
    "so never add up over several",
    SPLITS,
    required=True,
)
SINGLE_SPLIT_BY = replace(SPLIT_BY, allowed=SINGLE_SPLITS)


def day(name: str, meaning: str, *, required: bool = False) -> Column:
    """Return the column of a day."""
    return Column(name, ValueType.DATE, meaning, required=required)


UTC_DAY = day("utc_day", "the day it happened, in UTC", required=True)
MONTH = text("month", "the month of the day, such as 2026-06, whose rows lie in one folder", required=True)

# What is added up over plays; the names say how.
SUMS = (
    count("plays", "plays"),
    count("views", "plays of two minutes or more"),
    milliseconds("watch_ms", "watch time"),
    milliseconds("known_origin_watch_ms", "watch time of plays whose origin is known"),
    milliseconds("recommended_watch_ms", "watch time of plays found in a recommendation row"),
    milliseconds("rebuffer_ms", "time stalled, over plays where it was measured"),
    milliseconds("rebuffer_known_watch_ms", "watch time of plays where rebuffering was measured"),
)
