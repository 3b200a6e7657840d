"""The published tables of what happened at each place of a title."""

from definitions.contract import Column, Table, ValueType, choice, count, milliseconds, required_id
from definitions.values import BUSY_MONTH_PLAYS, CALENDARS, MARKS, TIMELINE_PARTS
from definitions.warehouse_columns import MONTH, UTC_DAY, day

TITLE_NUMBER = count(
    "title_number",
    "a number made of title_id, by which rows are found: of texts DuckDB compares only the first letters",
)

TITLE_MARKS = Table(
    name="title_marks",
    grain="one thing that happened at a place of a title in one play; of a play not told by player events, that it was",
    columns=(
        TITLE_NUMBER,
        required_id("title_id", "the title"),
        required_id("play_id", "the play"),
        day("local_day", "the day the play began, by the viewer's clock"),
        day("service_day", "the day the play began, in the service's zone"),
        choice(
            "mark",
            "played: a stretch that was played, however often it was interrupted; replayed: a stretch that was played "
            "once more; skipped: a stretch passed over by seeking forward; paused, stalled: where playback stood "
            "still; exited: where the play ended, one for each; untold: a play that player events do not tell",
            MARKS,
            required=True,
        ),
        milliseconds(
            "from_ms",
            "where in the title it began; of an exit, its own place. What lies beyond the title's end is cut",
        ),
        milliseconds(
            "to_ms",
            "where in the title it ended; of an exit, where the playhead last advanced, 0 where nothing was played",
        ),
        milliseconds("furthest_ms", "of an exit, the furthest place that the play played"),
        milliseconds("stopped_ms", "of a pause or a stall, how long it lasted"),
        milliseconds("watch_ms", "of an exit or a play untold, the play's watch time"),
        milliseconds("distinct_ms", "of an exit or a play untold, the play's distinct time"),
        Column(
            "present_in_ten_seconds",
            ValueType.BOOLEAN,
            "of an exit, whether the play played the place where the ten seconds begin in which it lies",
        ),
        Column(
            "present_in_percent",
            ValueType.BOOLEAN,
            "of an exit, whether the play played the place where the percent of the runtime begins in which it lies",
        ),
        Column(
            "is_busy_month",
            ValueType.BOOLEAN,
            f"whether {BUSY_MONTH_PLAYS:,} plays of the title or more began in the month",
            required=True,
        ),
        UTC_DAY,
        MONTH,
    ),
)

TITLE_MOMENTS = Table(
    name="title_moments",
    grain=(
        "one mark in one part of a title, of the plays of one month (UTC): as a whole, and where the title "
        f"had {BUSY_MONTH_PLAYS:,} plays or more, by their days in each calendar too"
    ),
    key=("month", "clock", "period", "period_start", "title_id", "parts", "part", "mark"),
    columns=(
        choice("clock", "whose days they are; of months, UTC's in every calendar", CALENDARS, required=True),
        choice("period", "month: all plays of the month; day: those of one day", ("month", "day"), required=True),
        day("period_start", "the first day of the month, which is UTC's; the day", required=True),
        TITLE_NUMBER,
        required_id("title_id", "the title"),
        choice(
            "parts",
            "what the title is parted into: ten_seconds; percent: of its runtime in whole ms, where it is known",
            TIMELINE_PARTS,
            required=True,
        ),
        count("part", "the number of the part, from 1, whose end belongs to it; 0: the title's very beginning"),
        choice(
            "mark",
            "as in title_marks; furthest: the furthest place that a play played. Exits of plays that played nothing, "
            "and plays untold, lie at the very beginning",
            (*MARKS, "furthest"),
            required=True,
        ),
        Column(
            "marks",
            ValueType.INTEGER,
            "of stretches, how many begin in the part − how many end in it; of all else, how many lie in it",
            required=True,
        ),
        Column(
            "offset_ms",
            ValueType.INTEGER,
            "of stretches, from the beginning of the part, Σ how far those that end lie − Σ how far those that begin. "
            "Added to the length of the part × the sum of marks up to it: the time in it that was played, played again "
            "or skipped",
            unit="ms",
        ),
        milliseconds("watch_ms", "of exits and plays untold, their watch time"),
        milliseconds("distinct_ms", "of exits, the plays' distinct time"),
        milliseconds("stopped_ms", "of pauses and stalls, how long they lasted"),
        count("present_exits", "of exits, those of plays that played the beginning of the part"),
        MONTH,
    ),
)

TITLE_CURVES = Table(
    name="title_curves",
    grain="one percent of the runtime of one film or episode with 30 followed plays or more, over all the data",
    key=("title_id", "percent"),
    columns=(
        required_id("title_id", "the title"),
        count("percent", "the percent, 0 to 99"),
        count("followed_plays", "plays that player events tell"),
        milliseconds("played_ms", "how long they played it"),
    ),
)

TIMELINE_TABLES = (TITLE_MARKS, TITLE_MOMENTS, TITLE_CURVES)
