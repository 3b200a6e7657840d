"""Every figure in both themes: filled, empty, with one point, with ten thousand. ``make gallery`` serves it."""

import argparse
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import Dash, html
from flask import Flask
from werkzeug.serving import make_server

from components import states, vendor
from components.bars import distribution, funnel, ranking_bars
from components.figures import trend
from components.graph import graph
from components.heatmap import heatmap
from components.kpi import key_figure
from components.series import band, by_category
from components.still import still
from components.timeline import audience_figure, drop_off, notable_moments
from definitions.metrics import METRICS
from serving import caching, security
from tests.components.world import filters_of
from tests.gallery_compared import COVER_PICTURES, COVER_TABLES
from tests.gallery_covers import COVER_PARTS, picture
from tests.gallery_customers import CUSTOMER_FIGURES, CUSTOMER_TABLES
from tests.gallery_pages import PAGE_FIGURES, PAGE_TABLES
from tests.gallery_retention import RETENTION_FIGURES, RETENTION_TABLES
from tests.gallery_taking import TAKING_FIGURES, TAKING_TABLES

ASSETS = Path(__file__).parents[1] / "assets"
MANY = 10_000
FIRST_DAY = date(2023, 6, 3)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DEVICES = ("tv", "mobile", "tablet", "desktop", "console", "other")
STEPS = ("Impression", "Title page", "Play", "Two minutes", "Completed")
WATCH_TIME = METRICS["watch_hours"]
COMPLETION = METRICS["completion_rate"]
WHOLE_RANGES = {"current": 25_200.0, "comparison": 21_420.0}
FILTERS = filters_of("start_day=2023-06-03&end_day=2023-07-01")
RANDOM = np.random.default_rng(3)


def days_of(count: int) -> pd.DataFrame:
    first = [FIRST_DAY + timedelta(days=i % 20_000) for i in range(count)]
    values = 900 + 250 * np.sin(np.arange(count) / 7 * 2 * np.pi) + RANDOM.normal(0, 60, count)
    return pd.DataFrame(
        {
            "span": "current",
            "period_start": pd.to_datetime(first),
            "first_day": pd.to_datetime(first),
            "end_day": pd.to_datetime([day + timedelta(days=1) for day in first]),
            "is_complete": [i != 27 for i in range(count)],
            "watch_hours": [np.nan if i in (9, 10) else value for i, value in enumerate(values)],
        }
    )


def compared_days(count: int) -> pd.DataFrame:
    earlier = days_of(count).assign(span="comparison", watch_hours=lambda rows: rows["watch_hours"] * 0.85)
    for column in ("period_start", "first_day", "end_day"):
        earlier[column] -= pd.Timedelta(days=28)
    return pd.concat([days_of(count), earlier])


def titles_of(count: int) -> pd.DataFrame:
    names = ["The Salt Year", "Harbour Lights", "A Very Long Name That Nobody Could Fit Anywhere", "Nine Doors", "Ash"]
    return pd.DataFrame(
        {
            "show_id": [f"t{i}" for i in range(count)],
            "name": [names[i] if i < len(names) else f"Title {i}" for i in range(count)],
            "watch_hours": [48_000 / (i + 1) ** 0.8 for i in range(count)],
        }
    )


def hours_of(rows: int, columns: int) -> pd.DataFrame:
    pairs = [(row, column) for row in range(rows) for column in range(columns)]
    shape = [
        np.nan
        if (row, column) == (2, 4)
        else 0.0
        if column in (3, 5)
        else 400 * np.exp(-(((column % 24) - 20.5) ** 2) / 18) * (1.5 if row % 7 > 4 else 1)
        for row, column in pairs
    ]
    names = [(WEEKDAYS[row] if rows <= len(WEEKDAYS) else f"Row {row}", f"{column}") for row, column in pairs]
    return pd.DataFrame(names, columns=["weekday", "hour"]).assign(watch_hours=shape)


def values_of(count: int) -> pd.DataFrame:
    return pd.DataFrame({"watch_hours": RANDOM.gamma(2.0, 1.4, count)})


def steps_of(count: int) -> pd.DataFrame:
    names = [STEPS[i] if i < len(STEPS) else f"Step {i + 1}" for i in range(count)]
    return pd.DataFrame({"step": names, "plays": [int(1_250_000 * 0.55**i) for i in range(count)]})


