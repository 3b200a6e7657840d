"""Fifty people at once: each changes a filter of the Overview every 5 seconds, for 2 minutes; two gunicorn workers.

Each begins with the Overview as it opens and changes one thing at a time: ticks a value or takes it back, what is first
in a list oftener than what is last; takes another period; clicks a title of the ten; at times begins anew.
What a change asks for is recorded from a real browser; the people then ask for the same with other filters, all its
requests at once, as a browser does. A change is over with its last answer. Fails where an answer is an error, or tells
of one. Target: 95 of 100 changes within 500 ms, workers of at most 400 MB. ``python -m tests.bench.users WAREHOUSE``.
"""

import http.client
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from definitions.dimensions import COMPARISONS, DIMENSIONS, PERIOD_PRESETS
from queries.db import Build, Warehouse
from queries.filters import parse_search, to_search
from queries.run import run
from tests.bench.page_load import CHANGE
from tests.browser.conftest import CHROMIUM, ROOT, served
from tests.server import workers_memory_mb

USERS = 50
EVERY_S = 5
DURATION_S = 120
SEED = 20261125
MS_PER_S = 1000
RECORDED = "period=last-90-days&device=tv"
CALLBACKS = "/_dash-update-component"
FAILED = b"state-failed"


@dataclass(slots=True)
class Outcome:
    """What all users met: how long their changes took, in ms, and what went wrong."""

    changes_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Let them in, and print what they met."""
    warehouse = Path(sys.argv[1])
    searches = walks(Warehouse(warehouse).current())
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "gunicorn.log")
        with served(ROOT, warehouse, log) as address:
            requests = recorded_requests(address)
            outcome = let_in(address, requests, searches)
            memory_mb = workers_memory_mb(log)
    changes_ms = sorted(outcome.changes_ms)
    p95_ms = statistics.quantiles(changes_ms, n=20)[-1]
    print(
        f"{USERS} users, {len(changes_ms)} changes of {len(requests)} requests each in {DURATION_S} s: median "
        f"{statistics.median(changes_ms):.0f} ms, 95 of 100 within {p95_ms:.0f} ms, longest {changes_ms[-1]:.0f} ms; "
        f"workers at most {', '.join(f'{mb:.0f} MB' for mb in memory_mb)}"
    )
    if outcome.errors:
        sys.exit(f"{len(outcome.errors)} requests failed, such as {outcome.errors[0]}")


def walks(build: Build) -> list[list[str]]:
    """Return what each user looks at, one after another, as query strings."""
    rng = random.Random(SEED)
    opened = parse_search("", build.manifest.spans)
    options = run("filter_options", opened, build)
    offered = {dimension.name: options.value[options.dimension == dimension.name].to_list() for dimension in DIMENSIONS}
    offered["title"] = run("watch_hours_by_title", opened, build).show_id.to_list()
    return [_walk(rng, {name: values for name, values in offered.items() if values}) for _ in range(USERS)]


def _walk(rng: random.Random, offered: Mapping[str, list[str]]) -> list[str]:
    chosen: dict[str, list[str]] = {}
    searches = []
    for _ in range(DURATION_S // EVERY_S):
        match rng.choices(("tick", "period", "other", "anew"), (55, 25, 5, 15))[0]:
            case "tick":
                name = rng.choice(list(offered))
                values = offered[name]
                (value,) = rng.choices(values, [1 / place for place in range(1, len(values) + 1)])
                ticked = chosen.get(name, [])
                chosen[name] = [other for other in ticked if other != value] if value in ticked else [*ticked, value]
            case "period":
                chosen["period"] = [rng.choice([preset.name for preset in PERIOD_PRESETS])]
            case "other":
                name, values = rng.choice([("compare", list(COMPARISONS)), ("granularity", ["day", "week", "month"])])
                chosen[name] = [rng.choice(values)]
            case _:
                chosen = {}
        searches.append(to_search(chosen))
    return searches


def recorded_requests(address: str) -> list[tuple[str, str]]:
    """Return path and body of each request that a change of the filters to RECORDED sends."""
    recorded: list[tuple[str, str]] = []
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page()
        page.goto(address)
        page.locator(".kpi").first.wait_for()
        page.wait_for_load_state("networkidle")
        page.on(
            "request",
            lambda request: (
                recorded.append((request.url.removeprefix(address), request.post_data or ""))
                if CALLBACKS in request.url
                else None
            ),
        )
        page.evaluate(CHANGE, RECORDED)
    asking = [(path, body) for path, body in recorded if RECORDED in body]
    if not asking:
        sys.exit("The browser sent nothing for a change of filters.")
    return asking


def let_in(address: str, requests: Sequence[tuple[str, str]], searches: Sequence[Sequence[str]]) -> Outcome:
    """Have each user change the filters at their own times, whether or not the change before is over."""
    outcome, rng, begun = Outcome(), random.Random(SEED), time.monotonic()
    starts = [(rng.uniform(0, EVERY_S), number) for number in range(USERS)]
    users = [
        threading.Thread(target=_use, args=(address, requests, searches[number], begun + start, outcome))
        for start, number in starts
    ]
    for user in users:
        user.start()
    for user in users:
        user.join()
    return outcome


def _use(
    address: str, requests: Sequence[tuple[str, str]], searches: Sequence[str], start: float, outcome: Outcome
) -> None:
    with ThreadPoolExecutor(len(requests)) as connections:
        for number, search in enumerate(searches):
            time.sleep(max(0.0, start + number * EVERY_S - time.monotonic()))
            asked = time.perf_counter()
            answers = [
                connections.submit(_ask, address, path, body.replace(RECORDED, search)) for path, body in requests
            ]
            errors = [error for answer in answers if (error := answer.result())]
            outcome.changes_ms.append((time.perf_counter() - asked) * MS_PER_S)
            outcome.errors.extend(errors)


def _ask(address: str, path: str, body: str) -> str | None:
    """Return what is wrong with the answer; None when nothing is."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
    except OSError as error:
        return f"{path}: {error}"
    finally:
        connection.close()
    if answer.status not in (http.client.OK, http.client.NO_CONTENT) or FAILED in text:
        return f"{path}: {answer.status} {text[:200]!r} for {body[-200:]}"
    return None


if __name__ == "__main__":
    main()
