"""Figures that are more than lines: drawn by Plotly, in the colours of the theme, with nothing that leads elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browsers, served
from tests.pages.checkout import checkout_with

PAGE = '''"""A page with bars."""
import dash
import plotly.graph_objects as go
from components.card import Card
from components.page import page
from components.panel import declare
from components.picks import value_pick
from components.theme import token

dash.register_page(__name__, path="/bars", name="Bars", order=50)


def bars(frame, metric, _filters):
    pick = value_pick("kind", "film")
    bar = go.Bar(
        x=frame["period_start"],
        y=frame[metric.name],
        marker_color=token("accent"),
        name="Films",
        showlegend=True,
        customdata=[pick.customdata()] * len(frame),
        meta={"pick": pick.search, "label": pick.label},
    )
    return go.Figure(bar)


CARDS = declare(Card("bars", "Watch time", "watch_hours_by_period", bars, "watch_hours"))


def layout(**_query):
    return page("Bars?", CARDS)
'''


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, real_warehouse: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bars")
    checkout = checkout_with(folder / "checkout", {"pages/bars.py": PAGE})
    with served(checkout, real_warehouse, folder / "gunicorn.log") as found:
        yield found


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A browser in the light theme; afterwards nothing may have been complained of, or asked of other hosts."""
    with browsers(chromium, address) as new_page:
        yield new_page()


def test_plotly_draws_in_the_theme_and_follows_its_switch(page: Page, address: str) -> None:
    page.goto(f"{address}/?kind=film")
    link = page.get_by_role("link", name="Bars")
    expect(link).to_have_attribute("href", "/bars?kind=film")
    link.click()

    bar = page.locator("#bars .bars .point path").first
    expect(bar).to_have_css("fill", "rgb(168, 91, 0)")
    page.get_by_role("button", name="Dark").click()
    expect(bar).to_have_css("fill", "rgb(242, 179, 76)")
    expect(page.locator("#bars .xtick text").first).to_have_css("fill", "rgb(181, 175, 163)")
    expect(page.locator(".modebar-btn")).to_have_count(0)

    page.locator("#filter-period").select_option("last-7-days")
    expect(page.locator("#bars .bars .point")).to_have_count(7)
    expect(bar).to_have_css("fill", "rgb(242, 179, 76)")


def test_a_bar_and_a_legend_entry_offer_to_filter(page: Page, address: str) -> None:
    page.goto(f"{address}/bars")
    bar, legend = page.locator("#bars .bars .point").first, page.locator("#bars .legendtoggle").first
    expect(bar).to_be_visible()
    bar.click(force=True)
    expect(page.get_by_role("menuitem")).to_have_text(["Only Films", "Without Films", "Open the rows"])
    page.keyboard.press("Escape")
    legend.click(force=True)
    page.get_by_role("menuitem", name="Without Films").click()
    expect(page.locator(".chips a")).to_have_text(["Kind: not Films"])
