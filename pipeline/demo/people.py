"""The invented service's accounts, their profiles and their subscriptions."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from definitions.countries import MAIN_ZONES
from pipeline.demo.columns import Bools, Floats, Ints, choices, ids
from pipeline.demo.plants import BAD_MONTH_ODDS_RATIO, BAD_MONTH_SHARE, CHURN_HAZARD, EVEN_HAZARD, UNPAID_SHARE
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
EARLY_MONTHS = 3
PAYMENT_FAILURE_SHARE = 0.02
PLAN_CHANGE_SHARE = 0.15
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
PORTION = 1 << 16
"""How many accounts or spells are worked on at a time, so that memory stays bounded."""


@dataclass(slots=True)
class People:
    """Accounts as arrays by account number, and their spells: days counted from the world's first, ends excluded.

    ``profile_kids`` has a row per account and a column per possible profile; ``owned`` a column per device type;
    ``spell_bad_months`` a bit per month; from the month ``spell_moves_in`` on a spell is on ``spell_next_plan``.
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
    spell_account: Ints
    spell_start: Ints
    spell_months: Ints
    spell_rejoin: Bools
    spell_unpaid: Bools
    spell_bad_months: Ints
    spell_moves_in: Ints
    spell_next_plan: Ints
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

    def active_counts(self, days: int) -> Ints:
        """Return how many accounts have a subscription on each of the world's days."""
        end = self.spell_start + BILLING_DAYS * self.spell_months
        begins, ends = (np.bincount(np.clip(at, 0, days), minlength=days + 1) for at in (self.spell_start, end))
        return np.cumsum(begins - ends)[:days]

    def bad_month(self, spell: Ints, month: Ints) -> Bools:
        """Return whether a month of a spell is one of many stalls."""
        return ((self.spell_bad_months[spell] >> month) & 1).astype(np.bool_)

    def plan_in(self, spell: Ints, month: Ints) -> Ints:
        """Return the plan that a spell is on in one of its months."""
        moved = month >= self.spell_moves_in[spell]
        return np.where(moved, self.spell_next_plan[spell], self.plan[self.spell_account[spell]])


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
    spell_account = np.concatenate([np.arange(count), rejoins])
    months, bad_months, moves_in, next_plan = _lives(plan[spell_account], settings)
    # Later than the month in which a failed payment might still be made good.
    back = (signed_up_days + months[:count] * BILLING_DAYS + random.integers(32, 150, count))[rejoins]
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
        spell_account=spell_account,
        spell_start=np.concatenate([signed_up_days, back]),
        spell_months=months,
        spell_rejoin=np.arange(len(spell_account)) >= count,
        spell_unpaid=random.random(len(spell_account)) < UNPAID_SHARE,
        spell_bad_months=bad_months,
        spell_moves_in=moves_in,
        spell_next_plan=next_plan,
        offsets_min=_offsets_min(settings),
    )


def hazards(settings: Settings) -> Floats:
    """Return the monthly chance to leave after a month without many stalls: by plan, early and later."""
    by_plan = np.array([CHURN_HAZARD[name] for name in PLANS])
    return by_plan if settings.planted("churn_hazard") else np.full_like(by_plan, EVEN_HAZARD)


def after_bad_month(hazard: Floats, settings: Settings) -> Floats:
    """Return the chance to leave after a month of many stalls, from that after another."""
    odds = BAD_MONTH_ODDS_RATIO if settings.planted("rebuffering_churn") else 1.0
    return odds * hazard / (1 - hazard + odds * hazard)


def _lives(plan: Ints, settings: Settings) -> tuple[Ints, Ints, Ints, Ints]:
    """Return of each spell, from its first plan: months, bits of bad months, the month of a new plan, and that plan."""
    by_plan = hazards(settings)
    month = np.arange(LONGEST_SPELL_MONTHS)
    parts = []
    for number, first in enumerate(range(0, len(plan), PORTION)):
        random = settings.random("lives", number)
        own = plan[first : first + PORTION]
        bad = random.random((len(own), LONGEST_SPELL_MONTHS)) < BAD_MONTH_SHARE
        moves = random.random(len(own)) < PLAN_CHANGE_SHARE
        moves_in = np.where(moves, random.integers(2, 15, len(own)), LONGEST_SPELL_MONTHS)
        next_plan = (own + random.integers(1, len(PLANS), len(own))) % len(PLANS)
        now = np.where(month >= moves_in[:, None], next_plan[:, None], own[:, None])
        hazard = by_plan[now, np.where(month < EARLY_MONTHS, 0, 1)]
        leaves = random.random(hazard.shape) < np.where(bad, after_bad_month(hazard, settings), hazard)
        leaves[:, -1] = True
        parts.append((leaves.argmax(axis=1) + 1, bad @ (1 << month), moves_in, next_plan))
    months, bad_months, moved_in, next_plans = (np.concatenate(part) for part in zip(*parts, strict=True))
    return months, bad_months, moved_in, next_plans


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
