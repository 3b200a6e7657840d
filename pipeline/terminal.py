"""What commands print for a person at a terminal: a source, a warehouse's builds, segments and tables."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from definitions.errors import UserError
from definitions.manifest import Manifest, PublishedBuild
from definitions.segments import Segment
from definitions.warehouse import PUBLISHED
from pipeline.build.load import LoadedSource


def print_loaded(loaded: LoadedSource, out: Console, err: Console) -> None:
    """Print what became of every row of a source on ``out``, and what stops a build on ``err``."""
    if loaded.tables:
        grid = Table("table", "rows in", "kept", "duplicates", "rejected")
        for column in grid.columns[1:]:
            column.justify = "right"
        for table in loaded.tables:
            count = table.count
            numbers = (count.rows_in, count.kept, count.duplicates, count.rejected)
            grid.add_row(table.name, *(f"{number:,}" for number in numbers))
        out.print(grid)
    for line in loaded.lines():
        out.print(escape(line), soft_wrap=True)
    for problem in loaded.problems:
        err.print(f"[red]problem:[/red] {escape(problem)}", soft_wrap=True)


def print_builds(builds: Sequence[PublishedBuild], out: Console) -> None:
    """Print a warehouse's builds with what they hold and how much disk they take."""
    grid = Table("build", "", "built at", "data through", "rows", "MB")
    for column in grid.columns[4:]:
        column.justify = "right"
    for build in builds:
        manifest = build.manifest
        grid.add_row(
            escape(build.folder.name),
            "current" if build.is_current else "",
            escape(manifest.built_at),
            escape(manifest.data_through or "–"),
            f"{build.rows_kept:,}",
            f"{build.size_bytes / 1e6:,.1f}",
        )
    out.print(grid)


def print_segments(segments: Sequence[tuple[Segment, int | None]], out: Console) -> None:
    """Print segments with how many accounts each has; those that are None are not prepared."""
    grid = Table("segment", "name", "accounts", "saved at", "found by")
    grid.columns[2].justify = "right"
    for segment, accounts in segments:
        found_by = f"{segment.search}, anew for every build" if segment.follows else segment.search
        shown = "not ready" if accounts is None else f"{accounts:,}"
        grid.add_row(segment.id, escape(segment.name), shown, segment.saved_at, escape(found_by))
    out.print(grid)


def print_tables(manifest: Manifest, out: Console) -> None:
    """Print the published tables with their rows, and every column with its meaning."""
    for name, table in PUBLISHED.items():
        title = f"{name}: {manifest.rows.get(name, 0):,} rows, each {table.grain}"
        grid = Table(title=title, title_justify="left")
        for heading in ("column", "type", "unit", "filled", "meaning"):
            grid.add_column(heading, justify="right" if heading == "filled" else "left")
        for column in table:
            filled = manifest.filled.get(f"{name}.{column.name}", 0)
            grid.add_row(column.name, column.type.sql_type, column.unit or "", f"{filled:,}", column.meaning)
        out.print(grid)


def sentence_of(error: BaseException) -> str:
    """Return what went wrong in the user's data, files or disk; nothing when the fault is our own."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part) + "."
    return str(error).partition("\n")[0] if isinstance(error, duckdb.Error | pa.ArrowException) else ""
