"""Chooses, of the rows that a build has added up in advance, the fewest that answer exactly."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from definitions.audience import AUDIENCE_CELLS, AudienceCell
from definitions.dimensions import UNKNOWN
from definitions.values import DEFAULT_KINDS, GRANULARITIES

ONE_DAY = timedelta(days=1)
# The parameters of days that colours are averaged over, which the range does not tell alone.
COLOUR_RANGES = ("colours_range", "colours_both_range")
# The parameters of the filters that a split of the cubes tells apart, in the order of definitions.values.SPLITS.
_SPLIT_OF = {"devices": "device", "countries": "country", "plans": "plan"}
# As how many days a whole period counts when rows are estimated: the same titles and audiences come back every day.
_DAYS_OF_ROWS = {"day": 1, "week": 4, "month": 10}


def cube_parameters(filters: Mapping[str, object]) -> dict[str, object]:
    """Return what a query binds besides the ``filters`` of FilterState.parameters: which rows of the cubes it reads.

    A chart reads ``chart_range``, whose weeks or months are those shown; one that also shows the range it is compared
    with, ``compared_range``; a total over both of these, ``total_range``.
    """
    start_day, end_day = _day(filters["start_day"]), _day(filters["end_day"])
    compared = [filters["compare_start_day"], filters["compare_end_day"]]
    none = (start_day, start_day)
    before = none if None in compared else (_day(compared[0]), _day(compared[1]))
    return {
        "split_by": split_by(filters),
        "chosen_set": chosen_set(filters),
        "chart_range": cube_range((start_day, end_day), none, str(filters["granularity"])),
        "compared_range": cube_range((start_day, end_day), before, str(filters["granularity"])),
        "total_range": cube_range((start_day, end_day), before, total_granularity(start_day, end_day)),
        "trend_split": split_by(filters, str(filters["trend_by"])),
        "trend_sets": group_sets(filters, str(filters["trend_by"])),
        "days_range": cube_range((start_day, end_day), none, "day"),
        "moved_split": split_by(filters, str(filters["moved_by"])),
        "interactions_split": split_by(filters, str(filters["interactions_by"])),
        "context_range": cube_range((start_day, end_day), before, "month"),
        "context_split": "none" if filters["countries"] is None and filters["plans"] is None else "all",
        "devices_range": cube_range((start_day, end_day), none, _months_or_days(str(filters["granularity"]))),
        "context_set": _set_of("all", _chosen_cells(filters, "all")),
        "device_split": split_by(filters, "device"),
        "device_hours_split": hours_split(filters, "device"),
        "audience_split": split_by(filters, str(filters["audience_by"])),
        "hours_range": cube_range((start_day, end_day), none, "month"),
        "timeline_range": timeline_range((start_day, end_day), str(filters["calendar"])),
        "hours_split": hours_split(filters),
        "hours_set": hours_set(filters),
        "survival_split": life_split(filters, str(filters["survival_by"])),
        "churn_split": life_split(filters, str(filters["churn_by"])),
        "colours_split": split_by(filters, str(filters["colours_by"])),
        **_colour_ranges(filters),
    }


def _colour_ranges(filters: Mapping[str, object]) -> dict[str, object]:
    """Return the days that colours are averaged over, the last so many of the range; and these with as many before.

    They may begin before the range, and are cut to the data.
    """
    end_day, days = _day(filters["end_day"]), int(str(filters["colour_days"]))
    begin, before = (first_of_last(many, end_day, _day(filters["data_start_day"])) for many in (days, 2 * days))
    return {
        name: cube_range((begin, end_day), (first_day, begin), total_granularity(begin, end_day))
        for name, first_day in zip(COLOUR_RANGES, (begin, before), strict=True)
    }


def first_of_last(days: int, end_day: date, data_start_day: date) -> date:
    """Return the first of the last ``days`` days before ``end_day``, which is not among them, that the data have."""
    return max(data_start_day, end_day - min(days, (end_day - date.min).days) * ONE_DAY)


def split_by(filters: Mapping[str, object], told_apart_by: str = "none") -> str:
    """Return the split of sums that knows all that is chosen, and what is told apart besides.

    Kinds and profile types are told apart in every one.
    """
    splits = [
        split for parameter, split in _SPLIT_OF.items() if filters[parameter] is not None or split == told_apart_by
    ]
    return "all" if len(splits) == len(_SPLIT_OF) else "+".join(splits) or "none"


def life_split(filters: Mapping[str, object], told_apart_by: str) -> str:
    """Return the split of subscriptions' lives that knows all that is chosen, and what is told apart besides."""
    chosen = {_SPLIT_OF[parameter] for parameter in ("countries", "plans") if filters[parameter] is not None}
    needed = (chosen | {told_apart_by}) - {"none"}
    return "all" if len(needed) > 1 else next(iter(needed), "none")


