"""Queries whose rows a model is fitted to before anybody sees them: cards, exports and the command show the model's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from queries import (
    colour_appeal,
    colour_effects,
    colours,
    cover_distances,
    cover_gaps,
    cover_verdicts,
    odds,
    renewals,
)
from queries.asking import Asking


@dataclass(frozen=True, slots=True)
class Fit:
    """What a query's rows become, by the function ``of`` the rows and of what asks another query; ``told`` says so.

    ``columns`` are those that it returns; None where they are the query's own, of which it fills in some.
    """

    of: Callable[[pd.DataFrame, Asking], pd.DataFrame]
    told: str
    columns: tuple[str, ...] | None = None


_RENEWALS_TOLD = (
    "The shifted-beta-geometric model is fitted to the renewals of renewals_by_month_of_life, and what it tells is "
    "filled in where this says null (queries/renewals.py)."
)

_DISTANCES_TOLD = (
    "Distances are worked out of the vectors, which are not shown (queries/cover_distances.py), and filled in where "
    "this says null."
)

FITS: Mapping[str, Fit] = {
    "distances_between_covers": Fit(cover_distances.with_distances, _DISTANCES_TOLD, cover_distances.PAIR_COLUMNS),
    "sampled_cover_pairs": Fit(cover_distances.with_pair_distances, _DISTANCES_TOLD, cover_distances.SAMPLE_COLUMNS),
    "covers_on_shelf": Fit(cover_distances.with_shelf_distances, _DISTANCES_TOLD, cover_distances.SHELF_COLUMNS),
    "renewals_by_month_of_life": Fit(renewals.with_survival, _RENEWALS_TOLD),
    "forecast_errors_by_group": Fit(renewals.with_errors, _RENEWALS_TOLD),
    "value_by_group": Fit(renewals.with_values, _RENEWALS_TOLD),
    "colour_effects_by_band": Fit(
        lambda rows, _ask: colour_effects.effects_by_band(rows),
        "Logistic regressions are fitted to these rows, and what they tell of each band is shown and exported "
        "(queries/colour_effects.py).",
        colour_effects.COLUMNS,
    ),
    "colour_appeal_by_audience": Fit(
        lambda rows, _ask: colour_appeal.appeal_by_audience(rows),
        "Within genres, what each audience took is put beside what everybody’s take rates lead to; that is shown and "
        "exported (queries/colour_appeal.py).",
        colour_appeal.COLUMNS,
    ),
    "cover_tests_by_variant": Fit(
        lambda rows, _ask: cover_verdicts.verdicts(rows),
        "Variants are compared with the control, with errors between accounts; that is shown and exported "
        "(queries/cover_verdicts.py).",
        cover_verdicts.COLUMNS,
    ),
    "cover_gaps": Fit(
        lambda rows, _ask: cover_gaps.gaps(rows),
        "Each is judged by Fisher’s exact test, corrected for all of them; that is shown and exported "
        "(queries/cover_gaps.py).",
        cover_gaps.COLUMNS,
    ),
    "leaving_by_factor": Fit(
        lambda rows, _ask: odds.odds_by_band(rows),
        "A logistic regression is fitted to these rows, and what it tells of each band is shown and exported "
        "(queries/odds.py).",
        odds.COLUMNS,
    ),
    "average_colour_compared": Fit(
        colours.with_other_segment,
        "Where another segment is chosen, its side is asked of its own tables by average_colour_by_group "
        "(queries/colours.py).",
    ),
    "colour_distances": Fit(
        colours.with_distances,
        "The distances are those between the two vectors that average_colour_compared tells (queries/colours.py).",
    ),
}
