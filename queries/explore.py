"""Explore's query: rows of one published table, with conditions, columns and order of a person's choosing.

Identifiers come from the definitions only, values are always bound.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import pyarrow as pa

from definitions.contract import Table
from definitions.dimensions import CALENDAR_LABELS, DIMENSIONS, Dimension
from definitions.manifest import Manifest
from definitions.values import CALENDARS
from definitions.warehouse import PUBLISHED
from queries.conditions import Condition, ConditionError, parse_condition, shown
from queries.db import Build
from queries.filters import FilterError, FilterState, page_parameters, parse_search
from queries.run import QueryError, min_accounts, run_statement, select

DEFAULT_TABLE = "plays"
MAX_CONDITIONS = 20
MAX_SORT_COLUMNS = 5
# Before a column's name: «all but it» in column=, «descending» in sort=.
LEFT_OUT = DESCENDING = "-"
PARAMETERS = ("table", "column", "sort", "where")
# The day of a play by each calendar's clock, where a table has them all.
DAY_OF_CALENDAR = {"local": "local_day", "utc": "utc_day", "service": "service_day"}
# The moment of a play by each calendar's clock, likewise.
MOMENT_OF_CALENDAR = {"local": "local_at", "utc": "started_at", "service": "service_at"}
# What is offered, not who watched it. Rows of all other tables can tell of one account, those of the cubes too.
OPEN_BELOW_MIN_ACCOUNTS = (
    "titles",
    "shows",
    "title_people",
    "title_tags",
    "artworks",
    "artwork_images",
    "image_colours",
    "image_bins",
    "colour_bins",
    "campaigns",
    "experiments",
    "audience_cells",
)
CHOSEN_CLAUSE = "chosen({value}, {parameter})"
TITLE_ID = '"title_id"'
# A series is chosen as a whole; some tables name only the series, and a row that names neither is of an unknown title.
TITLES_CLAUSE = "coalesce(titles_chosen.is_title_chosen({value}, {parameter}), chosen({series}, {parameter}))"
# Rows of several splits are never added up.
SPLIT_TOLD: Mapping[str, str] = {
    "all": "The rows that tell all apart; the sums over them that the table holds too are left out.",
    "none": "The rows of everybody; those that the table holds by one thing or another are left out.",
}


@dataclass(frozen=True, slots=True)
class SortColumn:
    """One column that rows are ordered by."""

    column: str
    descending: bool = False

    def __str__(self) -> str:
        """Return it as the URL has it, such as «-watch_ms»."""
        return f"{DESCENDING}{self.column}" if self.descending else self.column

    @classmethod
    def parse(cls, text: str) -> "SortColumn":
        """Read it as the URL has it."""
        return cls(text.removeprefix(DESCENDING), text.startswith(DESCENDING))


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Rows of one table: which columns, in what order, under which conditions and which of the bar's filters.

    ``columns`` are names in the order shown; ``default_columns`` those shown when none are chosen. ``problems`` says
    why nothing can be shown, ``notices`` which filters do not reach the table.
    """

    table: Table
    columns: tuple[str, ...]
    default_columns: tuple[str, ...]
    sort: tuple[SortColumn, ...]
    conditions: tuple[Condition, ...]
    filters: FilterState
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def statement(self) -> str:
        """Return the SQL of all matching rows; raises FilterError when there are problems.

        Without a sort, rows come as they are stored, which is by day and key, and can be streamed. With one, nulls come
        last and ties are broken by the table's key.
        """
        clauses, _bound = self._where()
        lines = ["select", *(f"    {_quoted(name)}," for name in self.columns), *self._from(clauses)]
        if self.sort:
            sorted_by = {sort.column for sort in self.sort}
            order = [
                f"    {_quoted(sort.column)} {'desc' if sort.descending else 'asc'} nulls last" for sort in self.sort
            ]
            order += [
                f"    {_quoted(name)} asc nulls last"
                for name in self.table.key or self.table.column_names
                if name not in sorted_by
            ]
            lines += ["order by", ",\n".join(order)]
        return "\n".join(lines)

    def count_statement(self) -> str:
        """Return the SQL of the number of matching rows; raises FilterError when there are problems."""
        clauses, _bound = self._where()
        return "\n".join(["select count(*) as matching_rows", *self._from(clauses)])

    def values_statement(self, column: str) -> str:
        """Return the SQL of a column's values in matching rows, each once, in order; raises FilterError."""
        clauses, _bound = self._where()
        clauses = [*clauses, f"{_quoted(column)} is not null"]
        return "\n".join([f"select distinct {_quoted(column)}", *self._from(clauses), f"order by {_quoted(column)}"])

    def parameters(self) -> dict[str, object]:
        """Return the values bound to these statements, by name; raises FilterError when there are problems."""
        _clauses, bound = self._where()
        return bound

    def search(self) -> str:
        """Return the shortest query string that restores this query and its filters, without the question mark."""
        return "&".join(filter(None, (self.filters.search(), urlencode(self.page_pairs()))))

    def page_pairs(self) -> list[tuple[str, str]]:
        """Return what the query string says besides filters, defaults left out: pairs of parameter and value."""
        return [
            *([("table", self.table.name)] if self.table.name != DEFAULT_TABLE else []),
            *(("column", name) for name in self._column_choices()),
            *(("sort", str(sort)) for sort in self.sort),
            *(("where", str(condition)) for condition in self.conditions),
        ]

    def _column_choices(self) -> list[str]:
        """Say what is left out where that is shorter than what is shown; nothing for the default."""
        left_out = [name for name in self.default_columns if name not in self.columns]
        remaining = tuple(name for name in self.default_columns if name in self.columns)
        if self.columns == remaining and len(left_out) < len(remaining):
            return [f"{LEFT_OUT}{name}" for name in left_out]
        return list(self.columns)

    def _from(self, clauses: list[str]) -> list[str]:
        source = f"from main.{_quoted(self.table.name)}"
        return [source, "where", "    " + "\n    and ".join(clauses)] if clauses else [source]

    def _where(self) -> tuple[list[str], dict[str, object]]:
        if self.problems:
            raise FilterError(" ".join(self.problems))
        available = self.filters.parameters()
        clauses: list[str] = []
        names: list[str] = []
        if "calendar" in self.table.column_names:
            clauses.append('"calendar" = $calendar')
            names.append("calendar")
        if "split_by" in self.table.column_names:
            # The others add up the same plays again.
            clauses.append(f"\"split_by\" = '{_split_shown(self.table)}'")
        if {"period", "day"} <= set(self.table.column_names):
            clauses.append("\"period\" = 'day'")
        day = day_column(self.table, self.filters)
        if day is not None:
            clauses += [f"{_quoted(day)} >= $start_day", f"{_quoted(day)} < $end_day"]
            names += ["start_day", "end_day"]
            if self.table.day_of and day != "utc_day":
                # No clock is a whole day off UTC's: only these days' files need be read.
                clauses += ['"utc_day" >= $start_day - 1', '"utc_day" < $end_day + 1']
        for dimension in DIMENSIONS:
            value = _value_of(self.table, dimension, self.filters)
            if available[dimension.parameter] is None or value is None:
                continue
            names.append(dimension.parameter)
            clause = TITLES_CLAUSE if value == TITLE_ID else CHOSEN_CLAUSE
            clauses.append(
                clause.format(value=value, parameter=f"${dimension.parameter}", series=_series_id(self.table))
            )
        bound = {name: available[name] for name in names}
        for number, condition in enumerate(self.conditions, start=1):
            clauses.append(condition.clause(f"value_{number}"))
            if condition.operator.takes_value:
                bound[f"value_{number}"] = condition.value
        return clauses, bound


