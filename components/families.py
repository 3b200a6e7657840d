"""The families of colours: one colour that stands for each, and how they are drawn so that both themes show them."""

from typing import Any

import numpy as np

from components.theme import token
from definitions.colours.bins import BIN_LAB, BIN_RGB, FAMILY_OF_BIN, hex_of
from definitions.colours.families import FAMILIES, GREY_FAMILIES


def _middle_of(family: str) -> str:
    """Return the bin of a family that lies nearest to its middle in CIE Lab, as style sheets write it.

    Of black, grey and white, which dark and pale colours belong to as well, it is a bin without a hue.
    """
    is_grey = np.ptp(BIN_RGB, axis=1) == 0
    own = np.flatnonzero(
        [
            name == family and (family not in GREY_FAMILIES or grey)
            for name, grey in zip(FAMILY_OF_BIN, is_grey, strict=True)
        ]
    )
    nearest = own[np.argmin(np.linalg.norm(BIN_LAB[own] - BIN_LAB[own].mean(axis=0), axis=1))]
    red, green, blue = (int(level) for level in BIN_RGB[nearest])
    return hex_of((red, green, blue))


FAMILY_HEX = {family: _middle_of(family) for family in FAMILIES}


def in_order(families: Any) -> list[str]:
    """Return the families that occur, in the order of the rainbow, the greys last."""
    present = set(families)
    return [family for family in FAMILIES if family in present]


def outlined(color: Any, **more: Any) -> dict[str, Any]:
    """Return a marker of a colour of covers, with an outline: black and white ones vanish into one theme or the other.

    Such a mark is never alone: its name stands beside it.
    """
    return {"color": color, "line": {"color": token("secondary"), "width": 1}, **more}
