"""What axe-core says of a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Of what is right axe would tell every element, which takes as long again. A rule's impact is settled: those whose
# findings are left out below need not be looked for, which takes a third of the time.
SERIOUS = """() => axe.run(document, {
    resultTypes: ["violations"],
    rules: Object.fromEntries(axe._audit.rules
        .filter(({ impact }) => impact === "minor" || impact === "moderate")
        .map(({ id }) => [id, { enabled: false }])),
})"""


def serious(page: Page) -> list[str]:
    """Return what axe calls serious or critical, with the elements it means."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: dict[str, Any] = page.evaluate(SERIOUS)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
