"""Data frames as HTML tables: plain, ranked with bars, and diverging from zero."""

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import Any

import pandas as pd
from dash import html

from components.chart_parts import records
from components.cover_names import cover_row_name
from components.format import (
    NO_VALUE,
    SPACE,
    Change,
    change_between,
    column_texts,
    day_text,
    is_missing,
    minute_text,
    signed_column_texts,
)
from components.labels import dimension_label, value_label
from components.picks import pick_button, row_pick, value_pick
from components.title_links import page_link
from definitions.metric import Metric, Unit
from definitions.metrics import METRICS
from queries.filters import FilterState
from queries.run import SUPPRESSED

MAX_ROWS_SHOWN = 500
HIDDEN = "hidden"
TWO_DIGITS_BELOW = 10
NO_TEXTS: Mapping[str, str] = MappingProxyType({})
# Of the measures of groups that no two share, those that several groups have together.
ADDS_UP = ("watch_hours", "plays", "watch_time_share", "play_share")
_COLUMN_LABELS = {
    "span": "Period compared",
    "group_kind": "Dimension",
    "group_name": "Group",
    "name": "Title",
    "first_day": "From",
    "is_complete": "Complete",
    "is_suppressed": "Too few accounts",
    "weekday": "Weekday",
    "hour": "Hour",
    "rank": "Rank",
    "compare_rank": "Rank, before",
    "watch_share": "Share of watch time",
    "service_share": "Share in the service",
    "own_share": "Share of its accounts",
    "shared_accounts": "Accounts in common",
    "origin_name": "Found by",
    "play_share": "Share of plays",
    "season_number": "Season",
    "episode_number": "Episode",
    "episode_finishers": "Finished the episode",
    "went_on_accounts": "Began the next",
    "went_on_share": "Began the next, share",
    "genres": "Genres",
    "original": "Original",
    "course_hours": "Watch time by period (h)",
    "plays_rank": "Rank by plays of 2 minutes",
    "coverage_rank": "Rank by coverage of 70 %",
    "hours_rank": "Rank by hours ÷ runtime",
    "starts_rank": "Rank by any start",
    "rank_spread": "Places between the ranks",
    "views_by_plays": "Plays of 2 minutes",
    "views_by_coverage": "Coverage of 70 %",
    "views_by_hours": "Hours ÷ runtime",
    "views_by_starts": "Starts",
    "change_hours": "Change (h)",
    "peak_at": "Minute of the peak",
    "top_genre": "Top genre",
    "top_genre_share": "Its share",
    "half_over_hours": "Half of sessions shorter than (h)",
    "began_day": "Began on",
    "account_country": "Country",
    "first_plan": "First plan",
    "first_device_type": "First device",
    "factor_name": "Factor",
    "band_name": "Band",
    "device_type": "Device",
    "completed_on": "Completed on",
    "device_set": "Devices",
    "devices": "Sorts of device",
    "profile_type": "Profile",
    "profile_share": "Share of the device",
    "active_days": "Active days",
    "recent_hours": "Watch time in 28 days (h)",
    "habit_hours": "Watch time in each 28 days before (h)",
    "recent_active_days": "Active days in 28",
    "days_since_active": "Days since it was active",
    "cancelled_day": "Decided to leave on",
    "recent_rebuffer_ratio": "Share of time stalled",
    "before_rebuffer_ratio": "Share of time stalled, before",
    "risk_band": "Habit lost",
    "choice": "Chosen at each date",
    "rule": "Chosen by",
    "cuts": "Dates",
    "chosen_accounts": "Chosen",
    "chosen_ended": "Of these, ended",
    "expected_ended_share": "Expected from earlier dates",
    "band_accounts": "Accounts",
    "band_ended": "Ended",
    "times_ended": "Times ended",
    "ended_accounts_share": "Share of those that ended",
    "measured_hours": "Watch time where told (h)",
    "measured_plays": "Plays where told",
    "autoplay_plays": "Begun by themselves",
    "autoplay_hours": "Watch time begun by itself (h)",
    "fitted_survival": "Survival, fitted",
    "forecast_survival": "Survival, forecast",
    "constant_rate_survival": "Survival by a constant rate",
    "lifetime_months_low": "Months of payment, from",
    "lifetime_months_high": "to",
    "share_beyond_data": "Beyond the months seen",
    "mean_price_minor": "Mean price (minor units)",
    "customer_lifetime_value": "Worth (minor units)",
    "customer_lifetime_value_low": "Worth, from (minor units)",
    "customer_lifetime_value_high": "to (minor units)",
    "measured_in": "Measured in",
    "counted_accounts": "Accounts counted",
    "account_share": "Share of accounts",
    "cluster_palette": "Palette",
    "colour_hex": "Colour",
    "colour_family": "Family",
    "palette_rank": "Rank in the palette",
    "distance_name": "Distance",
    "in_common_share": "In common",
    "earlier_share": "Share before",
    "more_watched_genres": "Watched more than by others",
}
_UNIT_SIGNS = {Unit.HOURS: "h", Unit.MILLISECONDS: "ms", Unit.DAYS: "days", Unit.KBPS: "kbit/s"}
SPAN_LABELS = {"current": "This period", "comparison": "Comparison"}


