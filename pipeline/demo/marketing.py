"""The demo world's campaigns and experiments: whom they reached, and what they changed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np

from pipeline.demo import plants
from pipeline.demo.catalogue import Catalogue
from pipeline.demo.columns import Bools, Ints, choices, ids, moments
from pipeline.demo.people import DEVICES, PORTION, US_PER_DAY, People, account_ids
from pipeline.demo.settings import Settings

CAMPAIGN_DAYS = 14
CAMPAIGN_ENDS_BEFORE_END_DAYS = 30
EXPERIMENT_DAYS = 70
HOLDOUT_SHARE = 0.3
# Films by number: what each campaign advertises, and whose covers each test compares.
CAMPAIGN_FILMS = {"mobile": 8, "tv": 9}
COVER_TESTS = {"cover-uplift": 0, "cover-none": 1}
TRAILER_TESTS = {"trailer-uplift": 0}
"""The pair of trailers that each experiment compares."""
TOUCHES = ("assigned", "sent", "seen", "clicked")
TOUCH_SHARES = (1.0, 0.97, 0.6, 0.12)


def campaign_first_day(settings: Settings) -> int:
    """Return the day number on which the campaigns begin."""
    return settings.days - CAMPAIGN_ENDS_BEFORE_END_DAYS - CAMPAIGN_DAYS


def experiments_first_day(settings: Settings) -> int:
    """Return the day number on which the experiments begin."""
    return settings.days - EXPERIMENT_DAYS - 7


def cover_shown(account: Ints, variants: Ints | int) -> Ints:
    """Return which cover, from 0 on, each account sees of a work that has so many."""
    return account // 7 % variants


def shows_second_trailer(account: Ints) -> Bools:
    """Tell which accounts see the second version of a trailer."""
    second: Bools = account // 11 % 2 == 1
    return second


def treated(settings: Settings, campaign: int, account: Ints) -> Bools:
    """Tell which accounts a campaign was to reach; the others are its holdout."""
    drawn = (account * 2_654_435_761 + campaign * 97_561 + settings.seed * 7_919) % 1_000_003
    reached: Bools = drawn >= HOLDOUT_SHARE * 1_000_003
    return reached


def persuaded(settings: Settings, day: int, account: Ints, device: Ints, random: np.random.Generator) -> Bools:
    """Tell which visits watch what the mobile campaign advertises because of it; the one on television does nothing."""
    first = campaign_first_day(settings)
    draw = random.random(len(account))
    # From the second day on, when everyone has been reached.
    if not settings.planted("campaign_uplift") or not first < day < first + CAMPAIGN_DAYS:
        return np.zeros(len(account), dtype=np.bool_)
    on_phone: Bools = device == DEVICES.index("mobile")
    return on_phone & treated(settings, 0, account) & (draw < plants.CAMPAIGN_UPLIFT_SHARE)


def marketing_tables(settings: Settings, catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """Return the columns of campaigns and experiments."""
    first = campaign_first_day(settings)
    begins = settings.first_day + timedelta(days=first)
    campaigns = {
        "campaign_id": [f"campaign-{device}" for device in CAMPAIGN_FILMS],
        "name": [f"{catalogue.titles['name'][film]} on {device}" for device, film in CAMPAIGN_FILMS.items()],
        "channel": ["push", "on_screen"],
        "device_type": list(CAMPAIGN_FILMS),
        "message": ["trailer A", "trailer B"],
        "title_id": [catalogue.title_ids[film] for film in CAMPAIGN_FILMS.values()],
        "started_on": [begins] * 2,
        "ended_on": [begins + timedelta(days=CAMPAIGN_DAYS - 1)] * 2,
        "cost_minor": [12_000_000, 30_000_000],
        "currency": ["EUR", "EUR"],
    }
    test_day = experiments_first_day(settings)
    tests = [*COVER_TESTS, *TRAILER_TESTS]
    names = catalogue.work_names
    of_trailers = [names[catalogue.work_of_title[catalogue.trailers[pair, 0]]] for pair in TRAILER_TESTS.values()]
    covers, trailers = len(COVER_TESTS), len(TRAILER_TESTS)
    experiments = {
        "experiment_id": tests,
        "name": [f"Cover of {names[film]}" for film in COVER_TESTS.values()]
        + [f"Trailer of {name}" for name in of_trailers],
        "kind": ["artwork"] * covers + ["trailer"] * trailers,
        "started_on": [settings.first_day + timedelta(days=test_day)] * len(tests),
        "ended_on": [settings.first_day + timedelta(days=test_day + EXPERIMENT_DAYS - 1)] * len(tests),
        "hypothesis": ["The second cover is taken more often."] * covers
        + ["More go on to the film after the second version."] * trailers,
        "primary_metric": ["take_rate"] * covers + ["conversion"] * trailers,
    }
    return {"campaigns": campaigns, "experiments": experiments}


def contact_tables(settings: Settings, people: People) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield the columns of campaign_touches and experiment_exposures, some accounts at a time."""
    reached = np.flatnonzero(people.active(campaign_first_day(settings)))
    exposed = np.flatnonzero(people.active(experiments_first_day(settings)))
    for number, first in enumerate(range(0, len(people.country), PORTION)):
        here, there = (
            accounts[np.searchsorted(accounts, first) : np.searchsorted(accounts, first + PORTION)]
            for accounts in (reached, exposed)
        )
        yield {
            "campaign_touches": _touches(settings, number, here),
            "experiment_exposures": _exposures(settings, number, there),
        }


