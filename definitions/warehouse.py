"""The tables a build publishes: the contract's, some with derived columns, and the aggregates the pages read."""

from dataclasses import replace

from definitions.artwork_tables import ARTWORK_IMAGES, POSTER_HASH
from definitions.audience_tables import (
    ACCOUNT_DAYS,
    ACTIVE_ACCOUNTS,
    ACTIVE_MONTHS,
    AUDIENCE_CELLS,
    LIFECYCLE_CUBE,
    SHOW_ACCOUNT_MONTHS,
    SHOW_ACTIVE_MONTHS,
)
from definitions.cohort_tables import COHORT_TABLES
from definitions.colour_tables import COLOUR_BINS, IMAGE_BINS, IMAGE_COLOURS
from definitions.context_tables import CONTEXT_ACCOUNTS, CONTEXT_CUBE
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
from definitions.customer_colour_tables import CUSTOMER_COLOUR_TABLES
from definitions.discovery_tables import COVER_CUBE, ORIGIN_CUBE
from definitions.interaction_tables import INTERACTION_CUBE, STREAM_PEAKS
from definitions.leaving_tables import LEAVING_CELLS
from definitions.play_tables import COUNTED_PLAYS
from definitions.progress_tables import PROGRESS_TABLES
from definitions.retention_tables import LENGTH_TABLES, SUBSCRIPTION_LIVES
from definitions.risk_tables import RISK_TABLES
from definitions.tables import CONTRACT
from definitions.taking_tables import TAKING_TABLES
from definitions.timeline_tables import TIMELINE_TABLES
from definitions.value_tables import VALUE_TABLES
from definitions.values import (
    GRANULARITIES,
    HOUR_PERIODS,
)
from definitions.visit_tables import BINGE_SESSIONS, VISIT_CUBE, VISITS
from definitions.warehouse_columns import (
    ACCOUNT_COUNTRY,
    ACCOUNT_NUMBER,
    ACCOUNT_PLAN,
    CALENDAR,
    CHANNEL,
    COMPLETED_DEVICE_TYPE,
    COMPLETION_KNOWN,
    COVERAGE_ESTIMATED,
    DEVICE_TYPE,
    HOUR,
    KIND,
    MONTH,
    PROFILE_TYPE,
    SHOW_ID,
    SHOW_NUMBER,
    SINGLE_SPLIT_BY,
    SPLIT_BY,
    SUMS,
    UTC_DAY,
    day,
)

ACCOUNTS = replace(
    CONTRACT["accounts"],
    columns=(
        *CONTRACT["accounts"].columns,
        ACCOUNT_COUNTRY,
        Column("country_estimated", ValueType.BOOLEAN, "whether the country was taken from its plays"),
        Column("derived", ValueType.BOOLEAN, "whether the source names the account only in other tables"),
    ),
)

TITLES = replace(CONTRACT["titles"], columns=(*CONTRACT["titles"].columns, SHOW_ID, SHOW_NUMBER, POSTER_HASH))

SHOWS = Table(
    name="shows",
    grain="one film or series",
    key=("show_id",),
    columns=(
        SHOW_ID,
        text("show_name", "what it is called"),
        text("show_kind", "series, or the title's own kind"),
        Column("original", ValueType.BOOLEAN, "whether the service made any of it or had it made; null when unknown"),
        milliseconds(
            "runtime_ms", "how long it runs; of a series, all its episodes together; null when any is unknown"
        ),
        text("genres", "its genres in alphabetical order, with a semicolon between them; null when it has none"),
        POSTER_HASH,
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
        Column("service_at", ValueType.TIMESTAMP, "when it began, in the service's zone", unit="service's zone"),
        day("local_day", "the day it began, by the viewer's clock"),
        day("utc_day", "the day it began, in UTC"),
        day("service_day", "the day it began, in the service's zone"),
        milliseconds(
            "run_ms",
            "how long it ran, with start-up, pauses and stalls; from 1 ms to 24 hours, what is not told counts 0",
        ),
    ),
)

PLAYED_INTERVALS = Table(
    name="played_intervals",
    grain="one stretch of a title that one play ran through without a break; known where there are player events",
    columns=(
        required_id("play_id", "the play"),
        milliseconds("from_ms", "where in the title it began", required=True),
        milliseconds("to_ms", "where in the title it ended", required=True),
        day("utc_day", "the day the play began, in UTC", required=True),
    ),
)

PLAN_PERIODS = Table(
    name="plan_periods",
    grain="one unbroken stretch of days of one account on one plan",
    key=("account_id", "from_day"),
    columns=(
        required_id("account_id", "the account"),
        ACCOUNT_NUMBER,
        text("account_plan", "the plan; null when unknown"),
        day("from_day", "its first day (UTC)", required=True),
        day("to_day", "the day after its last (UTC)", required=True),
    ),
)

SUBSCRIPTIONS = Table(
    name="subscriptions",
    grain="one unbroken subscription of one account, in one calendar",
    columns=(
        CALENDAR,
        required_id("account_id", "the account"),
        ACCOUNT_NUMBER,
        ACCOUNT_COUNTRY,
        choice("began_as", "how it began; before: already running when the data begin", ("start", "rejoin", "before")),
        day("start_day", "the day it began; null when before the data"),
        day("end_day", "the day it ended; null while it runs"),
        choice("ended_by", "what ended it", ("end", "payment")),
        day("cancelled_day", "the day of the last decision to cancel; null when there was none"),
    ),
)

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
        day("day", "the day the plays began; of a week or month, its first day", required=True),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        *SUMS,
    ),
)

