"""Chooses, of the rows that a build has added up in advance, the fewest that answer exactly."""

from collections.abc import Mapping
from datetime import date, timedelta

from definitions.values import DEFAULT_KINDS, GRANULARITIES

# The parameters of the filters that a split of the cubes tells apart, in the order of definitions.values.SPLITS.
_SPLIT_OF = {"devices": "device", "countries": "country", "plans": "plan", "profile_types": "profile_type"}
# How many days' rows a whole period has, about: the same titles and audiences come back every day.
_ROWS_IN_DAYS = {"day": 1, "week": 4, "month": 10}


def cube_parameters(filters: Mapping[str, object]) -> dict[str, str]:
    """Return what a query binds besides the ``filters`` of FilterState.parameters: which rows of the cubes it reads."""
    return {
        "split_by": split_by(filters),
        "counted_by": counted_by(filters),
        "total_granularity": total_granularity(filters),
    }


def split_by(filters: Mapping[str, object]) -> str:
    """Return the split of sums that knows all that is chosen; kinds are told apart in every one."""
    splits = [split for parameter, split in _SPLIT_OF.items() if filters[parameter] is not None]
    return "all" if len(splits) > 2 else "+".join(splits) or "none"


def total_granularity(filters: Mapping[str, object]) -> str:
    """Return the periods by which a total over the whole range is added up: whole ones, and days that they leave over.

    A chart adds up the periods that it shows.
    """
    start_day, end_day = filters["start_day"], filters["end_day"]
    assert isinstance(start_day, date) and isinstance(end_day, date)
    return min(GRANULARITIES, key=lambda granularity: _rows_in_days(start_day, end_day, granularity))


def counted_by(filters: Mapping[str, object]) -> str:
    """Return the sort of sets of active accounts that knows what is chosen; all tell countries and plans apart."""
    sorts = [
        name
        for name, values in (("device", "devices"), ("profile_type", "profile_types"))
        if filters[values] is not None
    ]
    if not sorts:
        return "kind"
    return sorts[0] if len(sorts) == 1 and _are_default_kinds(filters["kinds"]) else "all"


def _rows_in_days(start_day: date, end_day: date, granularity: str) -> int:
    """Return about how many days' rows are read of a range by whole periods and the days at its edges."""
    days = [start_day + timedelta(days=number) for number in range((end_day - start_day).days)]
    begins = {"day": lambda day: True, "week": lambda day: day.weekday() == 0, "month": lambda day: day.day == 1}
    starts = [day for day in (*days, end_day) if begins[granularity](day)]
    if not starts:
        return len(days)
    return (len(starts) - 1) * _ROWS_IN_DAYS[granularity] + len(days) - (starts[-1] - starts[0]).days


def _are_default_kinds(selection: object) -> bool:
    # Sets by device and by profile type are of what the kinds shown by default did.
    return isinstance(selection, Mapping) and (
        not selection["excluded"] and set(selection["chosen_values"]) == set(DEFAULT_KINDS)
    )
