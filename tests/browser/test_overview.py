"""What people see and do on the Overview, over the real export."""

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.overview import Overview

Visit = Callable[..., Overview]
# A dropdown's button has no id of its own; its label says which filter it is.
REACHED = """(() => {
    const at = document.activeElement;
    return at.ariaLabel || at.closest(".control")?.querySelector("label")?.htmlFor || at.id;
})()"""


def test_the_answer_stands_on_the_first_screen(visit: Visit) -> None:
    overview = visit()
    expect(overview.page.get_by_role("heading", level=1)).to_have_text("How are we doing?")
    assert overview.key_figures.count() == 6
    for figure in overview.key_figures.all():
        expect(figure).to_be_in_viewport(ratio=1)
    expect(overview.page.locator("#filter-bar")).to_be_in_viewport(ratio=1)
    expect(overview.page.locator("nav [aria-current=page], nav .active")).to_have_text("Overview")


def test_what_the_source_lacks_is_told_in_plain_sentences(visit: Visit) -> None:
    assert visit().page.locator(".not-in-source p").all_inner_texts() == [
        "New subscriptions, ended subscriptions and retention rate need subscription_events.event (what changed), "
        "which this source does not have.",
        "From recommendations needs plays.origin (where the viewer found the title), which this source does not have.",
        "Rebuffer ratio needs plays.rebuffer_ms (time stalled, not counting start-up and stalls caused by seeking), "
        "which this source does not have.",
    ]


def test_reload_back_and_a_copied_link_restore_the_state(visit: Visit) -> None:
    overview = visit()
    page = overview.page
    first = overview.key_figures.all_inner_texts()

    page.locator("#filter-period").select_option("last-90-days")
    expect(overview.summary).to_contain_text("22 Mar")
    overview.choose("kind", "Films")
    expect(overview.chips).to_have_text(["Kind: Films"])
    assert overview.search == "?period=last-90-days&kind=film"
    expect(overview.key_figures.first).not_to_have_text(first[0])
    filtered = overview.settled().key_figures.all_inner_texts()

    page.reload()
    expect(overview.chips).to_have_text(["Kind: Films"])
    expect(page.locator("#filter-period")).to_have_value("last-90-days")
    expect(overview.key_figures).to_have_text(filtered)

    copied = visit(f"/{overview.search}")
    expect(copied.key_figures).to_have_text(filtered)
    expect(copied.chips).to_have_text(["Kind: Films"])

    page.go_back()
    expect(overview.chips).to_have_count(0)
    expect(overview.summary).to_contain_text("22 Mar")
    page.go_back()
    expect(page.locator("#filter-period")).to_have_value("last-28-days")
    expect(overview.key_figures).to_have_text(first)
    page.go_forward()
    expect(page.locator("#filter-period")).to_have_value("last-90-days")


def test_chips_and_reset_remove_filters(visit: Visit) -> None:
    overview = visit("/?period=last-90-days&kind=film&country=IN")
    expect(overview.chips).to_have_text(["Country: India", "Kind: Films"])
    overview.chips.first.click()
    expect(overview.chips).to_have_text(["Kind: Films"])
    assert overview.search == "?period=last-90-days&kind=film"
    overview.page.get_by_role("link", name="Reset").click()
    expect(overview.chips).to_have_count(0)
    expect(overview.page.locator("#filter-period")).to_have_value("last-28-days")
    assert overview.search == ""


def test_days_can_be_chosen_and_end_on_the_day_named(visit: Visit) -> None:
    overview = visit("/?compare=none")
    page = overview.page
    page.locator("#filter-period").select_option("custom")
    page.get_by_label("First day").fill("2023-06-01")
    expect(overview.summary).to_have_text("1 – 19 Jun 2023")
    page.get_by_label("Last day").fill("2023-06-10")
    expect(overview.summary).to_have_text("1 – 10 Jun 2023")
    assert overview.search == "?compare=none&start_day=2023-06-01&end_day=2023-06-11"


def test_one_change_of_a_filter_asks_once_for_each_card(visit: Visit) -> None:
    overview = visit()
    # What the first visit asked for has been answered, the bar's own questions too.
    overview.page.wait_for_load_state("networkidle")
    asked: list[str] = []
    overview.page.on("request", lambda request: asked.append(request.method))
    with overview.page.expect_event("requestfinished", lambda _: asked.count("POST") >= 1 + 4):
        overview.page.locator("#filter-period").select_option("last-7-days")
    expect(overview.summary).to_contain_text("13 – 19 Jun 2023")
    overview.settled()
    assert asked.count("POST") == 1 + 4, "the bar, and four cards"


def test_two_browsers_do_not_see_each_other(visit: Visit) -> None:
    one, other = visit(), visit()
    before = other.key_figures.all_inner_texts()
    one.choose("kind", "Films")
    expect(one.chips).to_have_text(["Kind: Films"])
    other.page.reload()
    other.settled()
    expect(other.key_figures).to_have_text(before)
    expect(other.chips).to_have_count(0)


