"""The contract's rules as SQL: types every column of a relation and says why a row is refused."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from definitions.contract import Column, Table, ValueType
from definitions.countries import COUNTRY_NAMES
from pipeline.errors import SourceError

EARLIEST_DAY = datetime(1990, 1, 1)
CLOCK_TOLERANCE = timedelta(days=1)
FOUND_MAX_CHARS = 60
# Up to the quote that ends the reason or one of its rules: a value may hold quotes of its own.
VALUE_FOUND = r", found '.*?'(; [^;:']+: |$)"

_INTEGER_TYPES = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
}  # fmt: skip
_REAL_TYPES = {"DOUBLE", "FLOAT"}
_TIMESTAMP_TYPES = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}


def quoted(name: str) -> str:
    """Return ``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return ``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def extra_columns(table: Table, available: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names in ``available`` that the contract does not know, in their order."""
    return tuple(name for name in available if name not in table.column_names)


def require_columns(table: Table, available: Mapping[str, str], place: str) -> None:
    """Raise SourceError, naming ``place``, when a required column of ``table`` is not in ``available``."""
    missing = [column.name for column in table if column.required and column.name not in available]
    if table.one_of and not any(name in available for name in table.one_of):
        missing.append(" or ".join(table.one_of))
    if missing:
        raise SourceError(
            f"{place}: table {table.name} needs the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
            f"found {', '.join(available) or 'no columns'}. Add what is missing, or map another column onto it."
        )


def typed_select(
    table: Table,
    available: Mapping[str, str],
    relation: str,
    *,
    carry: Sequence[str] = (),
    now: datetime | None = None,
) -> str:
    """Return a select that gives the contract's columns, typed, the ``carry`` columns and ``reject_reason``.

    ``available`` maps each column of ``relation`` to its DuckDB type; a contract column it lacks reads as null.
    ``reject_reason`` holds every broken rule, joined by ``; ``, and is null for a row that may be kept; a refused row
    has null where a value could not be read. An empty text counts as missing. ``now`` (naive UTC; default: the clock)
    bounds the table's ``day_of`` timestamp.
    """
    latest = (now or datetime.now(UTC).replace(tzinfo=None)) + CLOCK_TOLERANCE
    columns = [f"{typed_value(column, available.get(column.name))} as {quoted(column.name)}" for column in table]
    reasons = [reason for column in table for reason in _reasons(table, column, available.get(column.name), latest)]
    reasons += _one_of_reason(table, available)
    reject_reason = f"nullif(concat_ws('; ', {', '.join(reasons)}), '')" if reasons else "null::varchar"
    values = ",\n    ".join([*columns, *map(quoted, carry), f"{reject_reason} as reject_reason"])
    return f"select\n    {values}\nfrom {relation}"


def repeat_rank(table: Table, key: Sequence[str] = (), tie_breakers: Sequence[str] = ()) -> str:
    """Return the window expression that numbers, from 1, the rows with one key, or equal rows where there is no key.

    ``key`` takes the place of the table's own. Rows are ordered by the contract's columns in their declared order,
    nulls last, then by ``tie_breakers``.
    """
    key = key or table.key or table.column_names
    order = [f"{quoted(name)} nulls last" for name in (*table.column_names, *tie_breakers) if name not in key]
    order_by = f" order by {', '.join(order)}" if order else ""
    return f"row_number() over (partition by {', '.join(map(quoted, key))}{order_by})"


def typed_value(column: Column, raw_type: str | None) -> str:
    """Return the expression that reads ``column`` from a value of DuckDB type ``raw_type``; null where it cannot."""
    sql_type = column.type.sql_type
    if raw_type is None:
        return f"null::{sql_type}"
    value, text = quoted(column.name), _text(column)
    raw_type = raw_type.upper()
    if sql_type == "varchar" and raw_type == "VARCHAR":
        return f"nullif({value}, '')"
    match column.type:
        case ValueType.INTEGER if raw_type in _INTEGER_TYPES:
            return f"try_cast({value} as bigint)"
        case ValueType.INTEGER:
            # Checked as text because a cast would round 3.7 to 4.
            return rf"case when regexp_full_match({text}, '\s*[+-]?\d+(\.0*)?\s*') then try_cast({text} as bigint) end"
        case ValueType.REAL if raw_type in _REAL_TYPES:
            return f"case when isfinite({value}) then {value}::double end"
        case ValueType.REAL:
            number = f"try_cast({text} as double)"
            return f"case when isfinite({number}) then {number} end"
        case ValueType.BOOLEAN if raw_type == "BOOLEAN":
            return value
        case ValueType.DATE if raw_type != "DATE":
            # Checked as text because a cast would cut the time of day off.
            return (
                rf"case when regexp_full_match({text}, '\d{{4}}-\d{{2}}-\d{{2}}([ T]00:00:00(\.0+)?)?') "
                f"then try_cast({text} as date) end"
            )
        case ValueType.TIMESTAMP if raw_type in _TIMESTAMP_TYPES:
            return f"case when isfinite({value}) then {value}::timestamp end"
        case ValueType.TIMESTAMP if raw_type == "TIMESTAMP WITH TIME ZONE":
            return f"case when isfinite({value}) then timezone('UTC', {value}) end"
        case ValueType.TIMESTAMP:
            # A plain timestamp would ignore an offset such as +02:00; a zoned one would assume the session's zone.
            zoned = rf"regexp_matches({text}, ':\d\d[\d.]*\s*[A-Za-z+-]')"
            moment = (
                f"case when {zoned} then timezone('UTC', try_cast({text} as timestamptz)) "
                f"else try_cast({text} as timestamp) end"
            )
            return f"case when isfinite({moment}) then {moment} end"
    return f"try_cast({text} as {sql_type})"


def rule_sql(reason: str) -> str:
    """Return the SQL expression of a reason without the values found, so that one broken rule is one text."""
    return f"regexp_replace({reason}, {literal(VALUE_FOUND)}, '\\1', 'gs')"


def expectation(column: Column) -> str:
    """Say what a value of ``column`` must look like, such as ``a whole number ≥ 0``."""
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"{column.type.expected} from {low:g} to {high:g}"
    if low is not None:
        return f"{column.type.expected} ≥ {low:g}"
    if high is not None:
        return f"{column.type.expected} ≤ {high:g}"
    return column.type.expected


def _text(column: Column) -> str:
    return f"nullif({quoted(column.name)}::varchar, '')"


def _reasons(table: Table, column: Column, raw_type: str | None, latest: datetime) -> list[str]:
    """Return SQL expressions, each the sentence about a rule of ``column`` that a row breaks, or null."""
    if raw_type is None:
        return [literal(f"{column.name}: expected {expectation(column)}, found nothing")] if column.required else []
    branches = []
    # Only a text can be empty; other values are not made into texts to find out, which would be slow.
    filled = _text(column) if raw_type.upper() == "VARCHAR" else quoted(column.name)
    expected = f"{column.name}: expected {expectation(column)}"
    if column.required:
        branches.append(f"when {filled} is null then {literal(f'{expected}, found nothing')}")
    found = f"', found ''' || left({_text(column)}, {FOUND_MAX_CHARS}) || ''''"
    rules = _rules(column, raw_type)
    if rules:
        held = f"coalesce({' and '.join(rules)}, false)"
        branches.append(f"when {filled} is not null and not ({held}) then {literal(expected)} || {found}")
    if column.name == table.day_of:
        moment = typed_value(column, raw_type)
        for outside, sentence in (
            (f"< timestamp '{EARLIEST_DAY}'", f"expected a time since {EARLIEST_DAY:%Y}"),
            (f"> timestamp '{latest}'", "is in the future: expected a time that has passed"),
        ):
            branches.append(f"when {moment} {outside} then {literal(f'{column.name}: {sentence}')} || {found}")
    return [f"case {' '.join(branches)} end"] if branches else []


def _rules(column: Column, raw_type: str) -> list[str]:
    """Return the conditions that a value of ``column`` which is not missing must fulfil."""
    value = typed_value(column, raw_type)
    rules = []
    always_reads = column.type.sql_type == "varchar" or column.type.sql_type == raw_type.lower()
    if not always_reads or column.type in (ValueType.TIMESTAMP, ValueType.REAL):  # these can be infinite
        rules.append(f"{value} is not null")
    if column.allowed:
        rules.append(f"{value} in ({', '.join(map(literal, column.allowed))})")
    elif column.type is ValueType.COUNTRY:
        # One pattern is matched in a fraction of the time that comparing with each of 249 codes takes.
        rules.append(f"regexp_full_match({value}, {literal('|'.join(COUNTRY_NAMES))})")
    elif column.type.pattern and column.type is not ValueType.ID:  # an id only has to be there
        rules.append(f"regexp_full_match({value}, {literal(column.type.pattern)})")
    if column.minimum is not None:
        rules.append(f"{value} >= {column.minimum}")
    if column.maximum is not None:
        rules.append(f"{value} <= {column.maximum}")
    return rules


def _one_of_reason(table: Table, available: Mapping[str, str]) -> list[str]:
    if not table.one_of:
        return []
    sentence = literal(f"{' or '.join(table.one_of)}: expected at least one, found neither")
    filled = [f"{_text(table.column(name))} is not null" for name in table.one_of if name in available]
    return [f"case when not ({' or '.join(filled) or 'false'}) then {sentence} end"]
