"""Retention: a curve filters everything and is undone, and nothing is out of reach."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.overview import Overview
from tests.browser.test_viewing import click_in_plot

Visit = Callable[..., Overview]
SURVIVAL = "#retention-survival"
LOOKS = ((1440, "light"), (390, "dark"))


def test_a_curve_filters_everything_and_is_undone(visit_planted: Visit) -> None:
    overview = visit_planted("/retention?period=all")
    page = overview.page
    page.locator(f"{SURVIVAL} [data-option=survival_by]").select_option("plan")
    expect(page.locator(f"{SURVIVAL} .card-note").first).to_contain_text("Half have ended after")
    overview.settled()
    click_in_plot(page, SURVIVAL, 0.3, 0.2)
    offer = page.get_by_role("menuitem", name="Only").first
    plan = offer.inner_text().removeprefix("Only ")
    offer.click()
    expect(overview.chips).to_have_text([f"Plan: {plan}"])
    assert overview.search.startswith("?period=all&survival_by=plan&plan=")
    page.get_by_role("button", name="Undo").click()
    expect(overview.chips).to_have_count(0)
    assert overview.search == "?period=all&survival_by=plan"


def test_axe_finds_nothing_serious(visit_planted: Visit) -> None:
    overview = visit_planted("/retention?period=all&survival_by=plan")
    page = overview.page
    page.locator(f"{SURVIVAL} .js-plotly-plot").wait_for()
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert serious(overview.settled().page) == [], f"{width} px, {scheme}"
