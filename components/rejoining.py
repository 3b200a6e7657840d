"""Who comes back after an end, how soon, and who ends again and again."""

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import hover_text, numbers, pick_data, records, value_axis
from components.format import value_text
from components.labels import dimension_label
from components.picks import value_pick
from components.survival import MONTH_DAYS, drawn_groups, group_color, group_label, survival_curves
from components.theme import token
from components.undrawn import undrawn_groups
from definitions.dimensions import DIMENSION_BY_NAME
from definitions.metric import Metric, Unit
from queries.filters import FilterState

# The most that is counted apart: three stands for three and more.
TIMES = {1: "Once", 2: "Twice", 3: "Three times and more"}
TOLD_MONTHS = (12, 6, 3, 1)


def rejoining_curves(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw which share of accounts has rejoined by the time since they ended; ``frame`` as of ``survival_curves``."""
    return survival_curves(frame, metric, filters, since="it ended", of_all="Accounts that ended")


def rejoined_by_months(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which share of the largest group is back after the longest told number of months."""
    groups = drawn_groups(frame)
    known = frame[frame[metric.name].notna() & (frame["group_rank"] == 1)]
    if known.empty:
        return metric.label
    for months in TOLD_MONTHS:
        if known["age_days"].max() >= months * MONTH_DAYS:
            # A row tells of the days from its own to the next row's.
            told = known[known["age_days"] <= months * MONTH_DAYS].iloc[-1]
            whose = "" if len(groups) == 1 else f"{group_label(frame, groups[0])}: "
            span = "a month" if months == 1 else f"{months} months"
            share = value_text(told[metric.name], Unit.RATE)
            return f"{whose}{share} of accounts that ended are back after {span}"
    return metric.label


def what_rejoining_counts(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say whom the curve follows, and who has no curve."""
    followed = (
        "Accounts on the days since an end that lie in the range; those not back by its end are followed up to then. "
        "Below the curve, how many are still away."
    )
    return " ".join(filter(None, (followed, undrawn_groups(frame, metric, filters, size="at_risk"))))


def times_ended_bars(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw how many accounts have ended once, twice and more, in bars side by side for each group.

    ``frame`` has the columns group_kind, group_id, group_rank, times_ended, ended_accounts_share and the metric's own.
    """
    figure = go.Figure()
    if frame.empty:
        return figure
    kind = str(frame["group_kind"].iloc[0])
    # Every row is drawn: what has no colour of its own is grey.
    groups = [str(name) for name in frame.drop_duplicates("group_id").sort_values("group_rank")["group_id"]]
    for name in groups:
        rows = records(frame[frame["group_id"] == name])
        label = group_label(frame, name, "All accounts")
        figure.add_bar(
            x=[TIMES[int(row["times_ended"])] for row in rows],
            y=numbers(row[metric.name] for row in rows),
            name=label,
            marker={"color": token(group_color(frame, name, groups))},
            hovertext=[
                hover_text(
                    row[metric.name],
                    metric,
                    f"{label}, {TIMES[int(row['times_ended'])].lower()}",
                    f"{value_text(row['ended_accounts_share'], Unit.RATE)} of those that ended",
                )
                for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            customdata=pick_data([value_pick(kind, name)] * len(rows)) if kind in DIMENSION_BY_NAME else None,
        )
    figure.update_xaxes(categoryorder="array", categoryarray=list(TIMES.values()))
    figure.update_yaxes(**value_axis(numbers(frame[metric.name]), metric.unit))
    figure.update_layout(showlegend=len(groups) > 1, barmode="group", bargap=0.3, hovermode="closest")
    return figure


def serial_share(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which share of the accounts that ended has ended more than once."""
    total = frame[metric.name].sum()
    if frame[metric.name].isna().any() or not total:
        return metric.label
    again = value_text(float(frame.loc[frame["times_ended"] > 1, metric.name].sum() / total), Unit.RATE)
    kind = str(frame["group_kind"].iloc[0])
    by = "" if kind == "none" else f", by {dimension_label(kind).lower()}"
    return f"{again} of accounts that ended have ended more than once{by}"
