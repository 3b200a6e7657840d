"""Explore over the real export: what it shows is in the link, and its files hold exactly that."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import browsers
from tests.browser.explore import Explore

Open = Callable[..., Explore]


@pytest.fixture
def explore(chromium: Browser, marquee_server: str) -> Iterator[Open]:
    """Open Explore in a browser of its own; afterwards nothing may have been complained of, or asked of other hosts."""
    with browsers(chromium, marquee_server) as new_page:

        def opened(search: str = "", **looks: Any) -> Explore:
            return Explore(new_page(**looks), marquee_server).go(search)

        yield opened


def test_a_state_made_by_hand_is_restored_by_reload_by_back_and_in_another_browser(explore: Open) -> None:
    one = explore("?period=all")
    one.choose_table("titles")
    assert one.search == "?period=all&table=titles"
    one.add_condition("name", "contains", "the")
    expect(one.chips).to_have_text(["name contains the"])
    one.toggle_columns("kind", "subtype")
    expect(one.head("kind")).to_have_count(0)
    one.head("name").click()
    expect(one.head("name")).to_have_attribute("aria-sort", "ascending")
    one.page.wait_for_url("**sort=name**")
    one.head("name").click()
    one.page.wait_for_url("**sort=-name**")
    expect(one.head("name")).to_have_attribute("aria-sort", "descending")
    assert len(one.search) < 500

    counted = one.count.inner_text()
    heads = one.heads.all_inner_texts()
    first = one.cells("name").first.inner_text()
    assert "kind" not in heads

    one.page.reload()
    other = explore(one.search)
    for shown in (one, other):
        expect(shown.count).to_have_text(counted)
        expect(shown.chips).to_have_text(["name contains the"])
        expect(shown.heads).to_have_text(heads)
        expect(shown.head("name")).to_have_attribute("aria-sort", "descending")
        expect(shown.cells("name").first).to_have_text(first)

    other.head("name").click()
    other.page.wait_for_url(lambda url: "sort" not in url)
    other.page.go_back()
    expect(other.head("name")).to_have_attribute("aria-sort", "descending")
    expect(other.cells("name").first).to_have_text(first)
    other.chips.first.click()
    expect(other.chips).to_have_count(0)
    assert "where" not in other.search


def test_the_file_holds_exactly_the_rows_counted(explore: Open, tmp_path: Path) -> None:
    page = explore("?period=all&column=play_id&column=watch_ms&sort=-watch_ms&where=watch_ms+at-least+600000")
    expect(page.count).not_to_be_empty()
    counted = int(page.count.inner_text().split()[0].replace(",", ""))
    expect(page.cells("play_id").first).to_be_visible()
    expect(page.cells("play_id").first).not_to_be_empty()
    shown = page.cells("play_id").first.inner_text()
    with page.page.expect_download() as downloading:
        page.page.get_by_role("link", name="CSV").click()
    downloading.value.save_as(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["play_id", "watch_ms"]
    assert len(rows) == counted
    assert rows[0]["play_id"] == shown
    assert min(int(row["watch_ms"]) for row in rows) >= 600_000


def test_rows_further_down_are_asked_for_as_they_are_reached(explore: Open) -> None:
    page = explore("?period=all&column=play_id&sort=play_id")
    expect(page.cells("play_id").first).not_to_be_empty()
    page.page.locator(".ag-body-viewport").evaluate("body => body.scrollTop = 150 * 32")
    href = page.page.get_by_role("link", name="CSV").get_attribute("href")
    lines = list(csv.reader(page.page.request.get(f"{page.address}{href}").text().splitlines()))
    expect(page.page.locator(".ag-row[row-index='150'] .ag-cell")).to_have_text(lines[1 + 150][0])


def test_keys_move_through_the_grid_and_sort_it(explore: Open) -> None:
    page = explore("?table=titles&column=title_id&column=name")
    expect(page.page.get_by_role("grid", name="Rows of titles")).to_be_visible()
    page.cells("title_id").first.click()
    page.page.keyboard.press("ArrowRight")
    expect(page.cells("name").first).to_be_focused()
    page.page.keyboard.press("ArrowUp")
    expect(page.head("name")).to_be_focused()
    page.page.keyboard.press("Enter")
    page.page.wait_for_url("**sort=name**")
    expect(page.head("name")).to_have_attribute("aria-sort", "ascending")
    expect(page.head("name")).to_be_focused()


def test_a_condition_that_cannot_be_read_is_told_and_changes_nothing(explore: Open) -> None:
    page = explore("?table=titles")
    page.add_condition("runtime_ms", "at-least", "long")
    expect(page.page.locator(".rows-editor .problem")).to_have_text("runtime_ms is a whole number; not «long».")
    assert page.search == "?table=titles"
    page.page.get_by_label("Value").fill("60000")
    page.page.get_by_role("button", name="Add condition").click()
    expect(page.chips).to_have_text(["runtime_ms ≥ 60,000"])
    expect(page.page.locator(".rows-editor .problem")).to_be_empty()


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([("table", 'plays"; drop table x; --')], 'There is no table «plays"; drop table x; --».'),
        ([("column", "<img src=x onerror=alert(1)>")], "plays has no column «<img src=x onerror=alert(1)>»."),
        ([("where", "watch_ms at-least 1 or 1=1")], "watch_ms is a whole number; not «1 or 1=1»."),
        ([("sort", "-nothing")], "plays has no column «nothing»."),
    ],
)
def test_a_hostile_link_shows_a_sentence_and_leads_on(
    explore: Open, pairs: list[tuple[str, str]], sentence: str
) -> None:
    page = explore("?" + urlencode(pairs))
    expect(page.page.locator(".state-unreadable")).to_contain_text(sentence)
    expect(page.page.locator(".rows-grid")).to_have_count(0)
    page.page.get_by_role("link", name="Show plays as it is").click()
    expect(page.page.locator(".rows-grid")).to_have_count(1)


def test_nothing_to_show_says_why(explore: Open) -> None:
    nothing = explore("?" + urlencode({"where": "play_id is nothing"}))
    expect(nothing.page.locator(".state-filtered-out")).to_contain_text("No row of plays matches.")
    assert nothing.count.inner_text().startswith("0 of ")
    lacking = explore("?table=impressions")
    expect(lacking.page.locator(".state-missing")).to_contain_text("impressions")
    expect(lacking.page.locator(".state-missing")).to_contain_text("does not have")


def test_rows_on_their_way_are_waited_for_in_words(explore: Open) -> None:
    waiting = "getComputedStyle(document.querySelector('.rows-grid'), '::after').content"
    one = explore()
    drawn = one.page.locator(".rows-grid:has([aria-label='Rows of plays'])")
    drawn.wait_for(state="attached")
    assert one.page.evaluate(waiting) == "none"
    held = []
    # The grid's rows are asked for and not given yet.
    one.page.route(
        lambda address: "_dash-update-component" in address,
        lambda route: (
            held.append(route) if '"getRowsRequest"' in (route.request.post_data or "") else route.continue_()
        ),
    )
    one.page.reload()
    one.page.locator(".rows-grid").wait_for(state="attached")
    assert one.page.evaluate(waiting) == '"Reading the rows …"'
    for route in held:
        route.continue_()
    one.page.unroute_all()
    drawn.wait_for(state="attached")
    assert one.page.evaluate(waiting) == "none"
