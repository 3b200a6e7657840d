"""Runs a query: the one way by which cards, option lists, exports and the command read the warehouse."""

import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from definitions.dimensions import DIMENSIONS, Dimension
from definitions.errors import UserError
from definitions.metrics import METRICS
from queries.asking import Asking
from queries.cohorts import cohort_parameters, reads_rows
from queries.cubes import COLOUR_RANGES, are_default_kinds, cube_parameters, first_of_last
from queries.db import Build
from queries.filters import NEED_NO_DAYS, NO_DAYS, FilterState, NoDaysError
from queries.fits import FITS

FOLDER = Path(__file__).parent
CACHE_BYTES = 64 * 1024 * 1024
# What a value takes in Python at most, but for long texts: measuring each takes longer than a small query.
BYTES_PER_VALUE = 64
# Of single plays these make groups of one minute each. An array of so many bits has room for 1,456 days of minutes.
GROUPED_BY_MINUTES = ("busiest_moments", "concurrent_streams_by_period")
MINUTES_BITS = 21
SPAN = "span"
ACCOUNTS = "accounts"
SUPPRESSED = "is_suppressed"
# What sums by day do not know, but the plays themselves.
_KNOWN_OF_PLAYS = (
    "hours",
    "weekdays",
    *(dimension.parameter for dimension in DIMENSIONS if dimension.of_plays),
)
# What a query counts besides metrics of the glossary.
_OTHER_MEASURES = (
    "change_hours",
    "watch_share",
    "unknown_origin_share",
    "started_titles",
    "completed_titles",
    "share_of_starters",
    "unknown_starters",
    "open_starters",
    "estimated_starters",
    "settled_titles",
    "returned_titles",
    "estimated_titles",
    "binge_racers",
    "release_known_seasons",
    "estimated_seasons",
    "rewatch_plays",
    "coverage_known_plays",
    "rewatch_hours",
    "coverage_known_hours",
    "subscriptions_at_start",
    "film_hours",
    "episode_hours",
    "film_share",
    "weekend_contrast",
    "weekend_contrast_low",
    "weekend_contrast_high",
    "base_share",
    "group_value",
    "mix_effect",
    "rate_effect",
    "effect",
    "measured_hours",
    "measured_plays",
    "autoplay_hours",
    "autoplay_plays",
    "top_genre_share",
    "half_over_hours",
    "profile_share",
    "followed_plays",
    "audience_low",
    "audience_high",
    "playing",
    "replays",
    "skips",
    "pauses",
    "paused_s",
    "stalls",
    "stalled_s",
    "exits",
    "present_exits",
    "present_plays",
    "exit_hazard_low",
    "exit_hazard_high",
    "reached_low",
    "reached_high",
    "sure_replays",
    "sure_skips",
    "sure_pauses",
    "sure_stalls",
    "sure_exits",
    "replays_stand_out",
    "skips_stand_out",
    "pauses_stand_out",
    "stalls_stand_out",
    "exits_stand_out",
    "views_by_plays",
    "views_by_coverage",
    "views_by_hours",
    "views_by_starts",
    "rank_spread",
    "service_share",
    "play_share",
    "shared_accounts",
    "own_share",
    "known_starters",
    "episode_finishers",
    "went_on_accounts",
    "went_on_share",
    "ratings",
    "rating_share",
    "impressions",
    "taken_impressions",
    "take_rate_low",
    "take_rate_high",
    "hours_per_title_low",
    "hours_per_title_high",
    "colour_effect_low",
    "colour_effect_high",
    "expected_taken",
    "colour_appeal_low",
    "colour_appeal_high",
    "raw_colour_appeal",
    "drawn_accounts",
    "shown_accounts",
    "take_rate_difference",
    "take_rate_difference_low",
    "take_rate_difference_high",
    "experiment_effect_low",
    "experiment_effect_high",
    "p_value",
    "subscriptions",
    "at_risk",
    "rejoined_share_low",
    "rejoined_share_high",
    "payment_ended_subscriptions",
    "rejoined_subscriptions",
    "moved_subscriptions",
    "subscriptions_at_end",
    "cancellation_decisions",
    "ended_accounts_share",
    "chosen_accounts",
    "chosen_ended",
    "precision_low",
    "precision_high",
    "band_accounts",
    "band_ended",
    "expected_ended_share",
    "band_ended_share_low",
    "band_ended_share_high",
    "earlier_share",
    "decisive_change",
    "in_common_share",
    "survival_low",
    "survival_high",
    "ending_rate_low",
    "ending_rate_high",
    "retained_accounts",
    "cohort_retention_low",
    "cohort_retention_high",
    "renewals",
    "fitted_survival",
    "forecast_survival",
    "constant_rate_survival",
    "fitted_months",
    "forecast_months",
    "constant_rate_error",
    "lifetime_months_low",
    "lifetime_months_high",
    "share_beyond_data",
    "payments",
    "mean_price_minor",
    "customer_lifetime_value_low",
    "customer_lifetime_value_high",
    "counted_accounts",
    "share_of_accounts",
    "least_amount",
    "left_subscriptions",
    "leaving_rate",
    "raw_odds_ratio",
    "raw_odds_ratio_low",
    "raw_odds_ratio_high",
    "leaving_odds_ratio_low",
    "leaving_odds_ratio_high",
)


