"""How a file's columns fill a table of the contract: a mapping, written as TOML."""

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from definitions.contract import Column, Table
from definitions.conversions import AS_IS, CONVERSIONS
from pipeline.errors import SourceError
from pipeline.validate import literal, quoted, require_columns

# The column of the contract that says in what a table's amounts are.
CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Mapping:
    """An SQL expression over the file's columns for each column filled, and a condition on the rows to take.

    ``pseudonymise`` is false when the file's account and profile ids are pseudonyms already.
    """

    path: Path
    columns: dict[str, str]
    where: str | None
    pseudonymise: bool


def read_mapping(path: Path, table: Table) -> Mapping:
    """Read the mapping at ``path`` for ``table``; raises SourceError when it is no mapping onto that table."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"{path}: the mapping cannot be read ({error.strerror}). Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: the mapping is not valid TOML: {error}.") from None
    _require_names(path, "setting", set(settings), ("where", "columns", "ids"))
    columns, where, ids = settings.get("columns"), settings.get("where"), settings.get("ids", {})
    if not isinstance(columns, dict):
        raise SourceError(
            f'{path}: expected a section [columns] with lines such as {table.columns[0].name} = "an SQL expression".'
        )
    if not (where is None or isinstance(where, str)):
        raise SourceError(f"{path}: where: expected an SQL condition in quotes, found {where!r}.")
    if not isinstance(ids, dict):
        raise SourceError(f"{path}: ids: expected a section [ids], found {ids!r}.")
    _require_names(path, "setting of [ids]", set(ids), ("pseudonymise",))
    pseudonymise = ids.get("pseudonymise", True)
    if not isinstance(pseudonymise, bool):
        raise SourceError(f"{path}: pseudonymise: expected true or false, found {pseudonymise!r}.")
    _require_names(path, f"column of {table.name}", set(columns), table.column_names)
    require_columns(table, columns, str(path))
    currency = _expression(path, table.column(CURRENCY), columns[CURRENCY], "null") if CURRENCY in columns else "null"
    expressions = {name: _expression(path, table.column(name), value, currency) for name, value in columns.items()}
    return Mapping(path, expressions, where, pseudonymise)


def _expression(path: Path, column: Column, value: object, currency: str) -> str:
    """Return the SQL of one line of a mapping: SQL itself, a column of the file with a conversion, or a fixed value.

    ``currency`` is the SQL of the row's currency.
    """
    match value:
        case str():
            return value
        case {"constant": str(text), **rest} if not rest:
            return literal(text)
        case {"column": str(name), **rest} if rest.keys() <= {"as"}:
            chosen = rest.get("as", AS_IS)
            suitable = [conversion.name for conversion in CONVERSIONS.values() if conversion.suits(column)]
            if chosen not in suitable:
                raise SourceError(
                    f"{path}: {column.name}: '{chosen}' is no conversion for it; expected one of {', '.join(suitable)}."
                )
            if chosen == AS_IS:
                return quoted(name)
            text = f"{quoted(name)}::varchar"
            # What cannot be read is handed on as it is, so that the row is rejected with it as the reason.
            # The line break is for an expression that ends in a comment.
            read = CONVERSIONS[chosen].sql.format(value=text, currency=f"({currency}\n)")
            return f"coalesce({read}, {text})"
    raise SourceError(
        f'{path}: {column.name}: expected "an SQL expression", {{ column = "…", as = "…" }} or {{ constant = "…" }}, '
        f"found {value!r}."
    )


def _require_names(path: Path, what: str, found: set[str], known: tuple[str, ...]) -> None:
    """Raise SourceError when ``found`` holds a name that is not ``known``."""
    for name in sorted(found - set(known)):
        alike = difflib.get_close_matches(name, known, n=1)
        advice = f"Did you mean {alike[0]}?" if alike else "Remove that line."
        raise SourceError(f"{path}: '{name}' is no {what}; expected some of {', '.join(known)}. {advice}")
