"""What the queries offer besides their rows: their columns, and what the build itself says of its rows."""

from datetime import date
from functools import cache

import duckdb
import pandas as pd

from definitions.manifest import DaySpan
from definitions.values import CALENDARS
from definitions.warehouse import PUBLISHED
from queries.db import MACROS, Build
from queries.filters import parse_search
from queries.fits import FITS
from queries.run import bound_parameters, min_accounts, query_names, query_text, run_statement

ANY_DAYS = DaySpan(date(2020, 1, 1), date(2021, 1, 1))


def rejected_samples(build: Build) -> pd.DataFrame:
    """Return up to five refused rows of each table and rule; raises QueryError.

    The columns are those of rejected_samples.sql; ``row_count`` counts all rows that break the rule.
    """
    return run_statement("The rejected rows", query_text("rejected_samples"), {"min_accounts": min_accounts()}, build)


def cover_problems(build: Build) -> pd.DataFrame:
    """Return up to five covers without a thumbnail for each reason; raises QueryError.

    The columns are those of cover_problems.sql; ``row_count`` counts all covers of that reason.
    """
    return run_statement("The covers", query_text("cover_problems"), {}, build)


def estimated_columns(build: Build) -> dict[str, tuple[int, int]]:
    """Return the rows and the estimated rows by the column that tells them, ``table.column``; raises QueryError."""
    counts = run_statement("The estimates", query_text("estimated_columns"), {}, build)
    return {
        row["column_name"]: (int(row["row_count"]), int(row["estimated_count"])) for row in counts.to_dict("records")
    }


@cache
def queries_with(column: str) -> tuple[str, ...]:
    """Return the names of the queries that have a column of that name."""
    return tuple(name for name, columns in _columns_of_queries().items() if column in columns)


def columns_of(query: str) -> tuple[str, ...]:
    """Return the columns of a query as its SQL names them, or those of what is fitted to its rows."""
    return _columns_of_queries()[query]


@cache
def _columns_of_queries() -> dict[str, tuple[str, ...]]:
    """Ask DuckDB, over tables without rows: the columns do not depend on the data."""
    filters = parse_search("", dict.fromkeys(CALENDARS, ANY_DAYS))
    with duckdb.connect() as connection:
        connection.execute("create schema cubes")
        for name, table in PUBLISHED.items():
            columns = ", ".join(f'"{column.name}" {column.type.sql_type}' for column in table)
            connection.execute(f'create table "{name}" ({columns})')
            connection.execute(f'create view cubes."{name}" as from main."{name}"')
        connection.execute(MACROS)
        return {
            name: tuple(
                row[0]
                for row in connection.execute(
                    f"describe {query_text(name)}", bound_parameters(name, filters)
                ).fetchall()
            )
            for name in query_names()
        } | {name: fit.columns for name, fit in FITS.items() if fit.columns}
