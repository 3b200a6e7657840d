"""A long page asks first for what is near the screen, and for all of it in the end."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.overview import Overview

Visit = Callable[..., Overview]
CARD = re.compile(r'"card":\s*"([a-z-]+)"')
WAITING = "[data-waiting]"


def cards_asked(page: Page) -> list[str]:
    """Return a list to which the cards are added that the page asks for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        card = _card_of(request)
        if card:
            asked.append(card)

    page.on("request", note)
    return asked


def cards_of(page: Page) -> list[str]:
    """Return the cards of a page, from its top."""
    return [str(panel.get_attribute("id")) for panel in page.locator(".cards > .panel").all()]


def test_a_change_asks_for_every_card_once_and_first_for_those_near_the_screen(visit: Visit) -> None:
    overview = visit("/viewing")
    asked = cards_asked(overview.page)
    declared = cards_of(overview.page)
    with overview.page.expect_response(lambda answer: _card_of(answer.request) == declared[0]):
        overview.choose("kind", "Films")
    overview.settled()
    assert sorted(asked) == sorted(declared)
    # 900 px and half as many more show the first four and no more than half of the page.
    assert set(asked[:4]) == set(declared[:4])
    assert set(declared[-4:]) <= set(asked[8:])


def test_what_is_scrolled_to_is_asked_at_once(visit: Visit) -> None:
    overview = visit("/viewing")
    page = overview.page
    last = cards_of(page)[-1]

    def hold_all_but_the_last(route: Route) -> None:
        # The others are let go when nothing is held any more (unroute).
        if _card_of(route.request) in (None, last):
            route.continue_()

    page.route("**/_dash-update-component*", hold_all_but_the_last)
    overview.choose("kind", "Films")
    expect(page.locator(f"#{last}{WAITING}")).to_be_attached()
    with page.expect_response(lambda answer: _card_of(answer.request) == last):
        page.locator(f"#{last}").scroll_into_view_if_needed()
    expect(page.locator(f"#{last}{WAITING}")).to_have_count(0)
    page.unroute("**/_dash-update-component*")
    overview.settled()


def _card_of(request: Request) -> str | None:
    post = request.post_data or ""
    found = CARD.search(post) if "card-body" in post else None
    return found[1] if found else None


def test_a_page_whose_filters_change_before_it_is_laid_out_is_laid_out_with_them(visit: Visit) -> None:
    page = visit("/data").page
    held: list[Route] = []

    def hold_the_first_layout(route: Route) -> None:
        if "_pages_content" in (route.request.post_data or "") and not held:
            held.append(route)
            page.evaluate("window.marquee.goTo('kind=film')")
        else:
            route.continue_()

    page.route("**/_dash-update-component*", hold_the_first_layout)
    page.goto(page.url.replace("/data", "/"))
    expect(page.locator(".chips a")).to_have_text(["Kind: Films"])
    page.unroute("**/_dash-update-component*")
    expect(page.locator("main h1")).to_have_text("How are we doing?")
    expect(page).to_have_title("Overview · Marquee")
