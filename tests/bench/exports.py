"""Ten million rows as CSV and Parquet, from a real server to a real client: first byte, time, memory, completeness.

Fails when a row or a byte is missing. Takes about 3 GB of disk. ``python -m tests.bench.exports`` runs it.
"""

import hashlib
import http.client
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

import duckdb

from tests.server import Server, memory_mb, running_server
from tests.serving.many_plays import BUILD_ID, watch_ms_of, write_many_plays

PLAYS = 10_000_000
COLUMNS = ("play_id", "account_id", "title_id", "started_at", "watch_ms", "isp", "device_type", "local_day")
SEARCH = f"build={BUILD_ID}&{'&'.join(f'column={name}' for name in COLUMNS)}"
MOST_FIRST_BYTE_SECONDS = 1.0
MOST_ADDED_MB = 300
READ_BYTES = 1024 * 1024


def main() -> None:
    """Export the rows as each form, and print a line for each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_many_plays(folder / "warehouse", PLAYS)
        failures: list[str] = []
        hashes = {}
        for form in ("csv", "parquet", "json"):
            # A server of its own for each, so that the memory of one is not told of another.
            with running_server(folder / "warehouse", folder / f"{form}.log") as server:
                hashes[form] = _export(server, form, folder / f"plays.{form}", failures)
        facts = json.loads((folder / "plays.json").read_text())
        for form in ("csv", "parquet"):
            if facts[f"{form}_sha256"] != hashes[form]:
                failures.append(f"{form} differs from its manifest")
            ((rows, watch_ms),) = duckdb.execute(_count(folder / f"plays.{form}", form)).fetchall()
            if (rows, watch_ms, facts["row_count"]) != (PLAYS, watch_ms_of(PLAYS), PLAYS):
                failures.append(f"{form} holds {rows:,} rows and {watch_ms:,} ms")
    if failures:
        sys.exit("; ".join(failures))
    print("complete: rows, sum of watch_ms, and SHA-256 as the manifest says, for both")


def _export(server: Server, form: str, file: Path, failures: list[str]) -> str:
    """Print one export's figures, and return the SHA-256 of what arrived."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    # The first request is not what is measured, nor what it makes the worker load.
    connection.request("GET", f"/export/rows/plays.{form}?{SEARCH}&where=play_id+is+play-1")
    connection.getresponse().read()
    resting_mb = memory_mb(server.worker, "VmRSS")
    digest = hashlib.sha256()
    with _HighestMemory(server.worker) as memory, file.open("wb") as written:
        began = time.perf_counter()
        connection.request("GET", f"/export/rows/plays.{form}?{SEARCH}")
        response = connection.getresponse()
        data = response.read(1)
        first_byte_seconds = time.perf_counter() - began
        while data:
            written.write(data)
            digest.update(data)
            data = response.read(READ_BYTES)
        seconds = time.perf_counter() - began
    added_mb = memory.highest_mb - resting_mb
    print(
        f"{PLAYS:,} rows × {len(COLUMNS)} columns as {form:<8}{file.stat().st_size / 1e6:8,.0f} MB   "
        f"first byte {first_byte_seconds:.2f} s   all {seconds:.1f} s   added memory {added_mb:.0f} MB"
    )
    if form != "json" and first_byte_seconds > MOST_FIRST_BYTE_SECONDS:
        failures.append(f"the first byte of {form} took {first_byte_seconds:.2f} s")
    if added_mb > MOST_ADDED_MB:
        failures.append(f"{form} took {added_mb:.0f} MB")
    return digest.hexdigest()


class _HighestMemory:
    """The most memory that a process holds while it is looked at, every 20 ms."""

    def __init__(self, process: int) -> None:
        self.highest_mb = 0.0
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "_HighestMemory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            self.highest_mb = max(self.highest_mb, memory_mb(self._process, "VmRSS"))


def _count(file: Path, form: str) -> str:
    source = f"read_csv('{file}')" if form == "csv" else f"'{file}'"
    return f"select count(*), cast(sum(watch_ms) as bigint) from {source}"


if __name__ == "__main__":
    main()