def parse_rows(search: str, manifest: Manifest) -> RowQuery:
    """Read a query string, with or without its question mark, against what a build holds.

    Never raises: what cannot be read is told in ``problems``, as are tables that the deployment keeps closed.
    """
    filters = parse_search(search, manifest.spans)
    given: dict[str, list[str]] = {name: [] for name in PARAMETERS}
    for name, value in page_parameters(search):
        given.setdefault(name, []).append(value)
    problems = list(filters.problems)
    table = _table(given["table"], problems)
    default_columns = _default_columns(table, manifest)
    return RowQuery(
        table=table,
        columns=_columns(given["column"], table, default_columns, problems),
        default_columns=default_columns,
        sort=_sort(given["sort"], table, problems),
        conditions=_conditions(given["where"], table, problems),
        filters=filters,
        problems=tuple(problems + _closed(table)),
        notices=tuple(_unreached(table, filters)),
    )


def matching_rows(query: RowQuery, build: Build) -> int:
    """Return how many rows match; raises FilterError when there are problems, QueryError when it takes too long."""
    frame = run_statement("The count", query.count_statement(), query.parameters(), build)
    return int(frame["matching_rows"].iloc[0])


def rows_page(query: RowQuery, build: Build, start: int, end: int) -> pa.Table:
    """Return the matching rows from position ``start`` to before ``end``, counted from 0.

    Raises FilterError when there are problems, QueryError when it fails or takes longer than allowed.
    """
    limits = {"page_rows": end - start, "page_start": start}
    sql = f"{query.statement()}\nlimit $page_rows offset $page_start"
    return select(sql, build, query.parameters() | limits, name="These rows")


