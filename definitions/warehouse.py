"""The tables a build publishes: the contract's, some with derived columns, and the aggregates the pages read."""

from dataclasses import replace

from definitions.audience import COUNTED_BY as SETS_COUNTED_BY
from definitions.contract import (
    Column,
    Table,
    ValueType,
    choice,
    count,
    milliseconds,
    optional_id,
    required_id,
    text,
)
from definitions.tables import CONTRACT
from definitions.values import (
    ACTIVITY_PERIODS,
    ARRIVALS,
    CALENDARS,
    COHORT_PERIODS,
    DEVICE_TYPES,
    GRANULARITIES,
    HOUR_PERIODS,
    KINDS,
    LIFECYCLE_STATES,
    PROFILE_TYPES,
    SINGLE_SPLITS,
    SPLITS,
)

CALENDAR = choice("calendar", "whose days are counted", CALENDARS, required=True)
DEVICE_TYPE = choice("device_type", "what sort of device it played on; null when unknown", DEVICE_TYPES)
COUNTED_BY = choice(
    "counted_by",
    "which sort of set: by kind; by device or profile type, of films, episodes and live alone; by all three together",
    SETS_COUNTED_BY,
    required=True,
)
KIND = choice("kind", "what the title is", KINDS, required=True)
PROFILE_TYPE = choice("profile_type", "whether it is a children's profile; null when unknown", PROFILE_TYPES)
COHORT_PERIOD = choice("period", "how long the periods are", COHORT_PERIODS, required=True)
ACCOUNT_COUNTRY = Column(
    "account_country", ValueType.COUNTRY, "the account's country; where missing, that of most of its watch time"
)
ACCOUNT_PLAN = text("account_plan", "the account's plan on the day; null when unknown")


def _day(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, ValueType.DATE, meaning, required=required)


UTC_DAY = _day("utc_day", "the day it happened, in UTC", required=True)
MONTH = text("month", "the month of the day, such as 2026-06, whose rows lie in one folder", required=True)


ACCOUNTS = replace(
    CONTRACT["accounts"],
    columns=(
        *CONTRACT["accounts"].columns,
        ACCOUNT_COUNTRY,
        Column("country_estimated", ValueType.BOOLEAN, "whether the country was taken from its plays"),
        Column("derived", ValueType.BOOLEAN, "whether the source names the account only in other tables"),
    ),
)

PLAYS = replace(
    CONTRACT["plays"],
    columns=(
        *CONTRACT["plays"].columns,
        KIND,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        Column("told_by_events", ValueType.BOOLEAN, "whether player events tell it"),
        Column("country_estimated", ValueType.BOOLEAN, "whether the country is the account's"),
        Column("offset_estimated", ValueType.BOOLEAN, "whether the offset is that of the country's main zone"),
        Column("local_at", ValueType.TIMESTAMP, "when it began, by the viewer's clock", unit="viewer's clock"),
        _day("local_day", "the day it began, by the viewer's clock"),
        _day("utc_day", "the day it began, in UTC"),
        _day("service_day", "the day it began, in the service's zone"),
    ),
)

PLAYED_INTERVALS = Table(
    name="played_intervals",
    grain="one stretch of a title that one play ran through without a break; known where there are player events",
    columns=(
        required_id("play_id", "the play"),
        milliseconds("from_ms", "where in the title it began", required=True),
        milliseconds("to_ms", "where in the title it ended", required=True),
        _day("utc_day", "the day the play began, in UTC", required=True),
    ),
)

PLAN_PERIODS = Table(
    name="plan_periods",
    grain="one unbroken stretch of days of one account on one plan",
    key=("account_id", "from_day"),
    columns=(
        required_id("account_id", "the account"),
        text("account_plan", "the plan; null when unknown"),
        _day("from_day", "its first day (UTC)", required=True),
        _day("to_day", "the day after its last (UTC)", required=True),
    ),
)

SUBSCRIPTIONS = Table(
    name="subscriptions",
    grain="one unbroken subscription of one account, in one calendar",
    columns=(
        CALENDAR,
        required_id("account_id", "the account"),
        ACCOUNT_COUNTRY,
        choice("began_as", "how it began; before: already running when the data begin", ("start", "rejoin", "before")),
        _day("start_day", "the day it began; null when before the data"),
        _day("end_day", "the day it ended; null while it runs"),
        choice("ended_by", "what ended it", ("end", "payment")),
        _day("cancelled_day", "the day of the last decision to cancel; null when there was none"),
    ),
)

