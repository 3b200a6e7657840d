"""Figures of colours themselves: of nothing, of one row and of all that there can be; what they say of it."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from components.colour_movement import (
    covers_table,
    family_changes,
    family_course,
    family_that_moved,
    nearest_cover,
    what_grew,
)
from components.customer_colours import average_colours, bins_compared, how_far_apart, main_families, whose_colours
from components.families import FAMILY_HEX
from definitions.colours.bins import BIN_RGB, FAMILY_OF_BIN, hex_of
from definitions.colours.families import BINS, FAMILIES
from definitions.metrics import METRICS
from tests.components.trees import of_class, walk, words
from tests.components.world import filters_of

SHARE, CHANGE = METRICS["colour_share"], METRICS["colour_change"]
TWO = filters_of("colour_account=ann&other_account=bob&granularity=month")
MOST_BYTES = 560_000


def bins(count: int) -> pd.DataFrame:
    number = np.arange(count)
    shares = 1 / (1 + number) / (1 / (1 + number)).sum()
    return pd.DataFrame(
        {
            "bin": number,
            "colour_family": [FAMILY_OF_BIN[place] for place in number],
            "colour_hex": [hex_of((int(red), int(green), int(blue))) for red, green, blue in BIN_RGB[:count]],
            **dict(zip(("red", "green", "blue"), BIN_RGB[:count].T.astype(float), strict=True)),
            "palette_rank": np.where(shares.cumsum() - shares < 0.9, 1.0 + number, np.nan),
            "colour_share": shares,
            "watch_hours": 3.0,
            "covered_share": 1.0,
            "colour_days": 90,
        }
    )


def groups(count: int) -> pd.DataFrame:
    return pd.concat(
        bins(BINS).assign(group_kind="plan", group_id=f"plan {rank}", group_name=f"plan {rank}", group_rank=rank)
        for rank in range(1, count + 1)
    )


def sides(count: int) -> pd.DataFrame:
    return pd.concat([bins(count).assign(side=side) for side in ("first", "second")])


def course(periods: int) -> pd.DataFrame:
    starts = [pd.Timestamp(date(2023, 1, 1) + timedelta(days=31 * number)) for number in range(periods)]
    return pd.DataFrame(
        [
            {
                "period_start": start,
                "first_day": start,
                "is_complete": True,
                "colour_family": family,
                "colour_share": share,
            }
            for number, start in enumerate(starts)
            for family, share in zip(FAMILIES, np.roll(np.arange(12) / 66, number), strict=True)
        ]
    )


def changes(count: int) -> pd.DataFrame:
    families = list(FAMILIES[:count])
    change = np.linspace(0.3, -0.3, count)
    return pd.DataFrame(
        {
            "colour_family": families,
            "colour_share": 0.4,
            "earlier_share": 0.4 - change,
            "colour_change": change,
            "colour_days": 90,
        }
    )


DRAWN: dict[str, tuple[Callable[[pd.DataFrame], go.Figure], Callable[[int], pd.DataFrame], int]] = {
    "compared": (lambda frame: bins_compared(frame, SHARE, TWO), sides, BINS),
    "course": (lambda frame: family_course(frame, SHARE, TWO), course, 120),
    "changes": (lambda frame: family_changes(frame, CHANGE, TWO), changes, 12),
}


@pytest.mark.parametrize("name", DRAWN)
def test_figures_take_nothing_one_and_all(name: str) -> None:
    draw, frame_of, most = DRAWN[name]
    assert not any(trace.y for trace in draw(frame_of(most).head(0)).data)
    assert draw(frame_of(1)).data
    assert len(draw(frame_of(most)).update_layout(template=None).to_json()) < MOST_BYTES


def test_every_colour_has_a_name_beside_it_and_an_edge() -> None:
    figure = family_course(course(3), SHARE, TWO)
    assert [trace.name for trace in figure.data] == list(FAMILIES)
    assert [trace.marker.color for trace in figure.data] == [FAMILY_HEX[family] for family in FAMILIES]
    assert {trace.marker.line.color for trace in figure.data} == {"var(--secondary)"}
    shown = average_colours(groups(1), SHARE, filters_of("colours_by=plan"))
    (strip,) = of_class(shown, "palette-strip")
    assert strip.role == "img"
    assert str(getattr(strip, "aria-label")).startswith("Colours of plan 1: ")
    # A swatch has its hex and its share beside it.
    (palette,) = of_class(shown, "palette")
    assert words(palette).startswith("#000000 ")


def test_of_several_groups_each_has_its_own_strip_and_alone_the_swatches() -> None:
    shown = average_colours(groups(3), SHARE, filters_of("colours_by=plan"))
    assert [words(part) for part in walk(shown) if type(part).__name__ == "H3"][1].startswith(
        "plan 2   3 h 00 min watched;"
    )
    assert (len(of_class(shown, "palette-strip")), len(of_class(shown, "palette"))) == (3, 0)


def test_words_where_there_is_little_to_say() -> None:
    assert main_families(groups(1).head(0), SHARE, TWO) == "Average colour"
    assert whose_colours(sides(1).head(1), SHARE, TWO) == "Two palettes"
    assert family_that_moved(course(1), SHARE, TWO) == "ann: colours over time"
    steady = course(2).assign(colour_share=1 / 12)
    assert family_that_moved(steady, SHARE, TWO) == "ann: the colours hold steady"
    assert what_grew(changes(2).assign(colour_change=0.001), CHANGE, TWO) == "ann: the same colours as before"
    assert what_grew(changes(2).assign(colour_change=np.nan), CHANGE, TWO) == "What grew and what fell"
    hidden = pd.DataFrame({"distance_name": ["cosine"], "colour_distance": [np.nan], "in_common_share": [np.nan]})
    assert how_far_apart(hidden, METRICS["colour_distance"], TWO) == "How far apart"
    no_covers = pd.DataFrame({"show_id": [None], "name": [None], "cover_likeness": [np.nan]})
    assert nearest_cover(no_covers, METRICS["cover_likeness"], TWO) == "Towards which covers"
    assert words(covers_table(no_covers, METRICS["cover_likeness"], TWO)) == "hidden"
