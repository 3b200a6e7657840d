"""How the colours that people watch move: shares of families over time, what grew, and towards which covers."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import records
from components.cover import small_cover
from components.customer_colours import first_name
from components.families import FAMILY_HEX, in_order, outlined
from components.figures import day_ticks
from components.format import MINUS, NO_VALUE, SPACE, is_missing, period_text, signed_column_texts, value_text
from components.tables import HIDDEN
from components.theme import token
from components.title_links import title_link
from definitions.metric import Metric, Unit
from queries.filters import FilterState

# A change that is smaller is none that anybody would see.
SEEN_CHANGE = 0.005


def family_course(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw the shares of the families of colours by period, stacked to the whole.

    ``frame`` has the columns period_start, first_day, is_complete, colour_family and the metric's own, a share.
    """
    figure = go.Figure()
    days = sorted({row["period_start"].date() for row in records(frame)})
    for family in in_order(frame["colour_family"]):
        rows = [row for row in records(frame) if row["colour_family"] == family]
        figure.add_bar(
            x=[row["period_start"].date() for row in rows],
            y=[None if is_missing(row[metric.name]) else float(row[metric.name]) for row in rows],
            name=family,
            marker=outlined(FAMILY_HEX[family], opacity=[1.0 if row["is_complete"] else 0.6 for row in rows]),
            hovertext=[
                f"<b>{family} {value_text(row[metric.name], Unit.RATE)}</b><br>{_period(row, filters)}" for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.update_yaxes(range=[0, 1], tickvals=[0, 0.5, 1], ticktext=[f"0{SPACE}%", f"50{SPACE}%", f"100{SPACE}%"])
    figure.update_xaxes(**day_ticks(days, filters.granularity))
    figure.update_layout(barmode="stack", bargap=0.08, hovermode="closest", showlegend=True)
    figure.update_layout(legend={"traceorder": "normal"})
    return figure


def family_that_moved(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say which family's share moved most from the first half of the whole periods to the second."""
    whole = frame[frame["is_complete"] & frame[metric.name].notna()]
    starts = sorted(whole["period_start"].unique())
    if len(starts) < 2:
        return f"{first_name(filters)}: colours over time"
    is_late = whole["period_start"] >= starts[len(starts) // 2]
    halves = whole.assign(half=is_late).pivot_table(index="colour_family", columns="half", values=metric.name)
    moved = halves[True] - halves[False]
    family = str(moved.abs().idxmax())
    if abs(float(moved[family])) < SEEN_CHANGE:
        return f"{first_name(filters)}: the colours hold steady"
    before, after = (value_text(halves[half][family], Unit.RATE) for half in (False, True))
    verb = "fell" if moved[family] < 0 else "grew"
    return f"{first_name(filters)}: {family} {verb} from {before} in the first half to {after}"


def what_course_counts(_frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say whose days and steps it goes by."""
    return "By the range and the steps of the filter bar; paler is not whole."


def family_changes(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw by how much the share of each family changed, as bars from nought.

    ``frame`` has the columns colour_family, colour_share, earlier_share and the metric's own, a difference of shares.
    """
    rows = records(frame)[::-1]
    figure = go.Figure()
    changes = [None if is_missing(row[metric.name]) else float(row[metric.name]) for row in rows]
    figure.add_bar(
        orientation="h",
        y=[row["colour_family"] for row in rows],
        x=changes,
        marker=outlined([FAMILY_HEX[row["colour_family"]] for row in rows]),
        text=[_points(change) for change in changes],
        textposition="outside",
        textfont={"size": 12},
        cliponaxis=False,
        hovertext=[
            f"<b>{row['colour_family']} {_points(change)}</b><br>{value_text(row['colour_share'], Unit.RATE)}, before "
            f"{value_text(row['earlier_share'], Unit.RATE)}"
            for row, change in zip(rows, changes, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    reach = max((abs(change) for change in changes if change is not None), default=0) or 0.01
    figure.update_xaxes(range=[-1.5 * reach, 1.5 * reach], visible=False)
    figure.update_yaxes(ticks="", type="category")
    figure.update_layout(bargap=0.25, hovermode="closest")
    figure.add_vline(x=0, line={"color": token("hairline"), "width": 1})
    return figure


def what_grew(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say which family grew most, and which fell most: «More blue, less red»."""
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return "What grew and what fell"
    who = first_name(filters)
    (most,), (least,) = records(known.nlargest(1, metric.name)), records(known.nsmallest(1, metric.name))
    if most[metric.name] < SEEN_CHANGE and least[metric.name] > -SEEN_CHANGE:
        return f"{who}: the same colours as before"
    return f"{who}: more {most['colour_family']}, less {least['colour_family']}"


def what_change_is(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which days are compared."""
    days = int(frame["colour_days"].iloc[0])
    return f"The last {days:,} days of the range, less the {days:,} before them; pt are points of all colours."


def covers_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Ol | html.P:
    """List the covers that are most like the change, each with its name, which opens the title's page.

    ``frame`` has the columns of covers_trended_towards; the metric's own is a cosine.
    """
    if frame["show_id"].isna().all():
        return html.P(HIDDEN, className="secondary")
    return html.Ol(
        [
            html.Li(
                [
                    small_cover(row["poster_hash"]),
                    title_link(row["show_id"], row["name"], filters.without("title")),
                    html.Span(
                        f"likeness {_cosine(row[metric.name])}, most by {_decisive(row)}",
                        className="secondary",
                        **{"data-value": repr(float(row[metric.name]))},
                    ),
                ]
            )
            for row in records(frame)
        ],
        className="cover-row",
    )


def nearest_cover(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say which cover is most like what is watched more now."""
    if frame["show_id"].isna().all():
        return "Towards which covers"
    nearest = records(frame.head(1))[0]
    return f"{first_name(filters)}: towards covers like {nearest['name']} ({_cosine(nearest[metric.name])})"


def what_likeness_is(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say how the covers were found, and why they may be of other colours than the families that grew."""
    days = int(frame["colour_days"].iloc[0])
    nearest = records(frame.head(1))[0]
    by_bins = (
        ""
        if is_missing(nearest["decisive_hex"])
        else f" So single bins decide, here most of all {_decisive(nearest)}. A family of What grew and what fell adds "
        "up all its bins, of which some grow while others fall: its colour need not be that of these covers."
    )
    return (
        f"The average colour of the last {days:,} days less that of the {days:,} before says which of the 216 bins "
        "grew and which fell. The likeness is its cosine with a cover: 1 is what grew alone, 0 has nothing to do with "
        "it."
        f"{by_bins} Whether people like such covers, or what is behind them, it does not say."
    )


def _decisive(row: dict[str, Any]) -> str:
    """Return the bin that makes a cover like the change: «#32080b (black) +0.7 pt»."""
    return f"{row['decisive_hex']} ({row['decisive_family']}) {_points(row['decisive_change'])}"


def _period(row: dict[str, Any], filters: FilterState) -> str:
    return period_text(row["first_day"].date(), filters.granularity) + ("" if row["is_complete"] else ", incomplete")


def _points(change: float | None) -> str:
    if change is None:
        return NO_VALUE
    (text,) = signed_column_texts([change], Unit.RATE)
    return text.replace("%", "pt").replace("-", MINUS)


def _cosine(value: float) -> str:
    return NO_VALUE if is_missing(value) else f"{value:.2f}"
