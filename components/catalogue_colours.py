"""What the covers of a catalogue look like: by group, over the years, which stand out, and what there is none of."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import hover_text, records, value_axis
from components.cover import small_cover
from components.families import FAMILY_HEX, in_order, outlined
from components.format import NO_VALUE, is_missing, value_text
from components.labels import value_label
from components.odds import times_text
from components.stacked import stacked_table
from components.tables import measure_cell
from components.theme import token
from components.title_links import title_link
from definitions.colours.bins import hex_of
from definitions.metric import Metric, Unit
from definitions.taking import COLOUR_FEATURES
from queries.filters import FilterState

MAX_GROUPS = 14
MAX_ROWS_SHOWN = 15
ORIGINALS = {"original": "Originals", "licensed": "Others"}
# From so many times the genre's median distance on, a cover stands out.
STANDS_OUT = 2.0
DARKER_BY = 10
FEWEST_TITLES = 3
# Looks of which the colour says how bright they are.
SAID_ALREADY = (("black", "low"), ("white", "high"))


def palette_bars(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw each group's colours as one bar, each part as wide as its share of the covers and in its own mean colour.

    ``frame`` has the columns of cover_colours_by_group; at most 14 groups are drawn, which is told.
    """
    figure = go.Figure()
    groups = list(dict.fromkeys(frame["group_id"]))
    shown = groups[:MAX_GROUPS]
    rows = [row for row in records(frame) if row["group_id"] in shown]
    if not rows:
        return figure
    places = {group: place for place, group in enumerate(shown)}
    for family in in_order(row["colour_family"] for row in rows):
        own = [row for row in rows if row["colour_family"] == family]
        figure.add_bar(
            orientation="h",
            name=family.capitalize(),
            x=[float(row[metric.name]) for row in own],
            y=[places[row["group_id"]] for row in own],
            marker=outlined([hex_of((row["red"], row["green"], row["blue"])) for row in own]),
            hovertext=[
                hover_text(
                    row[metric.name],
                    metric,
                    f"{family.capitalize()} {hex_of((row['red'], row['green'], row['blue']))}",
                    f"{group_text(row)}, {value_text(row['titles'], Unit.COUNT)} titles",
                )
                for row in own
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    titles = {row["group_id"]: row for row in rows}
    figure.update_xaxes(
        range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], ticktext=["0", "25 %", "50 %", "75 %", "100 %"], side="top"
    )
    figure.update_yaxes(
        range=[len(shown) - 0.5, -0.5],
        tickvals=list(range(len(shown))),
        ticktext=[f"{group_text(titles[group])} ({titles[group]['titles']:,.0f})" for group in shown],
        ticklabelstandoff=6,
        showgrid=False,
    )
    figure.update_layout(barmode="stack", bargap=0.25, hovermode="closest", showlegend=False)
    return figure


def most_unlike_group(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which group of three titles and more has most of a colour, against the mean of the groups."""
    known = frame[(frame["titles"] >= FEWEST_TITLES) & (frame["group_id"] != "unknown")]
    if known["group_id"].nunique() < 2:
        return "Colours of the covers"
    means = known.groupby("colour_family")[metric.name].sum() / known["group_id"].nunique()
    beyond = known[metric.name] - known["colour_family"].map(means)
    row = records(known.loc[[beyond.idxmax()]])[0]
    usual = value_text(means[row["colour_family"]], metric.unit)
    told = value_text(row[metric.name], metric.unit)
    return f"{group_text(row)}: {told} {row['colour_family']}, where groups have {usual} in the mean"


def what_palettes_count(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what is counted, and how many groups are not drawn."""
    more = frame["group_id"].nunique() - MAX_GROUPS
    rest = f" {more:,} more are in the table." if more > 0 else ""
    return (
        "The covers that films and series are shown by, in the whole catalogue, whatever the range: each counts as "
        "much, and for each of its genres. Every part is drawn in the mean of its own colours; the numbers in brackets "
        f"are titles.{rest}"
    )


def feature_course(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw the mean of a feature by year or quarter, with its interval.

    ``frame`` has the columns of cover_features_by_period.
    """
    known = frame[frame[metric.name].notna()]
    figure = go.Figure()
    if known.empty:
        return figure
    rows = records(known)
    values = [float(row[metric.name]) for row in rows]
    figure.add_scatter(
        x=[period_name(row) for row in rows],
        y=values,
        mode="lines+markers",
        line={"color": token("accent"), "width": 1.5, "dash": "solid"},
        marker={"color": token("accent"), "size": 8},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [_away(row["feature_high"], value) for row, value in zip(rows, values, strict=True)],
            "arrayminus": [_away(row["feature_low"], value) for row, value in zip(rows, values, strict=True)],
            "thickness": 1,
            "width": 0,
            "color": token("secondary"),
        },
        hovertext=[
            hover_text(
                value,
                metric,
                f"{period_name(row)}, {value_text(row['titles'], Unit.COUNT)} titles",
                "95 %: too few to tell"
                if is_missing(row["feature_low"])
                else f"95 %: {value_text(row['feature_low'], metric.unit)} to "
                f"{value_text(row['feature_high'], metric.unit)}",
            )
            for row, value in zip(rows, values, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    tops = [value if is_missing(row["feature_high"]) else float(row["feature_high"])
            for row, value in zip(rows, values, strict=True)]  # fmt: skip
    figure.update_yaxes(**value_axis(tops, metric.unit))
    figure.update_xaxes(type="category", tickangle=0, nticks=8)
    figure.update_layout(hovermode="closest", showlegend=False)
    return figure


def how_covers_changed(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say whether covers changed from the first period of several titles to the last, where the intervals lie apart."""
    known = records(frame[frame[metric.name].notna() & frame["feature_low"].notna()])
    if len(known) < 2:
        return f"{metric.label} of covers"
    first, last = known[0], known[-1]
    told = f"from {value_text(first[metric.name], metric.unit)} in {period_name(first)} to " + (
        f"{value_text(last[metric.name], metric.unit)} in {period_name(last)}"
    )
    if last["feature_low"] > first["feature_high"]:
        return f"{metric.label} rose {told}"
    if last["feature_high"] < first["feature_low"]:
        return f"{metric.label} fell {told}"
    return f"{metric.label} of covers has not clearly changed"


def what_is_dated(_frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say by what covers are dated, and that today's covers are looked at."""
    live = filters.option("covers_dated") == "live"
    dated = "from which on their covers were shown" if live else "in which they came out"
    return (
        f"Films and series by the period {dated}, each by the cover that it is shown by now; the whole catalogue, "
        "whatever the range. Intervals are 95 %, by how much covers differ."
    )


def outliers_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show the covers that lie farthest from their genre, and what is unlike it.

    ``frame`` has the columns of cover_outliers, the farthest first.
    """
    shown = records(frame.head(MAX_ROWS_SHOWN))
    farthest = max((row[metric.name] for row in shown), default=1)
    body = [
        html.Tr(
            [
                html.Th(
                    [small_cover(row["image_hash"]), title_link(row["show_id"], row["name"], filters)], scope="row"
                ),
                html.Td(row["genre"].capitalize(), className="secondary"),
                measure_cell(
                    row[metric.name],
                    f"{times_text(row[metric.name])} times",
                    share=row[metric.name] / farthest,
                    missing=NO_VALUE,
                ),
                html.Td(unlike(row)),
            ]
        )
        for row in shown
    ]
    heads = ("Title", "Genre", "As far as its median", "What is unlike")
    return stacked_table(heads, body, "Outliers of a genre", "covers-compared with-covers")


def how_many_stand_out(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how many covers lie twice as far from their genre as its median one, and which lies farthest."""
    far = int((frame[metric.name] >= STANDS_OUT).sum())
    first = records(frame.head(1))[0]
    farthest = f"{first['name']} lies {times_text(first[metric.name])} times as far from {first['genre']} as its median"
    if not far:
        return farthest
    stand = "1 cover stands out of its genre" if far == 1 else f"{far:,} covers stand out of their genres"
    return f"{stand}; {farthest}"


def what_an_outlier_is(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what distance is meant, and what is left out."""
    more = len(frame) - MAX_ROWS_SHOWN
    rest = f" {more:,} more are in the table." if more > 0 else ""
    return (
        "How far a cover lies from the middle of its genre on the map of covers, which places alike ones near each "
        "other, against the genre’s median; of several genres, from the one it is nearest to. Genres of fewer than ten "
        f"covers are left out. The map has two dimensions of many: look before you judge.{rest}"
    )


def gaps_table(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show the looks that a genre has fewer of than expected, the surest first.

    ``frame`` has the columns of cover_gaps.
    """
    shown = records(frame.head(MAX_ROWS_SHOWN))
    most = max((row[metric.name] for row in shown), default=1)
    body = [
        html.Tr(
            [
                html.Th([_swatch(row["colour_family"]), f"{look(row)} {row['genre']}"], scope="row"),
                html.Td(f"{row['titles']:,.0f} of {row['genre_titles']:,.0f}", className="number"),
                html.Td(f"{row['expected_titles']:.1f}", className="number"),
                measure_cell(row[metric.name], f"{row[metric.name]:.1f}", share=row[metric.name] / most),
                html.Td(f"{'yes' if row['is_clear'] else 'no'}, p {_p_text(row['p_value'])}"),
            ]
        )
        for row in shown
    ]
    heads = ("Look and genre", "Covers", "Expected", metric.label, "Beyond chance")
    return stacked_table(heads, body, "Gaps", "covers-compared", numbers=(1, 2))


def surest_gap(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say the surest gap: «No dark blue comedy, where 6 would be expected»; or that none is beyond chance."""
    row = records(frame.head(1))[0]
    count = f"{row['titles']:,.0f}" if row["titles"] else "No"
    told = f"{count} {look(row).lower()} {row['genre']} {'cover' if row['titles'] < 2 else 'covers'}"
    clear = int(frame["is_clear"].sum())
    expected = f"where {row['expected_titles']:.1f} would be expected"
    if not clear:
        return f"No gap is beyond chance; the surest: {told[:1].lower()}{told[1:]}, {expected}"
    more = f", and {clear - 1} more" if clear > 1 else ""
    return f"{told}, {expected}{more}"


def what_a_gap_is(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what is expected, what is judged, and how many are not shown."""
    more = len(frame) - MAX_ROWS_SHOWN
    rest = f" {more:,} more are in the table." if more > 0 else ""
    return (
        "Expected is what the looks of all covers, dealt out to genres by chance, would give; looked at are looks of "
        "which a genre would have one and more. Beyond chance: Fisher’s exact test, corrected for all genres and "
        "looks. "
        f"Dark is a brightness below 30 of 100, bright from 60.{rest}"
    )


def group_text(row: dict[str, Any]) -> str:
    """Return what a group of the catalogue is called."""
    name = str(row["group_id"])
    if name == "unknown":
        return "Unknown"
    match row["group_kind"]:
        case "country":
            return value_label("country", name)
        case "original":
            return ORIGINALS[name]
        case _:
            return name.capitalize()


def period_name(row: dict[str, Any]) -> str:
    """Return a year, or a quarter as «Q2 2025»."""
    day = pd.Timestamp(row["first_day"])
    return f"{day.year}" if row["dated_by"] == "year" else f"Q{day.quarter} {day.year}"


def look(row: dict[str, Any]) -> str:
    """Return a look in words, such as «Dark blue»."""
    if (row["colour_family"], row["brightness_band"]) in SAID_ALREADY:
        return str(row["colour_family"]).capitalize()
    return f"{COLOUR_FEATURES['brightness'].bands[row['brightness_band']]} {row['colour_family']}"


def unlike(row: dict[str, Any]) -> str:
    """Say what tells a cover from its genre: a rare colour, or how dark or bright it is."""
    rare = f"{row['colour_family']}, as {row['genre_titles_of_colour']:,.0f} of {row['genre_titles']:,.0f}"
    difference = row["brightness"] - row["genre_brightness"]
    if abs(difference) < DARKER_BY:
        return rare
    word = "brighter" if difference > 0 else "darker"
    return f"{rare}; {word} ({row['brightness']:.0f}, its genre {row['genre_brightness']:.0f})"


def _swatch(family: str) -> html.Span:
    return html.Span(className="swatch", style={"background": FAMILY_HEX[family]}, **{"aria-hidden": "true"})


def _p_text(chance: Any) -> str:
    return "–" if is_missing(chance) else f"{float(chance):.2f}" if chance >= 0.01 else "< 0.01"


def _away(limit: Any, value: float) -> float:
    return 0.0 if is_missing(limit) else abs(float(limit) - value)
