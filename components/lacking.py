"""A page of which the source has nothing at all: what it would need, and where there is something, in one state."""

from collections.abc import Iterable, Sequence

from dash import dcc, html

from components import states
from components.card import Card
from components.format import list_text
from components.missing import missing_columns
from components.panel import Panel
from definitions.manifest import Manifest
from definitions.metrics import METRICS
from definitions.options import OPTION_BY_NAME
from queries.db import WarehouseError, served_warehouse

OF_COVERS = (("/artwork", "Gallery"), ("/artwork/compare", "Compare"), ("/artwork/catalogue", "Catalogue"))


def lacking_page(panels: Sequence[Panel]) -> html.Div | None:
    """Return what stands in place of all the cards of a page; None where the source has something for one of them."""
    try:
        manifest = served_warehouse().current().manifest
    except WarehouseError:
        return None
    lacking = [_tables_lacking(panel, manifest) for panel in panels]
    if not lacking or not all(lacking):
        return None
    tables = list(dict.fromkeys(table for tables in lacking for table in tables))
    # Of a table that is there, what is lacking is of less weight than those that are not.
    needed = list_text([table for table in tables if not manifest.rows.get(table)] or tables)
    there = OF_COVERS if manifest.has_covers_alone else (("/data", "Data & definitions"),)
    links = [part for href, name in there for part in (dcc.Link(name, href=href), ", ")][:-1]
    leads = "It has covers alone, of which these pages tell: " if manifest.has_covers_alone else "What it has: "
    return states.state(
        "missing", "plug", "Not in this source", f"This page needs {needed}, which this source does not have.",
        [leads, *links, "."],
    )  # fmt: skip


def _tables_lacking(panel: Panel, manifest: Manifest) -> list[str]:
    """Return the tables that a card lacks, whichever of its metrics is chosen; none where one can be told."""
    metrics: Iterable[str] = panel.metrics
    besides: tuple[str, ...] = ()
    if isinstance(panel, Card):
        metrics = OPTION_BY_NAME[panel.measure].choices if panel.measure else panel.metrics
        besides = tuple(needed for needed in panel.also_needs if not manifest.has(needed))
    missing = [(*missing_columns(METRICS[name], manifest), *besides) for name in metrics]
    return [column.partition(".")[0] for columns in missing for column in columns] if all(missing) else []
