"""Upserting rows into a table of a source: only the files, and so the days, that change are rewritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb

from definitions.contract import Table
from pipeline.errors import SourceError
from pipeline.source import SourceUpdate, day_of_path, scan_sql, table_files
from pipeline.validate import literal, quoted

_numbers = count()


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What became of the rows given to a merge, and how many stored rows it removed."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0


def merge(
    update: SourceUpdate,
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    relation: str,
    *,
    keep_when_null: Sequence[str] = (),
    replace_by: Sequence[str] = (),
) -> MergeCounts:
    """Stage the upsert of ``relation`` (the contract's columns, typed, no key twice) into ``table`` of the source.

    Rows are matched by ``Table.key``, whole rows where there is none; the new row wins. A null in a ``keep_when_null``
    column leaves the stored value. With ``replace_by``, stored rows that agree with a new row in those columns, but
    match none, are removed. Columns the contract does not know are kept. Raises SourceError when stored values cannot
    be read.
    """
    files = table_files(update.source, table.name)
    try:
        job = _Merge(update, connection, table, files, f"merge_{next(_numbers)}")
        job.compare(relation, keep_when_null, replace_by)
        counts = job.counts()
        if counts != MergeCounts(unchanged=counts.unchanged):
            job.write()
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.IOException) as error:
        raise SourceError(
            f"{update.source}: table {table.name} cannot be merged with what is stored there: {error} "
            "Check the files of that table, or import into an empty folder."
        ) from error
    return counts


class _Merge:
    """One merge: the stored files, and a table ``changes`` that says what happens to each new and old row."""

    def __init__(
        self,
        update: SourceUpdate,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        files: list[Path],
        prefix: str,
    ) -> None:
        self.update, self.connection, self.table, self.files = update, connection, table, files
        self.changes, self.gone = f"{prefix}_changes", f"{prefix}_gone"
        self.columns = list(table.column_names)
        self.match = list(table.key) or self.columns
        types = self._types(files)
        self.extras = [name for name in types if name not in (*self.columns, "day")]
        self.stored = self._stored(files, types)

    def compare(self, relation: str, keep_when_null: Sequence[str], replace_by: Sequence[str]) -> None:
        """Create ``changes`` (new rows with status and the days they lay in) and ``gone`` (rows to be removed)."""
        match = " and ".join(f"new.{quoted(name)} is not distinct from old.{quoted(name)}" for name in self.match)
        values = {
            name: f"coalesce(new.{quoted(name)}, any_value(old.{quoted(name)}))"
            if name in keep_when_null
            else f"new.{quoted(name)}"
            for name in self.columns
        }
        differs = " or ".join(
            f"new.{quoted(name)} is distinct from old.{quoted(name)}"
            + (f" and new.{quoted(name)} is not null" if name in keep_when_null else "")
            for name in self.columns
            if name not in self.match
        )
        selected = [f"{value} as {quoted(name)}" for name, value in values.items()]
        selected += [f"any_value(old.{quoted(name)}) as {quoted(name)}" for name in self.extras]
        self.connection.execute(
            f"""
            create temp table {self.changes} as
            select
                {", ".join(selected)},
                {self._day_sql("new")} as new_day,
                list(distinct old.old_day) filter (old.old_day is not null) as old_days,
                case
                    when count(old.is_stored) = 0 then 'added'
                    when bool_or({differs or "false"}) then 'updated'
                    else 'unchanged'
                end as status
            from {relation} as new
            left join {self.stored} as old on {match}
            group by {", ".join(f"new.{quoted(name)}" for name in self.columns)}
            """
        )
        replaced = " and ".join(f"new.{quoted(name)} is not distinct from old.{quoted(name)}" for name in replace_by)
        self.connection.execute(
            f"""
            create temp table {self.gone} as
            select distinct {", ".join(f"old.{quoted(name)}" for name in self.match)}, old.old_day
            from {self.stored} as old
            where {f"exists (from {relation} as new where {replaced})" if replace_by else "false"}
            and not exists (from {self.changes} as new where {match})
            """
        )

    def counts(self) -> MergeCounts:
        """Count the new rows by status."""
        by_status: dict[str, int] = dict(
            self.connection.execute(f"select status, count(*) from {self.changes} group by all").fetchall()
        )
        removed = self.connection.execute(f"select count(*) from {self.gone}").fetchall()[0][0]
        return MergeCounts(**by_status, removed=removed)

    def write(self) -> None:
        """Stage the days that change, or the whole table when it has no days, and remove the files they replace."""
        days = self._changed_days()
        files = [file for file in self.files if not days or day_of_path(file) in (None, *days)]
        for file in files:
            self.update.remove(file.relative_to(self.update.source))
        rows = self._rows(files, days)
        order = ", ".join(map(quoted, [*([self.table.day_of] if self.table.day_of else []), *self.match]))
        if days:
            target = self.update.stage_folder(Path(self.table.name))
            layout = f", partition_by (day), filename_pattern {literal(self.table.name + '_{i}')}, overwrite_or_ignore"
        elif self.connection.execute(f"select 1 from ({rows}) limit 1").fetchall():
            target, layout = self.update.stage(Path(f"{self.table.name}.parquet")), ""
        else:
            return
        self.connection.execute(
            f"copy ({rows} order by {order}) to {literal(str(target))} (format parquet, compression zstd{layout})"
        )

    def _changed_days(self) -> list[str]:
        if self.table.day_of is None:
            return []
        sql = f"""
            select new_day from {self.changes} where status <> 'unchanged'
            union select unnest(old_days) from {self.changes} where status = 'updated'
            union select old_day from {self.gone}
        """
        # A file outside the day folders may hold any day: all its days move into folders.
        if loose := [file for file in self.files if day_of_path(file) is None]:
            sql += f" union select old_day from {self._stored(loose, self._types(loose))}"
        return sorted(day for (day,) in self.connection.execute(sql).fetchall())

    def _rows(self, files: list[Path], days: list[str]) -> str:
        """Return a select of the rows of ``days`` (none: of the table): those of ``files`` that stay, and new ones."""
        replaced = " and ".join(f"new.{quoted(name)} is not distinct from old.{quoted(name)}" for name in self.match)
        names = ", ".join(map(quoted, [*self.columns, *self.extras]))
        old_day, new_day = (", old_day as day", ", new_day") if days else ("", "")
        return f"""
            select {names}{old_day} from {self._stored(files, self._types(files))} as old
            where not exists (from {self.changes} as new where new.status = 'updated' and {replaced})
            and not exists (from {self.gone} as new where {replaced})
            union all
            select {names}{new_day} from {self.changes} where status <> 'unchanged'
        """

    def _types(self, files: list[Path]) -> dict[str, str]:
        """Return the DuckDB type of each column that any of ``files`` has."""
        if not files:
            return {}
        description = self.connection.execute(f"describe select * from {scan_sql(files)}").fetchall()
        return {name: sql_type for name, sql_type, *_ in description}

    def _stored(self, files: list[Path], types: dict[str, str]) -> str:
        """Return the rows of ``files`` as a relation: the contract's columns, the extra ones, old_day, is_stored."""
        values = []
        for column in self.table:
            value = quoted(column.name) if column.name in types else "null"
            if types.get(column.name) == "TIMESTAMP WITH TIME ZONE":
                value = f"timezone('UTC', {value})"
            values.append(f"cast({value} as {column.type.sql_type}) as {quoted(column.name)}")
        values += [quoted(name) if name in types else f"null as {quoted(name)}" for name in self.extras]
        if not files:
            return f"(select {', '.join(values)}, null::varchar as old_day, true as is_stored where false)"
        folder_day = "day::varchar" if any(map(day_of_path, files)) else "null"
        typed = f"select {', '.join(values)}, {folder_day} as folder_day from {scan_sql(files)}"
        return (
            f"(select * exclude (folder_day), coalesce(folder_day, {self._day_sql('stored')}) as old_day, "
            f"true as is_stored from ({typed}) as stored)"
        )

    def _day_sql(self, relation: str) -> str:
        if self.table.day_of is None:
            return "null::varchar"
        return f"strftime({relation}.{quoted(self.table.day_of)}, '%Y-%m-%d')"
