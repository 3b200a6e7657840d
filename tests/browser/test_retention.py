"""Retention: a curve filters everything, a cell lists its accounts; both are undone, and nothing is out of reach."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import serious
from tests.browser.overview import Overview
from tests.browser.test_viewing import click_in_plot

Visit = Callable[..., Overview]
SURVIVAL, COHORTS, CURVES = "#retention-survival", "#retention-cohorts", "#retention-curves"
CELL = "#retention-cell"
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


def test_what_is_chosen_of_cohorts_holds_for_their_curves_and_parts_keep_filters(visit_planted: Visit) -> None:
    overview = visit_planted("/retention?period=all&country=IN")
    page = overview.page
    page.locator(f"{COHORTS} [data-option=retained_as]").select_option("on_or_before")
    expect(page.locator(f"{COHORTS} h2")).to_contain_text("have been active again by week 4")
    share = page.locator(f"{COHORTS} .pooled td").nth(4).inner_text()
    page.locator(CURVES).scroll_into_view_if_needed()
    figure = overview.settled().page.locator(f"{CURVES} .js-plotly-plot")
    curve = figure.evaluate("figure => figure.data.at(-1)")
    assert f"{100 * curve['y'][curve['x'].index(4)]:.0f}" == share
    page.get_by_role("link", name="What they are worth").click()
    expect(page.locator("main h1")).to_have_text("What are subscriptions worth?")
    assert overview.settled().search == "?period=all&country=IN"
    page.locator("#value-groups [data-typed-option=margin] input").fill("50")
    page.locator("#value-groups [data-typed-option=margin] input").press("Enter")
    expect(page.locator("#value-groups .card-note").first).to_contain_text("margin of 50 %")
    problem = page.locator("#value-groups [data-typed-option=discount_rate] .problem")
    expect(problem).to_be_hidden()
    page.locator("#value-groups [data-typed-option=discount_rate] input").fill("0")
    expect(problem).to_have_text("1 to 100")
    page.locator("#value-groups [data-typed-option=discount_rate] input").fill("1")
    expect(problem).to_be_hidden()


def test_what_is_chosen_less_often_is_behind_a_button_that_tells_of_it(visit_planted: Visit) -> None:
    page = visit_planted("/retention?period=all").page
    hours, begins = (
        page.locator(f"{COHORTS} [data-{name}]") for name in ("typed-option=retained_hours", "option=cohort_begins")
    )
    expect(hours).to_be_hidden()
    page.locator(f"{COHORTS} [data-option=retained_by]").select_option("hours")
    expect(hours).to_be_visible()
    more = page.locator(f"{COHORTS} details:has(.card-options)")
    expect(begins).to_be_hidden()
    page.get_by_label("More to choose").click()
    expect(more.get_by_text("Cohorts begin")).to_be_visible()
    begins.select_option("sign_up")
    expect(more).to_have_attribute("data-chosen", "")
    begins.select_option("first_activity")
    expect(more).not_to_have_attribute("data-chosen", "")


def test_a_cell_lists_the_accounts_it_counts_by_pointer_and_by_keyboard(visit_planted: Visit) -> None:
    overview = visit_planted("/retention?period=all")
    page, listed = overview.page, overview.page.locator(f"{CELL} tbody tr")
    to_do = page.locator(f"{CELL} .state-title")
    expect(to_do).to_have_text("Choose a cell of the cohorts above.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or ""))
    row = page.locator(f"{COHORTS} tbody tr.cohort").nth(2)
    # A row stands for no cell.
    row.locator("th").click()
    expect(page.get_by_role("menu")).to_have_count(0)
    cells = row.locator("td[data-pick]")
    cells.nth(3).click()
    page.get_by_role("menuitem", name="The accounts in it").click()
    expect(page.locator(CELL)).to_be_focused()
    expect(listed).to_have_count(counted(cells.nth(3)))
    expect(page.locator(f"{CELL} h2")).to_contain_text(f"{counted(cells.nth(3))} account")
    assert overview.settled().search == f"?period=all&{cells.nth(3).get_attribute('data-pick')}"
    chosen = page.locator(f"{COHORTS} [aria-selected=true]")
    expect(chosen).to_have_attribute("data-pick", cells.nth(3).get_attribute("data-pick") or "")
    # No other card asks anew.
    assert {card for ask in asked for card in re.findall(r'"card":"([a-z-]+)"', ask)} == {CELL.removeprefix("#")}
    page.get_by_role("button", name="Undo").click()
    expect(to_do).to_have_text("Choose a cell of the cohorts above.")
    assert overview.settled().search == "?period=all"
    expect(chosen).to_have_count(0)

    # Along the row without the pointer.
    cells.nth(3).focus()
    page.keyboard.press("ArrowLeft")
    expect(cells.nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="The accounts in it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(CELL)).to_be_focused()
    expect(listed).to_have_count(counted(cells.nth(2)))
    # The address is all of it.
    overview.settled().page.reload()
    expect(listed).to_have_count(counted(cells.nth(2)))
    assert overview.settled().search == f"?period=all&{cells.nth(2).get_attribute('data-pick')}"


def counted(cell: Locator) -> int:
    """Return how many accounts a cell says that it counts."""
    return int((cell.get_attribute("title") or "").split(": ")[1].split(" of ")[0])


@pytest.mark.parametrize("path", ["/retention", "/retention/value", "/retention/leaving"])
def test_axe_finds_nothing_serious(path: str, visit_planted: Visit) -> None:
    overview = visit_planted(f"{path}?period=all&survival_by=plan&cell_cohort=pooled&cell_interval=4")
    page = overview.page
    page.locator("main .panel :is(.js-plotly-plot, table)").first.wait_for()
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert serious(overview.settled().page) == [], f"{width} px, {scheme}"
