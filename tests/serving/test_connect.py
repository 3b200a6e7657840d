"""Connecting data over HTTP: who may, what is shown before it is committed, and what an interruption leaves."""

import fcntl
import io
import json
import os
import shutil
import signal
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from definitions.connecting import (
    PROGRESS_FILE,
    Job,
    Step,
    connect_folder,
    job_folder,
    new_job,
    read_job,
    received_files,
)
from serving import connect, connect_jobs, connect_runner, connect_source, security
from tests.sources import read_source

ORDERS = """order_no,customer_no,product_code,product_name,ordered_at,minutes_watched
1,C-1,F-1,The Long Night,2024-03-01 20:15:00,118
2,C-2,F-2,A Short Day,2024-03-02 21:00:00,unknown
2,C-2,F-2,A Short Day,2024-03-02 21:00:00,unknown
3,C-2,F-1,The Long Night,2024-03-03 21:00:00,40.5
3,C-2,F-1,The Long Night,2024-03-03 21:00:00,40.5
"""
PLAYS = {
    "from:play_id": "column:order_no",
    "from:account_id": "column:customer_no",
    "from:title_id": "column:product_code",
    "from:started_at": "column:ordered_at",
    "from:watch_ms": "column:minutes_watched",
    "as:watch_ms": "minutes",
}
TITLES = {
    "from:title_id": "column:product_code",
    "from:name": "column:product_name",
    "from:kind": "=constant",
    "text:kind": "film",
}
Owner = FlaskClient


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Owner]:
    """The owner's browser, on the machine itself."""
    monkeypatch.setenv("MARQUEE_CONNECT", "1")
    monkeypatch.setenv("MARQUEE_CONNECT_FOLDER", str(tmp_path / "connect"))
    monkeypatch.setenv("MARQUEE_WAREHOUSE", str(tmp_path / "warehouse"))
    server = Flask(__name__)
    security.register(server)
    connect.register(server)
    # The headers that a Dash page would need are no business of these tests.
    server.after_request_funcs.clear()
    yield server.test_client()
    for job in (path.name for path in (tmp_path / "connect" / "jobs").glob("*")):
        connect_jobs.discard(job)


def _start(owner: Owner, mode: str = "add") -> str:
    answer = owner.post("/connect/jobs", data={"mode": mode})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["job"])


def _send(owner: Owner, job: str, name: str, content: bytes) -> int:
    return owner.post(f"/connect/jobs/{job}/files", query_string={"name": name}, data=content).status_code


def _do(owner: Owner, job: str, action: str, **form: str) -> Job:
    """Do something for a job, wait until it is over, and return the job."""
    answer = owner.post(f"/connect/jobs/{job}/{action}", data=form)
    assert (answer.status_code, answer.location) == (303, f"/connect?job={job}")
    return _over(owner, job)


