"""What is connected: the source of the last build, and its change for the next, which can be killed at any instant.

Both functions need the lock of changes (``connect_jobs.changes``).
"""

import shutil
from pathlib import Path

from definitions.connecting import LOOK_FILE, REPORT_FILE, SOURCE, UPLOADS, Job, Step, connect_folder

STAGES = "sources"
SAID = "said.txt"
FAULTS = "faults.txt"
OLD_SOURCE = ".source-before"


def bring_back() -> None:
    """Put what is connected back in its place, when work that was killed had moved it away."""
    source, old = connect_folder() / SOURCE, connect_folder() / OLD_SOURCE
    if old.is_dir() and not source.exists():
        old.rename(source)


def connect_built(job: Job, folder: Path) -> None:
    """Make what was built what is connected and remove what it was made of; after a kill, call it again.

    Raises OSError when the folders cannot be moved.
    """
    source, old = connect_folder() / SOURCE, connect_folder() / OLD_SOURCE
    stage = folder / STAGES / str(len(job.imports) - 1)
    if stage.is_dir():
        if source.exists():
            shutil.rmtree(old, ignore_errors=True)
            source.rename(old)
        stage.rename(source)
    if source.exists():
        shutil.rmtree(old, ignore_errors=True)
    # What was uploaded names people, and so may the rows refused: both have done their work.
    for name in (UPLOADS, STAGES):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (LOOK_FILE, REPORT_FILE, SAID, FAULTS):
        (folder / name).unlink(missing_ok=True)
    for imported in job.imports:
        imported.pop("refused", None)
    job.step = Step.DONE
