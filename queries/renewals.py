"""What the lifetime model says of the renewals that queries count: columns that are null in their SQL, filled in."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from queries.lifetime import Fit, Holdout, NotFittedError, Renewals, fit, holdout

RENEWALS = "renewals_by_month_of_life"
Ask = Callable[[str], pd.DataFrame]


def renewals_by_group(frame: pd.DataFrame) -> dict[str, Renewals]:
    """Return the renewals of each group of the rows of renewals_by_month_of_life, but for months that are hidden."""
    return {
        str(name): Renewals.of(
            *(
                rows[column].astype("float64").to_list()
                for column in ("month_of_life", "at_risk", "ended_subscriptions")
            )
        )
        for name, rows in frame.groupby("group_id", sort=False)
    }


def fit_or_none(renewals: Renewals) -> Fit | None:
    """Return the fitted model; None where it cannot be fitted."""
    try:
        return fit(renewals)
    except NotFittedError:
        return None


def holdout_or_none(renewals: Renewals) -> Holdout | None:
    """Return how far a forecast erred; None where none can be checked."""
    try:
        return holdout(renewals)
    except NotFittedError:
        return None


def with_survival(frame: pd.DataFrame, _ask: Ask) -> pd.DataFrame:
    """Fill in survival by month as fitted to all of them, and as forecast of those held out."""
    filled = frame.copy()
    for name, renewals in renewals_by_group(frame).items():
        own = (frame["group_id"] == name) & frame["survival"].notna()
        months = frame.loc[own, "month_of_life"].to_numpy(dtype=float)
        model, checked = fit_or_none(renewals), holdout_or_none(renewals)
        if model:
            filled.loc[own, "fitted_survival"] = model.survival(months)
        if checked:
            held_out = (months > checked.fitted_months) & (months <= checked.last_month)
            forecast = np.where(held_out, checked.model.survival(months), np.nan)
            filled.loc[own, "forecast_survival"] = forecast
            filled.loc[own, "constant_rate_survival"] = np.where(
                held_out, (1 - checked.constant_rate) ** months, np.nan
            )
    return filled


def with_errors(frame: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Fill in how far forecasts erred."""
    filled = frame.copy()
    for name, renewals in renewals_by_group(ask(RENEWALS)).items():
        checked = holdout_or_none(renewals)
        if checked:
            columns = ["fitted_months", "forecast_months", "forecast_error", "constant_rate_error"]
            filled.loc[frame["group_id"] == name, columns] = [
                checked.fitted_months,
                checked.last_month - checked.fitted_months,
                checked.model_error,
                checked.constant_rate_error,
            ]
    return filled


def with_values(frame: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Fill in the months that will be paid, with their interval, and what they are worth in the group's currency."""
    filled = frame.copy()
    for name, renewals in renewals_by_group(ask(RENEWALS)).items():
        own = frame["group_id"] == name
        model = fit_or_none(renewals)
        if not model or not own.any():
            continue
        discount = float(frame.loc[own, "discount_rate"].iloc[0]) / 100
        months = model.months_of_payment(discount)
        limits = model.months_interval(discount)
        seen = int(renewals.months.max())
        filled.loc[own, "lifetime_months"] = months
        filled.loc[own, "lifetime_months_low"], filled.loc[own, "lifetime_months_high"] = limits
        filled.loc[own, "share_beyond_data"] = 1 - model.months_within(seen + 1, discount) / months
        paid = frame.loc[own, "mean_price_minor"] * frame.loc[own, "margin"] / 100
        for column, count in zip(("", "_low", "_high"), (months, *limits), strict=True):
            filled.loc[own, f"customer_lifetime_value{column}"] = paid * count
    return filled
