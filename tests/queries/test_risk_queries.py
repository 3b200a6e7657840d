"""What the back-test and the calibration say, by hand; and that no list of accounts is shown where few are hidden."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import run
from tests.pipeline.test_risk import told_world, world_of_the_first_cut
from tests.queries.cases import rows_of
from tests.sources import write_source


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("risk-queries")
    build_warehouse(write_source(folder / "source", told_world()), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def frame_of(name: str, build: Build, more: str = "") -> pd.DataFrame:
    return run(name, parse_search(f"calendar=utc&period=all{more}", build.manifest.spans), build)


def test_precision_by_hand(build: Build) -> None:
    # One is chosen at each of two cuts: the one that had lost everything ended, and so it did by the fewest hours; at
    # the second cut neither did. By chance, one of five at each.
    rows = rows_of(frame_of("risk_precision", build))
    assert {(row["choice"], row["rule"]): (row["chosen_accounts"], row["precision_at_k"]) for row in rows} == {
        (choice, rule): (2, pytest.approx(share))
        for choice in ("1 %", "5 %", "10 %")
        for rule, share in (("habit", 1 / 2), ("hours", 1 / 2), ("random", 1 / 5))
    }


def test_calibration_expects_what_came_before(build: Build) -> None:
    # At the second cut one of five that kept their habit ended; at the first, none of one had. Who had lost all of it
    # is at the first cut alone, which has none before it.
    (row,) = rows_of(frame_of("risk_calibration", build))
    assert (row["risk_band"], row["cuts"], row["band_accounts"], row["band_ended"]) == ("kept", 1, 5, 1)
    assert (row["expected_ended_share"], row["band_ended_share"]) == (0, pytest.approx(1 / 5))
    # What is not over by the end of a range is not looked at.
    spans = build.manifest.spans
    early = parse_search("calendar=utc&start_day=2026-01-01&end_day=2026-05-22", spans)
    assert run("risk_calibration", early, build).empty


def test_no_list_of_accounts_where_few_are_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_warehouse(write_source(tmp_path / "source", world_of_the_first_cut()), tmp_path / "warehouse")
    build = Warehouse(tmp_path / "warehouse").current()
    frame = frame_of("accounts_at_risk", build)
    assert list(frame["account_id"]) == ["silent", "quarter", "half"]
    # 15 and 30 of 60 minutes: three quarters and a half lost. Nobody knows yet what became of such.
    assert list(frame["habit_lost_share"]) == pytest.approx([1, 3 / 4, 1 / 2])
    assert list(frame["habit_hours"]) == pytest.approx([1, 1, 1])
    assert list(frame["days_since_active"]) == [41, 13, 13]
    assert frame["band_ended_share"].isna().all()
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "2")
    hidden = frame_of("accounts_at_risk", build)
    assert list(hidden["is_suppressed"]) == [True]
    assert hidden.drop(columns="is_suppressed").isna().to_numpy().all()
