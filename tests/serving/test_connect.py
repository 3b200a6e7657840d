"""Connecting data over HTTP: who may, what is shown before it is committed, and what comes of it."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from definitions.connecting import (
    PROGRESS_FILE,
    Step,
    connect_folder,
    job_folder,
    new_job,
    read_job,
    received_files,
)
from serving import connect, connect_jobs
from tests.serving.connecting import (
    ORDERS,
    PLAYS,
    Owner,
    connect_before,
    do,
    files,
    looked_at,
    over,
    ready_to_build,
    send,
    start,
)
from tests.sources import read_source

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
    job = looked_at(owner)
    assert do(owner, job, "more").step is Step.CHOOSE


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
    start(owner)
    before = files(tmp_path)
    answer = owner.post(f"/connect/jobs/{job}/files?name=a.csv", data=b"a")
    assert answer.status_code in (404, 405, 409)
    assert files(tmp_path) == before
    assert job_folder(job) is None


def test_what_is_not_taken_is_told_and_not_kept(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_UPLOAD_LIMIT_MB", "1")
    job = start(owner)
    answer = owner.post(f"/connect/jobs/{job}/files?name=plays.csv", data=b"x" * 1_000_001)
    assert answer.status_code == 413
    assert answer.text.startswith("plays.csv is too large")
    assert send(owner, job, "run.sh", b"x") == 413
    found = read_job(job)
    assert found is not None
    assert received_files(found) == []


def test_a_second_visitor_is_told_that_another_connection_is_not_finished(owner: Owner) -> None:
    job = start(owner)
    answer = owner.post("/connect/jobs")
    assert answer.status_code == 409
    assert "is not finished" in answer.text
    assert owner.post(f"/connect/jobs/{job}/discard").location == "/connect"
    assert owner.post("/connect/jobs").status_code == 200


def test_one_job_works_at_a_time(owner: Owner) -> None:
    job = start(owner)
    send(owner, job, "orders.csv", ORDERS.encode())
    with (connect_folder() / connect_jobs.RUNNING_LOCK).open("w") as lock:
        assert connect_jobs._taken(lock)
        owner.post(f"/connect/jobs/{job}/look")
    assert "at work" in over(owner, job).problem


def test_archives_are_unpacked_and_what_they_are_is_seen(owner: Owner) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../x/orders.csv", ORDERS)
        archive.writestr("terms.pdf", "x")
    job = start(owner)
    send(owner, job, "all.zip", packed.getvalue())
    found = do(owner, job, "look")
    assert (found.step, found.table) == (Step.MAP, "plays")
    assert found.notes == ["1 files of the archive are no data files and were left out."]
    assert [path.name for path in received_files(found)] == ["orders.csv"]


def test_rejects_are_shown_before_anything_is_committed(owner: Owner, tmp_path: Path) -> None:
    found = do(owner, looked_at(owner), "table", **PLAYS)
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
    assert "nothing yet that can be built" in do(owner, found.id, "build").problem


def test_built_at_last_it_is_connected_and_the_uploads_are_gone(owner: Owner, tmp_path: Path) -> None:
    job = ready_to_build(owner)
    found = do(owner, job, "build", zone="Europe/Berlin")
    assert (found.step, found.problem) == (Step.DONE, "")
    assert found.built["rows"]["plays"] == 2
    assert found.built["service_zone"] == "Europe/Berlin"
    assert (tmp_path / "warehouse" / "current").read_text().strip() == found.built["build_id"]
    source = tmp_path / "connect" / "source"
    assert [row["watch_ms"] for row in read_source(source, "plays")] == [7_080_000, 2_430_000]
    assert "C-1" not in {row["account_id"] for row in read_source(source, "plays")}
    held = b"".join(files(tmp_path / "connect" / "jobs").values())
    assert b"C-1" not in held
    assert b"The Long Night" not in held


def test_the_next_files_are_added_or_replace(owner: Owner, tmp_path: Path) -> None:
    source = tmp_path / "connect" / "source"
    connect_before(tmp_path)
    later = "order_no,customer_no,product_code,ordered_at,minutes_watched\n9,C-9,F-1,2024-03-09 20:00:00,1\n"
    job = start(owner)
    send(owner, job, "orders.csv", later.encode())
    do(owner, job, "look")
    do(owner, job, "table", **PLAYS)
    assert do(owner, job, "build").problem == ""
    assert [row["play_id"] for row in read_source(source, "plays")] == ["1", "3", "9"]
    do(owner, ready_to_build(owner, "replace"), "build")
    assert [row["play_id"] for row in read_source(source, "plays")] == ["1", "3"]


def test_an_import_can_be_taken_back(owner: Owner) -> None:
    job = looked_at(owner)
    do(owner, job, "table", **PLAYS)
    found = do(owner, job, "undo")
    assert (found.step, found.imports) == (Step.MAP, [])
    assert found.mapping["columns"]["watch_ms"] == {"column": "minutes_watched", "as": "minutes"}
    found = do(owner, job, "table", **PLAYS | {"as:watch_ms": "hours"})
    assert found.imports[0]["report"]["tables"][0]["added"] == 2


def test_expressions_are_shut_off_from_files(owner: Owner) -> None:
    secret = "(select content from read_text('/etc/hostname'))"
    found = do(owner, looked_at(owner), "table", **PLAYS | {"from:account_id": "=sql", "text:account_id": secret})
    assert found.step is Step.MAP
    assert "this SQL cannot be used" in found.problem
    assert found.imports == []


def test_what_the_command_line_says_is_told_without_places(owner: Owner, tmp_path: Path) -> None:
    job = start(owner)
    send(owner, job, "orders.csv", b"a,b\n1,2,3\n")
    found = do(owner, job, "look")
    assert found.problem == "orders.csv: line 2 cannot be read: expected 2 values, found 3. Mend that line."
    assert "such a mapping" not in found.problem
    assert str(tmp_path) not in found.problem


@pytest.mark.parametrize("limit", ["0.5", "500 ", "-1", "0"])
def test_a_limit_that_is_no_whole_number_takes_nothing(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    job = start(owner)
    monkeypatch.setenv("MARQUEE_UPLOAD_LIMIT_MB", limit)
    answer = owner.post(f"/connect/jobs/{job}/files?name=a.csv", data=b"a")
    assert (answer.status_code, answer.text) == (
        409,
        f"MARQUEE_UPLOAD_LIMIT_MB is a whole number from 1; not {limit!r}.\n",
    )


def test_a_table_without_a_look_is_told(owner: Owner) -> None:
    job = read_job(looked_at(owner))
    assert job is not None
    (connect_folder() / "jobs" / job.id / "look.json").unlink()
    assert do(owner, job.id, "table", **PLAYS).problem == "Choose files and a table first."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"step": "Reading", "busy": true, "other": 1}', {"step": "Reading", "planned_rows": 0, "done_rows": 0}),
        ("[1]", {"step": "", "planned_rows": 0, "done_rows": 0}),
        ("half {", {"step": "", "planned_rows": 0, "done_rows": 0}),
    ],
)
def test_progress_tells_what_it_knows_and_nothing_else(owner: Owner, text: str, told: dict[str, Any]) -> None:
    job = start(owner)
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
