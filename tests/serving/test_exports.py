import csv
import hashlib
import io
import json
import logging
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient

from definitions.metrics import METRICS
from serving.formats import as_table, to_csv
from tests.serving.conftest import WATCH_BY_DAY

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


def test_the_name_of_a_cells_file_has_the_cell_and_nothing_that_a_name_cannot_have(client: FlaskClient) -> None:
    def name(search: str) -> str:
        return client.get(f"/export/watch_by_day.csv?{FEBRUARY}&{search}").headers["Content-Disposition"]

    assert '"marquee-watch_by_day-2026-02-02-3-2026-02-01-2026-02-28.csv"' in name(
        "cell_cohort=2026-02-02&cell_interval=3"
    )
    assert '"marquee-watch_by_day-pooled-2026' in name("cell_cohort=pooled")
    assert '"marquee-watch_by_day-a_b_c-2026' in name("cell_cohort=a%22;%0Ab/../c")


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


def test_parquet_and_manifest_say_what_the_rows_are(client: FlaskClient) -> None:
    search = f"{FEBRUARY}&country=IN&column=day&column=watch_ms"
    texts = client.get(f"/export/watch_by_day.csv?{search}")
    assert texts.content_length == len(texts.data)
    binary = client.get(f"/export/watch_by_day.parquet?{search}")
    assert binary.headers["Content-Disposition"].endswith('watch_by_day-2026-02-01-2026-02-28.parquet"')
    file = pq.ParquetFile(io.BytesIO(binary.data))
    assert file.read().to_pylist() == [
        {"day": date(2026, 2, 1), "watch_ms": 60000},
        {"day": date(2026, 2, 28), "watch_ms": 120000},
    ]
    facts = json.loads(client.get(f"/export/watch_by_day.json?{search}").data)
    assert facts["query"] == "watch_by_day"
    assert facts["address"] == f"/export/watch_by_day.csv?{search}&build=20260301-a"
    assert facts["statements"] == [
        {
            "name": "watch_by_day",
            "sql": WATCH_BY_DAY,
            "parameters": {
                "countries": {"chosen_values": ["IN"], "excluded": False},
                "end_day": "2026-03-01",
                "start_day": "2026-02-01",
            },
        }
    ]
    assert facts["filters"] == ["Days: 2026-02-01 to 2026-02-28", "Country: IN"]
    assert (facts["build"], facts["data_through"]) == ("20260301-a", "2026-02-28T23:00:00+00:00")
    assert facts["row_count"] == 2
    assert facts["csv_sha256"] == hashlib.sha256(texts.data).hexdigest()
    assert facts["parquet_sha256"] == hashlib.sha256(binary.data).hexdigest()
    metadata = {name.decode(): value.decode() for name, value in file.metadata.metadata.items()}
    for name, value in facts.items():
        if name not in ("parquet_sha256", "parquet_bytes"):
            told = metadata[f"marquee.{name}"]
            assert (told if isinstance(value, str) else json.loads(told)) == value


def test_the_comparison_is_told_with_the_values_it_binds(client: FlaskClient) -> None:
    search = "start_day=2026-02-28&end_day=2026-03-01&compared=1"
    facts = json.loads(client.get(f"/export/watch_by_day.json?{search}").data)
    assert facts["statements"][0]["comparison_parameters"]["start_day"] == "2026-02-27"
    assert "Compared with: 2026-02-27 to 2026-02-27" in facts["filters"]


def test_head_tells_the_headers_without_running_the_query(client: FlaskClient) -> None:
    response = client.head("/export/failing.csv")
    assert response.status_code == 200
    assert response.content_type == "text/csv; charset=utf-8; header=present"
    assert response.content_length is None
    assert client.head("/export/watch_by_day.csv?period=forever").status_code == 400


def test_raw_leaves_texts_as_they_are(client: FlaskClient) -> None:
    response = client.get("/export/watch_by_day.csv?country=IN&column=account_plan&raw=1")
    assert _rows(response.text)[1] == ["=cmd()"]


def test_key_figures_are_one_row_each_with_their_definitions(client: FlaskClient) -> None:
    search = "start_day=2026-02-28&end_day=2026-03-01&figure=by_period.watch_hours&figure=by_period.plays"
    response = client.get(f"/export/key_figures.csv?{search}")
    # 3 h after 2 h: 1 h more, which is half of it again; of plays there are 4 after none.
    assert _rows(response.text) == [
        ["metric", "label", "unit", "value", "comparison_value", "change", "relative_change"],
        ["watch_hours", "Watch time", "hours", "3", "2", "1", "0.5"],
        ["plays", "Plays", "count", "4", "0", "4", ""],
    ]
    facts = json.loads(client.get(f"/export/key_figures.json?{search}").data)
    assert facts["metrics"]["watch_hours"]["definition"] == METRICS["watch_hours"].definition
    assert facts["metrics"]["plays"]["formula"] == METRICS["plays"].formula
    assert [statement["name"] for statement in facts["statements"]] == ["by_period"]
    assert facts["row_count"] == 2


@pytest.mark.parametrize(
    ("search", "status", "words"),
    [
        ("", 400, "Name the figures"),
        ("figure=by_period.secret", 400, "There is no figure «by_period.secret»"),
        ("figure=nowhere.plays", 400, "There is no figure «nowhere.plays»"),
        ("figure=by_period.plays&period=forever", 400, "period can be"),
        ("figure=watch_by_day.plays", 500, "quote"),
        ("figure=by_period.retention_rate", 500, "quote"),
    ],
)
def test_key_figures_that_cannot_be_given_are_told(client: FlaskClient, search: str, status: int, words: str) -> None:
    response = client.get(f"/export/key_figures.csv?{search}")
    assert response.status_code == status
    assert words in response.text


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
