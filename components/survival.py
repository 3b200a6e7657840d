"""How long subscriptions last: curves, who is at risk, medians, groups compared, and when they end."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from scipy.special import chdtrc

from components.chart_parts import hover_text, kept_points, numbers, pick_data, records, value_axis
from components.colours import CATEGORIES, category_token
from components.format import value_text
from components.labels import dimension_label, value_label
from components.picks import value_pick
from components.series import label_ends
from components.theme import token
from components.undrawn import few_unknown_told, without_few_unknown
from definitions.dimensions import DIMENSION_BY_NAME
from definitions.metric import Metric, Unit
from queries.filters import FilterState

MONTH_DAYS = 30
FIRST_MONTHS = 3
# As many numbers at risk stand below a curve at most.
MAX_TICKS = 7
# A line has so many points at most: a screen shows no more steps.
MAX_STEPS = 400
# Where fewer groups are drawn their bands do not cover each other.
MAX_BANDS = 2
ROW_SHARE = 0.07
SIGNIFICANT = 0.05
# What marks the limits of an interval among a figure's lines.
LIMIT = "limit"


def survival_curves(
    frame: pd.DataFrame,
    metric: Metric,
    _filters: FilterState,
    *,
    since: str = "it began",
    of_all: str = "All subscriptions",
) -> go.Figure:
    """Draw a share by days of life as steps, one line for each group, and below it how many are at risk.

    ``frame`` has the columns group_kind, group_id, group_rank, age_days, at_risk and the metric's own, a share, and of
    one with a band <metric>_low and <metric>_high; at most six groups are drawn, the largest, and bands of two.
    ``since`` is what days are counted from, ``of_all`` what is not told apart is called.
    """
    known = without_few_unknown(frame[frame[metric.name].notna()], "at_risk")
    groups = drawn_groups(known)
    if not groups:
        return go.Figure()
    ticks = _month_ticks(known)
    share = ROW_SHARE * len(groups)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[1 - share, share], vertical_spacing=0.1)
    lines, tops = [], numbers(known[metric.name])
    for name in groups:
        every = records(known[known["group_id"] == name])
        rows = [every[place] for place in kept_points([row[metric.name] for row in every], MAX_STEPS)]
        color = token(group_color(known, name, groups))
        ages = [row["age_days"] for row in rows]
        if f"{metric.name}_low" in known and len(groups) <= MAX_BANDS:
            for limit in (f"{metric.name}_low", f"{metric.name}_high"):
                tops += numbers(known[limit])
                figure.add_scatter(
                    x=ages,
                    y=numbers(row[limit] for row in rows),
                    mode="lines",
                    line={"color": color, "width": 1, "shape": "hv", "dash": "dot"},
                    hoverinfo="skip",
                    meta=LIMIT,
                    row=1,
                    col=1,
                )
        shares = [float(row[metric.name]) for row in rows]
        label = group_label(known, name, of_all)
        figure.add_scatter(
            x=ages,
            y=shares,
            mode="lines" if len(rows) > 1 else "markers",
            marker={"color": color},
            name=label,
            line={"color": color, "width": 2, "shape": "hv"},
            hovertext=[_hover(row, metric, label) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
            customdata=_picks(known, name, len(rows)),
            row=1,
            col=1,
        )
        lines.append((label if len(groups) > 1 else "", color, ages, shares))
    figure.add_scatter(
        x=[tick for _ in groups for tick in ticks],
        y=[position for position, _ in enumerate(groups) for _ in ticks],
        mode="text",
        # Centred, the first would be cut off by the names beside it, and the last by the edge.
        textposition=["middle center" if tick else "middle right" for _ in groups for tick in ticks],
        cliponaxis=False,
        text=[_at_risk(known, name, tick) for name in groups for tick in ticks],
        textfont={"size": 12, "color": token("secondary")},
        hoverinfo="skip",
        row=2,
        col=1,
    )
    figure.update_yaxes(**value_axis(tops, metric.unit), row=1, col=1)
    last = int(known["age_days"].max())
    axis = {"range": [-last * 0.02, last * 1.02], "tickvals": ticks, "ticktext": [str(t // MONTH_DAYS) for t in ticks]}
    figure.update_xaxes(
        **axis, showticklabels=True, title={"text": f"Months of 30 days since {since}", "standoff": 4}, row=1
    )
    figure.update_xaxes(**axis, showticklabels=False, ticks="", row=2)
    figure.update_yaxes(
        range=[len(groups) - 0.5, -0.5],
        showgrid=False,
        tickvals=list(range(len(groups))),
        ticktext=[group_label(known, name) if len(groups) > 1 else "At risk" for name in groups],
        row=2,
        col=1,
    )
    figure.update_layout(showlegend=False, hovermode="closest")
    if len(groups) > 1:
        label_ends(figure, lines)
        figure.update_xaxes(range=axis["range"])
    return figure


def median_life(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say by when half have ended, with the 95 % interval, or how groups differ; which share has, where fewer have."""
    frame = without_few_unknown(frame, "at_risk")
    groups = drawn_groups(frame)
    if not groups:
        return metric.label
    if metric.name != "survival":
        return f"{metric.label}, by days since a subscription began"
    if len(groups) > 1:
        named = dimension_label(str(frame["group_kind"].iloc[0])).lower()
        p_value = log_rank(frame)
        if p_value is None:
            return f"Survival by {named}"
        differ = "differs" if p_value < SIGNIFICANT else "does not differ measurably"
        return f"Survival {differ} by {named} (log-rank, {_p_text(p_value)})"
    median, low, high = median_days(frame)
    if median is None:
        last = frame[frame[metric.name].notna()].iloc[-1]
        months = round(last["age_days"] / MONTH_DAYS)
        span = f"{months} {'month' if months == 1 else 'months'}"
        return f"{value_text(last[metric.name], metric.unit)} of {_observed(frame)} are still there after {span}"
    interval = f"{low} to {high}" if high is not None else f"{low} or more"
    return f"Half of {_observed(frame)} have ended after {median} days (95 %: {interval})"


