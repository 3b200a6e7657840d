"""The progress bar, as a terminal sees it."""

import io
import json
from pathlib import Path

from rich.console import Console

from pipeline.progress import ProgressBar, ProgressFile


def test_the_bar_tells_the_step_and_the_rows() -> None:
    screen = io.StringIO()
    with ProgressBar(Console(file=screen, force_terminal=True, width=100)) as progress:
        progress.plan(2_000)
        progress.step("Checking plays")
        progress.done(1_500)
    assert "Checking plays" in screen.getvalue()
    assert "1,500 of 2,000 rows" in screen.getvalue()


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    printed = io.StringIO()
    with ProgressBar(Console(file=printed, force_terminal=False)) as progress:
        progress.plan(2_000)
        progress.done(2_000)
    assert printed.getvalue().strip() == ""


def test_another_program_reads_the_step_and_the_rows(tmp_path: Path) -> None:
    progress = ProgressFile(tmp_path / "progress.json")
    progress.plan(2_000)
    progress.step("Checking plays")
    progress.done(1_000)
    progress.done(500)
    told = json.loads((tmp_path / "progress.json").read_text())
    assert told == {"step": "Checking plays", "planned_rows": 2_000, "done_rows": 1_500}
    assert [path.name for path in tmp_path.iterdir()] == ["progress.json"]
