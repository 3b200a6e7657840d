"""The jobs of connecting data: their folders, the one that may run, its start and its end.

The command line does the work, in processes of its own; any worker of the server can answer for a job, because all
that is known of it is in its folder.
"""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from definitions.connecting import (
    CANCELLED_FILE,
    JOBS,
    PROGRESS_FILE,
    UPLOADS,
    Job,
    Step,
    all_jobs,
    connect_folder,
    job_folder,
    new_job,
    read_job,
)
from serving.connect_source import bring_back, connect_built

ROOT = Path(__file__).parents[1]
CHANGES_LOCK = ".changes.lock"
RUNNING_LOCK = ".running.lock"
GRACE_SECONDS = 15
JOB_LIFETIME = timedelta(days=1)


class ConnectError(Exception):
    """Something that cannot be done now; the message is for the person."""


def tidy() -> None:
    """Finish what a kill left half done and remove jobs that are too old.

    Raises ConnectError when a build cannot be finished, OSError when the folder of connections cannot be written.
    """
    if not connect_folder().is_dir():
        return
    with changes():
        for job in all_jobs():
            _settled(job.id)
        if not _is_locked():
            bring_back()
        _forget_old_jobs()


def start_job(*, replace: bool) -> Job:
    """Make a new job and its folder; raises ConnectError while another one is not finished."""
    with changes():
        _forget_old_jobs()
        if any(job.step is not Step.DONE for job in all_jobs()):
            raise ConnectError("Another connection is not finished. Go on with it, or discard it first.")
        for job in all_jobs():
            shutil.rmtree(folder_of(job), ignore_errors=True)
        job = new_job(secrets.token_hex(8), replace=replace)
        folder = connect_folder() / JOBS / job.id
        (folder / UPLOADS).mkdir(parents=True, mode=0o700)
        job.write(folder)
        return job


def folder_of(job: Job) -> Path:
    """Return a job's folder."""
    folder = job_folder(job.id)
    if folder is None:
        raise ConnectError("There is no such connection.")
    return folder


@contextmanager
def changing(job_id: str, *, also_done: bool = False) -> Iterator[Job]:
    """Lend a job and keep what the block changes of it; raises ConnectError when it is at work, done, or gone."""
    with changes():
        job = _settled(job_id)
        if job.step is Step.DONE and not also_done:
            raise ConnectError("This connection is done. Begin another one to connect more.")
        if job.running:
            raise ConnectError("This connection is at work. Wait, or cancel what it does.")
        yield job
        if not job.running:
            job.write(folder_of(job))


def run(job_id: str, what: str, arguments: Callable[[Job], list[str]]) -> None:
    """Have the runner do ``what`` for a job, with the words that ``arguments`` makes of the job.

    Raises ConnectError while anything is at work, for this job or another.
    """
    with changing(job_id) as job, (connect_folder() / RUNNING_LOCK).open("w") as lock:
        folder = folder_of(job)
        words = arguments(job)
        if not _taken(lock):
            raise ConnectError("Another connection is at work. Wait until it has ended.")
        for name in (CANCELLED_FILE, PROGRESS_FILE):
            (folder / name).unlink(missing_ok=True)
        job.running, job.process, job.problem, job.notes = what, 0, "", []
        # From here on the job is the runner's to write.
        job.write(folder)
        with (folder / "runner.txt").open("w") as said:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-m", "serving.connect_runner", str(folder), what, *words],
                cwd=ROOT,
                env=os.environ | {"MARQUEE_CONNECT_FOLDER": str(connect_folder())},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                # The lock is handed down, so it is held for as long as the work goes on, whoever waits for it.
                pass_fds=[lock.fileno()],
                start_new_session=True,
            )
    threading.Thread(target=process.wait, daemon=True).start()


def is_at_work(job_id: str) -> bool:
    """Say whether a job's work goes on; work that died without a word is told in the job's ``problem``."""
    with changes():
        # The runner's last word comes a moment before it lets go of the lock, which the next work needs.
        return bool(_settled(job_id).running) or _is_locked()


def cancel(job_id: str) -> None:
    """Interrupt a job's work, so that it changes nothing; it is killed when it does not end in time."""
    with changes():
        job = _settled(job_id)
        if not job.running:
            return
        (folder_of(job) / CANCELLED_FILE).touch()
        _signal(job.process, signal.SIGINT)
    threading.Timer(GRACE_SECONDS, _kill_if_still_running, [job_id, job.process]).start()


def discard(job_id: str) -> None:
    """Remove a job with all that was uploaded for it; what is connected stays as it is."""
    with changes():
        job = _settled(job_id)
        if job.running:
            (folder_of(job) / CANCELLED_FILE).touch()
            _signal(job.process, signal.SIGKILL)
        shutil.rmtree(folder_of(job), ignore_errors=True)


def _kill_if_still_running(job_id: str, process: int) -> None:
    with changes(), suppress(ConnectError):
        job = _settled(job_id)
        if job.running and job.process == process:
            _signal(process, signal.SIGKILL)


def _signal(group: int, number: int) -> None:
    # A runner that has not begun yet looks for the note that it is cancelled.
    if group:
        with suppress(ProcessLookupError):
            os.killpg(group, number)


def _settled(job_id: str) -> Job:
    """Return a job; when its work is over and did not say so, note that. Needs the lock of changes.

    A build that was published is finished; raises ConnectError when it cannot be, or when there is no such job.
    """
    job = read_job(job_id)
    if job is None:
        raise ConnectError("There is no such connection any more. Start anew.")
    if not (job.running or job.is_half_built) or _is_locked():
        return job
    # The runner writes its last word before it lets go of the lock.
    job = read_job(job_id) or job
    folder = folder_of(job)
    if job.is_half_built:
        _finish(job, folder)
    elif job.running:
        was_cancelled = (folder / CANCELLED_FILE).exists()
        cause = "Cancelled" if was_cancelled else "The work was ended from outside, perhaps because memory ran out"
        # A build may be killed in the moment between its publishing and its word of it.
        changed = (
            "What is connected is as it was; the pages may show the new build already. Build again."
            if job.running == "build"
            else "Nothing was changed; try again."
        )
        job.running, job.process, job.problem = "", 0, f"{cause}. {changed}"
        job.write(folder)
    return job


def _finish(job: Job, folder: Path) -> None:
    job.running, job.process, job.problem = "", 0, ""
    try:
        connect_built(job, folder)
    except OSError as error:
        job.problem = (
            f"The pages show the new build, but what it was made of cannot be put in its place "
            f"({error.strerror or error}). Mend that, and open this page again."
        )
        job.write(folder)
        raise ConnectError(job.problem) from error
    job.write(folder)


def _forget_old_jobs() -> None:
    for job in all_jobs():
        if datetime.now(UTC) - job.started > JOB_LIFETIME and not _settled(job.id).running:
            shutil.rmtree(folder_of(job), ignore_errors=True)


@contextmanager
def changes() -> Iterator[None]:
    """Keep other threads and workers from looking at jobs, or changing them, meanwhile."""
    folder = connect_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / CHANGES_LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_locked() -> bool:
    with (connect_folder() / RUNNING_LOCK).open("a") as lock:
        return not _taken(lock)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
