"""What the columns of a card mean that stand beside its metric."""

from collections.abc import Iterable

from dash import html

from components.tables import column_label
from definitions.supporting import COLUMN_MEANINGS


def column_notes(columns: Iterable[str]) -> list[html.Details]:
    """Explain those of the columns that are no metrics, folded away; nothing where all are."""
    names = dict.fromkeys(name.removeprefix("compare_") for name in columns)
    rows = [
        part
        for name in names
        if name in COLUMN_MEANINGS
        for part in (html.Dt(column_label(name)), html.Dd(COLUMN_MEANINGS[name]))
    ]
    return [html.Details([html.Summary("Other columns"), html.Dl(rows)], className="other-columns")] if rows else []
