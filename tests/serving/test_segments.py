"""Segments over HTTP: saved, prepared by one process at a time, deleted."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import queries.run
from definitions.manifest import served_folder
from definitions.preparing import lock_file, preparation_problem, words_file
from definitions.segments import Segment, find_segment, saved_segments, segment_build_id, segment_folder
from queries.db import served_warehouse
from serving import exports, security, segments

# Tells that it has begun, and waits until it is told how to end.
COMMAND_LINE = """
import os, sys
open("begun", "w").write(" ".join(sys.argv[1:]))
word = open("word").read()
if word != "well":
    sys.exit(f"Deriving plays\\nmarquee: {word}" if word else "")
"""


@pytest.fixture
def folder(small_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A served warehouse of its own: 14 accounts, 3 of whom are in India."""
    copy = tmp_path / "warehouse"
    shutil.copytree(small_warehouse, copy, copy_function=os.link)
    monkeypatch.setenv("MARQUEE_WAREHOUSE", str(copy))
    monkeypatch.setattr(queries.run, "FOLDER", Path(queries.run.__file__).parent)
    served_warehouse.cache_clear()
    yield copy
    served_warehouse.cache_clear()


@pytest.fixture
def browser(folder: Path) -> FlaskClient:
    """A browser on one of the app's own pages."""
    assert folder.is_dir()
    server = Flask(__name__)
    security.register(server)
    segments.register(server)
    exports.register(server)
    # The headers that a Dash page would need are no business of these tests.
    server.after_request_funcs.clear()
    return server.test_client()


@pytest.fixture
def command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command line in place of Marquee's: it writes ``begun``, and ends as the pipe ``word`` tells it."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "cli.py").write_text(COMMAND_LINE, encoding="utf-8")
    os.mkfifo(root / "word")
    monkeypatch.setattr(segments, "ROOT", root)
    return root


def end(command_line: Path, folder: Path, word: str) -> None:
    """Tell the command line how to end, and wait until its process has let go of the lock."""
    (command_line / "word").write_text(word, encoding="utf-8")
    with lock_file(folder).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def saved_in(folder: Path, segment_id: str, name: str = "Night owls") -> Segment:
    segment = Segment(segment_id, name, "2024-03-10T10:00:00+00:00", "table=accounts", follows=True)
    segment_folder(folder, segment_id).mkdir(parents=True)
    segment.write(folder)
    return segment


def stage(browser: FlaskClient, segment_id: str, search: str = "") -> str:
    answer = browser.post(f"/segments/{segment_id}/prepare{search}")
    assert answer.status_code == 200
    return str(json.loads(answer.data)["stage"])


def current_id() -> str:
    return served_warehouse().current().id


@pytest.mark.parametrize("path", ["/segments", "/segments/abcd2345/prepare", "/segments/abcd2345/delete"])
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://other.example"}]
)
def test_requests_of_other_sites_are_refused(
    browser: FlaskClient, folder: Path, path: str, headers: dict[str, str]
) -> None:
    saved_in(folder, "abcd2345")
    assert browser.post(path, headers=headers).status_code == 403
    assert browser.get(path).status_code == 405
    assert [segment.id for segment in saved_segments(folder)] == ["abcd2345"]


def test_what_is_saved_is_prepared_by_the_command_line(browser: FlaskClient, folder: Path, command_line: Path) -> None:
    form = {"name": "  In   India ", "search": "table=accounts&where=country is IN", "who": "fixed"}
    answer = browser.post("/segments", data=form)
    segment = find_segment(folder, json.loads(answer.data)["id"])
    assert segment is not None
    assert (segment.name, segment.search, segment.follows) == ("In India", form["search"], False)
    end(command_line, folder, "well")
    began = (command_line / "begun").read_text(encoding="utf-8")
    assert began == f"segments prepare {segment.id} --warehouse {folder}"


@pytest.mark.parametrize(
    ("name", "search", "says"),
    [
        ("", "table=accounts", "1 to 60 characters"),
        ("x" * 61, "table=accounts", "1 to 60 characters"),
        ("NIGHT OWLS", "table=accounts", "of this name already"),
        ("Nobody", "table=accounts&where=country is XX", "name no account"),
        ("Titles", "table=titles", "Rows of titles name no accounts"),
        ("Badly", "table=accounts&where=nothing is XX", "has no column"),
        ("Gone", "table=accounts&segment=zzzzzzzz", "not there"),
    ],
)
def test_what_cannot_be_saved_is_told_in_a_sentence(
    browser: FlaskClient, folder: Path, name: str, search: str, says: str
) -> None:
    saved_in(folder, "abcd2345")
    answer = browser.post("/segments", data={"name": name, "search": search})
    assert answer.status_code == 409
    assert says in answer.text
    assert len(saved_segments(folder)) == 1


