"""Importing a personal export: literal rows with answers derived by hand."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.identity import KEY_VARIABLE, load_identity
from pipeline.importers.netflix_export import import_netflix_export
from pipeline.importers.report import ImportReport, TableCounts
from tests.pipeline.reading import reader, rows, stamps

VIEWING_HEADER = (
    "Profile Name,Start Time,Duration,Attributes,Title,Supplemental Video Type,Device Type,"
    "Bookmark,Latest Bookmark,Country\n"
)
VIEWING = f"""\
{VIEWING_HEADER}\
Ada,2022-04-28 16:08:56,00:10:00,,Barfi!,,PS4,00:10:00,00:10:00,IN (India)
Ada,2022-04-28 17:00:00,00:00:05,Autoplayed: user action: None; ,Trailer: Barfi!,TRAILER,PS4,00:00:05,,IN (India)
Ada,2022-04-29 09:00:00,00:40:00,,"Dark: Season 1: Secrets (Episode 1)",,iPhone 12,00:40:00,Not latest view,AE (United Arab Emirates)
Bob,2022-04-29 09:00:00,00:00:09,,Barfi!_hook_01_16x9,HOOK,Device Type 0,,,IN (India)
Bob,2022-04-29 10:00:00,ten,,Barfi!,,PS4,00:10:00,00:10:00,IN (India)
,2022-04-29 11:00:00,00:10:00,,Barfi!,,PS4,00:10:00,00:10:00,IN (India)
"""  # noqa: E501
PROFILES = """\
Profile Name,Profile Creation Time,Maturity Level,Primary Lang
Ada,29-10-2021 05:42,ADULTS,en-IN
Bob,13-06-2022 18:09,LITTLE_KIDS,ml
"""
DEVICES = """\
Profile Name,Esn,Device Type,Acct First Playback Date,Acct Last Playback Date,Deactivation Time
Ada,SECRET-SERIAL,PS4,2022-04-01T09:32:16.028Z,2022-11-07T12:57:43.624Z,1970-01-01T00:00:00.000Z
Bob,SECRET-SERIAL,PS4,2022-04-01T09:32:16.028Z,2022-11-07T12:57:43.624Z,1970-01-01T00:00:00.000Z
"""
SEARCHES = '''\
Profile Name,Country Iso Code,Device,Is Kids,Query Typed,Displayed Name,Action,Section,Utc Timestamp
Ada,IN,iPhone 12,0,dar,"Dark: Season 1: ""Secrets""",play,title_results,2022-04-29 08:59:50
Ada,IN,iPhone 12,0,,Barfi!,select,prequery_results,2022-04-28 16:08:00
'''
CLICKS = """\
Profile Name,Source,Navigation Level,Click Utc Ts
Ada,iPhone 12,browseTitles,2022-04-28 16:07:00
Ada,iPhone 12,browseTitles,2022-04-28 16:07:00
"""
CATALOGUE = """\
show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in
s1,Movie,Barfi!,Anurag Basu,Ranbir Kapoor,India,,2012,TV-14,150 min,Comedies
s2,TV Show,Dark,,Louis Hofmann,Germany,,2017,TV-MA,3 Seasons,Crime TV Shows
"""


def write_export(folder: Path) -> Path:
    """Write an export with its files in sub-folders, as they come."""
    for name, text in {
        "CONTENT_INTERACTION/ViewingActivity.csv": VIEWING,
        "CONTENT_INTERACTION/SearchHistory.csv": SEARCHES,
        "PROFILES/Profiles.csv": PROFILES,
        "DEVICES/Devices.csv": DEVICES,
        "CLICKSTREAM/Clickstream.csv": CLICKS,
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_export(tmp_path / "export")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ImportReport]:
    """The export imported once, for tests that only read; and the report of it."""
    folder = tmp_path_factory.mktemp("imported")
    return folder / "source", import_netflix_export(write_export(folder / "export"), folder / "source")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source"


def viewing(folder: Path) -> Path:
    return folder / "CONTENT_INTERACTION" / "ViewingActivity.csv"


def assert_adds_up(report: ImportReport) -> None:
    for counts in report.tables:
        parts = counts.added + counts.updated + counts.unchanged + counts.duplicates + counts.rejected
        assert counts.rows == parts, counts
    for file in report.files:
        assert file.rows == file.kept + file.duplicates + file.rejected, file


def test_plays(imported: tuple[Path, ImportReport]) -> None:
    source, report = imported
    assert_adds_up(report)
    columns = "started_at, watch_ms, furthest_position_ms, autoplay, ended_by, device_type, device_model, country"
    assert rows(source, "plays", columns) == [
        (datetime(2022, 4, 28, 16, 8, 56), 600_000, 600_000, False, "unknown", "console", "PS4", "IN"),
        (datetime(2022, 4, 28, 17), 5_000, 5_000, True, "unknown", "console", "PS4", "IN"),
        (datetime(2022, 4, 29, 9), 9_000, None, False, "unknown", "other", "Device Type 0", "IN"),
        (datetime(2022, 4, 29, 9), 2_400_000, 2_400_000, False, "unknown", "mobile", "iPhone 12", "AE"),
    ]
    assert report.table("plays") == TableCounts(
        "plays",
        rows=6,
        added=4,
        updated=0,
        unchanged=0,
        duplicates=0,
        rejected=2,
        rejections=(
            "ViewingActivity.csv line 6: Duration: expected a duration H:MM:SS, found 'ten'",
            "ViewingActivity.csv line 7: Profile Name: expected the name of a profile, found nothing",
        ),
    )
    assert "devices of unknown sort, counted as other: Device Type 0" in report.notes


def test_titles(imported: tuple[Path, ImportReport]) -> None:
    source, _ = imported
    columns = "name, kind, subtype, series_name, season_number, episode_number, series_id is not null"
    assert rows(source, "titles", columns) == [
        ("Barfi!", "film", None, None, None, None, False),
        ("Barfi!_hook_01_16x9", "supplemental", "hook", None, None, None, False),
        ("Dark: Season 1: Secrets (Episode 1)", "episode", None, "Dark", 1, 1, True),
        ("Trailer: Barfi!", "trailer", "trailer", None, None, None, False),
    ]


def test_a_film_and_its_trailer_of_the_same_name_are_two_titles(folder: Path, source: Path) -> None:
    viewing(folder).write_text(
        VIEWING_HEADER
        + "Ada,2022-04-28 16:00:00,00:10:00,,Barfi!,,PS4,,,IN (India)\n"
        + "Ada,2022-04-28 16:00:00,00:10:00,,Barfi!,TEASER_TRAILER,PS4,,,IN (India)\n"
    )
    import_netflix_export(folder, source)
    assert rows(source, "titles", "name, kind, subtype") == [
        ("Barfi!", "film", None),
        ("Barfi!", "trailer", "teaser_trailer"),
    ]
    assert len(rows(source, "plays", "play_id, title_id")) == 2


def test_people(imported: tuple[Path, ImportReport]) -> None:
    source, _ = imported
    identity = load_identity()
    household = identity.pseudonym("account_id", "household")
    ada, bob = (identity.pseudonym("profile_id", f"household/{name}") for name in ("Ada", "Bob"))
    assert rows(source, "accounts", "account_id, signed_up_at, country") == [
        (household, datetime(2021, 10, 29, 5, 42), None)
    ]
    assert sorted(rows(source, "profiles", "profile_id, account_id, profile_type, language, created_at, label")) == (
        sorted(
            [
                (ada, household, "standard", "en-IN", datetime(2021, 10, 29, 5, 42), None),
                (bob, household, "kids", "ml", datetime(2022, 6, 13, 18, 9), None),
            ]
        )
    )
    # One device, listed once for each profile; a deactivation in 1970 is none.
    assert rows(source, "devices", "account_id, device_type, device_model, last_play_at, deactivated_at") == [
        (household, "console", "PS4", datetime(2022, 11, 7, 12, 57, 43, 624_000), None)
    ]


def test_each_profile_can_be_an_account(folder: Path, source: Path) -> None:
    import_netflix_export(folder, source, account_per="profile", keep_labels=True)
    identity = load_identity()
    accounts = {name: identity.pseudonym("account_id", f"household/{name}") for name in ("Ada", "Bob")}
    assert {label: account for account, label in rows(source, "profiles", "account_id, label")} == accounts
    assert set(rows(source, "plays", "account_id")) == {(account,) for account in accounts.values()}


def test_discovery(imported: tuple[Path, ImportReport]) -> None:
    source, report = imported
    titles = {str(name): title_id for name, title_id in rows(source, "titles", "name, title_id")}
    assert rows(source, "searches", "ts, query, chosen_title_id, device_type, country, results") == [
        (datetime(2022, 4, 29, 8, 59, 50), "dar", titles["Dark: Season 1: Secrets (Episode 1)"], "mobile", "IN", None)
    ]
    assert rows(source, "browse_events", "ts, event, title_id, device_type") == [
        (datetime(2022, 4, 28, 16, 7), "browseTitles", None, "mobile"),
        (datetime(2022, 4, 28, 16, 8), "select", titles["Barfi!"], "mobile"),
    ]
    assert report.file("SearchHistory.csv").kept == 2
    assert report.file("Clickstream.csv").duplicates == 1


def test_the_catalogue_adds_facts_and_credits(folder: Path, source: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text(CATALOGUE)
    report = import_netflix_export(folder, source, catalogue=catalogue)
    assert [(join.what, join.matched) for join in report.catalogue] == [("films", 1), ("series", 1)]
    assert rows(source, "titles", "name, runtime_ms, maturity, country")[:3] == [
        ("Barfi!", 9_000_000, "TV-14", "IN"),
        ("Barfi!_hook_01_16x9", None, None, None),
        ("Dark: Season 1: Secrets (Episode 1)", None, "TV-MA", "DE"),
    ]
    assert rows(source, "title_people", "person, role, billing, title_id is null, series_id is null") == [
        ("Anurag Basu", "director", 1, False, True),
        ("Louis Hofmann", "cast", 1, True, False),
        ("Ranbir Kapoor", "cast", 1, False, True),
    ]
    assert rows(source, "title_tags", "tag, tag_kind") == [("Comedies", "genre"), ("Crime TV Shows", "genre")]
    before = stamps(source)
    import_netflix_export(folder, source)
    assert stamps(source) == before, "an import without the catalogue took facts away"


def test_names_and_serials_are_nowhere_in_the_source(imported: tuple[Path, ImportReport]) -> None:
    source, _ = imported
    assert (source / "rejected" / "plays-import.parquet").exists()
    for path in source.rglob("*.parquet"):
        texts = reader().execute(f"select t::varchar from read_parquet('{path}') as t").fetchall()
        assert not re.search(r"Ada|Bob|SECRET-SERIAL", str(texts)), path


def test_rejected_rows_are_kept_with_their_reason(folder: Path, source: Path) -> None:
    import_netflix_export(folder, source)
    path = source / "rejected" / "plays-import.parquet"
    found = reader().execute(f"select file, line, reason, original from '{path}' order by line").fetchall()
    assert [(file, line) for file, line, *_ in found] == [("ViewingActivity.csv", 6), ("ViewingActivity.csv", 7)]
    assert found[0][2] == "Duration: expected a duration H:MM:SS, found 'ten'"
    assert json.loads(found[0][3])["Duration"] == "ten"
    viewing(folder).write_text(VIEWING.replace("00,ten,", "00,00:10:00,").replace("\n,2022", "\nBob,2022"))
    assert import_netflix_export(folder, source).table("plays").added == 2
    assert not path.exists()


def test_a_newer_export_updates_bookmarks_and_devices(folder: Path, source: Path) -> None:
    import_netflix_export(folder, source)
    newer = VIEWING.replace("Barfi!,,PS4,00:10:00,00:10:00", "Barfi!,,PS4,01:00:00,01:00:00", 1)
    viewing(folder).write_text(newer + "Bob,2022-05-01 10:00:00,00:01:00,,Mosul,,PS4,00:01:00,,IN (India)\n")
    devices = folder / "DEVICES" / "Devices.csv"
    devices.write_text(DEVICES.replace("2022-11-07", "2022-12-08"))
    report = import_netflix_export(folder, source)
    plays = report.table("plays")
    assert (plays.added, plays.updated, plays.unchanged) == (1, 1, 3)
    assert (report.table("devices").added, report.table("devices").removed) == (1, 1)
    assert rows(source, "devices", "last_play_at")[0][0] == datetime(2022, 12, 8, 12, 57, 43, 624_000)


def test_equal_rows_are_all_kept_and_known_again_in_another_order(folder: Path, source: Path) -> None:
    # Three plays of one title at one second on one device; two of them of the same length.
    start = "Ada,2022-04-28 16:00:00"
    lines = [
        f"{start},00:10:00,,Barfi!,,PS4,00:10:00,,IN (India)\n",
        f"{start},00:20:00,,Barfi!,,PS4,00:20:00,,IN (India)\n",
        f"{start},00:20:00,,Barfi!,,PS4,00:30:00,,IN (India)\n",
    ]
    viewing(folder).write_text(VIEWING_HEADER + "".join(lines))
    assert import_netflix_export(folder, source).table("plays").added == 3
    viewing(folder).write_text(VIEWING_HEADER + "".join(reversed(lines)))
    assert import_netflix_export(folder, source).table("plays").unchanged == 3
    # The shortest play's bookmark moves past the others': it is still the play it was.
    viewing(folder).write_text(VIEWING_HEADER + "".join(lines).replace("00:10:00,,IN", "00:45:00,,IN"))
    plays = import_netflix_export(folder, source).table("plays")
    assert (plays.unchanged, plays.updated) == (2, 1)


def test_an_event_whose_title_becomes_known_is_not_doubled(folder: Path, source: Path) -> None:
    viewing(folder).write_text(VIEWING_HEADER + "Ada,2022-04-28 17:00:00,00:10:00,,Mosul,,PS4,,,IN (India)\n")
    import_netflix_export(folder, source)
    assert rows(source, "browse_events", "event, title_id is null") == [("browseTitles", True), ("select", True)]
    viewing(folder).write_text(VIEWING)
    import_netflix_export(folder, source)
    assert rows(source, "browse_events", "event, title_id is null") == [("browseTitles", True), ("select", False)]


def test_the_same_household_from_another_folder_is_the_same(folder: Path, source: Path, tmp_path: Path) -> None:
    import_netflix_export(folder, source)
    before = stamps(source)
    import_netflix_export(folder.rename(tmp_path / "elsewhere"), source)
    assert stamps(source) == before


def test_another_household_needs_a_name(folder: Path, source: Path, tmp_path: Path) -> None:
    import_netflix_export(folder, source)
    other = tmp_path / "other"
    other.mkdir()
    (other / "Profiles.csv").write_text("Profile Name\nCy\n")
    with pytest.raises(SourceError, match="name it with --account; if it is the same one, use --account household"):
        import_netflix_export(other, source)
    import_netflix_export(other, source, account="cy")
    assert len(rows(source, "accounts", "account_id")) == 2
    import_netflix_export(other, source, account="household")
    assert len(rows(source, "accounts", "account_id")) == 2


@pytest.mark.parametrize("missing", ["ViewingActivity", "Profiles", "Devices", "SearchHistory", "Clickstream"])
def test_any_file_may_be_missing(folder: Path, source: Path, missing: str) -> None:
    next(folder.rglob(f"{missing}.csv")).unlink()
    report = import_netflix_export(folder, source)
    assert_adds_up(report)
    assert {file.file for file in report.files} == {
        f"{name}.csv" for name in ("ViewingActivity", "Profiles", "Devices", "SearchHistory", "Clickstream")
    } - {f"{missing}.csv"}
    assert len(rows(source, "profiles", "profile_id")) == 2


def test_a_folder_without_an_export_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="found none of them at any depth"):
        import_netflix_export(tmp_path, source)
    assert not source.exists()


@pytest.mark.parametrize("name", ["ViewingActivity.csv", "NetflixViewingHistory.csv"])
def test_the_short_export_is_refused_with_how_to_request_the_full_one(source: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('Title,Date\n"Barfi!","4/28/22"\n')
    with pytest.raises(SourceError, match=r"short viewing history.*netflix.com/account/getmyinfo"):
        import_netflix_export(tmp_path, source)


def test_a_file_that_mixes_day_and_month_order_leaves_the_source_alone(folder: Path, source: Path) -> None:
    import_netflix_export(folder, source)
    before = stamps(source)
    mixed = VIEWING.replace("2022-04-28 16:08:56", "28/4/2022 16:08")
    viewing(folder).write_text(mixed.replace("2022-04-28 17:00:00", "4/28/2022 17:00"))
    with pytest.raises(SourceError, match=r"ViewingActivity.csv, column Start Time: line 2 .* and line 3 "):
        import_netflix_export(folder, source)
    assert stamps(source) == before


def test_a_new_key_file_is_told(folder: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    report = import_netflix_export(folder, source)
    assert str(tmp_path / "config" / "marquee" / "id-key") in "\n".join(report.lines())


def test_the_report_names_every_file_and_table(folder: Path, source: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text(CATALOGUE.replace("Dark", "Lupin"))
    lines = import_netflix_export(folder, source, catalogue=catalogue).lines()
    assert "ViewingActivity.csv: 6 rows = 4 kept + 0 duplicates + 2 rejected" in lines
    assert "plays: 6 rows = 4 added + 0 updated + 0 unchanged + 0 duplicates + 2 rejected" in lines
    assert "catalogue, series: 0 matched, 1 not found, 0 ambiguous" in lines
    assert "  not found: Dark" in lines
