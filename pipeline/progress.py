"""How long work tells how far it is."""

import json
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars


class Progress(Protocol):
    """Receives the steps of long work as they are done; the terminal draws a bar from them."""

    def plan(self, rows: int) -> None:
        """Say how many rows all the steps together will handle."""

    def step(self, what: str) -> None:
        """Say what begins now."""

    def done(self, rows: int) -> None:
        """Say that so many more rows are handled."""


class Silent:
    """Progress that nobody watches."""

    def plan(self, rows: int) -> None:
        """Ignore the plan."""

    def step(self, what: str) -> None:
        """Ignore the step."""

    def done(self, rows: int) -> None:
        """Ignore the rows."""


class ProgressBar:
    """Progress drawn in the terminal: what is done now, the rows so far and in all, and the time left."""

    def __init__(self, console: Console) -> None:
        """Draw on ``console``; nothing is drawn when it is not a terminal."""
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bars.add_task("Reading", total=0)

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._bars.stop()

    def plan(self, rows: int) -> None:
        """Set the bar's whole length."""
        self._bars.update(self._task, total=rows)

    def step(self, what: str) -> None:
        """Name the step."""
        self._bars.update(self._task, description=what)

    def done(self, rows: int) -> None:
        """Move the bar."""
        self._bars.advance(self._task, rows)


class ProgressFile:
    """Progress written for another program: JSON with step, planned_rows and done_rows, replaced in one step."""

    def __init__(self, file: Path) -> None:
        """Write to ``file``."""
        self._file = file
        # Parts of a build that run at the same time tell their steps at the same time.
        self._lock = Lock()
        self._told: dict[str, str | int] = {"step": "", "planned_rows": 0, "done_rows": 0}

    def plan(self, rows: int) -> None:
        """Write how many rows there are in all."""
        self._tell(planned_rows=rows)

    def step(self, what: str) -> None:
        """Write what begins now."""
        self._tell(step=what)

    def done(self, rows: int) -> None:
        """Write how many rows are done."""
        self._tell(done_rows=rows)

    def _tell(self, *, done_rows: int = 0, **news: str | int) -> None:
        with self._lock:
            self._told |= news | {"done_rows": int(self._told["done_rows"]) + done_rows}
            written = self._file.with_name(f".{self._file.name}")
            written.write_text(json.dumps(self._told), encoding="utf-8")
            written.replace(self._file)


def write_report(file: Path, report: Any) -> None:
    """Write a report, a dataclass, as JSON for another program to read."""
    file.write_text(json.dumps(asdict(report), default=str), encoding="utf-8")
