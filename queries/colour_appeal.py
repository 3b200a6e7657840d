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
# The row that pools each audience's own colour.
ALL, OWN = "all", "own colour"
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
    """Covers shown, taken, and taken at everybody's rates, by audience, colour and stratum: axes in this order."""

    shown: Floats
    taken: Floats
    expected: Floats

    def without(self, other: "_Counts") -> "_Counts":
        return _Counts(self.shown - other.shown, self.taken - other.taken, self.expected - other.expected)

    def added_up(self) -> "_Counts":
        """Return the same with all strata taken for one."""
        return _Counts(*(counts.sum(axis=2, keepdims=True) for counts in (self.shown, self.taken, self.expected)))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each row of cells counts; ``own`` are the audiences, and the colours, of those told by that colour."""

    audiences: tuple[str, ...]
    colours: tuple[str, ...]
    strata: int
    at: Ints
    own: tuple[list[int], list[int]]

    @property
    def shape(self) -> tuple[int, int, int]:
        return len(self.audiences), len(self.colours), self.strata

    def counted(self, cells: pd.DataFrame, which: Bools) -> _Counts:
        """Add up those cells."""

        def summed(name: str) -> Floats:
            counts = cells[name].to_numpy(dtype=float)[which]
            sums = np.bincount(self.at[which], weights=counts, minlength=int(np.prod(self.shape)))
            return np.asarray(sums, dtype=np.float64).reshape(self.shape)

        return _Counts(summed("impressions"), summed("taken_impressions"), summed("expected_taken"))


def appeal_by_audience(cells: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each audience and colour, the largest audiences first, with how the colour appeals to it.

    ``cells`` has the columns audience_by, audience, colour_family, stratum, parts_of, part, impressions,
    taken_impressions, expected_taken (at everybody's rates of the same covers), shown_accounts, first_month and
    last_month. Within strata, of genres and the half of the titles that a taste is judged by, what an audience took of
    a colour is put beside what was expected, and this beside the same of all other colours: a ratio of two, pooled as
    Mantel and Haenszel do (JNCI, 1959; of rates, Rothman and Boice, 1979). Audiences told by a colour have a last row,
    of ALL and OWN: each one's own colour, pooled over them in the same way. Limits are of 95 %, by leaving out one part
    of the accounts after the other, and of the titles (the jackknife). ``is_clear``: no 1, however many such ratios
    are looked at (Bonferroni; half of the 5 % is for that last row, where there is one). Of those of unknown audience
    nothing is told but what everybody takes.
    """
    if cells.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    cells = cells.assign(audience=_largest(cells))
    layout = _laid_out(cells)
    whole = layout.counted(cells, cells["parts_of"].eq("accounts").to_numpy())
    appeal, raw = (_appeals(counts, layout) for counts in (whole, whole.added_up()))
    by_accounts, by_titles, by_both = (_jackknife_variances(cells, layout, whole, parts_of) for parts_of in PARTS_OF)
    # Accounts differ, and titles do; what each pair of them adds is in both (Cameron, Gelbach and Miller 2011).
    errors = np.sqrt(np.maximum(np.maximum(by_accounts, by_titles), by_accounts + by_titles - by_both))
    shown, taken, expected = (
        _with_own(of_all.sum(axis=2), layout) for of_all in (whole.shown, whole.taken, whole.expected)
    )
    log_appeal = _log(appeal)
    parts = min(cells.loc[cells["parts_of"].eq(parts_of), "part"].nunique() for parts_of in PARTS_OF)
    enough = (expected >= FEWEST_EXPECTED) & (parts >= FEWEST_PARTS)
    told = enough & np.isfinite(log_appeal) & (errors > 0)
    told[_unknown(layout)] = False
    degrees = max(parts - 1, 1)
    reach = float(student.ppf(1 - ALPHA / 2, degrees)) * errors
    is_clear = told & (np.abs(log_appeal) > student.ppf(1 - _alphas(told, layout) / 2, degrees) * errors)
    accounts = _accounts(cells)
    names = [(audience, colour) for audience in layout.audiences for colour in layout.colours]
    if layout.own[0]:
        names.append((ALL, OWN))
        accounts[ALL, OWN] = max(accounts.get((audience, audience), 0) for audience in layout.audiences)
    frame = pd.DataFrame(
        {
            "audience_by": cells["audience_by"].iloc[0],
            "audience": [audience for audience, _ in names],
            "audience_rank": [1 + place // len(layout.colours) for place in range(len(names))],
            "colour_family": [colour for _, colour in names],
            "impressions": shown.astype(np.int64),
            "taken_impressions": taken.astype(np.int64),
            "take_rate": np.divide(taken, shown, out=np.full_like(shown, np.nan), where=shown > 0),
            "expected_taken": expected,
            **{
                name: np.where(told, values, np.nan)
                for name, values in (
                    ("colour_appeal", appeal),
                    ("colour_appeal_low", np.exp(log_appeal - reach)),
                    ("colour_appeal_high", np.exp(log_appeal + reach)),
                    ("raw_colour_appeal", raw),
                )
            },
            "is_clear": is_clear,
            "untold": pd.Series(np.where(enough, "none taken", "too few"), dtype=object).mask(told, None),
            "first_month": cells["first_month"].min(),
            "last_month": cells["last_month"].max(),
            "accounts": [accounts.get(name, 0) for name in names],
        },
        columns=list(COLUMNS),
    )
    return frame[(shown > 0) & frame["audience"].ne(UNKNOWN)].reset_index(drop=True)


def _by_size(cells: pd.DataFrame) -> list[str]:
    sizes = cells.groupby("audience")["impressions"].sum()
    return sorted(map(str, sizes.index), key=lambda name: (name == OTHERS, -int(sizes[name]), name))


def _largest(cells: pd.DataFrame) -> "pd.Series[str]":
    """Return each row's audience, those beyond the largest as one."""
    kept = [name for name in _by_size(cells) if name != UNKNOWN]
    if len(kept) <= MOST_AUDIENCES:
        return cells["audience"]
    return cells["audience"].where(cells["audience"].isin([*kept[: MOST_AUDIENCES - 1], UNKNOWN]), OTHERS)


def _laid_out(cells: pd.DataFrame) -> _Layout:
    audiences = tuple(name for name in _by_size(cells) if name != UNKNOWN)
    colours = tuple(map(str, dict.fromkeys(cells["colour_family"])))
    strata, number = np.unique(cells["stratum"], return_inverse=True)
    axes = (
        cells["audience"].map({name: place for place, name in enumerate((*audiences, UNKNOWN))}).to_numpy(np.int64),
        cells["colour_family"].map({name: place for place, name in enumerate(colours)}).to_numpy(np.int64),
        number,
    )
    shape = len(audiences) + 1, len(colours), len(strata)
    told_by_colour = cells["audience_by"].iloc[0] == "colour"
    own = [name for name in audiences if name in colours] if told_by_colour else []
    return _Layout(
        (*audiences, UNKNOWN),
        colours,
        len(strata),
        np.asarray(np.ravel_multi_index(axes, shape), dtype=np.int64),
        ([audiences.index(name) for name in own], [colours.index(name) for name in own]),
    )


def _with_own(of_cells: Floats, layout: _Layout) -> Floats:
    """Return what is told of each audience and colour in one row, and at its end the sum over own colours, if any."""
    own = [of_cells[layout.own].sum()] if layout.own[0] else []
    return np.append(of_cells.ravel(), own)


def _appeals(counts: _Counts, layout: _Layout) -> Floats:
    """Return the appeal of each colour to each audience, and of the own colours where there are such."""
    of_stratum = counts.expected.sum(axis=1, keepdims=True)
    weights = np.divide(1.0, of_stratum, out=np.zeros_like(of_stratum), where=of_stratum > 0)
    others_taken = counts.taken.sum(axis=1, keepdims=True) - counts.taken
    others_expected = of_stratum - counts.expected
    above = _with_own((counts.taken * others_expected * weights).sum(axis=2), layout)
    below = _with_own((others_taken * counts.expected * weights).sum(axis=2), layout)
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _log(appeal: Floats) -> Floats:
    return np.log(appeal, where=appeal > 0, out=np.full_like(appeal, np.nan))


def _unknown(layout: _Layout) -> slice:
    """Return where the colours of the last audience are, the unknown one."""
    last = len(layout.audiences) * len(layout.colours)
    return slice(last - len(layout.colours), last)


def _alphas(told: Bools, layout: _Layout) -> Floats:
    """Return for each appeal how often chance may call it clear."""
    cells = len(layout.audiences) * len(layout.colours)
    share = ALPHA / 2 if layout.own[0] else ALPHA
    return np.where(np.arange(len(told)) < cells, share / max(int(told[:cells].sum()), 1), share)


def _jackknife_variances(cells: pd.DataFrame, layout: _Layout, whole: _Counts, parts_of: str) -> Floats:
    """Return the variance of the logarithm of each appeal, by how it differs without one part after the other."""
    of_sort = cells["parts_of"].eq(parts_of).to_numpy()
    part = cells["part"].to_numpy(dtype=np.int64)
    present = np.unique(part[of_sort])
    left_out = np.stack(
        [_appeals(whole.without(layout.counted(cells, of_sort & (part == number))), layout) for number in present]
    )
    logs = _log(left_out)
    return np.asarray((len(present) - 1) / len(present) * ((logs - logs.mean(axis=0)) ** 2).sum(axis=0))


def _accounts(cells: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return by audience and colour how many accounts were shown any of it, at least: those shown one title."""
    of_accounts = cells[cells["parts_of"].eq("accounts")]
    strata = ["audience", "colour_family", "stratum"]
    of_strata = of_accounts.groupby(strata, as_index=False, dropna=False)["shown_accounts"].sum()
    most = of_strata.groupby(["audience", "colour_family"], as_index=False)["shown_accounts"].max()
    return {
        (str(audience), str(colour)): int(count)
        for audience, colour, count in zip(most["audience"], most["colour_family"], most["shown_accounts"], strict=True)
    }
