"""The demo world: every table, the same for a seed, and people in it who do what people do."""

import json
from datetime import date
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
FIRST_DAY = date(2026, 3, 3)
"""120 days before July."""


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
        assert table.count.rows_in > 0 or table.name == "plays", table.name
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


def test_a_day_of_many_events_is_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.demo.world.draw_covers", lambda *_: None)
    monkeypatch.setattr("pipeline.demo.world.EVENTS_A_PART_MAX", 60)
    source = tmp_path / "source"
    written = write_demo_source(source, events=10_000, seed=3, days=90, titles=60, processes=1)
    # About 111 events a day.
    parts = {file.stem for file in (source / "playback_events").rglob("events-*.parquet")}
    assert parts >= {"events-000", "events-001"}
    assert written == pytest.approx(10_000, rel=0.05)
    # No id of one part is another's: what is there twice was sent twice.
    loaded = check_source(source)
    truth = json.loads((tmp_path / "truth.json").read_text())
    for table in loaded.tables:
        expected = truth["duplicate_events"] if table.name == "playback_events" else 0
        assert table.count.duplicates == expected, table.name


def test_the_truth_is_read_by_nothing_that_is_to_find_it() -> None:
    root = Path(__file__).parents[2]
    rooms = [root / name for name in ("components", "definitions", "pages", "queries", "serving", "pipeline")]
    files = [root / "app.py", root / "cli.py", *(file for room in rooms for file in room.rglob("*"))]
    told = [file for file in files if file.suffix in (".py", ".sql")]
    outside = [file for file in told if root / "pipeline" / "demo" not in file.parents]
    assert len(outside) > 100
    assert [file.name for file in outside if "truth.json" in file.read_text() or "TRUTH_FILE" in file.read_text()] == []


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


def test_titles_are_films_and_seasons_and_trailers_with_people_tags_and_covers(world: Path) -> None:
    kinds = dict(ask(world, "select kind, count(*) from titles group by all"))
    assert set(kinds) == {"film", "episode", "trailer"}
    assert sum(kinds.values()) == pytest.approx(400, abs=20)
    ((series, with_several_seasons),) = ask(
        world,
        """
        with series as (select max(season_number) as seasons from titles where kind = 'episode' group by series_id)

        select count(*), count(*) filter (where seasons > 1) from series
        """,
    )
    assert 0 < with_several_seasons < series
    ((works, with_a_cover, with_several, most),) = ask(
        world,
        """
        with covers as (select coalesce(series_id, title_id) as work, count(*) as covers from artworks group by work)

        select
            (select count(distinct coalesce(series_id, title_id)) from titles where kind <> 'trailer'),
            count(*), count(*) filter (where covers > 1), max(covers)
        from covers
        """,
    )
    assert works == with_a_cover
    assert with_several / works == pytest.approx(0.25, abs=0.12)
    assert most == 3
    tagged = ask(world, "select count(distinct coalesce(series_id, title_id)) from title_tags group by tag_kind")
    assert tagged == [(works,)] * 4
    roles = {role for (role,) in ask(world, "select distinct role from title_people")}
    assert roles == {"director", "creator", "cast", "writer"}
    # Of two versions each, and for children every fifth work.
    assert kinds["trailer"] % 2 == 0
    ((for_kids,),) = ask(world, "select count(*) filter (where maturity = 'all') / count(*) from titles")
    assert 0.05 < for_kids < 0.4


def test_accounts_are_households_in_many_countries(world: Path) -> None:
    ((households, kids, countries, codes, unlike_homes, channels),) = ask(
        world,
        """
        with sizes as (
            select account_id, count(*) as profiles, bool_or(profile_type = 'kids') as has_kids
            from profiles group by account_id
        )

        select
            count(*) filter (where profiles > 1) / count(*), count(*) filter (where has_kids) / count(*),
            count(distinct country), count(distinct postal_code),
            count(*) filter (where left(region, 2) <> country), count(distinct acquisition_channel)
        from accounts inner join sizes using (account_id)
        """,
    )
    # One to four profiles, as likely; each but the first is a child's with 0.35: 1 - (1 + 0.65 + 0.65² + 0.65³) / 4.
    assert households == pytest.approx(0.75, abs=0.05)
    assert kids == pytest.approx(0.41, abs=0.06)
    assert (countries, unlike_homes, channels) == (20, 0, 6)
    assert codes > 200


def test_people_watch_in_the_evening_of_their_own_clock_and_on_phones_on_the_way(world: Path) -> None:
    """By kind of profile and local hour; the clocks of the countries are up to 15 hours apart."""
    rows = ask(
        world,
        """
        select
            profile_type, country, hour(ts + to_minutes(utc_offset_min)) as local_hour,
            count(*) filter (where device_type = 'tv') as on_tv,
            count(*) filter (where device_type = 'mobile') as on_phone, count(*) as plays
        from playback_events inner join profiles using (account_id, profile_id)
        where event = 'start' and not autoplay group by all
        """,
    )

    def share(kind: str, hours: range, country: str | None = None) -> float:
        of_kind = [row for row in rows if row[0] == kind and country in (None, row[1])]
        return float(sum(row[5] for row in of_kind if row[2] in hours) / sum(row[5] for row in of_kind))

    def on(column: int, hours: range) -> float:
        there = [row for row in rows if row[2] in hours]
        return float(sum(row[column] for row in there) / sum(row[5] for row in there))

    evening, afternoon = range(18, 23), range(14, 18)
    for country in ("US", "IN", "JP", "BR", "DE"):
        assert share("standard", evening, country) > 0.4, country
    assert share("kids", afternoon) > 0.35 > share("standard", afternoon)
    assert on(3, range(19, 23)) > 0.5 > on(3, range(7, 9))
    assert on(4, range(7, 9)) > 0.5 > on(4, range(19, 23))


