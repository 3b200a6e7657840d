"""How long subscriptions go on: the shifted-beta-geometric model, fitted by likelihood, forecast and summed up."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, xlog1py, xlogy

from definitions.errors import UserError

Numbers = NDArray[np.float64]

# Beyond so large a sum of alpha and beta all end alike; below so small a one some end at once and the others never.
ALIKE_FROM = 1e4
APART_TO = 1e-3
# Where all end alike, twice the gain in log-likelihood is 0 with chance 1/2, else χ² of one degree (Self and Liang
# 1987): it exceeds this in one of twenty.
GAIN_BEYOND_CHANCE = 2.705543454095404
NORMAL_95 = 1.959963984540054
MONTHS_A_YEAR = 12
LEAST_WEIGHT = 1e-9
# Fewer at risk in a month tell too little of it to judge a forecast by.
JUDGED_FROM_AT_RISK = 30
JUDGED_FROM_MONTHS = 3


class NotFittedError(UserError):
    """The model cannot be fitted to these renewals; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Renewals:
    """Of several cohorts together: how many were there when a month of life began (from 1), and how many ended in it.

    That is all that the likelihood asks of cohorts, whatever their lengths: who is there at the end is in ``at_risk``
    of every month seen, and in none later (right-censoring); who is seen from a later month on is in ``at_risk`` from
    then (left truncation).
    """

    months: Numbers
    at_risk: Numbers
    ended: Numbers

    @classmethod
    def of(cls, months: Sequence[float], at_risk: Sequence[float], ended: Sequence[float]) -> "Renewals":
        """Return those of the months in which anybody was at risk; months that are not known (NaN) are left out."""
        columns = [np.asarray(column, dtype=float) for column in (months, at_risk, ended)]
        known = (columns[1] > 0) & ~np.isnan(columns[2])
        return cls(*(column[known] for column in columns))

    @property
    def ending_rate(self) -> float:
        """The share that ends a month, were it the same in all."""
        return float(self.ended.sum() / self.at_risk.sum())

    @property
    def survival(self) -> Numbers:
        """The share that is still there after each month; known where no month before is missing."""
        whole = np.where(self.months == np.arange(1, len(self.months) + 1), 1 - self.ended / self.at_risk, np.nan)
        survival: Numbers = np.cumprod(whole, dtype=np.float64)
        return survival

    def up_to(self, month: int) -> "Renewals":
        """Return those of the months up to one."""
        kept = self.months <= month
        return Renewals(self.months[kept], self.at_risk[kept], self.ended[kept])


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: the mean share that ends in the first month, and how far subscriptions differ in it.

    ``spread`` is 1 / (alpha + beta), 0 where all end alike: the geometric model, which is the limit of the other.
    ``covariance`` is that of both, of the rate alone where the spread is 0. ``gain`` is twice by how much the
    log-likelihood exceeds that of the geometric model.
    """

    rate: float
    spread: float
    covariance: tuple[tuple[float, ...], ...]
    gain: float

    @property
    def alpha(self) -> float:
        """The first parameter of the beta distribution of ending rates; infinite where all end alike."""
        return self.rate / self.spread if self.spread else math.inf

    @property
    def beta(self) -> float:
        """The second one."""
        return (1 - self.rate) / self.spread if self.spread else math.inf

    @property
    def falls(self) -> bool:
        """Whether the ending rate falls with age beyond chance (likelihood-ratio test, 5 %)."""
        return self.spread > 0 and self.gain > GAIN_BEYOND_CHANCE

    def survival(self, months: Numbers) -> Numbers:
        """Return the share that is still there after so many months: B(alpha, beta + t) / B(alpha, beta)."""
        if not self.spread:
            logarithms: Numbers = xlog1py(months, -self.rate)
        else:
            logarithms = betaln(self.alpha, self.beta + months) - betaln(self.alpha, self.beta)
        return np.exp(logarithms)

    def ending_rates(self, months: Numbers) -> Numbers:
        """Return the share that ends in each month of life: alpha / (alpha + beta + t - 1)."""
        return self.rate / (1 + self.spread * (months - 1))

    def months_of_payment(self, yearly_discount: float) -> float:
        """Return Σ S(t) / (1 + d)^t over months from 0 on, of which each is paid at its beginning.

        d is the monthly discount that compounds to the yearly one, which lies above 0. All months are summed that weigh
        a billionth or more, by which the sum is that of endless months (2F1(1, beta; alpha + beta; 1 / (1 + d)), after
        Fader and Hardie, Marketing Science, 2010) to more digits than are shown.
        """
        return _months_of_payment(self.rate, self.spread, yearly_discount)

    def months_within(self, months: int, yearly_discount: float) -> float:
        """Return the same, of the payments at the beginnings of so many months alone."""
        return _summed(self, months, yearly_discount)

    def months_interval(self, yearly_discount: float) -> tuple[float, float]:
        """Return the 95 % interval of ``months_of_payment`` by the delta method, on the scale of logarithms.

        It tells of what is not known of the parameters, not of how far the model holds beyond the months seen. Where
        all end alike, the spread is taken for known.
        """
        value = self.months_of_payment(yearly_discount)
        step = min(1e-5, self.rate / 2, (1 - self.rate) / 2)
        slopes = [_slope(self.rate, step, lambda rate: _months_of_payment(rate, self.spread, yearly_discount))]
        if self.spread:
            step = min(1e-5, self.spread / 2)
            slopes.append(
                _slope(self.spread, step, lambda spread: _months_of_payment(self.rate, spread, yearly_discount))
            )
        variance = float(np.array(slopes) @ np.array(self.covariance) @ np.array(slopes))
        factor = math.exp(NORMAL_95 * math.sqrt(max(variance, 0.0)) / value)
        return max(1.0, value / factor), value * factor


@dataclass(frozen=True, slots=True)
class Holdout:
    """How far forecasts of survival erred: made of the first ``fitted_months``, judged by those up to ``last_month``.

    The errors are means over the months forecast of |forecast - observed|, both from 0 to 1: of the model's, and of
    that of a constant ending rate, fitted to the same months.
    """

    fitted_months: int
    last_month: int
    model: Fit
    constant_rate: float
    model_error: float
    constant_rate_error: float


def fit(renewals: Renewals) -> Fit:
    """Fit the model by maximum likelihood; raises NotFittedError where the renewals do not tell its parameters.

    P(T = t) = B(alpha + 1, beta + t - 1) / B(alpha, beta), so of those that are there when month t of their life begins
    alpha / (alpha + beta + t - 1) end in it, and the likelihood of Fader and Hardie, Journal of Interactive Marketing,
    2007, is the product of these rates over all endings and of their complements over all renewals. In this form who is
    seen from a later month on is exact too: what came before is what their likelihood is conditional on.
    """
    at_risk, ended = renewals.at_risk, renewals.ended
    if not at_risk.sum():
        raise NotFittedError("No month of life can be looked at as a whole, so nothing can be fitted.")
    if not ended.sum():
        raise NotFittedError("Nobody ended, so nothing tells how long subscriptions go on.")
    if ended.sum() == at_risk.sum():
        raise NotFittedError("Nobody stayed, so nothing tells how long subscriptions go on.")
    if len(at_risk) < 2:
        raise NotFittedError("Only one month of life is seen, which does not tell how the ending rate changes.")
    since, stayed = renewals.months - 1, at_risk - ended
    rate = renewals.ending_rate
    alike = _log_likelihood(rate, 0.0, renewals)

    def loss(logarithms: Numbers) -> tuple[float, Numbers]:
        alpha, beta = np.exp(logarithms)
        total = alpha + beta + since
        value = np.sum(ended * np.log(alpha / total) + stayed * np.log((beta + since) / total))
        shared = np.sum(at_risk / total)
        slopes = np.array([ended.sum() - alpha * shared, beta * (np.sum(stayed / (beta + since)) - shared)])
        return -value / at_risk.sum(), -slopes / at_risk.sum()

    def curvature(logarithms: Numbers) -> Numbers:
        alpha, beta = np.exp(logarithms)
        total = alpha + beta + since
        shared, shared_squares = np.sum(at_risk / total), np.sum(at_risk / total**2)
        of_alpha = -alpha * shared + alpha**2 * shared_squares
        of_both = alpha * beta * shared_squares
        of_beta = beta * (np.sum(stayed / (beta + since)) - shared)
        of_beta += beta**2 * (shared_squares - np.sum(stayed / (beta + since) ** 2))
        curved: Numbers = -np.array([[of_alpha, of_both], [of_both, of_beta]]) / at_risk.sum()
        return curved

    # Not above: it takes a fifth of what it takes to load the app, and most processes fit nothing.
    from scipy.optimize import minimize

    # From a spread of 0.2: as if the first month's rate had been seen of five. Steps are of a factor of e² at most, so
    # that nothing overflows where the parameters run away.
    start = np.log([5 * rate, 5 * (1 - rate)])
    options = {"gtol": 1e-9, "max_trust_radius": 2.0, "maxiter": 60}
    found = minimize(loss, start, jac=True, hess=curvature, method="trust-ncg", options=options)
    alpha, beta = (float(value) for value in np.exp(found.x))
    gain = 2 * (-float(found.fun) * float(at_risk.sum()) - alike)
    if alpha + beta < APART_TO:
        raise NotFittedError(
            "As it seems some end at once and the others never, which a few months cannot tell: nothing is fitted."
        )
    if gain < 1e-6 or alpha + beta > ALIKE_FROM:
        variance = rate * (1 - rate) / float(at_risk.sum())
        return Fit(rate, 0.0, ((variance,),), 0.0)
    rate, spread = alpha / (alpha + beta), 1 / (alpha + beta)
    return Fit(rate, spread, _covariance(rate, spread, renewals), gain)


def holdout(renewals: Renewals) -> Holdout:
    """Fit the first two thirds of the months of life, and judge by the rest; raises NotFittedError.

    The months are those from the first on, without a gap, in each of which 30 or more were at risk; of 3 or more, the
    first ⌊2/3⌋ are fitted.
    """
    judged = int(np.cumprod((renewals.months == np.arange(1, len(renewals.months) + 1)) & _are_many(renewals)).sum())
    if judged < JUDGED_FROM_MONTHS:
        raise NotFittedError(
            f"Fewer than {JUDGED_FROM_MONTHS} months of life have {JUDGED_FROM_AT_RISK} at risk, so no forecast can be "
            "checked."
        )
    fitted_months = 2 * judged // 3
    known = renewals.up_to(fitted_months)
    model = fit(known)
    months = np.arange(fitted_months + 1, judged + 1, dtype=float)
    observed = renewals.survival[fitted_months:judged]
    constant = (1 - known.ending_rate) ** months
    return Holdout(
        fitted_months,
        judged,
        model,
        known.ending_rate,
        float(np.mean(np.abs(model.survival(months) - observed))),
        float(np.mean(np.abs(constant - observed))),
    )


def monthly_discount(yearly_discount: float) -> float:
    """Return the monthly discount that compounds to a yearly one, both as shares."""
    return math.expm1(math.log1p(yearly_discount) / MONTHS_A_YEAR)


def _are_many(renewals: Renewals) -> NDArray[np.bool_]:
    return renewals.at_risk >= JUDGED_FROM_AT_RISK


def _months_of_payment(rate: float, spread: float, yearly_discount: float) -> float:
    discount = monthly_discount(yearly_discount)
    if not spread:
        return 1 / (1 - (1 - rate) / (1 + discount))
    months = math.ceil(-math.log(LEAST_WEIGHT) / math.log1p(discount))
    return _summed(Fit(rate, spread, (), 0.0), months, yearly_discount)


def _summed(model: Fit, months: int, yearly_discount: float) -> float:
    since = np.arange(months, dtype=float)
    return float(np.sum(model.survival(since) * np.exp(-since * math.log1p(monthly_discount(yearly_discount)))))


def _slope(at: float, step: float, value: Callable[[float], float]) -> float:
    return (value(at + step) - value(at - step)) / (2 * step)


def _log_likelihood(rate: float, spread: float, renewals: Renewals) -> float:
    since = spread * (renewals.months - 1)
    stayed = renewals.at_risk - renewals.ended
    return float(
        np.sum(xlogy(renewals.ended, rate) + xlogy(stayed, 1 - rate + since) - xlog1py(renewals.at_risk, since))
    )


def _covariance(rate: float, spread: float, renewals: Renewals) -> tuple[tuple[float, ...], ...]:
    """Return the inverse of the information observed of rate and spread: the likelihood is regular in them."""
    since, at_risk = renewals.months - 1, renewals.at_risk
    stayed = (at_risk - renewals.ended) / (1 - rate + spread * since) ** 2
    of_rate = renewals.ended.sum() / rate**2 + stayed.sum()
    of_both = -np.sum(since * stayed)
    of_spread = np.sum(since**2 * stayed) - np.sum(at_risk * since**2 / (1 + spread * since) ** 2)
    inverse = np.linalg.inv(np.array([[of_rate, of_both], [of_both, of_spread]]))
    return tuple(tuple(float(value) for value in row) for row in inverse)
