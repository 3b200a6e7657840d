"""What a table of the contract is made of: value types, columns, tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# The ids of people, which an import replaces by pseudonyms.
PSEUDONYMOUS = ("account_id", "profile_id")


class ValueType(StrEnum):
    """The kinds of value a column can hold; each is stored as one DuckDB type."""

    ID = "id"
    TEXT = "text"
    INTEGER = "whole number"
    REAL = "number"
    BOOLEAN = "true or false"
    DATE = "date"
    TIMESTAMP = "timestamp"
    COUNTRY = "country"
    SUBDIVISION = "subdivision"
    LANGUAGE = "language"
    CURRENCY = "currency"

    @property
    def sql_type(self) -> str:
        """The DuckDB type that stores this kind of value."""
        return {
            ValueType.INTEGER: "bigint",
            ValueType.REAL: "double",
            ValueType.BOOLEAN: "boolean",
            ValueType.DATE: "date",
            ValueType.TIMESTAMP: "timestamp",
        }.get(self, "varchar")

    @property
    def expected(self) -> str:
        """What a value must look like, worded for an error message."""
        return {
            ValueType.ID: "a text that is not empty",
            ValueType.TEXT: "text",
            ValueType.INTEGER: "a whole number",
            ValueType.REAL: "a number",
            ValueType.BOOLEAN: "true or false",
            ValueType.DATE: "a date, YYYY-MM-DD",
            ValueType.TIMESTAMP: "a UTC timestamp, YYYY-MM-DD HH:MM:SS",
            ValueType.COUNTRY: "an ISO 3166-1 alpha-2 country code, such as IN",
            ValueType.SUBDIVISION: "an ISO 3166-2 subdivision code, such as IN-KL",
            ValueType.LANGUAGE: "a BCP 47 language tag, such as en-IN",
            ValueType.CURRENCY: "an ISO 4217 currency code, such as EUR",
        }[self]

    @property
    def pattern(self) -> str | None:
        """The regular expression a text of this kind must match in full, or None when any text will do."""
        return {
            ValueType.ID: r".+",
            ValueType.COUNTRY: r"[A-Z]{2}",
            ValueType.SUBDIVISION: r"[A-Z]{2}-[A-Z0-9]{1,3}",
            ValueType.LANGUAGE: r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
            ValueType.CURRENCY: r"[A-Z]{3}",
        }.get(self)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, kind of value, meaning, unit and rules.

    ``refers_to`` names the column whose values this one must be among, as ``table.column``.
    ``minimum`` and ``maximum`` bound numbers, both inclusive, in the column's own unit.
    """

    name: str
    type: ValueType
    meaning: str
    required: bool = False
    unit: str | None = None
    allowed: tuple[str, ...] = ()
    refers_to: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its grain, its columns, and what identifies a row.

    ``key`` holds the columns whose values may not repeat; empty when whole rows are compared.
    ``one_of`` holds columns of which at least one must be filled.
    ``day_of`` names the timestamp whose UTC day partitions the table; None when it is one file.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    day_of: str | None = None

    def __iter__(self) -> Iterator[Column]:
        """Iterate over the columns in their declared order."""
        return iter(self.columns)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns in their declared order."""
        return tuple(column.name for column in self.columns)

    @property
    def has_pseudonyms(self) -> bool:
        """Whether an import replaces ids of its rows by pseudonyms."""
        return any(name in self.column_names for name in PSEUDONYMOUS)

    def column(self, name: str) -> Column:
        """Return the column called ``name``; raises KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


def required_id(name: str, meaning: str, refers_to: str | None = None) -> Column:
    """Declare a required identifier."""
    return Column(name, ValueType.ID, meaning, required=True, refers_to=refers_to)


def optional_id(name: str, meaning: str, refers_to: str | None = None) -> Column:
    """Declare an optional identifier."""
    return Column(name, ValueType.ID, meaning, refers_to=refers_to)


def timestamp(name: str, meaning: str, *, required: bool = False) -> Column:
    """Declare a moment in UTC."""
    return Column(name, ValueType.TIMESTAMP, meaning, required=required, unit="UTC")


def milliseconds(name: str, meaning: str, *, required: bool = False) -> Column:
    """Declare a duration or position, never negative."""
    return Column(name, ValueType.INTEGER, meaning, required=required, unit="ms", minimum=0)


def count(name: str, meaning: str, minimum: int = 0) -> Column:
    """Declare a number of things."""
    return Column(name, ValueType.INTEGER, meaning, minimum=minimum)


def text(name: str, meaning: str, *, required: bool = False) -> Column:
    """Declare free text."""
    return Column(name, ValueType.TEXT, meaning, required=required)


def choice(name: str, meaning: str, allowed: tuple[str, ...], *, required: bool = False) -> Column:
    """Declare a text that takes one of a few values."""
    return Column(name, ValueType.TEXT, meaning, required=required, allowed=allowed)


def money(name: str, meaning: str) -> Column:
    """Declare an amount in integer minor units of the row's currency."""
    return Column(name, ValueType.INTEGER, meaning, unit="minor units")
