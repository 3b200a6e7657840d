"""The demo world: every table, the same for a seed, and people in it who do what people do."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from definitions.tables import CONTRACT
from pipeline.build.load import LoadedSource
from pipeline.check import check_source
from pipeline.demo import write_demo_source
from pipeline.demo.plants import PLANTS
from pipeline.errors import SourceError
from pipeline.source import scan_sql, table_files

EVENTS = 200_000
DAYS = 120
ACCOUNTS = 1_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("world") / "source"
    with pytest.MonkeyPatch.context() as patch:
        # The covers have tests of their own, and take longer than all the rest.
        patch.setattr("pipeline.demo.world.draw_covers", lambda *_: None)
        write_demo_source(source, events=EVENTS, seed=11, days=DAYS, accounts=ACCOUNTS, processes=1)
    return source


@pytest.fixture(scope="module")
def loaded(world: Path) -> LoadedSource:
    return check_source(world)


def ask(source: Path, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name in CONTRACT:
            if files := table_files(source, name):
                connection.execute(f"create view {name} as from {scan_sql(files)}")
        return connection.execute(sql, parameters).fetchall()


def test_has_every_table_of_the_contract_and_keeps_its_rules(loaded: LoadedSource) -> None:
    assert loaded.problems == []
    # The plays are told by their events.
    assert loaded.absent_tables == ("plays",)
    for table in loaded.tables:
        assert table.extra_columns == (), table.name
        if table.name != "playback_events":
            assert (table.count.duplicates, table.count.rejected) == (0, 0), table.name
    count = loaded.counts["playback_events"]
    assert count.rows_in == pytest.approx(EVENTS, rel=0.01)
    assert 0.0005 < count.duplicates / count.rows_in < 0.002


def test_the_same_seed_gives_the_same_with_any_number_of_processes_and_another_seed_other_rows(tmp_path: Path) -> None:
    worlds, covers = {}, {}
    for name, seed, processes in (("one", 5, 1), ("two", 5, 2), ("other", 6, 1)):
        write_demo_source(tmp_path / name / "source", events=10_000, seed=seed, days=90, titles=60, processes=processes)
        files = sorted((tmp_path / name).rglob("*.parquet"))
        worlds[name] = {file.relative_to(tmp_path / name): pq.ParquetFile(file).read() for file in files}
        covers[name] = {file.name: file.read_bytes() for file in (tmp_path / name / "source" / "art").iterdir()}
    assert (worlds["one"], covers["one"]) == (worlds["two"], covers["two"])
    assert worlds["one"] != worlds["other"]
    assert covers["one"] != covers["other"]


def test_the_truth_lies_beside_the_source_and_names_what_is_planted(world: Path) -> None:
    truth = json.loads((world.parent / "truth.json").read_text())
    assert truth["planted"] == dict.fromkeys(PLANTS, True)
    assert set(truth["names"]) == set(PLANTS)
    assert list(world.rglob("truth.json")) == []
    names = truth["names"]
    people = dict(
        ask(world, "select person, list_sort(list(title_id)) from title_people where role <> 'writer' group by all")
    )
    for role in ("director", "actor"):
        assert people[names["shared_audience"][role]] == names["shared_audience"][f"{role}_title_ids"]
    rising = ask(
        world, "select title_id from title_tags where tag = $tag", tag=names["rising_micro_genre"]["micro_genre"]
    )
    assert sorted(rising) == [(title,) for title in names["rising_micro_genre"]["title_ids"]]
    tests = {names["artwork_uplift"]["experiment_id"], names["artwork_uplift"]["no_effect"]["experiment_id"]}
    assert {*tests, names["trailer_uplift"]["experiment_id"]} == {
        experiment for (experiment,) in ask(world, "select experiment_id from experiments")
    }
    campaigns = [names["campaign_uplift"], names["campaign_uplift"]["no_effect"]]
    assert sorted((of["campaign_id"], of["device_type"], of["title_id"]) for of in campaigns) == sorted(
        ask(world, "select campaign_id, device_type, title_id from campaigns")
    )
    ((customers,),) = ask(
        world,
        "select count(distinct account_id) from playback_events where isp = $isp",
        isp=names["isp_incident"]["isp"],
    )
    assert customers > 0


def test_subscriptions_change_as_people_do(world: Path) -> None:
    counts = dict(ask(world, "select event, count(*) from subscription_events group by all"))
    assert set(counts) == {
        "start", "renew", "change_plan", "cancel", "end", "rejoin", "payment_failed", "payment_recovered",
    }  # fmt: skip
    # A fifth of those who leave never cancel: their last payment fails for good.
    lost = counts["payment_failed"] - counts["payment_recovered"]
    assert 0.1 < lost / (lost + counts["end"]) < 0.35
    (told,) = ask(
        world,
        """
        with lasting as (
            select account_id, max_by(plan, ts) as plan from subscription_events group by account_id
        )

        select count(*) filter (where accounts.plan <> lasting.plan), count(*)
        from accounts inner join lasting using (account_id)
        """,
    )
    assert told == (0, ACCOUNTS)


def test_some_events_come_late_and_some_clocks_are_set_anew(world: Path, loaded: LoadedSource) -> None:
    told = ask(
        world,
        f"""
        select
            count(*) as told_events, count(*) filter (where day::date > ts::date) as told_on_a_later_day
        from read_parquet('{world}/playback_events/*/late.parquet')
        """,
    )
    # A play of the last hours told late has its last events on the day whose file they are in.
    ((late, on_a_later_day),) = told
    assert 0.0005 < late / EVENTS < 0.004
    assert on_a_later_day > 0.9 * late
    # Of a play whose clock was set back, events lie before its start, or before what they follow.
    assert 0 < loaded.counts["playback_events"].rejected < 0.001 * EVENTS


def test_people_find_what_they_watch_as_people_do(world: Path) -> None:
    # Watch time about as the position at the stop: most plays begin at 0.
    (share,) = ask(
        world,
        """
        with starts as (select distinct session_id, origin as began_in from playback_events where event = 'start')

        select sum(position_ms) filter (where began_in = 'recommendation') / sum(position_ms)
        from playback_events inner join starts using (session_id) where event = 'stop'
        """,
    )
    assert share[0] == pytest.approx(0.8, abs=0.03)
    ((searches, without_results, mistyped),) = ask(
        world,
        """
        with works as (select distinct lower(coalesce(series_name, name)) as name from titles)

        select
            count(*), count(*) filter (where results = 0),
            count(*) filter (where results > 0 and query not in (select works.name from works))
        from searches
        """,
    )
    assert without_results / searches == pytest.approx(0.11, abs=0.04)
    assert mistyped / searches == pytest.approx(0.13, abs=0.04)


def test_one_content_network_is_slower_to_start(world: Path) -> None:
    slow, fast = (
        ask(
            world,
            """
            select median(date_diff('millisecond', starts.ts, frames.ts))
            from playback_events as starts inner join playback_events as frames using (session_id)
            where starts.event = 'start' and frames.event = 'first_frame' and starts.cdn = $cdn
            """,
            cdn=cdn,
        )[0][0]
        for cdn in ("cdn-south", "cdn-north")
    )
    assert slow / fast == pytest.approx(1.3, rel=0.05)


def test_what_is_not_a_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "notes.txt").write_text("mine")
    with pytest.raises(SourceError, match="no demo"):
        write_demo_source(tmp_path / "source", events=10_000, seed=1)
    (tmp_path / "truth.json").write_text("{}")
    with pytest.raises(SourceError, match="is not a demo's"):
        write_demo_source(tmp_path / "other", events=10_000, seed=1)
    with pytest.raises(SourceError, match=r"no such plant\. There are: churn_hazard"):
        write_demo_source(tmp_path / "third", events=10_000, seed=1, without=["churn"])
    with pytest.raises(SourceError, match="--days 30: expected at least 90"):
        write_demo_source(tmp_path / "third", events=10_000, seed=1, days=30)
    assert (tmp_path / "source" / "notes.txt").read_text() == "mine"
