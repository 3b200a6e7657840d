"""The developers' gallery: every figure in both themes, drawn without a complaint."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ROOT, listen
from tests.gallery import FIGURES, PICTURES, SIZES, TABLES
from tests.gallery_covers import COVER_PARTS


@pytest.fixture
def address() -> Iterator[str]:
    # A process of its own: Dash would give it the callbacks of the app, which other tests have imported.
    command = [sys.executable, "-m", "tests.gallery", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as gallery:
        assert gallery.stdout is not None
        yield gallery.stdout.readline().split()[-1]
        gallery.terminate()


def test_every_figure_is_drawn_in_both_themes(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1800, "height": 1000})
    page = context.new_page()
    complaints: list[str] = []
    listen(page, address, complaints)
    # It draws every figure before it answers.
    page.goto(address, timeout=90_000)
    drawn = len(FIGURES) + len(TABLES) + len(PICTURES)
    expect(page.locator(".panel")).to_have_count(2 * drawn * len(SIZES), timeout=90_000)
    # Key figures are HTML, the trend is drawn by lines.js, and empty frames are told in words.
    expect(page.locator(".js-plotly-plot .plot-container")).to_have_count(2 * (len(FIGURES) - 2) * 3, timeout=90_000)
    expect(page.locator(".kpi .kpi-value")).to_have_count(2 * len(SIZES))
    expect(page.locator(".lines[data-figure] svg")).to_have_count(2 * 3)
    expect(page.locator(".state")).to_have_count(2 * (drawn - 1))
    expect(page.locator(".panel .cover-shown")).to_have_count(2 * 3 * len(COVER_PARTS))
    expect(page.locator(".panel .table-scroll table")).to_have_count(2 * 3 * len(TABLES))
    bar = ".bars .point path"
    ranked = page.locator("[data-bs-theme=dark] .panel", has_text="Ranking, filled").locator(bar).first
    expect(ranked).to_have_css("fill", "rgb(242, 179, 76)")
    assert complaints == []
    context.close()