def _over(owner: Owner, job: str) -> Job:
    with (connect_folder() / connect_jobs.RUNNING_LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    assert owner.get(f"/connect/jobs/{job}/progress").get_json()["busy"] is False
    found = read_job(job)
    assert found is not None
    return found


def _looked_at(owner: Owner, mode: str = "add") -> str:
    job = _start(owner, mode)
    assert _send(owner, job, "orders.csv", ORDERS.encode()) == 204
    assert _do(owner, job, "look").problem == ""
    return job


def _ready_to_build(owner: Owner, mode: str = "add") -> str:
    job = _looked_at(owner, mode)
    _do(owner, job, "table", **PLAYS)
    _do(owner, job, "map")
    _do(owner, job, "choose", group="0", table="titles")
    assert _do(owner, job, "table", **TITLES).problem == ""
    return job


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


ROUTES: list[tuple[str, Callable[[Owner], Any]]] = [
    ("start", lambda client: client.post("/connect/jobs")),
    ("files", lambda client: client.post("/connect/jobs/0123456789abcdef/files?name=a.csv", data=b"a")),
    ("progress", lambda client: client.get("/connect/jobs/0123456789abcdef/progress")),
    ("act", lambda client: client.post("/connect/jobs/0123456789abcdef/build")),
]


@pytest.mark.parametrize(
    ("environment", "headers"),
    [
        ({"MARQUEE_CONNECT": ""}, {}),
        ({"MARQUEE_HOSTS": "marquee.example"}, {}),
        ({"MARQUEE_HOSTS": "127.0.0.1,10.0.0.7"}, {}),
        ({}, {"REMOTE_ADDR": "192.168.1.7"}),
        ({}, {"REMOTE_ADDR": "::ffff:192.168.1.7"}),
        ({}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
        ({}, {"HTTP_FORWARDED": "for=127.0.0.1"}),
        ({}, {"HTTP_X_FORWARDED_HOST": "localhost"}),
        ({}, {"HTTP_X_REAL_IP": "127.0.0.1"}),
        ({}, {"HTTP_VIA": "1.1 proxy"}),
        ({}, {"HTTP_ORIGIN": "https://marquee.example", "HTTP_SEC_FETCH_SITE": "same-origin"}),
        ({}, {"HTTP_ORIGIN": "http://localhost:81", "HTTP_SEC_FETCH_SITE": "same-origin"}),
        ({}, {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}),
        ({"MARQUEE_HOSTS": "marquee.example"}, {"HTTP_HOST": "marquee.example"}),
    ],
)
@pytest.mark.parametrize("ask", [ask for _, ask in ROUTES], ids=[name for name, _ in ROUTES])
def test_nobody_but_the_owner_on_the_machine_itself_is_answered(
    owner: Owner,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ask: Callable[[Owner], Any],
    environment: dict[str, str],
    headers: dict[str, str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    owner.environ_base |= headers
    answer = ask(owner)
    assert answer.status_code == 404
    assert "on the machine itself" in answer.text
    assert not (tmp_path / "connect").exists()


def test_a_proxy_that_speaks_http_1_0_is_not_the_owner(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EnvironBuilder, "server_protocol", "HTTP/1.0")
    assert owner.post("/connect/jobs").status_code == 404


def test_more_files_can_be_added(owner: Owner) -> None:
    job = _looked_at(owner)
    assert _do(owner, job, "more").step is Step.CHOOSE


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.7:8050"])
def test_a_foreign_host_is_refused_before_anything_else(owner: Owner, host: str) -> None:
    assert owner.post("/connect/jobs", headers={"Host": host}).status_code == 400


def test_another_site_cannot_send_in_the_owners_name(owner: Owner) -> None:
    assert owner.post("/connect/jobs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost:8050", "127.0.0.1:8050", "[::1]:8050"])
def test_the_owner_is_answered_by_every_name_of_the_machine(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, address: str, host: str
) -> None:
    monkeypatch.setenv("MARQUEE_HOSTS", "127.0.0.1")
    headers = {"Host": host, "Origin": f"http://{host}"}
    answer = owner.post("/connect/jobs", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 200


@pytest.mark.parametrize("job", ["..", "%2e%2e", "x", "0123456789ABCDEF", "0123456789abcdef0"])
def test_an_id_that_is_none_leads_nowhere(owner: Owner, tmp_path: Path, job: str) -> None:
    _start(owner)
    before = _files(tmp_path)
    answer = owner.post(f"/connect/jobs/{job}/files?name=a.csv", data=b"a")
    assert answer.status_code in (404, 405, 409)
    assert _files(tmp_path) == before
    assert job_folder(job) is None


def test_what_is_not_taken_is_told_and_not_kept(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_UPLOAD_LIMIT_MB", "1")
    job = _start(owner)
    answer = owner.post(f"/connect/jobs/{job}/files?name=plays.csv", data=b"x" * 1_000_001)
    assert answer.status_code == 413
    assert answer.text.startswith("plays.csv is too large")
    assert _send(owner, job, "run.sh", b"x") == 413
    found = read_job(job)
    assert found is not None
    assert received_files(found) == []


def test_a_second_visitor_is_told_that_another_connection_is_not_finished(owner: Owner) -> None:
    job = _start(owner)
    answer = owner.post("/connect/jobs")
    assert answer.status_code == 409
    assert "is not finished" in answer.text
    assert owner.post(f"/connect/jobs/{job}/discard").location == "/connect"
    assert owner.post("/connect/jobs").status_code == 200


def test_one_job_works_at_a_time(owner: Owner) -> None:
    job = _start(owner)
    _send(owner, job, "orders.csv", ORDERS.encode())
    with (connect_folder() / connect_jobs.RUNNING_LOCK).open("w") as lock:
        assert connect_jobs._taken(lock)
        owner.post(f"/connect/jobs/{job}/look")
    assert "at work" in _over(owner, job).problem


def test_archives_are_unpacked_and_what_they_are_is_seen(owner: Owner) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../x/orders.csv", ORDERS)
        archive.writestr("terms.pdf", "x")
    job = _start(owner)
    _send(owner, job, "all.zip", packed.getvalue())
    found = _do(owner, job, "look")
    assert (found.step, found.table) == (Step.MAP, "plays")
    assert found.notes == ["1 files of the archive are no data files and were left out."]
    assert [path.name for path in received_files(found)] == ["orders.csv"]


def test_rejects_are_shown_before_anything_is_committed(owner: Owner, tmp_path: Path) -> None:
    found = _do(owner, _looked_at(owner), "table", **PLAYS)
    assert (found.step, found.problem) == (Step.ROWS, "")
    (told,) = found.imports
    (counts,) = told["report"]["files"]
    # Order 1 and one of 3 are kept; both of 2 have no number of minutes; the other 3 is a duplicate.
    assert (counts["rows"], counts["kept"], counts["duplicates"], counts["rejected"]) == (5, 2, 1, 2)
    (refused,) = told["refused"]
    assert (refused["rows"], refused["reason"]) == (2, "watch_ms: expected a whole number ≥ 0")
    assert [(file, line) for file, line, _ in refused["samples"]] == [("orders.csv", 3), ("orders.csv", 4)]
    assert json.loads(refused["samples"][0][2])["watch_ms"] == "unknown"
    assert told["check"]["problems"][0].startswith("There are plays but no titles")
    assert not (tmp_path / "connect" / "source").exists()
    assert not (tmp_path / "warehouse").exists()
    assert "nothing yet that can be built" in _do(owner, found.id, "build").problem


def test_built_at_last_it_is_connected_and_the_uploads_are_gone(owner: Owner, tmp_path: Path) -> None:
    job = _ready_to_build(owner)
    found = _do(owner, job, "build", zone="Europe/Berlin")
    assert (found.step, found.problem) == (Step.DONE, "")
    assert found.built["rows"]["plays"] == 2
    assert found.built["service_zone"] == "Europe/Berlin"
    assert (tmp_path / "warehouse" / "current").read_text().strip() == found.built["build_id"]
    source = tmp_path / "connect" / "source"
    assert [row["watch_ms"] for row in read_source(source, "plays")] == [7_080_000, 2_430_000]
    assert "C-1" not in {row["account_id"] for row in read_source(source, "plays")}
    held = b"".join(_files(tmp_path / "connect" / "jobs").values())
    assert b"C-1" not in held
    assert b"The Long Night" not in held


def test_the_next_files_are_added_or_replace(owner: Owner, tmp_path: Path) -> None:
    source = tmp_path / "connect" / "source"
    _do(owner, _ready_to_build(owner), "build")
    later = "order_no,customer_no,product_code,ordered_at,minutes_watched\n9,C-9,F-1,2024-03-09 20:00:00,1\n"
    job = _start(owner)
    _send(owner, job, "orders.csv", later.encode())
    _do(owner, job, "look")
    _do(owner, job, "table", **PLAYS)
    assert _do(owner, job, "build").problem == ""
    assert [row["play_id"] for row in read_source(source, "plays")] == ["1", "3", "9"]
    _do(owner, _ready_to_build(owner, "replace"), "build")
    assert [row["play_id"] for row in read_source(source, "plays")] == ["1", "3"]


def test_an_import_can_be_taken_back(owner: Owner) -> None:
    job = _looked_at(owner)
    _do(owner, job, "table", **PLAYS)
    found = _do(owner, job, "undo")
    assert (found.step, found.imports) == (Step.MAP, [])
    assert found.mapping["columns"]["watch_ms"] == {"column": "minutes_watched", "as": "minutes"}
    found = _do(owner, job, "table", **PLAYS | {"as:watch_ms": "hours"})
    assert found.imports[0]["report"]["tables"][0]["added"] == 2


def test_expressions_are_shut_off_from_files(owner: Owner) -> None:
    secret = "(select content from read_text('/etc/hostname'))"
    found = _do(owner, _looked_at(owner), "table", **PLAYS | {"from:account_id": "=sql", "text:account_id": secret})
    assert found.step is Step.MAP
    assert "this SQL cannot be used" in found.problem
    assert found.imports == []


def test_what_the_command_line_says_is_told_without_places(owner: Owner, tmp_path: Path) -> None:
    job = _start(owner)
    _send(owner, job, "orders.csv", b"a,b\n1,2,3\n")
    found = _do(owner, job, "look")
    assert found.problem == "orders.csv: line 2 cannot be read: expected 2 values, found 3. Mend that line."
    assert "such a mapping" not in found.problem
    assert str(tmp_path) not in found.problem


def test_cancelling_a_build_leaves_everything_as_it_was(
    owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _do(owner, _ready_to_build(owner), "build")
    job = _ready_to_build(owner, "replace")
    kept = [tmp_path / "connect" / "source", tmp_path / "warehouse"]
    before = [_files(folder) for folder in kept]
    _hold_the_command_line(monkeypatch, tmp_path)
    owner.post(f"/connect/jobs/{job}/build")
    _begun(tmp_path)
    assert owner.post(f"/connect/jobs/{job}/look").status_code == 303, "told to wait"
    found = _do(owner, job, "cancel")
    assert (found.step, found.problem) == (Step.ROWS, "Cancelled; nothing was changed.")
    assert [_files(folder) for folder in kept] == before


def test_work_that_is_killed_is_told(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = _looked_at(owner)
    _hold_the_command_line(monkeypatch, tmp_path)
    owner.post(f"/connect/jobs/{job}/table", data=PLAYS)
    _begun(tmp_path)
    running = read_job(job)
    assert running is not None
    os.killpg(running.process, signal.SIGKILL)
    found = _over(owner, job)
    assert found.step is Step.MAP
    assert found.problem.startswith("The work was ended from outside, perhaps because memory ran out.")


def test_a_command_line_that_is_killed_is_told(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = _looked_at(owner)
    _hold_the_command_line(monkeypatch, tmp_path)
    owner.post(f"/connect/jobs/{job}/table", data=PLAYS)
    os.kill(_begun(tmp_path), signal.SIGKILL)
    assert _over(owner, job).problem.startswith("The work was ended from outside (signal 9)")


@pytest.mark.parametrize("limit", ["0.5", "500 ", "-1", "0"])
def test_a_limit_that_is_no_whole_number_takes_nothing(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    job = _start(owner)
    monkeypatch.setenv("MARQUEE_UPLOAD_LIMIT_MB", limit)
    answer = owner.post(f"/connect/jobs/{job}/files?name=a.csv", data=b"a")
    assert (answer.status_code, answer.text) == (
        409,
        f"MARQUEE_UPLOAD_LIMIT_MB is a whole number from 1; not {limit!r}.\n",
    )


class _Killed(BaseException):
    """Stands for a kill: nothing of the code at work sees it."""


def _half_built(replaced: bool) -> tuple[Job, Path]:
    """A job whose build is published, with what was built staged and, if ``replaced``, another source connected."""
    job = new_job("0123456789abcdef", replace=True)
    folder = connect_folder() / "jobs" / job.id
    (folder / "uploads").mkdir(parents=True)
    (folder / "sources" / "0").mkdir(parents=True)
    (folder / "sources" / "0" / "plays").write_text("new")
    if replaced:
        (connect_folder() / "source").mkdir()
        (connect_folder() / "source" / "plays").write_text("old")
    job.step, job.running, job.imports, job.built = Step.ROWS, "build", [{"refused": []}], {"build_id": "b"}
    job.write(folder)
    return job, folder


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("replaced", [True, False], ids=["replaces", "is the first"])
@pytest.mark.parametrize("steps", range(1, 7))
def test_a_swap_killed_at_any_instant_is_finished_at_the_next_start(
    monkeypatch: pytest.MonkeyPatch, steps: int, replaced: bool
) -> None:
    job, folder = _half_built(replaced)
    left = iter(range(steps))

    def or_killed(do: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            if next(left, None) is None:
                raise _Killed
            return do(*arguments, **options)

        return step

    with monkeypatch.context() as killing:
        killing.setattr(Path, "rename", or_killed(Path.rename))
        killing.setattr(shutil, "rmtree", or_killed(shutil.rmtree))
        killing.setattr(Path, "unlink", or_killed(Path.unlink))
        with pytest.raises(_Killed):
            connect_source.connect_built(job, folder)
    connect_jobs.tidy()
    assert {path: content for path, content in _files(connect_folder()).items() if "plays" in path} == {
        "source/plays": b"new"
    }
    found = read_job(job.id)
    assert found is not None
    assert (found.step, found.running, found.problem) == (Step.DONE, "", "")


def test_a_half_built_connection_is_finished_before_it_is_discarded(owner: Owner) -> None:
    job, folder = _half_built(replaced=True)
    owner.post(f"/connect/jobs/{job.id}/discard")
    assert not folder.exists()
    assert (connect_folder() / "source" / "plays").read_text() == "new"


def test_a_source_moved_away_by_killed_work_is_brought_back(owner: Owner) -> None:
    (connect_folder() / ".source-before").mkdir(parents=True)
    (connect_folder() / ".source-before" / "plays").write_text("old")
    _looked_at(owner)
    assert (connect_folder() / "source" / "plays").read_text() == "old"


def test_a_build_killed_without_a_word_does_not_say_that_nothing_was_changed(owner: Owner) -> None:
    job, folder = _half_built(replaced=True)
    job.built = {}
    job.write(folder)
    found = _over(owner, job.id)
    assert found.step is Step.ROWS
    assert found.problem == (
        "The work was ended from outside, perhaps because memory ran out. What is connected is as it was; the pages "
        "may show the new build already. Build again."
    )


@pytest.mark.usefixtures("owner")
def test_a_build_that_fails_after_publishing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job, folder = _half_built(replaced=True)

    def publish_and_fail(*_: Any) -> None:
        (tmp_path / "warehouse").mkdir()
        (tmp_path / "warehouse" / "current").write_text("b")
        raise connect_runner.RunError("interrupted; nothing was changed.")

    monkeypatch.setattr(connect_runner, "_marquee", publish_and_fail)
    problem = connect_runner._problem(job, folder, "build", [])
    assert problem == "What is connected is as it was, but the pages show another build now. Build again."


@pytest.mark.usefixtures("owner")
def test_an_unforeseen_fault_is_logged_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job, folder = _half_built(replaced=True)
    job.built = {}
    monkeypatch.setattr(connect_runner, "look", lambda *_: json.loads("{}")["groups"])
    problem = connect_runner._problem(job, folder, "look", [])
    assert problem == "Marquee failed in a way it does not know (KeyError). Nothing was changed."
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("action", ["look", "choose", "export", "table", "undo", "more", "map", "build"])
def test_what_is_done_is_not_begun_again(owner: Owner, action: str) -> None:
    job, folder = _half_built(replaced=False)
    connect_jobs.tidy()
    found = _do(owner, job.id, action)
    assert found.step is Step.DONE
    assert found.problem == "This connection is done. Begin another one to connect more."
    assert _send(owner, job.id, "a.csv", b"a") == 409
    assert not (folder / "uploads").exists()


def test_a_table_without_a_look_is_told(owner: Owner) -> None:
    job = read_job(_looked_at(owner))
    assert job is not None
    (connect_folder() / "jobs" / job.id / "look.json").unlink()
    assert _do(owner, job.id, "table", **PLAYS).problem == "Choose files and a table first."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"step": "Reading", "busy": true, "other": 1}', {"step": "Reading", "planned_rows": 0, "done_rows": 0}),
        ("[1]", {"step": "", "planned_rows": 0, "done_rows": 0}),
        ("half {", {"step": "", "planned_rows": 0, "done_rows": 0}),
    ],
)
def test_progress_tells_what_it_knows_and_nothing_else(owner: Owner, text: str, told: dict[str, Any]) -> None:
    job = _start(owner)
    (connect_folder() / "jobs" / job / PROGRESS_FILE).write_text(text)
    assert owner.get(f"/connect/jobs/{job}/progress").get_json() == {"busy": False} | told


@pytest.mark.usefixtures("owner")
def test_a_server_that_starts_removes_what_is_older_than_a_day() -> None:
    ids = {"0" * 16: timedelta(hours=25), "1" * 16: timedelta(hours=23)}
    for job_id, age in ids.items():
        job = new_job(job_id, replace=False)
        job.started_at = (datetime.now(UTC) - age).isoformat()
        (connect_folder() / "jobs" / job_id).mkdir(parents=True)
        job.write(connect_folder() / "jobs" / job_id)
    connect.register(Flask(__name__))
    assert [path.name for path in (connect_folder() / "jobs").iterdir()] == ["1" * 16]


def _hold_the_command_line(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Have the next command of the command line open a pipe with its process id, and wait to be interrupted."""
    hooks = folder / "hooks"
    hooks.mkdir()
    os.mkfifo(folder / "begun")
    (hooks / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "if '-m' in sys.orig_argv and sys.orig_argv[sys.orig_argv.index('-m') + 1] == 'cli':\n"
        f"    with open({str(folder / 'begun')!r}, 'w') as begun:\n"
        "        begun.write(str(os.getpid()))\n"
        "    signal.pause()\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{hooks}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


def _begun(folder: Path) -> int:
    """Wait until the command line has begun; return its process id."""
    return int((folder / "begun").read_text())
