"""The server as it is deployed, for tests and benchmarks: gunicorn with one worker, its configuration, and the app."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
LISTENING = re.compile(r"Listening at: (http://\S+)")
BOOTED = re.compile(r"Booting worker with pid: (\d+)")


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, the process of its one worker, and the file it tells its errors in."""

    address: str
    worker: int
    log: Path

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        port = urlsplit(self.address).port
        assert port is not None
        return port


def memory_mb(process: int, name: str) -> float:
    """Return a process's memory as the kernel counts it: VmRSS is that of now, VmHWM the most it had."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def workers_memory_mb(log: Path) -> list[float]:
    """Return the most memory that each worker of a running server has had, by what the server's log names."""
    return [memory_mb(int(worker), "VmHWM") for worker in BOOTED.findall(log.read_text(encoding="utf-8"))]


@contextmanager
def running_server(warehouse: Path, log: Path, *arguments: str, **settings: str) -> Iterator[Server]:
    """Serve a warehouse on a free port; the kernel queues requests until the worker is ready."""
    environment = {
        **os.environ,
        "MARQUEE_BIND": "127.0.0.1:0",
        "MARQUEE_WAREHOUSE": str(warehouse),
        "MARQUEE_WORKERS": "1",
        **settings,
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "gunicorn.conf.py",
        "--error-logfile",
        str(log),
        *arguments,
    ]
    log.touch()
    with log.open() as lines, subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            told = ""
            while not (BOOTED.search(told) and LISTENING.search(told)):
                assert process.poll() is None, f"gunicorn ended before it listened:\n{told}"
                told += lines.read()
            address, worker = LISTENING.search(told), BOOTED.search(told)
            assert address is not None
            assert worker is not None
            yield Server(address[1], int(worker[1]), log)
        finally:
            process.terminate()
