"""The developers' gallery: every figure in both themes, drawn without a complaint."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from tests.browser.conftest import listen
from tests.gallery import FIGURES, SIZES, gallery_server


@pytest.fixture
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery_server(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_figure_is_drawn_in_both_themes(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1800, "height": 1000})
    page = context.new_page()
    complaints: list[str] = []
    listen(page, address, complaints)
    page.goto(address)
    expect(page.locator(".panel")).to_have_count(2 * len(FIGURES) * len(SIZES), timeout=30_000)
    # Key figures are HTML, the trend is drawn by lines.js, and empty frames are told in words.
    expect(page.locator(".js-plotly-plot .plot-container")).to_have_count(2 * (len(FIGURES) - 2) * 3, timeout=30_000)
    expect(page.locator(".kpi .kpi-value")).to_have_count(2 * len(SIZES))
    expect(page.locator(".lines[data-figure] svg")).to_have_count(2 * 3)
    expect(page.locator(".state")).to_have_count(2 * (len(FIGURES) - 1))
    bar = ".bars .point path"
    ranked = page.locator("[data-bs-theme=dark] .panel", has_text="Ranking, filled").locator(bar).first
    expect(ranked).to_have_css("fill", "rgb(242, 179, 76)", timeout=30_000)
    assert complaints == []
    context.close()
