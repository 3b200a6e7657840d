"""Sizes of effects with their standard errors: differences and ratios of shares, and odds ratios."""

from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """A measured effect, its standard error, and the size that was planted where the two can be compared."""

    size: float
    error: float
    planted: float | None = None

    @property
    def score(self) -> float:
        """Standard errors above nought."""
        return self.size / self.error if self.size else 0.0


def _two_shares(rows: Any) -> tuple[Numbers, Numbers, Numbers]:
    """Return the shares of two groups, and what each account adds to the error of both.

    ``rows`` are (account, whether it is the second group, trials, hits); a trial hits or not, or several times.
    """
    _, account = np.unique(rows[:, 0], return_inverse=True)
    second = rows[:, 1].astype(int)
    trials, hits = np.zeros((2, account.max() + 1)), np.zeros((2, account.max() + 1))
    np.add.at(trials, (second, account), rows[:, 2].astype(float))
    np.add.at(hits, (second, account), rows[:, 3].astype(float))
    totals = trials.sum(axis=1)
    shares = hits.sum(axis=1) / totals
    return shares, (hits - shares[:, None] * trials) / totals[:, None], totals


def difference(rows: Any) -> Effect:
    """Return how much larger the share of the second group is; see ``_two_shares`` for the rows."""
    shares, parts, _ = _two_shares(rows)
    return Effect(float(shares[1] - shares[0]), float(np.sqrt(((parts[1] - parts[0]) ** 2).sum())))


def log_ratio(rows: Any, planted_ratio: float | None = None) -> Effect:
    """Return the logarithm of how many times as large the share of the second group is."""
    shares, parts, _ = _two_shares(rows)
    parts = parts / shares[:, None]
    planted = None if planted_ratio is None else log(planted_ratio)
    return Effect(float(log(shares[1] / shares[0])), float(np.sqrt(((parts[1] - parts[0]) ** 2).sum())), planted)


def log_odds_ratio(tables: Any, planted_ratio: float | None = None) -> Effect:
    """Return the logarithm of the odds ratio common to several fourfold tables, after Mantel and Haenszel.

    ``tables`` are (both, first only, second only, neither); the error is that of Robins, Breslow and Greenland.
    """
    both, first, second, neither = tables.astype(float).T
    count = tables.astype(float).sum(axis=1)
    like, unlike = both * neither / count, first * second / count
    agree, differ = (both + neither) / count, (first + second) / count
    variance = (
        (agree * like).sum() / (2 * like.sum() ** 2)
        + (agree * unlike + differ * like).sum() / (2 * like.sum() * unlike.sum())
        + (differ * unlike).sum() / (2 * unlike.sum() ** 2)
    )
    planted = None if planted_ratio is None else log(planted_ratio)
    return Effect(float(log(like.sum() / unlike.sum())), float(sqrt(variance)), planted)


def log_rate_ratio(tables: Any, planted_ratio: float | None = None) -> Effect:
    """Return the logarithm of the ratio of rates common to several accounts, after Mantel and Haenszel.

    ``tables`` are (hits, trials, other hits, other trials), a row each; the error comes from what each row adds.
    """
    hits, trials, other_hits, other_trials = tables.astype(float).T
    all_trials = trials + other_trials
    above, below = hits * other_trials / all_trials, other_hits * trials / all_trials
    error = np.sqrt(((above / above.sum() - below / below.sum()) ** 2).sum())
    planted = None if planted_ratio is None else log(planted_ratio)
    return Effect(float(log(above.sum() / below.sum())), float(error), planted)
