"""Colours with their shares, in pictures and in words."""

from components.palette import Colour, bin_bars, colours_in, colours_told, palette, palette_strip
from tests.components.trees import walk

SPACE = "\N{NO-BREAK SPACE}"

ROWS = [
    {"red": 254.6, "green": 0.0, "blue": 0.2, "share": 0.25, "colour_family": "red"},
    {"red": 0.0, "green": 128.0, "blue": 128.0, "share": 0.75, "colour_family": "teal"},
]


def test_rows_become_colours() -> None:
    red, teal = colours_in(ROWS)
    assert (red.hex, red.told) == ("#ff0000", f"red #ff0000, 25{SPACE}%")
    assert (teal.hex, teal.share) == ("#008080", 0.75)


def test_the_largest_are_named_first_and_the_others_counted() -> None:
    assert colours_told(colours_in(ROWS)) == f"teal #008080, 75{SPACE}%; red #ff0000, 25{SPACE}%"
    many = [Colour(0, 0, level, (level + 1) / 100) for level in range(7)]
    assert colours_told(many).startswith(f"#000006, 7{SPACE}%; #000005, 6{SPACE}%;")
    assert colours_told(many).endswith(" and 2 others")


def test_each_picture_has_words() -> None:
    colours = colours_in(ROWS)
    told = f"teal #008080, 75{SPACE}%; red #ff0000, 25{SPACE}%"
    assert getattr(palette(colours, "Ash"), "aria-label") == "Palette of Ash"
    assert getattr(palette_strip(colours, "Ash"), "aria-label") == f"Colours of Ash: {told}"
    assert getattr(bin_bars(colours, "Ash"), "aria-label") == f"Bins of Ash: {told}"


def test_bars_are_sorted_and_as_high_as_their_share() -> None:
    # The largest is full, a third of it a third; beside covers with larger bins, less.
    colours = [*colours_in(ROWS), Colour(1, 2, 3, 0.0)]
    assert [bar.style["height"] for bar in bin_bars(colours, "Ash").children] == ["100.00%", "33.33%"]
    assert [bar.style["height"] for bar in bin_bars(colours, "Ash", largest_share=1.0).children] == ["75.00%", "25.00%"]
    assert [bar.style["background"] for bar in walk(bin_bars(colours, "Ash").children)] == ["#008080", "#ff0000"]


def test_a_strip_is_divided_by_shares() -> None:
    assert [part.style["flexGrow"] for part in palette_strip(colours_in(ROWS), "Ash").children] == [
        "25.000",
        "75.000",
    ]
