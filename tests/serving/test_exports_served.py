"""Exports from gunicorn to a real client: one that goes away, one that is cut off, one that only reads slowly."""

import hashlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.server import Server, running_server
from tests.serving.many_plays import write_many_plays

PLAYS = 600_000
ALL = "column=play_id&column=account_id&column=title_id&column=watch_ms&column=isp"
ONE = "where=play_id+is+play-1&column=play_id"
FREED_WITHIN_SECONDS = 2
CURL_PARTIAL_FILE = 18


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    write_many_plays(folder / "warehouse", PLAYS)
    with running_server(folder / "warehouse", folder / "log") as running:
        yield running


def _get(server: Server, path: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()


def _begun(server: Server, path: str) -> socket.socket:
    """Ask for an export, read its first byte, and no more."""
    client = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert client.recv(1) == b"H"
    return client


def test_what_arrives_is_what_the_manifest_says(server: Server) -> None:
    _, manifest = _get(server, f"/export/rows/plays.json?{ALL}")
    facts = json.loads(manifest)
    assert facts["row_count"] == PLAYS
    for form in ("csv", "parquet"):
        status, data = _get(server, f"/export/rows/plays.{form}?{ALL}")
        assert status == 200
        assert len(data) == facts[f"{form}_bytes"]
        assert hashlib.sha256(data).hexdigest() == facts[f"{form}_sha256"]


def test_clients_that_go_away_free_their_places_in_time(server: Server) -> None:
    clients = [_begun(server, f"/export/rows/plays.csv?{ALL}") for _ in range(2)]
    assert _get(server, f"/export/rows/plays.csv?{ONE}")[0] == 503
    assert _get(server, "/health")[0] == 200
    for client in clients:
        client.close()
    left_at = time.monotonic()
    while (status := _get(server, f"/export/rows/plays.csv?{ONE}")[0]) == 503:
        assert time.monotonic() - left_at < FREED_WITHIN_SECONDS
    assert status == 200


def test_a_failure_in_the_middle_shows(tmp_path: Path) -> None:
    file = write_many_plays(tmp_path / "warehouse", PLAYS)
    _spoil_from_the_middle(file)
    with running_server(tmp_path / "warehouse", tmp_path / "log") as server:
        with pytest.raises(http.client.IncompleteRead) as cut:
            _get(server, f"/export/rows/plays.csv?{ALL}")
        assert cut.value.partial.startswith(b'"play_id","account_id"')
        with pytest.raises(http.client.IncompleteRead) as cut:
            _get(server, f"/export/rows/plays.parquet?{ALL}")
        with pytest.raises(pa.ArrowInvalid):
            pq.read_table(pa.BufferReader(cut.value.partial))
        # The places are free again, and the worker is the same.
        assert _get(server, "/export/rows/titles.csv?column=title_id") == (200, b'"title_id"\n')
        assert _curl(server, f"plays.csv?{ALL}").returncode == CURL_PARTIAL_FILE
        log = server.log.read_text()
    assert len(re.findall("Error handling request", log)) == 3
    assert len(re.findall("Booting worker", log)) == 1


def test_gunicorns_own_time_limit_does_not_end_a_long_answer(tmp_path: Path) -> None:
    limit_seconds = 1
    write_many_plays(tmp_path / "warehouse", PLAYS)
    with running_server(tmp_path / "warehouse", tmp_path / "log", "--timeout", str(limit_seconds)) as server:
        ended = _curl(server, f"plays.csv?{ALL}", "--limit-rate", "12M", "--write-out", "%{time_total}")
        log = server.log.read_text()
    assert ended.returncode == 0
    assert float(ended.stdout) > 2 * limit_seconds
    assert len(re.findall("Booting worker", log)) == 1


def _curl(server: Server, rows: str, *options: str) -> subprocess.CompletedProcess[str]:
    curl = shutil.which("curl")
    assert curl is not None, "install curl"
    command = [curl, "--silent", "--output", "/dev/null", *options, f"{server.address}/export/rows/{rows}"]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def _spoil_from_the_middle(file: Path) -> None:
    """Overwrite what the later row groups hold, but not the footer."""
    metadata = pq.read_metadata(file)
    middle = metadata.row_group(metadata.num_row_groups // 2).column(0)
    first_byte = middle.dictionary_page_offset or middle.data_page_offset
    footer_bytes = 200_000
    with file.open("r+b") as opened:
        opened.seek(first_byte)
        opened.write(b"\xff" * (file.stat().st_size - first_byte - footer_bytes))
