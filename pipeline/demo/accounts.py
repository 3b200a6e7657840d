"""The tables of the invented service's accounts: who they are, what they own, and how their subscriptions changed."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.demo.columns import Ints, Ints16, choices, ids, moments
from pipeline.demo.people import (
    BILLING_DAYS,
    CHANNELS,
    COUNTRIES,
    DEVICES,
    LANGUAGES,
    PAYMENT_FAILURE_SHARE,
    PLANS,
    PORTION,
    PRICES_MINOR,
    PROFILES_MAX,
    US_PER_DAY,
    People,
    account_ids,
    device_models,
    postal_codes,
    profile_ids,
    regions,
)
from pipeline.demo.settings import Settings

CHANGES_A_PORTION = 1 << 26
CHANGES = (
    "start", "renew", "change_plan", "cancel", "end", "rejoin", "payment_failed", "payment_recovered",
)  # fmt: skip
START, RENEW, CHANGE_PLAN, CANCEL, END, REJOIN, FAILED, RECOVERED = range(len(CHANGES))


def account_tables(people: People, settings: Settings) -> Iterator[dict[str, dict[str, Any]]]:
    """Yield the columns of accounts, profiles, devices and subscription_events, some accounts at a time."""
    for number, first in enumerate(range(0, len(people.country), PORTION)):
        random = settings.random("account tables", number)
        account = np.arange(first, min(first + PORTION, len(people.country)))
        signed_up = (
            settings.first_us
            + people.signed_up[account].astype(np.int64) * US_PER_DAY
            + random.integers(0, US_PER_DAY, len(account))
        )
        yield _own_tables(people, settings, account, signed_up) | {
            "subscription_events": _changes(people, settings, number, account, signed_up)
        }


def _own_tables(people: People, settings: Settings, account: Ints, signed_up_us: Ints) -> dict[str, dict[str, Any]]:
    first = account[0]
    country, region = people.country[account], people.region[account]
    accounts = {
        "account_id": account_ids(account),
        "signed_up_at": moments(signed_up_us),
        "country": choices(country, COUNTRIES),
        "region": regions(country, region),
        "postal_code": postal_codes(country, region, account),
        "plan": choices(_last_plans(people, settings, account), PLANS),
        "acquisition_channel": choices(people.channel[account], CHANNELS),
    }
    counts = people.profiles[account]
    owner = np.repeat(account, counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    profiles = {
        "profile_id": profile_ids(owner * PROFILES_MAX + place),
        "account_id": account_ids(owner),
        "profile_type": choices(people.profile_kids[owner, place].astype(np.int64), ("standard", "kids")),
        "language": choices(people.country[owner], LANGUAGES),
        "created_at": moments(signed_up_us[owner - first]),
    }
    holder, device = np.nonzero(people.owned[account])
    devices = {
        "account_id": account_ids(account[holder]),
        "device_type": choices(device, DEVICES),
        "device_model": device_models(account[holder], device),
        "first_play_at": moments(signed_up_us[holder] + device * US_PER_DAY),
    }
    return {"accounts": accounts, "profiles": profiles, "devices": devices}


def _spells(people: People, settings: Settings, account: Ints) -> Ints:
    """Return the spells of a run of accounts that begin in the world's time or before."""
    mine = (people.spell_account >= account[0]) & (people.spell_account <= account[-1])
    return np.flatnonzero(mine & (people.spell_start < settings.days))


def _last_plans(people: People, settings: Settings, account: Ints) -> Ints16:
    """Return the plan that each account is on at the world's end, or was on last."""
    spell = _spells(people, settings, account)
    month = np.minimum((settings.days - 1 - people.spell_start[spell]) // BILLING_DAYS, people.spell_months[spell] - 1)
    plan = people.plan[account]
    # A rejoining spell has a higher number than the one before it, so that it has the last word.
    plan[people.spell_account[spell] - account[0]] = people.plan_in(spell, month)
    return plan


def _changes(people: People, settings: Settings, number: int, account: Ints, signed_up_us: Ints) -> dict[str, Any]:
    random = settings.random("changes", number)
    spells = _spells(people, settings, account)
    month_us = BILLING_DAYS * US_PER_DAY
    start, months = people.spell_start[spells].astype(np.int64), people.spell_months[spells].astype(np.int64)
    home = people.spell_account[spells]
    began = signed_up_us[home - account[0]] + (start - people.signed_up[home]) * US_PER_DAY
    place = np.arange(len(spells))
    # Months that begin after the world are nobody's yet.
    lived = np.minimum(months, (settings.days - start) // BILLING_DAYS + 1)
    owner = np.repeat(place, lived)
    month = np.arange(len(owner)) - np.repeat(np.cumsum(lived) - lived, lived)
    billed = began[owner] + month * month_us
    failed = (month > 0) & (random.random(len(owner)) < PAYMENT_FAILURE_SHARE)
    moved = month == people.spell_moves_in[spells][owner]
    ended = began + months * month_us
    rejoin, unpaid = people.spell_rejoin[spells], people.spell_unpaid[spells]
    decided = ended - random.integers(1, 25 * US_PER_DAY, len(spells))
    made_good = billed + random.integers(US_PER_DAY, 8 * US_PER_DAY, len(owner))
    parts = [
        (START, place[~rejoin], np.zeros(int((~rejoin).sum())), began[~rejoin]),
        (REJOIN, place[rejoin], np.zeros(int(rejoin.sum())), began[rejoin]),
        (CHANGE_PLAN, owner[moved], month[moved], billed[moved]),
        (RENEW, owner[(month > 0) & ~failed], month[(month > 0) & ~failed], billed[(month > 0) & ~failed]),
        (FAILED, owner[failed], month[failed], billed[failed]),
        (RECOVERED, owner[failed], month[failed], made_good[failed]),
        (CANCEL, place[~unpaid], months[~unpaid] - 1, decided[~unpaid]),
        (END, place[~unpaid], months[~unpaid] - 1, ended[~unpaid]),
        # Nobody cancels here: the payment for the next month fails, and is not made good.
        (FAILED, place[unpaid], months[unpaid] - 1, ended[unpaid]),
    ]
    event = np.concatenate([np.full(len(of), kind) for kind, of, _, _ in parts])
    spell, in_month, ts = (np.concatenate([part[column] for part in parts]) for column in (1, 2, 3))
    order = np.lexsort((event, ts))
    order = order[ts[order] < settings.first_us + settings.days * US_PER_DAY]
    event, spell, ts = event[order], spell[order], ts[order]
    plan = people.plan_in(spells[spell], in_month[order].astype(np.int64))
    return {
        "event_id": ids("change-", number * CHANGES_A_PORTION + np.arange(len(ts)), 9),
        "account_id": account_ids(home[spell]),
        "ts": moments(ts),
        "event": choices(event, CHANGES),
        "plan": choices(plan, PLANS),
        "price_minor": PRICES_MINOR[plan],
        "currency": choices(np.zeros(len(ts)), ("EUR",)),
    }
