"""Connecting data that is cancelled, killed or half built: nothing is lost, and people are told."""

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from definitions.connecting import (
    Job,
    Step,
    connect_folder,
    new_job,
    read_job,
)
from serving import connect_jobs, connect_runner, connect_source
from tests.serving.connecting import (
    PLAYS,
    Owner,
    begun,
    connect_before,
    do,
    files,
    hold_the_command_line,
    looked_at,
    over,
    ready_to_build,
    send,
)


def test_cancelling_a_build_leaves_everything_as_it_was(
    owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect_before(tmp_path)
    job = ready_to_build(owner, "replace")
    kept = [tmp_path / "connect" / "source", tmp_path / "warehouse"]
    before = [files(folder) for folder in kept]
    hold_the_command_line(monkeypatch, tmp_path)
    owner.post(f"/connect/jobs/{job}/build")
    begun(tmp_path)
    assert owner.post(f"/connect/jobs/{job}/look").status_code == 303, "told to wait"
    found = do(owner, job, "cancel")
    assert (found.step, found.problem) == (Step.ROWS, "Cancelled; nothing was changed.")
    assert [files(folder) for folder in kept] == before


def test_work_that_is_killed_is_told(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = looked_at(owner)
    hold_the_command_line(monkeypatch, tmp_path)
    owner.post(f"/connect/jobs/{job}/table", data=PLAYS)
    begun(tmp_path)
    running = read_job(job)
    assert running is not None
    os.killpg(running.process, signal.SIGKILL)
    found = over(owner, job)
    assert found.step is Step.MAP
    assert found.problem.startswith("The work was ended from outside, perhaps because memory ran out.")


def test_a_command_line_that_is_killed_is_told(owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = looked_at(owner)
    hold_the_command_line(monkeypatch, tmp_path)
    owner.post(f"/connect/jobs/{job}/table", data=PLAYS)
    os.kill(begun(tmp_path), signal.SIGKILL)
    assert over(owner, job).problem.startswith("The work was ended from outside (signal 9)")


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
    assert {path: content for path, content in files(connect_folder()).items() if "plays" in path} == {
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
    looked_at(owner)
    assert (connect_folder() / "source" / "plays").read_text() == "old"


def test_a_build_killed_without_a_word_does_not_say_that_nothing_was_changed(owner: Owner) -> None:
    job, folder = _half_built(replaced=True)
    job.built = {}
    job.write(folder)
    found = over(owner, job.id)
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
    found = do(owner, job.id, action)
    assert found.step is Step.DONE
    assert found.problem == "This connection is done. Begin another one to connect more."
    assert send(owner, job.id, "a.csv", b"a") == 409
    assert not (folder / "uploads").exists()
