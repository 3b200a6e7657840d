"""The audience of one film or series: who watches it against the whole service, how they came to it, what else."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.bars import ranking_bars
from components.chart_parts import records
from components.cover import small_cover
from components.format import NO_VALUE, TIMES, column_texts, is_missing, list_text, value_text
from components.labels import value_label
from components.picks import pick_button, value_pick
from components.tables import HIDDEN, measure_cell
from components.title_links import title_link
from definitions.metric import Metric, Unit
from queries.filters import FilterState
from queries.run import SUPPRESSED

# Of a group that is smaller, the index says little.
MIN_SHARE_NAMED = 0.05
TAKE_RATE_LIMITS = ("take_rate_low", "take_rate_high")
_SCALE_WORDS = {"thumbs": " (thumbs, from 0 to 1)", "five_stars": " of 5 stars"}


def audience_table(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show a row for each group: its watch time, its share of that, the service's share, and the index.

    ``frame`` has the columns group_kind, group_id, watch_hours, watch_share, service_share and the metric's own.
    """
    largest = frame["watch_share"].max()
    body = []
    columns = [column_texts(frame["watch_hours"], Unit.HOURS)]
    columns += [column_texts(frame[name], Unit.RATE) for name in ("watch_share", "service_share")]
    for row, hours, share, usual in zip(records(frame), *columns, strict=True):
        name = value_label(row["group_kind"], row["group_id"])
        missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
        reach = 0 if is_missing(row["watch_share"]) or not largest else row["watch_share"] / largest
        body.append(
            html.Tr(
                [
                    html.Th(
                        pick_button(name, value_pick(row["group_kind"], row["group_id"], name)),
                        scope="row",
                        style={"--share": f"{reach:.1%}"},
                    ),
                    measure_cell(row["watch_hours"], hours, is_main=False, missing=missing),
                    measure_cell(row["watch_share"], share, is_main=False, missing=missing),
                    measure_cell(row["service_share"], usual, is_main=False, missing=missing),
                    measure_cell(row[metric.name], _times(row[metric.name]), missing=missing),
                ]
            )
        )
    heads = ("Group", "Watch time", "Share", "In the service", "Index")
    return title_table(heads, body, "Audience by group", aside=(1, 3))


