"""What goes with leaving, over the months and accounts that are chosen: against the rows that a build holds."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from components.chart_parts import records
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import run, select


@pytest.fixture(scope="module")
def build(small_warehouse: Path) -> Build:
    return Warehouse(small_warehouse).current()


def told(build: Build, search: str) -> list[dict[str, Any]]:
    return records(run("leaving_by_factor", parse_search(search, build.manifest.spans), build))


def counted(build: Build, column: str, first: date, end: date, where: str = "true") -> dict[str, tuple[int, int]]:
    """The subscriptions and those that left by a band, of the months from ``first`` on, by a count of the rows."""
    rows = select(
        f"select {column} as band, subscriptions, left_subscriptions, month_start from leaving_cells "
        f"where calendar = 'utc' and {where}",
        build,
    ).to_pylist()
    there: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for row in rows:
        if first <= row["month_start"] < end and row["band"] is not None:
            there[row["band"]] += row["subscriptions"]
            left[row["band"]] += row["left_subscriptions"]
    return {band: (there[band], left[band]) for band in there}


def by_band(rows: list[dict[str, Any]], factor: str) -> dict[str, tuple[int, int]]:
    return {row["band"]: (row["subscriptions"], row["left_subscriptions"]) for row in rows if row["factor"] == factor}


def months(build: Build) -> list[date]:
    rows = select("select distinct month_start from leaving_cells where calendar = 'utc'", build).to_pylist()
    return sorted(row["month_start"] for row in rows)


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


@pytest.mark.parametrize("factor", ["watched", "tenure"])
def test_a_whole_month_is_counted_as_it_is(build: Build, factor: str) -> None:
    month = months(build)[-2]
    rows = told(build, f"calendar=utc&start_day={month}&end_day={next_month(month)}")
    expected = counted(build, factor, month, next_month(month))
    assert len(expected) < 2 or by_band(rows, factor) == expected
    assert {(row["first_month"].date(), row["last_month"].date()) for row in rows} <= {(month, month)}


def test_where_no_whole_month_lies_in_the_range_the_last_twelve_before_its_end_are_told(build: Build) -> None:
    month = months(build)[-1]
    rows = told(build, f"calendar=utc&start_day={month.replace(day=3)}&end_day={month.replace(day=9)}")
    first = date(month.year - 1, month.month, 1)
    for factor in ("watched", "tenure"):
        expected = counted(build, factor, first, month)
        assert len(expected) < 2 or by_band(rows, factor) == expected


def test_a_country_is_chosen_and_then_told_apart_no_more(build: Build) -> None:
    largest = select(
        "select account_country as country from leaving_cells where account_country is not null group by all "
        "order by sum(subscriptions) desc, country limit 1",
        build,
    ).to_pylist()
    country = largest[0]["country"]
    rows = told(build, f"calendar=utc&period=all&country={country}")
    assert "country" not in {row["factor"] for row in rows}
    end = parse_search("calendar=utc&period=all", build.manifest.spans).end_day
    expected = counted(build, "tenure", date(1900, 1, 1), end.replace(day=1), f"account_country = '{country}'")
    assert len(expected) < 2 or by_band(rows, "tenure") == expected


def test_those_who_decided_and_those_who_did_not_pay_are_all_who_left(build: Build) -> None:
    counts = [
        {
            (row["factor"], row["band"]): row["left_subscriptions"]
            for row in told(build, f"period=all&left_by={left_by}")
        }
        for left_by in ("all", "decision", "payment")
    ]
    assert counts[0]
    assert counts[0] == {key: counts[1][key] + counts[2][key] for key in counts[0]}
