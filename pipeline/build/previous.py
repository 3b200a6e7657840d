"""The build before: what of it still holds is taken over instead of being made again."""

import os
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from definitions.manifest import published_builds
from definitions.store import STORE_FILE, STORED
from definitions.tables import CONTRACT
from definitions.warehouse import PUBLISHED
from pipeline.build.days import ONE_DAY, Days
from pipeline.build.describe import rows_and_values
from pipeline.build.inputs import INPUTS_FILE, Inputs
from pipeline.build.load import SourceReader
from pipeline.build.tables import published_files, view_files
from pipeline.validate import literal, quoted

# How far the change of one day's rows reaches: a playback goes on into the day after, a session is followed over three
# days, and a play of the source gives way to player events of the days beside it.
DAYS_BEFORE = 2
DAYS_AFTER = 3
DAY_FOLDER = "utc_day="
# What rows that refer to a table depend on, where that is more than whether it is there.
COMPARED = {"titles": ("title_id", "kind", "runtime_ms", "series_id", "series_name", "season_number")}


@dataclass(frozen=True, slots=True)
class PreviousBuild:
    """The current build of a warehouse, made by the same rules. The schema ``previous`` reads its tables."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    inputs: Inputs

    @classmethod
    def find(cls, connection: duckdb.DuckDBPyConnection, warehouse: Path, inputs: Inputs) -> "PreviousBuild | None":
        """Return the current build, or None where there is none that is whole and made by the same rules."""
        build = next((build for build in published_builds(warehouse) if build.is_current), None)
        if build is None:
            return None
        try:
            before = Inputs.from_json((build.folder / INPUTS_FILE).read_text(encoding="utf-8"))
            rows, _ = rows_and_values(connection, build.folder)
            stored_rows = _attach_store(connection, build.folder)
        except (OSError, ValueError, KeyError, TypeError, duckdb.Error):
            # Unreadable or made by an older version: everything is made again.
            return None
        is_stored = all(stored_rows.get(name, 0) == rows[name] for name in STORED)
        if not inputs.same_rules(before) or rows != build.manifest.rows or not is_stored:
            return None
        view_published(connection, build.folder, stored_rows)
        return cls(connection, build.folder, before)

    def changed_days(self, inputs: Inputs, reader: SourceReader) -> set[date]:
        """Return the days that cannot be taken over, by what the source's files and its small tables hold now."""
        changed = inputs.changed_days(self.inputs)
        for table in inputs.day_counts:
            for column in CONTRACT[table]:
                if column.refers_to:
                    changed |= reader.days_with(table, column.name, self._changed_values(*column.refers_to.split(".")))
        return {near for day in changed for near in Days(day, day + ONE_DAY).widened(DAYS_BEFORE, DAYS_AFTER)}

    def link_days(self, folder: Path, name: str, days: Iterable[date]) -> None:
        """Give the build in ``folder`` the files of these days of a published table, without copying them."""
        for day in days:
            _link_all(self.folder / name / f"{DAY_FOLDER}{day}", folder / name / f"{DAY_FOLDER}{day}")

    def link_part(self, folder: Path, name: str, part: str) -> None:
        """Give the build in ``folder`` one part of a published table, without copying it."""
        _link_all(self.folder / name / part, folder / name / part)

    def link_file(self, folder: Path, path: Path) -> bool:
        """Give the build in ``folder`` a file without copying it, by its path in both; tell whether there is one."""
        if not (self.folder / path).is_file():
            return False
        _link(self.folder / path, folder / path)
        return True

    def _changed_values(self, table: str, column: str) -> list[str]:
        """Return what a column that others refer to holds only now, or held only before, or with another meaning."""
        compared = ", ".join(map(quoted, COMPARED.get(table, (column,))))
        now, then = (f"select {compared} from {schema}.{table}" for schema in ("source", "previous"))
        found = self.connection.execute(
            f"select distinct {quoted(column)} from (({now} except {then}) union all ({then} except {now}))"
        ).fetchall()
        return [value for (value,) in found if value is not None]


def view_published(connection: duckdb.DuckDBPyConnection, folder: Path, stored: Collection[str]) -> None:
    """Make the schema ``previous`` read the tables of the build in ``folder``, those ``stored`` from its store."""
    connection.execute("create schema previous")
    for name, table in PUBLISHED.items():
        if name in stored:
            # As enums, so nothing has to be made of texts anew.
            connection.execute(f"create view previous.{name} as from previous_store.{name}")
        else:
            view_files(connection, f"previous.{name}", published_files(folder, name), table)


def _attach_store(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Attach the store of the build in ``folder`` as ``previous_store``; return how many rows its tables have."""
    connection.execute(f"attach {literal(str(folder / STORE_FILE))} as previous_store (read_only)")
    names = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'previous_store'"
    ).fetchall()
    counts = (f"select {literal(name)}, count(*) from previous_store.{name}" for (name,) in names)
    return dict(connection.execute(" union all ".join(counts)).fetchall()) if names else {}


def _link_all(source: Path, target: Path) -> None:
    """Link the files of one folder into another."""
    for file in sorted(source.glob("*.parquet")):
        target.mkdir(parents=True, exist_ok=True)
        _link(file, target / file.name)


def _link(file: Path, target: Path) -> None:
    """Link a file; a disk that has no links gets a copy."""
    try:
        os.link(file, target)
    except FileExistsError:
        # Another thread has linked it meanwhile.
        return
    except OSError:
        shutil.copy2(file, target)
