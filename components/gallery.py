"""The gallery of covers: what they are looked for by, the place where assets/covers.js lists them, and one in full."""

import logging
from typing import Any

import pandas as pd
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html

from components import states
from components.chart_parts import records
from components.cover import cover
from components.format import NO_VALUE, SPACE, is_missing, list_text
from components.labels import show_kind_label
from components.palette import colours_in, palette, palette_strip
from components.panel import Panel, export_of_query, frame_of, option_control
from components.still import Html, still
from components.title_links import title_href
from definitions.dimensions import DIMENSIONS
from definitions.metric import Metric
from definitions.options import OPTION_BY_NAME
from queries.db import Build, WarehouseError, served_warehouse
from queries.filters import FilterState, parse_search
from queries.run import QueryError, run

logger = logging.getLogger(__name__)

# The browser's own choosers, which Dash has no components for.
_FILE_FIELD = Html('<input id="image-file" type="file" accept="image/*">')
_COLOUR_FIELD = Html(
    '<label class="other-colour">Other… <input id="other-colour" type="color" value="#a85b00"></label>'
)
# Covers are there or not, whoever watches, whenever and on what.
NOT_OF_COVERS = (
    "period",
    "compare",
    "granularity",
    "calendar",
    *(dimension.name for dimension in DIMENSIONS if dimension.name not in ("kind", "title")),
)
# What a click adds to the colours looked for: an example of each family.
EXAMPLES = {
    "red": "c62828",
    "orange": "e8731a",
    "yellow": "f2c61f",
    "green": "3f8f3a",
    "teal": "14867f",
    "blue": "2458b3",
    "purple": "6a35a0",
    "pink": "e0719f",
    "brown": "6b4423",
    "black": "0d0d0d",
    "grey": "808080",
    "white": "f5f5f2",
}
OPTIONS = ("cover_order", "genre", "original")
PICKED = ("colours", "like", "covers")
FEATURES = {
    "brightness": ("Brightness", "mean L*, 0 to 100"),
    "contrast": ("Contrast", "standard deviation of L*"),
    "saturation": ("Saturation", "mean, 0 to 1"),
    "colourfulness": ("Colourfulness", "Hasler–Süsstrunk, 0 to about 110"),
    "warmth": ("Warm hues", "share of what has a hue"),
    "near_black_share": ("Near black", "share of pixels"),
    "near_white_share": ("Near white", "share of pixels"),
}
SHARES = ("saturation", "warmth", "near_black_share", "near_white_share")


def gallery_facts(rows: pd.DataFrame) -> str:
    """Say how many covers there are and of how many titles, and how many lack an image and why.

    ``rows`` are those of covers_counted: «183 covers of 150 films and series; 3 without an image: 2 no such file, …».
    """
    told, problems = [], []
    for row in records(rows):
        if is_missing(row["problem"]):
            covers = f"{row['images']:,} cover{'' if row['images'] == 1 else 's'}"
            repeated = row["artworks"] - row["images"]
            same = f" ({repeated:,} more {'has' if repeated == 1 else 'have'} the same image)" if repeated else ""
            told.append(f"{covers} of {row['shows']:,} films and series{same}")
        else:
            problems.append((row["artworks"], row["problem"]))
    if problems:
        reasons = list_text([f"{count:,} {problem}" for count, problem in problems])
        told.append(f"{sum(count for count, _ in problems):,} without an image that can be shown: {reasons}")
    return "; ".join(told)


def gallery(cover_card: Panel) -> html.Div:
    """Lay out the gallery of the build that is served, beside the card that shows the cover chosen."""
    # Whatever there is to show, what the callback below asks for is there: Dash looks for it in every layout.
    return html.Div(_gallery(cover_card), id="gallery-page")


def _gallery(cover_card: Panel) -> html.Div:
    try:
        build = served_warehouse().current()
        filters = parse_search("", build.manifest.spans)
        rows = run("covers_counted", filters, build)
    except WarehouseError:
        return html.Div()
    except QueryError:
        logger.exception("the covers could not be counted")
        return html.Div()
    images = int(rows.loc[rows["problem"].isna(), "images"].sum())
    if rows.empty:
        return states.state(
            "no-covers",
            "image",
            "The source names no covers.",
            "They come with the table artworks: an image file for each title.",
        )
    facts = html.P([gallery_facts(rows), ". ", *_exports(filters, build)], className="gallery-facts")
    return html.Div(
        [
            facts,
            html.Div(
                [
                    html.Section(
                        [_bar(), html.Div(id="gallery", **{"data-total": images, "aria-label": "Covers"}), _tray()],
                        className="panel gallery-panel",
                        **{"aria-label": "Gallery of covers"},
                    ),
                    html.Aside(
                        [
                            html.Button("Close", id="close-cover", type="button"),
                            frame_of(cover_card),
                        ],
                        id="cover-aside",
                        **{"aria-label": "The cover chosen"},
                    ),
                ],
                className="gallery-columns",
            ),
        ]
    )


def _exports(filters: FilterState, build: Build) -> list[Any]:
    export = export_of_query("covers_listed", filters, build, compared=False)
    links = [
        html.A(name, href=export.href(form), download="") for form, name in (("csv", "CSV"), ("parquet", "Parquet"))
    ]
    return ["All with their features: ", links[0], ", ", links[1], "."]


