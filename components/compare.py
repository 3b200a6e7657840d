"""Two to four covers beside each other: their bins, distances and features, and how each stands out in a row."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import ClientsideFunction, Input, Output, clientside_callback, html

from components.chart_parts import records
from components.cover import small_cover
from components.format import NO_VALUE, is_missing, list_text, value_text
from components.gallery import FEATURES, feature_text
from components.nothing import MOST_CHARACTERS
from components.palette import bin_bars, colours_in
from components.stacked import stacked_table
from components.still import Html, still
from components.title_links import title_link
from definitions.metric import Metric, Unit
from queries.db import WarehouseError, served_warehouse
from queries.filters import FilterState, parse_search
from queries.run import QueryError, run

# Dash's own fields cannot be told what they control.
_FIELD = Html(
    '<label for="find-cover" class="visually-hidden">Add a cover by its title</label>'
    '<input id="find-cover" type="search" placeholder="Add a cover by its title" maxlength="80" autocomplete="off"'
    ' role="combobox" aria-expanded="false" aria-controls="covers-found" aria-autocomplete="list">'
)
MOST_SUGGESTED = 3
MOST_SWATCHES = 24
# Dots that are nearer to each other than this part of a line would hide each other on a phone.
DOT_SHARE = 0.06
DISTANCES = {
    "earth_movers_distance": (
        "Earth mover's",
        "The least work of turning one cover's colours into the other's: how far, in CIE Lab, colours would have to "
        "move on average. About 2 is just seen side by side; black to white is 100.",
    ),
    "cosine_distance": (
        "Cosine",
        "1 less the cosine of the bins: 0 where the same bins have the same proportions, 1 where no bin is shared. "
        "The largest bins decide; neighbouring bins count as different.",
    ),
    "jensen_shannon_distance": (
        "Jensen–Shannon",
        "How well one could tell from a single pixel which of the two covers it is of: 0 not at all, 1 always. Small "
        "bins count more than with the cosine.",
    ),
}


def chooser() -> html.Div:
    """Lay out the field by which covers are added, and what to begin with (assets/covers_compare.js)."""
    return html.Div(
        [
            html.Div(
                [
                    still(_FIELD),
                    html.Ul(id="covers-found", role="listbox", hidden=True, **{"aria-label": "Covers found"}),
                ],
                className="cover-finder",
            ),
            html.Span("Two to four covers are compared.", id="compare-told", className="secondary", role="status"),
            html.Div(_suggestions(), id="compare-suggestions", hidden=True),
        ],
        id="compare-chooser",
        className="compare-chooser",
    )


def _suggestions() -> list[Any]:
    """Offer something to begin with: the covers of one title, where some has several, and two titles' covers."""
    try:
        build = served_warehouse().current()
        covers = run("covers_listed", parse_search("", build.manifest.spans), build)
    except (WarehouseError, QueryError):
        return []
    links = [
        _suggestion(f"the {len(variants)} covers of {variants['name'].iloc[0]}", variants["image_hash"].to_list())
        for _, variants in covers.groupby("show_id", sort=False)
        if 1 < len(variants) <= 4
    ][:MOST_SUGGESTED]
    shown = covers[covers["is_shown"]].dropna(subset=["brightness"]).sort_values("brightness")
    if len(shown) > 1:
        ends = shown.iloc[[0, -1]]
        links.append(_suggestion("the darkest and the brightest cover", ends["image_hash"].to_list()))
    parts = [part for link in links for part in (link, ", ")][:-1]
    return ["To begin with: ", *parts, "."] if parts else []


def _suggestion(text: str, hashes: Sequence[str]) -> html.A:
    """Offer covers to compare; the script keeps what else the address says."""
    covers = ",".join(hashes)
    return html.A(text, href=f"/artwork/compare?{urlencode({'covers': covers})}", **{"data-compare-covers": covers})


