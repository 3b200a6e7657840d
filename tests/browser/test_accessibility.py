"""What axe-core finds on every page, in both themes, and that every control can be reached and seen by keyboard."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.overview import Overview

Visit = Callable[..., Overview]
PAGES = (
    "/",
    "/?show=overview-titles.table&show=overview-moved.sql&kind=film",
    "/?device=toaster",
    "/viewing?trend_by=device&show=viewing-hours.table&weekday=monday",
    "/devices?period=all",
    "/titles/no-such-title",
    "/titles?league_measure=views&view=hours",
    "/explore",
    "/data",
    "/connect",
    "/nowhere",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Contrast goes by the scheme, order and names by the width: each is seen once, in half the time of all four.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (390, "dark"))
# What a person can use, apart from what is not shown.
CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']"


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(visit: Visit, path: str) -> None:
    page = visit(path).page
    page.wait_for_load_state("networkidle")
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        # Without motion, so that no colour is caught half-way from one theme to the other.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert serious(page) == [], f"{width} px, {scheme}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious_in_what_opens(visit: Visit, scheme: str) -> None:
    overview = visit("/?period=last-90-days", scheme=scheme)
    page = overview.page
    page.get_by_label("About Completion rate").click()
    page.locator("#kpi-completion_rate .about dl").wait_for()
    assert serious(page) == []
    page.locator("#overview-titles [aria-label^='Options for']").click()
    assert serious(page) == []
    page.locator("#overview-moved .pick").first.click()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.locator("#filter-kind").click()
    page.locator(".dash-dropdown-search").wait_for()
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Help").click()
    assert serious(page) == []


def test_the_grid_is_one_stop_and_walked_by_arrows(visit: Visit) -> None:
    page = visit("/explore").page
    first = page.locator(".ag-row[row-index='0'] .ag-cell").first
    # The grid's scripts come only with the first grid, and rows on their way are laid out anew when they come.
    expect(first).not_to_have_text("")
    page.wait_for_load_state("networkidle")
    first.click()
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focused = page.locator(".ag-cell:focus")
    expect(focused).to_have_attribute("aria-colindex", "2")
    expect(focused.locator("xpath=..")).to_have_attribute("row-index", "1")


@pytest.mark.parametrize("path", ["/", "/viewing", "/explore", "/data"])
def test_every_control_is_reached_by_keyboard_and_shows_its_focus(visit: Visit, path: str) -> None:
    page = visit(path).page
    page.wait_for_load_state("networkidle")
    wanted = page.evaluate(
        """(controls) => {
            const shown = [...document.querySelectorAll(controls)].filter((control) =>
                control.checkVisibility({ visibilityProperty: true }) && !control.disabled
                && (control.tabIndex >= 0 || control.matches("button.dash-dropdown"))
                // It hands the focus on to the button.
                && !control.matches(".dash-dropdown-focus-target")
                && control.type !== "radio" && !control.closest(".ag-root-wrapper"));
            shown.forEach((control, i) => (control.dataset.wanted = i));
            return shown.length;
        }""",
        CONTROLS,
    )
    reached: set[str] = set()
    unseen: list[str] = []
    for _ in range(wanted * 2):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
                const control = document.activeElement;
                const style = getComputedStyle(control);
                const marked = [control, control.closest("label"), control.parentElement].filter(Boolean);
                const seen = marked.some((part) => getComputedStyle(part).outlineStyle !== "none"
                    || getComputedStyle(part).boxShadow !== "none");
                return { wanted: control.dataset.wanted ?? null, seen, name: control.outerHTML.slice(0, 120) };
            }"""
        )
        if at["wanted"] is not None:
            reached.add(at["wanted"])
            if not at["seen"]:
                unseen.append(at["name"])
        if len(reached) == wanted:
            break
    left = page.evaluate(
        "(reached) => [...document.querySelectorAll('[data-wanted]')]"
        ".filter((control) => !reached.includes(control.dataset.wanted))"
        ".map((control) => control.outerHTML.slice(0, 120))",
        sorted(reached),
    )
    assert left == []
    assert unseen == []
