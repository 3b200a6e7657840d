"""What tests of covers found: the difference in take rate by the variant drawn, and whether it can be trusted."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2
from scipy.stats import norm as normal

from queries.odds import Z_95

# Arms of sizes so unlike each other are not what was drawn (metrics.md).
MISMATCH_P = 0.001
ALPHA = 0.05
# Of fewer that took it, a normal distribution tells nothing.
FEWEST_TAKEN = 10

COLUMNS = (
    "experiment_id",
    "experiment_name",
    "started_on",
    "ended_on",
    "show_id",
    "name",
    "variant",
    "is_control",
    "image_hash",
    "told_by_exposures",
    "drawn_accounts",
    "shown_accounts",
    "impressions",
    "taken_impressions",
    "take_rate",
    "take_rate_low",
    "take_rate_high",
    "take_rate_difference",
    "take_rate_difference_low",
    "take_rate_difference_high",
    "experiment_effect",
    "experiment_effect_low",
    "experiment_effect_high",
    "p_value",
    "mismatch_p_value",
    "verdict",
    "accounts",
)


def verdicts(arms: pd.DataFrame) -> pd.DataFrame:
    """Return the variants of each experiment with how they differ from its control, and the verdict.

    ``arms`` has the columns of cover_tests_by_variant. The control is the variant called so, else the first by name.
    Rates are ratios of sums over accounts, so errors are those between accounts (the delta method); limits are of
    95 %. ``p_value`` is that of two sides, corrected for several variants (Holm 1979); ``mismatch_p_value`` is that of
    χ² of the accounts drawn against equal arms. ``verdict``: control, unequal arms, too few, more, less, or none.
    """
    rows = [row for _, of_test in arms.groupby("experiment_id", sort=False) for row in _of_test(of_test)]
    return pd.DataFrame(rows, columns=list(COLUMNS)) if rows else pd.DataFrame(columns=list(COLUMNS))


def _of_test(of_test: pd.DataFrame) -> list[dict[str, Any]]:
    rows = of_test.sort_values("variant").to_dict("records")
    found: list[dict[str, Any]] = [{str(name): value for name, value in row.items()} for row in rows]
    control = next((row for row in found if str(row["variant"]).lower() == "control"), found[0])
    drawn = np.array([row["drawn_accounts"] for row in found], dtype=float)
    statistic = ((drawn - drawn.mean()) ** 2 / drawn.mean()).sum()
    mismatch = float(chi2.sf(statistic, len(found) - 1)) if len(found) > 1 else np.nan
    rate, error = _rate(control)
    for row in found:
        own_rate, own_error = _rate(row)
        row |= {
            "is_control": row is control,
            "take_rate": own_rate,
            "take_rate_low": max(0.0, own_rate - Z_95 * own_error),
            "take_rate_high": min(1.0, own_rate + Z_95 * own_error),
            "mismatch_p_value": mismatch,
            "accounts": row["drawn_accounts"],
            "p_value": np.nan,
        }
        difference, of_difference = own_rate - rate, np.hypot(error, own_error)
        ratio = own_rate / rate if rate else np.nan
        of_ratio = np.hypot(error / rate, own_error / own_rate) if rate and own_rate else np.nan
        compared = row is not control
        row |= _limited("take_rate_difference", difference, difference, of_difference, compared=compared)
        row |= _limited("experiment_effect", ratio - 1, np.log(ratio) if ratio else np.nan, of_ratio, compared=compared)
        if compared:
            for name in ("experiment_effect_low", "experiment_effect_high"):
                row[name] = np.exp(row[name]) - 1
            row["p_value"] = 2 * normal.sf(abs(difference) / of_difference) if of_difference else np.nan
    _correct(found)
    for row in found:
        row["verdict"] = _verdict(row, control, mismatch)
    return found


def _rate(row: dict[str, Any]) -> tuple[float, float]:
    """Return the take rate of an arm, and its error between accounts."""
    shown, taken, accounts = (float(row[name]) for name in ("impressions", "taken_impressions", "shown_accounts"))
    if not shown or accounts < 2:
        return np.nan, np.nan
    rate = taken / shown
    squares = row["squared_taken"] - 2 * rate * row["impressions_by_taken"] + rate**2 * row["squared_impressions"]
    return rate, float(np.sqrt(max(squares, 0.0) * accounts / (accounts - 1)) / shown)


def _limited(name: str, value: float, middle: float, error: float, *, compared: bool) -> dict[str, float]:
    if not compared:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), np.nan)
    return {name: value, f"{name}_low": middle - Z_95 * error, f"{name}_high": middle + Z_95 * error}


def _correct(found: list[dict[str, Any]]) -> None:
    """Correct the p-values of several variants against one control (Holm 1979)."""
    compared = sorted((row for row in found if not np.isnan(row["p_value"])), key=lambda row: float(row["p_value"]))
    least = 0.0
    for place, row in enumerate(compared):
        least = max(least, min(1.0, row["p_value"] * (len(compared) - place)))
        row["p_value"] = least


def _verdict(row: dict[str, Any], control: dict[str, Any], mismatch: float) -> str:
    if mismatch < MISMATCH_P:
        return "unequal arms"
    if row is control:
        return "control"
    if min(row["taken_impressions"], control["taken_impressions"]) < FEWEST_TAKEN or np.isnan(row["p_value"]):
        return "too few"
    if row["p_value"] >= ALPHA:
        return "none"
    return "more" if row["take_rate_difference"] > 0 else "less"
