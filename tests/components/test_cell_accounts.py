"""What is shown and said of the accounts of one cell of the cohorts."""

from datetime import date

import pandas as pd
import pytest

from components.cell_accounts import accounts_table, accounts_told, what_the_list_counts
from definitions.metrics import METRICS
from tests.components.trees import rows, walk
from tests.components.world import filters_of

RETENTION = METRICS["cohort_retention_rate"]


def accounts(number: int = 2, began: date | None = date(2023, 3, 8)) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": [f"a{position}" for position in range(number)],
            "began_day": pd.Series([began] * number, dtype="datetime64[ns]"),
            "account_country": ["IN", None, *["FR"] * number][:number],
            "first_plan": ["with_ads"] * number,
            "first_device_type": ["mobile"] * number,
            "is_complete": [True] * number,
        }
    )


def test_each_account_is_told_by_when_and_with_what_it_began() -> None:
    table = accounts_table(accounts(), RETENTION, filters_of("cell_cohort=2023-03-06&cell_interval=4&country=IN"))
    assert rows(table) == [
        ["Account", "Began on", "Country", "First plan", "First device", "Week 4 is over"],
        ["a0", "8 Mar 2023", "India", "with ads", "Phone", "yes"],
        ["a1", "8 Mar 2023", "–", "with ads", "Phone", "yes"],
    ]
    links = [part.href for part in walk(table) if hasattr(part, "href")]
    assert links[0] == "/explore?table=plays&where=account_id+is+a0&period=all&country=IN"
    assert len(rows(accounts_table(accounts(101), RETENTION, filters_of("cell_cohort=2023-03-06")))) == 1 + 100


@pytest.mark.parametrize(
    ("retained_as", "over"), [("on", "Week 4 is over"), ("on_or_after", "The last week shown is over")]
)
def test_it_is_told_for_whom_the_interval_is_over(retained_as: str, over: str) -> None:
    filters = filters_of(f"cell_cohort=2023-03-06&cell_interval=4&cohort_intervals=personal&retained_as={retained_as}")
    frame = accounts().assign(is_complete=[True, False])
    assert [row[-1] for row in rows(accounts_table(frame, RETENTION, filters))] == [over, "yes", "no"]


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


def test_the_note_says_how_many_more_there_are() -> None:
    filters = filters_of("cell_cohort=2023-03-06&cell_interval=2")
    assert what_the_list_counts(accounts(103), RETENTION, filters).endswith("3 more are in the file.")
