"""The league of films and series: ranked by any measure, and by each definition of a view."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
from dash import html

from components.chart_parts import records
from components.cover import small_cover
from components.format import NO_VALUE, change_between, column_texts, is_missing, list_text, value_text
from components.labels import show_kind_label
from components.picks import pick_button, value_pick
from components.sparkline import sparkline
from components.tables import HIDDEN, change_text, measure_cell, rank_change
from components.title_links import title_link
from definitions.dimensions import DIMENSIONS
from definitions.metric import Metric, Unit
from queries.filters import FilterState

MAX_ROWS_DRAWN = 100
MOVERS_NAMED = 3
# A title that moves by fewer places has not moved.
MIN_SPREAD_NAMED = 2
RANKS_BY_VIEW = {
    "plays_rank": "plays of 2 minutes",
    "coverage_rank": "coverage of 70 %",
    "hours_rank": "hours ÷ runtime",
    "starts_rank": "any start",
}
_VIEW_OF_RANK = {"plays_rank": "plays", "coverage_rank": "coverage", "hours_rank": "hours", "starts_rank": "starts"}


def league(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show films and series by rank, each with its course, the measure and how both changed; the first hundred.

    ``frame`` has the columns rank, compare_rank, show_id, name, kind, genres, poster_hash, course_hours, the metric's
    own and compare_<metric>.
    """
    shown = frame.head(MAX_ROWS_DRAWN)
    compared = filters.compare_start_day is not None
    largest = frame[metric.name].max()
    complete = periods_complete(filters)
    head = [("Rank", "rank"), ("Title", ""), ("Course", "course"), (metric.label, "number measure")]
    if compared:
        head.insert(1, ("Moved", "moved-by"))
        head.append(("Change", "number moved-by"))
    body = []
    for row, text in zip(records(shown), column_texts(shown[metric.name], metric.unit), strict=True):
        value = row[metric.name]
        reach = 0 if is_missing(value) or not largest else max(0.0, value / largest)
        cells = [
            html.Td(NO_VALUE if is_missing(row["rank"]) else f"{row['rank']:.0f}", className="rank"),
            html.Th(_named(row, filters), scope="row", style={"--share": f"{reach:.1%}"}),
            html.Td(_course(row["course_hours"], complete), className="course"),
            measure_cell(value, text, missing=HIDDEN if is_missing(row["course_hours"]) else NO_VALUE),
        ]
        if compared:
            moved = NO_VALUE if is_missing(row["rank"]) else rank_change(row["rank"], row["compare_rank"])
            cells.insert(1, html.Td(moved, className="moved-by"))
            change = change_between(value, row[f"compare_{metric.name}"], metric, in_column=True)
            cells.append(html.Td(change_text(change), className="number moved-by"))
        body.append(html.Tr(cells))
    headed = [html.Th(name, scope="col", className=style) for name, style in head]
    covered = " with-covers" if shown["poster_hash"].notna().any() else ""
    table = html.Table([html.Thead(html.Tr(headed)), html.Tbody(body)], className=f"ranking league{covered}")
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": "Films and series"})


def leader(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say which film or series is first by the measure: «The Salt Year leads with 12.3k h»."""
    first = frame.iloc[0]
    if filters.option("find_title") or is_missing(first["rank"]):
        return "Films and series"
    return f"{first['name']} leads: {_measured(first[metric.name], metric)}"


def not_of_plays(filters: FilterState, *counted: str) -> str:
    """Say that what is counted of several plays together is not filtered by what is known of single plays."""
    labels = [
        dimension.label.lower()
        for dimension in DIMENSIONS
        if dimension.of_plays and filters.chosen(dimension.name) is not None
    ]
    return f"Not filtered by {list_text(labels)}: {list_text([*counted])}." if labels and counted else ""


def rows_left_out(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str | None:
    """Say how many rows are not drawn, and what is not known of some."""
    sentences = []
    if len(frame) > MAX_ROWS_DRAWN:
        sentences.append(
            f"The first {MAX_ROWS_DRAWN} of {len(frame):,} are shown; the search finds the others, the files hold all."
        )
    unknown = int((frame[metric.name].isna() & frame["course_hours"].notna()).sum())
    if unknown:
        reason = {"completion_rate": "of those nothing was begun in the range, or their runtime is not known"}.get(
            metric.name, "their runtime is not known"
        )
        sentences.append(f"{unknown:,} without a rank: {reason}.")
    if metric.name == "views" and filters.option("view") == "hours":
        sentences.append("Hours are divided by the runtime, of a series by that of all its episodes together.")
    if metric.name == "completion_rate" or (metric.name == "views" and filters.option("view") == "coverage"):
        sentences.append(not_of_plays(filters, metric.label.lower()))
    return " ".join(filter(None, sentences)) or None


def ranks_by_view(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show the ranks of films and series under the four definitions of a view, beside the views by the one chosen.

    ``frame`` has the columns show_id, name, kind, plays_rank, coverage_rank, hours_rank, starts_rank and the metric's.
    """
    by = filters.option("view")
    body = []
    for row, text in zip(records(frame), column_texts(frame[metric.name], Unit.COUNT), strict=True):
        name = pick_button(row["name"], value_pick("title", row["show_id"], row["name"]))
        cells = [html.Th([name, html.Span(show_kind_label(row["kind"]), className="secondary")], scope="row")]
        for column, view in _VIEW_OF_RANK.items():
            rank = NO_VALUE if is_missing(row[column]) else f"{row[column]:.0f}"
            cells.append(html.Td(rank, className="number chosen" if view == by else "number"))
        cells.append(measure_cell(row[metric.name], text, missing=NO_VALUE))
        body.append(html.Tr(cells))
    head = [
        html.Th("Rank by", scope="col"),
        *(html.Th(words.capitalize(), scope="col", className="number") for words in RANKS_BY_VIEW.values()),
        html.Th(metric.label, scope="col", className="number"),
    ]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="ranks-by-view")
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": "Ranks by definition"})


