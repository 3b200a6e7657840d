"""Viewing patterns: options in the address, and marks that filter everything."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from definitions.values import WEEKDAYS
from tests.browser.overview import Overview

Visit = Callable[..., Overview]
TREND, HOURS, WEEKDAY, MOVED = "#viewing-trend", "#viewing-hours", "#viewing-weekdays", "#viewing-moved"


def click_in_plot(page: Page, card: str, across: float, down: float) -> None:
    """Click a card's plot at a share of its width and height."""
    area = page.locator(f"{card} .nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    # Plotly says what is under the pointer before it takes a click.
    expect(page.locator(f"{card} .hoverlayer .hovertext").first).to_be_visible()
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])


def test_an_option_stands_in_the_address_and_comes_back(visit: Visit) -> None:
    overview = visit("/viewing?period=last-90-days")
    page, measure = overview.page, overview.page.locator(f"{TREND} [data-option=trend_measure]")
    measure.select_option("plays")
    expect(page.locator(f"{TREND} h2")).to_contain_text("Plays")
    assert overview.settled().search == "?period=last-90-days&trend_measure=plays"
    page.reload()
    expect(measure).to_have_value("plays")
    expect(page.locator(f"{TREND} h2")).to_contain_text("Plays")
    overview.settled().page.go_back()
    expect(measure).to_have_value("watch_hours")
    expect(page.locator(f"{TREND} h2")).to_contain_text("Watch time")


def test_an_option_asks_of_its_own_card_alone(visit: Visit) -> None:
    overview = visit("/viewing")
    asked: list[str] = []
    overview.page.on("request", lambda request: asked.append(request.post_data or ""))
    with overview.page.expect_response(lambda answer: "card-body" in (answer.request.post_data or "")):
        overview.page.locator(f"{HOURS} [data-option=hours_measure]").select_option("plays")
    overview.page.wait_for_load_state("networkidle")
    (of_card,) = [post for post in asked if "card-body" in post]
    assert "viewing-hours" in of_card


def test_the_information_follows_the_measure(visit: Visit) -> None:
    page = visit("/viewing?trend_measure=plays").page
    page.locator(f"{TREND} [aria-label^='About']").click()
    expect(page.locator(f"{TREND} .about")).to_contain_text("Playbacks of one title on one device")


def test_an_hour_of_the_week_filters_everything_and_is_undone(visit: Visit) -> None:
    overview = visit("/viewing?period=all")
    page = overview.page
    said = re.search(r"Busiest on (\w+) at (\d\d):00", page.locator(f"{HOURS} h2").inner_text())
    assert said is not None
    weekday, hour = said[1].lower(), int(said[2])
    before = page.locator(f"{TREND} h2").inner_text()
    click_in_plot(page, HOURS, (hour + 0.5) / 24, (WEEKDAYS.index(weekday) + 0.5) / 7)
    page.get_by_role("menuitem", name=f"Only {said[1]} {said[2]}:00").click()
    expect(overview.chips).to_have_text([f"Weekday: {said[1]}", f"Hour: {said[2]}:00"])
    assert overview.settled().search == f"?period=all&weekday={weekday}&hour={hour}"
    expect(page.locator(f"{TREND} h2")).not_to_have_text(before)
    page.get_by_role("button", name="Undo").click()
    expect(overview.chips).to_have_count(0)
    expect(overview.settled().page.locator(f"{TREND} h2")).to_have_text(before)


def test_a_bar_and_a_line_filter_by_what_they_stand_for(visit: Visit) -> None:
    overview = visit("/viewing?period=all&trend_by=device")
    page = overview.page
    click_in_plot(page, WEEKDAY, 0.5 / 7, 0.95)
    page.get_by_role("menuitem", name="Only Monday").click()
    expect(overview.chips).to_have_text(["Weekday: Monday"])
    overview.settled().page.go_back()
    expect(overview.chips).to_have_count(0)
    overview.settled()
    page.locator(f"{MOVED} [data-option=moved_by]").select_option("kind")
    page.locator(f"{TREND} [data-option=trend_by]").select_option("kind")
    overview.settled()
    expect(page.locator(f"{TREND} h2")).to_contain_text("Watch time")
    assert overview.search == "?period=all&moved_by=kind&trend_by=kind"


def test_a_group_of_a_change_can_be_chosen(visit: Visit) -> None:
    overview = visit("/viewing?period=last-90-days&moved_by=kind")
    overview.page.locator(f"{MOVED} .pick").first.click()
    overview.page.get_by_role("menuitem", name="Only").click()
    expect(overview.chips).to_have_count(1)
    expect(overview.chips).to_contain_text("Kind:")
