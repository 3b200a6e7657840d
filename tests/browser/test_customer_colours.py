"""Customers' colours: an account is typed, another is compared, days are changed; by keyboard, and as axe sees it."""

from collections.abc import Callable

from playwright.sync_api import expect

from queries.db import Warehouse
from queries.run import select
from tests.browser.axe import serious
from tests.browser.overview import Overview
from tests.conftest import MadeOnce
from tests.queries.demo_worlds import SEED, write_world

Visit = Callable[..., Overview]
AVERAGE, COMPARED, DISTANCE = "#customers-average", "#customers-compared", "#customers-distance"
LOOKS = ((1440, "light"), (390, "dark"))


def test_an_account_is_looked_at_and_compared(visit_planted: Visit, made_once: MadeOnce) -> None:
    world = made_once("planted-world", lambda folder: write_world(folder, SEED))
    accounts = select(
        "select account_id from account_colours order by watch_ms desc, account_id limit 2",
        Warehouse(world / "warehouse").current(),
    ).to_pydict()["account_id"]
    overview = visit_planted("/artwork/customers?period=last-90-days")
    page = overview.settled().page
    title = page.locator(f"{AVERAGE} h2")
    expect(title).to_contain_text("Everybody: ")
    expect(page.locator(f"{AVERAGE} .palette li").first).to_contain_text("#")
    expect(page.locator(f"{COMPARED} .state-title")).to_contain_text("Name an account")

    # By keyboard: into the field, and on to the number of days.
    account = page.locator(f"{AVERAGE} [data-typed-option=colour_account] input")
    account.focus()
    page.keyboard.type("nobody-of-that-name")
    expect(page.locator(f"{AVERAGE} .state-title")).to_have_text(
        "Nothing matches account «nobody-of-that-name» in these days."
    )
    page.keyboard.press("Control+a")
    page.keyboard.type(accounts[0])
    expect(title).to_contain_text(f"{accounts[0]}: ")
    expect(page.locator(f"{DISTANCE} h2")).to_contain_text(f"{accounts[0]} and Everybody: ")
    page.keyboard.press("Tab")
    page.keyboard.type("7")
    expect(page.locator(f"{AVERAGE} .card-note").last).to_contain_text("in the last 7 days")
    page.keyboard.press("Control+a")
    page.keyboard.type("0")
    expect(page.get_by_text("Last N days is a whole number from 1 to 3650")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_text("Last N days is a whole number from 1 to 3650")).to_be_hidden()
    expect(page.locator(f"{AVERAGE} .card-note").last).to_contain_text("in the last 90 days")

    page.locator(f"{COMPARED} [data-typed-option=other_account] input").fill(accounts[1])
    expect(page.locator(f"{DISTANCE} h2")).to_contain_text(f"{accounts[0]} and {accounts[1]}: ")
    expect(page.locator(f"{DISTANCE} tbody tr")).to_have_count(3)
    assert f"colour_account={accounts[0]}&other_account={accounts[1]}" in overview.settled().search
    # The address is all of it.
    page.reload()
    expect(page.locator(f"{DISTANCE} h2")).to_contain_text(f"{accounts[0]} and {accounts[1]}: ")
    expect(account).to_have_value(accounts[0])
    page.locator(f"{AVERAGE} [data-option=colours_by]").select_option("country")
    expect(page.locator(f"{AVERAGE} .average-colours section")).to_have_count(1)
    account.fill("")
    expect(page.locator(f"{AVERAGE} .average-colours section").nth(1)).to_be_visible()

    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert serious(overview.settled().page) == [], f"{width} px, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
