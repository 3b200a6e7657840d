"""What the triangle and the curves of cohorts show and say."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from components.cohorts import (
    MAX_COHORTS,
    cohort_triangle,
    retention_curves,
    still_there,
    told_apart,
    what_cohorts_count,
    what_curves_count,
)
from components.summary import summary
from definitions.metrics import METRICS
from tests.components.trees import walk
from tests.components.world import filters_of

RETENTION = METRICS["cohort_retention_rate"]
FIRST = date(2026, 3, 2)


def words(text: str | None) -> str:
    return (text or "").replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def cell(kind: str, start: date | None, number: int, share: float | None, *, complete: bool = True) -> dict[str, Any]:
    return {
        "cohort_kind": kind,
        "cohort_start": start,
        "interval_number": number,
        "cohort_size": 50,
        "retained_accounts": None if share is None else round(50 * share),
        "is_complete": complete,
        "cohort_retention_rate": share,
        "cohort_retention_low": None if share is None else share * 0.9,
        "cohort_retention_high": None if share is None else share * 1.1,
    }


def cells() -> pd.DataFrame:
    return pd.DataFrame(
        [
            cell("pooled", None, 0, 1.0),
            cell("pooled", None, 1, 0.5),
            cell("before", None, 0, 0.8),
            cell("cohort", FIRST, 0, 1.0),
            cell("cohort", FIRST, 1, 0.5),
            cell("cohort", FIRST + timedelta(days=7), 0, 1.0),
            cell("cohort", FIRST + timedelta(days=7), 1, 0.004, complete=False),
        ]
    )


def rows_shown(frame: pd.DataFrame, search: str = "") -> list[list[str]]:
    table = cohort_triangle(frame, RETENTION, filters_of(search))
    rows = [part for part in walk(table) if type(part).__name__ == "Tr"]
    return [[str(child.children or "") for child in row.children] for row in rows]


def test_a_triangle_has_sizes_and_shares_and_marks_what_is_not_over() -> None:
    assert rows_shown(cells()) == [
        ["Cohort", "Accounts", "Week 0", "1"],
        ["Pooled", "50", "100", "50"],
        ["Before the data", "50", "80", ""],
        ["2 Mar 2026", "50", "100", "50"],
        ["9 Mar 2026", "50", "100", "<1"],
    ]
    # Nobody of a young segment began in an earlier week, and no later interval has been reached.
    empty = [
        cell(kind, start, number, None)
        for kind, start, numbers in (
            ("pooled", None, (2,)), ("cohort", FIRST - timedelta(days=7), (0, 1, 2)), ("cohort", FIRST, (2,))
        )
        for number in numbers
    ]  # fmt: skip
    assert rows_shown(pd.concat([pd.DataFrame(empty), cells()])) == rows_shown(cells())
    table = cohort_triangle(cells(), RETENTION, filters_of(""))
    incomplete = [part for part in walk(table) if "incomplete" in (getattr(part, "className", None) or "").split()]
    assert [part.children for part in incomplete] == ["<1"]
    assert "week 1 is not over for all of them" in incomplete[0].title


def picks_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return what cells offer, by what they are called."""
    parts = walk(cohort_triangle(frame, RETENTION, filters_of("")))
    return {
        getattr(part, "data-pick-label"): getattr(part, "data-pick") for part in parts if hasattr(part, "data-pick")
    }


def test_cells_that_count_somebody_offer_their_accounts() -> None:
    # Of the last, 0.4 % of 50 are none.
    assert picks_of(cells()) == {
        "Pooled, week 0": "cell_cohort=pooled&cell_interval=0",
        "Pooled, week 1": "cell_cohort=pooled&cell_interval=1",
        "Before the data, week 0": "cell_cohort=before&cell_interval=0",
        "2 Mar 2026, week 0": "cell_cohort=2026-03-02&cell_interval=0",
        "2 Mar 2026, week 1": "cell_cohort=2026-03-02&cell_interval=1",
        "9 Mar 2026, week 0": "cell_cohort=2026-03-09&cell_interval=0",
    }
    stops = [getattr(part, "tabIndex", None) for part in walk(cohort_triangle(cells(), RETENTION, filters_of("")))]
    # The region that scrolls, and one cell: the arrow keys lead on from there.
    assert stops.count(0) == 2
    # Where small groups are hidden, no accounts are listed.
    assert picks_of(cells().assign(is_suppressed=False)) == {}


