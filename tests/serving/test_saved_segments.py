"""Segments are saved, found anew for every build or not, and deleted."""

from pathlib import Path

import pytest

from definitions.errors import UserError
from definitions.segments import ACCOUNTS_FILE, Segment, delete_segment, saved_segments, segment_folder
from pipeline.build.build import build_warehouse
from pipeline.build.segment import build_segment
from pipeline.progress import Silent
from queries.db import Build, SegmentError, SegmentNotReadyError, Warehouse
from queries.filters import FilterError
from queries.segments import SegmentRowsError
from serving.saved_segments import NotSavedError, listed_segments, save, to_prepare
from tests.pipeline.builds import FIRST, play
from tests.sources import write_source

COUNTRIES = {"ann": "IN", "bob": "IN", "cyn": "NZ"}


def built(folder: Path, countries: dict[str, str]) -> Warehouse:
    """Build a source in which each account watches the one film for 90 s on the first day; cyn on the second, too."""
    days = {account: [FIRST] for account in countries}
    days["cyn"] = [FIRST, FIRST.replace(day=FIRST.day + 1)]
    write_source(
        folder / "source",
        {
            "titles": [{"title_id": "film", "name": "The Salt Year", "kind": "film"}],
            "accounts": [{"account_id": account, "country": country} for account, country in countries.items()],
            "plays": [
                play(f"{account} {day:%d}", day, account, "film", 90, countries[account])
                for account in countries
                for day in days[account]
            ],
        },
    )
    build_warehouse(folder / "source", folder / "warehouse")
    return Warehouse(folder / "warehouse")


def prepared(warehouse: Warehouse, segment: Segment) -> Build:
    with to_prepare(warehouse, segment.id) as wanted:
        assert wanted is not None
        build_segment(warehouse.folder, wanted.build_id, segment.id, wanted.accounts, Silent())
    return warehouse.shown(warehouse.current().id, segment.id)


def accounts_in(build: Build) -> list[str]:
    with build.cursor() as cursor:
        return [account for (account,) in cursor.execute("select account_id from accounts order by all").fetchall()]


def test_a_segment_that_follows_is_found_anew_and_another_stays_as_it_was(tmp_path: Path) -> None:
    warehouse = built(tmp_path, COUNTRIES)
    follows = save(warehouse, "India", "table=accounts&country=IN", follows=True)
    stays = save(warehouse, "  India   in March ", "table=accounts&country=IN", follows=False)
    assert stays.name == "India in March"
    assert [(listed.segment.name, listed.accounts) for listed in listed_segments(warehouse)] == [
        ("India", None),
        ("India in March", None),
    ]
    with pytest.raises(SegmentNotReadyError, match="«India» is being prepared"):
        warehouse.shown(warehouse.current().id, follows.id)
    assert accounts_in(prepared(warehouse, follows)) == ["ann", "bob"]
    assert accounts_in(prepared(warehouse, stays)) == ["ann", "bob"]
    assert [listed.accounts for listed in listed_segments(warehouse)] == [2, 2]
    with to_prepare(warehouse, follows.id) as wanted:
        assert wanted is None

    # bob moves away and dev joins: who follows is now ann and dev, who stays is still ann and bob.
    warehouse = built(tmp_path, {"ann": "IN", "bob": "NZ", "cyn": "NZ", "dev": "IN"})
    assert accounts_in(prepared(warehouse, follows)) == ["ann", "dev"]
    assert accounts_in(prepared(warehouse, stays)) == ["ann", "bob"]


def test_a_segment_covers_the_days_of_all_the_data(tmp_path: Path) -> None:
    # India's last play was on the first day, cyn's on the second; the last event's day is incomplete.
    warehouse = built(tmp_path, COUNTRIES)
    india = prepared(warehouse, save(warehouse, "India", "table=accounts&country=IN", follows=False))
    assert india.manifest.spans == warehouse.current().manifest.spans
    assert india.manifest.data_through == warehouse.current().manifest.data_through
    # Two plays of 90 s, of one film that all can see.
    with india.cursor() as cursor:
        assert cursor.execute("select count(*), sum(watch_ms) from plays").fetchall() == [(2, 180_000)]
        assert cursor.execute("select count(*) from titles").fetchall() == [(1,)]


