"""The date and duration forms of streaming exports, and whether a column writes the day or the month first."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum

from pipeline.errors import SourceError

_NUMERIC = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_CLOCK = re.compile(r"(\d+):([0-5]\d):([0-5]\d)(?:\.\d+)?")


class DayOrder(Enum):
    """Which of the first two numbers of a date such as 3/4/2022 is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def day_order(values: Iterable[tuple[int, str]], place: str) -> DayOrder:
    """Decide the day order of a column from its ``values``: (line number, text).

    A number above 12 decides. Where none does, slashes mean month first and dashes day first. Raises SourceError,
    naming ``place`` and two lines, when rows disagree or when both separators occur and nothing decides.
    """
    evidence: dict[DayOrder, tuple[int, str]] = {}
    separators: dict[str, tuple[int, str]] = {}
    for line, text in values:
        match = _NUMERIC.fullmatch(text.strip())
        if match is None:
            continue
        separators.setdefault(match[2], (line, text))
        if int(match[1]) > 12:
            evidence.setdefault(DayOrder.DAY_FIRST, (line, text))
        elif int(match[3]) > 12:
            evidence.setdefault(DayOrder.MONTH_FIRST, (line, text))
    if len(evidence) == 2:
        day, month = evidence[DayOrder.DAY_FIRST], evidence[DayOrder.MONTH_FIRST]
        raise SourceError(
            f"{place}: line {day[0]} ('{day[1]}') writes the day first and line {month[0]} ('{month[1]}') the month "
            "first, so no date of the file can be trusted. Use the file as it was downloaded, not re-saved."
        )
    if evidence:
        return next(iter(evidence))
    if len(separators) == 2:
        slash, dash = separators["/"], separators["-"]
        raise SourceError(
            f"{place}: line {slash[0]} ('{slash[1]}') has slashes and line {dash[0]} ('{dash[1]}') has dashes, and no "
            "row shows whether the day or the month comes first. Use the file as it was downloaded, not re-saved."
        )
    return DayOrder.DAY_FIRST if "-" in separators else DayOrder.MONTH_FIRST


def parse_utc(text: str, order: DayOrder) -> datetime | None:
    """Return the moment that ``text`` names, as naive UTC; None when it is in no known form or no such day exists."""
    text = text.strip()
    match = _NUMERIC.fullmatch(text)
    try:
        if match is None:
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        first, _, second, year, hour, minute, seconds = match.groups(default="0")
        day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(seconds))
    except (ValueError, OverflowError):
        return None


def parse_duration_ms(text: str) -> int | None:
    """Return the milliseconds of a duration ``H:MM:SS``; None when it is in another form."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = map(int, match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def is_unset(moment: datetime) -> bool:
    """Say whether ``moment`` stands for no moment at all: exports write 1970-01-01 for it."""
    return abs(moment - datetime(1970, 1, 1)) < timedelta(days=1)