def cube_range(days: tuple[date, date], compared: tuple[date, date], granularity: str) -> dict[str, object]:
    """Return of which whole weeks or months, and days besides, two ranges of days are put together.

    Each is told by its first day and the day after its last, and may be empty. By ``granularity`` "day" none are whole.
    """
    whole, compared_whole = _whole(*days, granularity), _whole(*compared, granularity)
    rests = [
        rest
        for (start_day, end_day), (whole_start, whole_end) in ((days, whole), (compared, compared_whole))
        for rest in ((start_day, whole_start), (whole_end, end_day))
    ]
    return {
        "granularity": granularity,
        "start_day": days[0],
        "end_day": days[1],
        "whole_start_day": whole[0],
        "whole_end_day": whole[1],
        "compare_start_day": compared[0],
        "compare_end_day": compared[1],
        "compare_whole_start_day": compared_whole[0],
        "compare_whole_end_day": compared_whole[1],
        "months_of_rest": sorted({f"{day:%Y-%m}" for rest in rests for day in _starts_in(*rest, "month")}) or [""],
    }


def timeline_range(days: tuple[date, date], calendar: str) -> dict[str, object]:
    """Return of which whole months (UTC) a range is put together, and which days may count otherwise than their months.

    These are, by the calendar or by UTC, the days from ``rest_start_day`` up to ``rest_end_day``, but for those from
    ``inner_start_day`` up to ``inner_end_day``. Where a play counts otherwise, its day of UTC is in ``months_of_rest``.
    """
    start_day, end_day = days
    whole_start, whole_end = _whole(start_day, end_day, "month")
    # No clock is a whole day off UTC's.
    margin = 0 * ONE_DAY if calendar == "utc" else ONE_DAY
    rests = (
        (start_day - margin, max(start_day + margin, whole_start)),
        (min(end_day - margin, whole_end), end_day + margin),
    )
    return {
        "start_day": start_day,
        "end_day": end_day,
        "whole_start_day": whole_start,
        "whole_end_day": whole_end,
        "whole_start_month": f"{whole_start:%Y-%m}",
        "whole_end_month": f"{whole_end:%Y-%m}",
        "rest_start_day": start_day - margin,
        "inner_start_day": whole_start + margin,
        "inner_end_day": whole_end - margin,
        "rest_end_day": end_day + margin,
        "months_of_rest": sorted({f"{day:%Y-%m}" for rest in rests for day in _starts_in(*rest, "month")}) or [""],
    }


def total_granularity(start_day: date, end_day: date) -> str:
    """Return the periods by which the fewest rows are read for a total over the range."""

    def rows(granularity: str) -> int:
        whole_start, whole_end = _whole(start_day, end_day, granularity)
        periods = sum(1 for _ in _starts_in(whole_start, whole_end, granularity))
        return periods * _DAYS_OF_ROWS[granularity] + (end_day - start_day - (whole_end - whole_start)).days

    return min(GRANULARITIES, key=rows)


def _months_or_days(granularity: str) -> str:
    """Return by what a chart of a cube reads that has no weeks."""
    return "month" if granularity == "month" else "day"


def hours_split(filters: Mapping[str, object], told_apart_by: str = "none") -> str:
    """Return the same of hours, of which two columns are told apart only where all are."""
    split = split_by(filters, told_apart_by)
    return "all" if "+" in split else split


def chosen_set(filters: Mapping[str, object]) -> dict[str, object]:
    """Return what is chosen as a set of active accounts' things, of the sort that can tell it (``counted_by``)."""
    return _set_of(_counted_by(filters), _chosen_cells(filters, _counted_by(filters)))


