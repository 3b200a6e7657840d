"""Numbers, changes and days as people read them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd

from definitions.currencies import minor_digits
from definitions.metric import Better, Metric, Unit

DASH = "\N{EN DASH}"
NO_VALUE = DASH
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
TENFOLD = 10
EXACT_BELOW = 10_000
MINUTES_SHOWN_BELOW_HOURS = 24
ONE_DECIMAL_BELOW = 100
SMALL_RATE = 0.001
SUFFIXES = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Change:
    """How a value differs from that of the comparison period: by 4.1 %, 0.4 pt, or so many times from tenfold on.

    ``word`` is "up", "down" or "unchanged"; ``verdict`` "better" or "worse", or empty where neither way is welcome.
    ``is_rise_worse`` where less is better: an arrow alone would mislead those who do not see its colour.
    """

    word: str
    size: str = ""
    verdict: str = ""
    is_rise_worse: bool = False

    def __str__(self) -> str:
        """Return the change by arrow and sign, such as «▲ +4.1 %», or «▲ +70 % (worse)» where a rise is."""
        told = f"{SPACE}({self.verdict})" if self.is_rise_worse and self.verdict else ""
        match self.word:
            case "up":
                return f"▲{SPACE}{'' if self.size.startswith(TIMES) else '+'}{self.size}{told}"
            case "down":
                return f"▼{SPACE}{MINUS}{self.size}{told}"
            case _:
                return self.word

    @property
    def spoken(self) -> str:
        """Return the change in words, such as «up 4.1 %, better»."""
        return ", ".join(filter(None, (f"{self.word} {self.size}".strip(), self.verdict)))


def is_missing(value: object) -> bool:
    """Tell whether a value of a data frame is null, whichever null it is."""
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def value_text(value: Any, unit: Unit) -> str:
    """Return a metric's value in its unit, such as «1.24M h», «2 h 06 min», «41 %»; a dash for null."""
    if is_missing(value):
        return NO_VALUE
    number = float(value)
    match unit:
        case Unit.HOURS:
            return _hours(number)
        case Unit.RATE:
            return _percent(number * 100) + SPACE + "%"
        case Unit.COUNT:
            return _count(number)
        case Unit.SCORE:
            return _rounded(number, 2)
        case _:
            return f"{_count(number)}{SPACE}{unit.value}"


def column_texts(values: Iterable[Any], unit: Unit) -> list[str]:
    """Return a column's values in one unit and one precision, those that its largest asks for; a dash for null."""
    column = list(values)
    sizes = [abs(float(value)) for value in column if not is_missing(value)]
    largest = max(sizes, default=0)
    match unit:
        case Unit.HOURS if largest < MINUTES_SHOWN_BELOW_HOURS:
            text = _hours_and_minutes if round(largest * 60) >= 60 else _minutes
        case Unit.HOURS:
            text = partial(_fixed, digits=1 if largest < TENFOLD * ONE_DECIMAL_BELOW else 0, sign="h")
        case Unit.RATE:
            is_small = any(0 < size < SMALL_RATE for size in sizes)
            text = partial(_fixed, digits=2 if is_small else 1, sign="%", times=100)
        case _:
            is_whole = largest >= ONE_DECIMAL_BELOW or all(size == int(size) for size in sizes)
            text = partial(_fixed, digits=0 if is_whole else 1, sign="" if unit is Unit.COUNT else unit.value)
    return [NO_VALUE if is_missing(value) else text(float(value)) for value in column]


def money_text(minor_units: Any, currency: str) -> str:
    """Return an amount in the minor units of its currency (ISO 4217), such as «1,234.50 EUR»; a dash for null."""
    if is_missing(minor_units):
        return NO_VALUE
    digits = minor_digits(currency)
    return f"{float(minor_units) / 10**digits:,.{digits}f}{SPACE}{currency}"


def change_between(current: Any, previous: Any, metric: Metric, *, in_column: bool = False) -> Change | None:
    """Compare two values of a metric: rates in percentage points, all else in per cent, with one decimal ``in_column``.

    None when either is null, or when the earlier one is zero and no per cent can be told.
    """
    if is_missing(current) or is_missing(previous):
        return None
    difference = float(current) - float(previous)
    if metric.unit is Unit.RATE:
        number, size = _percent(abs(difference) * 100), "{}" + SPACE + "pt"
    elif float(previous) == 0:
        return None if difference else Change("unchanged")
    elif current >= TENFOLD * previous:
        number, size = _rounded(float(current) / float(previous), 0), TIMES + "{}"
    else:
        percent = abs(difference) / abs(float(previous)) * 100
        number = f"{percent:.1f}" if in_column else _rounded(percent, 1 if percent < 10 else 0)
        size = "{}" + SPACE + "%"
    if float(number.replace(",", "")) == 0:
        return Change("unchanged")
    rose = difference > 0
    verdict = ""
    if metric.better is not Better.NEITHER:
        verdict = "better" if rose == (metric.better is Better.HIGHER) else "worse"
    return Change("up" if rose else "down", size.format(number), verdict, metric.better is Better.LOWER)


