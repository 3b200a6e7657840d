"""How a value of someone's file becomes a value of the contract: a fixed list, chosen by name, never typed as SQL."""

from dataclasses import dataclass

from definitions.contract import Column, ValueType
from definitions.currencies import CURRENCIES_BY_MINOR_DIGITS, USUAL_MINOR_DIGITS

_DAY_FIRST = (
    "['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y', '%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y', "
    + ("'%d-%m-%Y %H:%M:%S', '%d-%m-%Y %H:%M', '%d-%m-%Y']")
)
_MONTH_FIRST = "['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y', '%m-%d-%Y %H:%M:%S', '%m-%d-%Y %H:%M', '%m-%d-%Y']"
_CLOCK = (
    r"case when regexp_full_match({value}, '\s*\d+:[0-5]\d:[0-5]\d(\.\d+)?\s*') then "
    "((split_part({value}, ':', 1)::bigint * 60 + split_part({value}, ':', 2)::bigint) * 60000 "
    "+ round(split_part({value}, ':', 3)::double * 1000)::bigint)::varchar end"
)


def _times(factor: int | str) -> str:
    return f"round(try_cast({{value}} as double) * {factor})::bigint::varchar"


def _minor_units_in_one() -> str:
    """Return the SQL of how many minor units ``{currency}`` has in one major unit."""
    exceptions = " ".join(
        f"when {{currency}} in {currencies} then {10**digits}"
        for digits, currencies in CURRENCIES_BY_MINOR_DIGITS.items()
    )
    return f"case {exceptions} else {10**USUAL_MINOR_DIGITS} end"


@dataclass(frozen=True, slots=True)
class Conversion:
    """One way to read a value; ``sql`` gives null where ``{value}``, a text, cannot be read that way.

    ``{currency}`` is the currency of the same row, null where it is not known.
    ``kinds`` holds the kinds of value it leads to and ``unit`` the only unit of column it is for; empty: any.
    """

    name: str
    label: str
    sql: str
    kinds: tuple[ValueType, ...] = ()
    unit: str = ""

    def suits(self, column: Column) -> bool:
        """Say whether the conversion can fill ``column``."""
        return (not self.kinds or column.type in self.kinds) and (not self.unit or self.unit == column.unit)


_TEXTS = (ValueType.TEXT, ValueType.LANGUAGE)
_CODES = (ValueType.COUNTRY, ValueType.SUBDIVISION, ValueType.CURRENCY)
_MOMENTS = (ValueType.TIMESTAMP, ValueType.DATE)

AS_IS = "as is"
CONVERSIONS: dict[str, Conversion] = {
    conversion.name: conversion
    for conversion in (
        Conversion(AS_IS, "as it is", "{value}"),
        Conversion("seconds", "seconds → ms", _times(1_000), (ValueType.INTEGER,), "ms"),
        Conversion("minutes", "minutes → ms", _times(60_000), (ValueType.INTEGER,), "ms"),
        Conversion("hours", "hours → ms", _times(3_600_000), (ValueType.INTEGER,), "ms"),
        Conversion("h:mm:ss", "H:MM:SS → ms", _CLOCK, (ValueType.INTEGER,), "ms"),
        Conversion(
            "major units",
            "7.99 → 799 (minor units, by the currency)",
            _times(_minor_units_in_one()),
            (ValueType.INTEGER,),
            "minor units",
        ),
        Conversion("day first", "day/month/year", f"try_strptime({{value}}, {_DAY_FIRST})::varchar", _MOMENTS),
        Conversion("month first", "month/day/year", f"try_strptime({{value}}, {_MONTH_FIRST})::varchar", _MOMENTS),
        Conversion(
            "unix seconds",
            "seconds since 1970",
            "epoch_ms(round(try_cast({value} as double) * 1000)::bigint)::varchar",
            (ValueType.TIMESTAMP,),
        ),
        Conversion(
            "unix ms", "ms since 1970", "epoch_ms(try_cast({value} as bigint))::varchar", (ValueType.TIMESTAMP,)
        ),
        Conversion(
            "noon",
            "a day, at noon UTC",
            "(try_cast({value} as date) + interval 12 hour)::varchar",
            (ValueType.TIMESTAMP,),
        ),
        Conversion("lower case", "in lower case", "lower(trim({value}))", _TEXTS),
        Conversion("upper case", "in upper case", "upper(trim({value}))", _CODES),
    )
}
