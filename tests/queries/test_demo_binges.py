"""The binges planted at a season's release are found by the page's own query, and not where they are left out.

The rule, written down before the first run of the query as it stands. Two earlier ones are why it looks at seasons
that came out as a whole: one counted days from the release of the latest episode (run on seeds 21 and 201 to 203),
one from that of the season, whole or not (on 301); the present one was tried on 21, which is looked at in every run.
In a world of 120 days the query over all the data gives a rate of binge sessions per release and day for the first
week (days 0 to 6 together) and a level for the weeks 5 to 12. The logarithm of their ratio, with the standard error
of two Poisson counts (square root of 1 ÷ one count + 1 ÷ the other), says "found" on one seed when it lies more than
four standard errors above nought. `make verify` repeats it on the 24 seeds 401 to 424, where it lies more than 1.645
errors above: of 24, as many may miss, and as many worlds without binges at release may be taken for such, as a chance
of 5 % each leaves 0.001 over the two tests, a binomial bound: 6. The error is somewhat too small, since who binges at
a release does so more than once; and a series that fades after its release is binged less, too. So a world without
the plant is what shows that the query does not take either for it.
"""

from math import inf, log, sqrt

import pytest

from queries.db import Build
from queries.filters import parse_search
from queries.run import run
from tests.queries.demo_worlds import MAY_MISS, demo_build

SEEDS = range(401, 425)
FIRST_WEEK_DAYS = 7
FOUND_ERRORS = 4.0
ONE_SIDED_5_PERCENT_ERRORS = 1.645


def errors_above_later(build: Build) -> float:
    """Return how many standard errors the first week's rate lies above the level of later weeks."""
    filters = parse_search("period=all&compare=none", build.manifest.spans)
    frame = run("binge_sessions_by_days_since_release", filters, build)
    first_week = frame[frame["days_since_release"] < FIRST_WEEK_DAYS]
    early, releases = int(first_week["binge_sessions"].sum()), int(first_week["releases"].sum())
    late, releases_after = int(frame["binge_sessions_after"].iloc[0]), int(frame["release_days_after"].iloc[0])
    if not early or not late:
        return inf if early else -inf
    return log(early / releases / (late / releases_after)) / sqrt(1 / early + 1 / late)


def test_binges_at_a_release_are_found_where_they_are_planted(planted_world: Build) -> None:
    assert errors_above_later(planted_world) > FOUND_ERRORS


def test_binges_at_a_release_are_not_found_where_they_are_left_out(plain_world: Build) -> None:
    assert errors_above_later(plain_world) <= FOUND_ERRORS


def test_six_of_24_seeds_may_miss() -> None:
    # Of Binomial(24, 0.05), 0.001 lies above 5 and 0.00013 above 6; each test has 0.0005.
    chance, above = 0.95**24, 1 - 0.95**24
    misses = 0
    while above >= 0.001 / 2:
        chance *= (24 - misses) / (misses + 1) * 0.05 / 0.95
        above -= chance
        misses += 1
    assert misses == MAY_MISS


@pytest.mark.verify
def test_binges_at_a_release_are_found_and_not_found_on_many_seeds() -> None:
    missed, false_alarms = [], []
    for seed in SEEDS:
        with demo_build(seed) as build:
            missed += [seed] if errors_above_later(build) <= ONE_SIDED_5_PERCENT_ERRORS else []
        with demo_build(seed, ["binge_at_release"]) as build:
            false_alarms += [seed] if errors_above_later(build) > ONE_SIDED_5_PERCENT_ERRORS else []
    assert len(missed) <= MAY_MISS
    assert len(false_alarms) <= MAY_MISS
