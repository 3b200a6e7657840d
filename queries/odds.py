"""What goes with leaving: a logistic regression over counted combinations of bands, told band by band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from definitions.leaving import ENDED_PER_ESTIMATE, FACTORS

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

Z_95 = 1.959963984540054
MAX_STEPS = 50
# A step so small changes no digit that is shown.
STEP_TOLERANCE = 1e-10
# What is left of a column once the others are taken out of it, where they tell the same.
RANK_TOLERANCE = 1e-9
# Odds that are not told to a factor of 20,000 are not told: no finite ones are the likeliest.
MOST_ERROR = 5.0

COLUMNS = (
    "factor",
    "factor_name",
    "band",
    "band_name",
    "band_rank",
    "is_reference",
    "subscriptions",
    "left_subscriptions",
    "leaving_rate",
    "raw_odds_ratio",
    "raw_odds_ratio_low",
    "raw_odds_ratio_high",
    "leaving_odds_ratio",
    "leaving_odds_ratio_low",
    "leaving_odds_ratio_high",
    "untold",
    "first_month",
    "last_month",
    "accounts",
)


@dataclass(frozen=True, slots=True)
class Estimates:
    """Logarithms of odds ratios and their standard errors, one for each column; NaN where there is none to tell."""

    log_odds: Floats
    errors: Floats


def odds_by_band(cells: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each band of each factor, with its odds of leaving beside those of its factor's reference.

    ``cells`` has a column for each factor of ``FACTORS`` (null: of no band), and subscriptions, left_subscriptions,
    first_month and last_month. The reference is the factor's largest band that some left and some did not. Raw odds
    ratios compare two bands alone, with Woolf's limits; the others are those of a logistic regression with all bands
    of all factors. ``untold`` says why one has none. Woolf, Annals of Human Genetics, 1955.
    """
    bands = {
        factor.name: _bands_of(cells[factor.name], tuple(factor.bands), cells["subscriptions"]) for factor in FACTORS
    }
    at_risk, left = (cells[name].to_numpy(dtype=float) for name in ("subscriptions", "left_subscriptions"))
    in_band = {
        (name, band): np.asarray(cells[name].eq(band).fillna(value=False), dtype=bool)
        for name, of_factor in bands.items()
        for band in of_factor
    }
    untold, kept = one_sided(in_band, at_risk, left)
    references = {
        name: max(told, key=lambda band, name=name: at_risk[in_band[name, band] & kept].sum())  # type: ignore[misc]
        for name, of_factor in bands.items()
        if (told := [band for band in of_factor if (name, band) not in untold])
    }
    compared = [key for key in in_band if key not in untold and references.get(key[0]) != key[1]]
    enough = _enough(compared, min(left[kept].sum(), (at_risk - left)[kept].sum()))
    untold |= dict.fromkeys(compared[len(enough) :], "too few left")
    fitted = _fitted(in_band, enough, kept, at_risk, left, untold)
    months = max(1, _months(cells))
    rows: list[tuple[object, ...]] = []
    for factor in FACTORS:
        if len(bands[factor.name]) < 2:
            continue
        reference = references.get(factor.name)
        for band in bands[factor.name]:
            mask = in_band[factor.name, band]
            counts = at_risk[mask].sum(), left[mask].sum()
            against = in_band[factor.name, reference] if reference is not None else mask
            raw = _raw_odds(counts, (at_risk[against].sum(), left[against].sum()))
            rows.append(
                (
                    factor.name,
                    factor.label,
                    band,
                    factor.named(band),
                    len(rows) + 1,
                    band == reference,
                    int(counts[0]),
                    int(counts[1]),
                    counts[1] / counts[0],
                    *((1.0, np.nan, np.nan) if band == reference else raw),
                    *((1.0, np.nan, np.nan) if band == reference else fitted.get((factor.name, band), (np.nan,) * 3)),
                    untold.get((factor.name, band)),
                    cells["first_month"].min(),
                    cells["last_month"].max(),
                    # One subscription counts in each month: at least so many are behind the row.
                    max(1, int(counts[0]) // months),
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def fit_log_odds(design: Floats, at_risk: Floats, left: Floats, clusters: Ints | None = None) -> Estimates:
    """Fit the logistic regression of ``left`` of ``at_risk`` on the columns of ``design`` and a constant.

    By Newton's method. A column that the others tell as well has no estimate, nor has one whose odds ratio is not
    finite. Where ``clusters`` tells for each row which it is of, from 0 on, errors allow for rows of one being alike
    (Liang and Zeger, Biometrika, 1986). Shapes: ``design`` n × k, the others n; the estimates k. McCullagh and Nelder,
    Generalized Linear Models, 1989, 4.4.
    """
    count = design.shape[1]
    with_constant = np.column_stack([np.ones(len(design)), design])
    shared = _shared(with_constant * np.sqrt(at_risk)[:, None])
    used = _independent(with_constant * np.sqrt(at_risk)[:, None])
    columns = with_constant[:, used]
    log_odds = np.zeros(columns.shape[1])
    share = left.sum() / at_risk.sum()
    log_odds[0] = np.log(share / (1 - share))
    information = np.eye(columns.shape[1])
    for _ in range(MAX_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(columns @ log_odds, -30, 30)))
        information = columns.T @ (columns * (at_risk * chances * (1 - chances))[:, None])
        step = np.linalg.lstsq(information, columns.T @ (left - at_risk * chances), rcond=None)[0]
        # From where it starts, far steps may be too far.
        log_odds += step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < STEP_TOLERANCE:
            break
    variances = np.linalg.pinv(information, hermitian=True)
    if clusters is not None:
        chances = 1 / (1 + np.exp(-np.clip(columns @ log_odds, -30, 30)))
        scores = columns * (left - at_risk * chances)[:, None]
        of_clusters = np.column_stack([np.bincount(clusters, weights=of_column) for of_column in scores.T])
        variances = variances @ (of_clusters.T @ of_clusters) @ variances
    errors = np.sqrt(np.clip(np.diag(variances), 0, None))
    all_log_odds, all_errors = np.full(count + 1, np.nan), np.full(count + 1, np.nan)
    all_log_odds[used], all_errors[used] = log_odds, errors
    unsure = shared | ~(all_errors < MOST_ERROR) | ~(np.abs(all_log_odds) < 2 * MOST_ERROR)
    all_log_odds[unsure] = all_errors[unsure] = np.nan
    return Estimates(all_log_odds[1:], all_errors[1:])


def _bands_of(column: pd.Series, order: Sequence[str], subscriptions: pd.Series) -> list[str]:
    """Return the bands that occur: in their order, or the largest first, the unknown and the others last."""
    summed = subscriptions.groupby(column.astype("str").where(column.notna())).sum()
    sizes = {str(band): float(size) for band, size in summed.items()}
    if order:
        return [band for band in order if band in sizes]
    return sorted(sizes, key=lambda band: (band in ("other", "unknown"), band == "unknown", -sizes[band], band))


def one_sided(
    in_band: Mapping[tuple[str, str], Bools], at_risk: Floats, left: Floats
) -> tuple[dict[tuple[str, str], str], Bools]:
    """Return the bands that nobody left or all did, each with why it is untold, and the rows that are in none of them.

    The likeliest odds ratio of such a band is nought or infinite, which fits its rows as they are: the others' odds are
    those of the rows without it. Of these, another band may be such a one.
    """
    untold: dict[tuple[str, str], str] = {}
    kept = at_risk > 0
    while True:
        found = {
            key: "nobody left" if not left[mask & kept].sum() else "all left"
            for key, mask in in_band.items()
            if key not in untold and left[mask & kept].sum() in (0, at_risk[mask & kept].sum())
        }
        if not found:
            return untold, kept
        untold |= found
        for key in found:
            kept &= ~in_band[key]


def _fitted(
    in_band: Mapping[tuple[str, str], Bools],
    compared: Sequence[tuple[str, str]],
    kept: Bools,
    at_risk: Floats,
    left: Floats,
    untold: dict[tuple[str, str], str],
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return the adjusted odds ratio of each band compared, and its limits; add to ``untold`` why one has none."""
    if not compared:
        return {}
    design = np.column_stack([in_band[key][kept] for key in compared]).astype(float)
    # Rows alike count as one: countries and months apart, there are few.
    alike, place = np.unique(design, axis=0, return_inverse=True)
    summed = [
        np.bincount(place.ravel(), weights=counts[kept], minlength=len(alike)).astype(float)
        for counts in (at_risk, left)
    ]
    found = fit_log_odds(alike, summed[0], summed[1])
    ratios = {}
    for key, log_odds, error in zip(compared, found.log_odds, found.errors, strict=True):
        if np.isnan(log_odds):
            untold[key] = "not told apart"
        else:
            ratios[key] = _with_limits(float(log_odds), float(error))
    return ratios


def _enough(compared: Sequence[tuple[str, str]], fewer: float) -> Sequence[tuple[str, str]]:
    """Return those of the bands that can be told at once, without the last factors where too few left for all.

    ``fewer`` is how many left, or how many did not, whichever is less. Fewer than some for each ratio tell too little:
    Vittinghoff and McCulloch, American Journal of Epidemiology, 2007.
    """
    factors = list(dict.fromkeys(name for name, _ in compared))
    while len(compared) * ENDED_PER_ESTIMATE > fewer:
        last = factors.pop()
        compared = [key for key in compared if key[0] != last]
    return compared


def _raw_odds(band: tuple[float, float], reference: tuple[float, float]) -> tuple[float, float, float]:
    """Return the odds ratio ad/bc of two bands, each its subscriptions and those that left, and Woolf's limits."""
    cells = (band[1], band[0] - band[1], reference[1], reference[0] - reference[1])
    if min(cells) <= 0:
        return np.nan, np.nan, np.nan
    log_odds = np.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return _with_limits(float(log_odds), float(np.sqrt(sum(1 / count for count in cells))))


def _with_limits(log_odds: float, error: float) -> tuple[float, float, float]:
    return float(np.exp(log_odds)), float(np.exp(log_odds - Z_95 * error)), float(np.exp(log_odds + Z_95 * error))


def _shared(weighted: Floats) -> Bools:
    """Return of each column whether the others tell it as well."""
    scale = np.linalg.norm(weighted, axis=0)
    scaled = weighted / np.where(scale > 0, scale, 1)
    values, vectors = np.linalg.eigh(scaled.T @ scaled)
    without = vectors[:, values < RANK_TOLERANCE]
    return np.asarray((np.abs(without) > np.sqrt(RANK_TOLERANCE)).any(axis=1), dtype=bool)


def _independent(weighted: Floats) -> list[int]:
    """Return the columns, from the first on, that those before do not tell."""
    basis: list[Floats] = []
    used = []
    for place, column in enumerate(weighted.T):
        norm = np.linalg.norm(column)
        rest = column / norm if norm > 0 else column
        for _ in range(2):
            for direction in basis:
                rest = rest - direction * (direction @ rest)
        if np.linalg.norm(rest) ** 2 > RANK_TOLERANCE:
            basis.append(rest / np.linalg.norm(rest))
            used.append(place)
    return used


def _months(cells: pd.DataFrame) -> int:
    if cells.empty:
        return 0
    first, last = pd.Timestamp(cells["first_month"].min()), pd.Timestamp(cells["last_month"].max())
    return (last.year - first.year) * 12 + last.month - first.month + 1
