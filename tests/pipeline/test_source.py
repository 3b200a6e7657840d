"""A source's layout, and updates that happen in full or not at all."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from definitions.tables import CONTRACT
from pipeline.errors import SourceError
from pipeline.source import (
    JOURNAL,
    SourceUpdate,
    connect,
    day_of_path,
    present_tables,
    reading,
    recover,
    require_free_space,
    scan_sql,
    table_files,
    unknown_entries,
)


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def contents(source: Path) -> dict[str, str]:
    """Return the text of every file that readers of the source can see."""
    return {
        path.relative_to(source).as_posix(): path.read_text()
        for path in source.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(source).parts)
    }


def test_a_table_is_one_file_a_folder_or_both(tmp_path: Path) -> None:
    single = write(tmp_path / "titles.parquet")
    nested = write(tmp_path / "titles" / "more.parquet")
    by_day = write(tmp_path / "plays" / "day=2024-01-02" / "a.parquet")
    write(tmp_path / "plays" / ".hidden" / "b.parquet")
    write(tmp_path / "plays" / "notes.txt")
    assert table_files(tmp_path, "titles") == [single, nested]
    assert table_files(tmp_path, "plays") == [by_day]
    assert table_files(tmp_path, "accounts") == []
    assert present_tables(tmp_path) == ["titles", "plays"]


def test_what_belongs_to_no_table_is_listed(tmp_path: Path) -> None:
    for name in ("titles.parquet", "films.parquet", ".hidden", "plays/x.parquet", "rejected/y.parquet", "other/z"):
        write(tmp_path / name)
    assert unknown_entries(tmp_path) == ["films.parquet", "other"]


def test_the_day_comes_from_the_nearest_day_folder() -> None:
    assert day_of_path(Path("day=2020-01-01/source/plays/day=2024-01-02/x.parquet")) == "2024-01-02"
    assert day_of_path(Path("plays/2024-01-02/x.parquet")) is None


def test_files_in_and_outside_day_folders_are_read_together(tmp_path: Path) -> None:
    folder = tmp_path / "plays" / "day=2024-01-02"
    folder.mkdir(parents=True)
    with connect() as connection:
        connection.execute(f"copy (select 'a' as play_id) to '{folder}/x.parquet'")
        connection.execute(f"copy (select 'b' as play_id, 1 as more) to '{tmp_path}/plays/y.parquet'")
        scan = scan_sql(table_files(tmp_path, "plays"))
        rows = connection.sql(f"select play_id, day, more from {scan} order by all").fetchall()
    assert rows == [("a", "2024-01-02", None), ("b", None, 1)]


def test_nothing_is_seen_before_the_block_ends(tmp_path: Path) -> None:
    write(tmp_path / "titles.parquet", "old")
    with SourceUpdate(tmp_path) as update:
        update.stage(Path("titles.parquet")).write_text("new")
        assert contents(tmp_path) == {"titles.parquet": "old"}
    assert contents(tmp_path) == {"titles.parquet": "new"}


def test_an_exception_leaves_the_source_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "titles.parquet", "old")

    def stage_and_fail() -> None:
        with SourceUpdate(tmp_path) as update:
            update.stage(Path("titles.parquet")).write_text("new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stage_and_fail()
    assert contents(tmp_path) == {"titles.parquet": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "titles.parquet"]


def test_folders_that_become_empty_are_removed(tmp_path: Path) -> None:
    write(tmp_path / "plays" / "day=2024-01-02" / "x.parquet")
    with SourceUpdate(tmp_path) as update:
        update.remove(Path("plays/day=2024-01-02/x.parquet"))
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_two_updates_at_once_are_refused(tmp_path: Path) -> None:
    with (
        SourceUpdate(tmp_path),
        pytest.raises(SourceError, match="another import is writing this source"),
        SourceUpdate(tmp_path),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    write(tmp_path / "file")
    with pytest.raises(SourceError, match="cannot be written"), SourceUpdate(tmp_path / "file" / "source"):
        pass


class Killed(BaseException):
    """Stands for the end of the process: nothing that follows it may touch the disk."""


def update_everything(source: Path) -> None:
    """Replace one file, add two in a new day, remove one."""
    with SourceUpdate(source) as update:
        update.stage(Path("titles.parquet")).write_text("new")
        day = update.stage_folder(Path("plays")) / "day=2024-01-03"
        write(day / "a.parquet", "a")
        write(day / "b.parquet", "b")
        update.remove(Path("plays/day=2024-01-02/x.parquet"))


BEFORE = {"titles.parquet": "old", "plays/day=2024-01-02/x.parquet": "x"}
AFTER = {"titles.parquet": "new", "plays/day=2024-01-03/a.parquet": "a", "plays/day=2024-01-03/b.parquet": "b"}
DISK_CALLS = ("fsync", "replace", "unlink", "rmdir", "mkdir", "open")


def dying_after(calls: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let that many calls to the disk pass and fail every later one; return the list that names those made."""
    made: list[str] = []

    def limited(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if len(made) >= calls:
                raise Killed(name)
            made.append(name)
            return real(*arguments, **options)

        return call

    for name in DISK_CALLS:
        monkeypatch.setattr(os, name, limited(name, getattr(os, name)))
    monkeypatch.setattr(shutil, "rmtree", limited("rmtree", shutil.rmtree))
    return made


def test_an_update_killed_at_any_step_happened_in_full_or_not_at_all(tmp_path: Path) -> None:
    outcomes = []
    for step in range(200):
        source = tmp_path / str(step)
        for name, text in BEFORE.items():
            write(source / name, text)
        finished = True
        with pytest.MonkeyPatch.context() as monkeypatch:
            made = dying_after(step, monkeypatch)
            try:
                update_everything(source)
            except Killed:
                finished = False
        if JOURNAL not in {path.name for path in source.iterdir()}:
            assert contents(source) in (BEFORE, AFTER), made
        recover(source)
        assert contents(source) in (BEFORE, AFTER), made
        outcomes.append(contents(source) == AFTER)
        with SourceUpdate(source):
            pass
        assert [path.name for path in source.iterdir() if path.name.startswith(".")] == [".lock"], made
        if finished:
            break
    # Before the journal nothing happened, from then on everything; both were met.
    assert outcomes == sorted(outcomes)
    assert {False, True} == set(outcomes)
    assert outcomes.count(True) > 10


def test_a_recovery_killed_at_any_step_can_be_repeated(tmp_path: Path) -> None:
    interrupted = tmp_path / "interrupted"
    for name, text in BEFORE.items():
        write(interrupted / name, text)
    with pytest.MonkeyPatch.context() as monkeypatch:
        real = os.replace

        def replace_journal_only(source: Path, target: Path) -> None:
            if target.name != JOURNAL:
                raise Killed
            real(source, target)

        monkeypatch.setattr(os, "replace", replace_journal_only)
        with pytest.raises(Killed):
            update_everything(interrupted)
    for step in range(200):
        source = shutil.copytree(interrupted, tmp_path / str(step))
        try:
            with pytest.MonkeyPatch.context() as monkeypatch:
                dying_after(step, monkeypatch)
                recover(source)
        except Killed:
            recover(source)
            assert contents(source) == AFTER
        else:
            assert contents(source) == AFTER
            break
    assert step > 10


def test_a_process_killed_while_it_renames_is_recovered(tmp_path: Path) -> None:
    for name, text in BEFORE.items():
        write(tmp_path / name, text)
    script = """
import os, sys
from pathlib import Path
from pipeline.source import SourceUpdate

real = os.replace
def die_at_second(*arguments):
    real(*arguments)
    if Path(arguments[1]).name == "titles.parquet":
        os._exit(9)
os.replace = die_at_second
with SourceUpdate(Path(sys.argv[1])) as update:
    update.stage(Path("titles.parquet")).write_text("new")
    day = update.stage_folder(Path("plays")) / "day=2024-01-03"
    day.mkdir()
    (day / "a.parquet").write_text("a")
    (day / "b.parquet").write_text("b")
    update.remove(Path("plays/day=2024-01-02/x.parquet"))
"""
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=root, check=False)
    assert killed.returncode == 9
    assert (tmp_path / JOURNAL).exists()
    recover(tmp_path)
    assert contents(tmp_path) == AFTER


