"""Help, shortcuts, the first visit's hint, pictures, and the word that newer data are there."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.build.build import build_warehouse
from tests.browser.conftest import ROOT, listen, served
from tests.browser.overview import Overview

Visit = Callable[..., Overview]
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_question_mark_lists_the_keys_and_escape_closes_them(visit: Visit) -> None:
    page = visit().page
    page.keyboard.press("?")
    help_dialog = page.get_by_role("dialog", name="Keyboard and help")
    expect(help_dialog).to_be_visible()
    expect(help_dialog).to_contain_text("Undo the last change of the page")
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    page.get_by_role("button", name="Help").click()
    expect(help_dialog).to_be_visible()
    help_dialog.get_by_role("button", name="Close").click()
    expect(help_dialog).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/explore", "/data"])
def test_on_a_phone_the_current_page_is_in_sight_and_help_is_there(visit: Visit, path: str) -> None:
    page = visit(path, width=390, height=844).page
    current = page.locator("nav .nav-link.active")
    expect(current).to_have_attribute("href", re.compile(rf"^{path}(\?|$)"))
    expect(current).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Help").click()
    expect(page.get_by_role("dialog", name="Keyboard and help")).to_be_in_viewport()


def test_a_slash_goes_to_search_and_is_a_slash_where_one_types(visit: Visit) -> None:
    page = visit().page
    page.keyboard.press("/")
    find = page.get_by_label("Find a metric or table")
    expect(find).to_be_focused()
    page.keyboard.type("a/b?u")
    expect(find).to_have_value("a/b?u")
    find.fill("retention")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Data & definitions · Marquee")
    assert page.url.endswith("/data?find=retention")


def test_u_undoes_the_last_change(visit: Visit) -> None:
    overview = visit()
    overview.choose("kind", "Films")
    expect(overview.chips).to_have_count(1)
    overview.page.locator("h1").click()
    overview.page.keyboard.press("u")
    expect(overview.chips).to_have_count(0)


def test_the_hint_of_the_first_visit_is_dismissed_for_good(visit: Visit) -> None:
    page = visit().page
    hint = page.locator("#hint")
    expect(hint).to_be_visible()
    hint.get_by_role("button", name="Got it").click()
    expect(hint).to_be_hidden()
    page.reload()
    expect(page.locator(".kpi").first).to_be_visible()
    expect(hint).to_be_hidden()


@pytest.mark.parametrize("card", ["overview-kpis", "overview-watch-time", "overview-titles"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_can_be_taken_as_a_picture(visit: Visit, card: str, scheme: str) -> None:
    page = visit(scheme=scheme).page
    page.locator(f"#{card} [aria-label^='Options for']").click()
    with page.expect_download() as download:
        page.locator(f"#{card} [data-picture]").click()
    assert download.value.suggested_filename == f"marquee-{card}.png"
    picture = download.value.path().read_bytes()
    assert picture.startswith(PNG)
    # Its size stands in the header: twice the card's width and its padding.
    width = int.from_bytes(picture[16:20])
    assert width == 2 * (page.locator(f"#{card}").evaluate("card => card.offsetWidth") + 32)
    assert len(picture) > 20_000, "a blank picture of this size is far smaller"


def test_newer_data_are_announced_quietly(
    chromium: Browser, small_source: Path, small_warehouse: Path, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse"
    shutil.copytree(small_warehouse, warehouse)
    complaints: list[str] = []
    with served(ROOT, warehouse, tmp_path / "log") as address:
        page = chromium.new_page()
        listen(page, address, complaints)
        overview = Overview(page, address).go("/")
        newer = page.get_by_role("link", name="Newer data")
        expect(newer).to_be_hidden()
        build_warehouse(small_source, warehouse)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(newer).to_be_visible()
        before = page.locator("[data-build]").get_attribute("data-build")
        newer.click()
        expect(page.locator(f"[data-build='{before}']")).to_have_count(0)
        overview.settled()
        expect(newer).to_be_hidden()
        page.close()
    assert complaints == []
