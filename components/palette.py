"""Colours shown with their shares: a palette as swatches or as a strip, and the bins of a cover as sorted bars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from components.format import value_text
from definitions.colours.bins import hex_of
from definitions.metric import Unit

# A text for screen readers names as many colours; whoever wants all has the table.
NAMED_COLOURS = 5


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of sRGB (0–255 each) and its share (0–1); ``family`` is what it is called, such as "teal"."""

    red: int
    green: int
    blue: int
    share: float
    family: str | None = None

    @property
    def hex(self) -> str:
        """Return it as style sheets write it: «#1a2b3c»."""
        return hex_of((self.red, self.green, self.blue))

    @property
    def told(self) -> str:
        """Return it in words: «teal #1a8c8c, 34 %»."""
        return f"{self.family or ''} {self.hex}, {value_text(self.share, Unit.RATE)}".strip()


def colours_in(rows: Iterable[Mapping[str, Any]]) -> list[Colour]:
    """Return the colours of rows with ``red``, ``green``, ``blue``, ``share`` and, where known, ``colour_family``."""
    return [
        Colour(round(row["red"]), round(row["green"]), round(row["blue"]), row["share"], row.get("colour_family"))
        for row in rows
    ]


def colours_told(colours: Sequence[Colour]) -> str:
    """Say the largest colours and how many others there are: «teal #1a8c8c, 34 %; … and 12 others»."""
    largest = sorted(colours, key=lambda colour: -colour.share)
    named = "; ".join(colour.told for colour in largest[:NAMED_COLOURS])
    others = len(largest) - NAMED_COLOURS
    return f"{named} and {others} others" if others > 0 else named


def palette(colours: Sequence[Colour], of: str) -> html.Ul:
    """List the colours of a palette, each as a swatch with its hex and its share; ``of`` says whose they are."""
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(className="swatch", style={"background": colour.hex}, **{"aria-hidden": "true"}),
                    html.Code(colour.hex, title=colour.family),
                    html.Span(value_text(colour.share, Unit.RATE), className="secondary"),
                ]
            )
            for colour in colours
        ],
        className="palette",
        **{"aria-label": f"Palette of {of}"},
    )


def palette_strip(colours: Sequence[Colour], of: str) -> html.Div:
    """Show colours side by side, each as wide as its share of them all: one picture with its words."""
    return html.Div(
        [
            html.Span(
                title=colour.told, style={"background": colour.hex, "flexGrow": f"{colour.share:.3%}".removesuffix("%")}
            )
            for colour in colours
        ],
        className="palette-strip",
        role="img",
        **{"aria-label": f"Colours of {of}: {colours_told(colours)}"},
    )


def bin_bars(colours: Sequence[Colour], of: str, *, largest_share: float | None = None) -> html.Div:
    """Show the bins of a 216-bin vector as bars, the largest first, each in its colour; those without a share are left.

    ``largest_share`` is that of a bar of full height, where several such pictures are to be compared.
    """
    ordered = sorted((colour for colour in colours if colour.share > 0), key=lambda colour: -colour.share)
    full = largest_share or max((colour.share for colour in ordered), default=1)
    return html.Div(
        [
            html.Span(title=colour.told, style={"background": colour.hex, "height": f"{colour.share / full:.2%}"})
            for colour in ordered
        ],
        className="bin-bars",
        role="img",
        **{"aria-label": f"Bins of {of}: {colours_told(ordered)}"},
    )
