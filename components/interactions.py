"""What viewers do while they watch: how often they pause and seek, by group."""

from typing import Any

import pandas as pd
from dash import html

from components.chart_parts import records
from components.format import NO_VALUE, change_between, is_missing, list_text, value_text
from components.labels import value_label
from components.picks import pick_button, value_pick
from components.tables import HIDDEN, change_text, measure_cell
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState
from queries.run import SUPPRESSED

INTERACTIONS = tuple(
    METRICS[name] for name in ("pauses_per_hour", "rewinds_per_hour", "fast_forwards_per_hour", "resumes_per_hour")
)
TWO_DIGITS_BELOW = 10


def interaction_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show a row for each group: how often it pauses, rewinds, fast-forwards and resumes in an hour, each over a bar.

    Bars of one column are as long as its largest value asks. ``frame`` has the columns group_kind, group_id, and of
    each measure its own and compare_<measure>, per hour watched. ``metric`` is the one that the card is about.
    """
    compared = filters.compare_start_day is not None
    largest = {measure.name: frame[measure.name].max() for measure in INTERACTIONS}
    body = []
    for row in records(frame):
        name = value_label(row["group_kind"], row["group_id"])
        cells = [html.Th(pick_button(name, value_pick(row["group_kind"], row["group_id"], name)), scope="row")]
        for measure in INTERACTIONS:
            value = row[measure.name]
            reach = 0 if is_missing(value) or not largest[measure.name] else value / largest[measure.name]
            missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
            cells.append(measure_cell(value, _per_hour(value), is_main=measure is metric, share=reach, missing=missing))
            if compared:
                change = change_between(value, row[f"compare_{measure.name}"], measure, in_column=True)
                cells.append(html.Td(change_text(change), className="moved-by"))
        body.append(html.Tr(cells))
    columns_each = 2 if compared else 1
    head = [
        html.Th("Per hour watched", scope="col"),
        *(html.Th(each.label, scope="col", colSpan=columns_each) for each in INTERACTIONS),
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="interactions")
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": "Per hour watched"})


def not_told(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str | None:
    """Say which of the measures were told of no play, and of how much watch time pauses were not."""
    shown = frame[~frame[SUPPRESSED]] if SUPPRESSED in frame else frame
    if shown.empty:
        return None
    missing = [measure.label.lower() for measure in INTERACTIONS if shown[measure.name].isna().all()]
    watched, measured = shown["watch_hours"].sum(), shown["measured_hours"].sum()
    sentences = [
        f"Not told of these plays: {list_text(missing)}." if missing else "",
        f"Pauses were told of {value_text(measured / watched, Unit.RATE)} of watch time."
        if 0 < measured < watched
        else "",
    ]
    return " ".join(filter(None, sentences)) or None


def _per_hour(value: Any) -> str:
    return "" if is_missing(value) else f"{value:,.{2 if value < TWO_DIGITS_BELOW else 1}f}"
