"""Average colours of what people watch: of groups and single accounts, and two of them compared."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import records, round_ticks
from components.families import outlined
from components.format import days_text, is_missing, value_text
from components.labels import segment_name, value_label
from components.palette import Colour, bin_bars, palette, palette_strip
from components.stacked import stacked_table
from components.tables import HIDDEN, measure_cell
from components.theme import token
from definitions.metric import Metric, Unit
from queries.colours import EVERYBODY
from queries.cubes import first_of_last
from queries.db import WarehouseError
from queries.filters import FilterState
from queries.run import SUPPRESSED

# Of 216 bins, most have next to nothing: so many have room.
MAX_BINS_COMPARED = 48
SWATCHES_SHOWN = 12
NEARLY_ALL = 0.995
ALIKE, RATHER_ALIKE = 0.02, 0.1
LEAST_TOLD = 0.01
DISTANCES = {
    "cosine": ("Cosine", "0: the same mixture; 1: no bin in common. Neighbouring bins are as different as others."),
    "jensen_shannon": ("Jensen–Shannon", "0 to 1; as the cosine, but small shares count for more."),
    "earth_movers": ("Earth mover’s", "Steps of CIE Lab that colours would have to move, in the mean; 2 is just seen."),
}


def average_colours(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> html.Div:
    """Show the average colour of each group: its palette as a strip, and its 216 bins as bars; alone, as swatches too.

    ``frame`` has the columns of average_colour_by_group: a row for each bin, shares from 0 to 1, channels 0 to 255.
    """
    groups = [group for _, group in frame.groupby("group_rank", sort=True)]
    largest = frame["colour_share"].max()
    return html.Div(
        [_average(group, filters, largest, is_alone=len(groups) == 1) for group in groups], className="average-colours"
    )


def _average(group: pd.DataFrame, filters: FilterState, largest: float, *, is_alone: bool) -> html.Section:
    rows = records(group)
    name = group_name(rows[0], filters)
    if is_missing(rows[0]["bin"]):
        return html.Section([html.H3(name), html.P(HIDDEN, className="secondary")])
    bins = colours(rows)
    in_palette = [colour for colour, row in zip(bins, rows, strict=True) if not is_missing(row["palette_rank"])]
    hours = value_text(rows[0]["watch_hours"], Unit.HOURS)
    told = f"{hours} watched; {_number_of(len(in_palette), 'colour')} make up 90 %, of {_number_of(len(bins), 'bin')}"
    parts: list[Any] = [
        html.H3([name, " ", html.Span(told, className="secondary")]),
        palette_strip(in_palette, name),
        bin_bars(bins, name, largest_share=largest),
    ]
    if is_alone:
        parts.append(palette(in_palette[:SWATCHES_SHOWN], name))
        if len(in_palette) > SWATCHES_SHOWN:
            parts.append(html.P(f"{len(in_palette) - SWATCHES_SHOWN} more are in the table.", className="card-note"))
    return html.Section(parts)


def colours(rows: Sequence[dict[str, Any]]) -> list[Colour]:
    """Return the colours of rows that name a bin's mean colour, its share and its family."""
    return [
        Colour(round(row["red"]), round(row["green"]), round(row["blue"]), row["colour_share"], row["colour_family"])
        for row in rows
    ]


def group_name(row: dict[str, Any], filters: FilterState) -> str:
    """Return what a group is called: a value, an account, or all that are chosen."""
    match row["group_kind"]:
        case "none":
            return everyone(filters)
        case "account":
            return str(row["group_id"])
        case kind:
            return value_label(str(kind), str(row["group_id"]))


def everyone(filters: FilterState) -> str:
    """Return what all are called whom the filters leave: of the segment, those chosen, or everybody."""
    if filters.segment is not None:
        return f"«{segment_name(filters.segment)}»"
    return "Everybody chosen" if filters.chosen_count else "Everybody"


