"""Accounts whose activity has fallen below their own habit, why that may be, and how often such accounts have ended."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.account_links import account_link
from components.chart_parts import hover_text, numbers, records, value_axis
from components.format import NO_VALUE, column_texts, day_text, is_missing, list_text, value_text
from components.labels import value_label
from components.survival import LIMIT
from components.tables import measure_cell
from components.theme import token
from definitions.metric import Metric, Unit
from queries.filters import FilterState

WINDOW_DAYS = 28
MAX_ACCOUNTS_SHOWN = 100
# From when on it is worth saying how long ago an account was last active.
SILENT_DAYS = 7
# Stalls count as a reason from so large a share of the time, and so many times what the account was used to.
STALLED_RATIO = 0.01
STALLED_TIMES = 1.5
BANDS = {
    "all": "All of it lost",
    "three_quarters": "75 % or more",
    "half": "50 to 75 %",
    "quarter": "25 to 50 %",
    "kept": "Less than 25 %",
    "no_habit": "No habit yet",
}
# The same where there is little room.
BAND_TICKS = {
    "all": "All",
    "three_quarters": "≥ 75 %",
    "half": "≥ 50 %",
    "quarter": "≥ 25 %",
    "kept": "< 25 %",
    "no_habit": "None<br>yet",
}
RULES = {
    "habit": ("Largest share of habit lost", "accent"),
    "hours": ("Fewest hours", "category-5"),
    "random": ("Chosen by chance", "comparison"),
}
# Of the numbers of accounts chosen, the one that the headline is about: it suits a service of any size.
TOLD_CHOICE = "5 %"


def accounts_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show the accounts that lost the most of their habit, each with what was seen of it; never a bare score.

    ``frame`` has the columns of accounts_at_risk: shares 0 to 1, hours in 28 days, days.
    """
    shown = records(frame.head(MAX_ACCOUNTS_SHOWN))
    lost = column_texts([row[metric.name] for row in shown], Unit.RATE)
    ended = column_texts([row["band_ended_share"] for row in shown], Unit.RATE)
    body = []
    for row, lost_text, ended_text in zip(shown, lost, ended, strict=True):
        of_whom = [
            value_label("country", _text(row["account_country"])),
            value_label("plan", _text(row["account_plan"])),
        ]
        body.append(
            html.Tr(
                [
                    html.Th(account_link(str(row["account_id"]), filters), scope="row"),
                    html.Td(", ".join(of_whom), className="secondary"),
                    measure_cell(row[metric.name], lost_text, share=min(1, row[metric.name])),
                    html.Td(html.Ul([html.Li(reason) for reason in reasons(row)], className="reasons")),
                    measure_cell(row["band_ended_share"], ended_text, is_main=False, missing=NO_VALUE),
                ]
            )
        )
    heads = ("Account", "Country, plan", metric.label, "What was seen", "Of such, ended in 28 days")
    head = html.Tr([html.Th(text, scope="col", className="number" if text == heads[-1] else "") for text in heads])
    table = html.Table([html.Thead(head), html.Tbody(body)], className="measures at-risk")
    label = "Accounts at risk"
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": label})


def reasons(row: dict[str, Any]) -> list[str]:
    """Say what was seen of an account that watches less than before: hours, silence, a decision, searches, stalls."""
    recent, habit = (value_text(row[name], Unit.HOURS) for name in ("recent_hours", "habit_hours"))
    watched = f"watched {recent}" if row["recent_hours"] else "watched nothing"
    told = [f"{watched} in {WINDOW_DAYS} days, {habit} in each {WINDOW_DAYS} days before"]
    days = row["days_since_active"]
    if not is_missing(days) and days >= SILENT_DAYS:
        told.append(f"last active {days:.0f} days ago")
    if not is_missing(row["cancelled_day"]):
        told.append(f"decided to leave on {day_text(row['cancelled_day'].date())}")
    failed, searches = row["searches_without_result"], row["searches"]
    if failed > 0:
        told.append(f"{failed:.0f} of {searches:.0f} {'search' if searches == 1 else 'searches'} without a result")
    stalled, before = row["recent_rebuffer_ratio"], row["before_rebuffer_ratio"]
    if not is_missing(stalled) and not is_missing(before) and stalled >= max(STALLED_RATIO, STALLED_TIMES * before):
        told.append(f"stalled {value_text(stalled, Unit.RATE)} of the time, {value_text(before, Unit.RATE)} before")
    return told


