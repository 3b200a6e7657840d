"""Which cohorts are shown, how many intervals of their life, and which of these have passed."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from queries.cubes import are_default_kinds

ONE_DAY = timedelta(days=1)
# However short the range, so many cohorts are shown whose period has passed.
FEWEST_COHORTS = 12
MOST_INTERVALS_UNASKED = 60
# The cohort of all cohorts whose interval has passed, as the address has it.
POOLED = "pooled"
# What the number of intervals is where nobody says it.
AUTOMATIC = "auto"
# Of intervals that begin with the account's own beginning.
PERSONAL_DAYS = {"day": 1, "week": 7, "month": 28}


def cohort_parameters(filters: Mapping[str, object]) -> dict[str, object]:
    """Return what the queries of cohorts bind besides the ``filters`` of FilterState.parameters.

    ``cohort_range`` has the cohorts and intervals shown, ``cell_range`` bounds the accounts of the chosen cell;
    ``retained_hours``, ``intervals_shown`` and ``cell_interval`` are what was typed or picked as numbers, hours None
    where any active play counts.
    """
    of_range, last_interval = cohort_range(filters)
    hours = float(str(filters["retained_hours"])) if filters["retained_by"] == "hours" else None
    return {
        "cohort_range": of_range,
        "cell_range": _cell_range(of_range, str(filters["cell_cohort"]), str(filters["cohort_period"])),
        "retained_hours": hours,
        "intervals_shown": last_interval,
        "cell_interval": int(str(filters["cell_interval"])),
    }


def cohort_range(filters: Mapping[str, object]) -> tuple[dict[str, object], int]:
    """Return the cohorts shown, each with its last interval begun and passed (-1: none), and the last one shown.

    Those that begin in the range, and never fewer than the last 12 whose period has passed by its end. The cohort
    without a ``cohort_start`` is of the accounts there before the data. Intervals are calendar periods, or by
    ``interval_days`` so many days from each account's own beginning: they have passed once they have for the youngest
    that a cohort can have.
    """
    period, counted_as = str(filters["cohort_period"]), str(filters["retained_as"])
    start_day, end_day, data_start_day = (_day(filters[name]) for name in ("start_day", "end_day", "data_start_day"))
    interval_days = PERSONAL_DAYS[period] if filters["cohort_intervals"] == "personal" else None
    first_period = period_start(data_start_day, period)
    starts = list(_starts(first_period, end_day, period))
    in_range = starts if start_day <= data_start_day else [start for start in starts if start >= start_day]
    passed = [start for start in starts if period_after(start, period) <= end_day]
    first_start = min([*in_range[:1], *passed[-FEWEST_COHORTS:][:1]], default=starts[-1])
    cohorts: list[dict[str, object]] = []
    complete_throughs = []
    ends_whole = period_start(end_day, period) == end_day
    for position, start in enumerate(starts):
        if start >= first_start:
            if interval_days is None:
                begun = len(starts) - 1 - position
                complete = begun if ends_whole else begun - 1
            else:
                begun = (end_day - start - ONE_DAY).days // interval_days
                complete = (end_day - period_after(start, period)).days // interval_days - 1
            complete_throughs.append(max(complete, -1))
            cohorts.append({"cohort_start": start, "begun_through": begun, "complete_through": complete_throughs[-1]})
    asked = filters["intervals_shown"]
    unasked = min(_unasked(complete_throughs, counted_as), MOST_INTERVALS_UNASKED)
    last = unasked if asked == AUTOMATIC else int(str(asked))
    first = 1 if counted_as == "on_or_before" else 0
    if filters["cohort_before"] == "kept":
        if interval_days is None:
            begun = len(starts) - 1
            complete = begun if ends_whole else begun - 1
        else:
            # They all count from the same day.
            days = (end_day - data_start_day).days
            begun, complete = (days - 1) // interval_days, days // interval_days - 1
        cohorts.insert(0, {"cohort_start": None, "begun_through": begun, "complete_through": max(complete, -1)})
    # By whole periods it does not matter what comes after them.
    is_whole = interval_days is None and ends_whole
    chosen: dict[str, object] = {
        "is_added_up": period != "day" and (is_whole or end_day == filters["data_end_day"]),
        "first_start": first_start,
        "until_day": end_day,
        "end_day": end_day,
        "data_start_day": data_start_day,
        "interval_days": interval_days,
        "first_interval": first,
        "cohorts": cohorts,
    }
    return chosen, max(last, first)


def reads_rows(parameters: Mapping[str, object]) -> bool:
    """Tell whether a query of cohorts with these values bound asks what no build has added up (cohort_cube)."""
    of_range = parameters.get("cohort_range")
    if not isinstance(of_range, Mapping):
        return False
    told_apart_by = parameters.get("cohort_by", "none")
    of_whom = [parameters["countries"], parameters["plans"]]
    return (
        not of_range["is_added_up"]
        or parameters["retained_by"] != "activity"
        or not are_default_kinds(parameters["kinds"])
        or any(parameters[name] is not None for name in ("devices", "profile_types"))
        or told_apart_by == "title"
        or (told_apart_by in ("channel", "device", "genre") and of_whom != [None, None])
    )


def period_start(day: date, period: str) -> date:
    """Return the first day of the day, week (from Monday) or month that a day lies in."""
    if period == "week":
        return day - day.weekday() * ONE_DAY
    return day.replace(day=1) if period == "month" else day


def period_after(start: date, period: str) -> date:
    """Return the first day of the period after the one that begins on ``start``."""
    if period == "month":
        return (start + 31 * ONE_DAY).replace(day=1)
    return start + (7 if period == "week" else 1) * ONE_DAY


def _unasked(complete_throughs: list[int], counted_as: str) -> int:
    """Return the last interval shown where nobody says it: of "on or after" the last that half the cohorts have."""
    if counted_as != "on_or_after":
        return max(complete_throughs)
    return sorted(complete_throughs, reverse=True)[(len(complete_throughs) - 1) // 2]


def _cell_range(of_range: Mapping[str, object], chosen: str, period: str) -> dict[str, object]:
    """Return which accounts of the range a cell can have: those that begin in the chosen cohort, or in any."""
    own = {name: value for name, value in of_range.items() if name != "cohorts"}
    if chosen == POOLED:
        return own
    try:
        start = date.fromisoformat(chosen)
        after = period_after(start, period)
    except (ValueError, OverflowError):
        # None of them, or those who were there before.
        start = after = _day(of_range["end_day"])
    return {**own, "first_start": start, "until_day": after}


def _starts(first_start: date, end_day: date, period: str) -> Iterator[date]:
    start = first_start
    while start < end_day:
        yield start
        start = period_after(start, period)


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"a day, not {value!r}")
    return value
