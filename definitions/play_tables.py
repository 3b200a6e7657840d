"""The published table by which pages count single plays."""

from dataclasses import replace

from definitions.contract import Column, Table, ValueType, text
from definitions.tables import CONTRACT
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_NUMBER,
    DEVICE_TYPE,
    KIND,
    MONTH,
    PROFILE_TYPE,
    SHOW_ID,
    day,
)

_PLAYS = CONTRACT["plays"]
_CHOSEN_BY = ("device_model", "app_version", "country", "region", "postal_code", "origin", "autoplay")
_MEASURED = ("distinct_ms", "rebuffer_ms", "pauses", "resumes", "seeks_back", "seeks_forward")


def _minutes_ahead(name: str, clock: str) -> Column:
    return Column(name, ValueType.INTEGER, f"how far {clock} was ahead of UTC", required=True, unit="min")


COUNTED_PLAYS = Table(
    name="counted_plays",
    grain="one play, with what pages choose and count it by, in the order of the accounts",
    key=("play_id",),
    columns=(
        day("utc_day", "the day it began, in UTC", required=True),
        day("local_day", "the day it began, by the viewer's clock", required=True),
        day("service_day", "the day it began, in the service's zone", required=True),
        _PLAYS.column("started_at"),
        _minutes_ahead("local_offset_min", "the viewer's clock"),
        _minutes_ahead("service_offset_min", "the service's zone"),
        _PLAYS.column("play_id"),
        _PLAYS.column("account_id"),
        ACCOUNT_NUMBER,
        _PLAYS.column("profile_id"),
        replace(_PLAYS.column("title_id"), refers_to=None),
        SHOW_ID,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        text("local_plan", "the account's plan on the day by the viewer's clock; null when unknown"),
        text("utc_plan", "the same on the day in UTC"),
        text("service_plan", "the same on the day in the service's zone"),
        *(_PLAYS.column(name) for name in _CHOSEN_BY),
        _PLAYS.column("watch_ms"),
        Column("run_ms", ValueType.INTEGER, "how long it ran, as in plays", required=True, unit="ms", minimum=1),
        Column(
            "first_minute",
            ValueType.INTEGER,
            "the first minute, by their number since 1970 in UTC, at whose beginning it was in progress",
            required=True,
        ),
        Column(
            "end_minute",
            ValueType.INTEGER,
            "the first minute after it, at whose beginning it was not any more; the same where it ended within one",
            required=True,
        ),
        *(_PLAYS.column(name) for name in _MEASURED),
        MONTH,
    ),
)
