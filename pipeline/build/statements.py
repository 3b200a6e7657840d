"""Runs the statements of this folder, each of which makes one table."""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import duckdb

from definitions.leaving import (
    EARLY_LIFE_MONTHS,
    LIFE_MONTH_DAYS,
    MANY_ACTIVE_DAYS,
    MANY_STALLS_RATIO,
    MUCH_WATCH_MS,
    SOME_ACTIVE_DAYS,
    SOME_STALLS_RATIO,
    SOME_WATCH_MS,
)
from definitions.taking import (
    FIRST_PLACES_TO,
    MIDDLE_ROWS_TO,
    NEW_ACCOUNT_DAYS,
    NEXT_PLACES_TO,
    OLD_ACCOUNT_DAYS,
    PARTS,
    TASTE_MIN_TAKEN,
    TOP_ROWS_TO,
)
from definitions.values import (
    ABANDONED_AFTER_DAYS,
    ACTIVE_PLAY_MIN_WATCH_MS,
    BINGE_GAP_MIN,
    BINGE_MIN_EPISODES,
    BUSY_MONTH_PLAYS,
    COMPLETION_COVERAGE,
    CONTEXTS_ADDED_UP,
    CURVE_MIN_PLAYS,
    DEFAULT_KINDS,
    HEARTBEAT_INTERVAL_MS,
    LEFT_MIN_GAP_MS,
    PAYMENT_GRACE_DAYS,
    POSITION_TOLERANCE_MS,
    SEEK_STALL_MS,
    SHOWN_MIN_MS,
    START_MIN_WATCH_MS,
    TAKE_WITHIN_MIN,
    TITLE_MOMENT_MS,
    VIEW_MIN_WATCH_MS,
    VISIT_GAP_MIN,
    VISIT_LENGTH_OPEN_MIN,
    VISIT_LENGTH_STEP_MIN,
    WATCHED_COVERAGE,
)

SQL_FOLDER = Path(__file__).parent
# What the definitions settle, for whichever statement binds it.
SETTLED: Mapping[str, object] = {
    "payment_grace_days": PAYMENT_GRACE_DAYS,
    "active_play_min_watch_ms": ACTIVE_PLAY_MIN_WATCH_MS,
    "start_min_watch_ms": START_MIN_WATCH_MS,
    "view_min_watch_ms": VIEW_MIN_WATCH_MS,
    "watched_coverage": WATCHED_COVERAGE,
    "completion_coverage": COMPLETION_COVERAGE,
    "abandoned_after_days": ABANDONED_AFTER_DAYS,
    "left_min_gap_ms": LEFT_MIN_GAP_MS,
    "contexts_added_up": list(CONTEXTS_ADDED_UP),
    "default_kinds": list(DEFAULT_KINDS),
    "heartbeat_interval_ms": HEARTBEAT_INTERVAL_MS,
    "position_tolerance_ms": POSITION_TOLERANCE_MS,
    "seek_stall_ms": SEEK_STALL_MS,
    "visit_gap_min": VISIT_GAP_MIN,
    "visit_length_step_min": VISIT_LENGTH_STEP_MIN,
    "visit_length_open_min": VISIT_LENGTH_OPEN_MIN,
    "binge_gap_min": BINGE_GAP_MIN,
    "binge_min_episodes": BINGE_MIN_EPISODES,
    "moment_ms": TITLE_MOMENT_MS,
    "shown_min_ms": SHOWN_MIN_MS,
    "take_within_min": TAKE_WITHIN_MIN,
    "busy_month_plays": BUSY_MONTH_PLAYS,
    "curve_min_plays": CURVE_MIN_PLAYS,
    "life_month_days": LIFE_MONTH_DAYS,
    "early_life_months": EARLY_LIFE_MONTHS,
    "some_watch_ms": SOME_WATCH_MS,
    "much_watch_ms": MUCH_WATCH_MS,
    "some_active_days": SOME_ACTIVE_DAYS,
    "many_active_days": MANY_ACTIVE_DAYS,
    "some_stalls_ratio": SOME_STALLS_RATIO,
    "many_stalls_ratio": MANY_STALLS_RATIO,
    "top_rows_to": TOP_ROWS_TO,
    "middle_rows_to": MIDDLE_ROWS_TO,
    "first_places_to": FIRST_PLACES_TO,
    "next_places_to": NEXT_PLACES_TO,
    "new_account_days": NEW_ACCOUNT_DAYS,
    "old_account_days": OLD_ACCOUNT_DAYS,
    "taste_min_taken": TASTE_MIN_TAKEN,
    "parts": PARTS,
}


def statement(name: str, settings: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """Return the SQL of ``name`` and those of the settings that it binds; raises KeyError when one is not given.

    What the definitions settle need not be among the ``settings``.
    """
    sql, parameters = _read(name)
    available = {**SETTLED, **settings}
    return sql, {parameter: available[parameter] for parameter in parameters}


def create(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    name: str,
    settings: Mapping[str, object],
    *,
    kind: Literal["table", "view"] = "table",
) -> None:
    """Create ``relation`` anew from the statement ``name``; a view can bind no settings."""
    sql, parameters = statement(name, settings)
    connection.execute(parsed(f"create or replace {kind} {relation} as {sql}"), parameters)


@lru_cache(maxsize=1024)
def parsed(sql: str) -> duckdb.Statement:
    """Return one statement, parsed: DuckDB takes a fifth of a small statement's time for it, each time anew."""
    (found,) = duckdb.extract_statements(sql)
    return found


@cache
def _read(name: str) -> tuple[str, tuple[str, ...]]:
    sql = (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    (parsed,) = duckdb.extract_statements(sql)
    return sql, tuple(sorted(parsed.named_parameters))
