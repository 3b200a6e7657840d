"""The invented service's accounts, their profiles and their subscriptions."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from definitions.countries import MAIN_ZONES
from pipeline.demo.columns import Bools, Floats, Ints, choices, ids, moments
from pipeline.demo.plants import BAD_MONTH_ODDS_RATIO, CHURN_HAZARD, EVEN_HAZARD
from pipeline.demo.settings import Settings

COUNTRIES = (
    "US",
    "IN",
    "GB",
    "DE",
    "BR",
    "FR",
    "JP",
    "ES",
    "MX",
    "IT",
    "CA",
    "AU",
    "KR",
    "NL",
    "SE",
    "PL",
    "AR",
    "ZA",
    "ID",
    "TR",
)
COUNTRY_SHARES = np.array([20, 14, 9, 8, 8, 6, 6, 5, 5, 4, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1], dtype=float)
LANGUAGES = (
    "en",
    "hi",
    "en",
    "de",
    "pt",
    "fr",
    "ja",
    "es",
    "es",
    "it",
    "en",
    "en",
    "ko",
    "nl",
    "sv",
    "pl",
    "es",
    "en",
    "id",
    "tr",
)
SUBDIVISIONS = (
    ("US-CA", "US-NY", "US-TX"), ("IN-KL", "IN-MH", "IN-DL"), ("GB-ENG", "GB-SCT"), ("DE-BE", "DE-BY"),
    ("BR-SP", "BR-RJ"), ("FR-IDF", "FR-ARA"), ("JP-13", "JP-27"), ("ES-MD", "ES-CT"), ("MX-CMX", "MX-JAL"),
    ("IT-25", "IT-62"), ("CA-ON", "CA-QC"), ("AU-NSW", "AU-VIC"), ("KR-11", "KR-26"), ("NL-NH", "NL-ZH"),
    ("SE-AB", "SE-O"), ("PL-14", "PL-12"), ("AR-B", "AR-C"), ("ZA-GP", "ZA-WC"), ("ID-JK", "ID-JB"), ("TR-34", "TR-06"),
)  # fmt: skip
PLANS = tuple(CHURN_HAZARD)
PLAN_SHARES = np.array([0.3, 0.45, 0.25])
PRICES_MINOR = np.array([599, 1199, 1799])
CHANNELS = ("organic", "social", "partner", "referral", "television", "search_ads")
BILLING_DAYS = 30
LONGEST_SPELL_MONTHS = 60
BAD_MONTH_SHARE = 0.15
PAYMENT_FAILURE_SHARE = 0.02
REJOIN_SHARE = 0.3
PROFILES_MAX = 4
DEVICES = ("tv", "mobile", "tablet", "desktop", "console")
MODELS = (
    ("Aurora 55", "Lumen Q7", "Panorama OLED"), ("Pebble 9", "Nimbus S", "Kite 12 Pro"), ("Slate 11", "Folio Air"),
    ("Chrome", "Firefox", "Safari"), ("Orbit One", "Arcade S"),
)  # fmt: skip
OWNED_SHARES = np.array([0.85, 0.95, 0.35, 0.5, 0.2])
KIDS_PROFILE_SHARE = 0.35
US_PER_DAY = 86_400_000_000


@dataclass(slots=True)
class People:
    """Accounts as arrays by account number, and their spells: days counted from the world's first, ends excluded.

    ``profile_kids`` has a row per account and a column per possible profile; ``owned`` a column per device type;
    ``spell_bad_month`` a row per spell and a column per month of it.
    """

    signed_up: Ints
    country: Ints
    region: Ints
    plan: Ints
    channel: Ints
    appetite: Floats
    profiles: Ints
    profile_kids: Bools
    owned: Bools
    spell_bad_month: Bools
    spell_account: Ints
    spell_start: Ints
    spell_months: Ints
    spell_rejoin: Bools
    offsets_min: Ints

    def spell(self, day: int) -> Ints:
        """Return the number of the spell that each account is in on a day; -1 where it has no subscription."""
        running = (self.spell_start <= day) & (day < self.spell_start + BILLING_DAYS * self.spell_months)
        spell = np.full(len(self.country), -1, dtype=np.int64)
        spell[self.spell_account[running]] = np.flatnonzero(running)
        return spell

    def active(self, day: int) -> Bools:
        """Return whether each account has a subscription on a day."""
        return self.spell(day) >= 0


def make_people(settings: Settings) -> People:
    """Return the people of a world; the same settings give the same."""
    random = settings.random("people")
    count = settings.accounts
    share = random.random(count)
    signed_up = np.floor(np.where(share < 0.45, random.random(count) * -500, random.random(count) * settings.days))
    country = random.choice(len(COUNTRIES), count, p=COUNTRY_SHARES / COUNTRY_SHARES.sum())
    plan = random.choice(len(PLANS), count, p=PLAN_SHARES)
    profiles = random.integers(1, PROFILES_MAX + 1, count)
    kids = random.random((count, PROFILES_MAX)) < KIDS_PROFILE_SHARE
    kids[:, 0] = False
    signed_up_days = signed_up.astype(np.int64)
    rejoins = np.flatnonzero(random.random(count) < REJOIN_SHARE)
    bad_month = random.random((count + len(rejoins), LONGEST_SPELL_MONTHS)) < BAD_MONTH_SHARE
    spell_account = np.concatenate([np.arange(count), rejoins])
    months = _months(plan[spell_account], bad_month, settings)
    back = (signed_up_days + months[:count] * BILLING_DAYS + random.integers(30, 150, count))[rejoins]
    owned = random.random((count, len(OWNED_SHARES))) < OWNED_SHARES
    # Everyone has something to watch on.
    owned[~owned[:, :2].any(axis=1), 1] = True
    return People(
        signed_up=signed_up_days,
        country=country,
        region=random.integers(0, 2, count),
        plan=plan,
        channel=random.integers(0, len(CHANNELS), count),
        appetite=np.exp(random.normal(0, 0.6, count)),
        profiles=profiles,
        profile_kids=kids,
        owned=owned,
        spell_bad_month=bad_month,
        spell_account=spell_account,
        spell_start=np.concatenate([signed_up_days, back]),
        spell_months=months,
        spell_rejoin=np.arange(len(spell_account)) >= count,
        offsets_min=_offsets_min(settings),
    )


def _months(plan: Ints, bad_month: Bools, settings: Settings) -> Ints:
    """Return how many months each spell lasts."""
    random = settings.random("churn")
    hazards = np.array([CHURN_HAZARD[name] for name in PLANS])
    if not settings.planted("churn_hazard"):
        hazards[:] = EVEN_HAZARD
    odds = BAD_MONTH_ODDS_RATIO if settings.planted("rebuffering_churn") else 1.0
    month = np.arange(LONGEST_SPELL_MONTHS)
    hazard = hazards[plan][:, np.where(month < 3, 0, 1)]
    after_bad = odds * hazard / (1 - hazard + odds * hazard)
    leaves = random.random(hazard.shape) < np.where(bad_month, after_bad, hazard)
    leaves[:, -1] = True
    months: Ints = leaves.argmax(axis=1) + 1
    return months


def _offsets_min(settings: Settings) -> Ints:
    """Return each country's offset from UTC on each day, at noon; a row per day."""
    noons = [
        datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(microseconds=settings.first_us, days=day)
        for day in range(settings.days)
    ]
    zones = [ZoneInfo(MAIN_ZONES[country]) for country in COUNTRIES]
    return np.array([[(zone.utcoffset(noon) or timedelta()).seconds for zone in zones] for noon in noons]) // 60


