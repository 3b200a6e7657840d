"""What a build's statements refer to beside the data: tables of what the code knows, and the enums of texts."""

from collections.abc import Mapping, Sequence

import duckdb

from definitions.audience import AUDIENCE_CELLS, COUNTED_BY
from definitions.countries import MAIN_ZONES
from definitions.values import (
    ACTIVITY_PERIODS,
    CALENDARS,
    DEVICE_TYPES,
    KINDS,
    LIFE_SPLIT_COLUMNS,
    LIFE_SPLITS,
    MARKS,
    ORIGINS,
    PROFILE_TYPES,
    SPLIT_COLUMNS,
    SPLITS,
    TIMELINE_PARTS,
    calendars,
)
from definitions.warehouse import PUBLISHED
from pipeline.validate import literal

# The texts that the cubes tell rows apart by are enums while they are added up: several times faster to group, sort and
# write. Those of the data hold what the tables of these columns do.
_ENUMS = {
    "calendar": CALENDARS,
    "split_by": SPLITS,
    "counted_by": COUNTED_BY,
    "period": ACTIVITY_PERIODS,
    "parts": TIMELINE_PARTS,
    "mark": (*MARKS, "furthest"),
    "kind": KINDS,
    "origin": ORIGINS,
    "device_type": DEVICE_TYPES,
    "profile_type": PROFILE_TYPES,
}
_ENUMS_OF_DATA = {
    name: f"select distinct {name} from published.{table} where {name} is not null"
    for name, table in (
        ("title_id", "titles"),
        ("show_id", "shows"),
        ("account_country", "accounts"),
        ("account_plan", "plan_periods"),
    )
}
# The columns whose texts are such enums.
ENUMS = (*_ENUMS, *_ENUMS_OF_DATA)


def create_references(connection: duckdb.DuckDBPyConnection, service_zone: str) -> None:
    """Create the schema ``reference`` with the tables and enums that do not depend on the data, and ``published``."""
    connection.execute("create schema reference; create schema published")
    for name, values in _ENUMS.items():
        _create_enum(connection, name, f"select unnest([{', '.join(map(literal, values))}])")
    _create_reference(connection, "country_zones", {"country": "varchar", "zone": "varchar"}, list(MAIN_ZONES.items()))
    names = [(name,) for name in calendars(service_zone)]
    _create_reference(connection, "calendars", {"calendar": "reference.calendar"}, names)
    cells = [
        (cell.counted_by, cell.kind, cell.device_type, cell.profile_type, cell.mask_low, cell.mask_high)
        for cell in AUDIENCE_CELLS
    ]
    types = {
        column.name: f"reference.{column.name}" if column.name in _ENUMS else column.type.sql_type
        for column in PUBLISHED["audience_cells"]
    }
    _create_reference(connection, "audience_cells", types, cells)
    types = {"split_by": "reference.split_by", "added_up_over": "bigint"}
    _create_reference(connection, "splits", types, list(_splits().items()))
    types = {"split_by": "varchar", **{f"by_{name}": "boolean" for name in LIFE_SPLIT_COLUMNS}}
    life_splits = [(split, *(split in (name, "all") for name in LIFE_SPLIT_COLUMNS)) for split in LIFE_SPLITS]
    _create_reference(connection, "life_splits", types, life_splits)


def create_enums_of_data(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the enums of texts that the tables ``published`` hold."""
    for name, values in _ENUMS_OF_DATA.items():
        _create_enum(connection, name, values)


def _create_enum(connection: duckdb.DuckDBPyConnection, name: str, values: str) -> None:
    """Create the type ``reference.<name>`` of the texts that ``values`` selects."""
    # The order of its values is that in which texts are sorted.
    connection.execute(f"create type reference.{name} as enum (from ({values}) order by all)")


def _create_reference(
    connection: duckdb.DuckDBPyConnection, name: str, types: Mapping[str, str], rows: Sequence[tuple[object, ...]]
) -> None:
    # In one statement: one for each row takes half a second.
    columns = ", ".join(f"unnest(?::{sql_type}[]) as {column}" for column, sql_type in types.items())
    connection.execute(f"create table reference.{name} as select {columns}", [*map(list, zip(*rows, strict=True))])


def _splits() -> dict[str, int]:
    """Return the splits of the cubes, with the bits of grouping_id that say which columns each adds up over."""
    columns = list(SPLIT_COLUMNS)
    bits = {name: 1 << place for place, name in enumerate(reversed(columns))}
    told_apart: dict[str, list[str]] = {split: split.split("+") for split in SPLITS} | {"none": [], "all": columns}
    return {split: sum(bits.values()) - sum(bits[name] for name in told_apart[split]) for split in SPLITS}
