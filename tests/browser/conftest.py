"""The app as it is deployed, under gunicorn with two workers, and Chromium to look at it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.browser.overview import WAIT_MS, Overview
from tests.conftest import MadeOnce
from tests.queries.demo_worlds import SEED, write_world

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("MARQUEE_CHROMIUM", "/usr/bin/chromium"))
# The same Chromium without windows draws the same pages. Opening a window with its toolbar, which is a page too, for
# each new context takes four times as long as the context.
WITHOUT_WINDOWS = Path(os.environ.get("MARQUEE_CHROMIUM", "/usr/bin/chromium-headless-shell"))
# An answer takes its time where three browsers and their servers share two cores, of which some hours are slow.
expect.set_options(timeout=WAIT_MS)
LISTENING = re.compile(r"Listening at: (http://\S+)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that it can be chosen or left out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def served(folder: Path, warehouse: Path, log: Path, **more: str) -> Iterator[str]:
    """Serve the app in ``folder`` on a free port, with ``more`` settings, and give its address.

    Requests wait in the kernel until a worker is ready, so nobody has to.
    """
    settings = {"MARQUEE_BIND": "127.0.0.1:0", "MARQUEE_WAREHOUSE": str(warehouse), "MARQUEE_WORKERS": "2"} | more
    environment = os.environ | settings | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
    with (
        log.open("w") as written,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=written, stderr=written) as server,
    ):
        try:
            yield _address_in(log, server)
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def marquee_server(real_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app over the real export."""
    with served(ROOT, real_warehouse, tmp_path_factory.mktemp("served") / "gunicorn.log") as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without it these tests fail, because nothing else shows what people see."""
    here = WITHOUT_WINDOWS if WITHOUT_WINDOWS.is_file() else CHROMIUM
    if not here.is_file():
        pytest.fail(f"{here} is not here: install Chromium (make chromium), or name it in MARQUEE_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=here, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, marquee_server: str) -> Iterator[Callable[..., Overview]]:
    """Open the app in a browser of its own; afterwards nothing may have been complained of, or asked of other hosts."""
    with browsers(chromium, marquee_server) as new_page:

        def opened(path: str = "/", **looks: Any) -> Overview:
            return Overview(new_page(**looks), marquee_server).go(path)

        yield opened


@pytest.fixture(scope="session")
def planted_server(made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app over a demo world, which has player events, covers and subscriptions."""
    world = made_once("planted-world", lambda folder: write_world(folder, SEED))
    with served(ROOT, world / "warehouse", tmp_path_factory.mktemp("planted") / "gunicorn.log") as address:
        yield address


@pytest.fixture
def visit_planted(chromium: Browser, planted_server: str) -> Iterator[Callable[..., Overview]]:
    """Open the app over the demo world, as ``visit`` does over the real export."""
    with browsers(chromium, planted_server) as new_page:

        def opened(path: str = "/", **looks: Any) -> Overview:
            return Overview(new_page(**looks), planted_server).go(path)

        yield opened


@contextmanager
def browsers(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Give pages, each in a browser of its own; afterwards none may have complained, or asked other hosts."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def new_page(*, width: int = 1440, height: int = 900, scheme: str = "light") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        listen(page, address, complaints)
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert complaints == []


def listen(page: Page, address: str, complaints: list[str]) -> None:
    """Note what a page complains of in ``complaints``: errors, refused requests, requests to other hosts.

    That an address has no page is its answer, not a complaint.
    """

    def asked(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and f"{url.scheme}://{url.netloc}" != address:
            complaints.append(f"asked another host: {request.url}")

    def said(message: ConsoleMessage) -> None:
        no_page = "404" in message.text and message.location.get("url") == page.url
        if message.type in ("error", "warning") and not no_page:
            complaints.append(f"console: {message.text}")

    def answered(answer: Response) -> None:
        no_page = answer.status == 404 and answer.request.is_navigation_request()
        if answer.status >= 400 and not no_page:
            complaints.append(f"{answer.status} for {answer.url[:120]}")

    page.on("request", asked)
    page.on("console", said)
    page.on("response", answered)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))


def _address_in(log: Path, server: "subprocess.Popen[bytes]") -> str:
    """Follow the log until the server says where it listens; its end without a word is told with the log."""
    with log.open() as lines:
        while server.poll() is None:
            found = LISTENING.search(lines.readline())
            if found:
                return found[1]
    pytest.fail(f"gunicorn ended before it listened:\n{log.read_text()}")
