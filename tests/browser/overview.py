"""The Overview as tests read and use it."""

import json
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

# The longest that anything may take; nothing waits for so long where it works.
WAIT_MS = 60_000


class Overview:
    """One open Overview."""

    def __init__(self, page: Page, address: str) -> None:
        page.set_default_timeout(WAIT_MS)
        self.page = page
        self.address = address

    def go(self, path: str = "/") -> "Overview":
        """Open a path of the app and wait until its heading, and every card of the Overview, is there."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status in (200, 404)
        expect(self.page.locator("main h1").first).to_be_visible()
        if urlsplit(path).path == "/":
            expect(self.page.locator(".card-body")).to_have_count(4)
        return self.settled()

    def settled(self) -> "Overview":
        """Wait until no card waits for an answer, or for the frame in which its lines are drawn."""
        unanswered = ".card-body > .state-loading, .card-body[data-dash-is-loading], [data-waiting]"
        expect(self.page.locator(f"{unanswered}, .lines[data-figure]:not(:has(svg))")).to_have_count(0)
        return self

    @property
    def search(self) -> str:
        """The query string in the address bar."""
        return str(self.page.evaluate("location.search"))

    @property
    def key_figures(self) -> Locator:
        """The values of the key figures."""
        return self.page.locator(".kpi-value")

    @property
    def chips(self) -> Locator:
        """The chips of the filters in force."""
        return self.page.locator(".chips a")

    @property
    def summary(self) -> Locator:
        """The sentence that names the days looked at."""
        return self.page.locator("#filter-summary")

    def choose(self, dimension: str, label: str) -> None:
        """Tick one value in a filter's list and close the list."""
        self.page.locator(f"#filter-{dimension}").click()
        self.page.locator(".dash-dropdown-option", has_text=label).first.click()
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".dash-dropdown-content")).to_have_count(0)

    def show_as(self, card: str, view: str) -> None:
        """Choose how a card shows its data, in its menu."""
        self.page.locator(f"#{card} [aria-label^='Options for']").click()
        choice = self.page.locator(f"#{card} .menu-views").get_by_role("button", name=view)
        choice.click()
        expect(choice).to_have_attribute("aria-pressed", "true")
        self.page.keyboard.press("Escape")

    def pick(self, name: str, offer: str, *, within: str = "main") -> None:
        """Click a name and take one of the things that its menu offers."""
        self.page.locator(within).get_by_role("button", name=name, exact=True).click()
        self.page.get_by_role("menuitem", name=offer).click()

    def drawn(self, card: str) -> list[dict[str, Any]]:
        """The traces of a card's line chart."""
        chart = self.page.locator(f"#{card} .lines")
        expect(chart.locator("svg path").first).to_be_attached()
        return list(json.loads(chart.get_attribute("data-figure") or "")["data"])

    def colours(self, card: str) -> set[str]:
        """The colours of the lines that a card draws."""
        strokes = self.page.locator(f"#{card} .lines svg > g:not([class^=lines])")
        return {line.evaluate("line => getComputedStyle(line).stroke") for line in strokes.all()}
