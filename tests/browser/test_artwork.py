"""Gallery and Compare over the demo world: found by colour, image and title, by key and pointer, in the address."""

import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.overview import Overview

Visit = Callable[..., Overview]
LOOKS = ((1440, "light"), (390, "dark"))
TILE = "#gallery .tile"


def image_of(colour: tuple[int, int, int]) -> bytes:
    written = BytesIO()
    Image.new("RGB", (20, 30), colour).save(written, "PNG")
    return written.getvalue()


def asked(overview: Overview, name: str) -> str:
    return parse_qs(overview.search.removeprefix("?")).get(name, [""])[0]


def assert_nothing_serious(page: Page) -> None:
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert serious(page) == [], f"{width} px, {scheme}"
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_gallery(visit_planted: Visit) -> None:
    overview = visit_planted("/artwork")
    page = overview.page
    tiles, status = page.locator(TILE), page.locator("#gallery-status")
    expect(tiles.first).to_be_visible()
    total = int(page.locator("#gallery").get_attribute("data-total") or "")
    expect(status).to_have_text(f"{total} covers")
    # Only what is on the screen is in the page, and what comes onto it when one scrolls.
    assert tiles.count() < total
    expect(page.locator("#filter-period")).to_be_hidden()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator(f'#gallery [aria-posinset="{total}"] .tile')
    expect(last).to_be_visible()
    assert tiles.count() < total
    assert_nothing_serious(page)

    # By key: one stop of the Tab key, from which arrows walk; Enter shows the cover.
    page.evaluate("scrollTo(0, 0)")
    page.locator('#gallery [aria-posinset="1"] .tile').focus()
    page.keyboard.press("End")
    expect(last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    second = page.locator('#gallery [aria-posinset="2"] .tile')
    expect(second).to_be_focused()
    assert page.locator(f"{TILE}[tabindex='0']").count() == 1
    name = page.locator('#gallery [aria-posinset="2"] .tile-name').inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#artwork-cover h2")).to_have_text(name)
    expect(second).to_be_focused()
    expect(page.locator(".cover-shown .palette li")).to_have_count(1)
    assert_nothing_serious(page)

    # Look-alikes, and two covers to compare, all of it in the address.
    order = page.get_by_label("Order of covers")
    page.get_by_role("button", name="Add to compare").click()
    page.get_by_role("button", name="Look-alikes").click()
    # What has the same image is not named again.
    like = name.partition(" and ")[0]
    expect(status).to_have_text(f"The 20 covers nearest to {like}, the nearest first")
    expect(tiles).to_have_count(20)
    assert order.evaluate("list => list.selectedOptions[0].text") == "Nearest first"
    tiles.first.click()
    expect(page.locator("#artwork-cover h2")).not_to_have_text(name)
    page.get_by_role("button", name="Add to compare").click()
    expect(page.get_by_role("link", name="Compare 2 covers")).to_be_visible()
    page.locator("#sought").get_by_role("link", name=like).click()
    expect(page.locator("#artwork-cover h2")).to_have_text(name)
    page.reload()
    expect(tiles).to_have_count(20)
    expect(page.get_by_role("link", name="Compare 2 covers")).to_be_visible()
    page.get_by_role("button", name="Show all again").click()
    expect(status).to_have_text(f"{total} covers")
    expect(order).to_have_value("hue")

    # Of the filters there are the kinds that covers have; what leaves none is named.
    page.locator("#filter-kind").click()
    expect(page.locator(".dash-dropdown-option")).to_have_text(["Films", "Series"], use_inner_text=True)
    page.keyboard.press("Escape")
    overview.go("/artwork?kind=series&genre=zzz&country=XX")
    expect(page.locator("#gallery .state-title")).to_have_text("There is no genre «zzz» in these data.")
    expect(overview.chips.first).to_have_text("Country: XX · does nothing here")
    assert_nothing_serious(page)


def test_covers_are_looked_for(visit_planted: Visit) -> None:
    overview = visit_planted("/artwork")
    page = overview.page
    tiles, status = page.locator(TILE), page.locator("#gallery-status")
    # The covers of this world are flat, of (number % 256, number ÷ 256, 90): from navy to a reddish purple.
    page.get_by_role("button", name="Look for purple").click()
    expect(status).to_contain_text("with some of it, most first")
    assert asked(overview, "colours") == "6a35a0:50"
    best = tiles.first.get_attribute("data-cover")
    page.get_by_role("button", name="Look for black").click()
    page.get_by_label("Weight of #6a35a0").fill("90")
    expect(page.locator(".colour-chip")).to_have_count(2)
    assert asked(overview, "colours") == "6a35a0:90,0d0d0d:50"
    assert_nothing_serious(page)
    page.reload()
    expect(page.get_by_label("Weight of #6a35a0")).to_have_value("90")
    expect(page.get_by_role("button", name="Look for black")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Leave out #0d0d0d").click()
    expect(tiles.first).to_have_attribute("data-cover", best or "")
    page.get_by_role("button", name="Leave out #6a35a0").click()

    # An image: what is like it, and plain words for what is none.
    page.locator("#image-file").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": image_of((100, 0, 90))}
    )
    expect(status).to_have_text("The 20 covers nearest to mine.png, the nearest first")
    expect(tiles.first).to_contain_text("0.0 away")
    expect(page.get_by_alt_text("The image chosen, mine.png")).to_be_visible()
    assert_nothing_serious(page)
    tiles.first.click()
    expect(page.locator(".cover-shown")).to_be_visible()
    expect(status).to_have_text("The 20 covers nearest to mine.png, the nearest first")
    page.locator("#image-file").set_input_files(
        {"name": "large.png", "mimeType": "image/png", "buffer": bytes(20_000_001)}
    )
    # Nothing of what was found before is left beside it.
    expect(page.locator("#gallery .state-failed")).to_contain_text("large.png is larger than 20 MB")
    expect(page.locator("#sought")).to_be_empty()
    expect(tiles).to_have_count(0)
    assert_nothing_serious(page)
    page.get_by_role("button", name="Show all again").click()

    # By title, and on the map.
    page.keyboard.press("Escape")
    page.get_by_placeholder("Find a title").fill("the")
    expect(status).to_contain_text(" of ")
    for found in page.locator(".tile-name").all_inner_texts():
        assert "the" in found.lower()
    page.get_by_placeholder("Find a title").fill("")
    page.get_by_label("Order of covers").select_option("map")
    region = page.get_by_role("region", name="Map of covers: alike is near")
    expect(region.locator(".tile").first).to_be_visible()
    assert_nothing_serious(page)
    page.get_by_role("button", name="Zoom in").click()
    region.locator(".tile").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".cover-shown")).to_be_visible()
    assert asked(overview, "cover_order") == "map"


