from datetime import date

import pytest

from components.format import (
    change_between,
    column_texts,
    days_text,
    list_text,
    period_text,
    signed_column_texts,
    value_text,
)
from definitions.metric import Unit
from definitions.metrics import METRICS


def test_what_is_below_nought_has_a_minus_sign_not_a_hyphen() -> None:
    below = [
        value_text(-0.012, Unit.RATE),
        value_text(-3, Unit.COUNT),
        value_text(-20_000, Unit.COUNT),
        *column_texts([-0.25, 0.5], Unit.RATE),
    ]
    assert [text[0] for text in below] == [*"−" * 4, "5"]
    assert "-" not in "".join(below)


def plain(text: object) -> str:
    return str(text).replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, Unit.HOURS, "–"),
        (float("nan"), Unit.RATE, "–"),
        (0, Unit.HOURS, "0 min"),
        (0.001, Unit.HOURS, "4 s"),
        (0.5, Unit.HOURS, "30 min"),
        (2.1, Unit.HOURS, "2 h 06 min"),
        (3 + 59.7 / 60, Unit.HOURS, "4 h 00 min"),
        (77.193, Unit.HOURS, "77.2 h"),
        (1_234.4, Unit.HOURS, "1,234 h"),
        (12_345, Unit.HOURS, "12.3k h"),
        (1_240_000, Unit.HOURS, "1.24M h"),
        (2.0714, Unit.COUNT, "2.1"),
        (3, Unit.COUNT, "3"),
        (9_999, Unit.COUNT, "9,999"),
        (10_000, Unit.COUNT, "10.0k"),
        (312_400, Unit.COUNT, "312k"),
        (999_950, Unit.COUNT, "1.00M"),
        (2_500_000_000, Unit.COUNT, "2.50B"),
        (0, Unit.RATE, "0 %"),
        (0.0004, Unit.RATE, "0.04 %"),
        (0.41, Unit.RATE, "41 %"),
        (0.9721, Unit.RATE, "97.2 %"),
        (1, Unit.RATE, "100 %"),
        (250, Unit.KBPS, "250 kbit/s"),
    ],
)
def test_values_read_as_people_say_them(value: float | None, unit: Unit, text: str) -> None:
    assert plain(value_text(value, unit)) == text


@pytest.mark.parametrize(
    ("metric", "current", "previous", "text", "spoken"),
    [
        ("watch_hours", 104.1, 100, "▲ +4.1 %", "up 4.1 %, better"),
        ("watch_hours", 50, 100, "▼ -50 %", "down 50 %, worse"),
        ("watch_hours", 1_200, 100, "▲ ×12", "up ×12, better"),
        ("watch_hours", 100.01, 100, "unchanged", "unchanged"),
        ("watch_hours", 0, 0, "unchanged", "unchanged"),
        ("ended_subscriptions", 34, 20, "▲ +70 % (worse)", "up 70 %, worse"),
        ("ended_subscriptions", 10, 20, "▼ -50 % (better)", "down 50 %, better"),
        ("completion_rate", 0.410, 0.414, "▼ -0.4 pt", "down 0.4 pt, worse"),
        ("rebuffer_ratio", 0.0006, 0.0004, "▲ +0.02 pt (worse)", "up 0.02 pt, worse"),
    ],
)
def test_a_change_says_its_direction_its_size_and_whether_it_is_welcome(
    metric: str, current: float, previous: float, text: str, spoken: str
) -> None:
    change = change_between(current, previous, METRICS[metric])
    assert change is not None
    assert plain(change) == text
    assert plain(change.spoken) == spoken


@pytest.mark.parametrize(
    ("values", "unit", "texts"),
    [
        ([0.5, 0.01, None], Unit.HOURS, ["30 min", "1 min", "–"]),
        ([2.1, 0.5, 0], Unit.HOURS, ["2 h 06 min", "0 h 30 min", "0 h 00 min"]),
        ([55, 2.1, 0.26], Unit.HOURS, ["55.0 h", "2.1 h", "0.3 h"]),
        ([18_213.4, 450.2], Unit.HOURS, ["18,213 h", "450 h"]),
        ([0.5, 0.125, 0], Unit.RATE, ["50.0 %", "12.5 %", "0.0 %"]),
        ([0.5, 0.0004], Unit.RATE, ["50.00 %", "0.04 %"]),
        ([12, 3], Unit.COUNT, ["12", "3"]),
        ([12, 3.25], Unit.COUNT, ["12.0", "3.2"]),
        ([1_200, 1.5], Unit.KBPS, ["1,200 kbit/s", "2 kbit/s"]),
        ([], Unit.HOURS, []),
    ],
)
def test_a_column_has_one_unit_and_one_precision(values: list[float], unit: Unit, texts: list[str]) -> None:
    assert [plain(text) for text in column_texts(values, unit)] == texts


def test_differences_in_a_column_have_their_sign() -> None:
    texts = signed_column_texts([6.5, -0.25, 0, None], Unit.HOURS)
    assert [plain(text) for text in texts] == ["+6 h 30 min", "-0 h 15 min", "0 h 00 min", "–"]


def test_changes_in_a_column_have_one_decimal() -> None:
    changes = [change_between(now, 100, METRICS["watch_hours"], in_column=True) for now in (104.12, 150, 100.04)]
    assert [plain(change) for change in changes] == ["▲ +4.1 %", "▲ +50.0 %", "unchanged"]


@pytest.mark.parametrize(("current", "previous"), [(None, 3), (3, None), (3, 0), (float("nan"), 3)])
def test_there_is_no_change_from_nothing(current: float | None, previous: float | None) -> None:
    assert change_between(current, previous, METRICS["watch_hours"]) is None


@pytest.mark.parametrize(
    ("start_day", "end_day", "text"),
    [
        (date(2023, 6, 12), date(2023, 6, 13), "12 Jun 2023"),
        (date(2023, 6, 1), date(2023, 6, 19), "1 – 18 Jun 2023"),
        (date(2023, 5, 22), date(2023, 6, 19), "22 May – 18 Jun 2023"),
        (date(2022, 12, 22), date(2023, 1, 3), "22 Dec 2022 – 2 Jan 2023"),
    ],
)
def test_a_range_of_days_names_its_last_day(start_day: date, end_day: date, text: str) -> None:
    assert days_text(start_day, end_day) == text


def test_periods_and_lists() -> None:
    assert period_text(date(2023, 6, 12), "day") == "Mon 12 Jun 2023"
    assert period_text(date(2023, 6, 12), "week") == "week of 12 Jun 2023"
    assert period_text(date(2023, 6, 1), "month") == "June 2023"
    assert list_text(["a", "b", "c"]) == "a, b and c"
    assert list_text(["a"]) == "a"
