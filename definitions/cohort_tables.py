"""The published tables by which pages follow accounts from their beginnings."""

from dataclasses import replace

from definitions.contract import Table, choice, optional_id, required_id, text, timestamp
from definitions.warehouse_columns import ACCOUNT_COUNTRY, CALENDAR, DEVICE_TYPE, day

ACCOUNT_BEGINNINGS = Table(
    name="account_beginnings",
    grain="one account and calendar",
    key=("calendar", "account_id"),
    columns=(
        CALENDAR,
        required_id("account_id", "the account"),
        choice(
            "arrival",
            "new: it signed up in the days of the data; before: before them; null when neither it nor its "
            "subscriptions tell",
            ("new", "before"),
        ),
        timestamp(
            "signed_up_at",
            "when it signed up; where it does not say, when its first subscription began; null when unknown",
        ),
        day("signed_up_day", "the day of that; by the viewer's clock, that of its country's main zone"),
        timestamp(
            "first_active_at",
            "when its first play of 60 seconds or more of a film, an episode or a live programme began; null when it "
            "has none",
        ),
        day("first_active_day", "the first day with such a play"),
        ACCOUNT_COUNTRY,
        text("acquisition_channel", "how the account was won; null when unknown"),
        text("first_plan", "its first plan that is known; null when none is"),
        replace(DEVICE_TYPE, name="first_device_type", meaning="what sort of device that play was on"),
        optional_id("first_show_id", "the film or series of that play"),
        text("first_genre", "of its genres the first in the alphabet; null when it has none"),
    ),
)

COHORT_TABLES = (ACCOUNT_BEGINNINGS,)
