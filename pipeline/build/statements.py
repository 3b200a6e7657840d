"""Runs the statements of this folder, each of which makes one table."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

SQL_FOLDER = Path(__file__).parent


def statement(name: str, settings: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """Return the SQL of ``name`` and those of the settings that it binds; raises KeyError when one is not given."""
    sql, parameters = _read(name)
    return sql, {parameter: settings[parameter] for parameter in parameters}


def create(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    name: str,
    settings: Mapping[str, object],
    *,
    kind: Literal["table", "view"] = "table",
) -> None:
    """Create ``relation`` anew from the statement ``name``; a view can bind no settings."""
    sql, parameters = statement(name, settings)
    connection.execute(f"create or replace {kind} {relation} as {sql}", parameters)


@cache
def _read(name: str) -> tuple[str, tuple[str, ...]]:
    sql = (SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    (parsed,) = duckdb.extract_statements(sql)
    return sql, tuple(sorted(parsed.named_parameters))