def main_families(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say which families of colours are most of the average colour of the largest group, or of the account."""
    first = frame[frame["group_rank"] == frame["group_rank"].min()]
    shares = first.groupby("colour_family")["colour_share"].sum().nlargest(3)
    if shares.empty:
        return "Average colour"
    told = ", ".join(f"{family} {value_text(share, Unit.RATE)}" for family, share in shares.items())
    return f"{group_name(records(first.head(1))[0], filters)}: {told}"


def what_is_averaged(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say over which days, weighted by what, and how much of the watch time has no cover."""
    sentences = [
        f"The covers of what was watched in {_days(frame, filters)}, weighted by watch time. Each colour is the mean "
        "of its own pixels: a mean of all would be mud."
    ]
    covered = frame.drop_duplicates("group_rank")["covered_share"].min()
    if covered < NEARLY_ALL:
        sentences.append(f"{value_text(1 - covered, Unit.RATE)} of the watch time or less has no cover to look at.")
    return " ".join(sentences)


def _days(frame: pd.DataFrame, filters: FilterState) -> str:
    """Return the days averaged over: the last so many of the range, which may be cut by the data."""
    first = first_of_last(int(frame["colour_days"].iloc[0]), filters.end_day, filters.data_start_day)
    return f"the last {_number_of((filters.end_day - first).days, 'day')}, {days_text(first, filters.end_day)}"


def bins_compared(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> go.Figure:
    """Draw the bins of two average colours against each other: one's shares upwards, the other's downwards.

    ``frame`` has the columns of average_colour_compared.
    """
    figure = go.Figure()
    largest = frame.groupby("bin")["colour_share"].max()
    totals = frame.groupby("bin")["colour_share"].sum()
    shown = list(totals[largest.index].nlargest(MAX_BINS_COMPARED).index)
    places = {number: place for place, number in enumerate(shown)}
    for side, name, sign in (("first", first_name(filters), 1), ("second", second_name(filters), -1)):
        rows = [row for row in records(frame) if row["side"] == side and row["bin"] in places]
        figure.add_bar(
            x=[places[row["bin"]] for row in rows],
            y=[sign * row["colour_share"] for row in rows],
            name=name,
            marker=outlined([row["colour_hex"] for row in rows]),
            hovertext=[
                f"<b>{value_text(row['colour_share'], Unit.RATE)}</b><br>{row['colour_family']} {row['colour_hex']}"
                f"<br>{name}"
                for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    ticks = round_ticks(float(largest.max()))
    values = [-tick for tick in reversed(ticks) if tick] + ticks
    figure.update_yaxes(
        tickvals=values,
        ticktext=[value_text(abs(value), Unit.RATE) for value in values],
        range=[-1.05 * ticks[-1], 1.05 * ticks[-1]],
        zeroline=True,
        zerolinecolor=token("secondary"),
    )
    figure.update_xaxes(visible=False)
    figure.update_layout(barmode="relative", bargap=0.1, showlegend=False, hovermode="closest", margin={"t": 24})
    for text, y, anchor in ((first_name(filters), 1, "top"), (second_name(filters), 0, "bottom")):
        figure.add_annotation(
            text=f"<b>{text}</b>",
            x=1,
            y=y,
            xref="paper",
            yref="paper",
            xanchor="right",
            yanchor=anchor,
            showarrow=False,
            font={"size": 12, "color": token("secondary")},
        )
    return figure


def whose_colours(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say of which colour one side has most more than the other."""
    shares = frame.pivot_table(index="colour_family", columns="side", values="colour_share", aggfunc="sum").fillna(0)
    if set(shares) != {"first", "second"}:
        return "Two palettes"
    more = shares["first"] - shares["second"]
    family = str(more.abs().idxmax())
    who, other = first_name(filters), second_name(filters)
    if more[family] < 0:
        who, other = other, who
    low, high = sorted(float(shares[side][family]) for side in ("first", "second"))
    return f"{who}: {family} {value_text(high, Unit.RATE)}, {other}: {value_text(low, Unit.RATE)}"


def what_is_compared(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say what lies above and below, and how many bins are left out."""
    more = frame["bin"].nunique() - MAX_BINS_COMPARED
    sentences = [
        f"Over {_days(frame, filters)}. Above: {first_name(filters)}; below: {second_name(filters)}; the largest bins "
        "first."
    ]
    if more > 0:
        sentences.append(f"{_number_of(more, 'smaller bin')} {'is' if more == 1 else 'are'} in the table only.")
    return " ".join(sentences)


def distances_table(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show the three distances, each with what it means.

    ``frame`` has the columns distance_name and the metric's own.
    """
    body = []
    for row in records(frame):
        name, meaning = DISTANCES[row["distance_name"]]
        value = row[metric.name]
        text = "" if is_missing(value) else f"{value:.3f}" if row["distance_name"] != "earth_movers" else f"{value:.1f}"
        body.append(
            html.Tr(
                [
                    html.Th(name, scope="row"),
                    measure_cell(value, text, missing=HIDDEN if row.get(SUPPRESSED) else "–"),
                    html.Td(meaning, className="secondary explained"),
                ]
            )
        )
    return stacked_table(("Distance", "Here", "What it means"), body, "Distances", "distances", numbers=(1,))


def how_far_apart(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say how far the two are apart, by the cosine."""
    value = frame.loc[frame["distance_name"] == "cosine", metric.name].iloc[0]
    if is_missing(value):
        return "How far apart"
    verdict = "very alike" if value < ALIKE else "rather alike" if value < RATHER_ALIKE else "different"
    size = f"{value:.2f}" if value >= LEAST_TOLD else f"below {LEAST_TOLD}"
    return f"{first_name(filters)} and {second_name(filters)}: {verdict}, cosine distance {size}"


def what_they_share(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str | None:
    """Say how much of the two average colours is the same."""
    common = frame["in_common_share"].iloc[0]
    if is_missing(common):
        return None
    share = value_text(common, Unit.RATE)
    return f"Over {_days(frame, filters)}; {share} of their colours they have in common, bin by bin."


def same_on_both_sides(filters: FilterState) -> str | None:
    """Say that the two chosen to compare are the same, and what to do; None where they are not."""
    account, segment = filters.option("colour_account"), filters.option("other_segment")
    if segment == EVERYBODY:
        is_same = not account and not filters.chosen_count
    elif segment:
        is_same = not account and filters.segment == segment
    else:
        is_same = account != "" and account == filters.option("other_account")
    if not is_same:
        return None
    return (
        f"Both sides would be the same: {account or everyone(filters)}. Name an account, choose a segment or a filter, "
        "or compare with somebody else."
    )


def first_name(filters: FilterState) -> str:
    """Return what the first of two that are compared is called."""
    return filters.option("colour_account") or everyone(filters)


def second_name(filters: FilterState) -> str:
    """Return what the second of two that are compared is called."""
    if filters.option("other_segment") == EVERYBODY:
        return "Everybody, unfiltered"
    if filters.option("other_segment"):
        try:
            return f"«{segment_name(filters.option('other_segment'))}»"
        except WarehouseError:
            return "the other segment"
    return filters.option("other_account") or everyone(filters)


def _number_of(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
