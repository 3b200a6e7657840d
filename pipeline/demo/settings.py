"""What a demo world is made from, and the randomness that follows from it."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

END_DAY = date(2026, 7, 1)
"""The first day after the world, always the same, so that a seed gives the same world on any day."""
PARTS_A_DAY = 1 << 10
IDS_A_PART = 1 << 19


@dataclass(frozen=True, slots=True)
class Settings:
    """How large a world is, its seed, and the plants that are switched off."""

    events: int
    seed: int
    days: int
    titles: int
    accounts: int
    without: frozenset[str]

    @property
    def first_day(self) -> date:
        """The first day of the world, in UTC."""
        return END_DAY - timedelta(days=self.days)

    @property
    def first_us(self) -> int:
        """Microseconds from 1970 to the first day."""
        return (self.first_day - date(1970, 1, 1)).days * 86_400_000_000

    def planted(self, plant: str) -> bool:
        """Whether an effect is in this world."""
        return plant not in self.without

    def day(self, number: int) -> date:
        """Return a day by its number from the world's first day."""
        return self.first_day + timedelta(days=number)

    def day_number(self, day: date) -> int:
        """Days from the world's first day."""
        return (day - self.first_day).days

    def random(self, purpose: str, number: int = 0) -> np.random.Generator:
        """Return the randomness of one purpose, independent of every other purpose and of who asks first."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode()), number])


@dataclass(frozen=True, slots=True)
class Part:
    """So many player events of one day, made and written apart from the day's others, so that memory stays bounded."""

    day: int
    number: int
    events: int

    @property
    def key(self) -> int:
        """A number that no other part of the world has."""
        return self.day * PARTS_A_DAY + self.number

    @property
    def first_id(self) -> int:
        """The first of the part's own ``IDS_A_PART`` numbers, for ids of any kind."""
        return self.key * IDS_A_PART
