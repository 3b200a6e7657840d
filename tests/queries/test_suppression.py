"""Where a deployment hides small groups, no figure tells of fewer accounts than it says; nothing else changes."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from definitions.metrics import METRICS
from pipeline.build.build import build_warehouse
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.inventory import columns_of
from queries.run import ACCOUNTS, QueryError, answers_both_spans, min_accounts, query_names, run, run_compared
from tests.sources import Row, write_source

HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """On 1 June accounts a, b and c watch «Wide», on 2 June only a does; «Narrow» is watched by a on both days."""
    folder = tmp_path_factory.mktemp("few")
    plays: list[Row] = [
        play(number, account, title, day)
        for number, (account, title, day) in enumerate(
            [("a", "w", 1), ("b", "w", 1), ("c", "w", 1), ("a", "w", 2), ("a", "n", 1), ("a", "n", 2), ("a", "w", 3)]
        )
    ]
    titles: list[Row] = [
        {"title_id": "w", "kind": "film", "name": "Wide", "runtime_ms": HOUR_MS},
        {"title_id": "n", "kind": "film", "name": "Narrow", "runtime_ms": HOUR_MS},
    ]
    build_warehouse(write_source(folder / "source", {"plays": plays, "titles": titles}), folder / "warehouse")
    return Warehouse(folder / "warehouse").current()


def play(number: int, account: str, title: str, day: int) -> Row:
    return {
        "play_id": str(number),
        "account_id": account,
        "title_id": title,
        "started_at": datetime(2026, 6, day, 12),
        "watch_ms": HOUR_MS,
        "furthest_position_ms": HOUR_MS,
        "device_type": "tv" if account == "a" else "mobile",
        "utc_offset_min": 0,
    }


def rows(name: str, build: Build, search: str = "period=all") -> pd.DataFrame:
    return run(name, parse_search(search, build.manifest.spans), build)


@pytest.fixture
def _three_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "3")


def test_nothing_is_hidden_unless_it_is_asked_for(build: Build) -> None:
    frame = rows("watch_hours_by_title", build)
    # The data's last day, 3 June, is not complete: Wide has 3 + 1 plays of an hour, Narrow 2.
    assert dict(zip(frame["name"], frame["watch_hours"], strict=True)) == {"Wide": 4.0, "Narrow": 2.0}
    assert "is_suppressed" not in frame


@pytest.mark.usefixtures("_three_at_least")
def test_a_title_of_too_few_accounts_keeps_its_name_and_loses_its_numbers(build: Build) -> None:
    frame = rows("watch_hours_by_title", build).set_index("name")
    assert frame.loc[["Wide"], ["watch_hours", "plays"]].to_numpy().tolist() == [[4.0, 4.0]]
    # Narrow: one account.
    assert frame.loc[["Narrow"], ["watch_hours", "plays", "watch_share"]].isna().to_numpy().all()
    assert frame["is_suppressed"].to_dict() == {"Wide": False, "Narrow": True}


@pytest.mark.usefixtures("_three_at_least")
def test_a_day_of_too_few_accounts_is_hidden_and_a_day_of_none_is_zero(build: Build) -> None:
    frame = rows("watch_hours_by_period", build)
    # 1 June: three accounts, 4 plays. 2 June: one account.
    assert frame["watch_hours"].isna().to_list() == [False, True]
    assert frame["watch_hours"].iloc[0] == 4.0
    none = rows("watch_hours_by_period", build, "period=all&device=toaster")
    assert none["watch_hours"].to_list() == [0.0, 0.0]
    assert not none["is_suppressed"].any()


@pytest.mark.usefixtures("_three_at_least")
@pytest.mark.parametrize(("search", "hidden"), [("period=all", False), ("period=all&device=tv", True)])
def test_the_whole_range_counts_its_own_accounts(build: Build, search: str, hidden: bool) -> None:
    whole = rows("viewing_summary", build, search).iloc[0]
    # On television there is only a.
    assert pd.isna(whole["watch_hours"]) == hidden
    assert bool(whole["is_suppressed"]) == hidden
    starts = rows("completion_summary", build, search).iloc[0]
    assert pd.isna(starts["completion_rate"]) == hidden


@pytest.mark.usefixtures("_three_at_least")
@pytest.mark.parametrize("query", [name for name in query_names() if answers_both_spans(name)])
@pytest.mark.parametrize("granularity", ["day", "week"])
def test_each_span_hides_its_own_few_accounts(build: Build, query: str, granularity: str) -> None:
    # 2 June, of one account, beside 1 June, of three. Both lie in one week, which begins on 1 June.
    search = f"start_day=2026-06-02&end_day=2026-06-03&compare=previous&granularity={granularity}"
    filters = parse_search(search, build.manifest.spans)
    both = run_compared(query, filters, build)
    for span, shown in (("current", filters), ("comparison", filters.comparison())):
        assert shown is not None
        of_span = both[both["span"] == span].drop(columns="span").reset_index(drop=True)
        pd.testing.assert_frame_equal(of_span, run(query, shown, build), check_dtype=False)
    if "watch_hours" in both:
        for span, hidden in (("current", True), ("comparison", False)):
            assert set(both.loc[both["span"] == span, "is_suppressed"]) == {hidden}


@pytest.mark.usefixtures("_three_at_least")
def test_a_group_is_hidden_when_either_period_has_too_few(build: Build) -> None:
    frame = rows("watch_hours_change_by_group", build, "start_day=2026-06-02&end_day=2026-06-03")
    # 2 June has only account a, 1 June three; both films fell or rose by the plays of one account.
    assert not frame.empty
    assert frame["change_hours"].isna().all()
    assert frame["is_suppressed"].all()


@pytest.mark.usefixtures("_three_at_least")
def test_a_window_that_reaches_back_hides_its_own_few_accounts(tmp_path: Path) -> None:
    # a and b are active on 3 June and nobody on 29 June, whose 28 days reach back to 2 June; 30 June is not complete.
    plays = [play(0, "a", "w", 3), play(1, "b", "w", 3), play(2, "a", "w", 1), play(3, "a", "w", 30)]
    titles: list[Row] = [{"title_id": "w", "kind": "film", "name": "Wide", "runtime_ms": HOUR_MS}]
    build_warehouse(write_source(tmp_path / "source", {"plays": plays, "titles": titles}), tmp_path / "warehouse")
    build = Warehouse(tmp_path / "warehouse").current()
    whole = rows("viewing_summary", build, "start_day=2026-06-29&end_day=2026-06-30").iloc[0]
    # Nobody watched on the day itself, so it is zero; in its 28 days two accounts were active.
    assert whole["plays"] == 0
    assert pd.isna(whole["monthly_active_accounts"])


@pytest.mark.usefixtures("_three_at_least")
def test_a_days_peak_of_too_few_accounts_keeps_neither_its_streams_nor_its_minute(build: Build) -> None:
    # 1 June: four streams of three accounts from 12:00 on; 2 June: two of a alone.
    noon = pd.Timestamp("2026-06-01 12:00")
    days = rows("concurrent_streams_by_period", build, "period=all&granularity=day")
    assert days["peak_concurrent_streams"].fillna(-1).to_list() == [4, -1]
    assert days["peak_at"].fillna(pd.Timestamp(0)).to_list() == [noon, pd.Timestamp(0)]
    busiest = rows("busiest_moments", build)
    assert busiest["rank"].fillna(-1).to_list() == [1, -1]
    assert busiest["peak_at"].isna().to_list() == busiest["peak_concurrent_streams"].isna().to_list() == [False, True]


@pytest.mark.usefixtures("_three_at_least")
def test_hidden_titles_stand_last_without_a_rank(build: Build) -> None:
    frame = rows("watch_hours_by_title", build)
    assert frame["name"].to_list() == ["Wide", "Narrow"]
    assert frame["rank"].isna().to_list() == [False, True]


@pytest.mark.usefixtures("_three_at_least")
def test_hidden_titles_take_no_rank_in_the_league_and_have_no_course(build: Build) -> None:
    frame = rows("title_league", build)
    assert frame["name"].to_list() == ["Wide", "Narrow"]
    for name in ("rank", "compare_rank", "views", "course_hours"):
        assert frame[name].isna().to_list()[1], name
    assert frame["rank"].to_list()[0] == 1
    assert rows("title_ranks_by_view", build)["name"].to_list() == ["Wide"]


def test_every_query_with_a_metric_counts_the_accounts_behind_it() -> None:
    # What covers look like tells of nobody.
    of_accounts = {
        name
        for name, metric in METRICS.items()
        if not metric.needs or {need.partition(".")[0] for need in metric.needs} - {"artworks", "title_tags"}
    }
    for name in query_names():
        columns = {str(column).removeprefix("compare_") for column in columns_of(name)}
        assert ACCOUNTS in columns or not columns & of_accounts, name


@pytest.mark.parametrize("setting", ["1", "five", "-3"])
def test_a_setting_that_hides_nothing_is_refused(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", setting)
    with pytest.raises(QueryError, match="whole number from 2"):
        min_accounts()
