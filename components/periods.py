"""Series of periods: which are drawn solid, which dashed, and where a gap falls."""

from collections.abc import Sequence

import pandas as pd

from definitions.metrics import METRICS
from definitions.values import WEEKDAYS
from queries.filters import FilterState


def beside_incomplete(complete: Sequence[bool]) -> list[bool]:
    """Tell which periods are incomplete or next to one that is: the points of the dashed line."""
    return [not all(complete[max(0, position - 1) : position + 2]) for position in range(len(complete))]


def kept(values: Sequence[float | None], keep: Sequence[bool]) -> list[float | None]:
    """Return the values, those that are not to be kept replaced by a gap."""
    return [value if wanted else None for value, wanted in zip(values, keep, strict=True)]


def lone_points(values: Sequence[float | None]) -> list[bool]:
    """Tell which values stand between two gaps, where no line can show them."""
    padded = [None, *values, None]
    return [
        value is not None and padded[position] is None and padded[position + 2] is None
        for position, value in enumerate(values)
    ]


def with_unchosen_days_blank(frame: pd.DataFrame, filters: FilterState) -> pd.DataFrame:
    """Return the rows of days with gaps instead of zeros on weekdays that are not chosen, where nothing is looked at.

    Rows are those of days where ``filters`` go by days and the frame has the column first_day; others stay as they are.
    A number that is not zero stays too: what runs past midnight reaches the next day.
    """
    selection = filters.chosen("weekday")
    if selection is None or filters.granularity != "day" or "first_day" not in frame:
        return frame
    weekdays = pd.to_datetime(frame["first_day"]).dt.day_of_week
    unchosen = weekdays.isin([WEEKDAYS.index(value) for value in selection.values if value in WEEKDAYS])
    if not selection.excluded:
        unchosen = ~unchosen
    measures = [name for name in frame.columns if name in METRICS]
    return frame.assign(**{name: frame[name].mask(frame[name].eq(0) & unchosen) for name in measures})
