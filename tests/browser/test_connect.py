"""Connecting data through the browser alone: from an empty install to the real export on Overview."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from definitions.connecting import JOBS
from tests.browser.axe import serious
from tests.browser.conftest import ROOT, listen, served

WORK_MS = 90_000
ORDERS = ROOT / "docs" / "examples" / "order-history" / "orders.csv"


@contextmanager
def installed(folder: Path) -> Iterator[str]:
    """Give the address of the app as its owner serves it for the first time, with all that it writes in ``folder``."""
    with served(ROOT, folder / "warehouse", folder / "gunicorn.log", MARQUEE_CONNECT="1") as address:
        yield address
    log = (folder / "gunicorn.log").read_text()
    assert "WARNING" not in log
    assert "ERROR" not in log


@contextmanager
def opened(chromium: Browser, address: str) -> Iterator[Page]:
    """Give a browser at an install; afterwards nothing may have been complained of, or asked of other hosts."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
    complaints: list[str] = []
    page = context.new_page()
    listen(page, address, complaints)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def own_install(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A browser at an empty install of the test's own, which writes into ``tmp_path``."""
    with installed(tmp_path) as address, opened(chromium, address) as page:
        yield page


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def shared_address(shared_folder: Path) -> Iterator[str]:
    """The address of an empty install for tests that build nothing."""
    with installed(shared_folder) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, shared_address: str, shared_folder: Path) -> Iterator[Page]:
    """A browser at the shared install, which has no unfinished connection afterwards."""
    with opened(chromium, shared_address) as page:
        yield page
    shutil.rmtree(shared_folder / "connect" / JOBS, ignore_errors=True)


def _choose(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(files)


def test_from_an_empty_install_to_the_real_export_on_overview(
    own_install: Page, real_export: Path, tmp_path: Path
) -> None:
    page = own_install
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No data yet", timeout=WORK_MS)
    assert serious(page) == []
    page.locator("#main").get_by_role("link", name="Connect your data").click()

    catalogue = real_export.parent / "catalogue" / "netflix_titles.csv"
    _choose(page, *sorted(real_export.glob("*.csv")), catalogue)
    expect(page.get_by_role("heading", name="A streaming service's personal-data export")).to_be_visible(
        timeout=WORK_MS
    )
    expect(page.get_by_role("region", name="First rows of ViewingActivity.csv")).to_contain_text("Chernobyl 1986")
    expect(page.get_by_label("Catalogue of titles")).to_have_value("netflix_titles.csv")
    page.get_by_label("Accounts").select_option("profile")

    assert serious(page) == []
    page.get_by_role("button", name="Read the rows").click()
    build = page.get_by_role("button", name="Build and show")
    expect(build).to_be_visible(timeout=WORK_MS)
    files = page.get_by_role("region", name="What became of each file's rows")
    expect(files.get_by_role("row", name="ViewingActivity.csv")).to_have_text("ViewingActivity.csv9,9929,99200")
    assert not (tmp_path / "warehouse").exists(), "nothing is built before it was looked at"

    assert serious(page) == []
    page.reload()
    expect(build).to_be_visible(timeout=WORK_MS)
    step = page.locator(".connect-trail [aria-current=step]")
    expect(step).to_have_text("3See what became of the rows")
    page.set_viewport_size({"width": 390, "height": 844})
    assert step.evaluate("step => getComputedStyle(step).fontSize") == "14px", "on a phone the step has its name"
    page.set_viewport_size({"width": 1440, "height": 900})
    build.click()
    overview = page.get_by_role("link", name="See them on Overview")
    expect(overview).to_be_visible(timeout=WORK_MS)
    assert serious(page) == []
    overview.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How are we doing?", timeout=WORK_MS)
    # The same hours as a build of the command line shows: 77.2 in the last 28 days of the export.
    expect(page.locator(".kpi-value").first).to_have_text("77.2 h", timeout=WORK_MS)
    assert not list((tmp_path / "connect").rglob("*.csv")), "what was uploaded is removed"


def test_own_tables_are_mapped_and_rejects_are_seen_first(page: Page) -> None:
    page.goto("/connect")
    _choose(page, ORDERS)
    expect(page.get_by_role("heading", name="What fills plays")).to_be_visible(timeout=WORK_MS)
    # By keyboard: the list takes letters, and the form is sent by Enter on its button.
    expect(page.get_by_label("watch_ms required")).to_have_value("column:minutes_watched")
    expect(page.locator("[id='connect-as:watch_ms']")).to_have_value("minutes")
    page.get_by_role("button", name="Read the rows").focus()
    page.keyboard.press("Enter")

    refused = page.locator(".connect-refused")
    expect(refused).to_contain_text("watch_ms: expected a whole number ≥ 0", timeout=WORK_MS)
    refused.get_by_text("Rows", exact=True).click()
    expect(refused).to_contain_text("orders.csv, line 6")
    expect(page.get_by_role("button", name="Build and show")).to_be_disabled()
    expect(page.locator(".connect-problem", has_text="There are plays but no titles")).to_be_visible()

    page.get_by_role("button", name="Read another table").click()
    page.get_by_label("Table", exact=True).select_option("titles", timeout=WORK_MS)
    page.get_by_role("button", name="Choose", exact=True).click()
    kind = page.locator(".connect-column", has_text="what it is").first
    expect(page.get_by_role("heading", name="What fills titles")).to_be_visible(timeout=WORK_MS)
    expect(kind.locator(".map-text")).to_be_hidden()
    kind.get_by_label("kind required").select_option("=constant")
    kind.get_by_label("Value or expression").fill("film")
    page.get_by_role("button", name="Read the rows").click()
    expect(page.get_by_role("button", name="Build and show")).to_be_enabled(timeout=WORK_MS)


def test_an_address_that_names_two_connections_leads_to_the_beginning(page: Page) -> None:
    page.goto("/connect?job=a&job=b")
    expect(page.get_by_role("button", name="Choose files")).to_be_visible(timeout=WORK_MS)


def test_an_unfinished_connection_can_be_found_again_and_discarded(page: Page) -> None:
    page.goto("/connect")
    _choose(page, ORDERS)
    expect(page.get_by_role("heading", name="What fills plays")).to_be_visible(timeout=WORK_MS)
    page.goto("/connect")
    page.get_by_role("link", name="Go on").click(timeout=WORK_MS)
    expect(page.get_by_role("heading", name="What fills plays")).to_be_visible(timeout=WORK_MS)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("button", name="Choose files")).to_be_visible(timeout=WORK_MS)
    page.go_back()
    expect(page.get_by_role("heading", name="This connection is no longer there")).to_be_visible(timeout=WORK_MS)


def test_it_is_not_offered_where_others_can_reach_the_server(marquee_server: str, chromium: Browser) -> None:
    with opened(chromium, marquee_server) as page:
        page.goto("/connect")
        expect(page.get_by_role("heading", level=1)).to_contain_text("on the machine itself", timeout=WORK_MS)
        expect(page.locator("#nav-links")).to_contain_text("Overview")
        expect(page.locator("#nav-links")).not_to_contain_text("Connect")
