"""Conditions on one column, as Explore's links word them: «watch_ms at-least 60000»."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from definitions.contract import Column, ValueType
from definitions.errors import UserError

Value = str | int | float | bool | date | datetime | None

_NUMBERS = frozenset({ValueType.INTEGER, ValueType.REAL})
_TIMES = frozenset({ValueType.DATE, ValueType.TIMESTAMP})
_TEXTS = frozenset(ValueType) - _NUMBERS - _TIMES - {ValueType.BOOLEAN}
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?Z?")
_INTEGER_BOUND = 2**63


class ConditionError(UserError):
    """A condition cannot be read; the message names the column, what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare a column with a value; ``sql`` has the places {column} and {value}."""

    name: str
    label: str
    sql: str
    types: frozenset[ValueType]
    takes_value: bool = True


OPERATORS: Mapping[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator("is", "is", "{column} = {value}", frozenset(ValueType)),
        # What is unknown is not the value either.
        Operator("is-not", "is not", "{column} is distinct from {value}", frozenset(ValueType)),
        Operator("contains", "contains", "contains(lower({column}), lower({value}))", _TEXTS),
        Operator("at-least", "at least", "{column} >= {value}", _NUMBERS),
        Operator("at-most", "at most", "{column} <= {value}", _NUMBERS),
        Operator("from", "from", "{column} >= {value}", _TIMES),
        Operator("before", "before", "{column} < {value}", _TIMES),
        Operator("empty", "is empty", "{column} is null", frozenset(ValueType), takes_value=False),
        Operator("filled", "is filled", "{column} is not null", frozenset(ValueType), takes_value=False),
    )
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for one column; ``value`` is of the column's type, None where the operator takes none."""

    column: Column
    operator: Operator
    value: Value = None

    def __str__(self) -> str:
        """Return it as the URL has it, such as «watch_ms at-least 60000»."""
        return " ".join(filter(None, (self.column.name, self.operator.name, self.value_text)))

    @property
    def value_text(self) -> str:
        """Its value as the URL has it; empty where the operator takes none."""
        match self.value:
            case None:
                return ""
            case bool():
                return "true" if self.value else "false"
            case datetime() | date():
                return self.value.isoformat()
            case _:
                return str(self.value)

    def clause(self, parameter: str) -> str:
        """Return its SQL, which binds the value as ``parameter``."""
        column = '"' + self.column.name.replace('"', '""') + '"'
        return self.operator.sql.format(column=column, value=f"${parameter}")


def operators_of(column: Column) -> tuple[Operator, ...]:
    """Return the operators that make sense for a column's kind of value."""
    return tuple(operator for operator in OPERATORS.values() if column.type in operator.types)


def parse_condition(text: str, column: Column) -> Condition:
    """Read a condition on ``column``, whose name it begins with; raises ConditionError when it cannot be read."""
    _name, _space, rest = text.partition(" ")
    operator_name, space, value = rest.partition(" ")
    operator = OPERATORS.get(operator_name)
    if operator not in operators_of(column) or operator is None:
        found = f"not by {shown(operator_name)}" if operator_name else "the link names none"
        possible = ", ".join(operator.name for operator in operators_of(column))
        raise ConditionError(f"{column.name} ({column.type}) can be compared by {possible}; {found}.")
    if not operator.takes_value:
        if value:
            raise ConditionError(f"{column.name} {operator.name} takes no value; the link has {shown(value)}.")
        return Condition(column, operator)
    if not space or not value:
        raise ConditionError(f"{column.name} {operator.name} needs {column.type.expected}; the link has none.")
    return Condition(column, operator, _value(column, operator, value))


def shown(text: str) -> str:
    """Return a text of a person's in guillemets, cut to 40 characters."""
    return f"«{text if len(text) <= 40 else text[:40] + '…'}»"


def _value(column: Column, operator: Operator, text: str) -> Value:
    if operator.name == "contains":
        return text
    try:
        value = _READERS.get(column.type, str)(text)
    except ValueError as error:
        raise ConditionError(f"{column.name} is {column.type.expected}; not {shown(text)}.") from error
    if column.allowed and value not in column.allowed:
        raise ConditionError(f"{column.name} can be {', '.join(column.allowed)}; not {shown(text)}.")
    if column.type.pattern and not re.fullmatch(column.type.pattern, text, re.DOTALL):
        raise ConditionError(f"{column.name} is {column.type.expected}; not {shown(text)}.")
    return value


def _integer(text: str) -> int:
    number = int(text) if _WHOLE.fullmatch(text) else None
    if number is None or not -_INTEGER_BOUND <= number < _INTEGER_BOUND:
        raise ValueError
    return number


def _real(text: str) -> float:
    number = float(text) if _DECIMAL.fullmatch(text) else math.inf
    if not math.isfinite(number):
        raise ValueError
    return number


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def _date(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)


def _timestamp(text: str) -> datetime:
    if not _MOMENT.fullmatch(text):
        raise ValueError
    return datetime.fromisoformat(text.removesuffix("Z"))


_READERS: Mapping[ValueType, Callable[[str], Value]] = {
    ValueType.INTEGER: _integer,
    ValueType.REAL: _real,
    ValueType.BOOLEAN: _boolean,
    ValueType.DATE: _date,
    ValueType.TIMESTAMP: _timestamp,
}
