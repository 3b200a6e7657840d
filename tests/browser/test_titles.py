"""Titles: search as you type, another definition of a view, a page of one series, and filters that are undone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.overview import Overview

Visit = Callable[..., Overview]
LEAGUE, RANKS = "#titles-league", "#titles-definitions"


def first_series(page: Page) -> str:
    """Return the name of the first series of the league."""
    return page.locator(f"{LEAGUE} .title-link[href^='/series/']").first.inner_text()


def test_a_title_is_found_as_its_name_is_typed(visit: Visit) -> None:
    overview = visit("/titles?period=all")
    page, rows = overview.page, overview.page.locator(f"{LEAGUE} tbody tr")
    shown = rows.count()
    name = first_series(page)
    rank = rows.filter(has_text=name).first.locator(".rank").inner_text()
    field = page.locator(f"{LEAGUE} input")
    field.press_sequentially(name.upper(), delay=20)
    expect(rows.first).to_contain_text(name)
    page.wait_for_url("**find_title=**")
    expect(field).to_be_focused()
    expect(rows).not_to_have_count(shown)
    # The rank is that among all.
    expect(rows.filter(has_text=name).first.locator(".rank")).to_have_text(rank)
    page.go_back()
    expect(field).to_have_value("")
    expect(rows).to_have_count(shown)


def test_another_definition_of_a_view_ranks_anew_and_stays_in_the_address(visit: Visit) -> None:
    overview = visit("/titles?period=all&league_measure=views")
    page = overview.page
    first = page.locator(f"{LEAGUE} [data-value]").first
    before = first.get_attribute("data-value") or ""
    page.locator(f"{LEAGUE} [data-option=view]").select_option("starts")
    expect(first).not_to_have_attribute("data-value", before)
    expect(page.locator(f"{RANKS} [data-option=view]")).to_have_value("starts")
    assert overview.settled().search == "?period=all&league_measure=views&view=starts"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"{LEAGUE} [data-option=view]")).to_have_value("plays")
    expect(first).to_have_attribute("data-value", before)


def test_a_name_opens_its_page_with_the_filters_and_back_returns(visit: Visit) -> None:
    overview = visit("/titles?period=all&not_device=mobile")
    page = overview.page
    name = first_series(page)
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.locator("main h1")).to_have_text(name)
    assert overview.search == "?period=all&not_device=mobile"
    expect(overview.chips).to_have_count(1)
    page.locator("#title-audience").scroll_into_view_if_needed()
    expect(page.locator("#title-audience tbody tr").first).to_be_visible()
    page.go_back()
    expect(page.locator(f"{LEAGUE} tbody tr").first).to_be_visible()
    expect(overview.chips).to_have_count(1)


def test_a_row_filters_everything_and_is_undone(visit: Visit) -> None:
    overview = visit("/titles?period=all")
    page = overview.page
    button = page.locator(f"{RANKS} .pick").first
    button.scroll_into_view_if_needed()
    name = button.inner_text()
    button.click()
    page.get_by_role("menuitem", name="Only").click()
    expect(overview.chips).to_have_text([f"Title: {name}"])
    expect(page.locator(f"{LEAGUE} tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(overview.chips).to_have_count(0)


def test_a_series_that_is_not_there_is_said_in_words(visit: Visit) -> None:
    expect(visit("/series/nothing").page.locator("main h1")).to_have_text("This series is not in the data")