def axis_text(value: float, unit: Unit) -> str:
    """Return a round value as an axis labels it, such as «2.5k h» or «40 %»."""
    match unit:
        case Unit.HOURS:
            return f"{_short(value)}{SPACE}h"
        case Unit.RATE:
            return f"{_rounded(value * 100, 2)}{SPACE}%"
        case _:
            return _short(value)


def signed_column_texts(differences: Iterable[Any], unit: Unit) -> list[str]:
    """Return a column's differences as ``column_texts`` does, each with its sign, such as «+18.0 h»."""
    column = [math.nan if is_missing(value) else float(value) for value in differences]
    signs = ("+" if value > 0 else MINUS if value < 0 else "" for value in column)
    return [sign + size for sign, size in zip(signs, column_texts(map(abs, column), unit), strict=True)]


def day_text(day: date) -> str:
    """Return a day as «12 Jun 2023»."""
    return f"{day.day} {day:%b} {day.year}"


def minute_text(moment: pd.Timestamp) -> str:
    """Return a minute in UTC as «Mon 12 Jun 2023, 20:45 UTC»."""
    return f"{moment:%a} {day_text(moment.date())}, {moment:%H:%M} UTC"


def days_text(start_day: date, end_day: date) -> str:
    """Return a range of days, ``end_day`` exclusive, by its first and its last day: «22 May» to «18 Jun 2023»."""
    last_day = end_day - timedelta(days=1)
    if start_day == last_day:
        return day_text(start_day)
    if start_day.year != last_day.year:
        return f"{day_text(start_day)} {DASH} {day_text(last_day)}"
    first = f"{start_day.day}" if start_day.month == last_day.month else f"{start_day.day} {start_day:%b}"
    return f"{first} {DASH} {day_text(last_day)}"


def period_text(first_day: date, granularity: str) -> str:
    """Return the name of a day, week or month by its first day."""
    match granularity:
        case "week":
            return f"week of {day_text(first_day)}"
        case "month":
            return f"{first_day:%B %Y}"
        case _:
            return f"{first_day:%a} {day_text(first_day)}"


def list_text(items: list[str]) -> str:
    """Join items as people do: «a, b and c»."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def _hours(hours: float) -> str:
    if abs(hours) >= MINUTES_SHOWN_BELOW_HOURS:
        return _count(hours) + SPACE + "h"
    minutes = round(hours * 60)
    if minutes == 0 and hours:
        return f"{max(1, round(hours * 3600))}{SPACE}s"
    if abs(minutes) < 60:
        return f"{minutes}{SPACE}min"
    return _hours_and_minutes(hours)


def _hours_and_minutes(hours: float) -> str:
    whole, rest = divmod(round(abs(hours) * 60), 60)
    return f"{MINUS if hours < 0 else ''}{whole}{SPACE}h{SPACE}{rest:02d}{SPACE}min"


def _minutes(hours: float) -> str:
    return f"{_rounded(hours * 60, 0)}{SPACE}min"


def _fixed(number: float, *, digits: int, sign: str, times: int = 1) -> str:
    return f"{_digits(number * times, digits)}{SPACE}{sign}".rstrip(SPACE)


def _count(number: float) -> str:
    if abs(number) < ONE_DECIMAL_BELOW and number != int(number):
        return _rounded(number, 1)
    if abs(number) < EXACT_BELOW:
        return _digits(number, 0)
    for size, suffix in SUFFIXES:
        # 999,950 reads 1.00M, not 1,000k.
        if abs(number) >= size * 0.9995:
            scaled = number / size
            digits = 2 - math.floor(math.log10(abs(scaled) * 1.0005))
            return _digits(scaled, max(0, min(2, digits))) + suffix
    return f"{number:,.0f}"


def _short(number: float) -> str:
    for size, suffix in SUFFIXES:
        if abs(number) >= size:
            return _rounded(number / size, 2) + suffix
    return _rounded(number, 2)


def _percent(percent: float) -> str:
    """One decimal, and two below one per cent, so that a small share does not read as none."""
    return _rounded(percent, 2 if abs(percent) < 1 else 1)


def _rounded(number: float, digits: int) -> str:
    text = _digits(number, digits)
    return text.rstrip("0").removesuffix(".") if digits else text


def _digits(number: float, digits: int) -> str:
    return f"{number:,.{digits}f}".replace("-", MINUS)