def test_of_more_cohorts_the_latest_are_drawn_and_the_note_says_so() -> None:
    many = pd.DataFrame([cell("cohort", FIRST + timedelta(days=day), 1, 0.5) for day in range(MAX_COHORTS + 2)]).assign(
        cohort_start=lambda frame: pd.to_datetime(frame["cohort_start"])
    )
    shown = rows_shown(many, "cohort_period=day")
    assert len(shown) == 1 + MAX_COHORTS
    assert shown[1][0] == "4 Mar 2026"
    assert "2 earlier cohorts are in the table" in what_cohorts_count(many, RETENTION, filters_of("cohort_period=day"))


@pytest.mark.parametrize(
    ("search", "headline", "note"),
    [
        ("", "50 % are still active in week 1", "exactly that week"),
        ("retained_as=on_or_after", "50 % are active in week 1 or later", "up to week 1 for all cohorts alike"),
        ("retained_as=on_or_before", "50 % have been active again by week 1", "It never falls"),
        ("retained_as=streak&retained_by=paid", "50 % are subscribed in every week up to week 1", "without a gap"),
        ("retained_by=hours&retained_hours=2,5", "50 % are still watching enough in week 1", "2.5 hours or more"),
        ("cohort_intervals=personal&device=tv", "50 % are still active in week 1", "7 times 24 hours"),
    ],
)
def test_the_headline_and_the_note_change_with_the_definition(search: str, headline: str, note: str) -> None:
    filters = filters_of(search)
    assert words(still_there(cells(), RETENTION, filters)) == headline
    told = words(what_cohorts_count(cells(), RETENTION, filters))
    assert note in told
    assert "counted from its first day, and not pooled" in told
    # Of these, what asks for hours, for subscriptions or for a device is not added up by a build.
    assert ("may take a second" in told) == any(asked in search for asked in ("retained_by", "device"))


def curves(*names: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            cell("pooled", None, number, share / (1 + rank))
            | {
                "group_kind": "none" if names == ("all",) else "country",
                "group_id": name,
                "group_name": "Others" if name == "rest" else name,
                "group_rank": rank + 1,
            }
            for rank, name in enumerate(names)
            for number, share in enumerate((1.0, 0.5, 0.4))
        ]
    )


def test_one_curve_has_its_interval_and_several_are_told_apart() -> None:
    filters = filters_of("")
    low, high, line = retention_curves(curves("all"), RETENTION, filters).data
    assert (low.meta, high.meta, line.name) == ("limit", "limit", "All accounts")
    assert list(line.y) == [1.0, 0.5, 0.4]
    assert words(told_apart(curves("all"), RETENTION, filters)) == "Retention by week of life, to week 2"
    assert "Wilson" in what_curves_count(curves("all"), RETENTION, filters)
    several = curves("IN", "FR", "rest")
    assert [trace.name for trace in retention_curves(several, RETENTION, filters).data] == ["India", "France", "Others"]
    assert words(told_apart(several, RETENTION, filters)) == ("Retention by country: India 40 %, France 20 % in week 2")
    assert retention_curves(several.head(0), RETENTION, filters).data == ()


@pytest.mark.parametrize("kind", ["country", "plan", "channel", "device", "title", "genre"])
def test_few_that_began_with_nothing_known_have_no_curve(kind: str) -> None:
    frame = curves("a", "b", "unknown").assign(group_kind=kind)
    filters = filters_of(f"cohort_by={kind}")
    # 5 of 105 are 4.8 %; 50 of 150 are enough.
    few = frame.assign(cohort_size=frame["cohort_size"].where(frame["group_id"] != "unknown", 5))
    assert [trace.name for trace in retention_curves(few, RETENTION, filters).data] == ["a", "b"]
    told = f"Of 5 the {kind} is not known: too few for a line, in the table only."
    assert told in words(what_curves_count(few, RETENTION, filters))
    assert [trace.name for trace in retention_curves(frame, RETENTION, filters).data] == ["a", "b", "Unknown"]
    assert "not known" not in words(what_curves_count(frame, RETENTION, filters))


def test_a_reader_hears_whose_share_it_is_and_in_which_interval() -> None:
    assert words(summary(cells(), RETENTION, filters_of(""))) == (
        "Retention: pooled in interval 0 100 %, pooled in interval 1 50 %, before in interval 0 80 %, and 4 more."
    )
    assert words(summary(curves("IN"), RETENTION, filters_of(""))).startswith("Retention: India in interval 0 100 %")