# What is added up over plays; the names say how.
_SUMS = (
    count("plays", "plays"),
    milliseconds("watch_ms", "watch time"),
    milliseconds("known_origin_watch_ms", "watch time of plays whose origin is known"),
    milliseconds("recommended_watch_ms", "watch time of plays found in a recommendation row"),
    milliseconds("rebuffer_ms", "time stalled, over plays where it was measured"),
    milliseconds("rebuffer_known_watch_ms", "watch time of plays where rebuffering was measured"),
)

ACCOUNT_DAYS = Table(
    name="account_days",
    grain="one account, day, device type, kind and profile type, in one calendar",
    columns=(
        CALENDAR,
        _day("day", "the day the plays began", required=True),
        required_id("account_id", "the account"),
        DEVICE_TYPE,
        KIND,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("active_plays", "plays of 60 seconds or more"),
        *_SUMS,
        MONTH,
    ),
)

ACTIVE_MONTHS = Table(
    name="active_months",
    grain="one account, month, device type, kind and profile type with a play of 60 seconds or more, in one calendar",
    columns=(
        CALENDAR,
        _day("month_start", "the month's first day", required=True),
        required_id("account_id", "the account"),
        DEVICE_TYPE,
        KIND,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        count("active_days", "the days with such a play, as a sum: 2 to the power of 31 − d for day d of the month"),
        MONTH,
    ),
)

TITLE_ACTIVE_MONTHS = replace(
    ACTIVE_MONTHS,
    name="title_active_months",
    grain="one account, title, month, device type and profile type with a play of 60 seconds or more, in one calendar",
    columns=(*ACTIVE_MONTHS.columns[:2], required_id("title_id", "the title"), *ACTIVE_MONTHS.columns[2:]),
)

SPLIT_BY = choice(
    "split_by",
    "which columns the row tells apart; those that it does not are null. The rows of one split_by are the whole, "
    "so never add up over several",
    SPLITS,
    required=True,
)
SINGLE_SPLIT_BY = replace(SPLIT_BY, allowed=SINGLE_SPLITS)
PERIOD = choice(
    "period",
    "how many days the row adds up. The rows of one period are the whole, so never add up over several; weeks begin on "
    "Monday",
    GRANULARITIES,
    required=True,
)

VIEWING_CUBE = Table(
    name="viewing_cube",
    grain=(
        "one day, week or month and kind, split by none, one, two or all of device type, country, plan and profile "
        "type, in one calendar"
    ),
    columns=(
        CALENDAR,
        SPLIT_BY,
        PERIOD,
        _day("day", "the day the plays began; of a week or month, its first day", required=True),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        *_SUMS,
    ),
)