def strongest_group(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which group watches it most against the service: «Phone: 1.3 times the service's share»."""
    known = frame[frame[metric.name].notna() & (frame["watch_share"] >= MIN_SHARE_NAMED)]
    if known.empty:
        return "Who watches, against the whole service"
    (row,) = records(known.nlargest(1, metric.name))
    name = value_label(row["group_kind"], row["group_id"])
    return f"{name}: {row[metric.name]:.2f} times the service's share"


def origins(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> go.Figure:
    """Draw how many plays began at each place where viewers find titles."""
    return ranking_bars(frame, metric, filters, by="origin_name")


def also_watched(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show the other films and series by lift, with the accounts in common and the shares that it compares.

    ``frame`` has the columns show_id, name, shared_accounts, own_share, service_share and the metric's own.
    """
    largest = frame[metric.name].max()
    body = []
    shares = [column_texts(frame[name], Unit.RATE) for name in ("own_share", "service_share")]
    for row, own, usual in zip(records(frame), *shares, strict=True):
        reach = 0 if is_missing(row[metric.name]) or not largest else row[metric.name] / largest
        name = title_link(row["show_id"], row["name"], filters.without("title"))
        body.append(
            html.Tr(
                [
                    html.Th(name, scope="row", style={"--share": f"{reach:.1%}"}),
                    measure_cell(row["shared_accounts"], value_text(row["shared_accounts"], Unit.COUNT), is_main=False),
                    measure_cell(row["own_share"], own, is_main=False),
                    measure_cell(row["service_share"], usual, is_main=False),
                    measure_cell(row[metric.name], _times(row[metric.name])),
                ]
            )
        )
    heads = ("Title", "Accounts in common", "Of its accounts", "Of all", "Lift")
    return title_table(heads, body, "What else its viewers watch", aside=(2, 3))


def _times(value: Any) -> str:
    return "" if is_missing(value) else f"{TIMES}{value:.2f}"


def title_table(
    heads: Sequence[str], body: Sequence[html.Tr], label: str, *, aside: Sequence[int] = (), has_covers: bool = False
) -> html.Div:
    """Show a table of one film or series: a column of names over bars, and columns of numbers.

    ``aside`` are the positions of those columns that a narrow screen leaves to the table view; ``has_covers`` tells
    whether names have a small cover before them.
    """
    head = html.Tr(
        [html.Th(name, scope="col", className="number" if position else "") for position, name in enumerate(heads)]
    )
    for row in (head, *body):
        for position in aside:
            row.children[position].className += " aside"
    covered = " with-covers" if has_covers else ""
    table = html.Table([html.Thead(head), html.Tbody(list(body))], className=f"ranking of-title{covered}")
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": label})


def ratings_table(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> html.Div:
    """Show how often each value was given, the best first.

    ``frame`` has the columns scale, rating, ratings and rating_share.
    """
    body = []
    largest = frame["ratings"].max()
    shares = column_texts(frame["rating_share"], Unit.RATE)
    for row, share in zip(records(frame), shares, strict=True):
        missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
        reach = 0 if is_missing(row["ratings"]) or not largest else row["ratings"] / largest
        body.append(
            html.Tr(
                [
                    html.Th(_rating_name(row), scope="row", style={"--share": f"{reach:.1%}"}),
                    measure_cell(row["ratings"], value_text(row["ratings"], Unit.COUNT), missing=missing),
                    measure_cell(row["rating_share"], share, is_main=False, missing=missing),
                ]
            )
        )
    return title_table(("Rating", "Ratings", "Share"), body, "Ratings by value")


def mean_rating(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say the mean of the scale with most ratings: «Mean rating 0.74 of thumbs from 0 to 1, 57 ratings»."""
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return metric.label
    row = records(known.loc[known["scale"] == known.groupby("scale")["ratings"].sum().idxmax()])[0]
    return f"{metric.label} {row[metric.name]:.2f}{_SCALE_WORDS.get(row['scale'], '')}"


def drawn_towards(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str | None:
    """Say what the mean is drawn towards, and how strongly; None where all is hidden."""
    known = frame[frame[metric.name].notna()].drop_duplicates("scale")
    means = [f"{row['service_mean']:.2f}{_SCALE_WORDS.get(row['scale'], '')}" for row in records(known)]
    return f"Drawn towards the mean of all titles, {list_text(means)}, as if by 25 ratings of it." if means else None


def cover_table(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show each cover, how often it was shown and taken, and the interval of its take rate.

    ``frame`` has the columns cover, image_hash, impressions, taken_impressions, take_rate_low, take_rate_high and the
    metric's own.
    """
    body = []
    largest = frame[metric.name].max()
    rates, lows, highs = (column_texts(frame[name], Unit.RATE) for name in (metric.name, *TAKE_RATE_LIMITS))
    for row, rate, low, high in zip(records(frame), rates, lows, highs, strict=True):
        missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
        reach = 0 if is_missing(row[metric.name]) or not largest else row[metric.name] / largest
        name = f"Cover {row['cover']}"
        image = [] if is_missing(row["image_hash"]) else [small_cover(row["image_hash"])]
        body.append(
            html.Tr(
                [
                    html.Th([*image, name], scope="row", style={"--share": f"{reach:.1%}"}),
                    *(
                        measure_cell(row[name], value_text(row[name], Unit.COUNT), is_main=False, missing=missing)
                        for name in ("impressions", "taken_impressions")
                    ),
                    measure_cell(row[metric.name], rate, missing=missing),
                    measure_cell(row[TAKE_RATE_LIMITS[0]], f"{low} to {high}", is_main=False, missing=missing),
                ]
            )
        )
    heads = ("Cover", "Shown", "Taken", metric.label, "95 % interval")
    has_covers = bool(frame["image_hash"].notna().any())
    return title_table(heads, body, "Take rate by cover", aside=(1, 2), has_covers=has_covers)


def best_cover(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which cover is taken most, where its interval lies above those of all others."""
    rows = records(frame[frame[metric.name].notna()].sort_values(metric.name, ascending=False, kind="stable"))
    if len(rows) < 2:
        return "Take rate of its cover"
    best, *others = rows
    low, high = TAKE_RATE_LIMITS
    if best[low] > max(other[high] for other in others):
        return f"Cover {best['cover']} is taken most: {value_text(best[metric.name], metric.unit)}"
    return "No cover is taken more than the others beyond chance"


def _rating_name(row: Mapping[str, Any]) -> str:
    if row["scale"] == "five_stars":
        return f"{row['rating']:g} stars" if row["rating"] != 1 else "1 star"
    names = {2: "Two thumbs up", 1: "Thumbs up", 0: "Thumbs down"} if row["scale"] == "thumbs" else {}
    return names.get(row["rating"], f"{row['rating']:g}")