def test_a_segment_can_be_saved_from_the_rows_of_another(tmp_path: Path) -> None:
    warehouse = built(tmp_path, COUNTRIES)
    india = save(warehouse, "India", "table=accounts&country=IN", follows=True)
    # cyn has an n as well, and is none of India's.
    with_an_n = f"table=accounts&where=account_id+contains+n&segment={india.id}"
    with pytest.raises(SegmentNotReadyError):
        save(warehouse, "Ann", with_an_n, follows=True)
    prepared(warehouse, india)
    assert accounts_in(prepared(warehouse, save(warehouse, "Ann", with_an_n, follows=True))) == ["ann"]


@pytest.mark.parametrize(
    ("name", "search", "error", "said"),
    [
        ("  ", "table=accounts", NotSavedError, "1 to 60 characters"),
        ("x" * 61, "table=accounts", NotSavedError, "this has 61"),
        ("INDIA", "table=accounts", NotSavedError, "of this name already"),
        ("Nobody", "table=accounts&country=XX", NotSavedError, "name no account"),
        ("Titles", "table=titles", SegmentRowsError, "Rows of titles name no accounts"),
        ("Odd", "table=nothing", FilterError, "no table «nothing»"),
        ("Of no one", "table=accounts&segment=abcdefgh", SegmentError, "not there"),
    ],
)
def test_what_will_not_do_is_told_and_saves_nothing(
    name: str, search: str, error: type[UserError], said: str, india: Warehouse
) -> None:
    with pytest.raises(error, match=said):
        save(india, name, search, follows=True)
    assert [segment.name for segment in saved_segments(india.folder)] == ["India"]
    assert len(list((india.folder / "segments").iterdir())) == 1


@pytest.fixture(scope="module")
def india(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with one segment; only to be read."""
    warehouse = built(tmp_path_factory.mktemp("india"), COUNTRIES)
    save(warehouse, "India", "table=accounts&country=IN", follows=False)
    return warehouse


def test_nothing_is_saved_where_small_groups_are_hidden(india: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    with pytest.raises(NotSavedError, match="fewer than 5 accounts"):
        save(india, "New Zealand", "table=accounts&country=NZ", follows=True)


def test_a_deleted_segment_is_gone_with_all_its_files(tmp_path: Path) -> None:
    warehouse = built(tmp_path, COUNTRIES)
    segment = save(warehouse, "India", "table=accounts&country=IN", follows=False)
    prepared(warehouse, segment)
    assert (segment_folder(warehouse.folder, segment.id) / ACCOUNTS_FILE).is_file()
    assert delete_segment(warehouse.folder, segment.id)
    assert not segment_folder(warehouse.folder, segment.id).exists()
    with pytest.raises(SegmentError, match="not any more"):
        warehouse.shown(warehouse.current().id, segment.id)
    assert not delete_segment(warehouse.folder, segment.id)
    assert not delete_segment(warehouse.folder, "../../x")


def test_builds_of_a_segment_go_with_the_data_that_they_are_of(tmp_path: Path) -> None:
    warehouse = built(tmp_path, COUNTRIES)
    segment = save(warehouse, "India", "table=accounts&country=IN", follows=False)
    first = prepared(warehouse, segment).id
    # Three builds are kept, so that the fourth takes the first one's place.
    for _ in range(3):
        warehouse = built(tmp_path, COUNTRIES)
    with to_prepare(warehouse, segment.id):
        kept = [path.name for path in (segment_folder(warehouse.folder, segment.id) / "builds").iterdir()]
    assert first not in kept
