"""The demo world: every table, the same for a seed, and the planted effects there or not.

Pass rules, written down before the first run: seed 11, 400,000 events over 120 days. An effect is there when the
difference of two shares is more than four standard errors above zero; it is not there when it is within four of zero.
After the first run the world got 4,000 accounts instead of 196: few people's habits made plays depend on each other.
"""

import json
from math import sqrt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from definitions.tables import CONTRACT
from pipeline.check import check_source
from pipeline.demo import write_demo_source
from pipeline.demo.catalogue import make_catalogue
from pipeline.demo.people import make_people
from pipeline.demo.plants import PLANTS
from pipeline.demo.settings import Settings
from pipeline.demo.viewing import make_viewing
from pipeline.demo.world import day_quotas
from pipeline.demo.write import write_day
from pipeline.errors import SourceError
from pipeline.source import scan_sql, table_files

EVENTS = 400_000
DAYS = 120
ACCOUNTS = 4_000


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("world") / "source"
    write_demo_source(source, events=EVENTS, seed=11, days=DAYS, accounts=ACCOUNTS)
    return source


@pytest.fixture(scope="module")
def plain_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("plain") / "source"
    write_demo_source(source, events=EVENTS, seed=11, days=DAYS, accounts=ACCOUNTS, without=PLANTS)
    return source


def ask(source: Path, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name in CONTRACT:
            if files := table_files(source, name):
                connection.execute(f"create view {name} as from {scan_sql(files)}")
        return connection.execute(sql, parameters).fetchall()


def test_has_every_table_of_the_contract_and_keeps_its_rules(world: Path) -> None:
    loaded = check_source(world)
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
    assert count.rejected < 0.0001 * count.rows_in


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(tmp_path: Path) -> None:
    worlds, covers = {}, {}
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        write_demo_source(tmp_path / name / "source", events=20_000, seed=seed, days=90, titles=60)
        files = sorted((tmp_path / name).rglob("*.parquet"))
        worlds[name] = {file.relative_to(tmp_path / name): pq.ParquetFile(file).read() for file in files}
        covers[name] = {file.name: file.read_bytes() for file in (tmp_path / name / "source" / "art").iterdir()}
    assert (worlds["one"], covers["one"]) == (worlds["again"], covers["again"])
    assert worlds["one"] != worlds["other"]
    assert covers["one"] != covers["other"]


def test_a_day_written_alone_is_the_day_that_two_processes_wrote(tmp_path: Path) -> None:
    source = tmp_path / "world" / "source"
    write_demo_source(source, events=20_000, seed=5, days=90, titles=60)
    settings = Settings(20_000, 5, 90, 60, 40, frozenset())
    viewing = make_viewing(settings, make_catalogue(settings), make_people(settings))
    for day in (0, 45, 89):
        write_day(viewing, tmp_path / "alone", day, day_quotas(viewing)[day])
    files = sorted((tmp_path / "alone").rglob("*.parquet"))
    assert len({file.parent.parent.name for file in files}) == 5
    for file in files:
        other = source / file.relative_to(tmp_path / "alone")
        assert pq.ParquetFile(file).read().equals(pq.ParquetFile(other).read()), file.name


def test_the_truth_lies_beside_the_source_and_names_every_plant(world: Path, plain_world: Path) -> None:
    truth = json.loads((world.parent / "truth.json").read_text())
    assert truth["planted"] == dict.fromkeys(PLANTS, True)
    assert json.loads((plain_world.parent / "truth.json").read_text())["planted"] == dict.fromkeys(PLANTS, False)
    assert list(world.rglob("truth.json")) == []


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


# Each gives, for two groups, how many there are and how many of them do it.
EFFECTS = {
    "weekday_contrast": """
        select
            dayofweek(ts + to_minutes(utc_offset_min)) in (0, 6) as group_of, count(*),
            count(*) filter (where title_id like 'film-%')
        from playback_events where event = 'start' group by all order by 1
        """,
    "abandoned_title": """
        select
            title_id = 'film-00002' as group_of, count(*),
            count(*) filter (where position_ms between 2214000 and 2226000)
        from playback_events where event = 'stop' and title_id like 'film-%' group by all order by 1
        """,
    "skipped_scene": """
        select title_id = 'film-00004' as group_of, count(*), count(*) filter (where seeks > 0) from (
            select
                session_id, title_id,
                count(*) filter (where event = 'seek' and position_ms = 1800000 and to_position_ms = 2100000) as seeks
            from playback_events where title_id like 'film-%' group by all
        ) group by all order by 1
        """,
    "rewatched_scenes": """
        select title_id = 'film-00003' as group_of, count(*), count(*) filter (where seeks > 0) from (
            select session_id, title_id, count(*) filter (where event = 'seek' and to_position_ms = 1260000) as seeks
            from playback_events where title_id like 'film-%' group by all
        ) group by all order by 1
        """,
    "colour_taste": """
        with takes as (
            select
                ('0x' || substr(impressions.account_id, 9))::bigint % $palettes
                = $place_of_artwork[list_position($artworks, impressions.artwork_id)] as group_of,
                starts.impression_id is not null as taken
            from impressions
            left join (select distinct impression_id from playback_events where event = 'start') as starts
                on impressions.impression_id = starts.impression_id
        )
        select group_of, count(*), count(*) filter (where taken) from takes group by all order by 1
        """,
}


def difference(source: Path, effect: str) -> tuple[float, float]:
    """Return how much larger the share is in the second group, and the standard error of that."""
    told: dict[str, object] = {}
    if effect == "colour_taste":
        truth = json.loads((source.parent / "truth.json").read_text())["colour_taste"]
        palettes = truth["palette_of_artwork"]
        told["palettes"] = len(truth["palettes"])
        told["artworks"] = list(palettes)
        told["place_of_artwork"] = [truth["palettes"].index(palette) for palette in palettes.values()]
    (_, without, did_without), (_, with_it, did_with) = ask(source, EFFECTS[effect], **told)
    low, high, pooled = did_without / without, did_with / with_it, (did_without + did_with) / (without + with_it)
    return high - low, sqrt(pooled * (1 - pooled) * (1 / without + 1 / with_it))


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_is_where_it_is_planted(world: Path, effect: str) -> None:
    found, error = difference(world, effect)
    assert found > 4 * error


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_is_not_where_it_is_not_planted(plain_world: Path, effect: str) -> None:
    found, error = difference(plain_world, effect)
    assert abs(found) <= 4 * error