def intervals_of(count: int) -> pd.DataFrame:
    middle = np.clip(0.55 + 0.1 * np.sin(np.arange(count) / 5) + RANDOM.normal(0, 0.01, count), 0, 1)
    middle[9:10] = np.nan
    return days_of(count).assign(completion_rate=middle, low=middle - 0.06, high=middle + 0.05)


def devices_of(count: int) -> pd.DataFrame:
    rows = []
    for position, device in enumerate(DEVICES[: max(1, min(count, len(DEVICES)))]):
        days = days_of(-(-count // len(DEVICES)))
        rows.append(days.assign(device_type=device, watch_hours=days["watch_hours"] / (position + 1) ** 0.9))
    return pd.concat(rows)


def timeline_of(count: int) -> pd.DataFrame:
    """Return the timeline of a film of so many tens of seconds: a scene watched again, and one that people leave at."""
    places = np.arange(count) * 10.0
    share = np.where(places < 0.6 * count * 10, 0.9, 0.6) - 0.1 * places / (count * 10)
    again = np.where((np.arange(count) > 0.3 * count) & (np.arange(count) < 0.34 * count), 90.0, 1.0)
    left = np.where(np.arange(count) == int(0.6 * count), 70.0, 0.0)
    frame = pd.DataFrame(
        {
            "from_s": places,
            "to_s": places + 10,
            "audience_curve": share + again / 300,
            "audience_low": share + again / 300 - 0.05,
            "audience_high": share + again / 300 + 0.05,
            "similar_low": share - 0.15,
            "similar_high": share + 0.02,
            "similar_titles": 12,
            "playing": share * 300,
            "replays": again,
            "skips": RANDOM.poisson(0.3, count),
            "pauses": RANDOM.poisson(0.8, count),
            "stalls": RANDOM.poisson(0.2, count),
            "exits": left,
            "present_exits": left,
            "present_plays": share * 300,
            "reached_share": share,
            "reached_low": share - 0.05,
            "reached_high": share + 0.05,
            "followed_plays": 300,
            "plays": 300,
        }
    )
    for name, counted in (("replays", again), ("skips", 0 * again), ("pauses", 0 * again), ("stalls", 0 * again)):
        frame[f"{name}_stand_out"] = counted > 50
        frame[f"sure_{name}"] = counted / 400
    return frame.assign(exits_stand_out=left > 50, sure_exits=left / 400)


def key_figure_of(count: int) -> pd.DataFrame:
    periods = days_of(count)
    whole = [{"span": span, "is_complete": True, "watch_hours": hours} for span, hours in WHOLE_RANGES.items()]
    return pd.concat([periods, pd.DataFrame(whole)])


Draw = Callable[[pd.DataFrame], go.Figure | html.Div]
FIGURES: dict[str, tuple[Draw, Callable[[str], pd.DataFrame]]] = {
    "Key figure": (
        lambda frame: key_figure(frame, WATCH_TIME),
        lambda size: key_figure_of({"filled": 28, "one point": 1}.get(size, MANY)),
    ),
    "Trend": (
        lambda frame: trend(frame, WATCH_TIME, FILTERS),
        lambda size: compared_days({"filled": 28, "one point": 1}.get(size, MANY)),
    ),
    "Ranking": (
        lambda frame: ranking_bars(frame, WATCH_TIME, FILTERS),
        lambda size: titles_of({"filled": 8, "one point": 1}.get(size, MANY)),
    ),
    "Heatmap": (
        lambda frame: heatmap(frame, WATCH_TIME, FILTERS),
        lambda size: hours_of(*{"filled": (7, 24), "one point": (1, 1)}.get(size, (100, 100))),
    ),
    "Distribution": (
        lambda frame: distribution(frame, WATCH_TIME, FILTERS, counted="Accounts"),
        lambda size: values_of({"filled": 400, "one point": 1}.get(size, MANY)),
    ),
    "Funnel": (
        lambda frame: funnel(frame, METRICS["plays"], FILTERS),
        lambda size: steps_of({"filled": 5, "one point": 1}.get(size, MANY)),
    ),
    "Band": (
        lambda frame: band(frame, COMPLETION, FILTERS),
        lambda size: intervals_of({"filled": 28, "one point": 1}.get(size, MANY)),
    ),
    "Timeline": (
        lambda frame: audience_figure(frame, METRICS["audience_curve"], notable_moments(frame)),
        lambda size: timeline_of({"filled": 540, "one point": 1}.get(size, MANY)),
    ),
    "Drop-off": (
        lambda frame: drop_off(frame, METRICS["reached_share"], FILTERS),
        lambda size: timeline_of({"filled": 540, "one point": 1}.get(size, MANY)),
    ),
    "Lines by category": (
        lambda frame: by_category(frame, WATCH_TIME, FILTERS, by="device_type", dimension="device"),
        lambda size: devices_of({"filled": 28 * 6, "one point": 1}.get(size, MANY)),
    ),
    "Stacked by category": (
        lambda frame: by_category(frame, WATCH_TIME, FILTERS, by="device_type", dimension="device", stacked=True),
        lambda size: devices_of({"filled": 28 * 6, "one point": 1}.get(size, MANY)),
    ),
    **PAGE_FIGURES,
    **CUSTOMER_FIGURES,
    **RETENTION_FIGURES,
    **TAKING_FIGURES,
}
TABLES = PAGE_TABLES | CUSTOMER_TABLES | RETENTION_TABLES | TAKING_TABLES | COVER_TABLES
# HTML that is no table.
PICTURES = COVER_PARTS | COVER_PICTURES
# Of those that are as high as in their cards: they have more below each other than a lower one holds.
HEIGHTS_PX = {"Survival": 460, "Rejoining": 380, "Renewals": 420}
SIZES = ("filled", "one point", "ten thousand points", "empty")


@cache
def drawn(name: str, size: str) -> Any:
    """Draw one figure at one size, once for both themes; empty as its card would show it."""
    if name in TABLES or name in PICTURES:
        draw_table, rows_of = (TABLES | PICTURES)[name]
        return states.no_data() if size == "empty" else still(draw_table(rows_of(size)))
    draw, frame_of = FIGURES[name]
    frame = frame_of("filled" if size == "empty" else size)
    if size == "empty":
        figure = draw(frame.head(0))
        if isinstance(figure, go.Figure):
            assert not any(len(trace.y) for trace in figure.data if trace.y is not None)
            return states.no_data()
        return figure
    figure = draw(frame)
    return graph(figure, f"{name}, {size}", HEIGHTS_PX.get(name, 260)) if isinstance(figure, go.Figure) else figure


def gallery() -> html.Main:
    """Lay out all figures: one row a figure and theme, one column a size."""
    return html.Main(
        [
            html.Div(
                [html.H1(f"Figures, {theme}"), *(_row(name) for name in (*FIGURES, *TABLES, *PICTURES))],
                className="gallery-theme",
                style={"background": "var(--surface)", "color": "var(--ink)", "padding": "24px"},
                **{"data-bs-theme": theme},
            )
            for theme in ("light", "dark")
        ],
        style={"maxWidth": "none", "padding": "0"},
    )


def _row(name: str) -> html.Div:
    cards = [
        html.Section(
            [html.Header(html.H2(f"{name}, {size}")), drawn(name, size)],
            className="panel",
            style={"gridColumn": "span 1", "minWidth": "0"},
        )
        for size in SIZES
    ]
    columns = {"display": "grid", "gridTemplateColumns": "repeat(4, minmax(0, 1fr))", "gap": "16px"}
    return html.Div(cards, style={**columns, "marginTop": "16px"})


def gallery_server() -> Flask:
    """Return the server of the gallery: the app's own assets, security headers and caching."""
    server = Flask(__name__)
    security.register(server)
    vendor.register(server)
    server.add_url_rule("/covers/<image_hash>.webp", view_func=picture)
    app = Dash(
        "gallery",
        server=server,
        # Asked for by the first figure, Plotly would wait until all of them are laid out, and give up after 30 s.
        eager_loading=True,
        use_async=False,
        assets_folder=str(ASSETS),
        assets_url_path=caching.register(server, ASSETS),
        assets_ignore=r"^(?!figures|lines|still|.*\.css$)",
        external_stylesheets=list(vendor.STYLESHEETS),
        # Dialogs that have callbacks are not here.
        suppress_callback_exceptions=True,
        title="Figures · Marquee",
    )
    app.layout = gallery
    return server


def main() -> None:
    """Serve the gallery until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8050)
    port = parser.parse_args().port
    server = make_server("127.0.0.1", port, gallery_server(), threaded=True)
    print(f"The gallery is at http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
