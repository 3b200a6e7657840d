"""Gaps of a catalogue: looks of covers that a genre has fewer of than chance would deal out to it."""

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

COLUMNS = (
    "genre",
    "colour_family",
    "brightness_band",
    "titles",
    "expected_titles",
    "cover_gap",
    "genre_titles",
    "p_value",
    "is_clear",
)
ALPHA = 0.05


def gaps(looks: pd.DataFrame) -> pd.DataFrame:
    """Return the looks that a genre has fewer of than expected, the surest gaps first.

    ``looks`` has the columns of cover_gaps. ``p_value`` is the chance of so few or fewer where looks are dealt out to
    genres by chance (Fisher's exact test of one side), corrected for all genres and looks (Holm 1979); ``is_clear``
    where it is below 5 %. ``cover_gap`` is how many are missing from what is expected.
    """
    if looks.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    chances = hypergeom.cdf(looks["titles"], looks["all_titles"], looks["look_titles"], looks["genre_titles"])
    order = np.argsort(chances, kind="stable")
    corrected = np.empty(len(looks))
    corrected[order] = np.minimum(np.maximum.accumulate(chances[order] * np.arange(len(looks), 0, -1)), 1)
    judged = looks.assign(
        p_value=corrected,
        is_clear=corrected < ALPHA,
        cover_gap=looks["expected_titles"] - looks["titles"],
        chance=chances,
    )
    fewer = judged[judged["cover_gap"] > 0].sort_values(["chance", "cover_gap"], ascending=[True, False], kind="stable")
    return fewer[list(COLUMNS)].reset_index(drop=True)
