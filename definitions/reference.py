"""The reference pages, written from the declarations; ``python -m definitions.reference FOLDER`` writes them."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from definitions.contract import Column, Table
from definitions.metric import Metric
from definitions.metrics import SECTIONS
from definitions.supporting import COLUMN_MEANINGS
from definitions.tables import CONTRACT
from definitions.warehouse import PUBLISHED

GENERATED = "<!-- Written by `make docs` from definitions/; change it there. -->"


def pages() -> dict[str, str]:
    """Return every reference page by its file name."""
    return {"tables.md": tables_markdown(), "warehouse.md": warehouse_markdown(), "metrics.md": metrics_markdown()}


def tables_markdown() -> str:
    """Return the page about the data contract's tables."""
    return _page(
        "The data contract",
        "The tables of a source. A source is a folder that holds some of them as Parquet: `<table>.parquet`, or a"
        " folder `<table>/` of Parquet files. Columns marked **required** must be there and filled; any other may be"
        " missing. Timestamps are UTC, durations and positions whole milliseconds, money whole minor units.",
        (_table(table) for table in CONTRACT.values()),
    )


def warehouse_markdown() -> str:
    """Return the page about the tables that a build publishes."""
    return _page(
        "The published tables",
        "The tables of a warehouse, as `marquee sql` and the pages read them.",
        (_table(table) for table in PUBLISHED.values()),
    )


def metrics_markdown() -> str:
    """Return the page about the metrics: the glossary."""
    return _page(
        "The metrics",
        "One definition of each metric, used on every page, in exports and in the command line. Ratios of several"
        " periods or groups divide the sums; they are never averaged.",
        (*(f"## {section}\n\n{_metric_rows(metrics)}" for section, metrics in SECTIONS.items()), _supporting_rows()),
    )


def _supporting_rows() -> str:
    rows = [f"| `{name}` | {meaning} |" for name, meaning in COLUMN_MEANINGS.items()]
    return "\n".join(("## Columns beside metrics", "", "| column | meaning |", "| --- | --- |", *rows))


def _page(title: str, introduction: str, parts: Iterable[str]) -> str:
    return "\n\n".join((GENERATED, f"# {title}", introduction, *parts)) + "\n"


def _table(table: Table) -> str:
    facts = [f"One row is {table.grain}."]
    if table.key:
        facts.append(f"Key: {_names(table.key)}.")
    if table.one_of:
        facts.append(f"At least one of {_names(table.one_of)} is filled.")
    if table.day_of:
        facts.append(f"Partitioned by the UTC day of `{table.day_of}`.")
    rows = [(f"`{column.name}`", column.type.value, _rules(column), column.meaning) for column in table]
    return f"## {table.name}\n\n{' '.join(facts)}\n\n{_grid(('column', 'type', 'rules', 'meaning'), rows)}"


def _rules(column: Column) -> str:
    rules = ["**required**"] if column.required else []
    if column.unit:
        rules.append(column.unit)
    if column.allowed:
        rules.append(f"one of {_names(column.allowed)}")
    if column.minimum is not None:
        rules.append(f"≥ {column.minimum:g}")
    if column.maximum is not None:
        rules.append(f"≤ {column.maximum:g}")
    if column.refers_to:
        rules.append(f"among `{column.refers_to}`")
    return ", ".join(rules)


def _metric_rows(metrics: Iterable[Metric]) -> str:
    rows = [
        (
            f"**{metric.label}** `{metric.name}`",
            metric.unit.value,
            metric.definition + (f" After {metric.source}." if metric.source else ""),
            metric.formula,
            _names(metric.needs),
        )
        for metric in metrics
    ]
    return _grid(("metric", "unit", "definition", "formula", "needs"), rows)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _grid(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def main() -> None:
    """Write the pages into a folder; with ``--check``, exit with a sentence when they are not what they should be."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    for name, text in pages().items():
        path = options.folder / name
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path} is not what the definitions say; run make docs.")


if __name__ == "__main__":
    main()