def data_table(frame: pd.DataFrame, caption: str, columns: Sequence[str] = ()) -> html.Div:
    """Show a frame's rows as they are, numbers in their metric's unit; the first 500 when there are more.

    ``columns`` are those shown, all when empty. What names a row offers to filter by it.
    """
    shown = tuple(columns) or tuple(map(str, frame.columns))
    whole = {name for name in shown if _is_whole(frame[name])}
    table = html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr([_head(name, frame) for name in shown])),
            html.Tbody([html.Tr(_cells(row, shown, whole)) for row in records(frame.head(MAX_ROWS_SHOWN))]),
        ],
        className="data-table",
    )
    more = len(frame) - MAX_ROWS_SHOWN
    note = html.P(f"{more:,} more rows are in the CSV file.", className="secondary") if more > 0 else None
    return html.Div([table, note], className="table-scroll", tabIndex=0, role="region", **{"aria-label": caption})


def column_label(name: str) -> str:
    """Return what a column of a query is called: its metric's label and unit, or its own name in words."""
    if name in _COLUMN_LABELS:
        return _COLUMN_LABELS[name]
    metric = METRICS.get(name.removeprefix("compare_"))
    if metric is None:
        return name.replace("_", " ").capitalize()
    unit = f" ({_UNIT_SIGNS[metric.unit]})" if metric.unit in _UNIT_SIGNS else ""
    return f"{metric.label}{', before' if name.startswith('compare_') else ''}{unit}"


def row_name(row: Mapping[str, Any]) -> str:
    """Return what a row of groups is about, such as «India» or a title."""
    if of_cover := cover_row_name(row):
        return of_cover
    if "group_kind" in row and "colour_hex" not in row:
        return value_label(str(row["group_kind"]), str(row["group_name"]))
    if "band_name" in row:
        return f"{row['factor_name']}: {row['band_name']}"
    if "session_length" in row:
        return str(row["session_length"])
    if "days_since_release" in row:
        return f"day {row['days_since_release']}"
    if "colour_hex" in row:
        return f"{row['colour_family']} {row['colour_hex']}"
    for name in ("colour_family", "distance_name"):
        if name in row and "show_id" not in row:
            return str(row[name]).replace("_", " ")
    if "cluster" in row:
        return f"cluster {row['cluster']}"
    picked = row_pick(row)
    return picked[1].label if picked else str(row.get("step", ""))


def ranking(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Table:
    """Show ranked names, each over a bar for the metric, with the change of rank and of the metric.

    ``frame`` has the columns rank, compare_rank, show_id, name, kind, watch_share, the metric's own and
    compare_<metric>.
    """
    largest = frame[metric.name].max()
    compared = filters.compare_start_day is not None
    head = {
        "Rank": "rank",
        "Moved": "moved-by",
        "Title": "",
        metric.label: "number",
        "Share": "number share",
        "Change": "number",
    }
    if not compared:
        del head["Moved"], head["Change"]
    values = column_texts(frame[metric.name], metric.unit)
    shares = column_texts(frame["watch_share"], Unit.RATE)
    rows = []
    for row, value, share in zip(records(frame), values, shares, strict=True):
        pick = value_pick("title", row["show_id"], row["name"])
        link = page_link(row["show_id"], row["name"], filters)
        name = [pick_button(row["name"], pick), html.Span(row["kind"], className="secondary"), link]
        hidden = is_missing(row[metric.name])
        cells = [
            html.Td(NO_VALUE if hidden else f"{row['rank']:.0f}", className="rank"),
            html.Th(
                name,
                scope="row",
                style={"--share": f"{row[metric.name] / largest if largest and not hidden else 0:.1%}"},
            ),
            measure_cell(row[metric.name], value),
            html.Td(share, className="number share"),
        ]
        if compared:
            climbed = NO_VALUE if hidden else rank_change(row["rank"], row["compare_rank"])
            cells.insert(1, html.Td(climbed, className="moved-by"))
            change = change_between(row[metric.name], row[f"compare_{metric.name}"], metric, in_column=True)
            cells.append(html.Td(change_text(change), className="number"))
        rows.append(html.Tr(cells))
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col", className=name) for text, name in head.items()])),
            html.Tbody(rows),
        ],
        className="ranking",
    )


