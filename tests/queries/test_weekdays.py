"""Films against series by weekday, and the interval of the weekend's contrast."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from scipy.special import stdtrit

from pipeline.build.build import build_warehouse
from queries.db import MACROS_FOLDER, Build, Warehouse
from queries.filters import parse_search
from queries.run import run
from tests.queries.cases import rows_of
from tests.sources import Row, write_source

HOUR_MS = 3_600_000
MONDAY = datetime(2026, 3, 2)
TITLES: list[Row] = [
    {"title_id": "film", "name": "The Salt Year", "kind": "film"},
    {"title_id": "episode", "name": "One", "kind": "episode", "series_id": "s", "series_name": "Low Water"},
]
CONTRAST = ("weeks", "weekend_contrast", "weekend_contrast_low", "weekend_contrast_high")


def built(folder: Path, hours: list[tuple[int, str, float]]) -> Build:
    """Build a source of (day after the first Monday, title, hours watched)."""
    plays = [
        {
            "play_id": f"p{number}",
            "account_id": "ann",
            "title_id": title,
            "started_at": MONDAY + timedelta(days=day, hours=8),
            "watch_ms": int(watch_h * HOUR_MS),
            "utc_offset_min": 0,
        }
        for number, (day, title, watch_h) in enumerate(hours)
    ]
    source = write_source(folder / "source", {"titles": TITLES, "plays": plays})
    build_warehouse(source, folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def contrast(build: Build, search: str) -> tuple[float | None, ...]:
    row = rows_of(run("viewing_by_weekday", parse_search(search, build.manifest.spans), build))[0]
    return tuple(row[name] for name in CONTRAST)


def test_shares_and_the_contrast_by_hand(tmp_path: Path) -> None:
    # Week 1: Monday 2 h of episodes and 2 of films, Saturday 1 and 3. Week 2: Tuesday 3 and 1, Sunday 4 h of films.
    # Then a Monday that no week is whole with, and a day that is not complete. Of weekends 7 of 8 h are films, of other
    # days 3 of 8: the contrast is 0.5. The weeks' deviations are (3 - 7/8 * 4) / 8 - (2 - 3/8 * 4) / 8 = -1/16 - 1/16 =
    # -1/8 and (4 - 7/8 * 4) / 8 - (1 - 3/8 * 4) / 8 = 1/8, so the standard error is sqrt(2 / 1 * 2 / 64) = 1/4, times
    # 12.706 with one degree of freedom.
    hours = [(0, "episode", 2), (0, "film", 2), (5, "episode", 1), (5, "film", 3), (8, "episode", 3), (8, "film", 1)]
    build = built(tmp_path, [*hours, (13, "film", 4), (14, "film", 9), (15, "film", 1)])
    rows = rows_of(run("viewing_by_weekday", parse_search("period=all", build.manifest.spans), build))
    assert [
        (row["weekday"], row["days"], row["film_hours"], row["episode_hours"], row["film_share"]) for row in rows
    ] == [
        ("monday", 3, 11, 2, 11 / 13),
        ("tuesday", 2, 1, 3, 0.25),
        ("wednesday", 2, 0, 0, None),
        ("thursday", 2, 0, 0, None),
        ("friday", 2, 0, 0, None),
        ("saturday", 2, 3, 1, 0.75),
        ("sunday", 2, 4, 0, 1),
    ]
    margin = 12.706205 / 4
    assert contrast(build, "period=all") == pytest.approx((2, 0.5, 0.5 - margin, 0.5 + margin))


def test_one_week_has_no_interval_and_films_alone_no_contrast(tmp_path: Path) -> None:
    build = built(tmp_path, [(0, "episode", 1), (0, "film", 1), (6, "film", 1), (8, "film", 1)])
    # 1 of 1 h at the weekend, 1 of 2 before.
    assert contrast(build, "start_day=2026-03-02&end_day=2026-03-09") == (1, 0.5, None, None)
    assert contrast(build, "start_day=2026-03-02&end_day=2026-03-09&kind=film") == (None, None, None, None)
    assert contrast(build, "start_day=2026-03-03&end_day=2026-03-09") == (None, None, None, None)


@pytest.mark.parametrize("degrees", [*range(1, 41), 51, 100, 1_000])
def test_quantiles_are_those_of_scipy(degrees: int) -> None:
    with duckdb.connect() as connection:
        connection.execute((MACROS_FOLDER / "statistics.sql").read_text(encoding="utf-8"))
        ((quantile,),) = connection.execute("select t_975($degrees)", {"degrees": degrees}).fetchall()
    assert quantile == pytest.approx(stdtrit(degrees, 0.975), abs=5e-6)
