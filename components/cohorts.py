"""Who stays: a triangle of cohorts by interval of their life, and curves of retention pooled over them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import hover_text, numbers, pick_data, records, value_axis
from components.colours import CATEGORIES, OTHER, category_token
from components.format import NO_VALUE, day_text, is_missing, period_text, value_text
from components.labels import dimension_label, value_label
from components.picks import value_pick
from components.series import label_ends
from components.survival import LIMIT
from components.tables import HIDDEN
from components.theme import token
from components.undrawn import few_unknown_told, without_few_unknown
from definitions.dimensions import DIMENSION_BY_NAME
from definitions.metric import Metric, Unit
from queries.cohorts import reads_rows
from queries.filters import FilterState
from queries.run import SUPPRESSED, bound_parameters

# Of more cohorts the latest are drawn.
MAX_COHORTS = 104
# How deep a cell is coloured by its share of the highest, as a token's number.
SHADES = 6
# What the headline tells of: so many intervals on, or as far as there are any.
TOLD_INTERVAL = {"day": 7, "week": 4, "month": 3}
REST = "rest"
# The card that lists the accounts of a cell.
CELL_CARD = "retention-cell"
RETAINED_AS = {
    "on": "In a cell: the share, in %, retained in exactly that {interval}. It falls and rises as people pause and "
    "come back.",
    "on_or_after": "In a cell: the share, in %, retained in that {interval} or a later one, up to {interval} {last} "
    "for all cohorts alike, so that none has had longer to come back; a cohort counts once {interval} {last} is over.",
    "on_or_before": "In a cell: the share, in %, retained at least once after {interval} 0 by then. It never falls.",
    "streak": "In a cell: the share, in %, retained in every {interval} from 0 on, without a gap. It never rises.",
}


def cohort_triangle(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show a row for each cohort, the latest last, and one pooled over them above, with a cell for each interval.

    A cell that counts accounts offers their list, but not where small groups are hidden: no accounts are listed there.
    ``frame`` has the columns cohort_kind, cohort_start, interval_number, cohort_size, retained_accounts, is_complete,
    cohort_retention_low, cohort_retention_high and the metric's own; at most 104 cohorts are shown, the latest. Of a
    young segment the cohorts before its first, which have nobody, are left out, and intervals that none has reached.
    """
    period = filters.option("cohort_period")
    rows = records(_from_the_first(frame, metric))
    intervals = sorted({int(row["interval_number"]) for row in rows})
    by_cohort: dict[tuple[str, Any], dict[int, dict[str, Any]]] = {}
    for row in rows:
        start = None if is_missing(row["cohort_start"]) else row["cohort_start"]
        by_cohort.setdefault((row["cohort_kind"], start), {})[int(row["interval_number"])] = row
    cohorts = [key for key in by_cohort if key[0] == "cohort"]
    left_out = set(cohorts[:-MAX_COHORTS])
    is_open = SUPPRESSED not in frame
    later = [float(row[metric.name]) for row in rows if row["interval_number"] and not is_missing(row[metric.name])]
    highest = max(later, default=0.0) or 1.0
    body = [
        html.Tr(
            [
                html.Th(cohort_name(kind, start, period), scope="row"),
                html.Td(_size(kind, cells), className="number secondary"),
                *(_cell(cells.get(number), metric, period, highest, is_open=is_open) for number in intervals),
            ],
            className=kind,
        )
        for (kind, start), cells in by_cohort.items()
        if (kind, start) not in left_out
    ]
    head = [
        html.Tr(
            [
                html.Th("Cohort", scope="col"),
                html.Th("Accounts", scope="col", className="number"),
                *(
                    html.Th(
                        f"{number}" if position else f"{period.capitalize()} {number}", className="number", scope="col"
                    )
                    for position, number in enumerate(intervals)
                ),
            ]
        )
    ]
    picked = [cell for row in body for cell in row.children if hasattr(cell, "data-pick")]
    for cell in picked[:1]:
        cell.tabIndex = 0
    offers = {"role": "grid", "data-pick-opens": CELL_CARD} if is_open else {}
    table = html.Table([html.Thead(head), html.Tbody(body)], className="cohorts", **offers)
    label = f"Retention in per cent by cohort and {period} of life"
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": label})