def _touches(settings: Settings, number: int, account: Ints) -> dict[str, Any]:
    random = settings.random("touches", number)
    midnight_us = settings.first_us + campaign_first_day(settings) * US_PER_DAY
    parts = []
    for campaign in range(len(CAMPAIGN_FILMS)):
        is_treated = treated(settings, campaign, account)
        assigned_us = midnight_us + random.integers(0, US_PER_DAY // 2, len(account))
        draw = random.random(len(account))
        for step, share in enumerate(TOUCH_SHARES):
            touched = np.flatnonzero((draw < share) & (is_treated | (step == 0)))
            parts.append(
                np.column_stack(
                    [
                        np.full(len(touched), campaign),
                        account[touched],
                        assigned_us[touched] + step * 3_600_000_000,
                        ~is_treated[touched],
                        np.full(len(touched), step),
                    ]
                )
            )
    campaign, account, ts, arm, event = np.concatenate(parts).T
    return {
        "touch_id": ids("touch-", number * PORTION * len(CAMPAIGN_FILMS) * len(TOUCHES) + np.arange(len(ts)), 9),
        "campaign_id": choices(campaign, [f"campaign-{device}" for device in CAMPAIGN_FILMS]),
        "account_id": account_ids(account),
        "ts": moments(ts),
        "arm": choices(arm, ("treated", "holdout")),
        "event": choices(event, TOUCHES),
        "device_type": choices(campaign, tuple(CAMPAIGN_FILMS), event == 0),
    }


def _exposures(settings: Settings, number: int, exposed: Ints) -> dict[str, Any]:
    """Return each account's variant: the covers and trailers that viewing shows it anyway."""
    random = settings.random("exposures", number)
    midnight_us = settings.first_us + experiments_first_day(settings) * US_PER_DAY
    tests = [*COVER_TESTS, *TRAILER_TESTS]
    account = np.tile(exposed, len(tests))
    experiment = np.repeat(np.arange(len(tests)), len(exposed))
    second = np.where(experiment < len(COVER_TESTS), cover_shown(account, 2), shows_second_trailer(account))
    return {
        "experiment_id": choices(experiment, tests),
        "account_id": account_ids(account),
        "variant": choices(second, ("A", "B")),
        "ts": moments(midnight_us + random.integers(0, US_PER_DAY // 24, len(account))),
    }
