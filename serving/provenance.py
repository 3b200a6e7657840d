"""What an export says of itself, in its manifest and in a Parquet file's metadata."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import orjson
import pyarrow as pa

from definitions.contract import Column
from definitions.dimensions import CALENDAR_LABELS, DIMENSIONS
from definitions.manifest import Manifest
from definitions.metrics import METRICS
from definitions.options import OPTIONS
from definitions.segments import Segment
from definitions.supporting import COLUMN_MEANINGS
from queries.cubes import COLOUR_RANGES
from queries.filters import FilterState
from queries.run import answers_both_spans, bound_parameters, query_text

METADATA_PREFIX = "marquee."


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that was run, with the values bound; ``comparison`` those of another run for the comparison."""

    name: str
    sql: str
    parameters: Mapping[str, object]
    comparison: Mapping[str, object] | None = None

    @classmethod
    def of_query(cls, name: str, filters: FilterState, *, compared: bool) -> "Statement":
        """Return a page's query under the filters; raises FilterError when they cannot be read."""
        if answers_both_spans(name):
            return cls(name, query_text(name), bound_parameters(name, filters if compared else filters.uncompared()))
        earlier = filters.comparison() if compared else None
        return cls(
            name,
            query_text(name),
            bound_parameters(name, filters),
            None if earlier is None else bound_parameters(name, earlier),
        )


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where exported rows come from: what was run on which build, and the address at which they can be had again.

    ``conditions`` are in words what was asked besides filters, ``notices`` what was left out of what was asked,
    ``columns`` the declarations of columns that come straight from a table, ``segment`` that of whose accounts alone
    the rows tell.
    """

    name: str
    address: str
    statements: tuple[Statement, ...]
    manifest: Manifest
    conditions: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    segment: Segment | None = None

    def facts(self, schema: pa.Schema, metric_names: tuple[str, ...] = ()) -> dict[str, object]:
        """Return all that can be told before the rows are counted, for JSON; rows of ``schema``.

        The metrics defined are those among the columns and those of ``metric_names``.
        """
        named = [name.removeprefix("compare_") for name in schema.names] + list(metric_names)
        return {
            "query": self.name,
            "address": self.address,
            "filters": [
                *([f"Segment: {self.segment.name} ({self.segment.id})"] if self.segment else []),
                *dict.fromkeys(words for one in self.statements for words in _words(one)),
                *self.conditions,
            ],
            "segment": asdict(self.segment) if self.segment else None,
            "notices": list(self.notices),
            "statements": [_statement_facts(statement) for statement in self.statements],
            "columns": [self._column_facts(field) for field in schema],
            "metrics": {name: _metric_facts(name) for name in dict.fromkeys(named) if name in METRICS},
            "build": self.manifest.build_id,
            "built_at": self.manifest.built_at,
            "data_through": self.manifest.data_through,
            "marquee_version": self.manifest.marquee_version,
        }

    def _column_facts(self, field: pa.Field) -> dict[str, object]:
        declared = next((column for column in self.columns if column.name == field.name), None)
        facts: dict[str, object] = {"name": field.name, "type": str(field.type)}
        if declared is not None:
            facts |= {"meaning": declared.meaning, "unit": declared.unit}
        elif (meaning := COLUMN_MEANINGS.get(field.name.removeprefix("compare_"))) is not None:
            facts["meaning"] = meaning
        return facts


def to_metadata(facts: Mapping[str, object]) -> dict[str, str]:
    """Return facts as the key-value metadata of a Parquet file: texts as they are, all else as JSON."""
    return {
        METADATA_PREFIX + name: value if isinstance(value, str) else to_json_text(value)
        for name, value in facts.items()
    }


def to_json_text(value: object, *, indented: bool = False) -> str:
    """Return a value as JSON text; days and moments in ISO 8601."""
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2 if indented else None).decode()


def _statement_facts(statement: Statement) -> dict[str, object]:
    facts: dict[str, object] = {
        "name": statement.name,
        "sql": statement.sql,
        "parameters": dict(statement.parameters),
    }
    if statement.comparison is not None:
        facts["comparison_parameters"] = dict(statement.comparison)
    return facts


def _metric_facts(name: str) -> dict[str, object]:
    metric = METRICS[name]
    return {
        "label": metric.label,
        "definition": metric.definition,
        "formula": metric.formula,
        "unit": metric.unit.value,
        "source": metric.source,
    }


def _words(statement: Statement) -> list[str]:
    """Say which filters reach a statement, told from what it binds."""
    bound = statement.parameters
    of_colours = [bound[name] for name in COLOUR_RANGES if name in bound]
    span = of_colours[0] if of_colours and isinstance(of_colours[0], dict) else bound
    words = [f"Days: {days}"] if (days := _days(span, "start_day", "end_day")) else []
    compared = _days(bound, "compare_start_day", "compare_end_day") or _days(
        statement.comparison or {}, "start_day", "end_day"
    )
    if compared:
        words.append(f"Compared with: {compared}")
    if "calendar" in bound:
        words.append(f"Calendar: {CALENDAR_LABELS[str(bound['calendar'])]}")
    if "granularity" in bound:
        words.append(f"Granularity: {bound['granularity']}")
    filters = bound.get("filters", bound.get("filters_but_plays"))
    chosen = filters if isinstance(filters, dict) else bound
    for dimension in DIMENSIONS:
        selection = chosen.get(dimension.parameter)
        if isinstance(selection, dict):
            values = ", ".join(selection["chosen_values"]) or "none"
            words.append(f"{dimension.label}: {'not ' if selection['excluded'] else ''}{values}")
    if bound.get("of_title") is not None:
        words.append(f"About: {bound['of_title']}")
    chosen_options = [option for option in OPTIONS if option.name in bound]
    chosen_values = [(option, str(bound[option.name])) for option in chosen_options]
    words += [f"{option.label}: {option.choices.get(value, value)}" for option, value in chosen_values if value]
    if bound.get("min_accounts") is not None:
        words.append(f"Hidden: figures of fewer than {bound['min_accounts']} accounts")
    return words


def _days(bound: Mapping[str, object], start: str, end: str) -> str:
    """Return the first and the last day; empty when a statement binds none."""
    start_day, end_day = bound.get(start), bound.get(end)
    if not isinstance(start_day, date) or not isinstance(end_day, date):
        return ""
    return f"{start_day} to {end_day - timedelta(days=1)}"