class QueryError(UserError):
    """A query could not be answered; the message says why, for people."""


class TooMuchError(QueryError):
    """A query took longer, or needed more memory, than allowed and was stopped."""


def query_names() -> tuple[str, ...]:
    """Return the names of all queries, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))


@cache
def query_text(name: str) -> str:
    """Return a query's SQL; raises QueryError when there is no such query."""
    if name not in query_names():
        raise QueryError(f"There is no query «{name}». There are: {', '.join(query_names())}.")
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@cache
def parameter_names(name: str) -> frozenset[str]:
    """Return the names of the values that a query binds."""
    return frozenset(parsed_query(name).named_parameters)


@cache
def parsed_query(name: str) -> duckdb.Statement:
    """Return a query as DuckDB reads it: reading it takes a tenth of the time in which most are answered."""
    (statement,) = duckdb.extract_statements(query_text(name))
    return statement


def min_accounts() -> int | None:
    """Return the fewest accounts that a figure may tell of, from MARQUEE_MIN_ACCOUNTS; None when nothing is hidden.

    Raises QueryError when the setting is not a whole number from 2.
    """
    text = os.environ.get("MARQUEE_MIN_ACCOUNTS", "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < 2:
        raise QueryError(f"MARQUEE_MIN_ACCOUNTS is a whole number from 2; not {text!r}.")
    return int(text)


def bound_parameters(name: str, filters: FilterState) -> dict[str, object]:
    """Return exactly the values that a query binds.

    Raises FilterError when the filters cannot be read, or the query asks for days and the data hold none.
    """
    names = parameter_names(name)
    if not filters.has_days and not names <= NEED_NO_DAYS:
        raise NoDaysError(NO_DAYS)
    available = _filter_parameters(filters) | {"min_accounts": min_accounts()}
    if "cohort_range" in names:
        available |= cohort_parameters(available)
    return {parameter: available[parameter] for parameter in sorted(names)}


def days_read(name: str, filters: FilterState) -> tuple[date, date] | None:
    """Return the first day that a query tells of and the day after the last; None where it tells of no days.

    That is the range, or of the colours of the last N days these. What is no query's name is told of the range.
    """
    names = parameter_names(name) if name in query_names() else frozenset()
    if not names.isdisjoint(COLOUR_RANGES):
        days = int(filters.option("colour_days"))
        return first_of_last(days, filters.end_day, filters.data_start_day), filters.end_day
    if names and names <= NEED_NO_DAYS:
        return None
    return filters.start_day, filters.end_day


# A page asks all its queries with the same filters.
@lru_cache(maxsize=64)
def _filter_parameters(filters: FilterState) -> dict[str, object]:
    chosen = filters.parameters()
    return chosen | cube_parameters(chosen)


def macro_schemas(parameters: Mapping[str, object]) -> tuple[str, ...]:
    """Return the schemas of queries/macros that answer a query with these values bound, for ``Build.cursor``.

    What a query does not need is not even planned: planning a scan of the plays takes longer than reading an aggregate.
    """
    # The first that has a macro takes its place.
    chosen_set = parameters.get("chosen_set")
    filters = parameters.get("filters", parameters.get("filters_but_plays"))
    chosen = filters if isinstance(filters, dict) else parameters
    has_titles = chosen.get("titles") is not None
    has_plays = any(chosen.get(parameter) is not None for parameter in _KNOWN_OF_PLAYS)
    counts_by_all = isinstance(chosen_set, dict) and chosen_set["counted_by"] == "all"
    needed = {
        "small_groups_hidden": min_accounts() is not None,
        "plays_read": has_plays,
        "titles_chosen": has_titles,
        "titles_or_plays_chosen": has_titles or has_plays,
        "account_days_counted": has_titles or has_plays or counts_by_all,
        "streams_counted": isinstance(filters, dict) and not _are_default(filters),
        "marks_counted": isinstance(filters, dict) and not _are_default(filters),
        "hours_counted": has_titles or has_plays,
        "active_days_counted": isinstance(filters, dict)
        and not _are_default({**filters, "countries": None, "plans": None}),
        "league_by_coverage": parameters.get("view") == "coverage",
        "league_by_completion": parameters.get("league_measure") == "completion_rate",
        # What of subscriptions is told apart by more than one column, sums do not know.
        "spells_counted": "all" in (parameters.get("survival_split"), parameters.get("churn_split")),
        "cohorts_of_rows": reads_rows(parameters),
        "accounts_named": bool(parameters.get("colour_account") or parameters.get("other_account")),
        "paid_intervals_counted": parameters.get("retained_by") == "paid",
        "show_accounts_counted": isinstance(filters, dict)
        and any(filters[parameter] is not None for parameter in filters.keys() - {"countries", "kinds", "titles"}),
        "league_by_accounts": parameters.get("league_measure") in ("active_accounts", "hours_per_account"),
    }
    return tuple(schema for schema, is_needed in needed.items() if is_needed)


def cursor_for(
    name: str, parameters: Mapping[str, object], build: Build
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Return the cursor that answers a query with these values bound."""
    return build.cursor(
        macros_of=macro_schemas(parameters), array_bits=MINUTES_BITS if name in GROUPED_BY_MINUTES else None
    )


def _are_default(filters: Mapping[str, object]) -> bool:
    """Tell whether nothing is chosen but the kinds shown by default."""
    return are_default_kinds(filters["kinds"]) and all(
        selection is None for parameter, selection in filters.items() if parameter != "kinds"
    )


def answers_both_spans(name: str) -> bool:
    """Tell whether a query's rows are of the range and, by its column ``span``, of the one it is compared with."""
    return "compared_range" in parameter_names(name)


def unapplied_filters(name: str, filters: FilterState) -> tuple[Dimension, ...]:
    """Return the dimensions that are filtered but that a query does not look at."""
    bound = parameter_names(name)
    return tuple(
        dimension
        for dimension in DIMENSIONS
        if filters.chosen(dimension.name) is not None
        and not bound & {"filters", dimension.parameter}
        and (dimension.of_plays or "filters_but_plays" not in bound)
    )


def run(name: str, filters: FilterState, build: Build) -> pd.DataFrame:
    """Return a query's rows over the range, or what is fitted to them, as a DataFrame of the caller's own.

    Where MARQUEE_MIN_ACCOUNTS hides small groups, the metrics of rows that tell of fewer accounts are null and the last
    column, ``is_suppressed``, is true there.

    Raises FilterError when the filters cannot be read, QueryError when the query fails or takes longer than allowed.
    """
    if answers_both_spans(name):
        return _answer(name, filters.uncompared(), build).drop(columns=SPAN)
    return _answer(name, filters, build)


def run_compared(name: str, filters: FilterState, build: Build) -> pd.DataFrame:
    """Return a query's rows over the range and, below them, over the one that it is compared with.

    The first column, ``span``, is "current" or "comparison". A query that does not tell them apart is run for each.
    """
    if answers_both_spans(name):
        return _answer(name, filters, build)
    spans = {"current": filters, "comparison": filters.comparison()}
    frames = {span: run(name, shown, build) for span, shown in spans.items() if shown is not None}
    for span, frame in frames.items():
        frame.insert(0, SPAN, span)
    return pd.concat(frames.values(), ignore_index=True)


def _answer(name: str, filters: FilterState, build: Build) -> pd.DataFrame:
    parameters = bound_parameters(name, filters)
    key = (build.id, name, repr((parameters, min_accounts())))
    frame = _cache.get(key)
    if frame is None:
        with cursor_for(name, parameters, build) as cursor:
            try:
                rows = cursor.execute(parsed_query(name), parameters).df()
            except duckdb.Error as error:
                raise query_error(name, error) from error
        frame = _without_small_groups(rows)
        if name in FITS:
            fitted = FITS[name].of(frame, Asking(filters, build, _answer))
            frame = _without_small_groups(fitted)
        _cache.put(key, frame)
    # Copy-on-write: the copy costs nothing until the caller changes it.
    return frame.copy(deep=False)


def _without_small_groups(frame: pd.DataFrame) -> pd.DataFrame:
    """Hide the metrics of rows that tell of too few accounts, which a query counts in its column ``accounts``.

    Of what is fitted to rows, too, where those are hidden.
    """
    if ACCOUNTS in frame:
        counted, fewest = frame.pop(ACCOUNTS), min_accounts()
        if fewest is not None:
            accounts = counted.astype("float64").fillna(0)
            frame = frame.assign(**{SUPPRESSED: (accounts > 0) & (accounts < fewest)})
    if SUPPRESSED not in frame:
        return frame
    columns = frame.columns
    measures = columns[columns.str.removeprefix("compare_").isin([*METRICS, *_OTHER_MEASURES])]
    frame[measures] = frame[measures].astype("float64").mask(frame[SUPPRESSED])
    return frame


def run_statement(name: str, sql: str, parameters: Mapping[str, object], build: Build) -> pd.DataFrame:
    """Return the rows of a statement made from the definitions, kept for when it is asked again.

    ``name`` is what an error calls it. Raises QueryError when it fails or takes longer than allowed.
    """
    key = (build.id, sql, repr(parameters))
    frame = _cache.get(key)
    if frame is None:
        frame = select(sql, build, parameters, name=name).to_pandas()
        _cache.put(key, frame)
    return frame.copy(deep=False)


def select(sql: str, build: Build, parameters: Mapping[str, object] | None = None, *, name: str = "sql") -> pa.Table:
    """Return the rows of one read-only statement over the published tables; ``name`` is what an error calls it.

    Raises QueryError when it is not a single SELECT, fails, or takes longer than allowed.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryError(f"The SQL cannot be read: {error}") from error
    # Not EXPLAIN either: EXPLAIN ANALYZE carries out what it explains, and the build's folder can be written.
    if len(statements) != 1 or statements[0].type is not duckdb.StatementType.SELECT:
        raise QueryError("One SELECT statement at a time; the warehouse is read-only.")
    with build.cursor() as cursor:
        try:
            return cursor.sql(sql, params=dict(parameters or {})).to_arrow_table()
        except duckdb.Error as error:
            raise query_error(name, error) from error


def query_error(name: str, error: Exception, remedy: str = "Choose a shorter period or fewer groups.") -> QueryError:
    """Return what is said of a failure of DuckDB: of ``name``, with the ``remedy`` where it took too much."""
    # Once rows are streaming, DuckDB's errors reach Python as Arrow's, told apart by their first words alone.
    text = str(error)
    if isinstance(error, duckdb.InterruptException) or text.startswith("INTERRUPT Error:"):
        return TooMuchError(f"{name} took longer than allowed and was stopped. {remedy}")
    if isinstance(error, duckdb.OutOfMemoryException) or text.startswith("Out of Memory Error:"):
        return TooMuchError(f"{name} needed more memory than allowed. {remedy}")
    return QueryError(f"{name} could not be answered: {text}")


class _ByteBoundCache:
    """Frames by key, the least recently used dropped once they take more than the bound."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._frames: OrderedDict[tuple[str, str, str], tuple[pd.DataFrame, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str, str]) -> pd.DataFrame | None:
        with self._lock:
            if key not in self._frames:
                return None
            self._frames.move_to_end(key)
            return self._frames[key][0]

    def put(self, key: tuple[str, str, str], frame: pd.DataFrame) -> None:
        size = frame.size * BYTES_PER_VALUE
        with self._lock:
            if key in self._frames or size > self._max_bytes:
                return
            self._frames[key] = (frame, size)
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._bytes -= self._frames.popitem(last=False)[1][1]


_cache = _ByteBoundCache(CACHE_BYTES)
