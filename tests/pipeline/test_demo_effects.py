"""What is planted in the demo world is found where it is planted, and not where it is not.

The rule, written down before the first run. An effect is found when its estimate lies more than four standard errors
above nought, and not found when it does not: one-sided, 0.00003 a test and less than 0.002 for
the forty-odd tests here.
Where the planted strength is what the estimate measures, it lies within four standard errors of it.
`make verify` repeats this on 24 seeds at 5 %: of 24, as many may miss as leave 0.001 over all tests there.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.demo import write_demo_source
from pipeline.demo.plants import PLANTS
from tests.pipeline.demo_effects import (
    EFFECTS,
    World,
    campaign_test,
    churn_hazards,
    cover_test,
    isp_incident,
    rising_micro_genres,
)

EVENTS = 1_200_000
DAYS = 120
ACCOUNTS = 4_000
SEED = 11
SEEDS = range(101, 125)
FOUND_ERRORS = 4.0
ONE_SIDED_5_PERCENT_ERRORS = 1.645
TWO_SIDED_5_PERCENT_ERRORS = 1.96
MEASURED = (
    "rebuffering_churn",
    "artwork_uplift",
    "trailer_uplift",
    "campaign_uplift",
    "isp_incident",
    "rising_micro_genre",
)
"""The effects whose estimate measures the planted strength itself."""


@contextmanager
def made(seed: int, without: Iterable[str] = ()) -> Iterator[World]:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        # A world is kept for the whole session: what is patched for it must not be.
        with pytest.MonkeyPatch.context() as patch:
            # What is on a cover is in none of these effects, and takes longest.
            patch.setattr("pipeline.demo.world.draw_covers", lambda *_: None)
            write_demo_source(
                source, events=EVENTS, seed=seed, days=DAYS, accounts=ACCOUNTS, without=without, processes=1
            )
        yield World(source)


@pytest.fixture(scope="session")
def planted() -> Iterator[World]:
    with made(SEED) as world:
        yield world


@pytest.fixture(scope="session")
def plain() -> Iterator[World]:
    with made(SEED, without=PLANTS) as world:
        yield world


def test_every_plant_has_an_analysis() -> None:
    assert set(EFFECTS) == set(PLANTS)


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_where_it_is_planted(planted: World, name: str) -> None:
    assert EFFECTS[name](planted).score > FOUND_ERRORS


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_not_where_it_is_not_planted(plain: World, name: str) -> None:
    assert EFFECTS[name](plain).score <= FOUND_ERRORS


@pytest.mark.parametrize("name", MEASURED)
def test_an_effect_is_as_strong_as_it_was_planted(planted: World, name: str) -> None:
    effect = EFFECTS[name](planted)
    assert effect.planted is not None
    assert abs(effect.size - effect.planted) <= FOUND_ERRORS * effect.error


def test_each_plan_is_left_as_often_as_planted(planted: World, plain: World) -> None:
    for world in (planted, plain):
        hazards = world.truth["names"]["churn_hazard"]["monthly_hazard"]
        found = churn_hazards(world)
        assert set(found) == {(plan, early) for plan in hazards for early in (True, False)}
        for (plan, early), (months, left) in found.items():
            hazard = hazards[plan][0 if early else 1]
            assert abs(left / months - hazard) <= FOUND_ERRORS * sqrt(hazard * (1 - hazard) / months), (plan, early)


def test_an_effect_left_out_alone_is_missing_alone() -> None:
    with made(SEED, without=["rebuffering_churn", "shared_audience"]) as world:
        left_out = {name for name, is_planted in world.truth["planted"].items() if not is_planted}
        missing = {name for name, measure in EFFECTS.items() if measure(world).score <= FOUND_ERRORS}
    assert missing == left_out == {"rebuffering_churn", "shared_audience"}


def test_the_other_cover_test_and_the_other_campaign_do_nothing(planted: World) -> None:
    names = planted.truth["names"]
    assert abs(cover_test(planted, names["artwork_uplift"]["no_effect"]["experiment_id"]).score) <= FOUND_ERRORS
    assert abs(campaign_test(planted, names["campaign_uplift"]["no_effect"]["campaign_id"]).score) <= FOUND_ERRORS


def test_the_micro_genre_that_rises_is_the_planted_one(planted: World) -> None:
    risen = {name for name, effect in rising_micro_genres(planted).items() if effect.score > FOUND_ERRORS}
    assert risen == {planted.truth["names"]["rising_micro_genre"]["micro_genre"]}


def test_the_incident_is_at_the_planted_provider(planted: World) -> None:
    isp = planted.truth["names"]["isp_incident"]["isp"]
    assert isp_incident(planted, isp).score > FOUND_ERRORS
    for other in ("US-net-2", "US-net-3", "IN-net-1", "GB-net-1"):
        assert isp_incident(planted, other).score <= FOUND_ERRORS


def misses_allowed(tests: int) -> int:
    """Return how many seeds may miss what each misses with a chance of 5 %, at 0.001 over ``tests`` tests."""
    chance, total, misses = 0.95 ** len(SEEDS), 0.95 ** len(SEEDS), 0
    while 1 - total >= 0.001 / tests:
        chance *= (len(SEEDS) - misses) / (misses + 1) * 0.05 / 0.95
        total += chance
        misses += 1
    return misses


def test_seven_of_24_seeds_may_miss() -> None:
    # Over 34 tests, 0.00003 each: of Binomial(24, 0.05) 0.00013 lies above 6 and 0.000015 above 7.
    assert misses_allowed(34) == 7


@pytest.mark.verify
def test_effects_are_found_and_not_found_on_many_seeds() -> None:
    missing = dict.fromkeys(EFFECTS, 0)
    false_alarms = dict.fromkeys(EFFECTS, 0)
    off = dict.fromkeys(MEASURED, 0)
    for seed in SEEDS:
        with made(seed) as world:
            effects = {name: measure(world) for name, measure in EFFECTS.items()}
        for name, effect in effects.items():
            missing[name] += effect.score <= ONE_SIDED_5_PERCENT_ERRORS
        for name in MEASURED:
            strength = effects[name].planted
            assert strength is not None
            off[name] += abs(effects[name].size - strength) > TWO_SIDED_5_PERCENT_ERRORS * effects[name].error
        with made(seed, without=PLANTS) as world:
            for name, measure in EFFECTS.items():
                false_alarms[name] += measure(world).score > ONE_SIDED_5_PERCENT_ERRORS
    allowed = misses_allowed(2 * len(EFFECTS) + len(MEASURED))
    too_many = {
        (what, name): count
        for what, counts in (("missing", missing), ("false alarm", false_alarms), ("off", off))
        for name, count in counts.items()
        if count > allowed
    }
    assert too_many == {}
