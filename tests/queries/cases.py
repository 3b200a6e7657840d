"""Builds beside the oracle over their sources, filters drawn by hypothesis, and rows compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import pandas as pd
import pytest
from hypothesis import strategies as st

from definitions.dimensions import COMPARISONS, DIMENSION_BY_NAME, DIMENSIONS, PERIOD_PRESETS, UNKNOWN
from queries.db import Build
from queries.filters import FilterState, parse_search, to_search
from queries.run import run, run_compared
from tests.queries.oracle import OF_PLAYS, Oracle, show_id


@dataclass(frozen=True)
class Case:
    """A build and the oracle over the source it was made from."""

    build: Build
    oracle: Oracle

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """What there is to choose from, by dimension."""
        frame = run("filter_options", parse_search("", self.build.manifest.spans), self.build)
        options = {
            dimension.name: frame[frame.dimension == dimension.name].value.to_list() or list(dimension.allowed)
            for dimension in DIMENSIONS
        }
        plays = [play.row for play in self.oracle.plays]
        of_plays = {
            dimension.name: sorted({play.get(dimension.column) or UNKNOWN for play in plays})
            for dimension in DIMENSIONS
            if dimension.of_plays
        }
        return options | of_plays | {"title": sorted(map(show_id, self.oracle.titles.values()))}


def draw_filters(case: Case, data: st.DataObject) -> FilterState:
    calendar = data.draw(st.sampled_from(sorted(case.build.manifest.spans)), "calendar")
    span = case.build.manifest.spans[calendar]
    choices: dict[str, Any] = {
        "calendar": calendar,
        "compare": data.draw(st.sampled_from(list(COMPARISONS)), "compare"),
        "granularity": data.draw(st.sampled_from(["auto", "day", "week", "month"]), "granularity"),
    }
    period = data.draw(st.sampled_from([*(preset.name for preset in PERIOD_PRESETS), "custom"]), "period")
    if period == "custom":
        start_day = data.draw(st.dates(span.first_day, span.end_day - timedelta(days=1)), "start_day")
        end_day = data.draw(st.dates(start_day + timedelta(days=1), span.end_day), "end_day")
        choices |= {"start_day": start_day.isoformat(), "end_day": end_day.isoformat()}
    else:
        choices["period"] = period
    # Of what is known of single plays one at most: of more, little would be left to compare.
    of_plays = data.draw(st.sampled_from([None, None, *sorted(OF_PLAYS)]), "of plays")
    for name, options in case.options.items():
        if name == of_plays or (name not in OF_PLAYS and data.draw(st.integers(0, 2), f"filter by {name}") == 0):
            values = st.lists(st.sampled_from([*options, "toaster"]), min_size=1, max_size=3, unique=True)
            excluded = data.draw(st.booleans(), f"exclude {name}")
            choices[DIMENSION_BY_NAME[name].excluding if excluded else name] = data.draw(values, name)
    filters = parse_search(to_search(choices), case.build.manifest.spans)
    assert not filters.problems
    return filters


def rows_of_span(case: Case, query: str, filters: FilterState, span: str) -> list[dict[str, Any]]:
    """Return the rows that a query gives of one span, which alone are those that it gives of that span's filters."""
    both = run_compared(query, filters, case.build)
    rows = rows_of(both[both["span"] == span].drop(columns="span"))
    if span == "current":
        assert rows_of(run(query, filters, case.build)) == rows
    return rows


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows with dates as dates and every kind of missing value as None."""
    return [
        {
            str(name): None if pd.isna(value) else value.date() if isinstance(value, pd.Timestamp) else value
            for name, value in record.items()
        }
        for record in frame.to_dict("records")
    ]


def assert_same(row: Mapping[str, Any], expected: Mapping[str, float | None], where: str) -> None:
    assert row.keys() == expected.keys()
    for name, value in expected.items():
        if value is None:
            assert row[name] is None, (where, name)
        else:
            assert row[name] == pytest.approx(value), (where, name)
