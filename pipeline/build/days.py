"""Which days a source's tables by day cover, and in which portions they are worked through."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import duckdb

from pipeline.source import scan_sql
from pipeline.validate import literal, quoted

ONE_DAY = timedelta(days=1)
ROWS_AT_ONCE = 4_000_000
# Of plays: what adds up a month takes its time even where there is little to add up.
MONTHS_ROWS_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class Days:
    """A range of UTC days: ``first_day`` inclusive, ``end_day`` exclusive."""

    first_day: date
    end_day: date

    def widened(self, before: int, after: int) -> "Days":
        """Return the range with so many more days before and after it."""
        return Days(self.first_day - before * ONE_DAY, self.end_day + after * ONE_DAY)

    def __iter__(self) -> Iterator[date]:
        """Return the days one by one."""
        return (self.first_day + number * ONE_DAY for number in range((self.end_day - self.first_day).days))


@dataclass(frozen=True, slots=True)
class FileDays:
    """One Parquet file of a table by day: the moments of its first and last row, and how many rows it has.

    ``is_dated`` tells that Parquet itself says so of every row: none is without a moment, or too early or late.
    """

    path: Path
    first_at: datetime
    last_at: datetime
    rows: int
    is_dated: bool = False

    def meets(self, days: Days) -> bool:
        """Tell whether the file may have rows of these days."""
        return self.first_at.date() < days.end_day and self.last_at.date() >= days.first_day


def file_days(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], column: str, moment: str, within: Days
) -> list[FileDays]:
    """Return the days of each file that has rows ``within``: by what Parquet says of ``column``, else by reading it.

    ``moment`` is the SQL expression that reads the timestamp ``column``.
    """
    paths = ", ".join(literal(str(file)) for file in files)
    first, end = f"timestamp '{within.first_day}'", f"timestamp '{within.end_day}'"
    told = connection.execute(
        f"""
        with row_groups as (
            select
                file_name, row_group_num_rows, stats_null_count,
                try_cast(stats_min_value as timestamp) as first_at, try_cast(stats_max_value as timestamp) as last_at
            from parquet_metadata([{paths}])
            where path_in_schema = {literal(column)} and type = 'INT64'
        )
        select
            file_name, greatest(min(first_at), {first}), least(max(last_at), {end}), sum(row_group_num_rows),
            min(first_at) >= {first} and max(last_at) < {end} and sum(stats_null_count) = 0
            and count(*) = count(stats_null_count) as is_dated
        from row_groups group by file_name having count(*) = count(first_at) and count(*) = count(last_at)
        """
    ).fetchall()
    found = [FileDays(Path(name), *of_file) for name, *of_file in told]
    for file in set(files) - {file.path for file in found}:
        first_at, last_at, rows = connection.execute(
            f"select min(moment), max(moment), count(*) from (select {moment} as moment from {scan_sql([file])}) "
            f"where moment >= {first} and moment < {end}"
        ).fetchall()[0]
        if rows:
            found.append(FileDays(file, first_at, last_at, rows))
    return sorted((file for file in found if file.meets(within)), key=lambda file: (file.first_at, file.path))


def portions(files: Iterable[FileDays], within: Days, chosen: Set[date] | None = None) -> list[Days]:
    """Return ranges of days, one after another, that hold all rows of ``files`` ``within``, a few million each.

    Where days are ``chosen``, those and no others that have rows.
    """
    rows_by_day: Counter[date] = Counter()
    for file in files:
        days = Days(
            max(file.first_at.date(), within.first_day), min(file.last_at.date(), within.end_day - ONE_DAY) + ONE_DAY
        )
        for day in days:
            rows_by_day[day] += file.rows // (days.end_day - days.first_day).days
    found: list[Days] = []
    for is_chosen, run in groupby(sorted(rows_by_day), lambda day: chosen is None or day in chosen):
        if is_chosen:
            found += joined(((Days(day, day + ONE_DAY), rows_by_day[day]) for day in run), ROWS_AT_ONCE)
    return found


def joined(parts: Iterable[tuple[Days, int]], most_rows: int) -> list[Days]:
    """Return ranges of days that each go from one part's first day to the same or a later part's last.

    ``parts`` follow each other, each with its number of rows: a range has more than ``most_rows`` only if one part has.
    """
    found: list[Days] = []
    rows_so_far = 0
    for days, rows in parts:
        if found and rows_so_far + rows <= most_rows:
            found[-1] = Days(found[-1].first_day, days.end_day)
        else:
            found.append(days)
            rows_so_far = 0
        rows_so_far += rows
    return found


def in_days(column: str, raw_type: str, days: Days) -> str:
    """Return the condition that a row's timestamp lies in ``days``; true where its raw type has to be read to tell."""
    if raw_type.startswith("TIMESTAMP"):
        return f"{quoted(column)} >= timestamp '{days.first_day}' and {quoted(column)} < timestamp '{days.end_day}'"
    return "true"


def months(first_day: date, last_day: date) -> list[Days]:
    """Return the whole months from that of ``first_day`` to that of ``last_day``."""
    found = []
    month = first_day.replace(day=1)
    while month <= last_day:
        next_month = (month + timedelta(days=31)).replace(day=1)
        found.append(Days(month, next_month))
        month = next_month
    return found


def reached(all_months: Sequence[Days], changed_months: Set[date], rows: Mapping[date, int]) -> list[Days]:
    """Return the months that have changed, and those after them; small ones that follow each other together.

    ``rows`` tells how many there are by month.
    """
    months_after = {(month - ONE_DAY + timedelta(days=32)).replace(day=1) for month in changed_months}
    return together(all_months, changed_months | months_after, rows)


def together(all_months: Sequence[Days], chosen_months: Set[date], rows: Mapping[date, int]) -> list[Days]:
    """Return the months chosen; small ones that follow each other together.

    ``rows`` tells how many there are by month.
    """
    found: list[Days] = []
    for is_chosen, run in groupby(all_months, lambda month: month.first_day in chosen_months):
        if is_chosen:
            found += joined(((month, rows.get(month.first_day, 0)) for month in run), MONTHS_ROWS_AT_ONCE)
    return found


def runs(days: Iterable[date]) -> list[Days]:
    """Return the ranges of days that follow each other without a break."""
    found: list[Days] = []
    for day in sorted(days):
        if found and found[-1].end_day == day:
            found[-1] = Days(found[-1].first_day, day + ONE_DAY)
        else:
            found.append(Days(day, day + ONE_DAY))
    return found