def signed_offsets(offsets_min: Ints) -> Ints:
    """Return offsets of 0 to 24 hours as offsets of -12 to 12 hours."""
    return np.where(offsets_min > 720, offsets_min - 1440, offsets_min)


def account_ids(numbers: Ints) -> Any:
    """Return the ids of accounts."""
    return ids("account-", numbers, 8)


def profile_ids(numbers: Ints) -> Any:
    """Return the ids of profiles, numbered ``PROFILES_MAX`` × account + place."""
    return ids("profile-", numbers, 9)


def postal_codes(country: Ints, region: Ints, account: Ints) -> Any:
    """Return made-up postal codes, five digits in hexadecimal."""
    return ids("", (country * 2 + region) * 4096 + account % 23 * 128, 5)


def regions(country: Ints, region: Ints) -> Any:
    """Return the subdivisions of accounts."""
    return choices(country * 2 + region, [name for names in SUBDIVISIONS for name in names[:2]])


def device_models(account: Ints, device: Ints) -> Any:
    """Return the model that an account has of a device type."""
    first = np.cumsum([0, *map(len, MODELS)])[:-1]
    of_type = np.array([len(models) for models in MODELS])
    return choices(
        first[device] + (account * 7 + device) % of_type[device], [model for models in MODELS for model in models]
    )