def day_column(table: Table, filters: FilterState) -> str | None:
    """Return the column that the days chosen apply to; None when the table has no days."""
    for name in (DAY_OF_CALENDAR[filters.calendar], "day", "utc_day"):
        # A table with a calendar has its day by that calendar's clock.
        if name in table.column_names:
            return name
    return None


def _split_shown(table: Table) -> str:
    """Return which rows of a table that is split are shown: all apart, or where none tell that, those of everybody."""
    return next("all" if "all" in column.allowed else "none" for column in table if column.name == "split_by")


def is_by_account(table: Table) -> bool:
    """Tell whether rows of a table can tell of one account."""
    return table.name not in OPEN_BELOW_MIN_ACCOUNTS


def _series_id(table: Table) -> str:
    """Return the SQL for what the title filter calls the series that a row names itself."""
    return "'series ' || series_id" if "series_id" in table.column_names else "cast(null as varchar)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value_of(table: Table, dimension: Dimension, filters: FilterState) -> str | None:
    """Return the SQL for the value that a filter looks at; None when the table has none."""
    # The film or series itself, where a row tells it.
    if dimension.name == "title" and "show_id" in table.column_names:
        return '"show_id"'
    if dimension.name == "weekday":
        day = day_column(table, filters)
        return None if day is None else f"weekday_of({_quoted(day)})"
    if dimension.name == "hour":
        moment = MOMENT_OF_CALENDAR[filters.calendar]
        if set(MOMENT_OF_CALENDAR.values()) <= set(table.column_names):
            return f"cast(hour({_quoted(moment)}) as varchar)"
        return 'cast("hour" as varchar)' if "hour" in table.column_names else None
    if dimension.of_plays and table.name != "plays":
        return None
    # Columns of one name can mean different things: a dimension's has the dimension's values.
    has_values = any(column.name == dimension.column and column.allowed == dimension.allowed for column in table)
    return _quoted(dimension.column) if has_values else None


def _table(given: list[str], problems: list[str]) -> Table:
    if len(given) > 1:
        problems.append("Rows come from one table; the link names several.")
    elif given and given[0] not in PUBLISHED:
        problems.append(f"There is no table {shown(given[0])}. There are: {', '.join(sorted(PUBLISHED))}.")
    else:
        return PUBLISHED[given[0] if given else DEFAULT_TABLE]
    return PUBLISHED[DEFAULT_TABLE]


def _default_columns(table: Table, manifest: Manifest) -> tuple[str, ...]:
    """Those that hold a value in this build; all when none does."""
    filled = tuple(name for name in table.column_names if manifest.has(f"{table.name}.{name}"))
    return filled or table.column_names


