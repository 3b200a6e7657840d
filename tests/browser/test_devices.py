"""Devices & places: a country, a device and a set filter everything, by click and by keyboard."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.overview import Overview
from tests.browser.test_viewing import click_in_plot

Visit = Callable[..., Overview]
MAP, SETS, GROUPS = "#places-map", "#devices-sets", "#devices-groups"


def test_a_country_filters_everything_by_keyboard_and_is_undone(visit: Visit) -> None:
    overview = visit("/devices?period=all")
    page = overview.page
    country = page.locator(f"{MAP} path[role=button]").first
    country.scroll_into_view_if_needed()
    name, place = country.get_attribute("data-pick-label"), country.get_attribute("data-pick")
    country.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name=f"Only {name}").click()
    expect(overview.chips).to_have_text([f"Watched in: {name}"])
    assert overview.search == f"?period=all&{place}"
    page.locator(MAP).scroll_into_view_if_needed()
    expect(page.locator(f"{MAP} path[role=button]")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(overview.chips).to_have_count(0)
    assert overview.search == "?period=all"


def test_a_set_of_devices_and_a_device_filter_everything(visit: Visit) -> None:
    overview = visit("/devices?period=all")
    page = overview.page
    page.locator(SETS).scroll_into_view_if_needed()
    # The largest set is the first bar.
    click_in_plot(page, SETS, 0.12, 0.5)
    page.get_by_role("menuitem", name="Only").click()
    expect(overview.chips).to_have_count(1)
    assert overview.search.startswith("?period=all&device=")
    overview.settled().page.go_back()
    expect(overview.chips).to_have_count(0)
    overview.settled().page.locator(GROUPS).scroll_into_view_if_needed()
    name = page.locator(f"{GROUPS} .pick").first.inner_text()
    page.locator(f"{GROUPS} .pick").first.click()
    page.get_by_role("menuitem", name=f"Without {name}").click()
    expect(overview.chips).to_have_text([f"Device: not {name}"])


def test_what_the_source_does_not_tell_is_said(visit: Visit) -> None:
    page = visit("/devices?devices_by=app_version").page
    expect(page.locator(f"{GROUPS} .state-missing")).to_contain_text("needs plays.app_version")
