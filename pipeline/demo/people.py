"""The invented service's accounts, their profiles and their subscriptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from definitions.countries import MAIN_ZONES
from pipeline.demo.columns import Bools, Floats, Floats32, Ints, Ints16, Ints32, choices, ids
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
COUNTRY_SHARES = (20, 14, 9, 8, 8, 6, 6, 5, 5, 4, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1)
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
PLAN_SHARES = (0.3, 0.45, 0.25)
PRICES_MINOR = np.array([599, 1199, 1799])
CHANNELS = ("organic", "social", "partner", "referral", "television", "search_ads")
CHANNEL_SHARES = (0.34, 0.2, 0.14, 0.12, 0.11, 0.09)
BILLING_DAYS = 30
LONGEST_SPELL_MONTHS = 60
EARLY_MONTHS = 3
SIGNED_UP_BEFORE_SHARE = 0.45
DAYS_BEFORE = 500
"""How long before the world's first day the first accounts signed up."""
CODES_A_REGION = 23
PAYMENT_FAILURE_SHARE = 0.02
PLAN_CHANGE_SHARE = 0.15
REJOIN_SHARE = 0.3
PROFILES_MAX = 4
DEVICES = ("tv", "mobile", "tablet", "desktop", "console")
MODELS = (
    ("Aurora 55", "Lumen Q7", "Panorama OLED"), ("Pebble 9", "Nimbus S", "Kite 12 Pro"), ("Slate 11", "Folio Air"),
    ("Chrome", "Firefox", "Safari"), ("Orbit One", "Arcade S"),
)  # fmt: skip
NEW_MODEL, NEW_MODEL_DEVICE = "Meridian 65", 0
"""A television that comes out when two fifths of the world's days are over."""
NEW_MODEL_FROM, NEW_MODEL_SHARE = 0.4, 0.35
VERSION_DAYS = 60
"""A new version of the app comes out so often, and the slowest have it as many days later."""
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
    The types are as small as they can be: every process has all of it, and there may be millions.
    """

    signed_up: Ints32
    country: Ints16
    region: Ints16
    plan: Ints16
    channel: Ints16
    appetite: Floats32
    profiles: Ints16
    profile_kids: Bools
    owned: Bools
    spell_account: Ints32
    spell_start: Ints32
    spell_months: Ints16
    spell_rejoin: Bools
    spell_unpaid: Bools
    spell_bad_months: Ints
    spell_moves_in: Ints16
    spell_next_plan: Ints16
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

    def bad_month(self, spell: Ints, month: Ints32) -> Bools:
        """Return whether a month of a spell is one of many stalls."""
        return ((self.spell_bad_months[spell] >> month) & 1).astype(np.bool_)

    def plan_in(self, spell: Ints, month: Ints) -> Ints16:
        """Return the plan that a spell is on in one of its months."""
        moved = month >= self.spell_moves_in[spell]
        return np.where(moved, self.spell_next_plan[spell], self.plan[self.spell_account[spell]])


def make_people(settings: Settings) -> People:
    """Return the people of a world; the same settings give the same."""
    random = settings.random("people")
    count = settings.accounts
    share = random.random(count)
    signed_up = np.floor(
        np.where(
            share < SIGNED_UP_BEFORE_SHARE, random.random(count) * -DAYS_BEFORE, random.random(count) * settings.days
        )
    ).astype(np.int32)
    plan = _drawn(PLAN_SHARES, count, random)
    kids = random.random((count, PROFILES_MAX), dtype=np.float32) < KIDS_PROFILE_SHARE
    kids[:, 0] = False
    rejoins = np.flatnonzero(random.random(count) < REJOIN_SHARE)
    spell_account = np.concatenate([np.arange(count), rejoins]).astype(np.int32)
    months, bad_months, moves_in, next_plan = _lives(plan[spell_account], settings)
    # Later than the month in which a failed payment might still be made good.
    gone = random.integers(32, 150, count, dtype=np.int32)
    back = (signed_up + months[:count] * BILLING_DAYS + gone)[rejoins]
    owned = random.random((count, len(OWNED_SHARES)), dtype=np.float32) < OWNED_SHARES
    # Everyone has something to watch on.
    owned[~owned[:, :2].any(axis=1), 1] = True
    return People(
        signed_up=signed_up,
        country=_drawn(COUNTRY_SHARES, count, random),
        region=random.integers(0, 2, count, dtype=np.int16),
        plan=plan,
        channel=_drawn(CHANNEL_SHARES, count, random),
        appetite=np.exp(random.normal(0, 0.6, count)).astype(np.float32),
        profiles=random.integers(1, PROFILES_MAX + 1, count, dtype=np.int16),
        profile_kids=kids,
        owned=owned,
        spell_account=spell_account,
        spell_start=np.concatenate([signed_up, back]),
        spell_months=months,
        spell_rejoin=np.arange(len(spell_account)) >= count,
        spell_unpaid=random.random(len(spell_account)) < UNPAID_SHARE,
        spell_bad_months=bad_months,
        spell_moves_in=moves_in,
        spell_next_plan=next_plan,
        offsets_min=_offsets_min(settings),
    )


def _drawn(shares: Sequence[float], count: int, random: np.random.Generator) -> Ints16:
    """Return numbers from 0 on, each as often as its share of all shares."""
    total = np.cumsum(shares)
    drawn: Ints16 = np.searchsorted(total, random.random(count) * total[-1], side="right").astype(np.int16)
    return drawn


def hazards(settings: Settings) -> Floats:
    """Return the monthly chance to leave after a month without many stalls: by plan, early and later."""
    by_plan = np.array([CHURN_HAZARD[name] for name in PLANS])
    return by_plan if settings.planted("churn_hazard") else np.full_like(by_plan, EVEN_HAZARD)


def after_bad_month(hazard: Floats, settings: Settings) -> Floats:
    """Return the chance to leave after a month of many stalls, from that after another."""
    odds = BAD_MONTH_ODDS_RATIO if settings.planted("rebuffering_churn") else 1.0
    return odds * hazard / (1 - hazard + odds * hazard)


def _lives(plan: Ints16, settings: Settings) -> tuple[Ints16, Ints, Ints16, Ints16]:
    """Return of each spell, from its first plan: months, bits of bad months, the month of a new plan, and that plan."""
    # Nobody's life is followed further than a month past the world.
    month = np.arange(min(LONGEST_SPELL_MONTHS, (DAYS_BEFORE + settings.days) // BILLING_DAYS + 2))
    by_month = hazards(settings)[:, np.where(month < EARLY_MONTHS, 0, 1)]
    usual, worse = by_month.astype(np.float32), after_bad_month(by_month, settings).astype(np.float32)
    parts = []
    for number, first in enumerate(range(0, len(plan), PORTION)):
        random = settings.random("lives", number)
        own = plan[first : first + PORTION]
        shape = len(own), len(month)
        bad = random.random(shape, dtype=np.float32) < BAD_MONTH_SHARE
        moves = random.random(len(own)) < PLAN_CHANGE_SHARE
        moves_in = np.where(moves, random.integers(2, 15, len(own)), LONGEST_SPELL_MONTHS)
        next_plan = (own + random.integers(1, len(PLANS), len(own))) % len(PLANS)
        moved = month >= moves_in[:, None]
        hazard = np.where(
            bad, np.where(moved, worse[next_plan], worse[own]), np.where(moved, usual[next_plan], usual[own])
        )
        leaves = random.random(shape, dtype=np.float32) < hazard
        leaves[:, -1] = True
        parts.append(
            (
                (leaves.argmax(axis=1) + 1).astype(np.int16),
                bad @ (1 << month),
                moves_in.astype(np.int16),
                next_plan.astype(np.int16),
            )
        )
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


def postal_codes(country: Ints16, region: Ints16, account: Ints) -> Any:
    """Return made-up postal codes, five digits, some for each region."""
    codes = [
        f"{11_000 + 2_000 * area + 83 * code:05d}"
        for area in range(2 * len(COUNTRIES))
        for code in range(CODES_A_REGION)
    ]
    return choices((country * 2 + region) * CODES_A_REGION + account % CODES_A_REGION, codes)


def regions(country: Ints16, region: Ints16) -> Any:
    """Return the subdivisions of accounts."""
    return choices(country * 2 + region, [name for names in SUBDIVISIONS for name in names[:2]])


def device_models(account: Ints, device: Ints) -> Any:
    """Return the model that an account has of a device type, to begin with."""
    return choices(*_models(account, device))


def models_in_use(settings: Settings, day: int, account: Ints, device: Ints) -> Any:
    """Return the model that an account plays on, of a device type, on a day; more and more have the one that is new."""
    model, names = _models(account, device)
    released = round(NEW_MODEL_FROM * settings.days)
    drawn = _spread(account)
    has_new = (device == NEW_MODEL_DEVICE) & (drawn < NEW_MODEL_SHARE)
    has_new &= day >= released + drawn / NEW_MODEL_SHARE * (settings.days - released)
    return choices(np.where(has_new, len(names), model), [*names, NEW_MODEL])


def app_versions(day: int, account: Ints, device: Ints) -> Any:
    """Return the version of the app that accounts have on a device type on a day; each takes a new one days late."""
    newest = day // VERSION_DAYS
    days_late = (_spread(account * len(DEVICES) + device + 31 * newest) ** 2 * VERSION_DAYS).astype(np.int64)
    version = np.where(day % VERSION_DAYS >= days_late, newest, max(newest - 1, 0))
    return choices(version, [f"8.{number}" for number in range(newest + 1)])


def _models(account: Ints, device: Ints) -> tuple[Ints, list[str]]:
    """Return the number of each account's model, and what the models are called."""
    first = np.cumsum([0, *map(len, MODELS)])[:-1]
    of_type = np.array([len(models) for models in MODELS])
    return first[device] + (account * 7 + device) % of_type[device], [model for models in MODELS for model in models]


def _spread(numbers: Ints) -> Floats:
    """Return for each number one from 0 to 1, always the same: what is drawn elsewhere stays as it is."""
    spread: Floats = numbers * 2_654_435_761 % (1 << 32) / (1 << 32)
    return spread
