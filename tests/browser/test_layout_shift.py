"""Nothing jumps while a page is loaded."""

from collections.abc import Callable

import pytest

from tests.browser.overview import Overview

# What web.dev calls good: https://web.dev/articles/cls
MAX_LAYOUT_SHIFT = 0.1
OBSERVE = """
    window.shifts = [];
    const moved = ({ node, previousRect, currentRect }) =>
        `${node?.id || node?.className || node?.nodeName} from ${previousRect.top} to ${currentRect.top}`;
    new PerformanceObserver((list) =>
        list.getEntries().forEach(({ value, sources }) => window.shifts.push([value, sources.map(moved)])),
    ).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
@pytest.mark.parametrize(
    ("path", "last_part"), [("/", ".ranking"), ("/viewing", ".effects"), ("/explore", ".ag-row"), ("/data", "main dl")]
)
def test_a_page_keeps_its_place_while_it_loads(
    visit: Callable[..., Overview], path: str, last_part: str, width: int, height: int
) -> None:
    page = visit("/nowhere", width=width, height=height).page
    page.add_init_script(OBSERVE)
    page.goto(page.url.removesuffix("/nowhere") + path)
    page.locator(last_part).first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < MAX_LAYOUT_SHIFT, shifts


def test_settings_that_do_nothing_on_a_page_are_not_offered(visit: Callable[..., Overview]) -> None:
    page = visit("/explore").page
    assert page.locator("#filter-period").is_visible()
    assert not page.locator("#filter-compare").is_visible()
    page.get_by_role("link", name="Overview", exact=True).click()
    page.locator("#filter-compare").wait_for(state="visible")


def test_a_period_that_is_not_understood_can_be_set_to_the_default(visit: Callable[..., Overview]) -> None:
    page = visit("/explore?period=banana").page
    page.locator("#messages .problem").wait_for()
    assert page.locator("#filter-period").evaluate("select => select.selectedOptions[0].text") == "Not understood"
    page.locator("#filter-period").select_option("last-28-days")
    page.locator("#messages .problem").wait_for(state="detached")
    assert page.evaluate("location.search") == ""