def account_tables(people: People, settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the columns of accounts, profiles and subscription_events."""
    random = settings.random("account tables")
    count = len(people.country)
    here = np.flatnonzero(people.signed_up < settings.days)
    second = random.integers(0, US_PER_DAY, count)
    signed_up = settings.first_us + people.signed_up * US_PER_DAY + second
    accounts = {
        "account_id": account_ids(here),
        "signed_up_at": moments(signed_up[here]),
        "country": choices(people.country[here], COUNTRIES),
        "region": regions(people.country[here], people.region[here]),
        "postal_code": postal_codes(people.country[here], people.region[here], here),
        "plan": choices(people.plan[here], PLANS),
        "acquisition_channel": choices(people.channel[here], CHANNELS),
    }
    owner = np.repeat(np.arange(count), people.profiles)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(people.profiles) - people.profiles, people.profiles)
    profiles = {
        "profile_id": profile_ids(owner * PROFILES_MAX + place),
        "account_id": account_ids(owner),
        "profile_type": choices(people.profile_kids[owner, place].astype(np.int64), ("standard", "kids")),
        "language": choices(people.country[owner], LANGUAGES),
        "created_at": moments(signed_up[owner]),
    }
    holder, device = np.nonzero(people.owned[here])
    holder = here[holder]
    devices = {
        "account_id": account_ids(holder),
        "device_type": choices(device, DEVICES),
        "device_model": device_models(holder, device),
        "first_play_at": moments(signed_up[holder] + (device * US_PER_DAY)),
    }
    return {
        "accounts": accounts,
        "profiles": profiles,
        "devices": devices,
        "subscription_events": _changes(people, settings, signed_up),
    }


def _changes(people: People, settings: Settings, signed_up_us: Ints) -> dict[str, Any]:
    random = settings.random("changes")
    spells = np.arange(len(people.spell_account))
    months = people.spell_months
    owner = np.repeat(spells, months)
    month = np.arange(len(owner)) - np.repeat(np.cumsum(months) - months, months)
    began = (
        signed_up_us[people.spell_account] + (people.spell_start - people.signed_up[people.spell_account]) * US_PER_DAY
    )
    billed = began[owner] + month * BILLING_DAYS * US_PER_DAY
    failed = (month > 0) & (random.random(len(owner)) < PAYMENT_FAILURE_SHARE)
    ended = began + months * BILLING_DAYS * US_PER_DAY
    parts = [
        (spells[~people.spell_rejoin], 0, began[~people.spell_rejoin]),
        (owner[(month > 0) & ~failed], 1, billed[(month > 0) & ~failed]),
        (spells, 2, ended - random.integers(1, 25 * US_PER_DAY, len(spells))),
        (spells, 3, ended),
        (spells[people.spell_rejoin], 4, began[people.spell_rejoin]),
        (owner[failed], 5, billed[failed]),
        (owner[failed], 6, billed[failed] + random.integers(US_PER_DAY, 8 * US_PER_DAY, int(failed.sum()))),
    ]
    spell = np.concatenate([part[0] for part in parts])
    event = np.concatenate([np.full(len(part[0]), part[1]) for part in parts])
    ts = np.concatenate([part[2] for part in parts])
    kept = ts < settings.first_us + settings.days * US_PER_DAY
    spell, event, ts = spell[kept], event[kept], ts[kept]
    order = np.lexsort((event, ts))
    spell, event, ts = spell[order], event[order], ts[order]
    account = people.spell_account[spell]
    names = ("start", "renew", "cancel", "end", "rejoin", "payment_failed", "payment_recovered")
    return {
        "event_id": ids("change-", np.arange(len(ts)), 9),
        "account_id": account_ids(account),
        "ts": moments(ts),
        "event": choices(event, names),
        "plan": choices(people.plan[account], PLANS),
        "price_minor": PRICES_MINOR[people.plan[account]],
        "currency": choices(np.zeros(len(ts)), ("EUR",)),
    }
