"""Which colours appeal to whom: how much oftener an audience takes covers of a colour than everybody would lead to."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from definitions.taking import PARTS_OF
from queries.odds import Bools, Floats, Ints

# Of fewer taken covers that everybody's rates would lead to, little can be told.
FEWEST_EXPECTED = 5.0
# With accounts or titles in fewer parts, how much these differ tells nothing sure.
FEWEST_PARTS = 10
MOST_AUDIENCES = 12
OTHERS = "other"
UNKNOWN = "unknown"
ALPHA = 0.05

COLUMNS = (
    "audience_by",
    "audience",
    "audience_rank",
    "colour_family",
    "impressions",
    "taken_impressions",
    "take_rate",
    "expected_taken",
    "colour_appeal",
    "colour_appeal_low",
    "colour_appeal_high",
    "raw_colour_appeal",
    "is_clear",
    "untold",
    "first_month",
    "last_month",
    "accounts",
)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Impressions and taken ones by audience, colour and genres: three axes, in this order."""

    shown: Floats
    taken: Floats

    def without(self, other: "_Counts") -> "_Counts":
        return _Counts(self.shown - other.shown, self.taken - other.taken)

    def added_up(self) -> "_Counts":
        """Return the same with all genres taken for one."""
        return _Counts(self.shown.sum(axis=2, keepdims=True), self.taken.sum(axis=2, keepdims=True))


