"""Date forms, and whether the day or the month comes first."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.importers.dates import DayOrder, day_order, is_unset, parse_duration_ms, parse_utc

DAY, MONTH = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2022-04-28 16:08:56", MONTH, datetime(2022, 4, 28, 16, 8, 56)),
        ("4/28/2022 16:08", MONTH, datetime(2022, 4, 28, 16, 8)),
        ("28/4/2022 16:08", DAY, datetime(2022, 4, 28, 16, 8)),
        ("29-10-2021 05:42", DAY, datetime(2021, 10, 29, 5, 42)),
        ("3/4/2022 7:05", MONTH, datetime(2022, 3, 4, 7, 5)),
        ("3/4/2022", DAY, datetime(2022, 4, 3)),
        ("2022-04-01T09:32:16.028Z", DAY, datetime(2022, 4, 1, 9, 32, 16, 28_000)),
        ("2022-04-01T09:32:16+05:30", DAY, datetime(2022, 4, 1, 4, 2, 16)),
        ("2022-02-30 10:00:00", DAY, None),
        ("30/2/2022 10:00", DAY, None),
        ("4/28-2022 16:08", MONTH, None),
        ("yesterday", DAY, None),
        ("", DAY, None),
    ],
)
def test_forms(text: str, order: DayOrder, expected: datetime | None) -> None:
    assert parse_utc(text, order) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["3/4/2022 1:00", "13/4/2022 1:00"], DAY),
        (["3/4/2022 1:00", "4/13/2022 1:00"], MONTH),
        (["3-4-2022 01:00", "04-13-2022 01:00"], MONTH),
        (["3/4/2022 1:00"], MONTH),
        (["03-04-2022 01:00"], DAY),
        (["2022-04-13 01:00:00"], MONTH),
        (["3/4/2022 1:00", "2022-04-13 01:00:00"], MONTH),
        ([], MONTH),
    ],
)
def test_the_evidence_decides_then_the_separator(texts: list[str], expected: DayOrder) -> None:
    assert day_order(enumerate(texts, start=2), "x.csv") is expected


def test_rows_that_disagree_are_named() -> None:
    with pytest.raises(SourceError) as raised:
        day_order([(2, "3/4/2022 1:00"), (3, "13/4/2022 1:00"), (9, "4/14/2022 1:00")], "x.csv, column Start Time")
    assert str(raised.value).startswith(
        "x.csv, column Start Time: line 3 ('13/4/2022 1:00') writes the day first "
        "and line 9 ('4/14/2022 1:00') the month first"
    )


def test_two_separators_and_no_evidence_are_refused() -> None:
    with pytest.raises(SourceError, match=r"line 2 \('3/4/2022'\) has slashes and line 3 \('3-4-2022'\) has dashes"):
        day_order([(2, "3/4/2022"), (3, "3-4-2022")], "x.csv")


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda found: found.replace(microsecond=0)))
def test_every_moment_is_read_back_from_every_form(moment: datetime) -> None:
    assert parse_utc(moment.isoformat(sep=" "), DAY) == moment
    assert parse_utc(f"{moment:%d-%m-%Y %H:%M:%S}", DAY) == moment
    assert parse_utc(f"{moment.month}/{moment.day}/{moment.year} {moment.hour}:{moment:%M:%S}", MONTH) == moment
    assert parse_utc(f"{moment.isoformat()}Z", MONTH) == moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00:06", 6_000),
        ("1:02:16", 3_736_000),
        ("100:00:00", 360_000_000),
        ("00:60:00", None),
        ("-00:01:00", None),
        ("12:30", None),
        ("", None),
    ],
)
def test_durations(text: str, expected: int | None) -> None:
    assert parse_duration_ms(text) == expected


def test_the_first_day_of_1970_means_no_moment() -> None:
    assert is_unset(datetime(1970, 1, 1))
    assert not is_unset(datetime(2021, 10, 29))
