"""How far people get: steps to completion, what is abandoned and watched again, and how fast seasons are finished."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import hover_text, records, value_axis
from components.format import value_text
from components.theme import token
from definitions.metric import Metric, Unit
from queries.filters import FilterState

BIN_HOURS = 0.25


def completers_of_starters(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which share of the starters completed: «41 % of what is begun is completed»."""
    share = frame["share_of_starters"].iloc[-1]
    return "Starters, watchers and completers" if pd.isna(share) else f"{_rate(share)} of what is begun is completed"


def what_completion_leaves_out(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str | None:
    """Say how many starters are left out, how many still have time, and of how many coverage is an estimate.

    ``frame`` has the columns unknown_starters, open_starters and estimated_starters, the same in every row.
    """
    first = frame.iloc[0]
    sentences = []
    if first["unknown_starters"] > 0:
        sentences.append(
            f"{value_text(first['unknown_starters'], Unit.COUNT)} more began what has no known runtime or position, "
            "and are left out."
        )
    if first["open_starters"] > 0:
        sentences.append(
            f"{value_text(first['open_starters'], Unit.COUNT)} began something whose days since release are not over."
        )
    estimated = _estimated(first["estimated_starters"], first[metric.name])
    return " ".join([*sentences, *([estimated] if estimated else [])]) or None


def estimated_coverage(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str | None:
    """Say of how much of what was settled, or finished, coverage is an estimate; None where of nothing."""
    column, of = (
        ("estimated_titles", "settled_titles")
        if "estimated_titles" in frame
        else ("estimated_seasons", "finished_seasons")
    )
    shown = frame[frame["span"] == "current"] if "span" in frame else frame
    return _estimated(shown[column].sum(), shown[of].sum())


def finish_speeds(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw how many seasons were finished at how many hours a day, in bins of a quarter of an hour.

    ``frame`` has the columns hours_from, the bin's beginning, step, what it is called, binge_racers and the metric's
    own, a count.
    """
    rows = records(frame[frame[metric.name].notna()])
    figure = go.Figure()
    if not rows:
        return figure
    total = sum(row[metric.name] for row in rows)
    hovers = [
        hover_text(
            float(row[metric.name]),
            metric,
            str(row["step"]),
            f"{_rate(row[metric.name] / total)} of all",
            f"{value_text(row['binge_racers'], Unit.COUNT)} by binge racers" if row["binge_racers"] else "",
        )
        for row in rows
    ]
    figure.add_bar(
        x=[row["hours_from"] + BIN_HOURS / 2 for row in rows],
        y=[row[metric.name] for row in rows],
        width=BIN_HOURS * 0.94,
        marker={"color": token("accent")},
        hovertext=hovers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.update_xaxes(range=[0, rows[-1]["hours_from"] + BIN_HOURS], title={"text": "Hours a day", "standoff": 12})
    figure.update_yaxes(**value_axis([float(row[metric.name]) for row in rows], metric.unit))
    return figure


def binge_racers(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how many seasons were finished, and which share on the day of release, of those whose release is known."""
    count = frame[metric.name].sum()
    finished = f"{value_text(count, metric.unit)} {'season' if count == 1 else 'seasons'} finished"
    known = frame["release_known_seasons"].sum()
    if not known > 0:
        return finished
    return f"{finished}, {_rate(frame['binge_racers'].sum() / known)} on the day of release"


def _estimated(estimated: float, of: float) -> str | None:
    if not (estimated > 0 and of > 0):
        return None
    return (
        f"Coverage is an estimate for {_rate(min(1.0, estimated / of))} of these: from the furthest position, or over "
        "several plays, which may overlap."
    )


def _rate(value: Any) -> str:
    return value_text(float(value), Unit.RATE)