def largest_mover(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which title moves most between the definitions: «Low Tide: 3rd by any start, 17th by coverage of 70 %»."""
    movers = _movers(frame)
    return _moved(movers[0]) if movers else "The four definitions of a view rank alike"


def other_movers(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str | None:
    """Name the titles that move most after the first, and the definitions that rank nothing."""
    movers = [_moved(row) for row in _movers(frame)[1:MOVERS_NAMED]]
    unknown = [words for column, words in RANKS_BY_VIEW.items() if frame[column].isna().all()]
    sentences = [
        f"Next: {list_text(movers)}." if movers else "",
        f"Not known, for want of runtimes: {list_text(unknown)}." if unknown else "",
        not_of_plays(filters, RANKS_BY_VIEW["coverage_rank"]),
    ]
    return " ".join(filter(None, sentences)) or None


def periods_complete(filters: FilterState) -> list[bool]:
    """Tell of each day, week or month of the range, in their order, whether the range holds it whole."""
    starts = pd.period_range(
        filters.start_day,
        filters.end_day - timedelta(days=1),
        freq={"day": "D", "week": "W", "month": "M"}[filters.granularity],
    )
    return [
        period.start_time.date() >= filters.start_day and period.end_time.date() < filters.end_day for period in starts
    ]


def ordinal(number: int) -> str:
    """Return a rank in words, such as «1st», «12th» or «23rd»."""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def _movers(frame: pd.DataFrame) -> list[dict[str, Any]]:
    moved = frame[frame["rank_spread"] >= MIN_SPREAD_NAMED]
    return records(moved.sort_values("rank_spread", ascending=False, kind="stable"))


def _moved(row: Mapping[str, Any]) -> str:
    ranks = {words: int(row[column]) for column, words in RANKS_BY_VIEW.items() if not is_missing(row[column])}
    best, worst = min(ranks, key=ranks.__getitem__), max(ranks, key=ranks.__getitem__)
    return f"{row['name']}: {ordinal(ranks[best])} by {best}, {ordinal(ranks[worst])} by {worst}"


def _named(row: Mapping[str, Any], filters: FilterState) -> list[Any]:
    words = [show_kind_label(row["kind"])]
    if not is_missing(row["genres"]):
        words.append(str(row["genres"]).replace("; ", ", "))
    poster = [] if is_missing(row["poster_hash"]) else [small_cover(row["poster_hash"])]
    return [
        *poster,
        title_link(row["show_id"], row["name"], filters),
        html.Span(" · ".join(words), className="secondary"),
        only_button(row["show_id"], row["name"]),
    ]


def only_button(show_id: str, name: str) -> html.Button:
    """Offer to filter by a film or series whose name already opens its page."""
    button = pick_button("", value_pick("title", show_id, name))
    button.className = "pick bi bi-funnel"
    setattr(button, "aria-label", f"Filter by {name}")
    return button


def _course(text: Any, complete: list[bool]) -> Any:
    return "" if is_missing(text) else sparkline([float(value) for value in text.split()], complete)


def _measured(value: Any, metric: Metric) -> str:
    text = value_text(value, metric.unit)
    return f"{text} {metric.label.lower()}" if metric.unit is Unit.COUNT else f"{text}"
