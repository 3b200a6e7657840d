"""How fast people see what they ask for: a first visit, a visit with a warm cache, and a change of the filters.

Serves a warehouse of the demo world, and the real export where it is on this machine, with two gunicorn workers.
Targets: 1.5 s for a first visit with an empty cache on the real export; on the demo world 1.2 s warm, 400 ms from a
change to the last card (95 of 100), and 400 MB a worker. ``python -m tests.bench.page_load WAREHOUSE``.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from definitions.values import DEVICE_TYPES
from pipeline.build.build import build_warehouse
from pipeline.importers.netflix_export import import_netflix_export
from tests.browser.conftest import CHROMIUM, ROOT, served
from tests.server import workers_memory_mb

VISITS = 7
EXPORT = ROOT.parent / "shared" / "data" / "netflix_export"
OVERVIEW_PARTS = (".kpi", "#overview-moved tbody tr", ".ranking", "#overview-watch-time .lines svg")
EMPTY_PAGE_PARTS = ("main h1",)
CHANGES = [
    f"period={period}&device={device}"
    for period in ("last-7-days", "last-28-days", "last-90-days", "last-12-months", "all")
    for device in DEVICE_TYPES
]
WATCH = """
    const parts = %s;
    new MutationObserver(() => {
        if (!window.completeAtMs && parts.every((part) => document.querySelector(part))) {
            window.completeAtMs = performance.now();
        }
    }).observe(document, { subtree: true, childList: true });
"""
# A card's answer has been drawn when Dash takes its mark of waiting away.
CHANGE = """(search) => new Promise((resolve) => {
    const waiting = new Set(document.querySelectorAll(".card-body"));
    const begun = performance.now();
    const observer = new MutationObserver((changes) => {
        changes.forEach(({ target }) => {
            if (target.matches(".card-body:not([data-dash-is-loading])")) {
                waiting.delete(target);
            }
        });
        if (!waiting.size) {
            observer.disconnect();
            requestAnimationFrame(() => resolve(performance.now() - begun));
        }
    });
    observer.observe(document, { subtree: true, attributeFilter: ["data-dash-is-loading"] });
    window.marquee.goTo(search);
})"""


def main() -> None:
    """Print the times on the demo world, and those of first visits on the real export."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _measure("the demo world", Path(sys.argv[1]), folder / "demo.log", _times_on_demo)
        if EXPORT.is_dir():
            import_netflix_export(EXPORT, folder / "real", account_per="profile")
            build_warehouse(folder / "real", folder / "warehouse")
            _measure("the real export", folder / "warehouse", folder / "real.log", _times_on_export)


def _measure(what: str, warehouse: Path, log: Path, times: Callable[[Browser, str], None]) -> None:
    print(what)
    with (
        served(ROOT, warehouse, log) as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        times(browser, address)
        print(f"  workers at most {', '.join(f'{mb:.0f} MB' for mb in workers_memory_mb(log))}")


def _times_on_export(browser: Browser, address: str) -> None:
    empty_ms = [_first_visit(browser, f"{address}/there-is-no-such-page", EMPTY_PAGE_PARTS) for _ in range(VISITS)]
    overview_ms = [_first_visit(browser, address, OVERVIEW_PARTS) for _ in range(VISITS)]
    _print("  Overview, empty cache", overview_ms)
    _print("  page without cards, empty cache", empty_ms)


def _times_on_demo(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    for path, parts in (
        ("/", OVERVIEW_PARTS),
        ("/explore", (".ag-row",)),
        ("/data", ("main [data-search]", "main dl")),
    ):
        visits_ms = [_visit(context, address + path, parts) for _ in range(VISITS + 1)]
        _print(f"  {path}, warm cache", visits_ms[1:])
    page = context.new_page()
    page.goto(address)
    _wait(page, OVERVIEW_PARTS)
    page.wait_for_load_state("networkidle")
    changes_ms = sorted(float(page.evaluate(CHANGE, search)) for search in CHANGES)
    _print("  filter change to last card", changes_ms)
    print(f"    of {len(changes_ms)}, 95 in 100 within {changes_ms[int(0.95 * len(changes_ms))]:,.0f} ms")
    context.close()


def _first_visit(browser: Browser, address: str, parts: Iterable[str]) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    time_ms = _visit(context, address, parts)
    context.close()
    return time_ms


def _visit(context: BrowserContext, address: str, parts: Iterable[str]) -> float:
    page = context.new_page()
    page.add_init_script(WATCH % list(parts))
    page.goto(address)
    _wait(page, parts)
    time_ms = float(page.evaluate("window.completeAtMs"))
    page.close()
    return time_ms


def _wait(page: Page, parts: Iterable[str]) -> None:
    for part in parts:
        page.wait_for_selector(part, state="attached")


def _print(what: str, times_ms: list[float]) -> None:
    print(f"{what:36} best {min(times_ms):5,.0f} ms   median {statistics.median(times_ms):5,.0f} ms")


if __name__ == "__main__":
    main()