TITLE_CUBE = Table(
    name="title_cube",
    grain="one title and day, split by device type, country, plan or profile type, by none or all, in one calendar",
    columns=(
        CALENDAR,
        SINGLE_SPLIT_BY,
        _day("day", "the day the plays began", required=True),
        required_id("title_id", "the title"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        *_SUMS,
        MONTH,
    ),
)

TITLE_PERIODS = Table(
    name="title_periods",
    grain=(
        "one title and week or month, split by none, one, two or all of device type, country, plan and profile type, "
        "in one calendar"
    ),
    columns=(
        CALENDAR,
        SPLIT_BY,
        replace(PERIOD, allowed=("week", "month")),
        _day("period_start", "its first day", required=True),
        required_id("title_id", "the title"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        *_SUMS,
    ),
)

AUDIENCE_CELLS = Table(
    name="audience_cells",
    grain="one thing that an account can have done, and its bit in one sort of the sets that active_accounts counts by",
    columns=(
        COUNTED_BY,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        count("mask_low", "its bit, where that is among the first 63; else 0"),
        count("mask_high", "its bit, where that is after the first 63; else 0"),
    ),
)

ACTIVE_ACCOUNTS = Table(
    name="active_accounts",
    grain="one window of days, country, plan and set of things that accounts did in it, in one calendar",
    columns=(
        CALENDAR,
        choice("period", "how long the window is", ACTIVITY_PERIODS, required=True),
        COUNTED_BY,
        _day("end_day", "the day after the window's last", required=True),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the window's last day; null when unknown"),
        count("mask_low", "the set, as the sum of mask_low of its audience_cells"),
        count("mask_high", "the rest of the set, as the sum of mask_high of its audience_cells"),
        count("accounts", "accounts that did just these things in plays of 60 seconds or more in the window"),
        count(
            "account_days",
            "days of the window on which an account did just these things, with its plan on that day, each account and "
            "day once; null for trailing windows",
        ),
    ),
)

TITLE_STARTS = Table(
    name="title_starts",
    grain="one account's first reaching two minutes of one film or episode, in one calendar",
    key=("calendar", "account_id", "title_id"),
    columns=(
        CALENDAR,
        _day("day", "the day of the play that reached two minutes", required=True),
        required_id("account_id", "the account"),
        required_id("title_id", "the title"),
        optional_id("profile_id", "the profile whose play reached two minutes"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        Column(
            "completion_known",
            ValueType.BOOLEAN,
            "whether the runtime and how far the account got are both known",
            required=True,
        ),
        Column(
            "coverage_estimated",
            ValueType.BOOLEAN,
            "whether coverage is an estimate: from the furthest position, or over plays that may overlap",
        ),
        _day("completed_day", "the day coverage reached 90 %; null when it has not"),
    ),
)

START_CUBE = Table(
    name="start_cube",
    grain=(
        "one day on which accounts first reached two minutes of titles and day on which they completed them, and kind, "
        "split by none, one, two or all of device type, country, plan and profile type, in one calendar"
    ),
    columns=(
        CALENDAR,
        SPLIT_BY,
        _day("day", "the day of the plays that reached two minutes", required=True),
        _day("completed_day", "the day coverage reached 90 %; null when it has not"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("started_titles", "starts of titles where completion can be known"),
    ),
)

HOUR_PERIOD = choice(
    "period",
    "day: one hour of one day; month: the same hour of all Mondays, Tuesdays … of a month. The rows of one period are "
    "the whole",
    HOUR_PERIODS,
    required=True,
)
_HOUR = (
    _day("period_start", "the day, or the month's first", required=True),
    count("weekday", "the day of the week, 1 (Monday) to 7 (Sunday)", minimum=1),
    count("hour", "the hour of the day, 0 to 23"),
)

HOUR_CUBE = Table(
    name="hour_cube",
    grain=(
        "one hour of a day, or of a month's Mondays, Tuesdays …, kind and profile type, split by none or one of device "
        "type, country and plan, of months by all of them too, in one calendar"
    ),
    columns=(
        CALENDAR,
        HOUR_PERIOD,
        SINGLE_SPLIT_BY,
        *_HOUR,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("plays", "plays that began in the hour"),
        milliseconds("watch_ms", "watch time in the hour: a play's lies evenly between its beginning and its end"),
        milliseconds("run_ms", "time in the hour that plays ran, with start-up, pauses and stalls"),
        count("one_way_account_hours", "accounts active in this way alone, by the hour; hour_accounts has the others"),
    ),
)

HOUR_ACCOUNTS = Table(
    name="hour_accounts",
    grain=(
        "one hour of a day, or of a month's Mondays, Tuesdays …, sort of set, country, plan and set of several things "
        "that accounts did in it, in one calendar"
    ),
    columns=(
        CALENDAR,
        HOUR_PERIOD,
        choice(
            "counted_by",
            "what the sets tell apart: kinds and profile types, or all, devices too. With the splits of hour_cube by "
            "device or all go those of all, with the others those by profile type",
            ("profile_type", "all"),
            required=True,
        ),
        *_HOUR,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count(
            "mask_low",
            "the set, as the sum of mask_low of its audience_cells of the sort all; where devices are not told apart, "
            "of those with an unknown device",
        ),
        count("mask_high", "the rest of the set, as the sum of mask_high of the same"),
        count("account_hours", "accounts that did just these things in plays of 60 seconds or more, by the hour"),
    ),
)

LIFECYCLE_CUBE = Table(
    name="lifecycle_cube",
    grain="one week or month, state of accounts in it, country and plan, in one calendar",
    columns=(
        CALENDAR,
        COHORT_PERIOD,
        _day("period_start", "its first day; weeks begin on Monday", required=True),
        Column("is_complete", ValueType.BOOLEAN, "whether all its days are complete in the data", required=True),
        choice(
            "state",
            "new: active for the first time; first_seen: for the first time in the data, and it may have been before "
            "them; returning: in the period before too; resurrected: before that; dormant: in the period before, and "
            "not in this one. Active: with a film, episode or live programme",
            LIFECYCLE_STATES,
            required=True,
        ),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the period's last day; null when unknown"),
        count("accounts", "accounts in that state"),
    ),
)

RETENTION_CUBE = Table(
    name="retention_cube",
    grain=(
        "one week or month of first activity, week or month in which accounts first active then were active, country "
        "and plan, in one calendar"
    ),
    columns=(
        CALENDAR,
        COHORT_PERIOD,
        _day("cohort_start", "the first day of the period of first activity", required=True),
        choice(
            "arrival",
            "new: their first activity is in the data; before: they had signed up before the data begin; unknown: "
            "active in the data's first period, and when they signed up is not known",
            ARRIVALS,
            required=True,
        ),
        _day("period_start", "the first day of the period; where it is cohort_start, all are counted", required=True),
        Column("is_complete", ValueType.BOOLEAN, "whether the period had passed when the data end", required=True),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the last day of the period of first activity; null when unknown"),
        count("accounts", "accounts of the cohort active in the period with a film, episode or live programme"),
    ),
)

SUBSCRIPTION_CHANGES = Table(
    name="subscription_changes",
    grain="one day, change, country and plan, in one calendar",
    columns=(
        CALENDAR,
        _day("day", "the day of the change", required=True),
        choice("change", "what changed", ("start", "rejoin", "end", "cancel"), required=True),
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        count("subscriptions", "subscriptions that changed so"),
    ),
)

SUBSCRIPTION_MONTHS = Table(
    name="subscription_months",
    grain="one month, country and plan, in one calendar",
    columns=(
        CALENDAR,
        _day("month_start", "the month's first day", required=True),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the day before; null when unknown"),
        count("subscriptions", "subscriptions that ran at the end of the month before"),
    ),
)

REJECTED_ROWS = Table(
    name="rejected_rows",
    grain="one row that was refused, by an import into the source or by the build",
    columns=(
        text("table_name", "the table it was meant for", required=True),
        choice("rejected_by", "what refused it", ("import", "build"), required=True),
        text("reason", "every rule it breaks, with the values found", required=True),
        text("rule", "the rules it breaks, without the values found", required=True),
        _day("row_day", "the day of the row, in UTC; null where it has none"),
        text("origin", "what imported it; null for a row refused by the build"),
        text("file", "the file it stood in; null for a row refused by the build"),
        count("line", "the line of that file; null for a row refused by the build", minimum=1),
        text("row_json", "what the row holds, as JSON; for one refused by the build, the values that could be read"),
    ),
)

PUBLISHED: dict[str, Table] = {
    **{
        name: replace(table, columns=(*table.columns, UTC_DAY)) if table.day_of else table
        for name, table in CONTRACT.items()
        if name != "playback_events"
    },
    **{
        table.name: table
        for table in (
            ACCOUNTS,
            PLAYS,
            PLAYED_INTERVALS,
            PLAN_PERIODS,
            SUBSCRIPTIONS,
            ACCOUNT_DAYS,
            ACTIVE_MONTHS,
            TITLE_ACTIVE_MONTHS,
            VIEWING_CUBE,
            TITLE_CUBE,
            TITLE_PERIODS,
            AUDIENCE_CELLS,
            ACTIVE_ACCOUNTS,
            TITLE_STARTS,
            START_CUBE,
            HOUR_CUBE,
            HOUR_ACCOUNTS,
            LIFECYCLE_CUBE,
            RETENTION_CUBE,
            SUBSCRIPTION_CHANGES,
            SUBSCRIPTION_MONTHS,
            REJECTED_ROWS,
        )
    },
}
