"""Colour and audience, and Catalogue, in a browser: every card answers, a test has its verdict, and axe no doubts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.overview import Overview


@pytest.mark.parametrize(
    ("path", "cards", "told"),
    [
        ("/artwork/audience?period=all", 5, "variant B changed the take rate by +"),
        ("/artwork/catalogue?period=all", 4, "where groups have"),
    ],
)
def test_every_card_has_an_answer_that_anybody_can_read(
    visit_planted: Callable[..., Overview], path: str, cards: int, told: str
) -> None:
    page = visit_planted(path).page
    expect(page.locator(".panel")).to_have_count(cards)
    expect(page.locator(".state-loading")).to_have_count(0, timeout=60_000)
    expect(page.locator(".state-failed")).to_have_count(0)
    expect(page.get_by_role("heading", name=told)).to_be_visible()
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert serious(page) == []
