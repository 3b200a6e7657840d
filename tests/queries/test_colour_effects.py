"""What goes with covers being taken: by hand, as statsmodels clusters it, and where a genre is behind it."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from components.chart_parts import records
from queries.colour_effects import COLUMNS, effects_by_band
from queries.odds import fit_log_odds

Cell = tuple[str, str, str, int, int]


def cells(*rows: Cell, feature: str = "family", **others: Any) -> pd.DataFrame:
    """Cells of titles, each with its colour, genres, and how often it was shown and taken; all in one place."""
    return pd.DataFrame(
        [
            {
                "feature": feature,
                "show_id": show,
                "band": band,
                "genres": genres,
                "popularity": "upper",
                "row_band": "top",
                "place_band": "first",
                "impressions": shown,
                "taken_impressions": taken,
                "shown_accounts": 7,
                "first_month": date(2026, 1, 1),
                "last_month": date(2026, 2, 1),
            }
            | others
            for show, band, genres, shown, taken in rows
        ]
    )


def by_band(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["band"]: row for row in records(frame)}


def test_two_colours_by_hand() -> None:
    # Five red titles, each shown 100 times: 18, 20, 20, 20 and 22 taken; five blue ones: 28, 30, 30, 30 and 32.
    # Odds: 150 ÷ 350 by 100 ÷ 400, 1.7143. The error of the logarithm of each colour's odds is that of its score,
    # Σ (taken − p · shown)² = 4 + 4 = 8, by its information, Σ shown · p (1 − p): of red 500 · 0.16 = 80, of blue
    # 500 · 0.21 = 105. Of five like titles the variance is ⁵⁄₄ of what it seems; Student's t has 4 degrees: 2.776445.
    red = [(f"r{taken}{n}", "red", "drama", 100, taken) for n, taken in enumerate((18, 20, 20, 20, 22))]
    blue = [(f"b{taken}{n}", "blue", "drama", 100, taken) for n, taken in enumerate((28, 30, 30, 30, 32))]
    frame = effects_by_band(cells(*red, *blue))
    assert list(frame) == list(COLUMNS)
    rows = by_band(frame)
    assert rows["red"]["is_reference"]
    assert rows["red"]["colour_effect"] == 1
    row = rows["blue"]
    assert (row["titles"], row["impressions"], row["taken_impressions"], row["take_rate"]) == (5, 500, 150, 0.3)
    reach = 2.776445 * np.sqrt(5 / 4 * (8 / 80**2 + 8 / 105**2))
    for name in ("colour_effect", "raw_odds_ratio"):
        told = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
        assert told == pytest.approx([12 / 7, 12 / 7 * np.exp(-reach), 12 / 7 * np.exp(reach)], abs=1e-5)
    # One genre, popularity and place: there is nothing to adjust for.
    assert row["adjusted_for"] == ""
    assert row["untold"] is None


def test_a_colour_that_is_the_genres_is_none_after_adjustment() -> None:
    # Comedies are taken of 300 of 1,000, whatever their colour, horror of 100: most yellow covers are of comedies.
    rows: list[Cell] = []
    for genre, taken, yellow in (("comedy", 30, 7), ("horror", 10, 2)):
        for number in range(10):
            colour = "yellow" if number < yellow else "black"
            rows.append((f"{genre}-{number}", colour, genre, 100, taken))
    row = by_band(effects_by_band(cells(*rows)))["yellow"]
    # As they are, 7 · 30 + 2 · 10 of 900 against 3 · 30 + 8 · 10 of 1,100.
    assert row["raw_odds_ratio"] == pytest.approx(230 * 930 / (670 * 170))
    assert row["colour_effect"] == pytest.approx(1, abs=1e-7)
    assert row["adjusted_for"] == "genre"


@pytest.mark.parametrize(
    ("control", "values"),
    [("popularity", ("top", "lower")), ("row_band", ("top", "below")), ("place_band", ("first", "later"))],
)
def test_a_colour_that_is_the_places_is_none_after_adjustment(control: str, values: tuple[str, str]) -> None:
    parts = []
    for value, taken, red in ((values[0], 30, 7), (values[1], 10, 2)):
        rows = [(f"t{n}", "red" if n < red else "blue", "drama", 100, taken) for n in range(10)]
        parts.append(cells(*rows, **{control: value}))
    both = pd.concat(parts, ignore_index=True)
    row = by_band(effects_by_band(both))["red"]
    assert abs(np.log(row["raw_odds_ratio"])) > 0.5
    assert row["colour_effect"] == pytest.approx(1, abs=1e-7)


def test_few_titles_or_one_that_has_nearly_all_tell_nothing() -> None:
    many = [(f"r{n}", "red", "drama", 100, 20 + n % 2) for n in range(6)]
    four = [(f"g{n}", "green", "drama", 100, 30 + n % 2) for n in range(4)]
    one = [(f"b{n}", "blue", "drama", 10_000 if n == 0 else 10, 3_000 if n == 0 else 3) for n in range(6)]
    rows = by_band(effects_by_band(cells(*many, *four, *one)))
    assert (rows["green"]["untold"], rows["blue"]["untold"]) == ("too few titles", "too few titles")
    assert np.isnan(rows["green"]["colour_effect"])


def test_a_colour_that_nobody_takes_is_said_so() -> None:
    many = [(f"{colour}{n}", colour, "drama", 100, taken) for colour, taken in (("red", 20), ("pink", 0))
            for n in range(6)]  # fmt: skip
    assert by_band(effects_by_band(cells(*many)))["pink"]["untold"] == "none taken"


def test_of_nothing_there_is_nothing_to_tell() -> None:
    assert effects_by_band(cells().reindex(columns=["feature"])).empty


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_clustered_errors_are_those_of_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(15), 4)
    design = (random.random((60, 3)) < [0.5, 0.4, 0.3]).astype(float)
    shown = random.integers(20, 200, 60).astype(float)
    of_cluster = random.normal(0, 0.4, 15)[clusters]
    taken = random.binomial(shown.astype(int), 1 / (1 + np.exp(1.5 - 0.5 * design[:, 0] - of_cluster))).astype(float)
    with_constant = np.column_stack([np.ones(60), design])
    if np.linalg.matrix_rank(with_constant) < 4:
        return
    found = fit_log_odds(design, shown, taken, clusters)
    model = GLM(np.column_stack([taken, shown - taken]), with_constant, family=Binomial())
    told = model.fit(tol=1e-12, maxiter=100, cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False})
    assert found.log_odds == pytest.approx(told.params[1:], abs=1e-6)
    assert found.errors == pytest.approx(told.bse[1:], rel=1e-5)