def accounts_told(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how many have lost at least half of their habit, and how many of them watched nothing."""
    if frame[metric.name].isna().all():
        return metric.label
    silent = int((frame["recent_hours"] == 0).sum())
    more = "or more " if len(frame) >= 500 else ""
    accounts = "1 account watches" if len(frame) == 1 else f"{len(frame):,} {more}accounts watch"
    return f"{accounts} at most half of what they used to; {silent:,} watched nothing in {WINDOW_DAYS} days"


def what_at_risk_means(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say as of which day, against what, and what the last column is."""
    cut_day = pd.Timestamp(frame["cut_day"].iloc[0]).date()
    more = len(frame) - MAX_ACCOUNTS_SHOWN
    sentences = [
        f"As of the beginning of {day_text(cut_day)}, the end of the data, whatever the range. A habit is the mean of "
        f"the three times {WINDOW_DAYS} days before the last; who was active in fewer than two of them has none. The "
        "last column tells of the accounts that had lost as much on earlier days; it is no forecast of one account."
    ]
    if more > 0:
        sentences.append(f"{more:,} more are in the table and its file.")
    return " ".join(sentences)


def precision_bars(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw which share of the chosen ended, for each way to choose them, side by side, with intervals.

    ``frame`` has the columns choice, rule, chosen_accounts, chosen_ended, precision_low, precision_high and the
    metric's own, a share.
    """
    figure = go.Figure()
    for rule, (name, color) in RULES.items():
        rows = records(frame[(frame["rule"] == rule) & frame[metric.name].notna()])
        if not rows:
            continue
        shares = [float(row[metric.name]) for row in rows]
        figure.add_bar(
            x=[row["choice"] for row in rows],
            y=shares,
            name=name,
            marker={"color": token(color)},
            error_y=None if rule == "random" else _limits(shares, rows, "precision_low", "precision_high"),
            hovertext=[
                hover_text(row[metric.name], metric, f"{name}, {row['choice']} at each date", _ended(row))
                for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    tops = numbers(frame[["precision_high", metric.name]].max(axis=1))
    figure.update_yaxes(**value_axis(tops, metric.unit))
    figure.update_xaxes(
        title={"text": "How many are chosen of those with a habit", "standoff": 8}, type="category", tickangle=0
    )
    figure.update_layout(barmode="group", bargap=0.3, showlegend=True, hovermode="closest")
    return figure


def better_than_chance(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how often the chosen ended, beside chance; and that it is no more than chance where that cannot be told."""
    told, lows = (_told(frame, name) for name in (metric.name, "precision_low"))
    if not {"habit", "random"} <= told.keys():
        return metric.label
    chosen, chance = (value_text(told[rule], Unit.RATE) for rule in ("habit", "random"))
    who = f"Of the {TOLD_CHOICE} who lost the most of their habit, {chosen} ended within {WINDOW_DAYS} days"
    if lows["habit"] > told["random"]:
        return f"{who}; of those chosen by chance, {chance}"
    return f"{who}: not measurably more than of those chosen by chance, {chance}"


def what_was_tested(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say at how many dates the rule was tested, on what, and how the naive one did."""
    cuts = int(frame["cuts"].max())
    sentences = [
        f"The rule as it would have been at {'1 date' if cuts == 1 else f'{cuts} dates'}, {WINDOW_DAYS} days apart, "
        "knowing nothing of what came after, and who had ended 28 days later. Intervals are Wilson’s 95 %; an account "
        "can be chosen at several dates, so they are somewhat narrow."
    ]
    told = _told(frame, metric.name)
    if {"habit", "hours"} <= told.keys():
        hours = value_text(told["hours"], Unit.RATE)
        verdict = "fewer" if told["hours"] < told["habit"] else "more" if told["hours"] > told["habit"] else "as many"
        sentences.append(f"Choosing the fewest hours instead finds {verdict}: {hours}.")
    return " ".join(sentences)


def calibration_dots(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw, for each share of the habit lost, which share ended against the one expected from earlier dates.

    ``frame`` has the columns risk_band, expected_ended_share, band_ended_share_low, band_ended_share_high,
    band_accounts, band_ended and the metric's own.
    """
    known = frame[frame[metric.name].notna()]
    figure = go.Figure()
    if known.empty:
        return figure
    rows = records(known)
    bands = [BAND_TICKS[row["risk_band"]] for row in rows]
    shares = [float(row[metric.name]) for row in rows]
    figure.add_scatter(
        x=bands,
        y=[float(row["expected_ended_share"]) for row in rows],
        mode="markers",
        name="Expected from earlier dates",
        line={"color": token("comparison")},
        marker={"symbol": "line-ew", "size": 26, "line": {"color": token("comparison"), "width": 3}},
        hoverinfo="skip",
        meta=LIMIT,
    )
    figure.add_scatter(
        x=bands,
        y=shares,
        mode="markers",
        name="Ended",
        line={"color": token("accent")},
        marker={"color": token("accent"), "size": 9},
        error_y=_limits(shares, rows, f"{metric.name}_low", f"{metric.name}_high"),
        hovertext=[
            hover_text(
                row[metric.name],
                metric,
                f"Habit lost: {BANDS[row['risk_band']].lower()}",
                f"expected {value_text(row['expected_ended_share'], Unit.RATE)}",
                f"{row['band_ended']:,.0f} of {row['band_accounts']:,.0f} ended",
            )
            for row in rows
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    tops = numbers(known[[f"{metric.name}_high", "expected_ended_share"]].max(axis=1))
    figure.update_yaxes(**value_axis(tops, metric.unit))
    figure.update_xaxes(type="category", tickangle=0, title={"text": "Habit lost", "standoff": 8})
    figure.update_layout(showlegend=True, hovermode="closest")
    return figure


def calibration_told(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say for how many bands what was expected lies within the interval of what came."""
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return metric.label
    expected = known["expected_ended_share"]
    inside = (expected >= known[f"{metric.name}_low"]) & (expected <= known[f"{metric.name}_high"])
    if inside.all():
        return "Groups ended as often as earlier dates had led one to expect"
    off = [BANDS[str(name)].lower() for name in known.loc[~inside, "risk_band"]]
    return f"Not as expected from earlier dates: {list_text(off)}"


def what_calibration_counts(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say how accounts are grouped and what is compared."""
    cuts = int(frame["cuts"].max())
    return (
        f"Accounts by how much of their habit they had lost, at {'1 date' if cuts == 1 else f'{cuts} dates'}; expected "
        "is the share that had ended at all dates before."
    )


def _told(frame: pd.DataFrame, column: str) -> dict[str, float]:
    """Return a column of the choice that is told of, by the rule, where it is known."""
    rows = frame[(frame["choice"] == TOLD_CHOICE) & frame[column].notna()]
    return dict(zip(map(str, rows["rule"]), map(float, rows[column]), strict=True))


def _limits(shares: list[float], rows: list[dict[str, Any]], low: str, high: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [max(0.0, float(row[high]) - share) for share, row in zip(shares, rows, strict=True)],
        "arrayminus": [max(0.0, share - float(row[low])) for share, row in zip(shares, rows, strict=True)],
        "thickness": 1,
        "width": 0,
        "color": token("secondary"),
    }


def _ended(row: dict[str, Any]) -> str:
    if is_missing(row["chosen_ended"]):
        return ""
    return f"{row['chosen_ended']:,.0f} of {row['chosen_accounts']:,.0f} ended"


def _text(value: Any) -> str:
    return "unknown" if is_missing(value) else str(value)
