"""What goes with leaving: a dot with its interval for each band of each factor, and the strongest in words."""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.chart_parts import records
from components.format import is_missing, list_text, value_text
from components.labels import value_label
from components.odds import odds_figure, odds_told, times_text
from definitions.leaving import FACTORS
from definitions.metric import Metric, Unit
from queries.filters import FilterState
from queries.run import SUPPRESSED

Z_95 = 1.959963984540054
UNTOLD = {
    "nobody left": "nobody left",
    "all left": "all left",
    "too few left": "too few left to tell",
    "not told apart": "cannot be told apart from other bands",
}
# A factor's bands as subjects of sentences, and those that are said otherwise.
SPOKEN = {
    "watched": "Accounts that watched {band}",
    "days_active": "Accounts active on {band}",
    "tenure": "Accounts subscribed for {band}",
    "plan": "Accounts on {band}",
    "device": "Accounts that watched mostly on {band}",
    "country": "Accounts in {band}",
}
SPOKEN_BANDS = {
    ("watched", "none"): "Accounts that did not watch",
    ("stalls", "few"): "Accounts with hardly any stalls",
    ("stalls", "some"): "Accounts with some stalls",
    ("stalls", "many"): "Accounts with many stalls",
    ("stalls", "unknown"): "Accounts whose stalls were not measured",
    ("searched", "none"): "Accounts that did not search",
    ("searched", "found"): "Accounts whose searches all had results",
    ("searched", "nothing"): "Accounts with searches without result",
    ("searched", "unknown"): "Accounts whose searches tell no results",
    ("tenure", "unknown"): "Accounts subscribed for an unknown time",
    ("plan", "unknown"): "Accounts on an unknown plan",
    ("device", "unknown"): "Accounts on unknown devices",
    ("country", "unknown"): "Accounts in unknown countries",
}


def odds_by_band(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw the odds ratio of each band with its 95 % interval, on a scale of multiples, and the raw one as a ring.

    ``frame`` has the columns factor, factor_name, band_name, is_reference, subscriptions, left_subscriptions, untold,
    raw_odds_ratio, the metric's own, and its limits.
    """
    rows = [row | {"band_name": _band_name(row)} for row in records(frame)]
    return odds_figure(rows, metric, lambda row: _hover(row, metric), _beside)


def strongest_association(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say of the band whose odds differ most, at the limit nearer to its reference's: «… had 1.8 times the odds …».

    As many bands as there are, one lies beyond its limits by chance: the difference has to be clear of all of them.
    """
    told = [row for row in records(frame) if not row["is_reference"] and not is_missing(row[f"{metric.name}_low"])]
    needed = _errors_needed(len(told))
    clear = [row for row in told if _errors_away(row, metric) > needed]
    if not clear:
        return "Nothing goes clearly with leaving here, other things equal" if told else metric.label
    row = max(clear, key=lambda row: _least_log_odds(row, metric))
    low, high = (times_text(row[f"{metric.name}_{limit}"]) for limit in ("low", "high"))
    return (
        f"{_spoken(row)} had {times_text(row[metric.name])} times the odds of leaving ({low} to {high}), "
        "other things equal: an association, not a cause"
    )


def what_odds_compare(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say what is compared, over which months, how many left, and what is not adjusted for and why."""
    first, last = (pd.Timestamp(frame[name].iloc[0]) for name in ("first_month", "last_month"))
    span = f"{first:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    of_factor = frame[frame["factor"] == frame["factor"].iloc[-1]]
    at_risk, left = (float(of_factor[name].sum()) for name in ("subscriptions", "left_subscriptions"))
    sentences = [
        "What goes with leaving, which need not be what causes it. Each subscription counts once for every month of 30 "
        "days of its life, from the second on: what its account did in one, and whether it left in the next.",
        f"{value_text(left, Unit.COUNT)} left in {value_text(at_risk, Unit.COUNT)} such months, over in {span}.",
    ]
    if first.date() < filters.start_day:
        sentences.append(
            "No whole month lies in the range, so "
            + ("the last one" if months == 1 else f"the last {months}")
            + " before its end are told."
        )
    adjusted = frame[frame["leaving_odds_ratio"].notna() & ~frame["is_reference"]]
    names = [str(name).lower() for name in dict.fromkeys(adjusted["factor_name"])]
    if names:
        sentences.append(
            f"Other things equal: {list_text(names)}. A square marks the band that the others are compared with."
        )
    too_few = frame[frame["untold"].eq("too few left")]
    if len(too_few):
        lacking = [str(name).lower() for name in dict.fromkeys(too_few["factor_name"])]
        sentences.append(f"Too few left to take {list_text(lacking)} into account as well.")
    told = set(frame["factor"])
    lacking = [factor.label.lower() for factor in FACTORS if factor.name not in told]
    if lacking:
        sentences.append(f"Without {list_text(lacking)}, in which nobody differs or of which nothing is known.")
    if filters.option("left_by") != "decision":
        sentences.append("Who left for want of payment did so on the day the payment failed, told 30 days later.")
    return " ".join(sentences)


def _beside(row: Mapping[str, Any]) -> str:
    if row.get(SUPPRESSED):
        return "hidden"
    return UNTOLD.get(str(row["untold"]), "")


def _hover(row: Mapping[str, Any], metric: Metric) -> str:
    if is_missing(row["subscriptions"]):
        return f"{row['factor_name']}: {row['band_name']}"
    ratio, interval, raw = odds_told(row, metric)
    lines = [
        ratio,
        f"{row['factor_name']}: {row['band_name']}",
        interval,
        raw,
        f"{row['left_subscriptions']:,.0f} of {row['subscriptions']:,.0f} left "
        f"({value_text(row['leaving_rate'], Unit.RATE)})",
    ]
    return "<br>".join(filter(None, lines))


def _errors_away(row: dict[str, Any], metric: Metric) -> float:
    """Return by how many standard errors the logarithm of an odds ratio differs from nought."""
    low, high = (math.log(row[f"{metric.name}_{limit}"]) for limit in ("low", "high"))
    return abs(math.log(row[metric.name])) / ((high - low) / (2 * Z_95))


def _least_log_odds(row: dict[str, Any], metric: Metric) -> float:
    return min(abs(math.log(row[f"{metric.name}_{limit}"])) for limit in ("low", "high"))


def _errors_needed(bands: int) -> float:
    """Return how many standard errors of one of so many bands are clear, where all are looked at (Bonferroni)."""
    return NormalDist().inv_cdf(1 - 0.025 / max(bands, 1))


def _band_name(row: Mapping[str, Any]) -> str:
    """Return what a band is called; a plan as on the other cards."""
    return value_label("plan", str(row["band"])) if row["factor"] == "plan" else str(row["band_name"])


def _spoken(row: dict[str, Any]) -> str:
    """Return a band as the subject of a sentence, such as «Accounts with many stalls»."""
    told = SPOKEN_BANDS.get((row["factor"], row["band"]))
    if told:
        return told
    name = _band_name(row)
    if row["factor"] not in ("plan", "device", "country"):
        name = name[:1].lower() + name[1:]
    return SPOKEN[row["factor"]].format(band=name)
