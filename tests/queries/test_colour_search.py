"""Covers on the map, colours read from the address, and vectors read from texts: pure functions by hand."""

import numpy as np
import pandas as pd
import pytest

from queries.colour_search import MAP_COLUMNS, MAP_ROWS, map_cells, wanted_colours
from queries.cover_distances import vector_in, wilson, with_distances

CORNERS = pd.DataFrame(
    {
        "image_hash": ["top left", "bottom right", "bottom right too", "middle", "nowhere"],
        # The map's y goes up, its rows down.
        "map_x": [0.0, 10.0, 9.9, 5.1, None],
        "map_y": [6.0, 0.0, 0.1, 2.9, 1.0],
    }
)


def cells(step: int) -> dict[str, tuple[int, int, int]]:
    shown = map_cells(CORNERS, step, whole=CORNERS)
    rows = zip(shown["image_hash"], shown["column"], shown["row"], shown["others"], strict=True)
    return {name: (column, row, others) for name, column, row, others in rows}


def test_each_cell_shows_the_cover_nearest_to_its_middle() -> None:
    # 14 × 6 cells over 10 × 6: the middle one is at 7.14 across and 3.1 down; the last two share the last cell, of
    # which 13.5 across and 5.5 down is the middle.
    assert cells(1) == {
        "top left": (0, 0, 0),
        "middle": (7, 3, 0),
        "bottom right too": (2 * MAP_COLUMNS - 1, 2 * MAP_ROWS - 1, 1),
    }
    # 448 × 192 cells: they are cells apart.
    assert cells(6)["bottom right"] == (447, 191, 0)
    assert cells(6)["bottom right too"] == (443, 188, 0)


def test_a_cover_has_its_place_whichever_others_are_chosen() -> None:
    alone = map_cells(CORNERS[CORNERS["image_hash"] == "middle"], 1, whole=CORNERS)
    assert alone[["column", "row", "others"]].to_numpy().tolist() == [[7, 3, 0]]
    # What lies beyond the whole is at its edge.
    beyond = map_cells(CORNERS.head(1).assign(map_x=12.0), 1, whole=CORNERS)
    assert beyond[["column", "row"]].to_numpy().tolist() == [[13, 0]]


def test_covers_at_one_place_are_in_the_middle() -> None:
    same = CORNERS.assign(map_x=2.0, map_y=3.0)
    shown = map_cells(same, 0, whole=same)
    assert shown[["column", "row", "others"]].to_numpy().tolist() == [[MAP_COLUMNS // 2, MAP_ROWS // 2, 4]]
    assert map_cells(CORNERS.head(0), 0, whole=CORNERS).empty


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", []),
        ("FF0000", [("#ff0000", 1.0)]),
        ("ff0000:30,0000ff:10", [("#ff0000", 0.75), ("#0000ff", 0.25)]),
        # Twice the same, a weight of none or of too much, no colour: left out.
        ("ff0000:30,ff0000:60", [("#ff0000", 1.0)]),
        ("ff0000:0,00ff00:101,0000ff:x,white:3,12345:3", []),
        (",".join(f"00000{digit}" for digit in range(9)), [(f"#00000{digit}", 0.2) for digit in range(5)]),
    ],
)
def test_colours_are_read_from_the_address(text: str, read: list[tuple[str, float]]) -> None:
    assert [(colour.hex, colour.part) for colour in wanted_colours(text)] == read


def test_vectors_are_read_from_texts() -> None:
    vector = vector_in("0:0.25 215:0.75")
    assert (vector[0], vector[215], vector.sum(), len(vector)) == (0.25, 0.75, 1.0, 216)


def test_wilson_by_hand() -> None:
    # 1.96² = 3.84: of 0 of 10 the upper end is 3.84 ÷ 13.84; of 5 of 10 it is ½ ± 1.96 ÷ 2 ÷ √13.84 = ½ ± 0.2634.
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_a_drawn_sample_has_an_interval() -> None:
    # 300 of 600 pairs are nearer than black and white, which are 100 apart: ½ ± 1.96 ÷ 2 ÷ √603.84 = ½ ± 0.0399.
    pairs = pd.DataFrame({"earth_movers_distance": np.repeat([10.0, 120.0], 300), "is_every_pair": False})
    columns = ["image_hash", "cover_name", "other_hash", "other_name", "common_share", "is_every_pair"]
    rows = pd.DataFrame([["a", "A", "b", "B", 0.0, None]], columns=columns).assign(
        vector="0:1.0", other_vector="215:1.0"
    )
    for name in ("cosine", "jensen_shannon", "earth_movers"):
        rows[f"{name}_distance"] = np.nan
    for name in ("nearer_share", "nearer_share_low", "nearer_share_high", "sampled_pairs"):
        rows[name] = np.nan
    filled = with_distances(rows, lambda _: pairs).iloc[0]
    assert filled["earth_movers_distance"] == pytest.approx(100, abs=0.01)
    assert (filled["nearer_share"], filled["sampled_pairs"]) == (0.5, 600)
    assert (filled["nearer_share_low"], filled["nearer_share_high"]) == pytest.approx((0.4601, 0.5399), abs=1e-4)