def test_a_new_season_is_binged_and_what_is_old_is_watched_less(world: Path) -> None:
    plays = """
        with plays as (
            select
                titles.*, starts.ts::date - released_on as age_days, autoplay, starts.ts::date as day
            from playback_events as starts inner join titles using (title_id) where event = 'start'
        ),

        seasons as (
            select series_id, season_number, count(distinct released_on) = 1 as is_whole from titles
            where kind = 'episode' group by all
        )
    """
    ((new, old),) = ask(
        world,
        plays
        + """
        select
            avg(autoplay::int) filter (where age_days between 0 and 6), avg(autoplay::int) filter (where age_days > 13)
        from plays inner join seasons using (series_id, season_number) where is_whole
        """,
    )
    assert new > 1.3 * old
    # Of the seasons that come out in the world's first two months: the first week against the fifth to the eighth.
    ((first_week, later_weeks),) = ask(
        world,
        plays
        + """
        select
            count(*) filter (where age_days between 0 and 6), count(*) filter (where age_days between 28 and 55) / 4
        from plays inner join seasons using (series_id, season_number)
        where is_whole and maturity <> 'all' and released_on between $first and $first + 60
        """,
        first=FIRST_DAY,
    )
    assert first_week > 2 * later_weeks
    # The films that come out in the world's first month: the first month against the third.
    ((first_month, third_month),) = ask(
        world,
        plays
        + """
        select count(*) filter (where age_days between 0 and 29), count(*) filter (where age_days between 60 and 89)
        from plays where kind = 'film' and released_on between $first and $first + 30
        """,
        first=FIRST_DAY,
    )
    assert first_month > 1.3 * third_month


def test_people_pause_rewind_skip_leave_and_return(world: Path) -> None:
    ((plays, paused, back, forward, never_began, failed, left_early),) = ask(
        world,
        """
        with plays as (
            select
                session_id, bool_or(event = 'pause') as paused,
                bool_or(event = 'seek' and to_position_ms < position_ms) as back,
                bool_or(event = 'seek' and to_position_ms > position_ms) as forward,
                bool_or(event = 'first_frame') as began, bool_or(coalesce(fatal, false)) as failed,
                max(position_ms) filter (where event = 'stop') / any_value(runtime_ms) as left_at,
            from playback_events inner join titles using (title_id) group by session_id
        )

        select
            count(*), count(*) filter (where paused), count(*) filter (where back), count(*) filter (where forward),
            count(*) filter (where not began and not failed), count(*) filter (where failed),
            count(*) filter (where began and left_at < 0.85)
        from plays
        """,
    )
    assert 0.2 < paused / plays < 0.6
    assert 0.04 < back / plays < 0.15
    assert 0.02 < forward / plays < 0.12
    assert 0 < never_began / plays < 0.01
    assert 0 < failed / plays < 0.01
    assert 0.15 < left_early / plays < 0.35
    # Whoever goes on, goes on where the same profile left the same title a few hours before.
    ((returns, share, explained),) = ask(
        world,
        """
        with ends as (
            select profile_id, title_id, ts, position_ms from playback_events where event = 'stop'
        ),

        returns as (
            select distinct on (session_id) * from playback_events
            where event = 'start' and position_ms > 0
        ),

        explained as (
            select distinct returns.session_id from returns
            inner join ends
                on returns.profile_id = ends.profile_id and returns.title_id = ends.title_id
                and ends.ts between returns.ts - interval 6 hours and returns.ts
                and abs(ends.position_ms - returns.position_ms) <= 1
        )

        select
            count(*), count(*) filter (where origin = 'continue_watching') / count(*),
            (select count(*) from explained) / count(*)
        from returns
        """,
    )
    assert 0.02 < returns / plays < 0.12
    assert share == 1
    # Some stops are never told, and some plays failed before they were left.
    assert explained > 0.95


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
        from read_parquet('{world}/playback_events/*/late-*.parquet')
        """,
    )
    # A play of the last hours told late has its last events on the day whose file they are in.
    ((late, on_a_later_day),) = told
    assert 0.0005 < late / EVENTS < 0.004
    assert on_a_later_day > 0.9 * late
    # Of a play whose clock was set back, events lie before its start, or before what they follow.
    assert 0 < loaded.counts["playback_events"].rejected < 0.001 * EVENTS


def test_people_find_what_they_watch_as_people_do(world: Path) -> None:
    # A heartbeat stands for five minutes of watching.
    ((share,),) = ask(
        world,
        """
        with starts as (select distinct session_id, origin as began_in from playback_events where event = 'start')

        select count(*) filter (where began_in = 'recommendation') / count(*)
        from playback_events inner join starts using (session_id) where event = 'heartbeat'
        """,
    )
    assert share == pytest.approx(0.8, abs=0.03)
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
    with pytest.raises(SourceError, match="--days 30: expected 90 to 1825"):
        write_demo_source(tmp_path / "third", events=10_000, seed=1, days=30)
    assert (tmp_path / "source" / "notes.txt").read_text() == "mine"
