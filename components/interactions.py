"""What viewers do while they watch: how often they pause and seek, by group."""

import pandas as pd
from dash import html

from components.format import list_text, value_text
from components.tables import measure_table
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState
from queries.run import SUPPRESSED

INTERACTIONS = tuple(
    METRICS[name] for name in ("pauses_per_hour", "rewinds_per_hour", "fast_forwards_per_hour", "resumes_per_hour")
)


def interaction_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show a row for each group: how often it pauses, rewinds, fast-forwards and resumes in an hour, each over a bar.

    Bars of one column are as long as its largest value asks. ``frame`` has the columns group_kind, group_id, and of
    each measure its own and compare_<measure>, per hour watched. ``metric`` is the one that the card is about.
    """
    return measure_table(frame, metric, filters, measures=INTERACTIONS, named="Per hour watched")


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
