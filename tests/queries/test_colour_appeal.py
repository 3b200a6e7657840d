"""Which colours appeal to whom: by hand, and a preference that a genre is behind disappears."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from components.chart_parts import records
from definitions.taking import PARTS_OF
from queries.colour_appeal import COLUMNS, MOST_AUDIENCES, appeal_by_audience

Cell = tuple[str, str, str, int, int]


def cells(*rows: Cell, parts: int = 20) -> pd.DataFrame:
    """Cells of an audience, colour and genre, each with what was shown and taken, the same in every part."""
    return pd.DataFrame(
        [
            {
                "audience_by": "country",
                "audience": audience,
                "colour_family": colour,
                "genres": genre,
                "parts_of": parts_of,
                "part": part,
                "impressions": shown,
                "taken_impressions": taken,
                "shown_accounts": 3,
                "first_month": date(2026, 1, 1),
                "last_month": date(2026, 2, 1),
            }
            for audience, colour, genre, shown, taken in rows
            for parts_of in PARTS_OF
            for part in range(parts)
        ]
    )


def by_cell(frame: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["audience"], row["colour_family"]): row for row in records(frame)}


def uneven(frame: pd.DataFrame, size: int = 1) -> pd.DataFrame:
    """Take one more in every second part, and one fewer in the others, of red covers alone."""
    change = np.where(frame["part"] % 2 == 0, size, -size) * (frame["colour_family"] == "red")
    return frame.assign(taken_impressions=frame["taken_impressions"] + change)


def test_the_appeal_of_a_colour_by_hand() -> None:
    # In each of 20 parts, France takes 4 of 10 red covers and 2 of 10 blue, India 2 of 10 and 2 of 10. Everybody's
    # rates are 0.3 of red, 0.2 of blue. France at these: 3 red, 2 blue. (4 ÷ 3) ÷ (2 ÷ 2) = 1.3333; India (2 ÷ 3).
    rows = [("FR", "red", "drama", 10, 4), ("FR", "blue", "drama", 10, 2), ("IN", "red", "drama", 10, 2),
            ("IN", "blue", "drama", 10, 2)]  # fmt: skip
    frame = appeal_by_audience(uneven(cells(*rows)))
    assert list(frame) == list(COLUMNS)
    found = by_cell(frame)
    assert found["FR", "red"]["colour_appeal"] == pytest.approx(4 / 3)
    assert found["FR", "blue"]["colour_appeal"] == pytest.approx(3 / 4)
    assert found["IN", "red"]["colour_appeal"] == pytest.approx(2 / 3)
    row = found["FR", "red"]
    assert (row["impressions"], row["taken_impressions"], row["take_rate"]) == (200, 80, 0.4)
    assert row["expected_taken"] == pytest.approx(60)
    assert row["raw_colour_appeal"] == pytest.approx(4 / 3)
    # 60 accounts at least: 3 in each of 20 parts.
    assert row["accounts"] == 60
    # Without one part of more, France took 80 − 5 of 190 and India 40 − 3: 75 · 2 ÷ (75 + 37); of less, 77 and 39.
    # Accounts, titles, and both together differ alike, so each alone tells the error.
    logs = np.log([75 * 2 / 112, 77 * 2 / 116] * 10)
    error = np.sqrt(19 / 20 * ((logs - logs.mean()) ** 2).sum())
    # Student's t of 19 degrees: 2.093024.
    limits = np.exp(np.log(4 / 3) + np.array([-1, 1]) * 2.093024 * error)
    assert [row["colour_appeal_low"], row["colour_appeal_high"]] == pytest.approx(limits, rel=1e-6)


def test_a_preference_that_is_the_genres_disappears() -> None:
    # France takes comedies twice as often, whatever their colour; most yellow covers are of comedies. India is even.
    rows: list[Cell] = []
    for country, comedy, drama in (("FR", 40, 20), ("IN", 20, 20)):
        for genre, taken, yellow in (("comedy", comedy, 80), ("drama", drama, 20)):
            rows += [(country, "yellow", genre, yellow, taken * yellow // 100),
                     (country, "red", genre, 100 - yellow, taken * (100 - yellow) // 100)]  # fmt: skip
    found = by_cell(appeal_by_audience(uneven(cells(*rows))))
    row = found["FR", "yellow"]
    # As it is: 36 of 100 yellow ones where everybody takes 56 of 200, and 24 where everybody takes 44.
    assert row["raw_colour_appeal"] == pytest.approx(36 / 28 / (24 / 22))
    assert row["colour_appeal"] == pytest.approx(1)
    assert not row["is_clear"]


@pytest.mark.parametrize(("taken_by_france", "clear"), [(40, {("FR", "red")}), (20, set())])
def test_only_what_is_beyond_all_chance_is_clear(taken_by_france: int, clear: set[tuple[str, str]]) -> None:
    rows = [(country, colour, "drama", 100, taken_by_france if (country, colour) == ("FR", "red") else 20)
            for country in ("FR", "IN", "DE") for colour in ("red", "blue", "green")]  # fmt: skip
    even = cells(*rows)
    # Alike in parts of accounts, of titles, and of both.
    noise = np.tile(np.random.default_rng(5).integers(-15, 16, (len(rows), 20)), (1, 3)).ravel()
    found = by_cell(appeal_by_audience(even.assign(taken_impressions=even["taken_impressions"] + noise)))
    assert {key for key, row in found.items() if row["is_clear"] and row["colour_appeal"] > 1} == clear


def test_of_few_taken_covers_or_parts_nothing_is_told() -> None:
    rows = [("FR", "red", "drama", 10, 2), ("FR", "blue", "drama", 10, 2), ("IN", "red", "drama", 10, 2),
            ("IN", "blue", "drama", 10, 2)]  # fmt: skip
    few_parts = by_cell(appeal_by_audience(cells(*rows, parts=9)))
    assert few_parts["FR", "red"]["untold"] == "too few"
    few_taken = cells(*rows).assign(impressions=1, taken_impressions=0)
    few_taken.loc[few_taken["part"] == 0, "taken_impressions"] = 1
    row = by_cell(appeal_by_audience(few_taken))["FR", "red"]
    assert row["untold"] == "too few"
    assert np.isnan(row["colour_appeal"])


def test_the_smallest_audiences_are_one_and_the_unknown_are_told_nothing_of() -> None:
    rows = [(f"C{number:02}", colour, "drama", 40 - number, 8) for number in range(15) for colour in ("red", "blue")]
    rows += [("unknown", "red", "drama", 90, 9)]
    frame = appeal_by_audience(uneven(cells(*rows)))
    audiences = list(dict.fromkeys(frame["audience"]))
    assert len(audiences) == MOST_AUDIENCES
    assert audiences[-1] == "other"
    assert "unknown" not in audiences


def test_of_nobody_there_is_nothing_to_tell() -> None:
    assert appeal_by_audience(cells(parts=0).reindex(columns=["audience"])).empty
