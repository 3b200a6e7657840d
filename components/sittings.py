"""Sessions by length, binge sessions over time, and those after a release."""

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import hover_text, note, numbers, records, value_axis
from components.format import change_between, days_text, is_missing, value_text
from components.theme import token
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState

HOUR_MIN = 60
FIRST_WEEK_DAYS = 7
DAYS_A_TICK = 7


def sessions_by_length(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw how many sessions had which length as bars, those of the comparison as a grey outline over them.

    ``frame`` has the columns span, from_min, to_min (null in the last step), session_length, session_share and the
    metric's own.
    """
    rows = records(frame)
    current, comparison = ([row for row in rows if row["span"] == span] for span in ("current", "comparison"))
    figure = go.Figure()
    if not current:
        return figure
    figure.add_bar(
        x=[row["from_min"] for row in current],
        y=numbers(row[metric.name] for row in current),
        offset=0,
        width=_step_min(current) * 0.92,
        marker={"color": token("accent")},
        name=days_text(filters.start_day, filters.end_day),
        hovertext=[
            hover_text(
                row[metric.name],
                metric,
                row["session_length"],
                "" if is_missing(row["session_share"]) else f"{value_text(row['session_share'], Unit.RATE)} of all",
            )
            for row in current
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    if comparison and filters.compare_start_day and filters.compare_end_day:
        figure.add_bar(
            x=[row["from_min"] for row in comparison],
            y=numbers(row[metric.name] for row in comparison),
            offset=0,
            width=_step_min(comparison) * 0.92,
            marker={"color": "rgba(0, 0, 0, 0)", "line": {"color": token("comparison"), "width": 1.5}},
            name=days_text(filters.compare_start_day, filters.compare_end_day),
            hoverinfo="skip",
        )
    open_from = current[-1]["from_min"]
    ticks = range(0, int(open_from) + 1, HOUR_MIN)
    figure.update_xaxes(
        tickvals=list(ticks),
        ticktext=[value_text(tick / 60, Unit.HOURS) + (" or more" if tick == open_from else "") for tick in ticks],
        title={"text": METRICS["mean_session_hours"].label, "standoff": 12},
    )
    figure.update_yaxes(**value_axis(numbers(row[metric.name] for row in rows), metric.unit))
    figure.update_layout(bargap=0, barmode="overlay", showlegend=bool(comparison))
    return figure


def usual_session(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how long sessions last: «Sessions last 56 min on average, half of them less than 50 min».

    ``frame`` has the columns span, mean_session_hours and half_over_hours (null in the last step).
    """
    current = records(frame[frame["span"] == "current"].head(1))
    if not current or is_missing(current[0]["mean_session_hours"]):
        return f"{metric.label} by length"
    mean = f"Sessions last {value_text(current[0]['mean_session_hours'], Unit.HOURS)} on average"
    half = current[0]["half_over_hours"]
    return mean if is_missing(half) else f"{mean}, half of them less than {value_text(half, Unit.HOURS)}"


def session_length_change(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str | None:
    """Say how much longer or shorter sessions were on average in the days compared; None where nothing is compared."""
    means = frame.groupby("span")["mean_session_hours"].first()
    length = METRICS["mean_session_hours"]
    change = change_between(means.get("current"), means.get("comparison"), length)
    if change is None:
        return None
    return f"In the days compared the mean was {value_text(means['comparison'], length.unit)} ({change.spoken} since)."


def binge_share(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how many binge sessions there were, and their share of the watch time of the whole range.

    ``frame`` has the columns span, watch_hours, binge_watch_hours and the metric's own.
    """
    totals = frame[frame["span"] == "current"][["watch_hours", "binge_watch_hours", metric.name]].sum()
    counted = f"{value_text(totals[metric.name], metric.unit)} binge sessions"
    if not totals["watch_hours"]:
        return counted
    share = totals["binge_watch_hours"] / totals["watch_hours"]
    return f"{counted}, {value_text(share, Unit.RATE)} of watch time"


def binges_after_release(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw binge sessions per release by days since it as bars, the level of later weeks as a dotted line.

    ``frame`` has the columns days_since_release, releases, binge_sessions, level_after and the metric's own. Days that
    no release had in the range are gaps.
    """
    rows = records(frame)
    figure = go.Figure()
    if not rows:
        return figure
    figure.add_bar(
        x=[row["days_since_release"] for row in rows],
        y=numbers(row[metric.name] for row in rows),
        marker={
            "color": [
                token("accent") if row["days_since_release"] < FIRST_WEEK_DAYS else token("comparison") for row in rows
            ]
        },
        hovertext=[
            hover_text(
                row[metric.name],
                metric,
                _days_after(row["days_since_release"]),
                f"{value_text(row['binge_sessions'], Unit.COUNT)} sessions, "
                f"{value_text(row['releases'], Unit.COUNT)} releases",
            )
            for row in rows
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    level = rows[0]["level_after"]
    if not is_missing(level):
        line = {"color": token("ink"), "width": 1.5, "dash": "dot"}
        figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=level, y1=level, line=line)
        label = f"weeks 5 to 12: {value_text(level, metric.unit)} a day"
        note(figure, label, x=1, xref="paper", xanchor="right", y=level, yanchor="bottom", color=token("ink"))
    figure.update_xaxes(
        tickvals=list(range(0, len(rows), DAYS_A_TICK)), title={"text": "Days since the release", "standoff": 12}
    )
    figure.update_yaxes(**value_axis([*numbers(row[metric.name] for row in rows), level], metric.unit))
    figure.update_layout(bargap=0.2, showlegend=False)
    return figure


def first_week_ratio(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how a release's first week compares: «9 times as many binge sessions a day in a release's first week».

    ``frame`` has the columns days_since_release, releases, binge_sessions and level_after.
    """
    first = frame[frame["days_since_release"] < FIRST_WEEK_DAYS][["binge_sessions", "releases"]].sum()
    level = frame["level_after"].max()
    if not first["releases"] or is_missing(level) or not level:
        return metric.label
    ratio = first["binge_sessions"] / first["releases"] / level
    return f"{value_text(ratio, Unit.COUNT)} times as many binge sessions a day in a release's first week as later"


def _step_min(rows: list[dict[str, object]]) -> float:
    first = rows[0]
    return float(str(first["to_min"])) - float(str(first["from_min"]))


def _days_after(days: float) -> str:
    return "On the day of the release" if days == 0 else f"{value_text(days, Unit.COUNT)} days after the release"
