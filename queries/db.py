"""The only connection to a warehouse: published builds, opened read-only and locked down."""

import os
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

from definitions.errors import UserError
from definitions.manifest import BUILDS_FOLDER, MANIFEST_FILE, POINTER_FILE, Manifest, build_folder, served_folder
from definitions.segments import find_segment, segment_build_id
from definitions.store import STORE_FILE, STORED
from definitions.warehouse import PUBLISHED, PUBLISHED_COLUMNS

MACROS_FOLDER = Path(__file__).with_name("macros")
# In this order, since each may name those before it; those from account_days_counted on hold schemas of their names.
MACROS = "".join(
    (MACROS_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    for name in (
        "choices",
        "statistics",
        "cubes",
        "hours",
        "progress",
        "interactions",
        "streams",
        "account_days_counted",
        "active_days",
        "titles_or_plays_chosen",
        "titles_chosen",
        "plays_read",
        "small_groups_hidden",
        "sittings",
        "context",
        "devices",
        "discovery",
        "taking",
        "timeline",
        "leagues",
        "covers",
        "briefs",
        "lives",
        "survival",
        "cohort_rows",
        "cohorts",
        "value",
        "risk",
        "customer_colours",
    )
)
OPEN_BUILDS = 3
DEFAULT_MEMORY_LIMIT = "1GB"
DEFAULT_SPILL_LIMIT = "10GB"
DEFAULT_THREADS = 2
DEFAULT_TIME_LIMIT_MS = 20_000


class WarehouseError(UserError):
    """The warehouse or one of its builds cannot be read; the message says what to do."""


class SegmentError(WarehouseError):
    """There is no such segment, or none any more."""


class SegmentNotReadyError(WarehouseError):
    """A segment has no build of its accounts for the data of the page yet."""


class Build:
    """One published build, open for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the build in ``folder``; raises WarehouseError when it is not a whole build."""
        self.folder = folder
        try:
            self.manifest = Manifest.from_json((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise WarehouseError(
                f"Build {folder.name} is not whole: its manifest cannot be read. Build the warehouse again."
            ) from error
        self.id = self.manifest.build_id
        # Tables that came with later code would look like tables without rows, and queries would miss later columns.
        lacking = [name for name in PUBLISHED if name not in self.manifest.rows]
        lacking += [
            column
            for column in PUBLISHED_COLUMNS
            if column.partition(".")[0] not in lacking and column not in self.manifest.filled
        ]
        if lacking:
            raise WarehouseError(
                f"Build {folder.name} was made by an earlier version of Marquee, without {', '.join(lacking)}. "
                "Build the warehouse again."
            )
        # Only what does not fit into memory is written here, such as the sorting of a large export.
        spill_folder = tempfile.mkdtemp(prefix="marquee-")
        weakref.finalize(self, shutil.rmtree, spill_folder, ignore_errors=True)
        try:
            self._connection = _locked_connection(folder, self.manifest, spill_folder)
        except duckdb.Error as error:
            raise WarehouseError(
                f"Build {folder.name} is not whole: one of its tables cannot be read. Build the warehouse again."
            ) from error

    @contextmanager
    def cursor(
        self, time_limit_ms: int | None = None, *, macros_of: Sequence[str] = (), array_bits: int | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor whose statements are interrupted at the time limit; by default that of a card's query.

        ``macros_of`` names schemas of queries/macros whose macros take the place of those of the same name in main.
        Whole numbers that are known to differ in ``array_bits`` bits at most (DuckDB's own 12) are grouped by in an
        array in place of a hash table: several times faster where most of them are there, slower where few are.
        """
        limit = (
            setting("MARQUEE_QUERY_TIME_LIMIT_MS", DEFAULT_TIME_LIMIT_MS) if time_limit_ms is None else time_limit_ms
        )
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"set max_execution_time = {limit:d}")
            if macros_of:
                cursor.execute(f"set search_path = {_literal(','.join((*macros_of, 'main')))}")
            if array_bits is not None:
                cursor.execute(f"set perfect_ht_threshold = {array_bits:d}")
            yield cursor
        finally:
            cursor.close()


class Warehouse:
    """A folder of builds, and the pointer to the one that is current."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; nothing is opened before it is asked for."""
        self.folder = folder.resolve()
        self._open: OrderedDict[str, Build] = OrderedDict()
        self._lock = threading.Lock()

    def current(self) -> Build:
        """Return the build that the pointer names; raises WarehouseError when there is none yet."""
        try:
            build_id = (self.folder / POINTER_FILE).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WarehouseError(
                f"The warehouse folder {self.folder.name} holds no published build. "
                "Make one: marquee build --source DIR --warehouse DIR"
            ) from error
        if not _is_build_id(build_id) or not build_folder(self.folder, build_id).is_dir():
            raise WarehouseError(
                f"The warehouse {self.folder.name} names a build that is not there. Build the warehouse again."
            )
        return self.build(build_id)

    def kept_ids(self) -> list[str]:
        """Return the ids of the builds that are there, the newest first."""
        folders = (self.folder / BUILDS_FOLDER).iterdir()
        return sorted((folder.name for folder in folders if _is_build_id(folder.name)), reverse=True)

    def build(self, build_id: str) -> Build:
        """Return one build by its id; raises WarehouseError when it is unknown or has been pruned."""
        with self._lock:
            if not _is_build_id(build_id) or not served_folder(self.folder, build_id).is_dir():
                self._open.pop(build_id, None)
                raise WarehouseError("The data of this page have been replaced by a newer build. Reload the page.")
            if build_id not in self._open:
                self._open[build_id] = Build(served_folder(self.folder, build_id))
            self._open.move_to_end(build_id)
            while len(self._open) > OPEN_BUILDS:
                # A query under way keeps the dropped build's connection alive until it ends.
                self._open.popitem(last=False)
            return self._open[build_id]

    def shown(self, build_id: str, segment_id: str | None) -> Build:
        """Return a build by its id, or that of a segment's accounts alone.

        Raises SegmentError when there is no such segment, SegmentNotReadyError when it has no build of these data yet,
        WarehouseError as ``build`` does.
        """
        whole = self.build(build_id)
        if segment_id is None:
            return whole
        segment = find_segment(self.folder, segment_id)
        if segment is None:
            raise SegmentError("This segment is not there, or not any more.")
        own_id = segment_build_id(build_id, segment_id)
        if not served_folder(self.folder, own_id).is_dir():
            raise SegmentNotReadyError(f"The segment «{segment.name}» is being prepared for these data.")
        return self.build(own_id)


@cache
def served_warehouse() -> Warehouse:
    """Return the warehouse that this process serves, named by MARQUEE_WAREHOUSE (default: data/warehouse)."""
    return Warehouse(Path(os.environ.get("MARQUEE_WAREHOUSE", "data/warehouse")))


def _is_build_id(text: str) -> bool:
    return 0 < len(text) <= 64 and text.replace("-", "").isalnum() and text.isascii()


def setting(name: str, default: int) -> int:
    """Return a setting of the environment; raises WarehouseError when it is not a whole number from 1."""
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise WarehouseError(f"{name} is a whole number from 1; not {text!r}.")
    return int(text)


def _locked_connection(folder: Path, manifest: Manifest, spill_folder: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    has_store = (folder / STORE_FILE).is_file()
    if has_store:
        connection.execute(f"attach {_literal(folder / STORE_FILE)} as store (read_only)")
    # What is stored of a table as it is, with enums; the macros read this, and by its name each is as it is published.
    connection.execute("create schema cubes")
    for name in PUBLISHED:
        rows = manifest.rows.get(name, 0)
        if has_store and name in STORED and rows:
            connection.execute(f"create view cubes.{name} as from store.main.{name}")
            connection.execute(f"create view {name} as from cubes.{name} select {_published_columns(name)}")
        else:
            _create_view(connection, folder, name, rows)
            if name in STORED:
                connection.execute(f"create view cubes.{name} as from main.{name}")
    for macro in _parsed_macros():
        connection.execute(macro)
    memory_limit = os.environ.get("MARQUEE_MEMORY_LIMIT", DEFAULT_MEMORY_LIMIT)
    threads = setting("MARQUEE_QUERY_THREADS", DEFAULT_THREADS)
    # The order matters: each statement is still allowed by those before it. Without «global», the time zone and the
    # footers kept would be of this connection alone, and each query has a cursor of its own.
    for option, value in (
        ("memory_limit", memory_limit),
        ("threads", threads),
        ("timezone", "UTC"),
        ("parquet_metadata_cache", True),
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("temp_directory", spill_folder),
        ("max_temp_directory_size", os.environ.get("MARQUEE_SPILL_LIMIT", DEFAULT_SPILL_LIMIT)),
        ("allowed_directories", [str(folder)]),
        ("allowed_configs", ["timezone", "max_execution_time", "search_path", "perfect_ht_threshold"]),
        ("enable_external_access", False),
        ("lock_configuration", True),
    ):
        connection.execute(f"set global {option} = {_literal(value)}")
    return connection


@cache
def _parsed_macros() -> list[duckdb.Statement]:
    """Return the macros as DuckDB reads them, which is a third of what making them takes: once in each process."""
    return duckdb.extract_statements(MACROS)


def _published_columns(name: str) -> str:
    """Return what selects the columns of a table of the store as it is published: enums as texts."""
    return ", ".join(
        f'cast("{column.name}" as {column.type.sql_type}) as "{column.name}"' for column in PUBLISHED[name]
    )


def _create_view(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, rows: int) -> None:
    if not rows:
        # Without asking for a file: many builds have no rows of many tables.
        columns = ", ".join(f'cast(null as {column.type.sql_type}) as "{column.name}"' for column in PUBLISHED[name])
        select = f"select {columns} where false"
    elif (file := folder / f"{name}.parquet").is_file():
        select = f"from read_parquet({_literal(file)})"
    elif files := sorted(map(str, (folder / name).glob("*/*.parquet"))):
        # By name: a pattern would be looked up in the folder by every query.
        select = f"from read_parquet({_literal(files)}, hive_partitioning = true)"
    else:
        raise WarehouseError(f"Build {folder.name} is not whole: {name} is missing. Build the warehouse again.")
    connection.execute(f'create view "{name}" as {select}')


def _literal(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    return "'" + str(value).replace("'", "''") + "'"
