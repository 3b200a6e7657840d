"""What tests of covers found: by hand, arms of unlike sizes, several variants, and where there is too little."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, chisquare

from components.chart_parts import records
from queries.cover_verdicts import COLUMNS, verdicts


def arm(variant: str, accounts: list[tuple[int, int]], *, drawn: int | None = None, test: str = "t") -> dict[str, Any]:
    """One variant by what each account was shown and took."""
    shown, taken = (np.array(column) for column in zip(*accounts, strict=True))
    return {
        "experiment_id": test,
        "experiment_name": "Test",
        "started_on": None,
        "ended_on": None,
        "show_id": "title film",
        "name": "Film",
        "variant": variant,
        "image_hash": None,
        "told_by_exposures": True,
        "drawn_accounts": drawn or len(accounts),
        "shown_accounts": len(accounts),
        "impressions": int(shown.sum()),
        "taken_impressions": int(taken.sum()),
        "squared_impressions": int((shown**2).sum()),
        "squared_taken": int((taken**2).sum()),
        "impressions_by_taken": int((shown * taken).sum()),
    }


def by_variant(*arms: dict[str, Any]) -> dict[str, dict[str, Any]]:
    frame = verdicts(pd.DataFrame(list(arms)))
    assert list(frame) == list(COLUMNS)
    return {row["variant"]: row for row in records(frame)}


def test_a_difference_by_hand() -> None:
    # A: of 40 accounts shown 5 covers each, half take 1, half 2: 60 of 200, 0.3. Each is half a cover from its mean:
    # error² = 40 · 0.25 · 40/39 ÷ 200² = 0.00025641. B: half take 2, half 3: 100 of 200, the same error.
    rows = by_variant(arm("A", [(5, 1), (5, 2)] * 20), arm("B", [(5, 2), (5, 3)] * 20))
    assert rows["A"]["verdict"] == "control"
    assert np.isnan(rows["A"]["experiment_effect"])
    row = rows["B"]
    assert row["take_rate_difference"] == pytest.approx(0.2)
    error = np.sqrt(2 * 0.00025641)
    assert row["take_rate_difference_low"] == pytest.approx(0.2 - 1.959964 * error, abs=1e-6)
    assert row["take_rate_high"] == pytest.approx(0.5 + 1.959964 * np.sqrt(0.00025641), abs=1e-6)
    # Two thirds more; by the logarithm, with the errors each by its rate.
    assert row["experiment_effect"] == pytest.approx(2 / 3)
    of_log = np.sqrt(0.00025641 / 0.09 + 0.00025641 / 0.25)
    assert row["experiment_effect_low"] == pytest.approx(np.exp(np.log(5 / 3) - 1.959964 * of_log) - 1, abs=1e-6)
    assert row["verdict"] == "more"


def test_of_single_covers_the_error_is_that_of_shares() -> None:
    rows = by_variant(arm("A", [(1, 1)] * 30 + [(1, 0)] * 70), arm("B", [(1, 1)] * 31 + [(1, 0)] * 69))
    assert rows["A"]["take_rate_high"] == pytest.approx(0.3 + 1.959964 * np.sqrt(0.21 / 99), abs=1e-6)
    assert rows["B"]["verdict"] == "none"
    assert binomtest(31, 100, 0.3).pvalue > 0.05


def test_arms_of_unlike_sizes_are_not_trusted() -> None:
    accounts = [(1, 1)] * 200 + [(1, 0)] * 200
    rows = by_variant(arm("A", accounts, drawn=600), arm("B", accounts, drawn=400))
    assert rows["B"]["mismatch_p_value"] == pytest.approx(chisquare([600, 400]).pvalue)
    assert {row["verdict"] for row in rows.values()} == {"unequal arms"}


def test_several_variants_are_corrected_for() -> None:
    # Alone, B would be told apart from A at 5 %; of three against one control, not (Holm).
    a = arm("A", [(1, 1)] * 100 + [(1, 0)] * 300)
    b = arm("B", [(1, 1)] * 126 + [(1, 0)] * 274)
    alone = by_variant(a, b)["B"]
    assert alone["p_value"] < 0.05
    rows = by_variant(a, b, arm("C", [(1, 1)] * 101 + [(1, 0)] * 299), arm("D", [(1, 1)] * 99 + [(1, 0)] * 301))
    assert rows["B"]["p_value"] == pytest.approx(3 * alone["p_value"])
    assert rows["B"]["verdict"] == "none"


def test_the_control_is_the_variant_called_so() -> None:
    accounts = [(1, 1)] * 100 + [(1, 0)] * 300
    assert by_variant(arm("bold", accounts), arm("Control", accounts))["Control"]["is_control"]


def test_of_few_that_took_it_nothing_is_told() -> None:
    rows = by_variant(arm("A", [(1, 1)] * 9 + [(1, 0)] * 300), arm("B", [(1, 0)] * 309))
    assert rows["B"]["verdict"] == "too few"
    assert rows["B"]["take_rate"] == 0


def test_a_variant_that_nobody_was_shown_has_no_rate() -> None:
    rows = by_variant(arm("A", [(1, 1)] * 20 + [(1, 0)] * 20), arm("B", [(0, 0)] * 40))
    assert np.isnan(rows["B"]["take_rate"])
    assert rows["B"]["verdict"] == "too few"


def test_without_tests_there_is_nothing_to_tell() -> None:
    assert verdicts(pd.DataFrame([arm("A", [(1, 1)])]).head(0)).empty
