"""What a click offers: the filter that a mark stands for, as a piece of the page's address (assets/picks.js)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import html

from components.format import days_text, is_missing
from components.labels import value_label
from definitions.dimensions import DIMENSION_BY_NAME, DIMENSIONS, UNKNOWN

# A title is told by its film or series, so it has a column of its own.
_DIMENSION_OF_COLUMN = {dimension.column: dimension.name for dimension in DIMENSIONS} | {"show_id": "title"}
_NAMED_BY = {"show_id": ("name", "show_name")}


@dataclass(frozen=True, slots=True)
class Pick:
    """A filter to choose: ``search`` is its part of a query string, such as ``device=tv``; ``label`` its words."""

    search: str
    label: str

    def customdata(self) -> list[str]:
        """Return what a mark of a Plotly figure carries."""
        return [self.search, self.label]


def value_pick(dimension: str, value: str, label: str | None = None) -> Pick:
    """Return the choice of one value of a dimension."""
    return Pick(urlencode({dimension: value}), label or value_label(dimension, value))


def both(first: Pick, second: Pick) -> Pick:
    """Return the choice of what two choices have in common, such as an hour of one day of the week."""
    return Pick(f"{first.search}&{second.search}", f"{first.label} {second.label}")


def several_pick(dimension: str, values: Sequence[str]) -> Pick:
    """Return the choice of several values of a dimension."""
    search = urlencode([(dimension, value) for value in values])
    return Pick(search, " + ".join(value_label(dimension, value) for value in values))


def days_pick(first_day: date, end_day: date) -> Pick:
    """Return the choice of some days; ``end_day`` is not included."""
    days = {"start_day": first_day.isoformat(), "end_day": end_day.isoformat()}
    return Pick(urlencode(days), days_text(first_day, end_day))


def row_pick(row: Mapping[str, Any]) -> tuple[str, Pick] | None:
    """Return the column that names a row of a query and the choice that it stands for; None when it stands for none.

    That is a group of any dimension, an hour of the week, a film or series, a value of a single dimension, or a period.
    """
    if "group_id" in row and row["group_kind"] in DIMENSION_BY_NAME:
        return "group_name", value_pick(row["group_kind"], row["group_id"], _label(row, ("group_name",)))
    if "weekday" in row and "hour" in row:
        return "hour", both(value_pick("weekday", row["weekday"]), value_pick("hour", str(row["hour"])))
    for column, dimension in _DIMENSION_OF_COLUMN.items():
        if column in row and column != "kind":
            return _named(row, column, dimension)
    if "first_day" in row and "end_day" in row:
        return "first_day", days_pick(_day(row["first_day"]), _day(row["end_day"]))
    return _named(row, "kind", "kind") if "kind" in row else None


def pick_button(content: Any, pick: Pick) -> html.Button:
    """Show a name that offers to filter by what it names."""
    return html.Button(
        content,
        type="button",
        className="pick",
        **{"data-pick": pick.search, "data-pick-label": pick.label, "aria-haspopup": "menu"},
    )


def _named(row: Mapping[str, Any], column: str, dimension: str) -> tuple[str, Pick]:
    value = UNKNOWN if is_missing(row[column]) else str(row[column])
    names = tuple(name for name in _NAMED_BY.get(column, ()) if name in row)
    return (names or (column,))[0], value_pick(dimension, value, _label(row, names) if names else None)


def _label(row: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    return value_label(str(row.get("group_kind", "")), str(row[columns[0]]))


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()