def test_the_table_holds_what_the_figure_draws(visit: Visit) -> None:
    overview = visit()
    *_, pointer = overview.drawn("overview-watch-time")
    overview.show_as("overview-watch-time", "Table")
    rows = overview.page.locator("#overview-watch-time tbody tr")
    expect(rows).to_have_count(28 + 28)
    cells = [row.locator("td").all_inner_texts() for row in rows.all()[:28]]
    assert [cell[0] for cell in cells] == ["This period"] * 28
    assert [float(cell[2]) for cell in cells] == pytest.approx(pointer["y"], abs=0.005)


def test_a_chart_tells_its_values_to_the_pointer_and_to_the_keyboard(visit: Visit) -> None:
    overview = visit("/?period=last-7-days")
    chart, tip = overview.page.locator("#overview-watch-time .lines"), overview.page.locator(".lines-tip")
    *_, pointer = overview.drawn("overview-watch-time")
    told = [text.replace("<b>", "").replace("</b>", "").split("<br>") for text in pointer["text"]]
    expect(tip).to_be_hidden()
    chart.hover(position={"x": 60, "y": 150})
    expect(tip.locator("div")).to_have_text(told[0])
    overview.page.locator("h1").hover()
    expect(tip).to_be_hidden()
    chart.focus()
    overview.page.keyboard.press("ArrowLeft")
    overview.page.keyboard.press("ArrowLeft")
    expect(tip.locator("div")).to_have_text(told[5])


def test_the_overview_does_not_wait_for_plotly(visit: Visit) -> None:
    page = visit().page
    page.wait_for_load_state("networkidle")
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter(({ name }) => /plotly/.test(name)).length") == 0
    )


def test_the_csv_file_holds_the_same_rows_under_the_same_filters(visit: Visit) -> None:
    overview = visit("/?period=last-7-days&kind=film")
    *_, pointer = overview.drawn("overview-watch-time")
    overview.page.locator("#overview-watch-time [aria-label^='Options for']").click()
    with overview.page.expect_download() as download:
        overview.page.locator("#overview-watch-time").get_by_role("link", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    current = [float(row["watch_hours"]) for row in rows if row["span"] == "current"]
    assert current == pytest.approx(pointer["y"])
    assert len(rows) == 14


def test_the_sql_and_its_values_can_be_read(visit: Visit) -> None:
    overview = visit("/?country=IN")
    overview.show_as("overview-titles", "SQL")
    sql = overview.page.locator("#overview-titles .sql")
    expect(sql).to_contain_text("watch_hours_by_title.sql")
    expect(sql).to_contain_text("['IN']")


def test_a_metric_explains_itself(visit: Visit) -> None:
    overview = visit()
    overview.page.get_by_label("About Completion rate").click()
    about = overview.page.locator("#kpi-completion_rate .popout")
    expect(about).to_contain_text("Formula")
    expect(about).to_contain_text("titles.runtime_ms")
    expect(about).to_contain_text("build 2")


def test_everything_can_be_reached_by_keyboard(visit: Visit) -> None:
    page = visit().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the figures"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(REACHED))
    filters = {"period", "compare", "device", "country", "plan", "kind", "profile_type", "granularity", "calendar"}
    assert {f"filter-{name}" for name in filters} <= reached
    assert {"About Watch time", "Options for Watch time", "Options for Top titles"} <= reached


def test_a_filter_and_a_menu_work_by_keyboard_alone(visit: Visit) -> None:
    overview = visit()
    page = overview.page
    page.locator("#filter-kind").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dash-dropdown-search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".dash-dropdown-option input").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(overview.chips).to_have_count(1)

    menu = page.locator("#overview-watch-time [aria-label^='Options for']")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#overview-watch-time .data-table")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(page.locator("#overview-watch-time .popout").last).to_be_hidden()


def test_the_theme_follows_the_system_and_the_switch_and_stays(visit: Visit) -> None:
    overview = visit(scheme="dark")
    page = overview.page
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    assert overview.colours("overview-watch-time") == {"rgb(242, 179, 76)", "rgb(121, 116, 106)"}
    page.get_by_role("button", name="Light").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    assert overview.colours("overview-watch-time") == {"rgb(168, 91, 0)", "rgb(145, 140, 130)"}

    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { themeAtFirst = document.documentElement.dataset.bsTheme; })"
    )
    page.reload()
    assert page.evaluate("themeAtFirst") == "light", "known before anything is painted"
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Auto").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_it_is_usable_on_a_phone(visit: Visit) -> None:
    overview = visit(width=390, height=844)
    page = overview.page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator("#filter-kind")).to_be_hidden()

    page.get_by_role("button", name="Filters").click()
    expect(page.locator("#filter-kind")).to_be_visible()
    expect(page.locator("#filter-period")).to_be_focused()
    overview.choose("kind", "Films")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#filter-kind")).to_be_hidden()
    expect(overview.chips).to_have_text(["Kind: Films"])
    expect(page.get_by_role("button", name="Filters (1)")).to_be_focused()

    page.get_by_role("button", name="Filters").click()
    page.keyboard.press("Escape")
    expect(page.locator("#filter-kind")).to_be_hidden()
    for body in page.locator(".card-body").all():
        box = body.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_an_address_without_a_page_says_so(chromium: Browser, marquee_server: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{marquee_server}/nowhere?device=tv")
    expect(page.get_by_role("heading", level=1)).to_have_text("No such page")
    page.get_by_role("link", name="Go to the overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How are we doing?")
    context.close()
