"""Groups that a figure of rates has no line for: the smaller ones, and the unknown one where it is too small."""

import pandas as pd

from components.colours import CATEGORIES
from components.format import value_text
from components.labels import dimension_label
from definitions.dimensions import UNKNOWN
from definitions.metric import Metric, Unit
from queries.filters import FilterState

# The rates of fewer are chance, drawn as large as those of the rest; of more they tell of whom the source leaves out.
FEW_SHARE = 0.05


def without_few_unknown(frame: pd.DataFrame, size: str) -> pd.DataFrame:
    """Return the rows of all groups but the unknown one, where that is less than a twentieth of all.

    ``frame`` has the columns group_id and ``size``, the largest of which is how large a group is.
    """
    return frame if _few_unknown(frame, size) is None else frame[frame["group_id"] != UNKNOWN]


def few_unknown_told(frame: pd.DataFrame, size: str) -> str:
    """Say how many are in no line because their group is unknown; nothing where ``without_few_unknown`` keeps all.

    ``frame`` has the column group_kind too.
    """
    few = _few_unknown(frame, size)
    if few is None:
        return ""
    kind = dimension_label(str(frame["group_kind"].iloc[0])).lower()
    return f"Of {value_text(few, Unit.COUNT)} the {kind} is not known: too few for a line, in the table only."


def undrawn_groups(frame: pd.DataFrame, _metric: Metric, _filters: FilterState, *, size: str) -> str | None:
    """Say who is in no line: those of no known group where they are few, and groups beyond the six largest."""
    more = without_few_unknown(frame, size)["group_id"].nunique() - len(CATEGORIES)
    smaller = f"{more:,} smaller groups are in the table." if more > 0 else ""
    return " ".join(filter(None, (few_unknown_told(frame, size), smaller))) or None


def _few_unknown(frame: pd.DataFrame, size: str) -> float | None:
    sizes = frame.groupby("group_id")[size].max().dropna()
    if UNKNOWN not in sizes.index or sizes[UNKNOWN] >= FEW_SHARE * sizes.sum():
        return None
    return float(sizes[UNKNOWN])
