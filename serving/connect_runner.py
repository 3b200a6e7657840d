"""Runs the command line for one job of connecting data, in a process of its own, and notes in the job how it ended.

``python -m serving.connect_runner JOB_FOLDER look|import|build …`` is started by ``connect_jobs.run``, which hands its
lock down: it is held until this process ends.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from definitions.connecting import (
    ARCHIVE,
    CANCELLED_FILE,
    EXPORT,
    LOOK_FILE,
    REPORT_FILE,
    SOURCE,
    UPLOADS,
    Job,
    Step,
    connect_folder,
    read_job,
    received_files,
)
from definitions.manifest import POINTER_FILE
from serving.connect_jobs import changes
from serving.connect_source import FAULTS, SAID, STAGES, bring_back, connect_built
from serving.uploads import UploadError, unpack

PREFIX = "marquee: "


class RunError(Exception):
    """The command line ended with a fault; the message is its last sentence."""


def main() -> None:
    """Do what the arguments say and note the end in the job."""
    # Whoever cancels interrupts the whole group; the command line ends by itself and this notes it.
    signal.signal(signal.SIGINT, lambda *_: None)
    place, what, *words = sys.argv[1:]
    folder = Path(place)
    with changes():
        job = _job(folder.name)
        job.process = os.getpid()
        job.write(folder)
    job.problem = _problem(job, folder, what, words)
    job.running, job.process = "", 0
    job.write(folder)


def _problem(job: Job, folder: Path, what: str, words: list[str]) -> str:
    """Do the work; return what became of it in words when it did not go well."""
    work = {"look": look, "import": import_files, "build": build}[what]
    try:
        with changes():
            bring_back()
        work(job, folder, words)
    except (RunError, UploadError) as error:
        return str(error)
    except OSError as error:
        return f"{error.strerror or error}. {_left(job)}"
    except Exception as error:
        logging.getLogger(__name__).exception("%s", what)
        return f"Marquee failed in a way it does not know ({type(error).__name__}). {_left(job)}"
    return ""


def _left(job: Job) -> str:
    return "The pages show the new build, which is not all in its place." if job.built else "Nothing was changed."


def look(job: Job, folder: Path, words: list[str]) -> None:
    """Unpack archives and ask what the files look like; ``words`` hold the most bytes to take, if there is a most."""
    left_out = 0
    for archive in [path for path in received_files(job) if path.name.lower().endswith(ARCHIVE)]:
        left_out += unpack(archive, folder / UPLOADS, int(words[0]) if words else None)
    if left_out:
        job.notes.append(f"{left_out:,} files of the archive are no data files and were left out.")
    files = received_files(job)
    if not files:
        raise RunError("There are no files yet. Choose some.")
    _marquee(folder, "suggest", *map(str, files), "--format", "json")
    shutil.copyfile(folder / SAID, folder / LOOK_FILE)
    found = json.loads((folder / LOOK_FILE).read_text(encoding="utf-8"))
    if not found["groups"]:
        raise RunError("\n".join(_plain(problem, folder) for problem in found["problems"]))
    job.notes += [_plain(problem, folder) for problem in found["problems"]]
    likeliest = found["groups"][0]["tables"][0]["table"]
    job.group, job.table, job.mapping, job.step = 0, EXPORT if found["export"] else likeliest, {}, Step.MAP


def import_files(job: Job, folder: Path, words: list[str]) -> None:
    """Import into a copy of what was staged so far; ``words`` are those of ``marquee import`` but for the source."""
    number = len(job.imports)
    before = folder / STAGES / str(number - 1) if number else connect_folder() / SOURCE
    stage = folder / STAGES / str(number)
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    if before.is_dir() and (number or not job.replace):
        shutil.copytree(before, stage, copy_function=_link, ignore=_locks, dirs_exist_ok=True)
    try:
        _marquee(folder, "import", *words, "--source", str(stage), "--tell", str(folder))
        told = _report(folder)
        (folder / REPORT_FILE).unlink()
        _marquee(folder, "check", str(stage), "--tell", str(folder), faults_are_told=True)
        checked = _report(folder)
    except (RunError, OSError):
        shutil.rmtree(stage, ignore_errors=True)
        raise
    what = words[1] if words[0] == "table" else words[0]
    job.imports.append({"what": what, "mode": words[0], **told, "check": checked})
    job.step = Step.ROWS


def build(job: Job, folder: Path, words: list[str]) -> None:
    """Build what was staged into the warehouse, and only then make it what is connected; ``words`` are the build's."""
    stage = folder / STAGES / str(len(job.imports) - 1)
    shown = _shown_build()
    try:
        _marquee(folder, "build", "--source", str(stage), *words, "--tell", str(folder))
        built = _report(folder)
    except Exception as error:
        if _shown_build() == shown:
            raise
        # Ended in the moment after the publishing, or by another build.
        raise RunError("What is connected is as it was, but the pages show another build now. Build again.") from error
    # Whoever cancels or discards needs the lock, so nobody ends this half-way but from outside; then the note helps.
    with changes():
        job.built = built
        job.write(folder)
        connect_built(job, folder)


def _shown_build() -> str:
    pointer = Path(os.environ["MARQUEE_WAREHOUSE"]) / POINTER_FILE
    return pointer.read_text(encoding="utf-8") if pointer.exists() else ""


def _marquee(folder: Path, *words: str, faults_are_told: bool = False) -> None:
    """Run the command line; raises RunError with its last sentence when it fails."""
    _require_wanted(folder)
    command = [sys.executable, "-m", "cli", *words]
    with (folder / SAID).open("w") as said, (folder / FAULTS).open("w") as faults:
        ended = subprocess.run(  # noqa: S603 - our own interpreter, no shell
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=faults, check=False
        )
    status = ended.returncode
    if status == 0 or (faults_are_told and status == 1 and (folder / REPORT_FILE).exists()):
        return
    _require_wanted(folder)
    told = (folder / FAULTS).read_text(encoding="utf-8", errors="replace").strip()
    if PREFIX in told:
        sentence = told[told.rindex(PREFIX) + len(PREFIX) :]
    elif status < 0:
        sentence = f"The work was ended from outside (signal {-status}), perhaps because memory ran out. Try again."
    else:
        last = told.splitlines()[-1] if told else f"status {status}"
        sentence = f"Marquee failed in a way it does not know: {last}"
    raise RunError(_plain(sentence, folder))


def _require_wanted(folder: Path) -> None:
    if (folder / CANCELLED_FILE).exists():
        raise RunError("Cancelled; nothing was changed.")


def _plain(sentence: str, folder: Path) -> str:
    """Return a sentence without the places of this job's files, which say nothing to a person."""
    return sentence.replace(f"{folder / UPLOADS}{os.sep}", "").replace(f"{folder}{os.sep}", "")


def _job(job_id: str) -> Job:
    job = read_job(job_id)
    if job is None:
        sys.exit(f"There is no job {job_id}.")
    return job


def _report(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
    return report


def _link(source: str, target: str) -> None:
    """Copy a file of a source for nothing: a source's files are replaced, never written into."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _locks(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(".")]


if __name__ == "__main__":
    main()
