"""A segment's build says what the build of a source of nobody else says."""

import random
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from definitions.manifest import build_folder, served_folder
from definitions.segments import segment_build_id
from definitions.tables import CONTRACT
from definitions.warehouse import PUBLISHED
from pipeline.build.build import build_warehouse
from pipeline.build.segment import build_segment
from pipeline.demo import write_demo_source
from pipeline.progress import Silent
from pipeline.source import table_files
from tests.conftest import MadeOnce
from tests.pipeline.builds import stored_in, tables_in
from tests.queries.demo_worlds import plain_covers
from tests.sources import read_source

SEGMENT = "segment1"
OF_THE_WHOLE = {"account_colours", "colour_clusters", "colour_cluster_shows"}


def listed(file: Path, accounts: Iterable[str]) -> Path:
    """Write a segment's list of accounts."""
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"account_id": pa.array(list(accounts), pa.string())}), file)
    return file


def source_of(source: Path, accounts: Path, folder: Path) -> Path:
    """Write what a source tells of some accounts, and of all that is nobody's."""
    shutil.copytree(source, folder)
    chosen = pq.read_table(accounts)["account_id"]
    for name, table in CONTRACT.items():
        if "account_id" in table.column_names:
            for file in table_files(folder, name):
                rows = pq.ParquetFile(file).read()
                pq.write_table(rows.filter(pc.is_in(rows["account_id"], chosen)), file)
    return folder


def at_the_ends(source: Path) -> set[str]:
    """Return the accounts of the first and the last event of every table: without others, it covers as much."""
    found = set()
    for name, table in CONTRACT.items():
        moment = table.day_of or ("ts" if "ts" in table.column_names else None)
        files = list(map(str, table_files(source, name)))
        if moment and files and "account_id" in table.column_names:
            first_and_last = f"unnest([arg_min(account_id, {moment}), arg_max(account_id, {moment})])"
            rows = "read_parquet($files, hive_partitioning = false)"
            found |= set(duckdb.execute(f"select {first_and_last} from {rows}", {"files": files}).fetchall())
    return {account for (account,) in found}


@pytest.fixture(scope="module")
def world(made_once: MadeOnce) -> Path:
    """The source and the build of a demo world with every table: 60 accounts over 90 days."""

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pipeline.demo.world.draw_covers", plain_covers)
            write_demo_source(folder / "source", events=20_000, seed=3, days=90, titles=60, accounts=60, processes=1)
        build_warehouse(folder / "source", folder / "warehouse", service_zone="Pacific/Auckland")

    return made_once("segments-world", make)


def without(names: set[str], tables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told for name, told in tables.items() if name not in names}


def whole_build(world: Path) -> str:
    return (world / "warehouse" / "current").read_text(encoding="utf-8").strip()


def test_every_table_is_that_of_a_source_of_nobody_else(world: Path, tmp_path: Path) -> None:
    build_id = whole_build(world)
    whole = build_folder(world / "warehouse", build_id)
    rng = random.Random(5)
    everybody = sorted(str(row["account_id"]) for row in read_source(whole, "accounts"))
    chosen = set(rng.sample(everybody, 25)) | at_the_ends(world / "source")
    accounts = listed(tmp_path / "accounts.parquet", chosen)
    shutil.copytree(world / "warehouse", tmp_path / "warehouse")
    built = build_segment(tmp_path / "warehouse", build_id, SEGMENT, accounts, Silent())

    alone = build_warehouse(
        source_of(world / "source", accounts, tmp_path / "source"), tmp_path / "alone", service_zone="Pacific/Auckland"
    )
    segment = served_folder(tmp_path / "warehouse", segment_build_id(build_id, SEGMENT))
    assert built.spans == alone.manifest.spans
    found, expected = tables_in(segment), tables_in(alone.folder)
    for name in PUBLISHED.keys() - OF_THE_WHOLE:
        assert found[name] == expected[name], name
    assert without(OF_THE_WHOLE, stored_in(segment)) == without(OF_THE_WHOLE, stored_in(alone.folder))
    assert without(OF_THE_WHOLE, built.rows) == without(OF_THE_WHOLE, alone.manifest.rows)
    # Clusters by colour, and where accounts are on their map, stay those of all accounts.
    for name in ("colour_clusters", "colour_cluster_shows"):
        assert found[name] == sorted(map(repr, read_source(whole, name)))
    of_chosen = [row for row in read_source(whole, "account_colours") if row["account_id"] in chosen]
    assert found["account_colours"] == sorted(map(repr, of_chosen))
