"""The page of a title: the timeline by pointer and by keys, its moments, a filter, and back."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.overview import Overview

TIMELINE = "#title-timeline"
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (390, "dark"))
FILM = "/titles/film-00003?period=all&compare=none"


@pytest.fixture
def open_title(visit_planted: Callable[..., Overview]) -> Callable[..., Overview]:
    def opened(path: str = FILM, **looks: Any) -> Overview:
        overview = visit_planted(path, **looks)
        overview.page.locator(TIMELINE).scroll_into_view_if_needed()
        return overview

    return opened


def test_a_moment_and_the_arrow_keys_point_at_their_place(open_title: Callable[..., Overview]) -> None:
    page = open_title().page
    tip = page.locator(f"{TIMELINE} .hoverlayer")
    moment = page.locator(".moment", has_text="Watched again").first
    moment.click()
    expect(tip).to_contain_text("played again")
    expect(page).to_have_url(page.url.partition("#")[0])
    page.locator(".timeline-figure").focus()
    page.locator(".timeline-figure").press("ArrowRight")
    expect(tip).to_contain_text("95 % interval")


def test_covers_are_drawn(open_title: Callable[..., Overview]) -> None:
    page = open_title().page
    poster = page.get_by_role("img", name="Cover of")
    expect(poster).to_have_js_property("naturalWidth", 20)
    # It takes its room before it is there.
    assert poster.evaluate("image => image.getBoundingClientRect().height") == 120
    page.goto(f"{page.url.partition('/titles')[0]}/titles?period=all")
    expect(page.locator(".league .cover").first).to_have_js_property("naturalWidth", 20)


def test_a_filter_shows_as_a_chip_and_is_undone(open_title: Callable[..., Overview]) -> None:
    overview = open_title()
    page = overview.page
    note = page.locator(f"{TIMELINE} .card-note").first
    expect(note).to_contain_text("plays are in it")
    before = note.inner_text()
    overview.choose("device", "TV")
    expect(overview.chips).to_have_count(1)
    expect(note).not_to_have_text(before)
    overview.settled().page.go_back()
    expect(note).to_have_text(before)
    expect(overview.chips).to_have_count(0)


def test_axe_finds_nothing_serious(open_title: Callable[..., Overview]) -> None:
    overview = open_title()
    page = overview.page
    page.locator(f"{TIMELINE} .js-plotly-plot").wait_for()
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert serious(overview.settled().page) == [], f"{width} px, {scheme}"


def test_a_title_that_is_not_there_is_said(visit_planted: Callable[..., Overview]) -> None:
    page = visit_planted("/titles/nowhere").page
    expect(page.locator("main h1")).to_have_text("This title is not in the data")
