"""Films against series by day of the week."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import hover_text, numbers, pick_data, records, value_axis
from components.format import is_missing, value_text
from components.labels import value_label
from components.picks import value_pick
from components.theme import token
from definitions.metric import Metric, Unit
from queries.filters import FilterState


def films_by_weekday(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw the films' share of the watch time of films and episodes as one bar for each day of the week.

    ``frame`` has the columns weekday, film_hours, episode_hours and film_share (0 to 1).
    """
    rows = records(frame)
    names = [value_label("weekday", row["weekday"]) for row in rows]
    shares = numbers(frame[metric.name])
    figure = go.Figure()
    figure.add_bar(
        x=[name[:3] for name in names],
        y=shares,
        marker={"color": token("accent")},
        text=["" if share is None else f"{share:.0%}" for share in shares],
        textposition="outside",
        textfont={"size": 12},
        textangle=0,
        constraintext="none",
        cliponaxis=False,
        hovertext=[
            hover_text(
                share,
                metric,
                name,
                f"films {value_text(row['film_hours'], Unit.HOURS)}",
                f"episodes {value_text(row['episode_hours'], Unit.HOURS)}",
            )
            for share, name, row in zip(shares, names, rows, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=pick_data([value_pick("weekday", row["weekday"]) for row in rows]),
    )
    # Room for the share above the highest bar.
    figure.update_yaxes(**value_axis([1.1 * share for share in shares if share is not None], metric.unit))
    figure.update_layout(bargap=0.35)
    return figure


def weekend_contrast(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say by how many points films take more of the weekend than of other days, with the interval.

    ``frame`` has the columns weekend_contrast, weekend_contrast_low and weekend_contrast_high (0 to 1), on every row.
    """
    row = _of_contrast(frame)
    contrast, low, high = (row[f"weekend_contrast{end}"] for end in ("", "_low", "_high"))
    if is_missing(contrast):
        return f"{metric.label} of watch time by weekday"
    if is_missing(low):
        return f"Films take {_points(abs(contrast))} {'more' if contrast > 0 else 'less'} of the weekend"
    if low <= 0 <= high:
        return "Films take no clearly other share of weekends than of other days"
    word, low, high = ("more", low, high) if contrast > 0 else ("less", -high, -low)
    return f"Films take {_points(abs(contrast))} {word} of weekends than of other days"


def contrast_interval(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str | None:
    """Say what the contrast rests on: the interval and the number of weeks; None where there is no contrast."""
    row = _of_contrast(frame)
    if is_missing(row["weekend_contrast"]):
        return "A weekend contrast needs a whole week with films and episodes."
    if is_missing(row["weekend_contrast_low"]):
        return "Of one whole week; an interval needs two."
    low, high = (100 * row[f"weekend_contrast_{end}"] for end in ("low", "high"))
    return (
        f"Weekend less weekday: {100 * row['weekend_contrast']:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}, "
        f"over {row['weeks']:.0f} whole weeks."
    )


def _of_contrast(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a row that tells the contrast: those of too few accounts do not."""
    return records(frame.sort_values("weekend_contrast", na_position="last"))[0]


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
