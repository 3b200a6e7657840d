"""How long a first visit to the Overview takes until its last card is drawn, against a page without any card.

Serves the real export where it is on this machine, else a sample, with two gunicorn workers; every visit is made by a
browser with an empty cache. The target is 1.5 s on the real export. ``make bench`` runs it.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from pipeline.build.build import build_warehouse
from pipeline.importers.netflix_export import import_netflix_export
from pipeline.sample import write_sample_source
from tests.browser.conftest import CHROMIUM, ROOT, served

VISITS = 7
EXPORT = ROOT.parent / "shared" / "data" / "netflix_export"
OVERVIEW_PARTS = (".kpi", "#overview-moved tbody tr", ".ranking", "#overview-watch-time .lines svg")
EMPTY_PAGE_PARTS = ("main h1",)
WATCH = """
    const parts = %s;
    new MutationObserver(() => {
        if (!window.completeAtMs && parts.every((part) => document.querySelector(part))) {
            window.completeAtMs = performance.now();
        }
    }).observe(document, { subtree: true, childList: true });
"""


def main() -> None:
    """Print the best and the median of the visits to either page, and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if EXPORT.is_dir():
            import_netflix_export(EXPORT, folder / "source", account_per="profile")
        else:
            write_sample_source(folder / "source")
        build_warehouse(folder / "source", folder / "warehouse")
        with (
            served(ROOT, folder / "warehouse", folder / "log") as address,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
        ):
            print(f"{'the real export' if EXPORT.is_dir() else 'a sample'}; {VISITS} first visits each, empty cache")
            empty_ms = _visits(browser, f"{address}/there-is-no-such-page", EMPTY_PAGE_PARTS)
            overview_ms = _visits(browser, address, OVERVIEW_PARTS)
        print(f"Overview complete   best {min(overview_ms):,.0f} ms   median {statistics.median(overview_ms):,.0f} ms")
        print(f"page without cards  best {min(empty_ms):,.0f} ms   median {statistics.median(empty_ms):,.0f} ms")
        print(f"ratio of medians    {statistics.median(overview_ms) / statistics.median(empty_ms):.1f} ×")


def _visits(browser: Browser, address: str, parts: tuple[str, ...]) -> list[float]:
    times_ms = []
    for _ in range(VISITS):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.add_init_script(WATCH % list(parts))
        page.goto(address)
        for part in parts:
            page.wait_for_selector(part, state="attached")
        times_ms.append(float(page.evaluate("window.completeAtMs")))
        context.close()
    return times_ms


if __name__ == "__main__":
    main()
