"""Turns the player events of some days into plays, played intervals and what happened at which place."""

from collections.abc import Callable

import duckdb

from pipeline.build.load import PLAYBACK_EVENTS
from pipeline.build.statements import create, statement
from pipeline.validate import literal

# Of events of one instant, what can only come first comes first.
_KINDS_IN_ORDER = (
    "start",
    "first_frame",
    "rebuffer_end",
    "resume",
    "bitrate",
    "heartbeat",
    "seek",
    "rebuffer_start",
    "pause",
    "error",
    "stop",
)


def derive_event_plays(connection: duckdb.DuckDBPyConnection, reject: Callable[[str, str], None]) -> None:
    """Fill ``derived.event_plays``, ``played_intervals`` and ``play_marks`` from ``source.playback_events``.

    Events that contradict the others of their session are deleted and given to ``reject``, with the table's name; then
    the session is followed again without them.
    """
    kinds = ", ".join(map(literal, _KINDS_IN_ORDER))
    connection.execute(f"create type if not exists derived.player_event as enum ({kinds})")
    create(connection, "derived.event_sessions", "event_sessions", {})
    _follow(
        connection,
        f"select *, 0 as order_among_alike from source.{PLAYBACK_EVENTS}",
        "create or replace table derived.event_sequence as",
    )
    create(connection, "derived.doubtful_sessions", "doubtful_sessions", {})
    if connection.execute("select count(*) > 0 from derived.doubtful_sessions").fetchall()[0][0]:
        _leave_out_contradicted(connection, reject)
    create(connection, "derived.session_limits", "session_limits", {})
    create(connection, "derived.event_states", "event_states", {})
    create(connection, "derived.played_intervals", "played_intervals", {})
    create(connection, "derived.event_plays", "event_plays", {})
    create(connection, "derived.play_marks", "play_marks", {})


def _leave_out_contradicted(connection: duckdb.DuckDBPyConnection, reject: Callable[[str, str], None]) -> None:
    """Follow the doubtful sessions again, without their events that contradict the others."""
    create(connection, "derived.contradicted_events", "contradicted_events", {})
    connection.execute("delete from derived.event_sequence where session_number in (from derived.doubtful_sessions)")
    _follow(
        connection,
        f"select *, row_number() over (order by event_id) as order_among_alike from source.{PLAYBACK_EVENTS} "
        "where rowid in (select event_row from derived.contradicted_events where reject_reason is null)",
        "insert into derived.event_sequence",
    )
    reject(
        PLAYBACK_EVENTS,
        "(select events.* exclude (reject_reason), events.began_day as row_day, contradicted_events.reject_reason "
        f"from source.{PLAYBACK_EVENTS} as events inner join derived.contradicted_events as contradicted_events "
        "on events.rowid = contradicted_events.event_row where contradicted_events.reject_reason is not null)",
    )
    connection.execute(
        f"delete from source.{PLAYBACK_EVENTS} where rowid in "
        "(select event_row from derived.contradicted_events where reject_reason is not null)"
    )


def _follow(connection: duckdb.DuckDBPyConnection, events: str, into: str) -> None:
    connection.execute(f"create or replace view derived.possible_events as {events}")
    sql, parameters = statement("event_sequence", {})
    connection.execute(f"{into} {sql}", parameters)