def _bar() -> html.Div:
    """What covers are looked for by; assets/covers_search.js keeps it and the address in step."""
    title = option_control(OPTION_BY_NAME["find_title"])
    title.className += " gallery-find"
    choices = [title, *(option_control(OPTION_BY_NAME[name]) for name in OPTIONS)]
    picked = [option_control(OPTION_BY_NAME[name]) for name in PICKED]
    return html.Div(
        [
            html.Div([*choices, *picked, _image_choice()], className="gallery-choices"),
            _colour_choice(),
            html.Div(id="sought"),
            html.P(
                [
                    html.Span(id="gallery-status", role="status"),
                    html.Button("Show all again", id="show-again", type="button", hidden=True),
                ],
                className="gallery-told",
            ),
        ],
        className="gallery-bar",
    )


def _colour_choice() -> html.Div:
    examples = [
        html.Button(
            type="button",
            className="swatch",
            title=name.capitalize(),
            style={"background": f"#{colour}"},
            **{"data-add-colour": colour, "aria-label": f"Look for {name}", "aria-pressed": "false"},
        )
        for name, colour in EXAMPLES.items()
    ]
    return html.Div(
        [
            html.Span("Colours", id="colours-label", className="secondary"),
            html.Div(examples, className="colour-examples", role="group", **{"aria-labelledby": "colours-label"}),
            still(_COLOUR_FIELD),
            html.Ul(id="colours-chosen", hidden=True, **{"aria-label": "Colours looked for, with their weights"}),
        ],
        className="colour-choice",
    )


def _image_choice() -> html.Div:
    """Offer to look for covers like an image of one's own, which the server looks at and forgets."""
    return html.Div(
        [
            html.Button(
                [html.I(className="bi bi-image", **{"aria-hidden": "true"}), " Like an image…"],
                id="choose-image",
                type="button",
                title="Which of ours look like this? The image is looked at in memory and not kept; at most 20 MB.",
            ),
            still(_FILE_FIELD),
        ],
        className="image-choice",
    )


def _tray() -> html.Div:
    return html.Div(id="compare-tray", hidden=True, role="group", **{"aria-label": "Covers to compare"})


clientside_callback(
    ClientsideFunction("gallery", "show"),
    Output("gallery-page", "data-shown"),
    Input("gallery-page", "id"),
)


def cover_shown(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> html.Div:
    """Show one cover in full: what it is of, its palette, its features, and what can be done with it.

    ``frame`` has the rows of cover_details: a colour of the palette each.
    """
    rows = records(frame)
    first = rows[0]
    name = str(first["cover_name"])
    colours = colours_in(row for row in rows if not is_missing(row["share"]))
    picture = cover(
        first["image_hash"],
        f"Cover of {name}",
        aspect_ratio=first["thumbnail_width_px"] / first["thumbnail_height_px"],
    )
    return html.Div(
        [
            picture,
            html.P(" · ".join(_facts(first)), className="secondary"),
            *_its_titles(first),
            _actions(first, filters),
            *([html.H3("Features"), features_list(first)] if colours else []),
            *([html.H3("Palette"), palette_strip(colours, name), palette(colours, name)] if colours else []),
        ],
        className="cover-shown",
    )


def cover_name(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what the cover is called; of several titles by one, with how many more there are."""
    first = frame.iloc[0]
    return (
        f"{first['cover_name']} and {first['titles'] - 1:,} more" if first["titles"] > 1 else str(first["cover_name"])
    )


def feature_text(name: str, value: Any) -> str:
    """Return a feature's value as people read it: shares in whole percent, the others as whole numbers."""
    if is_missing(value):
        return NO_VALUE
    return f"{100 * value:.0f}{SPACE}%" if name in SHARES else f"{value:.0f}"


def features_list(row: dict[str, Any]) -> html.Dl:
    """List the features of a cover, each with what its number means."""
    parts: list[Any] = []
    for column, (label, meaning) in FEATURES.items():
        parts += [html.Dt(label, title=meaning), html.Dd(feature_text(column, row[column]))]
    return html.Dl(parts, className="features")


def _facts(row: dict[str, Any]) -> list[str]:
    if is_missing(row["kind"]):
        return ["The title it names is not in the data"]
    genres = [] if is_missing(row["genres"]) else [str(row["genres"]).replace("; ", ", ")]
    shown = "shown by it" if row["is_shown"] else "another of its covers is shown"
    return [show_kind_label(row["kind"]), *genres, shown]


def _its_titles(row: dict[str, Any]) -> list[html.P]:
    """Name all titles that have the same image; nothing where there is one."""
    if row["titles"] == 1:
        return []
    names = str(row["all_names"]).replace("; ", ", ")
    return [html.P(f"The same image is the cover of {row['titles']:,} titles: {names}.", className="secondary")]


def _actions(row: dict[str, Any], filters: FilterState) -> html.Div:
    image_hash = row["image_hash"]
    known = [] if is_missing(row["show_id"]) else [
        dcc.Link("Its page", href=title_href(row["show_id"], filters), className="bi bi-box-arrow-up-right")
    ]  # fmt: skip
    return html.Div(
        [
            html.Button("Look-alikes", type="button", className="bi bi-grid", **{"data-like": image_hash}),
            html.Button("Add to compare", type="button", className="bi bi-plus-lg", **{"data-compare-add": image_hash}),
            *known,
        ],
        className="cover-actions",
    )
