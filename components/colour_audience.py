"""Which colours of covers are taken, by whom, and what goes with it."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import diverging_scale, hover_text, numbers, records, value_axis
from components.families import FAMILY_HEX, in_order, outlined
from components.format import NO_VALUE, TIMES, is_missing, list_text, value_text
from components.labels import value_label
from components.odds import odds_figure, odds_told, times_text
from components.theme import token
from components.whole_months import shown_told
from definitions.metric import Metric, Unit
from definitions.taking import ACCOUNT_AGES, FEWEST_TITLES
from queries.colour_appeal import OTHERS, OWN
from queries.filters import FilterState
from queries.run import SUPPRESSED

UNTOLD = {
    "none taken": "none taken",
    "all taken": "all taken",
    "too few titles": "too few titles to tell",
    "not told apart": "cannot be told apart",
}
FEATURES_SPOKEN = {
    "Colour": "{band} covers",
    "Brightness": "{band} covers",
    "Saturation": "{band} covers",
    "Warmth": "Covers in {band} colours",
    "Contrast": "Covers of {band} contrast",
}
MIDDLE_BANDS = {"Middling": "middling", "Of both": "both warm and cold"}
# Appeals of twice and more have the strongest colour, as do none.
MOST_COLOURED = 2.0
GENRE, COLOUR, COUNTRY, AGE = "genre", "colour", "country", "account_age"
APPEAL_TO = {
    COLOUR: "Colour that accounts take most",
    GENRE: "Genre that accounts take most",
    COUNTRY: "Country",
    AGE: "Age of the account",
}


def colour_dots(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw a metric of each colour as a dot of that colour, with its interval and its name.

    ``frame`` has the columns colour_family, titles_shown, titles_watched, impressions, taken_impressions, watch_hours,
    watch_share, the metric's own, and its limits.
    """
    known = frame[frame[metric.name].notna()]
    figure = go.Figure()
    if known.empty:
        return figure
    by_family = {row["colour_family"]: row for row in records(known)}
    rows = [by_family[family] for family in in_order(by_family)]
    values = [float(row[metric.name]) for row in rows]
    places = list(range(len(rows)))
    figure.add_scatter(
        x=values,
        y=places,
        mode="markers",
        orientation="h",
        marker=outlined([FAMILY_HEX[row["colour_family"]] for row in rows], size=13),
        error_x={
            "type": "data",
            "symmetric": False,
            "array": _reach(rows, metric, "high"),
            "arrayminus": _reach(rows, metric, "low"),
            "thickness": 1.5,
            "width": 0,
            "color": token("secondary"),
        },
        hovertext=[_dot_hover(row, metric) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    tops = numbers(known[[metric.name, f"{metric.name}_high"]].max(axis=1))
    figure.update_xaxes(**value_axis(tops, metric.unit), side="top", showgrid=True)
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=places,
        ticktext=[row["colour_family"].capitalize() for row in rows],
        showgrid=False,
    )
    figure.update_layout(hovermode="closest", showlegend=False)
    return figure


def most_and_least(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which colour has most of a metric and which least, where their intervals lie apart."""
    rows = records(frame[frame[metric.name].notna() & frame[f"{metric.name}_low"].notna()])
    if len(rows) < 2:
        return f"{metric.label} by colour"
    most = max(rows, key=lambda row: float(row[metric.name]))
    least = min(rows, key=lambda row: float(row[metric.name]))
    told = [f"{row['colour_family']} ({value_text(row[metric.name], metric.unit)})" for row in (most, least)]
    if most[f"{metric.name}_low"] > least[f"{metric.name}_high"]:
        return f"{metric.label} is highest of {told[0]} covers, lowest of {told[1]} ones"
    return f"{metric.label} of no colour lies clearly above that of another"


def what_colours_count(_frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say what a colour is, what is counted, and what the interval tells."""
    counted = (
        "Covers shown count by their own colour."
        if metric.name == "take_rate"
        else "Watch time counts by the cover that a film or series is shown by."
    )
    return (
        f"{counted} A cover is named by its largest colours, or black, grey or white where less than a fifth has a "
        "colour. Intervals are 95 % and tell how much the films and series of a colour differ: they say what is known "
        "of the colour, not of these titles. What else goes with a colour is left in."
    )


def colour_odds(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw the odds to be taken of each band of a feature, other things equal, and as they are.

    ``frame`` has the columns of colour_effects_by_band.
    """
    rows = records(frame.assign(factor="feature", factor_name=frame["feature_name"], band_name=frame["feature_band"]))

    def hover(row: Any) -> str:
        counted = (
            f"{row['taken_impressions']:,.0f} of {row['impressions']:,.0f} taken "
            f"({value_text(row['take_rate'], Unit.RATE)}), of {row['titles']:,.0f} titles"
            if not is_missing(row["impressions"])
            else ""
        )
        ratio, interval, raw = odds_told(row, metric)
        return "<br>".join(filter(None, (ratio, str(row["band_name"]), interval, raw, counted)))

    return odds_figure(rows, metric, hover, _beside)


def strongest_effect(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which band is taken most differently from the largest, other things equal, where it is clear of chance."""
    clear = [row for row in records(frame) if row["is_clear"] and not is_missing(row[metric.name])]
    feature = str(frame["feature_name"].iloc[0]).lower()
    if not clear:
        told = frame[f"{metric.name}_low"].notna().any()
        return f"No {feature} goes clearly with being taken, other things equal" if told else metric.label
    row = max(clear, key=lambda row: abs(float(row[f"{metric.name}_low"]) - 1) + abs(row[f"{metric.name}_high"] - 1))
    low, high = (times_text(row[f"{metric.name}_{limit}"]) for limit in ("low", "high"))
    return (
        f"{_spoken(row)} had {times_text(row[metric.name])} times the odds of being taken ({low} to {high}), "
        "other things equal: an association, not a cause"
    )


def what_effects_compare(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say what is compared and adjusted for, over which months, and what popularity takes away."""
    adjusted = str(frame["adjusted_for"].iloc[0])
    names = adjusted.split(", ") if adjusted else []
    sentences = [
        f"{shown_told(frame, filters)} A square marks the band that the others are compared with.",
        f"Other things equal: {list_text(names)}." if names else "There is nothing that could be adjusted for.",
        "Intervals are 95 %, by how much titles of a band differ; of bands with fewer than "
        f"{FEWEST_TITLES} titles nothing is told.",
    ]
    if "popularity" in names:
        sentences.append(
            "Popularity is by watch time, to which a cover adds: what is left may be less than what covers do."
        )
    return " ".join(sentences)


def appeal_cells(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw how each colour appeals to each audience: a cell each, with its number where it is clear of chance.

    ``frame`` has the columns of colour_appeal_by_audience.
    """
    figure = go.Figure()
    frame = frame[frame["colour_family"] != OWN]
    if frame[metric.name].notna().sum() == 0:
        return figure
    rows = records(frame)
    audiences = list(dict.fromkeys(row["audience"] for row in rows))
    if rows[0]["audience_by"] == COLOUR:
        audiences = in_order(audiences)
    families = in_order(row["colour_family"] for row in rows)
    found = {(row["audience"], row["colour_family"]): row for row in rows}
    cells = [[found.get((audience, family)) for family in families] for audience in audiences]
    figure.add_heatmap(
        x=list(range(len(families))),
        y=list(range(len(audiences))),
        z=[[None if cell is None or is_missing(cell[metric.name]) else float(cell[metric.name]) for cell in line]
           for line in cells],
        zmin=0,
        zmax=MOST_COLOURED,
        colorscale=diverging_scale(),
        xgap=2,
        ygap=2,
        text=[["" if cell is None else _appeal_hover(cell, metric) for cell in line] for line in cells],
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
        colorbar={
            "thickness": 8,
            "outlinewidth": 0,
            "tickvals": [0, 1, MOST_COLOURED],
            "ticktext": ["none", "as others", f"{TIMES}{MOST_COLOURED:.0f}"],
            "tickfont": {"size": 12, "color": token("secondary")},
        },
    )  # fmt: skip
    for down, line in enumerate(cells):
        for across, cell in enumerate(line):
            if cell is not None and cell["is_clear"] and not is_missing(cell[metric.name]):
                figure.add_annotation(
                    x=across,
                    y=down,
                    text=f"<b>{times_text(cell[metric.name])}</b>",
                    showarrow=False,
                    font={"size": 11, "color": token("ink")},
                    bgcolor=token("raised"),
                    borderpad=1,
                )
    figure.update_xaxes(
        tickvals=list(range(len(families))),
        ticktext=[family.capitalize() for family in families],
        side="top",
        autotickangles=[0, -45],
        ticks="",
        title={"text": "Colour of the cover", "standoff": 8},
    )
    figure.update_yaxes(
        title={"text": APPEAL_TO[rows[0]["audience_by"]], "standoff": 8},
        tickvals=list(range(len(audiences))),
        ticktext=[_audience_name(row["audience_by"], row["audience"]) for row in _first_of(rows, audiences)],
        autorange="reversed",
        showgrid=False,
        ticklabelstandoff=6,
    )
    figure.update_layout(hovermode="closest")
    return figure


def _first_of(rows: list[dict[str, Any]], audiences: list[str]) -> list[dict[str, Any]]:
    """Return the first row of each audience."""
    first = {row["audience"]: row for row in reversed(rows)}
    return [first[audience] for audience in audiences]


def strongest_appeal(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which colour appeals most to which audience, where it is clear of chance, and how many others are.

    Of audiences told by a colour it says first how all of them take their own.
    """
    rows = [row for row in records(frame) if not is_missing(row[metric.name])]
    own = [row for row in rows if row["colour_family"] == OWN]
    if own:
        return _own_appeal(own[0], metric, sum(bool(row["is_clear"]) for row in rows if row not in own))
    clear = [row for row in rows if row["is_clear"]]
    if not clear:
        return "No colour appeals to an audience beyond chance" if rows else metric.label
    row = max(clear, key=lambda row: float(row[f"{metric.name}_low"]))
    if row[metric.name] <= 1:
        row = min(clear, key=lambda row: float(row[f"{metric.name}_high"]))
    low, high = (times_text(row[f"{metric.name}_{limit}"]) for limit in ("low", "high"))
    who = _audience_spoken(row)
    others = len(clear) - 1
    more = f", and {others} more {'is' if others == 1 else 'are'} clear" if others else ""
    times = f"{times_text(row[metric.name])} times as often ({low} to {high})"
    return f"{who} took {row['colour_family']} covers {times}{more}"


def _own_appeal(row: dict[str, Any], metric: Metric, clear_colours: int) -> str:
    low, high = (times_text(row[f"{metric.name}_{limit}"]) for limit in ("low", "high"))
    if not row["is_clear"]:
        return f"Accounts took covers in their own colour no more often beyond chance ({low} to {high} times)"
    times = f"{times_text(row[metric.name])} times as often ({low} to {high})"
    single = f"{clear_colours or 'none'} {'are' if clear_colours > 1 else 'is'} clear"
    return f"Accounts took covers in their own colour {times}; of single colours {single}"


def what_appeal_means(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say against what an audience is held, how a taste is known, what is clear, and over which months."""
    audience_by = str(frame["audience_by"].iloc[0])
    known = {
        COLOUR: "An account’s own colour is that of which it took most beyond what everybody took of the same covers, "
        "in all the data: told by one half of the titles and judged by the other, so nothing is found only because it "
        "was picked, or a series is followed.",
        GENRE: "An account’s genre is that of which it took most beyond what everybody took of the same covers: told "
        "by one half of the titles and judged by the other.",
    }
    sentences = [
        f"{shown_told(frame, filters)} How many times as often an audience takes covers of a colour "
        "as its take rate of other covers and everybody’s of the very same covers would lead to, within each genre: "
        "what a title or a genre explains is taken out.",
        known.get(audience_by, ""),
        "Numbers stand where chance would not do as much once in twenty such tables; the others are in the table. "
        "An association, not a cause.",
    ]
    return " ".join(filter(None, sentences))


def _reach(rows: list[dict[str, Any]], metric: Metric, side: str) -> list[float]:
    """Return how far an interval goes from its dot; nowhere where none is known."""
    limits = [row[f"{metric.name}_{side}"] for row in rows]
    return [
        0.0 if is_missing(limit) else abs(float(limit) - float(row[metric.name]))
        for row, limit in zip(rows, limits, strict=True)
    ]


def _dot_hover(row: dict[str, Any], metric: Metric) -> str:
    low, high = row[f"{metric.name}_low"], row[f"{metric.name}_high"]
    interval = (
        "95 %: too few titles to tell"
        if is_missing(low)
        else f"95 %: {value_text(low, metric.unit)} to {value_text(high, metric.unit)}"
    )
    return hover_text(
        row[metric.name],
        metric,
        f"{row['colour_family'].capitalize()}, of {_count(row, metric)} titles",
        interval,
        f"{value_text(row['taken_impressions'], Unit.COUNT)} of {value_text(row['impressions'], Unit.COUNT)} taken",
        f"{value_text(row['watch_hours'], Unit.HOURS)} watched, {value_text(row['watch_share'], Unit.RATE)} of all",
    )


def _count(row: dict[str, Any], metric: Metric) -> str:
    counted = row["titles_shown" if metric.name == "take_rate" else "titles_watched"]
    return value_text(counted, Unit.COUNT)


def _beside(row: Any) -> str:
    return "hidden" if row.get(SUPPRESSED) else UNTOLD.get(str(row["untold"]), "")


def _spoken(row: dict[str, Any]) -> str:
    band = str(row["feature_band"])
    told = FEATURES_SPOKEN[str(row["feature_name"])].format(band=MIDDLE_BANDS.get(band, band.lower()))
    return told[:1].upper() + told[1:]


def _appeal_hover(row: dict[str, Any], metric: Metric) -> str:
    who = f"{_audience_name(row['audience_by'], row['audience'])}, {row['colour_family']} covers"
    if row.get(SUPPRESSED):
        return f"<b>{NO_VALUE}</b><br>{who}<br>hidden"
    taken = (
        f"{row['taken_impressions']:,.0f} of {row['impressions']:,.0f} taken, {row['expected_taken']:,.0f} at "
        "everybody’s rates"
    )
    if is_missing(row[metric.name]):
        return f"<b>{NO_VALUE}</b><br>{who}<br>too few to tell<br>{taken}"
    low, high = (times_text(row[f"{metric.name}_{limit}"]) for limit in ("low", "high"))
    return "<br>".join(
        (
            f"<b>{times_text(row[metric.name])} {TIMES}</b>",
            who,
            f"95 %: {low} to {high}{'' if row['is_clear'] else ', as chance may have it'}",
            f"Genres left in: {times_text(row['raw_colour_appeal'])} {TIMES}",
            taken,
        )
    )


def _audience_name(audience_by: str, audience: str) -> str:
    if audience == OTHERS:
        return "Others"
    if audience_by == AGE:
        return ACCOUNT_AGES.get(audience, audience)
    return value_label("country", audience) if audience_by == COUNTRY else audience.capitalize()


def _audience_spoken(row: dict[str, Any]) -> str:
    name = _audience_name(row["audience_by"], row["audience"])
    if row["audience"] == OTHERS:
        return "Other accounts"
    match row["audience_by"]:
        case "colour":
            return f"Accounts that take most {name.lower()} covers"
        case "genre":
            return f"Accounts that take most {name.lower()}"
        case "account_age":
            return f"Accounts aged {name.lower()}"
        case _:
            return f"Accounts in {name}"