def test_where_small_groups_are_hidden_nothing_is_saved_or_deleted(
    browser: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved_in(folder, "abcd2345")
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    assert browser.post("/segments", data={"name": "a", "search": "table=accounts"}).status_code == 409
    assert browser.post("/segments/abcd2345/delete").status_code == 403
    assert [segment.id for segment in saved_segments(folder)] == ["abcd2345"]


def test_one_process_prepares_at_a_time_whoever_asks(browser: FlaskClient, folder: Path, command_line: Path) -> None:
    saved_in(folder, "first234")
    saved_in(folder, "second23", "Others")
    assert stage(browser, "first234") == "preparing"
    begun = command_line / "begun"
    assert stage(browser, "first234") == stage(browser, "second23") == "preparing"
    end(command_line, folder, "well")
    assert begun.read_text(encoding="utf-8").split()[2] == "first234"
    begun.unlink()
    assert stage(browser, "second23") == "preparing", "its turn has come"
    end(command_line, folder, "well")
    assert begun.read_text(encoding="utf-8").split()[2] == "second23"


def test_a_failure_is_told_and_tried_again_only_when_asked(
    browser: FlaskClient, folder: Path, command_line: Path
) -> None:
    saved_in(folder, "abcd2345")
    assert stage(browser, "abcd2345") == "preparing"
    end(command_line, folder, "The disk is full.")
    assert stage(browser, "abcd2345") == stage(browser, "abcd2345") == "failed"
    assert preparation_problem(folder, current_id(), "abcd2345") == "The disk is full."
    assert stage(browser, "abcd2345", "?again=1") == "preparing"
    assert preparation_problem(folder, current_id(), "abcd2345") is None
    end(command_line, folder, "")
    assert preparation_problem(folder, current_id(), "abcd2345") == (
        "The work was ended from outside, perhaps because memory ran out."
    )


def test_what_a_build_is_preparing_is_waited_for(browser: FlaskClient, folder: Path, command_line: Path) -> None:
    saved_in(folder, "abcd2345")
    with (segment_folder(folder, "abcd2345") / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert stage(browser, "abcd2345") == "preparing"
    assert not (command_line / "begun").exists()
    assert not words_file(folder, current_id(), "abcd2345").exists()


def test_one_that_is_there_is_ready_and_one_that_is_not_saved_is_gone(browser: FlaskClient, folder: Path) -> None:
    saved_in(folder, "abcd2345")
    served_folder(folder, segment_build_id(current_id(), "abcd2345")).mkdir(parents=True)
    assert stage(browser, "abcd2345") == "ready"
    assert stage(browser, "zzzzzzzz") == stage(browser, "..") == "gone"


def test_a_server_that_may_not_write_starts_nothing(
    browser: FlaskClient, folder: Path, command_line: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved_in(folder, "abcd2345")
    monkeypatch.setattr(segments, "can_be_prepared", lambda *_: False)
    assert stage(browser, "abcd2345") == "preparing"
    assert not lock_file(folder).exists()
    assert not (command_line / "begun").exists()


def test_one_is_deleted_with_its_builds(browser: FlaskClient, folder: Path) -> None:
    saved_in(folder, "abcd2345")
    answer = browser.post("/segments/abcd2345/delete")
    assert (answer.status_code, answer.location) == (303, "/data#segments")
    assert not segment_folder(folder, "abcd2345").exists()
    assert browser.post("/segments/abcd2345/delete").status_code == 303, "gone is gone"


def test_files_are_of_the_segment_and_say_so(browser: FlaskClient, folder: Path) -> None:
    form = {"name": "In India", "search": "table=accounts&where=country is IN"}
    segment_id = json.loads(browser.post("/segments", data=form).data)["id"]
    address = f"/export/rows/accounts.json?segment={segment_id}"
    answer = browser.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "«In India» is being prepared" in answer.text
    with lock_file(folder).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    whole_id = current_id()
    for build in ("", f"&build={whole_id}", f"&build={segment_build_id(whole_id, segment_id)}"):
        manifest = json.loads(browser.get(address + build, buffered=True).data)
        # Accounts 0, 4 and 8 of the first ten: countries come in turns of four.
        assert manifest["row_count"] == 3
        assert manifest["filters"][0] == f"Segment: In India ({segment_id})"
        assert manifest["segment"]["search"] == form["search"]
        assert manifest["build"] == segment_build_id(whole_id, segment_id)
    everybody = json.loads(browser.get("/export/rows/accounts.json", buffered=True).data)
    assert (everybody["row_count"], everybody["segment"]) == (14, None)
    file = browser.get(f"/export/viewing_summary.csv?segment={segment_id}&period=all")
    assert segment_id in file.headers["Content-Disposition"]
    browser.post(f"/segments/{segment_id}/delete")
    assert browser.get(address).status_code == 410
    assert browser.get("/export/rows/accounts.json?segment=..").status_code == 400
