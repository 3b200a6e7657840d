from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from definitions.tables import CONTRACT
from pipeline.check import check_source
from pipeline.errors import SourceError
from pipeline.progress import Silent
from pipeline.sample import TABLES, write_sample_source
from pipeline.source import scan_sql, table_files

END_DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("sample")
    write_sample_source(source, plays=20_000, end_day=END_DAY)
    return source


def _ask(source: Path, sql: str) -> Sequence[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        for name in TABLES:
            connection.execute(f"create view {name} as from {scan_sql(table_files(source, name))}")
        return connection.execute(sql).fetchall()


def test_keeps_every_rule_of_the_contract(sample: Path) -> None:
    loaded = check_source(sample, Silent())
    assert loaded.problems == []
    assert [table.name for table in loaded.tables] == [name for name in CONTRACT if name in TABLES]
    for table in loaded.tables:
        assert (table.count.rejected, table.count.duplicates, table.extra_columns) == (0, 0, ()), table.name


def test_fills_the_days_before_the_end_day(sample: Path) -> None:
    ((first, last, days, plays),) = _ask(
        sample,
        """
        select min(started_at)::date, max(started_at)::date, count(distinct started_at::date), count(*)
        from plays
        """,
    )
    assert (first, last, days) == (date(2025, 10, 19), date(2026, 11, 22), 400)
    assert plays == pytest.approx(20_000, rel=0.05)


def test_looks_alive(sample: Path) -> None:
    ((recommended, evening, weekend_films, weekday_films, autoplay),) = _ask(
        sample,
        """
        with local_plays as (
            select plays.*, titles.kind, plays.started_at + to_minutes(plays.utc_offset_min) as local_at
            from plays inner join titles using (title_id)
        )
        select
            avg((origin = 'recommendation')::integer),
            avg((hour(local_at) between 18 and 22)::integer),
            avg((kind = 'film')::integer) filter (isodow(local_at) >= 6),
            avg((kind = 'film')::integer) filter (isodow(local_at) < 6),
            avg(autoplay::integer)
        from local_plays
        """,
    )
    assert recommended == pytest.approx(0.8, abs=0.02)
    assert evening > 0.4
    assert weekend_films > 1.3 * weekday_films
    assert autoplay > 0.2


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(sample: Path, tmp_path: Path) -> None:
    write_sample_source(tmp_path / "same", plays=20_000, end_day=END_DAY)
    write_sample_source(tmp_path / "other", plays=20_000, seed=2, end_day=END_DAY)
    fingerprint = "select count(*), bit_xor(hash(plays)) from plays"
    assert _ask(sample, fingerprint) == _ask(tmp_path / "same", fingerprint)
    assert _ask(sample, fingerprint) != _ask(tmp_path / "other", fingerprint)


def test_writing_again_replaces_what_was_there(tmp_path: Path) -> None:
    write_sample_source(tmp_path, plays=2_000, days=30, end_day=END_DAY)
    write_sample_source(tmp_path, plays=2_000, days=20, end_day=END_DAY)
    assert len(table_files(tmp_path, "plays")) == 20


def test_the_tables_of_a_real_source_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "titles.parquet").write_text("mine")
    with pytest.raises(SourceError, match="holds titles, and not from a sample"):
        write_sample_source(tmp_path, plays=2_000, days=20, end_day=END_DAY)
    assert [path.name for path in tmp_path.iterdir()] == ["titles.parquet"]