def appeal_by_audience(cells: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each audience and colour, the largest audiences first, with how the colour appeals to it.

    ``cells`` has the columns audience_by, audience, colour_family, genres, parts_of, part, impressions,
    taken_impressions, shown_accounts, first_month and last_month. Within genres, what an audience took of a colour is
    put beside what everybody's take rates of the same colour and genres lead to, and this beside the same of all
    other colours: a ratio of two, pooled over genres as Mantel and Haenszel do (JNCI, 1959; of rates, Rothman and
    Boice, 1979). Limits are of 95 %, by leaving out one part of the accounts after the other, and of the titles (the
    jackknife). ``is_clear``: no 1, however many such ratios are looked at (Bonferroni). Of those of unknown audience
    nothing is told but what everybody takes.
    """
    if cells.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    cells = cells.assign(genres=cells["genres"].fillna(""), audience=_largest(cells))
    audiences = [name for name in _by_size(cells) if name != UNKNOWN]
    colours, genres = (list(dict.fromkeys(cells[name])) for name in ("colour_family", "genres"))
    places = {
        "audience": {name: place for place, name in enumerate([*audiences, UNKNOWN])},
        "colour_family": {name: place for place, name in enumerate(colours)},
        "genres": {name: place for place, name in enumerate(genres)},
    }
    shape = tuple(len(of_axis) for of_axis in places.values())
    axes = tuple(cells[axis].map(of_axis).to_numpy(dtype=np.int64) for axis, of_axis in places.items())
    at = np.asarray(np.ravel_multi_index(axes, shape), dtype=np.int64)
    whole = _counted(cells, at, shape, cells["parts_of"].eq("accounts").to_numpy())
    appeal, expected = _appeal(whole)
    raw, _ = _appeal(whole.added_up())
    by_accounts, by_titles, by_both = (_jackknife_variances(cells, at, shape, whole, parts_of) for parts_of in PARTS_OF)
    # Accounts differ, and titles do; what each pair of them adds is in both (Cameron, Gelbach and Miller 2011).
    errors = np.sqrt(np.maximum(np.maximum(by_accounts, by_titles), by_accounts + by_titles - by_both))
    shown, taken = (counts.sum(axis=2) for counts in (whole.shown, whole.taken))
    log_appeal = np.log(appeal, where=appeal > 0, out=np.full_like(appeal, np.nan))
    parts = min(cells.loc[cells["parts_of"].eq(parts_of), "part"].nunique() for parts_of in PARTS_OF)
    enough = (expected >= FEWEST_EXPECTED) & (parts >= FEWEST_PARTS)
    told = enough & np.isfinite(log_appeal) & (errors > 0)
    told[-1] = False
    degrees = max(parts - 1, 1)
    reach = float(student.ppf(1 - ALPHA / 2, degrees)) * errors
    needed = float(student.ppf(1 - ALPHA / 2 / max(int(told.sum()), 1), degrees)) * errors
    told_appeal = [
        np.where(told, values, np.nan)
        for values in (appeal, np.exp(log_appeal - reach), np.exp(log_appeal + reach), raw)
    ]
    accounts = _accounts(cells)
    rows = []
    for rank, audience in enumerate(audiences):
        for place, colour in enumerate(colours):
            here = rank, place
            if not shown[here]:
                continue
            rows.append(
                (
                    cells["audience_by"].iloc[0],
                    audience,
                    rank + 1,
                    colour,
                    int(shown[here]),
                    int(taken[here]),
                    taken[here] / shown[here],
                    expected[here],
                    *(values[here] for values in told_appeal),
                    bool(told[here] and abs(log_appeal[here]) > needed[here]),
                    None if told[here] else "too few" if not enough[here] else "none taken",
                    cells["first_month"].min(),
                    cells["last_month"].max(),
                    accounts.get((audience, colour), 0),
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _by_size(cells: pd.DataFrame) -> list[str]:
    sizes = cells.groupby("audience")["impressions"].sum()
    return sorted(map(str, sizes.index), key=lambda name: (name == OTHERS, -int(sizes[name]), name))


def _largest(cells: pd.DataFrame) -> "pd.Series[str]":
    """Return each row's audience, those beyond the largest as one."""
    kept = [name for name in _by_size(cells) if name != UNKNOWN]
    if len(kept) <= MOST_AUDIENCES:
        return cells["audience"]
    return cells["audience"].where(cells["audience"].isin([*kept[: MOST_AUDIENCES - 1], UNKNOWN]), OTHERS)


def _counted(cells: pd.DataFrame, at: Ints, shape: tuple[int, ...], which: Bools) -> _Counts:
    def summed(name: str) -> Floats:
        counts = cells[name].to_numpy(dtype=float)[which]
        sums = np.bincount(at[which], weights=counts, minlength=int(np.prod(shape)))
        return np.asarray(sums, dtype=np.float64).reshape(shape)

    return _Counts(summed("impressions"), summed("taken_impressions"))


def _appeal(counts: _Counts) -> tuple[Floats, Floats]:
    """Return the appeal of each colour to each audience, and how many it would have taken at everybody's rates."""
    of_all = counts.shown.sum(axis=0)
    rates = np.divide(counts.taken.sum(axis=0), of_all, out=np.zeros_like(of_all), where=of_all > 0)
    expected = counts.shown * rates
    of_genre = expected.sum(axis=1, keepdims=True)
    weights = np.divide(1.0, of_genre, out=np.zeros_like(of_genre), where=of_genre > 0)
    others_taken = counts.taken.sum(axis=1, keepdims=True) - counts.taken
    others_expected = of_genre - expected
    above = (counts.taken * others_expected * weights).sum(axis=2)
    below = (others_taken * expected * weights).sum(axis=2)
    appeal = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    return appeal, expected.sum(axis=2)


def _jackknife_variances(
    cells: pd.DataFrame, at: Ints, shape: tuple[int, ...], whole: _Counts, parts_of: str
) -> Floats:
    """Return the variance of the logarithm of each appeal, by how it differs without one part after the other."""
    of_sort = cells["parts_of"].eq(parts_of).to_numpy()
    part = cells["part"].to_numpy(dtype=np.int64)
    present = np.unique(part[of_sort])
    left_out = np.stack(
        [_appeal(whole.without(_counted(cells, at, shape, of_sort & (part == number))))[0] for number in present]
    )
    logs = np.log(left_out, where=left_out > 0, out=np.full_like(left_out, np.nan))
    return np.asarray((len(present) - 1) / len(present) * ((logs - logs.mean(axis=0)) ** 2).sum(axis=0))


def _accounts(cells: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return by audience and colour how many accounts were shown any of it, at least: those shown one of its genres."""
    of_accounts = cells[cells["parts_of"].eq("accounts")]
    of_genres = of_accounts.groupby(["audience", "colour_family", "genres"], as_index=False)["shown_accounts"].sum()
    most = of_genres.groupby(["audience", "colour_family"], as_index=False)["shown_accounts"].max()
    return {
        (str(audience), str(colour)): int(count)
        for audience, colour, count in zip(most["audience"], most["colour_family"], most["shown_accounts"], strict=True)
    }