clientside_callback(
    ClientsideFunction("compare", "show"),
    Output("compare-chooser", "data-shown"),
    Input("compare-chooser", "id"),
)


def covers_beside_each_other(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> html.Div:
    """Show each cover with its bins as sorted bars on one scale, then the bins that all have and those of one alone.

    ``frame`` has the rows of bins_of_covers. What the address names besides, and is no cover, can be left out.
    """
    largest = float(frame["share"].max())
    columns = [
        _column(records(bins), filters, largest, several=frame["place"].nunique() > 1)
        for _, bins in frame.groupby("place")
    ]
    known = set(frame["image_hash"])
    columns += [_no_cover(name) for name in filters.option("covers").split(",") if name and name not in known]
    return html.Div([html.Div(columns, className="compared-covers"), *_held(frame)], className="compare-bins")


def _no_cover(image_hash: str) -> html.Div:
    shown = image_hash if len(image_hash) <= MOST_CHARACTERS else f"{image_hash[:MOST_CHARACTERS]}…"
    told = f"There is no cover «{shown}» in these data."
    return html.Div(
        [html.Div([html.P(told), _remove(image_hash, "it")], className="compared-picture")], className="compared-cover"
    )


def _remove(image_hash: str, name: str) -> html.Button:
    return html.Button(
        className="bi bi-x",
        type="button",
        title=f"Leave {name} out",
        **{"data-compare-remove": image_hash, "aria-label": f"Leave {name} out"},
    )


def _column(rows: list[dict[str, Any]], filters: FilterState, largest: float, *, several: bool) -> html.Div:
    first = rows[0]
    name = str(first["cover_name"])
    title = name if is_missing(first["show_id"]) else title_link(first["show_id"], name, filters)
    counted = [row for row in rows if row["held_by"] != "trace"]
    shared = sum(row["share"] for row in rows if row["held_by"] == "shared")
    told = f"{len(rows)} of 216 bins, {len(counted)} of them at least 0.5 %"
    if several:
        told += f"; {value_text(shared, Unit.RATE)} in bins that all have"
    return html.Div(
        [
            html.Div(
                [small_cover(first["image_hash"], f"Cover of {name}"), _remove(first["image_hash"], name)],
                className="compared-picture",
            ),
            html.H3(title),
            bin_bars(colours_in(rows), name, largest_share=largest),
            html.P(told, className="secondary"),
        ],
        className="compared-cover",
    )


def _held(frame: pd.DataFrame) -> list[html.Div]:
    """Show the bins that all covers have, and those that one alone has, each with its share."""
    if frame["place"].nunique() < 2:
        return []
    shared = frame[frame["held_by"] == "shared"]
    groups = [("In all of them", _shared_swatches(shared))]
    for name, bins in frame[frame["held_by"] == "distinct"].groupby("cover_name", sort=False):
        groups.append((f"Only in {name}", _swatches(records(bins.sort_values("share", ascending=False)))))
    return [html.Div([html.H3(title), *swatches], className="held-bins") for title, swatches in groups]


def _shared_swatches(shared: pd.DataFrame) -> list[Any]:
    if shared.empty:
        return [html.P("No bin: what they have in common is less than 0.5 % of one of them.", className="secondary")]
    rows = []
    by_least = shared.groupby("bin")["share"].min().sort_values(ascending=False)
    for number in by_least.index:
        bins = records(shared[shared["bin"] == number])
        shares = " / ".join(value_text(row["share"], Unit.RATE) for row in bins)
        rows.append(bins[0] | {"told": shares})
    return _swatches(rows)


def _swatches(rows: list[dict[str, Any]]) -> list[Any]:
    listed = []
    for row, colour in zip(rows, colours_in(rows), strict=True):
        told = row.get("told") or value_text(colour.share, Unit.RATE)
        swatch = html.Span(className="swatch", style={"background": colour.hex}, **{"aria-hidden": "true"})
        listed.append(html.Li([swatch, html.Code(colour.hex, title=colour.family), html.Span(told)]))
    more = len(listed) - MOST_SWATCHES
    rest = [html.P(f"and {more} more, in the table", className="secondary")] if more > 0 else []
    return [html.Ul(listed[:MOST_SWATCHES], className="palette"), *rest]


def what_they_share(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say how many bins all covers have: «12 bins in all, 9 only in The Salt Year, 4 only in Ash»."""
    if frame["place"].nunique() < 2:
        return str(frame["cover_name"].iloc[0])
    shared = frame.loc[frame["held_by"] == "shared", "bin"].nunique()
    distinct = frame[frame["held_by"] == "distinct"].groupby("cover_name", sort=False)["bin"].nunique()
    in_all = f"{shared} bin{'' if shared == 1 else 's'} in all"
    return ", ".join([in_all, *(f"{count} only in {name}" for name, count in distinct.items())])


def what_bins_are(_frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what a bar is."""
    return (
        "Each bar is one of the 216 bins, in the mean colour of its pixels, as high as its share, all on one scale. "
        "Bins of less than 0.5 % count neither as shared nor as distinct."
    )


def distances_table(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> html.Div:
    """Show each pair with its three distances and its place among the pairs of the catalogue.

    ``frame`` has the rows of distances_between_covers.
    """
    pairs = [row for row in records(frame) if not is_missing(row["other_hash"])]
    if not pairs:
        return html.Div(html.P("Add another cover to compare it with.", className="secondary"))
    heads = ("Pair", *(label for label, _ in DISTANCES.values()), "In common", "More alike than")
    body = [
        html.Tr(
            [
                html.Th(_pair(row), scope="row"),
                *(_number(row[column], 1 if column.startswith("earth") else 2) for column in DISTANCES),
                html.Td(value_text(row["common_share"], Unit.RATE), className="number"),
                html.Td(_more_alike(row), className="number"),
            ]
        )
        for row in pairs
    ]
    meanings = [part for label, told in DISTANCES.values() for part in (html.Dt(label), html.Dd(told))]
    table = stacked_table(heads, body, "Distances between the covers", "compared-table", numbers=range(1, len(heads)))
    return html.Div([table, html.Dl(meanings, className="distances-told")])


def how_alike(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say how alike the two most alike covers are: «A and B: more alike than 97 % of pairs»."""
    known = frame[frame["nearer_share"].notna()]
    if known.empty:
        return "Distances"
    (row,) = records(known.nsmallest(1, "earth_movers_distance"))
    return f"{row['cover_name']} and {row['other_name']}: more alike than {_share(1 - row['nearer_share'])} of pairs"


def what_pairs_are(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str | None:
    """Say among which pairs a pair has its place, and how sure that is."""
    known = frame[frame["sampled_pairs"].notna()]
    if known.empty:
        return None
    count = f"{int(known['sampled_pairs'].iloc[0]):,}"
    common = (
        "In common: the share of pixels that are in the same bins. More alike than: by the earth mover's distance, "
    )
    if known["is_every_pair"].astype("bool").all():
        return f"{common}among all {count} pairs of covers that films and series are shown by."
    return (
        f"{common}among {count} pairs drawn from all covers that films and series are shown by; in brackets the 95 % "
        "interval that comes of drawing them."
    )


def _pair(row: dict[str, Any]) -> list[Any]:
    return [
        html.Span([small_cover(row["image_hash"]), small_cover(row["other_hash"])], className="pair-covers"),
        f"{row['cover_name']} – {row['other_name']}",
    ]


def _number(value: Any, digits: int) -> html.Td:
    text = NO_VALUE if is_missing(value) else f"{value:.{digits}f}"
    return html.Td(text, className="number", **({} if is_missing(value) else {"data-value": repr(float(value))}))


def _more_alike(row: dict[str, Any]) -> str:
    if is_missing(row["nearer_share"]):
        return NO_VALUE
    told = f"{_share(1 - row['nearer_share'])} of pairs"
    if is_missing(row["nearer_share_low"]):
        return told
    return f"{told} ({_share(1 - row['nearer_share_high'])} to {_share(1 - row['nearer_share_low'])})"


def _share(share: float) -> str:
    return value_text(share, Unit.RATE)


def feature_dots(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> html.Div:
    """Show each feature on a line from the catalogue's lowest twentieth to its highest, with a dot for each cover.

    ``frame`` has the rows of features_of_covers.
    """
    by_feature = {name: records(rows) for name, rows in frame.groupby("feature", sort=False)}
    lines = [_line(name, by_feature[name]) for name in FEATURES if name in by_feature]
    names = frame.drop_duplicates("place").sort_values("place")
    legend = [
        html.Li([html.Span(str(row["place"]), className=f"dot dot-{row['place']}"), str(row["cover_name"])])
        for row in records(names)
    ]
    return html.Div([html.Ul(legend, className="dots-legend"), html.Div(lines, className="feature-lines")])


def _line(name: str, rows: list[dict[str, Any]]) -> html.Div:
    label, meaning = FEATURES[name]
    low, high = _ends(rows)
    span = (high - low) or 1

    def place(value: float) -> str:
        return f"{(value - low) / span:.2%}"

    first = rows[0]
    usual = {
        "--from": place(first["catalogue_low"]),
        "--to": place(first["catalogue_high"]),
        "--middle": place(first["catalogue_middle"]),
    }
    lanes = lanes_of([(row["feature_value"] - low) / span for row in rows])
    dots = [
        html.Span(
            str(row["place"]),
            className=f"dot dot-{row['place']}",
            style={"left": place(row["feature_value"]), "--lane": str(lane)},
            title=f"{row['cover_name']}: {feature_text(name, row['feature_value'])}",
        )
        for row, lane in zip(rows, lanes, strict=True)
    ]
    told = [
        f"{row['cover_name']} {feature_text(name, row['feature_value'])}, higher than {_share(row['lower_share'])}"
        for row in rows
    ]
    values = " · ".join(feature_text(name, row["feature_value"]) for row in rows)
    line = {**usual, "--lanes": str(max(lanes) + 1)}
    return html.Div(
        [
            html.Span(label, className="feature-name", title=meaning),
            html.Span(
                dots, className="feature-line", style=line, role="img", **{"aria-label": f"{label}: {list_text(told)}"}
            ),
            html.Span(values, className="feature-values"),
        ],
        className="feature",
    )


def lanes_of(places: Sequence[float]) -> list[int]:
    """Return for each place on a line, from 0 to 1, the lane in which its dot hides no other: 0 is on it, 1 below."""
    lanes: list[int] = [0] * len(places)
    ends: list[float] = []
    for index in sorted(range(len(places)), key=lambda index: places[index]):
        free = [lane for lane, end in enumerate(ends) if places[index] - end >= DOT_SHARE]
        lanes[index] = free[0] if free else len(ends)
        ends[lanes[index] : lanes[index] + 1] = [places[index]]
    return lanes


def _ends(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Return the ends of a feature's line: the catalogue's, or the covers' own where these lie beyond."""
    values = [row["feature_value"] for row in rows]
    return min(rows[0]["catalogue_low"], *values), max(rows[0]["catalogue_high"], *values)


def where_they_differ(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say in which feature the covers are farthest apart on its line, and what the least and the most of them have."""
    if frame["place"].nunique() < 2:
        return "Features"
    apart = {}
    for feature, of_feature in frame.groupby("feature", sort=False):
        rows = sorted(records(of_feature), key=lambda row: row["feature_value"])
        low, high = _ends(rows)
        apart[str(feature)] = ((rows[-1]["feature_value"] - rows[0]["feature_value"]) / ((high - low) or 1), rows)
    feature, (share, rows) = max(apart.items(), key=lambda item: item[1][0])
    if share < DOT_SHARE:
        return "They are alike in brightness and the rest"
    told = [f"{feature_text(feature, row['feature_value'])} in {row['cover_name']}" for row in (rows[0], rows[-1])]
    return f"They differ most in {FEATURES[feature][0].lower()}: {list_text(told)}"


def what_lines_are(_frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what the thick part of a line is, and what it means to differ most."""
    return (
        "The thick part holds nine tenths of the covers that films and series are shown by, the tick is their middle. "
        "Numbers are those of the covers above; dots that would hide each other stand below the line. They differ most "
        "where they are farthest apart on a line."
    )


def shelf(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> html.Div:
    """Show the row of covers, and of each cover compared its mean distance to the row's others beside what is usual.

    ``frame`` has the rows of covers_on_shelf.
    """
    on_shelf = frame[frame["shelf_place"] > 0].sort_values("shelf_place")
    compared = frame[frame["place"].notna()].sort_values("place")
    tiles = [
        html.Li(
            small_cover(row["image_hash"], str(row["cover_name"])),
            className="chosen" if not is_missing(row["place"]) else None,
            title=f"{row['cover_name']}: {row['mean_distance']:.1f} from the others"
            if not is_missing(row["mean_distance"])
            else str(row["cover_name"]),
        )
        for row in records(on_shelf)
    ]
    usual = on_shelf["mean_distance"].dropna()
    heads = ("Cover", "Mean distance to the row", "Usual in this row", "Stands out more than")
    body = [
        html.Tr(
            [
                html.Th(_named(row, filters), scope="row"),
                _number(row["mean_distance"], 1),
                html.Td(_usual(usual), className="number"),
                html.Td(_rank(row, on_shelf), className="number"),
            ]
        )
        for row in records(compared)
    ]
    table = stacked_table(heads, body, "How they stand out", "compared-table", numbers=range(1, len(heads)))
    row_label = {"aria-label": "The row of covers", "tabIndex": 0, "role": "region"}
    return html.Div(
        [
            html.Div(html.Ul(tiles, className="shelf"), className="shelf-scroll", **row_label),
            table,
        ]
    )


def who_stands_out(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which of the covers stands out most in the row."""
    known = frame[frame["place"].notna() & frame["mean_distance"].notna()]
    if known.empty:
        return "In a row of covers"
    (row,) = records(known.nlargest(1, "mean_distance"))
    others = frame[(frame["shelf_place"] > 0) & (frame["show_id"] != row["show_id"])]["mean_distance"].dropna()
    beaten = int((others < row["mean_distance"]).sum())
    genre = "" if is_missing(row["genre"]) else f" of {row['genre']}"
    return f"{row['cover_name']} stands out more than {beaten} of {len(others)} in a row{genre}"


def what_a_shelf_is(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which covers the row has, and what it means to stand out."""
    count = int((frame["shelf_place"] > 0).sum())
    return (
        f"The row: the {count} films and series of the genre that came out last. A cover stands out the farther its "
        "colours are from those of the others, by the mean of the earth mover's distances; usual is the middle half of "
        "the same of the row's own covers. It says nothing of what is drawn, or of faces and letters."
    )


def _named(row: dict[str, Any], filters: FilterState) -> list[Any]:
    name = str(row["cover_name"])
    title = name if is_missing(row["show_id"]) else title_link(row["show_id"], name, filters)
    return [html.Span(small_cover(row["image_hash"]), className="pair-covers"), title]


def _usual(usual: pd.Series) -> str:
    if len(usual) < 2:
        return NO_VALUE
    return f"{usual.quantile(0.25):.1f} to {usual.quantile(0.75):.1f}"


def _rank(row: dict[str, Any], on_shelf: pd.DataFrame) -> str:
    if is_missing(row["mean_distance"]):
        return NO_VALUE
    others = on_shelf[on_shelf["show_id"] != row["show_id"]]["mean_distance"].dropna()
    return f"{int((others < row['mean_distance']).sum())} of {len(others)}"
