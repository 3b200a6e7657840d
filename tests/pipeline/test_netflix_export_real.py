"""The real personal export: the source holds what the standard library reads from the CSV files."""

import csv
import re
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.importers.netflix_export import import_netflix_export
from pipeline.source import scan_sql, table_files
from tests.pipeline.reading import reader, rows, stamps


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def seconds(clock: str) -> int:
    hours, minutes, rest = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + rest


@pytest.fixture(scope="module")
def imported(real_source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real source, for tests that write to it."""
    return shutil.copytree(real_source, tmp_path_factory.mktemp("imported") / "source")


def test_each_real_profile_has_its_watch_time_rows_and_titles(real_export: Path, real_source: Path) -> None:
    watched_s: dict[str, int] = defaultdict(int)
    plays: dict[str, int] = defaultdict(int)
    titles: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in csv_rows(real_export / "ViewingActivity.csv"):
        profile = row["Profile Name"]
        watched_s[profile] += seconds(row["Duration"])
        plays[profile] += 1
        titles[profile].add((row["Title"], row["Supplemental Video Type"]))
    assert len(plays) == 9
    with reader().cursor() as connection:
        found = connection.sql(
            f"""
            select label, sum(watch_ms)::bigint, count(*), count(distinct title_id), count(distinct plays.account_id)
            from {scan_sql(table_files(real_source, "plays"))} as plays
            inner join {scan_sql(table_files(real_source, "profiles"))} as profiles using (profile_id)
            group by label
            """
        ).fetchall()
    assert sorted(found) == sorted(
        (profile, watched_s[profile] * 1000, plays[profile], len(titles[profile]), 1) for profile in plays
    )


def test_real_kinds_follow_the_sources_own_marking(real_export: Path, real_source: Path) -> None:
    marked = [row["Supplemental Video Type"] for row in csv_rows(real_export / "ViewingActivity.csv")]
    with reader().cursor() as connection:
        found = dict(
            connection.sql(
                f"""
                select kind, count(*) from {scan_sql(table_files(real_source, "plays"))} as plays
                inner join {scan_sql(table_files(real_source, "titles"))} as titles using (title_id)
                group by kind
                """
            ).fetchall()
        )
    assert found["trailer"] == sum("TRAILER" in word for word in marked)
    assert found["supplemental"] == sum(bool(word) and "TRAILER" not in word for word in marked)
    assert found["film"] + found["episode"] == sum(not word for word in marked)


def test_every_real_title_with_an_episode_number_is_an_episode(real_source: Path) -> None:
    for name, kind, episode_number in rows(real_source, "titles", "name, kind, episode_number"):
        number = re.search(r"\(Episode (\d+)\)$", str(name))
        if number:
            assert (kind, episode_number) == ("episode", int(number[1])), name


def test_the_real_export_again_touches_no_file(real_export: Path, imported: Path) -> None:
    before = stamps(imported)
    report = import_netflix_export(real_export, imported, account_per="profile", keep_labels=True)
    for counts in report.tables:
        assert counts.rows == counts.unchanged + counts.duplicates, counts
    for file in report.files:
        assert file.rows == file.kept + file.duplicates + file.rejected, file
    assert {file.file: file.rows for file in report.files} == {
        path.name: len(csv_rows(path)) for path in real_export.glob("*.csv")
    }
    assert {counts.removed for counts in report.tables} == {0}
    assert stamps(imported) == before


def test_a_newer_real_export_adds_its_rows(real_export: Path, imported: Path, tmp_path: Path) -> None:
    # 100 plays on days after the last one, and one bookmark moved on.
    original = (real_export / "ViewingActivity.csv").read_text(encoding="utf-8-sig")
    line = "User 1,2022-04-28 15:54:30,00:09:39,,13 Hours: The Secret Soldiers of Benghazi,,Device Type 1,"
    assert original.count(f"{line}02:13:19,") == 1
    appended = "".join(
        f"User 1,2023-07-{1 + number // 24:02} {number % 24:02}:00:00,00:01:00,,"
        "Mosul,,Device Type 1,00:01:00,,IN (India)\n"
        for number in range(100)
    )
    newer = tmp_path / "newer"
    newer.mkdir()
    changed = original.replace(f"{line}02:13:19,", f"{line}02:14:00,")
    (newer / "ViewingActivity.csv").write_text(changed + appended, encoding="utf-8")
    before = stamps(imported)
    report = import_netflix_export(newer, imported, account_per="profile", keep_labels=True)
    plays = report.table("plays")
    assert (plays.rows, plays.added, plays.updated, plays.unchanged) == (10_092, 100, 1, 9_991)
    after = stamps(imported)
    touched = {Path(name).parent.name for name in after if after[name] != before.get(name)}
    assert touched == {"day=2022-04-28", *(f"day=2023-07-{day:02}" for day in range(1, 6))}
