"""Queries whose rows a model is fitted to before anybody sees them: cards, exports and the command show the model's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from queries import odds


@dataclass(frozen=True, slots=True)
class Fit:
    """What a query's rows become: the function, the columns that it returns, and a sentence that says so."""

    of: Callable[[pd.DataFrame], pd.DataFrame]
    columns: tuple[str, ...]
    told: str


FITS: Mapping[str, Fit] = {
    "leaving_by_factor": Fit(
        odds.odds_by_band,
        odds.COLUMNS,
        "A logistic regression is fitted to these rows, and what it tells of each band is shown and exported "
        "(queries/odds.py).",
    ),
}
