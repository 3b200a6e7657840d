"""A segment's build answers every query as the filter does that chooses the same accounts."""

import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from definitions.segments import segment_build_id, segment_folder
from pipeline.build.segment import build_segment
from pipeline.progress import Silent
from queries.db import Build, Warehouse
from queries.filters import parse_search
from queries.run import parameter_names, query_names, run
from queries.segments import SegmentRowsError, find_accounts
from tests.conftest import MadeOnce

COUNTRY = "US"
SEGMENT = "ofcountr"
EVERYTHING = "period=all&compare=none"


@pytest.fixture(scope="module")
def of_country(planted_world: Build, made_once: MadeOnce) -> tuple[Build, Build]:
    """The build of a demo world, and that of the segment of one country's accounts."""

    def make(folder: Path) -> None:
        shutil.copytree(planted_world.folder.parents[1], folder, copy_function=shutil.copy2, dirs_exist_ok=True)
        segment_folder(folder, SEGMENT).mkdir(parents=True)
        accounts = segment_folder(folder, SEGMENT) / "accounts.parquet"
        whole = Warehouse(folder).current()
        pq.write_table(find_accounts(f"table=accounts&country={COUNTRY}", whole), accounts)
        build_segment(folder, whole.id, SEGMENT, accounts, Silent())

    warehouse = Warehouse(made_once("segment-of-country", make))
    whole = warehouse.current()
    return whole, warehouse.build(segment_build_id(whole.id, SEGMENT))


# A place among all accounts is another one among some.
OF_ALL_ACCOUNTS = {"accounts_at_risk": ["risk_rank"]}
BY_COUNTRY = {"filters", "filters_but_plays", "countries"}


@pytest.mark.parametrize("name", [name for name in query_names() if parameter_names(name) & BY_COUNTRY])
def test_it_says_what_the_filter_by_the_same_accounts_says(name: str, of_country: tuple[Build, Build]) -> None:
    whole, segment = of_country
    filtered = run(name, parse_search(f"{EVERYTHING}&country={COUNTRY}", whole.manifest.spans), whole)
    alone = run(name, parse_search(EVERYTHING, segment.manifest.spans), segment)
    other = OF_ALL_ACCOUNTS.get(name, [])
    pd.testing.assert_frame_equal(alone.drop(columns=other), filtered.drop(columns=other), rtol=1e-9)


def test_the_accounts_of_a_query_are_those_of_its_rows(of_country: tuple[Build, Build]) -> None:
    whole, _ = of_country
    rows = run("accounts_at_risk", parse_search(f"country={COUNTRY}", whole.manifest.spans), whole)
    found = find_accounts(f"query=accounts_at_risk&country={COUNTRY}", whole)
    assert found.to_pydict() == {"account_id": sorted(rows["account_id"])}
    assert len(rows) > 10


def test_rows_that_name_no_accounts_are_told(of_country: tuple[Build, Build]) -> None:
    whole, _ = of_country
    with pytest.raises(SegmentRowsError, match="viewing_summary name no accounts"):
        find_accounts("query=viewing_summary", whole)
    with pytest.raises(SegmentRowsError, match="no query «nothing»"):
        find_accounts("query=nothing", whole)
