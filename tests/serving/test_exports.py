import csv
import io
import logging
from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient

from serving.formats import as_table, to_csv

FEBRUARY = "period=last-28-days"


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def _written(columns: dict[str, list[Any]]) -> list[list[str]]:
    return _rows(to_csv(as_table(pd.DataFrame(columns))).decode())[1:]


def test_gives_the_querys_rows_under_the_filters(client: FlaskClient) -> None:
    response = client.get(f"/export/watch_by_day.csv?{FEBRUARY}&country=IN")
    assert response.status_code == 200
    assert response.content_type == "text/csv; charset=utf-8; header=present"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="marquee-watch_by_day-2026-02-01-2026-02-28.csv"'
    )
    assert _rows(response.text) == [
        ["day", "account_country", "account_plan", "watch_ms"],
        ["2026-02-01", "IN", "'=cmd()", "60000"],
        ["2026-02-28", "IN", 'a "b", c', "120000"],
    ]


def test_a_null_is_an_empty_cell_and_whole_numbers_stay_whole(client: FlaskClient) -> None:
    response = client.get("/export/watch_by_day.csv")
    assert ["2026-02-28", "DE", "", ""] in _rows(response.text)
    assert ["2026-02-28", "IN", 'a "b", c', "120000"] in _rows(response.text)


def test_gives_the_columns_asked_for_in_that_order(client: FlaskClient) -> None:
    response = client.get("/export/watch_by_day.csv?column=watch_ms&column=day&column=day&country=IN")
    assert _rows(response.text) == [["watch_ms", "day"], ["60000", "2026-02-01"], ["120000", "2026-02-28"]]


def test_gives_the_comparison_periods_rows_when_asked(client: FlaskClient) -> None:
    response = client.get(
        "/export/watch_by_day.csv?start_day=2026-02-28&end_day=2026-03-01&country=IN&compared=1&column=span&column=day"
    )
    assert _rows(response.text) == [["span", "day"], ["current", "2026-02-28"]]
    response = client.get("/export/watch_by_day.csv?start_day=2026-02-02&end_day=2026-02-03&compared=1&column=span")
    assert _rows(response.text) == [["span"], ["comparison"]]


def test_reads_the_build_that_the_page_was_opened_on(client: FlaskClient) -> None:
    assert client.get("/export/watch_by_day.csv?build=20260301-a").status_code == 200
    response = client.get("/export/watch_by_day.csv?build=20250101-a")
    assert response.status_code == 410
    assert "Reload the page" in response.text


def test_an_unknown_query_is_not_found(client: FlaskClient) -> None:
    response = client.get("/export/macros.csv")
    assert response.status_code == 404
    assert response.mimetype == "text/plain"


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("period=forever", "period can be"),
        ("start_day=2026-02-30&end_day=2026-03-01", "start_day is a date"),
        ("country=" + "x" * 100_000, "characters long"),
        ("column=secret", "has no column «secret». It has: day, account_country, account_plan, watch_ms."),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(client: FlaskClient, search: str, words: str) -> None:
    response = client.get(f"/export/watch_by_day.csv?{search}")
    assert response.status_code == 400
    assert response.mimetype == "text/plain"
    assert words in response.text


def test_a_failing_query_is_logged_under_the_id_that_is_told(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = client.get("/export/failing.csv")
    assert response.status_code == 500
    incident = response.text.strip().removesuffix(".").split()[-1]
    assert incident in caplog.text
    assert "disk on fire" in caplog.text
    assert "disk on fire" not in response.text


def test_text_that_a_spreadsheet_would_run_is_disarmed_and_numbers_are_not() -> None:
    texts = ["=1+1", "+1", "-1", "@sum", "\ttab", "\rreturn", "a=1", None]
    rows = _written({"text": texts, "number": [-1, -2, -3, -4, -5, -6, -7, -8]})
    assert [text for text, _ in rows] == ["'=1+1", "'+1", "'-1", "'@sum", "'\ttab", "'\rreturn", "a=1", ""]
    assert rows[0][1] == "-1"


def test_days_and_moments_are_iso() -> None:
    days = [datetime(2026, 1, 1), None]
    moments = [datetime(2026, 1, 1, 9, 30), datetime(2026, 1, 2)]
    assert _written({"day": days, "ts": moments}) == [
        ["2026-01-01", "2026-01-01 09:30:00.000000"],
        ["", "2026-01-02 00:00:00.000000"],
    ]


def test_whole_numbers_with_a_null_stay_whole() -> None:
    assert _written({"plays": [3, None], "rate": [0.5, None]}) == [["3", "0.5"], ["", ""]]


def test_no_rows_give_the_header_alone(client: FlaskClient) -> None:
    response = client.get("/export/watch_by_day.csv?country=FR")
    assert _rows(response.text) == [["day", "account_country", "account_plan", "watch_ms"]]
