"""The declarations are whole, and everything declared is documented."""

from pathlib import Path

import pytest

from definitions.contract import Table
from definitions.metric import Metric
from definitions.metrics import METRICS, SECTIONS
from definitions.options import OPTION_BY_NAME, OPTIONS
from definitions.reference import pages
from definitions.tables import CONTRACT
from definitions.warehouse import PUBLISHED
from tests.architecture.project import text_of

ALL_TABLES = {f"contract {name}": table for name, table in CONTRACT.items()} | {
    f"published {name}": table for name, table in PUBLISHED.items()
}
FOLDER = Path("docs/reference")


@pytest.mark.parametrize("table", ALL_TABLES.values(), ids=ALL_TABLES)
def test_a_table_says_what_it_holds(table: Table) -> None:
    assert table.grain.startswith("one ")
    assert [column.name for column in table if not column.meaning.strip()] == []
    assert len(set(table.column_names)) == len(table.column_names)
    assert {*table.key, *table.one_of, *filter(None, [table.day_of])} <= set(table.column_names)


@pytest.mark.parametrize("table", CONTRACT.values(), ids=CONTRACT)
def test_references_lead_somewhere(table: Table) -> None:
    for column in table:
        if column.refers_to is not None:
            assert _is_declared(column.refers_to), column.name


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_a_metric_says_what_it_is_and_needs_what_there_is(metric: Metric) -> None:
    assert metric.label
    assert metric.definition.endswith(".")
    assert metric.formula
    assert [needed for needed in metric.needs if not _is_declared(needed)] == []


def test_no_metric_is_declared_twice() -> None:
    assert sum(map(len, SECTIONS.values())) == len(METRICS)


@pytest.mark.parametrize("name", pages())
def test_the_reference_is_what_the_definitions_say(name: str) -> None:
    assert text_of(FOLDER / name) == pages()[name], "run make docs"


def test_every_table_and_metric_is_documented() -> None:
    tables, warehouse, metrics = (text_of(FOLDER / name) for name in ("tables.md", "warehouse.md", "metrics.md"))
    assert [name for name in CONTRACT if f"## {name}\n" not in tables] == []
    assert [name for name in PUBLISHED if f"## {name}\n" not in warehouse] == []
    assert [name for name in METRICS if f"`{name}`" not in metrics] == []


def test_an_option_has_a_name_of_its_own() -> None:
    # Of two with one name, the later would be meant by every link.
    assert [option.name for option in OPTIONS] == list(OPTION_BY_NAME)


def _is_declared(reference: str) -> bool:
    table, _, column = reference.partition(".")
    return table in CONTRACT and column in CONTRACT[table].column_names
