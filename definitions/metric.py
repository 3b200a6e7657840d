"""What the definition of a metric is made of."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """The units a metric can be stored in; how each is written for people is components' business."""

    HOURS = "hours"
    COUNT = "count"
    RATE = "rate, 0 to 1"
    PER_HOUR = "per hour"
    MILLISECONDS = "milliseconds"
    DAYS = "days"
    MONTHS = "months"
    KBPS = "kbit/s"
    MINOR = "minor currency units"
    RATIO = "ratio"
    SCORE = "score"
    VECTOR = "216 shares that sum to 1"
    TEXT = "text"


class Better(StrEnum):
    """Which way a change is welcome."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it is called, its unit, its one definition and how it is computed.

    ``needs`` lists the contract's columns without which it cannot be computed, as ``table.column``.
    ``source`` names where the formula comes from, when it is not our own.
    """

    name: str
    label: str
    unit: Unit
    definition: str
    formula: str
    needs: tuple[str, ...] = ()
    better: Better = Better.NEITHER
    source: str | None = None