def _columns(given: list[str], table: Table, default_columns: tuple[str, ...], problems: list[str]) -> tuple[str, ...]:
    left_out = {text.removeprefix(LEFT_OUT) for text in given if text.startswith(LEFT_OUT)}
    chosen = tuple(dict.fromkeys(text for text in given if not text.startswith(LEFT_OUT)))
    problems += [_no_column(table, name) for name in (*chosen, *sorted(left_out)) if name not in table.column_names]
    if chosen and left_out:
        problems.append("Give either the columns to show, or those to leave out; the link has both.")
    names = tuple(name for name in chosen or default_columns if name in table.column_names and name not in left_out)
    if not names:
        problems.append("The link leaves out every column.")
    return names or default_columns


def _sort(given: list[str], table: Table, problems: list[str]) -> tuple[SortColumn, ...]:
    sorts = tuple(map(SortColumn.parse, dict.fromkeys(given)))
    problems += [_no_column(table, sort.column) for sort in sorts if sort.column not in table.column_names]
    if len({sort.column for sort in sorts}) < len(sorts):
        problems.append("The link sorts by one column both ways.")
    if len(sorts) > MAX_SORT_COLUMNS:
        problems.append(f"The link sorts by {len(sorts)} columns; at most {MAX_SORT_COLUMNS} are read.")
    return tuple(sort for sort in sorts if sort.column in table.column_names)[:MAX_SORT_COLUMNS]


def _conditions(given: list[str], table: Table, problems: list[str]) -> tuple[Condition, ...]:
    texts = tuple(dict.fromkeys(given))
    if len(texts) > MAX_CONDITIONS:
        problems.append(f"The link has {len(texts)} conditions; at most {MAX_CONDITIONS} are read.")
    conditions = []
    for text in texts[:MAX_CONDITIONS]:
        name = text.partition(" ")[0]
        if name not in table.column_names:
            problems.append(_no_column(table, name))
            continue
        try:
            conditions.append(parse_condition(text, table.column(name)))
        except ConditionError as error:
            problems.append(str(error))
    return tuple(conditions)


def _no_column(table: Table, name: str) -> str:
    near = difflib.get_close_matches(name, table.column_names, n=3)
    hint = f"Do you mean {' or '.join(near)}?" if near else f"It has: {', '.join(table.column_names)}."
    return f"{table.name} has no column {shown(name)}. {hint}"


def _closed(table: Table) -> list[str]:
    try:
        fewest = min_accounts()
    except QueryError as error:
        return [str(error)]
    if fewest is None or not is_by_account(table):
        return []
    is_open = ", ".join(name for name, other in PUBLISHED.items() if not is_by_account(other))
    return [
        f"This deployment shows no rows of fewer than {fewest} accounts, so {table.name} is closed. "
        f"Open instead: {is_open}."
    ]


def _unreached(table: Table, filters: FilterState) -> list[str]:
    notices = []
    day = day_column(table, filters)
    lacking = [
        dimension.label.lower()
        for dimension in DIMENSIONS
        if filters.chosen(dimension.name) is not None and _value_of(table, dimension, filters) is None
    ]
    if day is None:
        lacking.insert(0, "days")
    elif day == "utc_day" and filters.calendar != "utc":
        notices.append(f"Days are counted in UTC: {table.name} has no others.")
    elif day == "local_day":
        notices.append("Days are by the viewer's clock, moments in UTC.")
    if lacking:
        notices.append(f"Not filtered by {' or '.join(lacking)}: {table.name} has no such column.")
    if "calendar" in table.column_names:
        notices.append(f"Of the {len(CALENDARS)} calendars, the one chosen: {CALENDAR_LABELS[filters.calendar]}.")
    if "split_by" in table.column_names:
        notices.append(SPLIT_TOLD[_split_shown(table)])
    for dimension in DIMENSIONS:
        if dimension.default and filters.chosen(dimension.name) is None and _value_of(table, dimension, filters):
            left_out = " and ".join(value for value in dimension.allowed if value not in dimension.default)
            notices.append(f"As on every page, {left_out} are left out: choose them under {dimension.label}.")
    return notices