def group_sets(filters: Mapping[str, object], told_apart_by: str) -> list[dict[str, object]]:
    """Return the same for each value (``group_id``) of what is told apart; one for "all" where the cubes have columns.

    Those have a column for countries and plans.
    """
    column = {"device": "device_type", "kind": "kind", "profile_type": "profile_type"}.get(told_apart_by)
    if column is None:
        return [{"group_id": "all", **chosen_set(filters)}]
    counted_by = _counted_by(filters, told_apart_by)
    cells = _chosen_cells(filters, counted_by)
    values = dict.fromkeys(getattr(cell, column) for cell in cells)
    return [
        {
            "group_id": value or UNKNOWN,
            **_set_of(counted_by, [cell for cell in cells if getattr(cell, column) == value]),
        }
        for value in values
    ]


def hours_set(filters: Mapping[str, object]) -> dict[str, object]:
    """Return what is chosen as a set of the things that accounts did in an hour (hour_accounts).

    Where the split does not tell devices apart, their sets have the bits of the unknown one.
    """
    cells = _chosen_cells(filters, "all")
    if hours_split(filters) in ("device", "all"):
        return _set_of("all", cells)
    return _set_of("profile_type", [cell for cell in cells if cell.device_type is None])


def _chosen_cells(filters: Mapping[str, object], counted_by: str) -> list[AudienceCell]:
    return [
        cell
        for cell in AUDIENCE_CELLS
        if cell.counted_by == counted_by
        and _is_chosen(cell.kind, filters["kinds"])
        and _is_chosen(cell.device_type, filters["devices"])
        and _is_chosen(cell.profile_type, filters["profile_types"])
    ]


def _set_of(counted_by: str, cells: Iterable[AudienceCell]) -> dict[str, object]:
    mask_low = mask_high = 0
    for cell in cells:
        mask_low |= cell.mask_low
        mask_high |= cell.mask_high
    return {"counted_by": counted_by, "mask_low": mask_low, "mask_high": mask_high}


def _counted_by(filters: Mapping[str, object], told_apart_by: str = "none") -> str:
    sorts = [
        name
        for name, values in (("device", "devices"), ("profile_type", "profile_types"))
        if filters[values] is not None or name == told_apart_by
    ]
    if not sorts:
        return "kind"
    kinds_suffice = are_default_kinds(filters["kinds"]) and told_apart_by != "kind"
    return sorts[0] if len(sorts) == 1 and kinds_suffice else "all"


def are_default_kinds(selection: object) -> bool:
    """Tell whether just the kinds shown by default are chosen, of which some rows are added up alone."""
    return isinstance(selection, Mapping) and (
        not selection["excluded"] and set(selection["chosen_values"]) == set(DEFAULT_KINDS)
    )


def _is_chosen(value: str | None, selection: object) -> bool:
    """Tell what the macro ``chosen`` tells."""
    return not isinstance(selection, Mapping) or (
        ((value or UNKNOWN) in selection["chosen_values"]) != selection["excluded"]
    )


def _whole(start_day: date, end_day: date, granularity: str) -> tuple[date, date]:
    """Return the first day and the day after the last of the weeks or months that lie in the range."""
    if granularity == "day":
        return start_day, start_day
    first, last = _start_of(start_day, granularity), _start_of(end_day, granularity)
    if first < start_day:
        first = _start_after(first, granularity)
    return (first, last) if first <= last else (start_day, start_day)


def _starts_in(start_day: date, end_day: date, granularity: str) -> Iterator[date]:
    """Return the first day of every week or month that has days in the range, also where it lies before the range."""
    start = _start_of(start_day, granularity)
    while start < end_day and start_day < end_day:
        yield start
        start = _start_after(start, granularity)


def _start_of(day: date, granularity: str) -> date:
    return day - day.weekday() * ONE_DAY if granularity == "week" else day.replace(day=1)


def _start_after(start: date, granularity: str) -> date:
    return start + 7 * ONE_DAY if granularity == "week" else (start + 31 * ONE_DAY).replace(day=1)


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"a day, not {value!r}")
    return value
