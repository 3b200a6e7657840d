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
    """Cells of an audience, colour and genre, each with what was shown and taken, the same in every part.

    There is one cover of each colour and genre, so everybody's rate of it is that of its colour and genre.
    """
    counts = pd.DataFrame(rows, columns=["audience", "colour", "genre", "shown", "taken"])
    of_cover = counts.groupby(["colour", "genre"])[["shown", "taken"]].sum()
    rates = of_cover["taken"] / of_cover["shown"]
    return pd.DataFrame(
        [
            {
                "audience_by": "country",
                "audience": audience,
                "colour_family": colour,
                "stratum": f"{genre}, one half",
                "parts_of": parts_of,
                "part": part,
                "impressions": shown,
                "taken_impressions": taken,
                "expected_taken": shown * rates[colour, genre],
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
    # Without one part of more, France took 80 − 5 of 190, where 57 were expected, and blue ones as expected: 75 ÷ 57.
    # Without one of less, 77 ÷ 57. Accounts, titles, and both together differ alike, so each alone tells the error.
    logs = np.log([75 / 57, 77 / 57] * 10)
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


def clear_above_one(taken_by_france: int) -> list[tuple[str, str]]:
    """What appeals clearly, most first, where everybody takes 20 of 100 of every colour, but for France of red."""
    rows = [(country, colour, "drama", 100, taken_by_france if (country, colour) == ("FR", "red") else 20)
            for country in ("FR", "IN", "DE") for colour in ("red", "blue", "green")]  # fmt: skip
    even = cells(*rows)
    # Alike in parts of accounts, of titles, and of both.
    noise = np.tile(np.random.default_rng(5).integers(-15, 16, (len(rows), 20)), (1, 3)).ravel()
    found = by_cell(appeal_by_audience(even.assign(taken_impressions=even["taken_impressions"] + noise)))
    clear = {key: row["colour_appeal"] for key, row in found.items() if row["is_clear"] and row["colour_appeal"] > 1}
    return sorted(clear, key=clear.__getitem__, reverse=True)


def test_only_what_is_beyond_all_chance_is_clear() -> None:
    assert clear_above_one(50)[0] == ("FR", "red")
    assert clear_above_one(20) == []


def test_own_colours_are_pooled() -> None:
    # In each part those who like red take 4 of 10 red covers and 2 of 10 blue, those who like blue 2 and 5 of 20.
    # Expected: red (4 + 2) ÷ 20 of 10: 3 and 3; blue 7 ÷ 30: 2 1/3 of 10, 4 2/3 of 20. Of those who like red
    # 4 · 2 1/3 and 2 · 3 by 5 1/3 expected, of those who like blue 5 · 3 and 2 · 4 2/3 by 7 2/3.
    rows = [("red", "red", "drama", 10, 4), ("red", "blue", "drama", 10, 2), ("blue", "red", "drama", 10, 2),
            ("blue", "blue", "drama", 20, 5), ("unknown", "red", "drama", 0, 0)]  # fmt: skip
    of_countries = appeal_by_audience(uneven(cells(*rows)))
    assert "own colour" not in set(of_countries["colour_family"])
    told = uneven(cells(*rows)).assign(audience_by="colour")
    # Those who like no colour, and what others were shown besides their own, make it no larger.
    told.loc[told["audience"] != told["colour_family"], "shown_accounts"] = 9
    own = records(appeal_by_audience(told))[-1]
    assert (own["audience"], own["colour_family"]) == ("all", "own colour")
    above = 4 * (7 / 3) / (16 / 3) + 5 * 3 / (23 / 3)
    below = 2 * 3 / (16 / 3) + 2 * (14 / 3) / (23 / 3)
    assert own["colour_appeal"] == pytest.approx(above / below)
    assert own["colour_appeal_low"] < above / below < own["colour_appeal_high"]
    # 4 and 5 in each of 20 parts, of 3 + 4 2/3; and as many accounts at least as were shown a colour.
    assert (own["impressions"], own["taken_impressions"], own["accounts"]) == (600, 180, 60)
    assert own["expected_taken"] == pytest.approx(20 * (3 + 14 / 3))


def test_halves_whose_audiences_differ_are_not_mixed() -> None:
    # Those told by one half take twice what is expected of it, whatever the colour, and have few red covers; those told
    # by the other half take what is expected, and have many. So red is taken less often in all, and no colour is liked.
    first = cells(("FR", "red", "drama", 10, 4), ("FR", "blue", "drama", 90, 36))
    first = first.assign(expected_taken=np.where(first["colour_family"] == "red", 2.0, 18.0))
    second = cells(("FR", "red", "drama", 90, 18), ("FR", "blue", "drama", 10, 2)).assign(
        stratum="drama, the other half"
    )
    row = by_cell(appeal_by_audience(uneven(pd.concat([first, second]))))["FR", "red"]
    assert row["raw_colour_appeal"] == pytest.approx(22 / 20 / (38 / 20))
    assert row["colour_appeal"] == pytest.approx(1)


def test_of_few_taken_covers_or_parts_nothing_is_told() -> None:
    rows = [("FR", "red", "drama", 10, 2), ("FR", "blue", "drama", 10, 2), ("IN", "red", "drama", 10, 2),
            ("IN", "blue", "drama", 10, 2)]  # fmt: skip
    few_parts = by_cell(appeal_by_audience(cells(*rows, parts=9)))
    assert few_parts["FR", "red"]["untold"] == "too few"
    few_taken = cells(*rows).assign(impressions=1, taken_impressions=0, expected_taken=0.05)
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
