"""The abandoned film is found by the page's own query where it is planted, and not where it is left out.

The rule. In a world of 120 days the query gives, over all the data, how many of a film's profiles abandoned it, and
the same of all other films. The difference of the two rates has the 95 % interval d ± 1.96 · √(p₁q₁/n₁ + p₂q₂/n₂), a
profile counting once for a film. It says "found" when the whole interval lies above ten points, else "not found". On
one seed each must be so. `make verify` repeats both on the 24 seeds 301 to 324: of 24, six may miss
(tests/queries/demo_worlds.py).

Before its first run the rule asked for an interval above nought. Of the seeds 201 to 203 without the plant, two broke
it: films differ by themselves, by nine points on seed 203, where the plant makes 33. So the bound was raised, once, and
the seeds of `make verify` are ones that nobody had looked at. In all those runs the other films held the planted one,
by a slip; they no longer do.
"""

from math import sqrt

import pytest

from queries.db import Build
from queries.filters import parse_search
from queries.run import run
from tests.queries.demo_worlds import MAY_MISS, demo_build

PLANTED = "title film-00002"
SEEDS = range(301, 325)
MOST_BY_THEMSELVES = 0.10


def is_found(build: Build) -> bool:
    (rate, settled), (other_rate, other_settled) = (
        abandonment(build, choice) for choice in (f"title={PLANTED}", f"not_title={PLANTED}")
    )
    error = sqrt(rate * (1 - rate) / settled + other_rate * (1 - other_rate) / other_settled)
    return rate - other_rate - 1.96 * error > MOST_BY_THEMSELVES


def abandonment(build: Build, choice: str) -> tuple[float, int]:
    """Return the share that was abandoned of what was settled once that can be known, and how much was."""
    filters = parse_search(f"period=all&compare=none&kind=film&{choice}", build.manifest.spans)
    assert filters.selections
    assert not filters.notices
    frame = run("abandonment_by_period", filters, build)
    known = frame[frame["abandonment_rate"].notna()]
    settled = int(known["settled_titles"].sum())
    return float(known["abandoned"].sum()) / settled, settled


def test_the_abandoned_film_is_found_where_it_is_planted(planted_world: Build) -> None:
    assert is_found(planted_world)


def test_the_abandoned_film_is_not_found_where_it_is_left_out(plain_world: Build) -> None:
    assert not is_found(plain_world)


@pytest.mark.verify
def test_the_abandoned_film_is_found_and_not_found_on_many_seeds() -> None:
    missed, false_alarms = [], []
    for seed in SEEDS:
        with demo_build(seed) as build:
            missed += [] if is_found(build) else [seed]
        with demo_build(seed, ["abandoned_title"]) as build:
            false_alarms += [seed] if is_found(build) else []
    assert len(missed) <= MAY_MISS
    assert len(false_alarms) <= MAY_MISS
