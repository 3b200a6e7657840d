"""The published tables of what happened at each place of a title."""

from definitions.contract import Column, Table, ValueType, choice, count, milliseconds, required_id
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
            ("played", "replayed", "skipped", "paused", "stalled", "exited", "untold"),
            required=True,
        ),
        milliseconds(
            "from_ms",
            "where in the title it began; of an exit, where the stretch began that was played where its ten seconds "
            "begin, the exit's own place where none was. What lies beyond the title's end is cut",
        ),
        milliseconds(
            "to_ms",
            "where in the title it ended; of an exit, where the playhead last advanced, 0 where nothing was played",
        ),
        milliseconds("furthest_ms", "of an exit, the furthest place that the play played"),
        milliseconds("stopped_ms", "of a pause or a stall, how long it lasted"),
        milliseconds("watch_ms", "of an exit or a play untold, the play's watch time"),
        milliseconds("distinct_ms", "of an exit or a play untold, the play's distinct time"),
        UTC_DAY,
        MONTH,
    ),
)


def _changes(mark: str, how: str) -> tuple[Column, Column]:
    return (
        Column(f"{mark}_change", ValueType.INTEGER, f"stretches {how} that begin in the ten seconds − those that end"),
        Column(
            f"{mark}_change_ms",
            ValueType.INTEGER,
            f"from the beginning of the ten seconds, Σ how far those that end lie − Σ how far those that begin. Added "
            f"to the length of the ten seconds × the sum of {mark}_change up to them: the time in them that was {how}",
            unit="ms",
        ),
    )


TITLE_MOMENTS = Table(
    name="title_moments",
    grain="one title and ten seconds of it in which something changed, of the plays of one month (UTC)",
    key=("month", "title_id", "end_s"),
    columns=(
        TITLE_NUMBER,
        required_id("title_id", "the title"),
        Column(
            "end_s",
            ValueType.INTEGER,
            "the end of the ten seconds of the title, which belongs to them; 0: its very beginning",
            required=True,
            unit="s",
            minimum=0,
        ),
        count("plays", "plays that ended in them; those that player events do not tell, at the beginning"),
        milliseconds("watch_ms", "watch time of those plays"),
        count("followed_plays", "of those plays, the ones that player events tell"),
        milliseconds("followed_watch_ms", "watch time of these"),
        milliseconds("distinct_ms", "distinct time of these"),
        *_changes("played", "played"),
        *_changes("replayed", "played once more"),
        *_changes("skipped", "passed over by seeking forward"),
        count("pauses", "pauses"),
        milliseconds("paused_ms", "how long they lasted"),
        count("stalls", "stalls that no seek caused"),
        milliseconds("stalled_ms", "how long they lasted"),
        count("exits", "plays that ended in them, having played something"),
        count("present_exits", "of those, the ones that played the beginning of the ten seconds"),
        count("furthest_plays", "plays whose furthest place lies in them"),
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
        milliseconds("played_ms", "how long they played it; within ten seconds, playing is taken to lie evenly"),
    ),
)

TIMELINE_TABLES = (TITLE_MARKS, TITLE_MOMENTS, TITLE_CURVES)
