"""What is shown and said of the accounts of one cell of the cohorts."""

from datetime import date

import pandas as pd
import pytest

from components.cell_accounts import accounts_table, accounts_told, what_the_list_counts
from definitions.metrics import METRICS
from tests.components.trees import rows, walk
from tests.components.world import filters_of

RETENTION = METRICS["cohort_retention_rate"]


def accounts(number: int = 2, began: date | None = date(2023, 3, 8), *, complete: bool = True) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": [f"a{position}" for position in range(number)],
            "began_day": pd.Series([began] * number, dtype="datetime64[ns]"),
            "account_country": ["IN", None, *["FR"] * number][:number],
            "first_plan": ["family"] * number,
            "first_device_type": ["mobile"] * number,
            "is_complete": [complete] * number,
        }
    )


def test_each_account_is_told_by_when_and_with_what_it_began() -> None:
    table = accounts_table(accounts(), RETENTION, filters_of("cell_cohort=2023-03-06&cell_interval=4&country=IN"))
    assert rows(table) == [
        ["Account", "Began on", "Country", "First plan", "First device"],
        ["a0", "8 Mar 2023", "India", "family", "Phone"],
        ["a1", "8 Mar 2023", "–", "family", "Phone"],
    ]
    links = [part.href for part in walk(table) if hasattr(part, "href")]
    assert links[0] == "/explore?table=plays&where=account_id+is+a0&country=IN"
    assert len(rows(accounts_table(accounts(101), RETENTION, filters_of("cell_cohort=2023-03-06")))) == 1 + 100


def test_of_intervals_of_their_own_it_is_told_for_whom_they_are_over() -> None:
    filters = filters_of("cell_cohort=2023-03-06&cell_interval=4&cohort_intervals=personal")
    frame = accounts().assign(is_complete=[True, False])
    assert [row[-1] for row in rows(accounts_table(frame, RETENTION, filters))] == ["Week 4 is over", "yes", "no"]
    assert "over" not in what_the_list_counts(frame, RETENTION, filters)


@pytest.mark.parametrize(
    ("search", "number", "began", "headline"),
    [
        # The Monday of the week of 8 March, however the address has it.
        ("cell_cohort=20230306&cell_interval=4", 2, date(2023, 3, 8), "2 accounts of the cohort of 6 Mar 2023, week 4"),
        (
            "cell_cohort=2023-03-01&cohort_period=month",
            1,
            date(2023, 3, 8),
            "1 account of the cohort of March 2023, month 0",
        ),
        ("cell_cohort=pooled&cell_interval=1", 1200, date(2023, 3, 8), "1,200 accounts of all cohorts, week 1"),
        ("cell_cohort=before&cohort_before=kept", 2, None, "2 accounts of those before the data, week 0"),
    ],
)
def test_the_headline_names_the_cell(search: str, number: int, began: date | None, headline: str) -> None:
    assert accounts_told(accounts(number, began), RETENTION, filters_of(search)) == headline


@pytest.mark.parametrize(
    ("search", "told"),
    [
        ("", "Retained in exactly week 2. Retained: a play of a minute in the week."),
        ("&retained_as=on_or_after", "Retained in week 2 or a later one, up to the last shown."),
        ("&retained_as=on_or_before", "Retained at least once after week 0 by week 2."),
        ("&retained_as=streak&retained_by=paid", "Retained in every week from 0 to 2. Retained: a subscription ran"),
    ],
)
def test_the_note_says_how_they_are_retained(search: str, told: str) -> None:
    filters = filters_of(f"cell_cohort=2023-03-06&cell_interval=2{search}")
    assert what_the_list_counts(accounts(), RETENTION, filters).startswith(told)


def test_the_note_says_what_is_not_over_and_how_many_more_there_are() -> None:
    filters = filters_of("cell_cohort=2023-03-06&cell_interval=2")
    assert what_the_list_counts(accounts(103, complete=False), RETENTION, filters).endswith(
        "Not over yet: week 2. 3 more are in the file."
    )
    later = filters_of("cell_cohort=2023-03-06&cell_interval=2&retained_as=on_or_after")
    assert "Not over yet: the last week shown." in what_the_list_counts(accounts(complete=False), RETENTION, later)
