"""Customers by colour: the map of accounts, and the clusters that they fall into."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import note, records
from components.colours import CATEGORIES
from components.format import NO_VALUE, column_texts, day_text, is_missing, list_text, value_text
from components.gallery import feature_text
from components.palette import Colour, palette_strip
from components.stacked import stacked_table
from components.tables import HIDDEN, measure_cell
from components.theme import token
from definitions.customer_colour_tables import COLOUR_DAYS, COLOUR_SAMPLE_ACCOUNTS
from definitions.metric import Metric, Unit
from queries.filters import FilterState
from queries.run import SUPPRESSED

# Shapes tell the clusters apart for those who cannot see their colours.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
SIGNS = ("●", "■", "◆", "▲", "✚", "★")
MAPPED = 2_000
# Each by its column, and what it is multiplied with to be of 100.
FEATURES = {"Brightness": "brightness", "Saturation": "saturation", "Warmth": "warmth"}
# Below it, clusters are parts of one cloud rather than groups of their own (Kaufman and Rousseeuw 1990).
SUBSTANTIAL_SILHOUETTE = 0.25


def account_map(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw a mark for each account, near others of like colours, in the colour and shape of its cluster.

    ``frame`` has the columns of colour_map.
    """
    figure = go.Figure()
    rows = records(frame[frame["cluster"].notna()])
    for place in sorted({int(row["cluster"]) - 1 for row in rows}):
        named = [row for row in rows if row["cluster"] == place + 1]
        figure.add_scatter(
            x=[row["map_x"] for row in named],
            y=[row["map_y"] for row in named],
            mode="markers",
            name=f"Cluster {place + 1}",
            marker={
                "color": token(CATEGORIES[place]),
                "symbol": SYMBOLS[place],
                "size": 7,
                "opacity": 0.75,
                "line": {"color": token("raised"), "width": 0.5},
            },
            hovertext=[_account_text(row) for row in named],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    for row in (row for row in rows if row["is_named"]):
        figure.add_scatter(
            x=[row["map_x"]],
            y=[row["map_y"]],
            mode="markers",
            marker={"symbol": "circle-open", "size": 18, "color": token("ink"), "line": {"width": 2}},
            hoverinfo="skip",
            showlegend=False,
        )
        note(figure, str(row["account_id"]), x=row["map_x"], y=row["map_y"], yshift=18, bgcolor=token("raised"))
    figure.update_xaxes(visible=False)
    # As far across as up, so that distances are what they look like.
    figure.update_yaxes(visible=False, scaleanchor="x", rangemode="normal")
    figure.update_layout(showlegend=True, hovermode="closest", legend={"itemsizing": "constant"})
    return figure


def accounts_mapped(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say how many accounts are on the map; of one that was named, in which cluster it is."""
    account = filters.option("colour_account")
    for row in records(frame[frame["account_id"] == account]):
        return f"{account} is in cluster {row['cluster']}"
    if account:
        return f"{len(frame):,} accounts by colour; {account} is not on the map"
    return f"{len(frame):,} accounts by colour, those alike near each other"


def what_the_map_is(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what near and far mean, and who is on the map."""
    sentences = [
        "Each mark is an account’s average colour, placed by the two directions in which these differ most; the axes "
        "have no unit. As the build left them, whatever the range."
    ]
    if len(frame) >= MAPPED:
        sentences.append(
            f"Of at most {COLOUR_SAMPLE_ACCOUNTS:,} accounts that the map was made of, {MAPPED:,} by lot are drawn."
        )
    return " ".join(sentences)


def clusters_table(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show a row for each cluster: its accounts, palette, the genres watched more than by others, and brightness.

    ``frame`` has the columns of clusters_by_colour.
    """
    rows = records(frame)
    counts = column_texts(frame[metric.name], Unit.COUNT)
    shares = column_texts(frame["account_share"], Unit.RATE)
    body = []
    for row, count, share in zip(rows, counts, shares, strict=True):
        place = int(row["cluster"]) - 1
        sign = html.Span(SIGNS[place], style={"color": token(CATEGORIES[place])}, **{"aria-hidden": "true"})
        missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
        hidden = is_missing(row[metric.name])
        body.append(
            html.Tr(
                [
                    html.Th([sign, f" Cluster {place + 1}"], scope="row"),
                    measure_cell(row[metric.name], count, missing=missing),
                    measure_cell(row["account_share"], share, is_main=False, missing=missing),
                    html.Td(HIDDEN if hidden else _strip(row)),
                    html.Td(_genres(row, hidden=hidden)),
                    *(_feature(name, row[name], hidden=hidden) for name in FEATURES.values()),
                ]
            )
        )
    heads = ("Cluster", "Accounts", "Share", "Palette", "Watched more than by others", *FEATURES)
    return stacked_table(heads, body, "Clusters", "clusters", numbers=(1, 2, 5, 6, 7))


def tastes_told(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say into how many clusters accounts fall, and how large the largest is."""
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return "Clusters by colour"
    if len(frame) == 1:
        return "All accounts are of one taste in colour"
    (largest,) = records(known.nlargest(1, metric.name))
    share = value_text(largest["account_share"], Unit.RATE)
    return f"{len(frame)} tastes in colour; {share} of the accounts are in cluster {largest['cluster']}"


def what_clusters_are(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say of which days, by which rule, and how clearly the clusters are apart."""
    end_day = pd.Timestamp(frame["end_day"].iloc[0]).date()
    sentences = [
        f"Average colours of the {COLOUR_DAYS} days before {day_text(end_day)} (UTC), whatever the range; k-means "
        "under the cosine."
    ]
    silhouette = frame["mean_silhouette"].iloc[0]
    if not is_missing(silhouette):
        verdict = (
            "they are groups of their own"
            if silhouette >= SUBSTANTIAL_SILHOUETTE
            else "they are parts of one cloud rather than groups of their own"
        )
        sentences.append(f"Mean silhouette {silhouette:.2f}, the largest of 2 to 6 clusters: {verdict}.")
    chosen = [name for name in ("country", "plan") if filters.chosen(name) is not None]
    if chosen:
        sentences.append(f"Accounts are counted of the {list_text(chosen)} chosen; palettes and genres are of all.")
    return " ".join(sentences)


def _account_text(row: dict[str, Any]) -> str:
    warmth = "" if is_missing(row["warmth"]) else f", warmth {row['warmth']:.0%}"
    return (
        f"<b>{row['account_id']}</b><br>cluster {int(row['cluster'])}; {value_text(row['watch_hours'], Unit.HOURS)}"
        f"<br>brightness {row['brightness']:.0f} of 100{warmth}"
    )


def _strip(row: dict[str, Any]) -> Any:
    """Show the palette, which is told as «#1a2b3c 0.2310; …»."""
    if is_missing(row["cluster_palette"]):
        return NO_VALUE
    colours = []
    for part in str(row["cluster_palette"]).split("; "):
        code, share = part.split(" ")
        red, green, blue = (int(code[place : place + 2], 16) for place in (1, 3, 5))
        colours.append(Colour(red, green, blue, float(share)))
    return palette_strip(colours, f"cluster {int(row['cluster'])}")


def _genres(row: dict[str, Any], *, hidden: bool) -> str:
    if hidden:
        return HIDDEN
    return NO_VALUE if is_missing(row["more_watched_genres"]) else str(row["more_watched_genres"]).replace("; ", ", ")


def _feature(name: str, value: Any, *, hidden: bool) -> html.Td:
    if hidden or is_missing(value):
        return html.Td(HIDDEN if hidden else NO_VALUE, className="number secondary")
    return html.Td(feature_text(name, value), className="number")
