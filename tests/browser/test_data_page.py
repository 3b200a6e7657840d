"""What people see and do on the page of data and definitions, over the real export."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from definitions.metrics import METRICS
from tests.browser.conftest import browsers

Visit = Callable[..., Page]


@pytest.fixture
def data_page(chromium: Browser, marquee_server: str) -> Iterator[Visit]:
    """Open an address of the page and wait until it is filled; afterwards nothing may have been complained of."""
    with browsers(chromium, marquee_server) as new_page:

        def opened(path: str = "/data", **looks: Any) -> Page:
            page = new_page(**looks)
            page.goto(marquee_server + path)
            page.wait_for_selector("#metric-plays", state="attached")
            return page

        yield opened


def shown(page: Page, kind: str) -> list[str]:
    return list(
        page.evaluate(
            "kind => [...document.querySelectorAll(`[data-kind=${kind}]`)].filter(item => item.offsetParent !== null)"
            ".map(item => item.id)",
            kind,
        )
    )


def test_the_page_tells_what_is_loaded(data_page: Visit, real_warehouse: Path) -> None:
    page = data_page()
    plays = page.locator("#table-plays summary")
    expect(plays).to_contain_text("rows")
    expect(plays).to_contain_text("kept")
    expect(page.locator("#table-impressions summary")).to_contain_text("not given")
    current = (real_warehouse / "current").read_text().strip()
    expect(page.locator("#builds tbody tr", has_text=current)).to_contain_text("current")
    assert len(shown(page, "metric")) == len(METRICS)


def test_a_table_opens_by_keyboard_and_tells_its_columns(data_page: Visit) -> None:
    page = data_page()
    page.locator("#table-plays summary").focus()
    page.keyboard.press("Enter")
    column = page.locator("#table-plays .columns li", has_text="watch_ms")
    expect(column).to_be_visible()
    expect(column).to_contain_text("time with the playhead advancing")


def test_the_search_filters_as_one_types_and_says_how_many_match(data_page: Visit) -> None:
    page = data_page()
    box, told = page.locator("#definitions-find"), page.locator("#definitions-count")
    box.press_sequentially("zero-result")
    expect(told).to_have_text("1 metric")
    assert shown(page, "metric") == ["metric-zero_result_rate"]
    expect(page.locator("#builds")).to_be_hidden()
    box.fill("rebuffer_known_watch_ms")
    expect(told).to_have_text("7 columns")
    tables = ["account_days", "viewing_cube", "title_cube", "show_cube", "show_periods", "accounts_at_risk"]
    assert shown(page, "table") == [f"table-{name}" for name in tables]
    expect(page.locator("#table-account_days .columns li:visible")).to_have_count(1)
    box.fill("")
    expect(told).to_have_text("")
    expect(page.locator("#builds")).to_be_visible()
    expect(page.locator("#table-account_days .columns li:visible")).to_have_count(0)
    assert len(shown(page, "metric")) == len(METRICS)


def test_a_search_without_a_match_says_so_and_shows_hostile_words_as_text(data_page: Visit) -> None:
    page = data_page()
    page.locator("#definitions-find").fill("<img src=x onerror=alert(1)>")
    expect(page.locator("#definitions-count")).to_have_text("Nothing matches «<img src=x onerror=alert(1)>».")
    assert shown(page, "metric") == shown(page, "table") == []


def test_enter_reload_back_and_a_copied_link_keep_the_search(data_page: Visit) -> None:
    page = data_page()
    box = page.locator("#definitions-find")
    box.fill("churn")
    box.press("Enter")
    expect(page.locator("#definitions-count")).to_contain_text("metric")
    told = page.locator("#definitions-count").inner_text()
    assert page.evaluate("location.search") == "?find=churn"

    page.reload()
    expect(box).to_have_value("churn")
    expect(page.locator("#definitions-count")).to_have_text(told)

    page.locator("nav a", has_text="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How are we doing?")
    assert "find" not in page.evaluate("location.search")
    page.go_back()
    expect(box).to_have_value("churn")
    expect(page.locator("#definitions-count")).to_have_text(told)

    copied = data_page("/data?find=churn")
    expect(copied.locator("#definitions-find")).to_have_value("churn")
    expect(copied.locator("#definitions-count")).to_have_text(told)


def test_a_link_leads_to_a_metric_its_cards_and_its_sql(data_page: Visit) -> None:
    page = data_page("/data#metric-completion_rate")
    metric = page.locator("#metric-completion_rate")
    expect(metric).to_be_in_viewport()
    expect(metric.get_by_role("link", name="Overview: Key figures")).to_be_visible()
    metric.get_by_role("link", name="completion_summary").click()
    sql = page.locator("#query-completion_summary pre")
    expect(sql).to_be_in_viewport()
    expect(sql).to_contain_text("completion_rate")
    metric.get_by_role("link", name="Overview: Key figures").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How are we doing?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_usable_on_a_phone(data_page: Visit, scheme: str) -> None:
    page = data_page(width=390, height=844, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#table-plays summary").click()
    page.locator("#builds").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
