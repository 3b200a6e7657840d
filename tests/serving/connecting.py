"""Connecting data as the tests do it: what is sent, and how one waits for the work."""

import fcntl
import os
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from definitions.connecting import (
    Job,
    connect_folder,
    read_job,
)
from pipeline.build.build import build_warehouse
from serving import connect_jobs
from tests.sources import write_source

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


def start(owner: Owner, mode: str = "add") -> str:
    answer = owner.post("/connect/jobs", data={"mode": mode})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["job"])


def send(owner: Owner, job: str, name: str, content: bytes) -> int:
    return owner.post(f"/connect/jobs/{job}/files", query_string={"name": name}, data=content).status_code


def do(owner: Owner, job: str, action: str, **form: str) -> Job:
    """Do something for a job, wait until it is over, and return the job."""
    answer = owner.post(f"/connect/jobs/{job}/{action}", data=form)
    assert (answer.status_code, answer.location) == (303, f"/connect?job={job}")
    return over(owner, job)


def over(owner: Owner, job: str) -> Job:
    with (connect_folder() / connect_jobs.RUNNING_LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
    assert owner.get(f"/connect/jobs/{job}/progress").get_json()["busy"] is False
    found = read_job(job)
    assert found is not None
    return found


def looked_at(owner: Owner, mode: str = "add") -> str:
    job = start(owner, mode)
    assert send(owner, job, "orders.csv", ORDERS.encode()) == 204
    assert do(owner, job, "look").problem == ""
    return job


def ready_to_build(owner: Owner, mode: str = "add") -> str:
    job = looked_at(owner, mode)
    do(owner, job, "table", **PLAYS)
    do(owner, job, "map")
    do(owner, job, "choose", group="0", table="titles")
    assert do(owner, job, "table", **TITLES).problem == ""
    return job


def connect_before(folder: Path) -> None:
    """Leave ``folder`` as connecting orders 1 and 3 does, without doing it."""
    titles = [{"title_id": "F-1", "name": "The Long Night", "kind": "film"}]
    plays = [
        {"play_id": play_id, "account_id": "a", "title_id": "F-1", "started_at": started_at, "watch_ms": 2_430_000}
        for play_id, started_at in (("1", datetime(2024, 3, 1, 20, 15)), ("3", datetime(2024, 3, 3, 21)))
    ]
    source = write_source(folder / "connect" / "source", {"titles": titles, "plays": plays})
    build_warehouse(source, folder / "warehouse")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def hold_the_command_line(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
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


def begun(folder: Path) -> int:
    """Wait until the command line has begun; return its process id."""
    return int((folder / "begun").read_text())