def test_recover_does_nothing_without_a_journal(tmp_path: Path) -> None:
    recover(tmp_path / "absent")
    recover(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_journal_in_a_folder_that_cannot_be_written_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / JOURNAL, "{}")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError, match=r"interrupted while it replaced files.*Permission denied"):
        recover(tmp_path)


def test_too_little_disk_is_told_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=5_000_000))
    require_free_space(tmp_path / "not" / "yet" / "there", 5_000_000)
    with pytest.raises(SourceError, match="needs about 7 MB of disk and 5 MB are free"):
        require_free_space(tmp_path / "not" / "yet" / "there", 7_000_000)


def test_the_contract_has_no_table_called_like_the_rejected_folder() -> None:
    assert "rejected" not in CONTRACT


@pytest.mark.parametrize(
    "journal",
    [
        '{"staging": ".staging-x", "moves": {}, "removals": ["../precious.txt"]}',
        '{"staging": "../source/.staging-x", "moves": {}, "removals": []}',
        '{"staging": ".staging-x", "moves": {"0.parquet": "titles.parquet"}, "removals": []}',
        "{",
        "[]",
    ],
)
def test_a_journal_that_no_update_wrote_changes_nothing(tmp_path: Path, journal: str) -> None:
    write(tmp_path / "precious.txt")
    write(tmp_path / "source" / JOURNAL, journal)
    with pytest.raises(SourceError, match="nothing was changed"):
        recover(tmp_path / "source")
    assert contents(tmp_path) == {"precious.txt": "x"}
    assert (tmp_path / "source" / JOURNAL).exists()


def test_no_update_begins_while_the_source_is_read(tmp_path: Path) -> None:
    with SourceUpdate(tmp_path):
        pass
    with reading(tmp_path), pytest.raises(SourceError, match="a build is reading it"), SourceUpdate(tmp_path):
        pass


def test_folders_below_a_table_are_columns_and_those_above_are_not(tmp_path: Path) -> None:
    source = tmp_path / "account_id=7" / "day=2020-01-01"
    folder = source / "plays" / "day=2024-01-02" / "country=DE"
    folder.mkdir(parents=True)
    with connect() as connection:
        connection.execute(f"copy (select 'a' as account_id) to '{folder}/x.parquet'")
        scan = scan_sql(table_files(source, "plays"))
        assert connection.sql(f"select account_id, day, country from {scan}").fetchall() == [("a", "2024-01-02", "DE")]
    assert day_of_path(source / "titles.parquet") is None


def test_a_folder_named_like_a_file_is_read_and_other_files_are_listed(tmp_path: Path) -> None:
    part = write(tmp_path / "accounts.parquet" / "part-0.parquet")
    write(tmp_path / "accounts.parquet" / "_SUCCESS", "")
    write(tmp_path / "plays" / "a.pq")
    assert table_files(tmp_path, "accounts") == [part]
    assert unknown_entries(tmp_path) == ["plays/a.pq"]
