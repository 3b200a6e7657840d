"""One click filters: only this, without this, its rows; the address keeps what was chosen, and Undo takes it back."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.overview import Overview

Visit = Callable[..., Overview]
MOVED, TITLES, TREND = "#overview-moved", "#overview-titles", "#overview-watch-time"


def test_a_group_can_be_chosen_left_out_and_undone(visit: Visit) -> None:
    overview = visit("/?period=last-90-days")
    name = overview.page.locator(f"{MOVED} .pick").first.inner_text()
    undo = overview.page.get_by_role("button", name="Undo")
    expect(undo).to_be_hidden()

    overview.pick(name, f"Only {name}", within=MOVED)
    expect(overview.chips).to_have_count(1)
    expect(overview.chips).to_contain_text(name)
    chosen = overview.settled().search
    assert chosen.startswith("?period=last-90-days&")

    undo.click()
    expect(overview.chips).to_have_count(0)
    expect(undo).to_be_hidden()
    overview.settled().pick(name, f"Without {name}", within=MOVED)
    expect(overview.chips).to_contain_text(f"not {name}")
    overview.page.reload()
    expect(overview.chips).to_contain_text(f"not {name}")
    # Dash takes it amiss when a page is left before its first answers are there.
    overview.settled().page.go_back()
    expect(overview.chips).to_have_count(0)


def test_a_title_filters_every_card_by_its_name(visit: Visit) -> None:
    overview = visit("/?period=last-90-days")
    before = overview.key_figures.first.inner_text()
    row = overview.page.locator(f"{TITLES} tbody tr").first
    name, hours = row.locator(".pick").inner_text(), row.locator("td.number").first.inner_text()
    # Anywhere on the row is on its bar.
    row.locator("td.number").first.click()
    overview.page.get_by_role("menuitem", name=f"Only {name}").click()
    expect(overview.chips).to_have_text([f"Title: {name}"])
    expect(overview.settled().key_figures.first).to_have_text(hours)
    assert before != hours


def test_a_point_of_a_line_chooses_its_days_by_pointer_and_by_keyboard(visit: Visit) -> None:
    overview = visit("/?period=last-7-days")
    page, chart = overview.page, overview.page.locator(f"{TREND} .lines")
    chart.click(position={"x": 60, "y": 150})
    page.get_by_role("menuitem", name="Only 13 Jun 2023").click()
    expect(overview.summary).to_contain_text("13 Jun 2023")
    assert overview.search == "?start_day=2023-06-13&end_day=2023-06-14"

    page.go_back()
    expect(overview.summary).to_contain_text("13 – 19 Jun 2023")
    overview.settled()
    chart.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    offer = page.get_by_role("menuitem", name="Only 19 Jun 2023")
    expect(offer).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(chart).to_be_focused()


def test_the_point_reached_by_keys_stays_when_the_chart_is_drawn_anew_or_the_pointer_moves(visit: Visit) -> None:
    overview = visit("/?period=last-7-days")
    page, chart = overview.page, overview.page.locator(f"{TREND} .lines")
    chart.focus()
    page.keyboard.press("ArrowLeft")
    told = chart.locator(".lines-tip")
    expect(told).to_contain_text("19 Jun")
    page.mouse.move(5, 5)
    # Another size is another drawing.
    drawn = chart.locator("svg").element_handle()
    page.set_viewport_size({"width": 1100, "height": 900})
    page.wait_for_function("drawn => !drawn.isConnected", arg=drawn)
    expect(told).to_contain_text("19 Jun")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Only 19 Jun 2023")).to_be_focused()


def test_the_focus_comes_back_to_a_figure_that_was_drawn_anew_behind_the_menu(visit: Visit) -> None:
    overview = visit("/?period=last-7-days")
    page, chart = overview.settled().page, overview.page.locator(f"{TREND} .lines")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if "overview-watch-time" in (route.request.post_data or "") else route.continue_()

    page.route(re.compile("update-component"), hold)
    page.evaluate("window.marquee.goTo('period=last-28-days')")
    expect(overview.summary).to_contain_text("23 May")
    chart.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Only 19 Jun 2023")).to_be_focused()
    with page.expect_response(lambda response: "overview-watch-time" in (response.request.post_data or "")):
        held.pop().continue_()
    expect(page.locator(TREND)).to_contain_text("23 May")
    page.keyboard.press("Escape")
    expect(chart).to_be_focused()


def test_a_row_of_the_table_view_filters_too_and_the_view_stays_in_the_address(visit: Visit) -> None:
    overview = visit("/?period=last-90-days")
    overview.show_as("overview-moved", "Table")
    assert overview.search == "?period=last-90-days&show=overview-moved.table"
    name = overview.page.locator(f"{MOVED} .pick").first.inner_text()
    overview.pick(name, f"Without {name}", within=MOVED)
    expect(overview.chips).to_have_count(1)
    copied = visit(f"/{overview.search}")
    expect(copied.page.locator(f"{MOVED} .data-table")).to_be_visible()
    expect(copied.page.locator(f"{TITLES} .ranking")).to_be_visible()


def test_the_rows_behind_a_mark_open_under_the_same_filters(visit: Visit) -> None:
    overview = visit("/?period=last-90-days")
    name = overview.page.locator(f"{TITLES} .pick").first.inner_text()
    overview.pick(name, "Open the rows", within=TITLES)
    expect(overview.page).to_have_title("Explore & export · Marquee")
    address = urlsplit(overview.page.url)
    asked = parse_qs(address.query)
    assert (address.path, asked["table"], asked["period"]) == ("/explore", ["plays"], ["last-90-days"])
    expect(overview.chips).to_have_text([f"Title: {name}"])


def test_the_focus_stays_in_a_card_that_is_drawn_anew(visit: Visit) -> None:
    page = visit("/?period=last-90-days").page
    menu = page.locator(f"{MOVED} [aria-label^='Options for']")
    menu.focus()
    page.keyboard.press("Enter")
    choice = page.locator(f"{MOVED} .menu-views").get_by_role("button", name="Table")
    choice.focus()
    page.keyboard.press("Enter")
    expect(choice).to_have_attribute("aria-pressed", "true")
    expect(choice).to_be_focused()


def test_the_menu_is_walked_by_keyboard_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("/?period=last-90-days").page
    name = page.locator(f"{MOVED} .pick").first
    name.focus()
    page.keyboard.press("Enter")
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(items.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(name).to_be_focused()


@pytest.mark.parametrize("search", ["?device=tv&device=mobile", "?not_device=tv"])
def test_ordinary_states_make_short_addresses(visit: Visit, search: str) -> None:
    overview = visit(f"/{search}&period=last-12-months&compare=year&country=IN&kind=film&show=overview-titles.table")
    assert overview.search.count("&") == 5 + search.count("&")
    assert len(overview.search) < 500
