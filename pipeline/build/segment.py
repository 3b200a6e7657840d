"""Makes the build of a segment: of a build of all accounts, the same tables of some accounts alone."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from definitions.artwork_tables import ARTWORK_IMAGES
from definitions.colour_tables import COLOUR_BINS, IMAGE_BINS, IMAGE_COLOURS
from definitions.customer_colour_tables import ACCOUNT_COLOURS, COLOUR_CLUSTER_SHOWS, COLOUR_CLUSTERS
from definitions.manifest import MANIFEST_FILE, Manifest, build_folder
from definitions.segments import segment_build_id, segment_folder
from definitions.tables import CONTRACT
from definitions.warehouse import REJECTED_ROWS
from pipeline.build.deriving import Deriving, view_plays
from pipeline.build.describe import Extent, data_from, manifest
from pipeline.build.inputs import INPUTS_FILE, Inputs
from pipeline.build.load import PLAYBACK_EVENTS, TABLES_BY_DAY
from pipeline.build.previous import view_published
from pipeline.build.references import create_references
from pipeline.build.statements import create
from pipeline.build.tables import close_store, publish_table, view_table, write_days
from pipeline.build.workshop import connected, told_in_words
from pipeline.progress import Progress
from pipeline.publish import building
from pipeline.validate import literal, quoted

PLAYED_INTERVALS = "played_intervals"
BY_DAY = tuple(name for name in TABLES_BY_DAY if name != PLAYBACK_EVENTS)
_OF_CHOSEN = "where account_id in (select chosen.account_id from derived.chosen_accounts as chosen)"


def build_segment(warehouse: Path, build_id: str, segment_id: str, accounts: Path, progress: Progress) -> Manifest:
    """Build the tables of the ``accounts`` alone, of the build ``build_id``, and publish them in the segment's folder.

    ``accounts`` is a Parquet file with the column ``account_id``. Every table is derived as that of all accounts is, so
    it says the same as if the source held nobody else, but over the whole's days. Raises SourceError when another such
    build is under way, or the disk or the memory do not allow it.
    """
    whole = build_folder(warehouse, build_id)
    told = Manifest.from_json((whole / MANIFEST_FILE).read_text(encoding="utf-8"))
    inputs = Inputs.from_json((whole / INPUTS_FILE).read_text(encoding="utf-8"))
    target = segment_folder(warehouse, segment_id)
    with told_in_words(target), building(target, segment_build_id(build_id, segment_id)) as folder:
        with connected(folder) as connection:
            create_references(connection, told.service_zone)
            connection.execute("create schema source; create schema derived")
            view_published(connection, whole, stored=())
            # The whole's first event tells where the data begin, whoever's it was.
            _view_source(connection, "")
            through = None if told.data_through is None else datetime.fromisoformat(told.data_through)
            extent = Extent(data_from(connection, inputs.day_counts), through, told.spans)
            connection.execute(
                "create table derived.chosen_accounts as "
                f"select distinct account_id from read_parquet({literal(str(accounts))})"
            )
            _view_source(connection, _OF_CHOSEN)
            _write_rows(connection, folder, progress)
            covers = partial(_take_over_covers, connection, folder)
            Deriving(connection, folder, told.service_zone, extent, progress).derive_all(covers, None, set())
            _take_over_customer_colours(connection, folder)
            publish_table(connection, folder, REJECTED_ROWS.name, f"(from previous.{REJECTED_ROWS.name} limit 0)")
            close_store(connection)
            made = manifest(connection, folder, told.service_zone, extent, told.source_counts)
        # What the source can tell, it can tell of these accounts.
        made = replace(made, filled=told.filled)
        (folder / MANIFEST_FILE).write_text(made.to_json(), encoding="utf-8")
    return made


def _take_over_covers(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Publish what the whole's build found of covers, whose thumbnails stay with it."""
    for table in (ARTWORK_IMAGES, IMAGE_BINS, IMAGE_COLOURS, COLOUR_BINS):
        publish_table(connection, folder, table.name, f"previous.{table.name}")


def _take_over_customer_colours(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Publish the chosen accounts' colours among all accounts: clusters and the map are the whole's."""
    publish_table(connection, folder, ACCOUNT_COLOURS.name, f"(from previous.{ACCOUNT_COLOURS.name} {_OF_CHOSEN})")
    for table in (COLOUR_CLUSTERS, COLOUR_CLUSTER_SHOWS):
        publish_table(connection, folder, table.name, f"previous.{table.name}")


def _view_source(connection: duckdb.DuckDBPyConnection, chosen: str) -> None:
    """Make the schema ``source`` read the contract's tables that are not by day: of accounts, the rows ``chosen``."""
    for name in CONTRACT.keys() - {*TABLES_BY_DAY}:
        columns = ", ".join(map(quoted, CONTRACT[name].column_names))
        where = chosen if "account_id" in CONTRACT[name].column_names else ""
        connection.execute(f"create or replace view source.{name} as select {columns} from previous.{name} {where}")


def _write_rows(connection: duckdb.DuckDBPyConnection, folder: Path, progress: Progress) -> None:
    """Write the rows of the chosen accounts: the accounts themselves, and all that is by day."""
    progress.step("Choosing the accounts' rows")
    publish_table(connection, folder, "accounts", f"(select * from previous.accounts {_OF_CHOSEN})")
    for name in BY_DAY:
        write_days(connection, folder, name, f"(select * from previous.{name} {_OF_CHOSEN})")
        view_table(connection, folder, name)
    of_plays = "where (play_id, utc_day) in (select (play_id, utc_day) from published.plays)"
    write_days(connection, folder, PLAYED_INTERVALS, f"(select * from previous.{PLAYED_INTERVALS} {of_plays})")
    view_plays(connection, folder)
    # What player events told of places is read where the whole's build keeps it.
    connection.execute("create temp table carried_days as select utc_day from derived.plays_by_day")
    create(connection, "derived.play_marks", "previous_marks", {}, kind="view")
