"""The demo world's campaigns and experiments: whom they reached, and what they changed."""

from datetime import timedelta
from typing import Any

import numpy as np

from pipeline.demo import plants
from pipeline.demo.catalogue import Catalogue
from pipeline.demo.columns import Bools, Ints, choices, ids, moments
from pipeline.demo.people import DEVICES, US_PER_DAY, People, account_ids
from pipeline.demo.settings import Settings

CAMPAIGN_DAYS = 14
CAMPAIGN_ENDS_BEFORE_END_DAYS = 30
EXPERIMENT_DAYS = 56
HOLDOUT_SHARE = 0.3
# Films by number: what each campaign advertises, and whose covers each experiment compares.
CAMPAIGN_FILMS = {"mobile": 8, "tv": 9}
EXPERIMENT_FILMS = {"uplift": 0, "none": 1}
TOUCHES = ("assigned", "sent", "seen", "clicked")
TOUCH_SHARES = (1.0, 0.97, 0.6, 0.12)


def campaign_first_day(settings: Settings) -> int:
    """Return the day number on which the campaigns begin."""
    return settings.days - CAMPAIGN_ENDS_BEFORE_END_DAYS - CAMPAIGN_DAYS


def treated(settings: Settings, campaign: int, account: Ints) -> Bools:
    """Tell which accounts a campaign was to reach; the others are its holdout."""
    drawn = (account * 2_654_435_761 + campaign * 97_561 + settings.seed * 7_919) % 1_000_003
    reached: Bools = drawn >= HOLDOUT_SHARE * 1_000_003
    return reached


def persuaded(settings: Settings, day: int, account: Ints, device: Ints, random: np.random.Generator) -> Bools:
    """Tell which visits watch what the mobile campaign advertises because of it; the one on television does nothing."""
    first = campaign_first_day(settings)
    draw = random.random(len(account))
    if not settings.planted("campaign_uplift") or not first <= day < first + CAMPAIGN_DAYS:
        return np.zeros(len(account), dtype=np.bool_)
    on_phone: Bools = device == DEVICES.index("mobile")
    return on_phone & treated(settings, 0, account) & (draw < plants.CAMPAIGN_UPLIFT_SHARE)


def marketing_tables(settings: Settings, catalogue: Catalogue, people: People) -> dict[str, dict[str, Any]]:
    """Return the columns of campaigns, campaign_touches, experiments and experiment_exposures."""
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
    test_day = max(0, settings.days - EXPERIMENT_DAYS - 7)
    experiments = {
        "experiment_id": [f"cover-{name}" for name in EXPERIMENT_FILMS],
        "name": [f"Cover of {catalogue.titles['name'][film]}" for film in EXPERIMENT_FILMS.values()],
        "kind": ["artwork", "artwork"],
        "started_on": [settings.first_day + timedelta(days=test_day)] * 2,
        "ended_on": [settings.first_day + timedelta(days=test_day + EXPERIMENT_DAYS - 1)] * 2,
        "hypothesis": ["The second cover is taken more often.", "The second cover is taken more often."],
        "primary_metric": ["take_rate", "take_rate"],
    }
    return {
        "campaigns": campaigns,
        "campaign_touches": _touches(settings, people, first),
        "experiments": experiments,
        "experiment_exposures": _exposures(settings, people, test_day),
    }


def _touches(settings: Settings, people: People, first_day: int) -> dict[str, Any]:
    random = settings.random("touches")
    account = np.flatnonzero(people.active(first_day))
    parts = []
    for campaign in range(len(CAMPAIGN_FILMS)):
        reached = treated(settings, campaign, account)
        assigned_us = settings.first_us + first_day * US_PER_DAY + random.integers(0, US_PER_DAY // 2, len(account))
        draw = random.random(len(account))
        for step, share in enumerate(TOUCH_SHARES):
            touched = (draw < share) & (reached | (step == 0))
            parts.append(
                np.column_stack(
                    [
                        np.full(int(touched.sum()), campaign),
                        account[touched],
                        assigned_us[touched] + step * 3_600_000_000,
                        np.where(reached[touched], 0, 1),
                        np.full(int(touched.sum()), step),
                    ]
                )
            )
    campaign, account, ts, arm, event = np.concatenate(parts).T
    return {
        "touch_id": ids("touch-", np.arange(len(ts)), 9),
        "campaign_id": choices(campaign, [f"campaign-{device}" for device in CAMPAIGN_FILMS]),
        "account_id": account_ids(account),
        "ts": moments(ts),
        "arm": choices(arm, ("treated", "holdout")),
        "event": choices(event, TOUCHES),
        "device_type": choices(campaign, tuple(CAMPAIGN_FILMS), event == 0),
    }


def _exposures(settings: Settings, people: People, test_day: int) -> dict[str, Any]:
    """Return each account's variant: the covers that viewing shows it anyway."""
    random = settings.random("exposures")
    account = np.tile(np.flatnonzero(people.active(test_day)), len(EXPERIMENT_FILMS))
    experiment = np.repeat(np.arange(len(EXPERIMENT_FILMS)), len(account) // len(EXPERIMENT_FILMS))
    return {
        "experiment_id": choices(experiment, [f"cover-{name}" for name in EXPERIMENT_FILMS]),
        "account_id": account_ids(account),
        "variant": choices((account // 7) % 2, ("A", "B")),
        "ts": moments(settings.first_us + test_day * US_PER_DAY + random.integers(0, US_PER_DAY // 24, len(account))),
    }
