"""What goes with a cover being taken: a colour of it, as it is and after genre, popularity, row and place."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import t as student

from definitions.leaving import ENDED_PER_ESTIMATE
from definitions.taking import COLOUR_FEATURES, FEWEST_TITLES, PLACE_BANDS, POPULARITY_BANDS, ROW_BANDS
from queries.odds import Bools, Floats, Ints, fit_log_odds, one_sided

# A band of so many titles, of which a few have nearly all impressions, tells no more than those few.
FEWEST_TITLES_IN_EFFECT = 3.0
ALPHA = 0.05
CONTROLS: Mapping[str, str] = {
    "genre": "genre",
    "popularity": "popularity",
    "row_band": "row",
    "place_band": "place in the row",
}
UNTOLD_OF = {"nobody left": "none taken", "all left": "all taken"}

COLUMNS = (
    "feature_name",
    "band",
    "feature_band",
    "is_reference",
    "titles",
    "impressions",
    "taken_impressions",
    "take_rate",
    "raw_odds_ratio",
    "raw_odds_ratio_low",
    "raw_odds_ratio_high",
    "colour_effect",
    "colour_effect_low",
    "colour_effect_high",
    "is_clear",
    "untold",
    "adjusted_for",
    "first_month",
    "last_month",
    "accounts",
)


def effects_by_band(cells: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each band of a feature of covers, with its odds of being taken beside those of the largest.

    ``cells`` has the columns feature, show_id, band, genres, popularity, row_band, place_band, impressions,
    taken_impressions, shown_accounts, first_month and last_month, one row a film or series and place on the page. Raw
    odds ratios compare bands alone; the others are those of a logistic regression with genres, popularity, row and
    place. Limits are of 95 %, by Student's t over titles, since what is shown of one title is alike: of ``titles`` as
    many as would tell as much if all had been shown as often. ``is_clear``: no 1, however many bands are compared;
    ``untold`` says why a band has none.
    """
    if cells.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    feature = COLOUR_FEATURES[str(cells["feature"].iloc[0])]
    shown, taken = (cells[name].to_numpy(dtype=float) for name in ("impressions", "taken_impressions"))
    titles = pd.factorize(cells["show_id"])[0].astype(np.int64)
    present = set(cells["band"])
    bands = [band for band in feature.bands if band in present]
    in_band = {("band", band): _is(cells["band"], band) for band in bands}
    in_effect = {key[1]: _titles_in_effect(titles[mask], shown[mask]) for key, mask in in_band.items()}
    controls = _controls(cells)
    told_one_sided, kept = one_sided({**in_band, **controls}, shown, taken)
    untold = {band: UNTOLD_OF[why] for (of, band), why in told_one_sided.items() if of == "band"}
    for band in bands:
        if len(np.unique(titles[in_band["band", band]])) < FEWEST_TITLES or in_effect[band] < FEWEST_TITLES_IN_EFFECT:
            untold.setdefault(band, "too few titles")
    told = [band for band in bands if band not in untold]
    reference = max(told, key=lambda band: shown[in_band["band", band] & kept].sum(), default=None)
    # What cannot be told is compared with nothing, but says what it can of genres, rows and places.
    compared = [band for band in bands if band != reference and in_band["band", band][kept].any()]
    kept_taken, kept_passed = taken[kept].sum(), (shown - taken)[kept].sum()
    used = _used(controls, kept, len(compared), min(kept_taken, kept_passed))
    adjusted_for = ", ".join(name for of, name in CONTROLS.items() if any(key[0] == of for key in used))
    columns = [in_band["band", band] for band in compared]
    raw = _ratios(columns, compared, in_effect, (shown, taken, titles), kept)
    adjusted = _ratios([*columns, *used.values()], compared, in_effect, (shown, taken, titles), kept)
    comparisons = max(1, len(told) - 1)
    rows: list[tuple[object, ...]] = []
    for band in bands:
        mask = in_band["band", band]
        counts = shown[mask].sum(), taken[mask].sum()
        is_reference = band == reference
        nothing = (1.0 if is_reference else np.nan, np.nan, np.nan)
        is_told = not is_reference and band not in untold and reference is not None
        if is_told and np.isnan(adjusted[band][0]):
            untold[band] = "not told apart"
        rows.append(
            (
                feature.label,
                band,
                feature.bands[band],
                is_reference,
                len(np.unique(titles[mask])),
                int(counts[0]),
                int(counts[1]),
                counts[1] / counts[0],
                *(raw[band] if is_told else nothing),
                *(adjusted[band] if is_told else nothing),
                is_told and _is_clear(adjusted[band], in_effect[band], comparisons),
                untold.get(band),
                adjusted_for,
                cells["first_month"].min(),
                cells["last_month"].max(),
                int(cells["shown_accounts"][mask].max()),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _is_clear(ratio: tuple[float, float, float], effective: float, comparisons: int) -> bool:
    """Tell whether an odds ratio differs from 1 however many are looked at (Bonferroni)."""
    log_odds, reach = np.log(ratio[0]), np.log(ratio[2] / ratio[0])
    farther = student.ppf(1 - ALPHA / 2 / comparisons, effective - 1) / student.ppf(1 - ALPHA / 2, effective - 1)
    return bool(abs(log_odds) > reach * farther)


def _is(column: "pd.Series[str]", value: str) -> Bools:
    return np.asarray(column.eq(value).fillna(value=False), dtype=bool)


def _titles_in_effect(titles: Ints, shown: Floats) -> float:
    """Return how many titles that are shown equally often would tell as much (Kish 1965): the square by the squares."""
    of_titles = np.bincount(titles, weights=shown)
    return float(of_titles.sum() ** 2 / max((of_titles**2).sum(), 1))


def _controls(cells: pd.DataFrame) -> dict[tuple[str, str], Bools]:
    """Return of each genre, and of each popularity, row and place but the largest, the rows that are of it."""
    found: dict[tuple[str, str], Bools] = {}
    sets = cells["genres"].fillna("").str.split("; ").map(frozenset)
    genres = sorted({genre for of_title in sets.unique() for genre in of_title if genre})
    for genre in genres:
        found["genre", genre] = np.asarray(sets.map(lambda of_title, genre=genre: genre in of_title), dtype=bool)
    for name, bands in (("popularity", POPULARITY_BANDS), ("row_band", ROW_BANDS), ("place_band", PLACE_BANDS)):
        sizes = cells.groupby(name)["impressions"].sum()
        largest = sizes.idxmax()
        found |= {(name, band): _is(cells[name], band) for band in bands if band in sizes.index and band != largest}
    return found


def _used(
    controls: Mapping[tuple[str, str], Bools], kept: Bools, compared: int, fewer: float
) -> dict[tuple[str, str], Bools]:
    """Return the controls that tell rows apart, without the last sorts where too few were taken to tell them all."""
    used = {key: mask for key, mask in controls.items() if 0 < mask[kept].sum() < kept.sum()}
    names = list(dict.fromkeys(name for name, _ in used))
    while names and (len(used) + compared) * ENDED_PER_ESTIMATE > fewer:
        last = names.pop()
        used = {key: mask for key, mask in used.items() if key[0] != last}
    return used


def _ratios(
    columns: list[Bools],
    compared: list[str],
    in_effect: Mapping[str, float],
    counted: tuple[Floats, Floats, Ints],
    kept: Bools,
) -> dict[str, tuple[float, float, float]]:
    """Return the odds ratio of each band compared, of which the first columns are, and its limits."""
    if not columns:
        return {}
    shown, taken, titles = counted
    design = np.column_stack([column[kept] for column in columns])
    # Rows alike of one title count as one: months and places that nothing tells apart.
    packed = np.packbits(design, axis=1)
    keys = np.column_stack([packed, titles[kept].view(np.uint8).reshape(-1, 8)])
    _, first, place = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    summed = [
        np.bincount(place.ravel(), weights=counts[kept], minlength=len(first)).astype(float)
        for counts in (shown, taken)
    ]
    _, clusters = np.unique(titles[kept][first], return_inverse=True)
    found = fit_log_odds(design[first].astype(float), summed[0], summed[1], clusters.astype(np.int64))
    ratios = {}
    for band, log_odds, error in zip(compared, found.log_odds, found.errors, strict=False):
        effective = in_effect[band]
        if effective < FEWEST_TITLES_IN_EFFECT:
            continue
        # Few titles lie closer to their own mean than to the true one.
        reach = float(student.ppf(1 - ALPHA / 2, effective - 1) * np.sqrt(effective / (effective - 1)) * error)
        ratios[band] = (float(np.exp(log_odds)), float(np.exp(log_odds - reach)), float(np.exp(log_odds + reach)))
    return ratios
