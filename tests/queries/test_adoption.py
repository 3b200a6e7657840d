"""How what is new is taken up, by hand."""

from datetime import datetime, timedelta

import pytest

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import run
from tests.queries.cases import rows_of
from tests.sources import Row, write_source


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Two accounts that play once a day from 1 January to 20 February, on the old model but for some days.

    Ann plays on the new one from 31 January on, Bob on 8 and 9 February. A third, Early, is on 10 January alone.
    """

    def model(account: str, number: int) -> str:
        if number == 9 and account == "bob":
            return "Early"
        return "New" if (number >= 30 if account == "ann" else number in (38, 39)) else "Old"

    plays: list[Row] = [
        {
            "play_id": f"{account}-{number}",
            "account_id": account,
            "title_id": "film",
            "started_at": datetime(2026, 1, 1, 12) + timedelta(days=number),
            "watch_ms": 120_000,
            "utc_offset_min": 0,
            "device_type": "tv",
            "device_model": model(account, number),
        }
        for account in ("ann", "bob")
        for number in range(51)
    ]
    titles = [{"title_id": "film", "name": "Film", "kind": "film"}]
    folder = tmp_path_factory.mktemp("adoption")
    build_warehouse(write_source(folder / "source", {"titles": titles, "plays": plays}), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


@pytest.mark.parametrize("filtered", ["", "&hour=12", "&device=tv"])
def test_adoption_by_hand(build: Build, filtered: str) -> None:
    # 31 January to 14 February are 15 days, so two weeks are over. Each has 14 days of active accounts; in the first
    # Ann alone is on the new model (7), in the second, from 7 February, Bob is on two days, too (9). What was there in
    # the first four weeks, Early and Old, is not new.
    search = f"start_day=2026-01-02&end_day=2026-02-15{filtered}"
    rows = rows_of(run("adoption_by_week", parse_search(search, build.manifest.spans), build))
    assert [(row["group_name"], row["weeks_since"]) for row in rows] == [("New", 0), ("New", 1)]
    assert [row["adoption_share"] for row in rows] == pytest.approx([7 / 14, 9 / 14])
    assert [row["mean_daily_active_accounts"] for row in rows] == pytest.approx([1, 9 / 7])
    assert {str(row["first_seen_day"]) for row in rows} == {"2026-01-31"}


def test_what_was_first_seen_before_the_range_is_not_new_in_it(build: Build) -> None:
    filters = parse_search("start_day=2026-02-01&end_day=2026-02-15", build.manifest.spans)
    assert run("adoption_by_week", filters, build).empty