def _observed(frame: pd.DataFrame) -> str:
    """Return whom the curve tells of: not of days of life before the first on which anybody was at risk."""
    first = int(frame["age_days"].min())
    return f"subscriptions that reached day {first}" if first else "subscriptions"


def what_survival_counts(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say whom the curve tells of, and by group when half have ended."""
    sentences = [
        "Subscriptions on the days of their life that lie in the range: who began before it is counted from then on, "
        "who runs on at its end up to then. A longer range gives narrower intervals."
    ]
    unknown = few_unknown_told(frame, "at_risk")
    frame = without_few_unknown(frame, "at_risk")
    groups = drawn_groups(frame)
    if len(groups) > 1:
        told = []
        for name in groups:
            median, low, high = median_days(frame[frame["group_id"] == name])
            ends = f"{median} days ({low} to {'…' if high is None else high})" if median is not None else "not reached"
            told.append(f"{group_label(frame, name)} {ends}")
        sentences.append(f"Half have ended after: {'; '.join(told)}.")
    more = frame["group_id"].nunique() - len(groups)
    if more > 0:
        sentences.append(f"{more:,} smaller groups are in the table, and in the log-rank test.")
    return " ".join(filter(None, (*sentences, unknown)))


def median_days(frame: pd.DataFrame) -> tuple[int | None, int | None, int | None]:
    """Return the first day of life by which half have ended, and the first by which each limit of the band says so.

    None where that is not reached. ``frame`` has the columns age_days, survival, survival_low and survival_high of one
    group. After Brookmeyer and Crowley, Biometrics, 1982.
    """
    found = []
    for column in ("survival", "survival_low", "survival_high"):
        ages = frame.loc[frame[column] <= 0.5, "age_days"]
        found.append(None if ages.empty else int(ages.iloc[0]))
    return found[0], found[1], found[2]


def log_rank(frame: pd.DataFrame) -> float | None:
    """Return the p-value of the log-rank test that all groups end alike.

    None where nothing can be compared, or days are hidden because few were at risk on them.

    ``frame`` has the columns group_id, age_days, at_risk and ended_subscriptions, with a row for each day of life on
    which one of the group ended, and others between them. After Mantel, Cancer Chemotherapy Reports, 1966.
    """
    if frame["at_risk"].isna().any():
        return None
    statistic, degrees = log_rank_statistic(frame)
    return float(chdtrc(degrees, statistic)) if degrees else None


def log_rank_statistic(frame: pd.DataFrame) -> tuple[float, int]:
    """Return the log-rank test's χ² and its degrees of freedom, 0 where nothing can be compared; see ``log_rank``."""
    by_group = frame.pivot_table(
        index="age_days", columns="group_id", values=["ended_subscriptions", "at_risk"], aggfunc="sum", fill_value=0
    )
    if by_group.empty or frame["group_id"].nunique() < 2:
        return 0.0, 0
    ended, at_risk = (by_group[name].to_numpy(dtype=float) for name in ("ended_subscriptions", "at_risk"))
    all_ended, all_at_risk = ended.sum(axis=1), at_risk.sum(axis=1)
    told = (all_ended > 0) & (all_at_risk > 1)
    ended, at_risk, all_ended, all_at_risk = ended[told], at_risk[told], all_ended[told], all_at_risk[told]
    shares = at_risk / all_at_risk[:, None]
    excess = (ended - shares * all_ended[:, None]).sum(axis=0)
    spread = all_ended * (all_at_risk - all_ended) / (all_at_risk - 1)
    covariance = np.diag(spread @ shares) - (shares * spread[:, None]).T @ shares
    # What is expected of all groups but one settles that one, and a group that nothing is expected of is not compared.
    compared = np.flatnonzero(np.diag(covariance) > 0)[1:]
    if not compared.size:
        return 0.0, 0
    weighed = np.linalg.solve(covariance[np.ix_(compared, compared)], excess[compared])
    return float(excess[compared] @ weighed), len(compared)


def ending_rates(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw the share that ends in each month of life, with its interval where one group is shown.

    ``frame`` has the columns group_kind, group_id, group_rank, month_of_life, at_risk, ended_subscriptions,
    ending_rate_low, ending_rate_high and the metric's own; at most six groups are drawn, the largest.
    """
    known = without_few_unknown(frame[frame[metric.name].notna()], "at_risk")
    groups = drawn_groups(known)
    figure = go.Figure()
    highest = []
    for name in groups:
        rows = records(known[known["group_id"] == name])
        color, label = token(group_color(known, name, groups)), group_label(known, name)
        rates = [float(row[metric.name]) for row in rows]
        limits = [(row["ending_rate_low"], row["ending_rate_high"]) for row in rows]
        figure.add_scatter(
            x=[row["month_of_life"] for row in rows],
            y=rates,
            mode="lines+markers",
            name=label,
            line={"color": color, "width": 2},
            marker={"color": color, "size": 5},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [high - rate for rate, (_, high) in zip(rates, limits, strict=True)],
                "arrayminus": [rate - low for rate, (low, _) in zip(rates, limits, strict=True)],
                "thickness": 1,
                "width": 0,
            }
            if len(groups) == 1
            else None,
            hovertext=[
                hover_text(
                    row[metric.name],
                    metric,
                    f"{label}, month {row['month_of_life']} of life",
                    _interval(row, metric),
                    f"{row['ended_subscriptions']:,.0f} ended; {row['at_risk']:,.0f} were there when it began",
                )
                for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            customdata=_picks(known, name, len(rows)),
        )
        highest += rates
    if highest:
        # An interval of few would flatten all others.
        figure.update_yaxes(**value_axis([1.5 * max(highest)], metric.unit))
    figure.update_xaxes(title={"text": "Month of life, of 30 days", "standoff": 12})
    figure.update_layout(showlegend=len(groups) > 1, hovermode="closest")
    return figure


def early_endings(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which share ends in a month at first, and later: «7.1 % a month end in the first three months of life, …».

    Of the largest group, where there are several: the mean of the months' rates, weighed by those at risk. The ends are
    not summed, since in a short range they are of many that were not yet seen when their month of life began.
    """
    known = frame[frame[metric.name].notna() & (frame["group_rank"] == 1)]
    first, later = (known[known["month_of_life"] <= FIRST_MONTHS], known[known["month_of_life"] > FIRST_MONTHS])
    if not first["at_risk"].sum() or not later["at_risk"].sum():
        return metric.label
    early, late = (
        value_text(float((rows[metric.name] * rows["at_risk"]).sum() / rows["at_risk"].sum()), Unit.RATE)
        for rows in (first, later)
    )
    whose = "" if frame["group_id"].nunique() == 1 else f"{group_label(frame, str(known['group_id'].iloc[0]))}: "
    return f"{whose}{early} a month end in the first three months of life, {late} later"


def drawn_groups(frame: pd.DataFrame) -> list[str]:
    """Return the groups that have a colour, the largest first."""
    ranked = frame.drop_duplicates("group_id").sort_values("group_rank", kind="stable")["group_id"]
    return [str(name) for name in ranked.head(len(CATEGORIES))]


def group_color(frame: pd.DataFrame, name: str, groups: list[str]) -> str:
    """Return the token of a group's colour, of those that are drawn."""
    kind = str(frame["group_kind"].iloc[0])
    return "accent" if kind == "none" else category_token(kind, name, groups)


def group_label(frame: pd.DataFrame, name: str, of_all: str = "All subscriptions") -> str:
    """Return what a group is called; ``of_all`` where nothing is told apart."""
    return of_all if name == "all" else value_label(str(frame["group_kind"].iloc[0]), name)


def _picks(frame: pd.DataFrame, name: str, points: int) -> list[list[str]] | None:
    kind = str(frame["group_kind"].iloc[0])
    return pick_data([value_pick(kind, name)] * points) if kind in DIMENSION_BY_NAME else None


def _month_ticks(frame: pd.DataFrame) -> list[int]:
    months = int(frame["age_days"].max()) // MONTH_DAYS
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months <= step * (MAX_TICKS - 1) or step == 120)
    return [month * MONTH_DAYS for month in range(0, months + 1, step)]


def _at_risk(frame: pd.DataFrame, name: str, age_days: int) -> str:
    found = frame.loc[(frame["group_id"] == name) & (frame["age_days"] == age_days), "at_risk"]
    return value_text(float(found.iloc[0]), Unit.COUNT) if len(found) else "0"


def _hover(row: dict[str, Any], metric: Metric, label: str) -> str:
    interval = _interval(row, metric) if f"{metric.name}_low" in row else ""
    return hover_text(
        row[metric.name], metric, f"{label}, {row['age_days']} days", interval, f"{row['at_risk']:,.0f} at risk"
    )


def _interval(row: dict[str, Any], metric: Metric) -> str:
    low, high = (value_text(row[f"{metric.name}_{limit}"], metric.unit) for limit in ("low", "high"))
    return f"95 %: {low} to {high}"


def _p_text(p_value: float) -> str:
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
