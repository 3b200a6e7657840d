"""A brief for the cover of a planned title: covers that did well with an audience, their colours and their features."""

from typing import Any

import pandas as pd
from dash import html

from components.chart_parts import records
from components.cover import small_cover
from components.format import NO_VALUE, is_missing, list_text, value_text
from components.gallery import FEATURES, feature_text
from components.labels import selection_text
from components.palette import colours_in, palette, palette_strip
from components.stacked import stacked_table
from components.tables import measure_cell
from components.title_links import title_link
from definitions.metric import Metric, Unit
from queries.filters import FilterState
from queries.run import SUPPRESSED

MOST_COVERS = 8
MOST_SWATCHES = 12
MOST_NAMED = 2
# Of the whole picture: less is not worth a word.
MIN_SHARE_MORE = 0.03
WELL_TAKEN, OTHER = "well_taken", "other"
# What a cover is called that has less of a feature than others, and more.
WORDS = {
    "brightness": ("darker", "lighter"),
    "contrast": ("lower in contrast", "higher in contrast"),
    "saturation": ("less saturated", "more saturated"),
    "colourfulness": ("less colourful", "more colourful"),
    "warmth": ("colder", "warmer"),
}


def covers_that_did_well(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Ol:
    """Show the covers that did well, the surest first: what each is of, and how often it was taken.

    ``frame`` has the rows of take_rate_of_covers. Where none did well, those that come nearest are shown.
    """
    well_taken = frame[frame["is_well_taken"]]
    shown = (frame if well_taken.empty else well_taken).head(MOST_COVERS)
    return html.Ol([_cover(row, metric, filters) for row in records(shown)], className="brief-covers")


def _cover(row: dict[str, Any], metric: Metric, filters: FilterState) -> html.Li:
    low, rate, high = (
        NO_VALUE if row.get(SUPPRESSED) or is_missing(row[name]) else value_text(row[name], metric.unit)
        for name in ("take_rate_low", "take_rate", "take_rate_high")
    )
    return html.Li(
        [
            small_cover(str(row["image_hash"])),
            html.Div(
                [
                    title_link(str(row["show_id"]), str(row["cover_name"]), filters),
                    html.Strong(rate),
                    html.Span(f"{low} to {high}", className="secondary"),
                    html.Span(f"{value_text(row['impressions'], Unit.COUNT)} times shown", className="secondary"),
                ]
            ),
        ]
    )


def how_many_did_well(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say how many covers did well, of how many: «5 of 24 drama covers did well»."""
    what = f"{genre} covers" if (genre := filters.option("genre")) else "covers"
    well_taken = int(frame["is_well_taken"].sum())
    if not well_taken:
        return f"None of {len(frame)} {what} stands out"
    return f"{well_taken} of {len(frame)} {what} did well"


def what_the_evidence_is(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> str:
    """Say what doing well means, on how much it rests, and what it does not mean."""
    middle = value_text(frame["middle_take_rate"].iloc[0], metric.unit)
    shown = value_text(int(frame["impressions"].sum()), Unit.COUNT)
    well_taken = int(frame["is_well_taken"].sum())
    nearest = " No cover did; those that come nearest are shown." if not well_taken else ""
    if well_taken > MOST_COVERS:
        nearest = f" The {MOST_COVERS} surest are shown, by the low end of their interval; all are in the table."
    audience = "; ".join(selection_text(name, selection) for name, selection in filters.selections if name != "title")
    return (
        f"A cover did well where the whole interval (95 %) of its take rate lies above {middle}, that of the cover in "
        f"the middle.{nearest} Covers were shown {shown} times to {audience or 'everybody'}. An association: a "
        "cover may be taken for its title, its row or its place; Colour and audience tells what is left after these."
    )


def colours_that_did_well(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> html.Div:
    """Show the mean colours of the covers that did well, above those that the others have in the same bins.

    ``frame`` has the rows of colours_of_well_taken_covers.
    """
    named = colours_in(records(frame[frame["palette_rank"].notna()]))
    return html.Div(
        [
            palette_strip(colours_in(records(frame)), "covers that did well"),
            palette(named[:MOST_SWATCHES], "covers that did well"),
        ],
        className="brief-colours",
    )


def which_colours_are_more(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which colours the covers that did well have more of than the others: «More teal and blue than others»."""
    shares = _shares_by_family(frame)
    if not shares:
        return "The colours of the covers that did well"
    more = [family for family, own, others in shares if own - others >= MIN_SHARE_MORE][:MOST_NAMED]
    return f"More {list_text(more)} than the others" if more else "The same colours as the others"


def how_much_more(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str | None:
    """Say how much of the picture that is, by family."""
    parts = [
        f"{family} {value_text(own, Unit.RATE)} instead of {value_text(others, Unit.RATE)}"
        for family, own, others in _shares_by_family(frame)
        if abs(own - others) >= MIN_SHARE_MORE
    ]
    return f"Of the picture: {list_text(parts)}." if parts else None


def _shares_by_family(frame: pd.DataFrame) -> list[tuple[str, float, float]]:
    """Return each family's share with the covers that did well and with the others, the largest gain first.

    There are none where there are no others.
    """
    if frame["other_share"].isna().all():
        return []
    summed = records(frame.groupby("colour_family")[["share", "other_share"]].sum().reset_index())
    shares = [(row["colour_family"], row["share"], row["other_share"]) for row in summed]
    return sorted(shares, key=lambda row: row[2] - row[1])


def feature_ranges(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> html.Div:
    """Show where each feature lies with the covers that did well and with the others: the middle, and the middle half.

    ``frame`` has the rows of features_of_well_taken_covers.
    """
    body = []
    for row in records(frame):
        label, meaning = FEATURES[row["feature"]]
        cells = [
            measure_cell(row[f"{side}_middle"], _range(row, side), is_main=side == WELL_TAKEN, missing=NO_VALUE)
            for side in (WELL_TAKEN, OTHER)
        ]
        body.append(html.Tr([html.Th(label, scope="row", title=meaning), *cells]))
    label = "Features of covers that did well, and of the others"
    return stacked_table(("Feature", "Did well", "Others"), body, label, "brief-features", numbers=(1, 2))


def _range(row: dict[str, Any], side: str) -> str:
    low, middle, high = (feature_text(row["feature"], row[f"{side}_{place}"]) for place in ("low", "middle", "high"))
    return f"{middle} ({low} to {high})"


def which_feature_differs(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what sets the covers that did well apart: features whose middle lies outside the others' middle half."""
    apart = [
        WORDS[row["feature"]][row["well_taken_middle"] > row["other_high"]]
        for row in records(frame)
        if not is_missing(row["other_low"]) and not row["other_low"] <= row["well_taken_middle"] <= row["other_high"]
    ]
    return f"They are {list_text(apart)}" if apart else "In brightness and the rest they are like the others"


def what_ranges_are(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what stands in the table, and of how many covers."""
    well_taken, others = int(frame["well_taken_covers"].max()), int(frame["other_covers"].max())
    return (
        f"The cover in the middle, and in brackets the middle half, of {well_taken} that did well and {others} others. "
        "They are called otherwise than the others where their middle lies outside of the others' middle half."
    )


def print_button() -> html.Button:
    """Offer the page on paper or as a PDF, which the browser makes (assets/print.js)."""
    return html.Button("Print or save as PDF", type="button", className="bi bi-printer", **{"data-print": "page"})
