"""The timeline of a title: how much of it is played where, what happens there, and which moments stand out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import MAX_POINTS, hover_text, note, numbers, records, round_ticks, value_axis
from components.format import axis_text, is_missing, value_text
from components.graph import graph
from components.theme import token
from definitions.metric import Metric, Unit
from queries.filters import FilterState

HEIGHT_PX = 560
MOMENTS_OF_A_KIND = 3
# Where one part between two that stand out does not, all are one scene.
SCENE_GAP_PARTS = 1
MAX_TIME_LABELS = 5

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lane:
    """One thing that happens at places of a title.

    ``rate_of`` names the columns whose ratio is drawn and ``sure`` that of what it is at least, chance allowed for;
    ``stands_out`` the column that says where it is more than usual. ``moment`` calls such a place, ``counted`` what
    is counted there.
    """

    label: str
    rate_of: tuple[str, str]
    sure: str
    stands_out: str
    moment: str
    counted: str


LANES = (
    Lane("Played again", ("replays", "playing"), "sure_replays", "replays_stand_out", "Watched again", "repeats"),
    Lane("Skipped", ("skips", "followed_plays"), "sure_skips", "skips_stand_out", "Skipped", "skips"),
    Lane("Paused", ("pauses", "playing"), "sure_pauses", "pauses_stand_out", "Paused", "pauses"),
    Lane("Left", ("present_exits", "present_plays"), "sure_exits", "exits_stand_out", "Left", "exits"),
    Lane("Stalled", ("stalls", "playing"), "sure_stalls", "stalls_stand_out", "Stalled", "stalls"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A scene that stands out: its seconds, and the share where it does most, with what that is at least.

    ``middle_s`` is where the part in its middle begins.
    """

    lane: Lane
    from_s: float
    middle_s: float
    to_s: float
    share: float
    sure: float


