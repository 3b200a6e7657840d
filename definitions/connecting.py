"""What a connection under way is: the files of its folder, which the server writes and the page shows."""

import json
import os
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

JOB_FILE = "job.json"
LOOK_FILE = "look.json"
PROGRESS_FILE = "progress.json"
REPORT_FILE = "report.json"
CANCELLED_FILE = "cancelled"
UPLOADS = "uploads"
SOURCE = "source"
JOBS = "jobs"
EXPORT = "netflix-export"

DATA_SUFFIXES = (".csv", ".tsv", ".parquet", ".json", ".jsonl", ".ndjson")
COMPRESSED = ".gz"
ARCHIVE = ".zip"
PARTIAL = ".part"

_JOB_ID = re.compile(r"[0-9a-f]{16}")


class Step(StrEnum):
    """Where a connection stands, in the order a person goes through them."""

    CHOOSE = "choose"
    MAP = "map"
    ROWS = "rows"
    DONE = "done"


@dataclass(slots=True)
class Job:
    """One connection under way; ``running`` says what the command line is doing for it now, empty when nothing.

    ``group`` and ``table`` are what is mapped onto what, ``mapping`` the choices made last.
    ``imports`` holds for each import so far what was imported, how, its report and what a check of the whole source
    says; ``built`` the report of the build, from when it is published on. ``process`` is the group of the processes at
    work.
    """

    id: str
    started_at: str
    replace: bool
    step: Step = Step.CHOOSE
    running: str = ""
    process: int = 0
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    group: int = 0
    table: str = ""
    mapping: dict[str, Any] = field(default_factory=dict)
    imports: list[dict[str, Any]] = field(default_factory=list)
    built: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a job; raises ValueError or TypeError when the text is none."""
        values = json.loads(text)
        return cls(**(values | {"step": Step(values["step"])}))

    def write(self, folder: Path) -> None:
        """Write the job into its ``folder``, in one step."""
        _replace(folder / JOB_FILE, asdict(self))

    @property
    def started(self) -> datetime:
        """When it was started, in UTC."""
        return datetime.fromisoformat(self.started_at)

    @property
    def is_half_built(self) -> bool:
        """Whether its build is published, but what it was made of is not yet what is connected."""
        return bool(self.built) and self.step is not Step.DONE


def new_job(job_id: str, *, replace: bool) -> Job:
    """Return a job that starts now."""
    return Job(job_id, datetime.now(UTC).isoformat(timespec="seconds"), replace)


def connect_folder() -> Path:
    """Return the folder of connections, MARQUEE_CONNECT_FOLDER; by default ``connect`` beside the warehouse."""
    warehouse = Path(os.environ.get("MARQUEE_WAREHOUSE", "data/warehouse")).resolve()
    return Path(os.environ.get("MARQUEE_CONNECT_FOLDER") or warehouse.parent / "connect")


def is_connected() -> bool:
    """Say whether a source was connected before."""
    return (connect_folder() / SOURCE).is_dir()


def job_folder(job_id: str) -> Path | None:
    """Return the folder of a job; None when the text is no job's id."""
    return connect_folder() / JOBS / job_id if _JOB_ID.fullmatch(job_id) else None


def read_job(job_id: str) -> Job | None:
    """Return a job; None when there is none of that id, or none any more."""
    folder = job_folder(job_id)
    try:
        return Job.from_json((folder / JOB_FILE).read_text(encoding="utf-8")) if folder else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def all_jobs() -> list[Job]:
    """Return the jobs, the newest first."""
    folders = (connect_folder() / JOBS).glob("*")
    jobs = [job for job in map(read_job, (folder.name for folder in folders)) if job]
    return sorted(jobs, key=lambda job: job.started_at, reverse=True)


def read_look(job: Job) -> dict[str, Any]:
    """Return what ``marquee suggest`` said about a job's files; nothing when it has not been asked."""
    folder = job_folder(job.id)
    try:
        look: dict[str, Any] = json.loads((folder / LOOK_FILE).read_text(encoding="utf-8")) if folder else {}
    except (OSError, ValueError):
        return {}
    return look


def received_files(job: Job) -> list[Path]:
    """Return the files received for a job, sorted by name; those still arriving are left out."""
    folder = job_folder(job.id)
    files = (folder / UPLOADS).rglob("*") if folder else ()
    return sorted(path for path in files if path.is_file() and path.suffix != PARTIAL)


def is_data(name: str) -> bool:
    """Say whether a file of this name can be imported."""
    return name.lower().removesuffix(COMPRESSED).endswith(DATA_SUFFIXES)


def _replace(path: Path, value: dict[str, Any]) -> None:
    written = path.with_name(f".{path.name}-{os.getpid()}")
    written.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    written.replace(path)