def retention_curves(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw retention pooled over the cohorts by interval: one line with its band, or one for each group.

    ``frame`` has the columns group_kind, group_id, group_name, group_rank, interval_number, cohort_size,
    retained_accounts, cohort_retention_low, cohort_retention_high and the metric's own.
    """
    figure = go.Figure()
    known = without_few_unknown(frame[frame[metric.name].notna()], "cohort_size")
    if known.empty:
        return figure
    period = filters.option("cohort_period")
    groups = list(dict.fromkeys(known.sort_values("group_rank", kind="stable")["group_id"]))
    lines = []
    for name in groups:
        rows = records(known[known["group_id"] == name])
        color = token(_color(rows[0], groups))
        label = _group_name(rows[0])
        intervals = [int(row["interval_number"]) for row in rows]
        rates = [float(row[metric.name]) for row in rows]
        if len(groups) == 1:
            for limit, fill in (("low", None), ("high", "tonexty")):
                figure.add_scatter(
                    x=intervals,
                    y=[row[f"cohort_retention_{limit}"] for row in rows],
                    mode="lines",
                    line={"width": 0, "color": color},
                    fill=fill,
                    fillcolor=token("accent-wash"),
                    hoverinfo="skip",
                    showlegend=False,
                    meta=LIMIT,
                )
        picks = [value_pick(rows[0]["group_kind"], name)] if _is_filter(rows[0]) else []
        figure.add_scatter(
            x=intervals,
            y=rates,
            mode="lines+markers" if len(rows) <= 30 else "lines",
            name=label,
            line={"color": color, "width": 2},
            marker={"color": color, "size": 5},
            hovertext=[
                hover_text(row[metric.name], metric, f"{label}, {period} {row['interval_number']}", *_of_whom(row))
                for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
            customdata=pick_data(picks * len(rows)) if picks else None,
        )
        lines.append((label if len(groups) > 1 else "", color, intervals, rates))
    tops = numbers(known["cohort_retention_high" if len(groups) == 1 else metric.name])
    figure.update_yaxes(**value_axis(tops, metric.unit))
    if len(groups) > 1:
        label_ends(figure, lines)
    first, last = int(known["interval_number"].min()), int(known["interval_number"].max())
    figure.update_xaxes(
        range=[first - 0.02 * last, last + 0.02 * last],
        tickvals=_ticks(first, last),
        title={"text": f"{period.capitalize()} of life", "standoff": 8},
    )
    figure.update_layout(showlegend=False, hovermode="closest")
    return figure


def still_there(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say which share of all cohorts together is retained: «41 % are active in week 4»."""
    pooled = frame[(frame["cohort_kind"] == "pooled") & frame[metric.name].notna()]
    return _told(records(pooled), metric, filters) or metric.label


def told_apart(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say the same of the two largest groups, where there are several; the extremes would often be chance."""
    known = frame[frame[metric.name].notna() & (frame["group_id"] != REST)]
    if known.empty:
        return metric.label
    period = filters.option("cohort_period")
    if known["group_id"].nunique() == 1:
        last = records(known.tail(1))[0]
        return f"Retention by {period} of life, to {period} {int(last['interval_number'])}"
    largest = known[known["group_rank"].isin(sorted(known["group_rank"].unique())[:2])]
    at = min(TOLD_INTERVAL[period], *(int(own["interval_number"].max()) for _, own in largest.groupby("group_id")))
    rows = records(largest[largest["interval_number"] == at])
    by = _dimension(str(known["group_kind"].iloc[0])).lower()
    if len(rows) < 2:
        return f"Retention by {by}"
    shares = [f"{_group_name(row)} {value_text(row[metric.name], metric.unit)}" for row in rows]
    return f"Retention by {by}: {', '.join(shares)} in {period} {at}"


def what_cohorts_count(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say what a cell tells by the definition chosen, which cohorts are shown, and what counts as retained."""
    period = filters.option("cohort_period")
    sentences = [
        RETAINED_AS[filters.option("retained_as")].format(interval=period, last=int(frame["interval_number"].max())),
        who_counts(filters),
        f"Cohorts that begin in the range, and at least the last 12 {period}s; activity counts up to the range's end.",
        "Hatched: not yet over for the whole cohort, and not pooled.",
    ]
    if filters.option("cohort_intervals") == "personal":
        sentences.append(_personal(filters))
    if (frame["cohort_kind"] == "before").any():
        sentences.append("Those there before the data are counted from its first day, and not pooled.")
    more = int(frame.loc[frame["cohort_kind"] == "cohort", "cohort_start"].nunique()) - MAX_COHORTS
    if more > 0:
        sentences.append(f"{more:,} earlier cohorts are in the table.")
    sentences.append(_how_counted("cohort_retention", filters))
    return " ".join(filter(None, sentences))


def what_curves_count(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say what a curve is pooled over, and by what its groups are told apart."""
    sentences = ["All cohorts above together, over complete cells."]
    if frame["group_id"].nunique() == 1:
        sentences.append("The band is Wilson's interval of 95 %.")
    else:
        sentences.append("Groups are what an account began with, and keep; the six largest, and the rest.")
        sentences.append(few_unknown_told(frame, "cohort_size"))
    if filters.option("retained_as") == "on_or_after":
        last = int(frame["interval_number"].max())
        sentences.append(f"Retained in an interval or a later one, up to {last}, so the end is that of «on».")
    sentences.append(_how_counted("pooled_retention_by_group", filters))
    return " ".join(filter(None, sentences))


def who_counts(filters: FilterState) -> str:
    """Say by what accounts count as retained, and what filters choose of that."""
    by = filters.option("retained_by")
    period = filters.option("cohort_period")
    if by == "paid":
        counts = f"Retained: a subscription ran on a day of the {period}."
    elif by == "hours":
        hours = float(filters.option("retained_hours"))
        counts = f"Retained: {hours:g} {'hour' if hours == 1 else 'hours'} or more in the {period}."
    else:
        counts = f"Retained: a play of a minute in the {period}."
    chosen = [name for name in ("device", "kind", "profile_type") if filters.chosen(name) is not None]
    if chosen and by != "paid":
        counts += f" {' and '.join(dimension_label(name) for name in chosen)} chosen: which plays count, not who."
    if filters.chosen("plan") is not None:
        counts += " Plan: the account's first."
    return counts


def _how_counted(query: str, filters: FilterState) -> str:
    """Say that what is chosen is counted account by account, which people wait for; nothing where it is added up."""
    if not reads_rows(bound_parameters(query, filters)):
        return ""
    return "What is chosen is counted account by account, not added up in advance, and may take a second."


def cohort_name(kind: str, start: Any, period: str) -> str:
    """Return what a cohort is called: one by its first day, or its month; the pooled one, or that before the data."""
    if kind == "pooled":
        return "Pooled"
    if kind == "before":
        return "Before the data"
    day = pd.Timestamp(start).date()
    return period_text(day, "month") if period == "month" else day_text(day)


def _from_the_first(frame: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return the rows from the first cohort with anybody on, up to the last interval that tells something."""
    is_told = frame[metric.name].notna()
    if SUPPRESSED in frame:
        is_told |= frame[SUPPRESSED]
    told = frame[is_told]
    first = told.loc[told["cohort_kind"] == "cohort", "cohort_start"].min()
    is_earlier = (frame["cohort_kind"] == "cohort") & (frame["cohort_start"] < first)
    kept: pd.DataFrame = frame[~is_earlier & (frame["interval_number"] <= told["interval_number"].max())]
    return kept


def _told(rows: Sequence[dict[str, Any]], metric: Metric, filters: FilterState) -> str | None:
    period = filters.option("cohort_period")
    reached = [row for row in rows if 0 < row["interval_number"] <= TOLD_INTERVAL[period]]
    if not reached:
        return None
    row = reached[-1]
    share = value_text(row[metric.name], metric.unit)
    at = f"{period} {int(row['interval_number'])}"
    state = {
        "activity": "active",
        "hours": "watching enough",
        "paid": "subscribed",
    }[filters.option("retained_by")]
    match filters.option("retained_as"):
        case "on_or_after":
            return f"{share} are {state} in {at} or later"
        case "on_or_before":
            return f"{share} have been {state} again by {at}"
        case "streak":
            return f"{share} are {state} in every {period} up to {at}"
        case _:
            return f"{share} are still {state} in {at}"


def _personal(filters: FilterState) -> str:
    days = {"day": "24 hours", "week": "7 times 24 hours", "month": "28 times 24 hours"}[
        filters.option("cohort_period")
    ]
    if filters.option("retained_by") == "paid":
        return "Intervals are counted in days from the day on which each account began, months as 28."
    return f"An interval is {days} from each account's own beginning."


def _cell(row: dict[str, Any] | None, metric: Metric, period: str, highest: float, *, is_open: bool) -> html.Td:
    if row is None:
        return html.Td()
    value = row[metric.name]
    if is_missing(value):
        return html.Td(HIDDEN if row.get(SUPPRESSED) else NO_VALUE, className="number secondary")
    share = float(value)
    shade = min(SHADES, 1 + int(SHADES * share / highest * 0.999))
    told = [
        f"{value_text(share, metric.unit)}: {row['retained_accounts']:,.0f} of {row['cohort_size']:,.0f} accounts",
        _interval(row),
        "" if row["is_complete"] else f"{period} {row['interval_number']} is not over for all of them",
    ]
    complete = "" if row["is_complete"] else " incomplete"
    return html.Td(
        _percent(share),
        className=f"number shade-{shade}{complete}",
        title="\n".join(filter(None, told)),
        **{"data-value": repr(share)},
        **(_offered(row, period) if is_open and row["retained_accounts"] else {}),
    )


def _offered(row: dict[str, Any], period: str) -> dict[str, Any]:
    kind, start = row["cohort_kind"], row["cohort_start"]
    cohort = kind if is_missing(start) else pd.Timestamp(start).date().isoformat()
    return {
        "data-pick": urlencode({"cell_cohort": cohort, "cell_interval": row["interval_number"]}),
        "data-pick-label": f"{cohort_name(kind, start, period)}, {period} {row['interval_number']}",
        "tabIndex": -1,
    }


def _percent(share: float) -> str:
    percent = round(share * 100)
    return "<1" if percent == 0 and share else f"{percent}"


def _size(kind: str, cells: dict[int, dict[str, Any]]) -> str:
    if kind == "pooled":
        # Fewer cohorts have reached a later interval.
        return value_text(max(row["cohort_size"] for row in cells.values()), Unit.COUNT)
    size = next(iter(cells.values()))["cohort_size"]
    return HIDDEN if is_missing(size) else f"{size:,.0f}"


def _of_whom(row: dict[str, Any]) -> list[str]:
    return [_interval(row), f"{row['retained_accounts']:,.0f} of {row['cohort_size']:,.0f} accounts"]


def _interval(row: dict[str, Any]) -> str:
    low, high = (value_text(row[f"cohort_retention_{limit}"], Unit.RATE) for limit in ("low", "high"))
    return f"95 %: {low} to {high}"


def _group_name(row: dict[str, Any]) -> str:
    if row["group_id"] == "all":
        return "All accounts"
    return value_label(str(row["group_kind"]), str(row["group_name"]))


def _dimension(kind: str) -> str:
    return f"first {kind}" if kind in ("plan", "device", "title", "genre") else dimension_label(kind)


def _is_filter(row: dict[str, Any]) -> bool:
    """Tell whether a click on a group can choose its accounts: a filter by device or title would choose plays."""
    return (
        row["group_kind"] in ("country", "plan") and row["group_kind"] in DIMENSION_BY_NAME and row["group_id"] != REST
    )


def _color(row: dict[str, Any], groups: Sequence[str]) -> str:
    if row["group_kind"] == "none":
        return "accent"
    if row["group_id"] == REST:
        return OTHER
    return category_token(str(row["group_kind"]), str(row["group_id"]), groups[: len(CATEGORIES)])


def _ticks(first: int, last: int) -> list[int]:
    step = next(step for step in (1, 2, 4, 5, 10, 20, 50, 100) if last - first <= step * 12 or step == 100)
    return [number for number in range(0, last + 1, step) if number >= first] or [first]