def timeline(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Draw the audience curve of a title over lanes of what happens in it, and list the moments that stand out.

    ``frame`` is that of audience_by_position: a row for each part.
    """
    moments = notable_moments(frame)
    drawn = html.Div(
        graph(audience_figure(frame, metric, moments), metric.label, HEIGHT_PX),
        className="timeline-figure",
        tabIndex=0,
        role="group",
        **{"aria-label": "Timeline; the arrow keys walk along it"},
    )
    return html.Div([drawn, _moment_list(moments)], className="timeline")


def notable_moments(frame: pd.DataFrame) -> list[Moment]:
    """Return the scenes that stand out, up to three of a kind, those of a kind by how much of it is sure."""
    rows = records(frame)
    moments = []
    for lane in LANES:
        scenes: list[list[int]] = []
        for position, row in enumerate(rows):
            if is_missing(row[lane.stands_out]) or not row[lane.stands_out]:
                continue
            if scenes and position - scenes[-1][-1] <= 1 + SCENE_GAP_PARTS:
                scenes[-1].append(position)
            else:
                scenes.append([position])
        found = [_moment(lane, rows[scene[0] : scene[-1] + 1]) for scene in scenes]
        moments += sorted(found, key=lambda moment: -moment.sure)[:MOMENTS_OF_A_KIND]
    return moments


def _moment(lane: Lane, scene: list[Row]) -> Moment:
    standing_out = [row for row in scene if row[lane.stands_out]]
    peak = max(standing_out, key=lambda row: row[lane.sure])
    counted, of_all = lane.rate_of
    return Moment(
        lane,
        float(scene[0]["from_s"]),
        float(scene[len(scene) // 2]["from_s"]),
        float(scene[-1]["to_s"]),
        float(peak[counted] / peak[of_all]),
        float(peak[lane.sure]),
    )


def audience_figure(frame: pd.DataFrame, metric: Metric, moments: Iterable[Moment] = ()) -> go.Figure:
    """Draw the curve in its band, over that of similar titles, and a lane for each thing that happens, on one axis."""
    shown = _thinned(frame)
    places = [float(place) for place in shown["from_s"]]
    curve, lows, highs, similar_lows, similar_highs = (
        numbers(shown[name]) for name in (metric.name, "audience_low", "audience_high", "similar_low", "similar_high")
    )
    figure = go.Figure()
    if not any(value is not None for value in curve):
        return figure
    outline = {"x": places, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    if any(value is not None for value in similar_lows):
        figure.add_scatter(**outline, y=similar_lows)
        figure.add_scatter(**outline, y=similar_highs, fill="tonexty", fillcolor=token("hairline"))
    figure.add_scatter(**outline, y=lows)
    figure.add_scatter(**outline, y=highs, fill="tonexty", fillcolor=token("accent-wash"))
    for edge in (similar_lows, similar_highs):
        # Over the interval, which would hide the band of similar titles behind it.
        figure.add_scatter(
            x=places,
            y=edge,
            mode="lines",
            line={"width": 1, "dash": "dot", "color": token("comparison")},
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=places,
        y=curve,
        mode="lines" if len(places) > 1 else "markers",
        line={"color": token("accent"), "width": 2},
        marker={"color": token("accent")},
        name=metric.label,
        hovertext=[_hover(row, metric) for row in records(shown)],
        hovertemplate="%{hovertext}<extra></extra>",
        meta={"timeline": True},
    )
    by_place = dict(zip(places, curve, strict=True))
    marked = sorted(moments, key=lambda moment: moment.from_s)
    figure.add_scatter(
        x=[moment.middle_s for moment in marked],
        y=[_nearest(by_place, moment.middle_s) for moment in marked],
        mode="markers+text",
        text=[str(number) for number, _ in enumerate(marked, 1)],
        textfont={"color": token("on-accent"), "size": 12},
        marker={"color": token("accent"), "size": 20, "line": {"color": token("raised"), "width": 2}},
        hoverinfo="skip",
    )
    tops = [value for values in (curve, highs, similar_highs) for value in values if value is not None]
    figure.update_layout(
        yaxis={**value_axis(tops, metric.unit), "domain": [0.5, 1]},
        xaxis={
            **_time_axis(float(frame["to_s"].max())),
            "anchor": f"y{len(LANES) + 1}",
            "showspikes": True,
            "spikemode": "across",
            "spikesnap": "hovered data",
            "spikethickness": 1,
            "spikedash": "solid",
            "spikecolor": token("comparison"),
        },
        hovermode="x",
        hoversubplots="axis",
        showlegend=False,
        margin={"t": 16},
    )
    for number, lane in enumerate(LANES):
        _add_lane(figure, lane, number, shown, places)
    if any(value is not None for value in similar_lows):
        _name_band(figure, places, similar_lows, similar_highs)
    return figure


def _add_lane(figure: go.Figure, lane: Lane, number: int, shown: pd.DataFrame, places: list[float]) -> None:
    """Draw one thing that happens as small steps, in the accent where it stands out, with its name and its most."""
    counted, of_all = (numbers(shown[name]) for name in lane.rate_of)
    rates = [part / whole if part is not None and whole else None for part, whole in zip(counted, of_all, strict=True)]
    if lane.moment == "Left":
        # At the end everybody leaves, as the curve tells: what is seen here is what happens before it.
        rates = [rate if place <= 0.9 * places[-1] else None for rate, place in zip(rates, places, strict=True)]
    stands_out = [flag is not None and flag > 0 for flag in numbers(shown[lane.stands_out].astype("float64"))]
    top = max((rate for rate in rates if rate is not None), default=0)
    height = 0.5 / len(LANES)
    floor = 0.5 - height * (number + 1)
    ends = [*places[1:], float(shown["to_s"].iloc[-1])]
    for chosen, color in ((False, "comparison"), (True, "accent")):
        shown_rates = [rate if flag is chosen else None for rate, flag in zip(rates, stands_out, strict=True)]
        across, up = _steps(places, ends, shown_rates)
        figure.add_scatter(
            x=across,
            y=up,
            yaxis=f"y{number + 2}",
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=token(color),
            hoverinfo="skip",
        )
    figure.update_layout(
        {
            f"yaxis{number + 2}": {
                "domain": [floor, floor + height * 0.55],
                "range": [0, top or 1],
                "tickvals": [0],
                "ticktext": [""],
                "anchor": "x",
                "showgrid": True,
            }
        }
    )
    most = f"up to {value_text(top, Unit.RATE)}" if top else "none"
    if top and lane.moment == "Left":
        most += " before the last tenth"
    note(figure, lane.label, x=0, y=floor + height * 0.57, xref="paper", yref="paper", xanchor="left", yanchor="bottom")
    note(figure, most, x=1, y=floor + height * 0.57, xref="paper", yref="paper", xanchor="right", yanchor="bottom")


def _steps(
    places: list[float], ends: list[float], rates: list[float | None]
) -> tuple[list[float | None], list[float | None]]:
    """Return the outline of bars side by side, as one shape for each stretch of them: thousands of bars are slow."""
    across: list[float | None] = []
    up: list[float | None] = []
    for place, end, rate in zip(places, ends, rates, strict=True):
        if not rate:
            continue
        if across and across[-2] == place:
            # The stretch goes on: its end moves.
            del across[-2:], up[-2:]
        else:
            across.append(place)
            up.append(0)
        across += [place, end, end, None]
        up += [rate, rate, 0, None]
    return across, up


def _name_band(figure: go.Figure, places: list[float], lows: list[float | None], highs: list[float | None]) -> None:
    """Say what the band is where it lies, late in the title, where the curves have parted."""
    position = len(places) * 7 // 10
    low, high = lows[position], highs[position]
    if low is not None and high is not None:
        note(figure, "similar titles", x=places[position], y=low, yanchor="top", yshift=-2)


def _hover(row: Row, metric: Metric) -> str:
    low, high = (value_text(row[name], metric.unit) for name in ("audience_low", "audience_high"))
    similar = (
        ""
        if is_missing(row["similar_low"])
        else f"similar titles {value_text(row['similar_low'], metric.unit)} "
        f"to {value_text(row['similar_high'], metric.unit)}"
    )
    happened = ", ".join(
        f"{word} {value_text(row[column], Unit.COUNT)}"
        for word, column in (
            ("played again", "replays"),
            ("skipped", "skips"),
            ("paused", "pauses"),
            ("left", "exits"),
            ("stalled", "stalls"),
        )
    )
    return hover_text(
        row[metric.name],
        metric,
        f"{clock(row['from_s'])} to {clock(row['to_s'])}",
        f"95 % interval {low} to {high}",
        similar,
        happened,
    )


def _thinned(frame: pd.DataFrame) -> pd.DataFrame:
    """Return as many rows as a screen can show: of more, one for several that follow each other, with their most."""
    together = -(-len(frame) // MAX_POINTS)
    if together <= 1:
        return frame
    groups = [position // together for position in range(len(frame))]
    return frame.groupby(groups).max().assign(from_s=frame["from_s"].iloc[::together].to_list())


def _nearest(by_place: dict[float, float | None], place: float) -> float | None:
    return by_place[min(by_place, key=lambda other: abs(other - place))]


def _time_axis(length_s: float) -> dict[str, Any]:
    """Return the properties of an axis of a title's time, with ticks at round minutes."""
    step_s = next(
        (
            step
            for step in (10, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200)
            if length_s / step <= MAX_TIME_LABELS
        ),
        3600 * round_ticks(length_s / 3600)[1],
    )
    ticks = [step_s * number for number in range(int(length_s // step_s) + 1)]
    return {"range": [0, length_s], "tickvals": ticks, "ticktext": [clock(tick) for tick in ticks]}


def clock(seconds: float) -> str:
    """Return a place in a title as players show it: 21:00, or 1:03:10."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _moment_list(moments: list[Moment]) -> html.Div:
    """List the moments by place, each a link to it; say how sure they are."""
    if not moments:
        return html.P("Nothing in it stands out beyond chance.", className="moments-none")
    items = []
    for moment in sorted(moments, key=lambda moment: moment.from_s):
        scene = f"{clock(moment.from_s)} to {clock(moment.to_s)}"
        items.append(
            html.Li(
                [
                    html.A(
                        [html.Strong(f"{moment.lane.moment}, {scene}")],
                        href=f"#at-{moment.middle_s:.0f}",
                        className="moment",
                        **{"data-at": f"{moment.middle_s:.0f}"},
                    ),
                    f" {value_text(moment.share * 100, Unit.COUNT)} {moment.lane.counted} for every 100 plays"
                    f"{'' if moment.lane.rate_of[1] == 'followed_plays' else ' there'}, at least "
                    f"{value_text(moment.sure * 100, Unit.COUNT)} allowing for chance",
                ]
            )
        )
    return html.Div([html.H3("Moments that stand out"), html.Ol(items, className="moments")])


def most_notable(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Name what stands out most of the first kind that does: «Watched again at 21:00 to 24:00»."""
    moments = notable_moments(frame)
    if not moments:
        return "Nothing in it stands out beyond chance"
    return " · ".join(
        f"{moment.lane.moment} at {clock(moment.from_s)} to {clock(moment.to_s)}"
        for moment in moments[:1] + [other for other in moments[1:] if other.lane != moments[0].lane][:1]
    )


def what_is_followed(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say how many plays are in it, and with what it is compared."""
    row = records(frame.head(1))[0]
    followed = (
        "Of a hidden number of plays."
        if is_missing(row["followed_plays"])
        else f"{row['followed_plays']:,.0f} of {row['plays']:,.0f} plays are in it: those that player events tell."
    )
    similar = row["similar_titles"]
    compared = (
        "Fewer than 5 titles of the same kind and similar length have 30 plays, too few to compare it with."
        if is_missing(similar)
        else f"Between the dotted lines lies the middle half of {similar:,.0f} titles of the same kind and similar "
        "length, over all the data."
    )
    return f"{followed} {compared}"


def drop_off(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw the share of plays that got as far as each place, with its interval, labelled at the quarters.

    ``frame`` has the columns from_s, to_s, reached_low, reached_high and the metric's own.
    """
    figure = go.Figure()
    shown = _thinned(frame)
    places = [float(place) for place in shown["from_s"]]
    values, lows, highs = (numbers(shown[name]) for name in (metric.name, "reached_low", "reached_high"))
    if not any(value is not None for value in values):
        return figure
    outline = {"x": places, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(**outline, y=lows)
    figure.add_scatter(**outline, y=highs, fill="tonexty", fillcolor=token("accent-wash"))
    figure.add_scatter(
        x=places,
        y=values,
        mode="lines" if len(places) > 1 else "markers",
        line={"color": token("accent"), "width": 2},
        marker={"color": token("accent")},
        name=metric.label,
        hovertext=[
            hover_text(
                value,
                metric,
                f"got beyond {clock(place)}",
                f"95 % interval {value_text(low, metric.unit)} to {value_text(high, metric.unit)}",
            )
            for value, place, low, high in zip(values, places, lows, highs, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for share in (0.25, 0.5, 0.75, 0.9):
        position = min(len(places) - 1, round(len(places) * share))
        if values[position] is not None:
            note(figure, value_text(values[position], metric.unit), x=places[position], y=values[position], yshift=14)
    figure.update_yaxes(
        range=[0, 1.05], tickvals=[0, 0.5, 1], ticktext=[axis_text(tick, Unit.RATE) for tick in (0, 0.5, 1)]
    )
    figure.update_xaxes(**_time_axis(float(frame["to_s"].max())))
    figure.update_layout(showlegend=False)
    return figure


def reached_the_end(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say how many got half way, and to the last tenth: «81 % get half way, 74 % to the last tenth»."""
    values = numbers(frame[metric.name])
    half, late = (values[min(len(values) - 1, round(len(values) * share))] for share in (0.5, 0.9))
    if half is None or late is None:
        return metric.label
    return f"{value_text(half, metric.unit)} of plays get half way, {value_text(late, metric.unit)} to the last tenth"