def moved(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Table:
    """Show what grew and what fell as bars to the right and left of zero.

    ``frame`` has the columns group_kind, group_id, group_name, change_hours, the metric's own and compare_<metric>.
    """
    largest = frame["change_hours"].abs().max()
    changes = signed_column_texts(frame["change_hours"], metric.unit)
    rows = []
    for row, change in zip(records(frame), changes, strict=True):
        rose = row["change_hours"] > 0
        reach = 0 if is_missing(row["change_hours"]) else abs(row["change_hours"]) / largest / 2
        ends = (
            {"--from": "50%", "--to": f"{0.5 + reach:.1%}"} if rose else {"--from": f"{0.5 - reach:.1%}", "--to": "50%"}
        )
        label = value_label(row["group_kind"], row["group_name"])
        name = [
            pick_button(label, value_pick(row["group_kind"], row["group_id"], label)),
            html.Span(dimension_label(row["group_kind"]).lower(), className="secondary"),
        ]
        cells = [
            html.Th(name, scope="row"),
            html.Td(className=f"diverging {'rose' if rose else 'fell'}", style=ends),
            measure_cell(row["change_hours"], change),
        ]
        rows.append(html.Tr(cells))
    head = html.Tr([html.Th("Group", scope="col"), html.Td(), html.Th("Change", scope="col")])
    return html.Table([html.Thead(head, className="visually-hidden"), html.Tbody(rows)], className="moved")


def measure_table(
    frame: pd.DataFrame,
    metric: Metric,
    filters: FilterState,
    *,
    measures: Sequence[Metric],
    named: str,
    texts: Mapping[str, str] = NO_TEXTS,
    most: int = MAX_ROWS_SHOWN,
) -> html.Div:
    """Show a row for each group or device: each of the measures over a bar, with its change where it was compared.

    Bars of one column are as long as its largest value asks. ``frame`` names its rows as ``row_pick`` reads them, and
    has the columns of the measures and, where compared, compare_<measure>. ``metric`` is the one that the card is
    about, ``named`` the head of the names' column, ``texts`` the columns of words by their heads. Beyond ``most`` rows
    the others are one, of what can be added up.
    """
    compared = [
        measure for measure in measures if f"compare_{measure.name}" in frame and filters.compare_start_day is not None
    ]
    shown = records(frame.head(most))
    if len(frame) > most:
        shown.append(_others(frame.iloc[most:], measures))
    texts_of = {measure.name: _measure_texts([row[measure.name] for row in shown], measure) for measure in measures}
    largest = {measure.name: frame[measure.name].max() for measure in measures}
    body = []
    for position, row in enumerate(shown):
        cells = [html.Th(_row_name(row), scope="row")]
        cells += [html.Td(NO_VALUE if is_missing(row.get(column)) else row[column]) for column in texts.values()]
        for measure in measures:
            value = row[measure.name]
            reach = 0 if is_missing(value) or not largest[measure.name] else min(value / largest[measure.name], 1)
            missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
            text = texts_of[measure.name][position]
            is_main = measure.name == metric.name
            cells.append(measure_cell(value, text, is_main=is_main, share=reach, missing=missing))
            if measure in compared:
                change = change_between(value, row[f"compare_{measure.name}"], measure, in_column=True)
                cells.append(html.Td(change_text(change), className="moved-by"))
        body.append(html.Tr(cells))
    head = [
        html.Th(named, scope="col"),
        *(html.Th(text, scope="col") for text in texts),
        *(html.Th(measure.label, scope="col", colSpan=1 + (measure in compared)) for measure in measures),
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="measures")
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": named})


def change_text(change: Change | None) -> html.Span:
    """Show a change by arrow, sign and, for those who cannot see it, word; colour only repeats the verdict."""
    if change is None:
        return html.Span(NO_VALUE)
    return html.Span(
        str(change),
        className=f"change {change.verdict}".strip(),
        title=change.verdict or None,
        role="img",
        **{"aria-label": change.spoken},
    )


def rank_change(rank: float, compare_rank: float) -> html.Span:
    """Show by how many places a rank changed, as an arrow and, for those who cannot see it, in words."""
    if is_missing(compare_rank):
        return html.Span("new")
    climbed = int(compare_rank - rank)
    if climbed == 0:
        return html.Span("=", role="img", **{"aria-label": "same rank"})
    arrow, word, verdict = ("▲", "up", "better") if climbed > 0 else ("▼", "down", "worse")
    return html.Span(
        f"{arrow}{SPACE}{abs(climbed)}", className=verdict, role="img", **{"aria-label": f"{word} {abs(climbed)}"}
    )


def measure_cell(
    value: Any, text: str, *, is_main: bool = True, share: float | None = None, missing: str = HIDDEN
) -> html.Td:
    """Show a number for people, and where it is what the card is about, keep the number itself with it.

    ``share`` is how much of the cell's width a bar behind it takes; ``missing`` stands for a number that is null.
    """
    if is_missing(value):
        return html.Td(missing, className="number secondary")
    kept = {"data-value": repr(float(value))} if is_main else {}
    if share is None:
        return html.Td(text, className="number", **kept)
    return html.Td(text, className="number barred", style={"--share": f"{share:.1%}"}, **kept)


def _row_name(row: Mapping[str, Any]) -> Any:
    found = row_pick(row)
    return pick_button(found[1].label, found[1]) if found else value_label("", str(row["group_name"]))


def _others(frame: pd.DataFrame, measures: Sequence[Metric]) -> dict[str, Any]:
    """Return one row for several: sums of what adds up, nulls for the rest."""
    row: dict[str, Any] = {"group_name": f"{len(frame):,} others"}
    for measure in measures:
        for name in (measure.name, f"compare_{measure.name}"):
            if name in frame:
                row[name] = frame[name].sum() if measure.name in ADDS_UP else None
    return row


def _measure_texts(values: Sequence[Any], measure: Metric) -> list[str]:
    if measure.unit is not Unit.PER_HOUR:
        return column_texts(values, measure.unit)
    return ["" if is_missing(value) else f"{value:,.{2 if value < TWO_DIGITS_BELOW else 1}f}" for value in values]


def _head(name: str, frame: pd.DataFrame) -> html.Th:
    return html.Th(column_label(name), scope="col", className="number" if _is_number(frame[name]) else "")


def _is_number(column: "pd.Series[Any]") -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _is_whole(column: "pd.Series[Any]") -> bool:
    return _is_number(column) and bool((column.dropna() % 1 == 0).all())


def _cells(row: Mapping[str, Any], columns: Sequence[str], whole: Set[str]) -> list[Any]:
    naming, pick = row_pick(row) or (None, None)
    if row.get("span") == "comparison":
        # Its days are not those that are looked at: a click would lead elsewhere.
        naming, pick = None, None
    cells: list[Any] = []
    for column in columns:
        if column == naming and pick:
            name = _cell_text(column, row, whole) if column == "first_day" else pick.label
            cells.append(html.Th(pick_button(name, pick), scope="row"))
        elif is_missing(row[column]):
            hidden = row.get(SUPPRESSED) and column.removeprefix("compare_") in METRICS
            cells.append(html.Td(HIDDEN if hidden else NO_VALUE, className="secondary"))
        else:
            is_number = isinstance(row[column], int | float) and not isinstance(row[column], bool)
            cells.append(html.Td(_cell_text(column, row, whole), className="number" if is_number else ""))
    return cells


def _cell_text(column: str, row: Mapping[str, Any], whole: Set[str]) -> str:
    value = row[column]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return minute_text(value) if column.endswith("_at") else day_text(value.date())
    if isinstance(value, int | float):
        return _exact(column, value, is_whole=column in whole)
    match column:
        case "span":
            return SPAN_LABELS[value]
        case "group_kind":
            return dimension_label(value)
        case "group_name":
            return row_name(row)
        case "kind" | "weekday":
            return value_label(column, value)
        case _:
            return str(value)


def _exact(column: str, value: float, *, is_whole: bool) -> str:
    """A table is where people look for the number itself, so nothing is shortened to k or M."""
    if column.endswith(("_rate", "_share", "_ratio")):
        return f"{value:.2%}"
    return f"{value:,.0f}" if is_whole else f"{value:,.2f}"
