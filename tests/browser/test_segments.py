"""Segments: saved from rows, shown by their link, waited for, and gone when they are deleted."""

import csv
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from definitions.segments import Segment, delete_segment, saved_segments, segment_folder
from tests.browser.axe import serious
from tests.browser.conftest import ROOT, browsers, served
from tests.browser.explore import Explore
from tests.browser.overview import Overview

NAME = "In <i>India</i>"


@pytest.fixture(scope="module")
def warehouse(small_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse to save segments in: 14 accounts, 3 of whom are in India."""
    folder = tmp_path_factory.mktemp("segments") / "warehouse"
    return Path(shutil.copytree(small_warehouse, folder, copy_function=os.link))


@pytest.fixture(scope="module")
def address(warehouse: Path) -> Iterator[str]:
    """The address of the app over that warehouse."""
    log = warehouse.parent / "gunicorn.log"
    with served(ROOT, warehouse, log) as served_at:
        yield served_at
    assert "ERROR" not in log.read_text(encoding="utf-8")


@pytest.fixture
def new_page(chromium: Browser, address: str, warehouse: Path) -> Iterator[Callable[..., Page]]:
    """Open browsers; afterwards none may have complained, or asked other hosts, and no segment is left."""
    with browsers(chromium, address) as opened:
        yield opened
    for segment in saved_segments(warehouse):
        delete_segment(warehouse, segment.id)


def rows_of(page: Page, path: str) -> list[dict[str, str]]:
    answer = page.request.get(path)
    assert answer.ok
    return list(csv.DictReader(answer.text().splitlines()))


def value_of(page: Page, metric: str) -> float:
    return float(page.locator(f"#kpi-{metric} .kpi-value").get_attribute("data-value") or "")


def save_from_explore(page: Page, address: str) -> None:
    """Save those in India, from Explore's rows, and leave open what says so."""
    explore = Explore(page, address).go("?table=accounts")
    explore.add_condition("country", "is", "IN")
    expect(explore.count).to_have_text("3 of 14 rows")
    page.get_by_role("button", name="Save as a segment…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text("Save these 3 accounts as a segment")
    expect(dialog.get_by_label("Name")).to_be_focused()
    assert serious(page) == []
    dialog.get_by_label("Name").fill(NAME)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading")).to_have_text(f"«{NAME}» is saved")


def test_saved_shown_shared_and_deleted(new_page: Callable[..., Page], address: str) -> None:
    page = new_page()
    save_from_explore(page, address)
    page.get_by_role("link", name="Open the Overview with it").click()
    overview = Overview(page, address)
    expect(overview.chips).to_have_text([f"Segment: {NAME}"])
    expect(page.get_by_text(f"«{NAME}» is being prepared for these data.").first).to_be_visible()
    assert serious(page) == []
    expect(overview.key_figures.first).to_be_visible()
    link = f"/{overview.search}"

    # By hand: the plays of Explore's rows, of those of the accounts alone.
    other = Overview(new_page(width=390, height=844, scheme="dark"), address).go(f"{link}&period=all")
    in_india = rows_of(page, f"{address}/export/rows/accounts.csv?where=country+is+IN")
    accounts = {row["account_id"] for row in in_india}
    every_play = rows_of(page, f"{address}/export/rows/plays.csv?period=all")
    plays = [row for row in every_play if row["account_id"] in accounts]
    assert 0 < len(plays) < len(every_play)
    assert value_of(other.page, "plays") == len(plays)
    assert value_of(other.page, "watch_hours") == pytest.approx(sum(int(row["watch_ms"]) for row in plays) / 3_600_000)
    expect(other.chips).to_have_text([f"Segment: {NAME}"])
    expect(other.page.locator("#open-filters")).to_have_text("Filters (1)")
    # Explore, and every file, is of the segment, too.
    of_segment = rows_of(page, f"{address}/export/rows/plays.csv{link[1:]}&period=all")
    assert of_segment == plays

    segments = new_page()
    segments.goto(f"{address}/data#segments")
    listed = segments.get_by_role("region", name="Segments")
    expect(listed.get_by_role("row").last.get_by_role("cell").first).to_have_text("3")
    expect(listed).to_contain_text("rows of accounts; country = IN; these accounts, for good")
    expect(listed).to_contain_text("ready")
    listed.get_by_text("Delete…").click()
    expect(listed).to_contain_text(f"Delete «{NAME}»?")
    assert serious(segments) == []
    listed.get_by_role("button", name="Delete").click()
    expect(segments.locator("#segments")).to_contain_text("None is saved.")
    other.page.reload()
    expect(other.page.get_by_text("This segment is not there.").first).to_be_visible()
    other.page.get_by_role("link", name="Show everybody").first.click()
    expect(other.key_figures.first).to_be_visible()
    expect(other.chips).to_have_count(0)
    assert other.search == "?period=all"


def test_it_is_chosen_in_the_bar_and_undone(new_page: Callable[..., Page], address: str, warehouse: Path) -> None:
    page = new_page()
    overview = Overview(page, address).go("/?period=all")
    everybody = value_of(page, "plays")
    expect(page.locator("#control-segment")).to_be_hidden()
    save_from_explore(page, address)
    expect(page.get_by_role("link", name="Open the Overview with it")).to_be_focused()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Save as a segment…")).to_be_focused()
    control = page.get_by_label("Segment", exact=True)
    expect(control).to_be_visible()
    control.select_option(label=NAME)
    expect(Explore(page, address).count).to_have_text("3 of 3 rows")

    overview.go("/?period=all")
    control.select_option(label=NAME)
    expect(overview.chips).to_have_text([f"Segment: {NAME}"])
    expect(page.locator("#kpi-plays .kpi-value")).not_to_have_attribute("data-value", repr(everybody))
    undo = page.get_by_role("button", name="Undo")
    # By its chip it is taken away, which is undone as well.
    overview.chips.click()
    expect(overview.chips).to_have_count(0)
    undo.click()
    expect(overview.chips).to_have_count(1)
    undo.click()
    expect(overview.chips).to_have_count(0)
    expect(undo).to_be_hidden()
    expect(control.locator("option:checked")).to_have_text("No segment")
    expect(page.locator("#kpi-plays .kpi-value")).to_have_attribute("data-value", repr(everybody))
    assert len(list((warehouse / "segments").glob("*/segment.json"))) == 1


def test_what_could_not_be_prepared_says_why_and_is_tried_again(
    new_page: Callable[..., Page], address: str, warehouse: Path
) -> None:
    segment = Segment("abcd2345", "Broken", "2024-03-10T10:00:00+00:00", "table=nothing", follows=True)
    segment_folder(warehouse, segment.id).mkdir(parents=True)
    segment.write(warehouse)
    page = new_page()
    overview = Overview(page, address).go("/?segment=abcd2345")
    failed = page.locator(".state-not-prepared").first
    expect(failed).to_contain_text("«Broken» could not be prepared for these data.")
    expect(failed).to_contain_text("There is no table «nothing».")
    replace(segment, search="table=accounts").write(warehouse)
    failed.get_by_role("button", name="Try again").click()
    expect(overview.key_figures.first).to_be_visible()
