"""What the source does not have and the filters do not reach, as plain sentences."""

from collections.abc import Iterable

import pandas as pd

from components.format import list_text
from definitions.manifest import Manifest
from definitions.metric import Metric
from definitions.options import Option
from definitions.tables import CONTRACT
from queries.filters import FilterState
from queries.run import SUPPRESSED, min_accounts, parameter_names, unapplied_filters


def missing_columns(metric: Metric, manifest: Manifest) -> tuple[str, ...]:
    """Return the columns that the metric needs and the build has no value of, as ``table.column``."""
    return tuple(needed for needed in metric.needs if not manifest.has(needed))


def missing_sentences(metrics: Iterable[Metric], manifest: Manifest) -> list[str]:
    """Say which of the metrics cannot be computed and why, one sentence for all that lack the same columns."""
    labels: dict[tuple[str, ...], list[str]] = {}
    for metric in metrics:
        lacking = missing_columns(metric, manifest)
        if lacking:
            labels.setdefault(lacking, []).append(metric.label)
    return [_sentence(names, columns) for columns, names in labels.items()]


def missing_besides(title: str, needs: Iterable[str], manifest: Manifest) -> list[str]:
    """Say that what a card tells needs columns besides those of its metric that the build has no value of, if so."""
    lacking = tuple(needed for needed in needs if not manifest.has(needed))
    return [_sentence([f"«{title}»"], lacking)] if lacking else []


def missing_choice(option: Option, filters: FilterState, manifest: Manifest) -> str | None:
    """Say that what is chosen of an option cannot be told and why; None when it can."""
    chosen = filters.option(option.name)
    needed = option.needs.get(chosen)
    if needed is None or manifest.has(needed):
        return None
    return f"«{option.choices[chosen]}» needs {described(needed)}, which this source does not have. Choose another."


def described(column_name: str) -> str:
    """Return a column with its meaning: «plays.origin (how it was found)»."""
    table, _, column = column_name.partition(".")
    return f"{column_name} ({CONTRACT[table].column(column).meaning})"


def _sentence(labels: list[str], columns: tuple[str, ...]) -> str:
    first, *others = labels
    subject = list_text([first, *(label[0].lower() + label[1:] for label in others)])
    verb = "need" if others else "needs"
    return f"{subject} {verb} {list_text([*map(described, columns)])}, which this source does not have."


def unapplied_sentence(query: str, filters: FilterState) -> str | None:
    """Say which of the filters in force a query does not look at; None when it looks at them all."""
    unapplied = unapplied_filters(query, filters)
    labels = [dimension.label.lower() for dimension in unapplied]
    if not labels:
        return None
    if "filters_but_plays" in parameter_names(query):
        return f"Not filtered by {list_text(labels)}, which only single plays tell."
    return f"Not filtered by {list_text(labels)}, which this figure does not tell apart."


def suppressed_sentence(frame: pd.DataFrame) -> str | None:
    """Say how many of a card's rows are hidden because they tell of too few accounts; None when none are."""
    hidden = int(frame[SUPPRESSED].sum()) if SUPPRESSED in frame else 0
    if not hidden:
        return None
    return f"{hidden:,} not shown: fewer than {min_accounts()} accounts."
