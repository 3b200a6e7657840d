"""Odds of leaving, other things equal: by hand, as statsmodels fits them, and where there is nothing to tell."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from definitions.leaving import FACTORS
from queries.odds import COLUMNS, fit_log_odds, odds_by_band

Z_95 = 1.959963984540054


def cells(*rows: tuple[dict[str, str], int, int]) -> pd.DataFrame:
    """Cells by the bands that are named, all others null, with how many there were and how many left."""
    names = [factor.name for factor in FACTORS]
    return pd.DataFrame(
        [
            [*(bands.get(name) for name in names), subscriptions, left, date(2026, 1, 1), date(2026, 2, 1)]
            for bands, subscriptions, left in rows
        ],
        columns=[*names, "subscriptions", "left_subscriptions", "first_month", "last_month"],
    )


def by_band(frame: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["factor"], row["band"]): row for row in frame.to_dict("records")}  # type: ignore[misc]


def test_one_table_of_two_by_two_by_hand() -> None:
    # Of 100 with many stalls 30 left, of 300 with few 40: (30 · 260) ÷ (70 · 40) = 2.7857. Woolf: the logarithm's error
    # is the root of 1/30 + 1/70 + 1/40 + 1/260 = 0.076465, 0.276523; limits 2.7857 · exp(∓1.96 · 0.276523).
    frame = odds_by_band(cells(({"stalls": "few"}, 300, 40), ({"stalls": "many"}, 100, 30)))
    assert list(frame) == list(COLUMNS)
    rows = by_band(frame)
    assert rows["stalls", "few"]["is_reference"]
    row = rows["stalls", "many"]
    for name in ("raw_odds_ratio", "leaving_odds_ratio"):
        told = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
        assert told == pytest.approx([2.785714, 1.620166, 4.789760], abs=1e-5)
    assert (row["subscriptions"], row["left_subscriptions"], row["leaving_rate"]) == (100, 30, 0.3)
    # A hundred in two months: fifty accounts at least.
    assert row["accounts"] == 50


def test_other_things_equal_a_difference_that_is_the_plans_is_not_the_stalls() -> None:
    # By plan, stalls make no difference: a half leaves of one, a tenth of the other. Who stalls is oftener of the one.
    frame = odds_by_band(
        cells(
            ({"plan": "a", "stalls": "few"}, 100, 50),
            ({"plan": "a", "stalls": "many"}, 200, 100),
            ({"plan": "b", "stalls": "few"}, 400, 40),
            ({"plan": "b", "stalls": "many"}, 100, 10),
        )
    )
    row = by_band(frame)["stalls", "many"]
    assert row["leaving_odds_ratio"] == pytest.approx(1, abs=1e-9)
    assert row["raw_odds_ratio"] == pytest.approx(110 * 410 / (190 * 90))
    assert by_band(frame)["plan", "a"]["leaving_odds_ratio"] == pytest.approx(9, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_log_odds_are_those_of_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    design = (random.random((24, 4)) < [0.5, 0.4, 0.3, 0.6]).astype(float)
    at_risk = random.integers(20, 400, 24).astype(float)
    chances = 1 / (1 + np.exp(2 - design @ np.array([0.8, -0.5, 0.3, 0.1])))
    left = random.binomial(at_risk.astype(int), chances).astype(float)
    with_constant = np.column_stack([np.ones(24), design])
    if np.linalg.matrix_rank(with_constant) < 5:
        return
    found = fit_log_odds(design, at_risk, left)
    model = GLM(np.column_stack([left, at_risk - left]), with_constant, family=Binomial())
    told = model.fit(tol=1e-12, maxiter=100)
    assert found.log_odds == pytest.approx(told.params[1:], abs=1e-6)
    assert found.errors == pytest.approx(told.bse[1:], abs=1e-6)


def test_a_band_that_nobody_left_is_untold_and_leaves_the_others_as_they_are() -> None:
    told = [({"stalls": "few"}, 300, 40), ({"stalls": "many"}, 100, 30)]
    frame = odds_by_band(cells(*told, ({"stalls": "some"}, 50, 0)))
    rows = by_band(frame)
    assert rows["stalls", "some"]["untold"] == "nobody left"
    assert np.isnan(rows["stalls", "some"]["leaving_odds_ratio"])
    assert rows["stalls", "many"]["leaving_odds_ratio"] == pytest.approx(2.785714, abs=1e-5)


def test_a_band_that_all_left_is_untold() -> None:
    frame = odds_by_band(cells(({"plan": "a"}, 300, 40), ({"plan": "b"}, 100, 30), ({"plan": "c"}, 5, 5)))
    assert by_band(frame)["plan", "c"]["untold"] == "all left"


def test_bands_that_tell_the_same_are_not_told_apart() -> None:
    # All in India have the plan a; what stalls do can be told all the same.
    frame = odds_by_band(
        cells(
            ({"plan": "a", "country": "IN", "stalls": "few"}, 300, 30),
            ({"plan": "a", "country": "IN", "stalls": "many"}, 100, 25),
            ({"plan": "b", "country": "FR", "stalls": "few"}, 400, 20),
            ({"plan": "b", "country": "FR", "stalls": "many"}, 100, 12),
        )
    )
    rows = by_band(frame)
    assert {key for key, row in rows.items() if row["untold"] == "not told apart"} == {("plan", "a"), ("country", "IN")}
    assert rows["stalls", "many"]["leaving_odds_ratio"] > 1


def test_odds_that_are_not_finite_are_not_told() -> None:
    # Nobody left of those with some stalls on the plan b, and of those with few on a: together they are infinite.
    frame = odds_by_band(
        cells(
            ({"plan": "a", "stalls": "few"}, 100, 0),
            ({"plan": "a", "stalls": "some"}, 100, 40),
            ({"plan": "b", "stalls": "few"}, 100, 40),
            ({"plan": "b", "stalls": "some"}, 100, 100),
        )
    )
    told = [row for row in by_band(frame).values() if not row["is_reference"] and row["untold"] is None]
    assert all(row["leaving_odds_ratio"] < 1000 for row in told)


def test_a_factor_in_which_nobody_differs_is_left_out() -> None:
    frame = odds_by_band(cells(({"plan": "a", "stalls": "few"}, 300, 40), ({"plan": "a", "stalls": "many"}, 100, 30)))
    assert set(frame["factor"]) == {"stalls"}


def test_where_few_left_the_last_factors_are_left_out() -> None:
    # Twelve left: enough for two odds ratios, and there are three.
    frame = odds_by_band(
        cells(
            ({"stalls": "few", "plan": "a", "country": "IN"}, 50, 3),
            ({"stalls": "many", "plan": "b", "country": "IN"}, 30, 4),
            ({"stalls": "few", "plan": "b", "country": "FR"}, 40, 3),
            ({"stalls": "many", "plan": "a", "country": "FR"}, 30, 2),
        )
    )
    untold = {row["factor"] for row in by_band(frame).values() if row["untold"] == "too few left"}
    assert untold == {"country"}


@pytest.mark.parametrize("rows", [[], [({"stalls": "few"}, 20, 0), ({"stalls": "many"}, 10, 0)]])
def test_of_nobody_and_where_nobody_left_there_is_nothing_to_tell(rows: list[tuple[dict[str, str], int, int]]) -> None:
    frame = odds_by_band(cells(*rows))
    assert frame["leaving_odds_ratio"].isna().all()
    assert len(frame) == len(rows)