TITLE_CUBE = Table(
    name="title_cube",
    grain="one title and day, device type, country, plan and profile type, in one calendar",
    columns=(
        CALENDAR,
        day("day", "the day the plays began", required=True),
        required_id("title_id", "the title"),
        SHOW_ID,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        *SUMS,
        MONTH,
    ),
)

SHOW_CUBE = Table(
    name="show_cube",
    grain=(
        "one film or series and day, split by device type, country, plan or profile type, by none or all, in one "
        "calendar"
    ),
    columns=(
        CALENDAR,
        SINGLE_SPLIT_BY,
        day("day", "the day the plays began", required=True),
        SHOW_ID,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        *SUMS,
        MONTH,
    ),
)

SHOW_PERIODS = Table(
    name="show_periods",
    grain=(
        "one film or series and week or month, split by none, one, two or all of device type, country, plan and "
        "profile type, in one calendar"
    ),
    columns=(
        CALENDAR,
        SPLIT_BY,
        replace(PERIOD, allowed=("week", "month")),
        day("period_start", "its first day", required=True),
        SHOW_ID,
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        *SUMS,
    ),
)

TITLE_STARTS = Table(
    name="title_starts",
    grain="one account's first reaching two minutes of one film or episode, in one calendar",
    key=("calendar", "account_id", "title_id"),
    columns=(
        CALENDAR,
        day("day", "the day of the play that reached two minutes", required=True),
        HOUR,
        required_id("account_id", "the account"),
        required_id("title_id", "the title"),
        SHOW_ID,
        SHOW_NUMBER,
        optional_id("profile_id", "the profile whose play reached two minutes"),
        KIND,
        DEVICE_TYPE,
        PROFILE_TYPE,
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        COMPLETION_KNOWN,
        COVERAGE_ESTIMATED,
        day("completed_day", "the day coverage reached 90 %; null when it has not"),
        COMPLETED_DEVICE_TYPE,
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
        day("day", "the day of the plays that reached two minutes", required=True),
        day("completed_day", "the day coverage reached 90 %; null when it has not"),
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
    day("period_start", "the day, or the month's first", required=True),
    count("weekday", "the day of the week, 1 (Monday) to 7 (Sunday)", minimum=1),
    count("hour", "the hour of the day, 0 to 23"),
)

HOUR_CUBE = Table(
    name="hour_cube",
    grain=(
        "one hour of a day, or of a month's Mondays, Tuesdays …, kind and profile type, split by none, one or all of "
        "device type, country and plan, in one calendar"
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

SUBSCRIPTION_CHANGES = Table(
    name="subscription_changes",
    grain="one day, change, country, plan and channel, in one calendar; who rejoin soon are told apart",
    columns=(
        CALENDAR,
        day("day", "the day of the change", required=True),
        choice("change", "what changed", ("start", "rejoin", "end", "cancel"), required=True),
        ACCOUNT_COUNTRY,
        ACCOUNT_PLAN,
        CHANNEL,
        Column(
            "rejoined_within_year",
            ValueType.BOOLEAN,
            "of those who rejoined, whether they had ended within the 12 months before; null when that is not known",
        ),
        count("subscriptions", "subscriptions that changed so"),
    ),
)

SUBSCRIPTION_MONTHS = Table(
    name="subscription_months",
    grain="one month, country, plan and channel, in one calendar",
    columns=(
        CALENDAR,
        day("month_start", "the month's first day", required=True),
        ACCOUNT_COUNTRY,
        text("account_plan", "the account's plan on the day before; null when unknown"),
        CHANNEL,
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
        day("row_day", "the day of the row, in UTC; null where it has none"),
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
            TITLES,
            SHOWS,
            ARTWORK_IMAGES,
            IMAGE_COLOURS,
            IMAGE_BINS,
            COLOUR_BINS,
            ACCOUNTS,
            PLAYS,
            COUNTED_PLAYS,
            PLAYED_INTERVALS,
            *TIMELINE_TABLES,
            PLAN_PERIODS,
            SUBSCRIPTIONS,
            ACCOUNT_DAYS,
            ACTIVE_MONTHS,
            SHOW_ACTIVE_MONTHS,
            SHOW_ACCOUNT_MONTHS,
            VIEWING_CUBE,
            TITLE_CUBE,
            SHOW_CUBE,
            SHOW_PERIODS,
            AUDIENCE_CELLS,
            ACTIVE_ACCOUNTS,
            TITLE_STARTS,
            START_CUBE,
            *PROGRESS_TABLES,
            HOUR_CUBE,
            HOUR_ACCOUNTS,
            VISITS,
            VISIT_CUBE,
            BINGE_SESSIONS,
            *COHORT_TABLES,
            LIFECYCLE_CUBE,
            INTERACTION_CUBE,
            COVER_CUBE,
            *TAKING_TABLES,
            ORIGIN_CUBE,
            CONTEXT_CUBE,
            CONTEXT_ACCOUNTS,
            *CUSTOMER_COLOUR_TABLES,
            STREAM_PEAKS,
            SUBSCRIPTION_CHANGES,
            SUBSCRIPTION_MONTHS,
            SUBSCRIPTION_LIVES,
            *VALUE_TABLES,
            LEAVING_CELLS,
            *RISK_TABLES,
            *LENGTH_TABLES,
            REJECTED_ROWS,
        )
    },
}

# ``table.column`` of everything that is published, as a manifest counts the values.
PUBLISHED_COLUMNS = tuple(f"{name}.{column.name}" for name, table in PUBLISHED.items() for column in table)
