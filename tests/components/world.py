"""Filters and frames by hand, for tests of what is drawn."""

from datetime import date, timedelta

import pandas as pd

from definitions.manifest import DaySpan, Manifest
from queries.filters import FilterState, parse_search

SPANS = {"local": DaySpan(date(2023, 1, 1), date(2023, 7, 1)), "utc": DaySpan(date(2023, 1, 1), date(2023, 7, 1))}


def filters_of(search: str = "period=last-7-days") -> FilterState:
    return parse_search(search, SPANS)


def manifest_with(*columns: str) -> Manifest:
    return Manifest(
        build_id="20230701-000000-aaaa",
        built_at="2023-07-01T00:00:00+00:00",
        marquee_version="0",
        service_zone="UTC",
        data_through="2023-06-30T23:00:00",
        spans=SPANS,
        source_counts={},
        rows={},
        filled=dict.fromkeys(columns, 1),
    )


class StubBuild:
    """A build that knows its manifest; what the queries return is put in by the test."""

    def __init__(self, *columns: str) -> None:
        self.manifest = manifest_with(*columns)
        self.id = self.manifest.build_id


def by_period(span: str, first_day: date, values: list[float | None], incomplete: tuple[int, ...] = ()) -> pd.DataFrame:
    """Watch hours on consecutive days; ``incomplete`` names positions."""
    days = pd.to_datetime([first_day + timedelta(days=position) for position in range(len(values))])
    return pd.DataFrame(
        {
            "span": span,
            "period_start": days,
            "first_day": days,
            "end_day": days + timedelta(days=1),
            "is_complete": [position not in incomplete for position in range(len(values))],
            "watch_hours": pd.array(values, dtype="Float64").to_numpy(dtype=float, na_value=float("nan")),
        }
    )
