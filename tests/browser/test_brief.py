"""The brief for a cover: a genre is chosen, and the page is one sheet of paper."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.overview import Overview

Visit = Callable[..., Overview]


def test_the_brief_is_one_sheet_about_one_genre(visit_planted: Visit) -> None:
    overview = visit_planted("/artwork/brief?period=all&compare=none")
    page = overview.page
    covers = page.locator("#brief-covers")
    expect(covers.locator(".brief-covers li").first).to_be_visible()
    expect(page.locator("#brief-colours .palette-strip")).to_be_visible()
    expect(page.locator("#brief-features tbody tr").first).to_be_visible()
    before = covers.get_by_role("heading").inner_text()
    covers.get_by_label("Genre").select_option("drama")
    expect(covers.get_by_role("heading")).to_contain_text("drama")
    assert covers.get_by_role("heading").inner_text() != before
    assert "genre=drama" in overview.search
    # What the button does is the browser's; it is asked to.
    page.evaluate("() => { window.print = () => document.body.dataset.printed = 'yes' }")
    page.get_by_role("button", name="Print or save as PDF").click()
    expect(page.locator("body[data-printed]")).to_be_attached()
    # Two pages would have two objects of the type Page.
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))) == 1
    for width, scheme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, media="screen", reduced_motion="reduce")  # type: ignore[arg-type]
        assert serious(page) == [], f"{width} px, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
