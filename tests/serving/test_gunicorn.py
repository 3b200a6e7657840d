"""The server as it is deployed: gunicorn, its configuration, and the app."""

import runpy
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, Response, request

from definitions.colours.distances import load_solver
from tests.server import ROOT, running_server


@pytest.fixture
def address(warehouse: Path, tmp_path: Path) -> Iterator[str]:
    """Where a server with one worker listens."""
    with running_server(warehouse, tmp_path / "log") as server:
        yield server.address


def test_serves_the_page_and_a_link_that_is_far_too_long(address: str) -> None:
    with urllib.request.urlopen(f"{address}/health", timeout=60) as response:
        assert response.status == 200
    with urllib.request.urlopen(f"{address}/?country={'x' * 100_000}", timeout=60) as response:
        assert response.status == 200
        assert "_dash-config" in response.read().decode()
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        urllib.request.urlopen(f"{address}/export/watch_hours_by_title.csv?country={'x' * 100_000}", timeout=60)
    with refused.value as answer:
        assert "characters long" in answer.read().decode()


@pytest.mark.parametrize("health", [200, 503])
def test_a_worker_runs_its_first_query_before_the_first_visitor(health: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    later: list[object] = []

    def timer(_after_s: float, work: object) -> SimpleNamespace:
        later.append(work)
        return SimpleNamespace(start=lambda: None)

    monkeypatch.setattr(threading, "Timer", timer)
    warned: list[str] = []
    server = Flask(__name__)

    @server.before_request
    def answer() -> Response:
        asked.append(request.path)
        return Response(status=health if request.path == "/health" else 200)

    log = SimpleNamespace(warning=lambda _, path, *__: warned.append(path))
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))["post_worker_init"](SimpleNamespace(wsgi=server, log=log))
    if health == 200:
        assert (asked, warned) == (["/", "/health", "/export/viewing_summary.csv"], [])
    else:
        assert (asked, warned) == (["/", "/health"], ["/health"])
    assert later == [load_solver]