def test_the_map_is_whole_at_first_and_its_part_is_in_the_address(visit_planted: Visit) -> None:
    overview = visit_planted("/artwork?cover_order=map", width=390)
    page = overview.page
    region = page.get_by_role("region", name="Map of covers: alike is near")
    expect(region.locator(".tile").first).to_be_visible()
    # Every cover is shown or counted, and nothing of it lies outside of its window.
    total = int(page.locator("#gallery").get_attribute("data-total") or "")
    others = sum(int(text.removeprefix("+")) for text in region.locator(".tile-others").all_inner_texts())
    assert region.locator(".tile").count() + others == total
    assert region.evaluate("map => [map.scrollWidth - map.clientWidth, map.scrollHeight - map.clientHeight]") == [0, 0]

    page.get_by_role("button", name="Zoom in").click()
    expect(page).to_have_url(re.compile("map_part=1_50.00_50.00"))
    # Held by the mouse and moved by a quarter of the window, it moves by an eighth of the map; nothing is chosen.
    box = region.bounding_box()
    assert box is not None
    middle_x, middle_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(middle_x, middle_y)
    page.mouse.down()
    page.mouse.move(middle_x - box["width"] / 4, middle_y, steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"map_part=1_6[23]\.\d+_50"))
    assert asked(overview, "cover") == ""
    moved = region.evaluate("map => map.scrollLeft")
    page.reload()
    expect(region.locator(".tile").first).to_be_visible()
    assert region.evaluate("map => map.scrollLeft") == pytest.approx(moved, abs=1)
    region.focus()
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile("map_part"))
    page.go_back()
    expect(page).not_to_have_url(re.compile("artwork"))


def test_compare(visit_planted: Visit) -> None:
    overview = visit_planted("/artwork/compare")
    page = overview.page
    expect(page.locator("#compare-suggestions a").first).to_be_visible()
    expect(page.locator("#compare-bins")).to_contain_text("Choose two to four covers above.")
    expect(page.locator("#compare-shelf")).to_be_hidden()
    assert_nothing_serious(page)
    # Found by typing, added by key.
    field = page.get_by_role("combobox", name="Add a cover by its title")
    for count, letters in ((1, "a"), (2, "e")):
        field.fill(letters)
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(".compared-cover")).to_have_count(count)
    overview.settled()
    assert len(asked(overview, "covers").split(",")) == 2
    expect(page.locator("#compare-distances tbody tr")).to_have_count(1)
    expect(page.locator("#compare-distances h2")).to_contain_text("more alike than")
    expect(page.locator("#compare-features .feature")).to_have_count(7)
    expect(page.locator("#compare-shelf .shelf li").first).to_be_visible()
    assert_nothing_serious(page)
    page.reload()
    expect(page.locator(".compared-cover")).to_have_count(2)
    page.locator("[data-compare-remove]").first.click()
    expect(page.locator(".compared-cover")).to_have_count(1)
    expect(page.locator("#compare-distances")).to_contain_text("Add another cover to compare it with.")
