"""All rows of a table that match Explore's link, in each form, and what is refused."""

import csv
import hashlib
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from definitions.warehouse import PUBLISHED
from queries.db import Warehouse
from queries.explore import RowQuery
from queries.run import QueryError, TooMuchError
from queries.stream import BATCH_ROWS, export_time_limit_ms, stream
from serving import exports, row_exports
from tests.served import serving
from tests.serving.many_plays import BUILD_ID, watch_ms_of, write_many_plays

# Several batches and row groups, and a rest.
PLAYS = 5 * BATCH_ROWS + 7
ENDLESS = "select max(md5(cast(n as varchar))) as play_id from range(1_000_000_000_000) as numbers(n)"


class _WholeAnswers(FlaskClient):
    """Reads an answer to its end and closes it, as a server does, unless told otherwise."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture(scope="module")
def many_plays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = tmp_path_factory.mktemp("many") / "warehouse"
    write_many_plays(warehouse, PLAYS)
    return warehouse


@pytest.fixture(scope="module")
def rows_server(many_plays: Path) -> Iterator[Flask]:
    server = Flask(__name__)
    server.test_client_class = _WholeAnswers
    exports.register(server)
    with serving(many_plays):
        yield server


@pytest.fixture
def rows_client(rows_server: Flask) -> FlaskClient:
    return rows_server.test_client()


def _is_all_free() -> bool:
    taken = [row_exports._free_places.acquire(blocking=False) for _ in range(row_exports.EXPORTS_AT_ONCE)]
    for _ in range(sum(taken)):
        row_exports._free_places.release()
    return all(taken)


def test_all_rows_are_there_in_every_form_and_the_manifest_tells_what_they_are(rows_client: FlaskClient) -> None:
    search = f"build={BUILD_ID}&column=play_id&column=watch_ms&column=isp"
    texts = rows_client.get(f"/export/rows/plays.csv?{search}")
    assert texts.status_code == 200
    assert texts.headers["Content-Disposition"] == 'attachment; filename="marquee-plays-2026-02-01-2026-02-28.csv"'
    assert texts.headers["Cache-Control"] == "no-store"
    assert texts.content_length is None
    header, *rows = csv.reader(io.StringIO(texts.text, newline=""))
    assert header == ["play_id", "watch_ms", "isp"]
    assert len(rows) == PLAYS
    assert sum(int(watch_ms) for _, watch_ms, _ in rows) == watch_ms_of(PLAYS)
    assert rows[:4] == [
        ["play-0", "0", "Acme"],
        ["play-1", "1", 'Fibre, "North"'],
        ["play-2", "2", "'=net"],
        ["play-3", "3", "Größe\n2"],
    ]

    binary = rows_client.get(f"/export/rows/plays.parquet?{search}")
    table = pq.read_table(io.BytesIO(binary.data))
    assert table["play_id"].to_pylist() == [row[0] for row in rows]
    assert table["isp"][2].as_py() == "=net"
    written = pq.ParquetFile(io.BytesIO(binary.data))
    assert written.metadata.num_row_groups == 2

    facts = json.loads(rows_client.get(f"/export/rows/plays.json?{search}").data)
    assert facts["row_count"] == PLAYS
    assert facts["csv_sha256"] == hashlib.sha256(texts.data).hexdigest()
    assert facts["csv_bytes"] == len(texts.data)
    assert facts["parquet_sha256"] == hashlib.sha256(binary.data).hexdigest()
    assert facts["parquet_bytes"] == len(binary.data)
    metadata = {name.decode(): value.decode() for name, value in written.metadata.metadata.items()}
    assert metadata["marquee.csv_sha256"] == facts["csv_sha256"]
    assert metadata["marquee.row_count"] == str(PLAYS)
    assert json.loads(metadata["marquee.statements"]) == facts["statements"]
    assert _is_all_free()


def test_the_manifest_names_query_parameters_filters_columns_and_build(rows_client: FlaskClient) -> None:
    search = "start_day=2026-02-02&end_day=2026-02-04&device=mobile&where=watch_ms+at-most+100&column=watch_ms"
    facts = json.loads(rows_client.get(f"/export/rows/plays.json?{search}").data)
    # Of the plays 0 to 100, those of device mobile are odd; days 2 and 3 of February are n % 28 of 1 and 2.
    assert facts["row_count"] == len([n for n in range(101) if n % 28 in (1, 2) and n % 2 == 1])
    (statement,) = facts["statements"]
    assert statement["name"] == "rows/plays"
    assert '"watch_ms" <= $value_1' in statement["sql"]
    assert statement["parameters"]["start_day"] == "2026-02-02"
    assert statement["parameters"]["value_1"] == 100
    assert facts["filters"] == [
        "Days: 2026-02-02 to 2026-02-03",
        "Device: mobile",
        "Kind: film, episode, live",
        "Where: watch_ms at-most 100",
    ]
    assert facts["columns"] == [
        {"name": "watch_ms", "type": "int64", "meaning": PUBLISHED["plays"].column("watch_ms").meaning, "unit": "ms"}
    ]
    assert facts["build"] == BUILD_ID
    assert facts["data_through"] == "2026-02-28T23:59:59+00:00"
    again = json.loads(rows_client.get(facts["address"].replace(".csv?", ".json?")).data)
    assert again["csv_sha256"] == facts["csv_sha256"]


def test_raw_leaves_texts_as_they_are(rows_client: FlaskClient) -> None:
    search = "where=play_id+is+play-2&column=isp"
    assert rows_client.get(f"/export/rows/plays.csv?{search}").data == b'"isp"\n"\'=net"\n'
    assert rows_client.get(f"/export/rows/plays.csv?{search}&raw=1").data == b'"isp"\n"=net"\n'


@pytest.mark.parametrize("form", ["csv", "parquet", "json"])
def test_no_rows_are_a_whole_file_too(rows_client: FlaskClient, form: str) -> None:
    data = rows_client.get(f"/export/rows/plays.{form}?where=play_id+is+nobody&column=play_id&column=watch_ms").data
    match form:
        case "csv":
            assert data == b'"play_id","watch_ms"\n'
        case "parquet":
            table = pq.read_table(io.BytesIO(data))
            assert (table.num_rows, table.column_names) == (0, ["play_id", "watch_ms"])
        case _:
            assert json.loads(data)["row_count"] == 0


def test_a_table_without_days_is_not_named_after_days(rows_client: FlaskClient) -> None:
    response = rows_client.head("/export/rows/titles.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="marquee-titles.csv"'


def test_head_runs_no_statement(rows_client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RowQuery, "statement", lambda _: pytest.fail("a statement was asked for"))
    response = rows_client.head("/export/rows/plays.parquet")
    assert response.status_code == 200
    assert response.content_length is None
    assert response.mimetype == "application/vnd.apache.parquet"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("nowhere.csv", 404, "There is no table «nowhere»"),
        ("plays.csv?column=secret", 400, "plays has no column «secret»"),
        ("plays.json?period=forever", 400, "period can be"),
        ("plays.csv?build=20250101-a", 410, "Reload the page"),
    ],
)
def test_what_cannot_be_given_is_told_in_a_sentence(
    rows_client: FlaskClient, path: str, status: int, words: str
) -> None:
    response = rows_client.get(f"/export/rows/{path}")
    assert (response.status_code, response.mimetype) == (status, "text/plain")
    assert words in response.text


def test_rows_of_accounts_stay_closed_where_small_groups_are_hidden(
    rows_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARQUEE_MIN_ACCOUNTS", "5")
    for form in ("csv", "parquet", "json"):
        response = rows_client.get(f"/export/rows/plays.{form}?where=play_id+is+play-2")
        assert (response.status_code, "plays is closed" in response.text) == (400, True)
    assert rows_client.get("/export/rows/titles.csv").status_code == 200


def test_csv_is_refused_where_a_cut_would_not_show(rows_client: FlaskClient) -> None:
    old = {"SERVER_PROTOCOL": "HTTP/1.0"}
    response = rows_client.get("/export/rows/plays.csv", environ_overrides=old)
    assert (response.status_code, "proxy_http_version 1.1" in response.text) == (505, True)
    assert rows_client.get("/export/rows/plays.parquet", environ_overrides=old).status_code == 200


def test_only_so_many_exports_run_at_once(rows_client: FlaskClient) -> None:
    first = rows_client.get("/export/rows/plays.csv", buffered=False)
    second = rows_client.get("/export/rows/plays.parquet", buffered=False)
    refused = rows_client.get("/export/rows/plays.csv")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert refused.text == "2 exports of rows are under way. Try again in 30 seconds.\n"
    first.close()
    assert rows_client.get("/export/rows/plays.csv?where=play_id+is+play-1").status_code == 200
    second.close()
    assert _is_all_free()


def test_an_export_that_takes_too_long_is_stopped_and_told(
    rows_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RowQuery, "statement", lambda _: ENDLESS)
    monkeypatch.setattr(RowQuery, "parameters", lambda _: {})
    monkeypatch.setenv("MARQUEE_EXPORT_TIME_LIMIT_MS", "50")
    response = rows_client.get("/export/rows/plays.csv")
    assert (response.status_code, "took longer than allowed" in response.text) == (503, True)
    monkeypatch.setenv("MARQUEE_EXPORT_TIME_LIMIT_MS", "soon")
    response = rows_client.get("/export/rows/plays.csv")
    assert (response.status_code, "whole number from 1" in response.text) == (503, True)
    assert _is_all_free()


def test_a_client_that_goes_away_stops_the_statement_that_runs_for_it(
    rows_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RowQuery, "statement", lambda _: ENDLESS)
    monkeypatch.setattr(RowQuery, "parameters", lambda _: {})
    servers_end, clients_end = socket.socketpair()
    with servers_end:
        clients_end.close()
        began = time.monotonic()
        rows_client.get("/export/rows/plays.csv", environ_overrides={"gunicorn.socket": servers_end})
        assert time.monotonic() - began < 2
    assert _is_all_free()
    assert [thread.name for thread in threading.enumerate() if "_watch" in thread.name] == []


def test_a_failure_at_once_is_logged_under_the_id_that_is_told(
    rows_client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(RowQuery, "statement", lambda _: "select error('disk on fire')")
    monkeypatch.setattr(RowQuery, "parameters", lambda _: {})
    response = rows_client.get("/export/rows/plays.csv")
    assert response.status_code == 500
    assert response.text.strip().removesuffix(".").split()[-1] in caplog.text
    assert "disk on fire" in caplog.text
    assert "disk on fire" not in response.text


def test_a_stream_gives_batches_frees_its_cursor_and_tells_errors_as_its_own(
    many_plays: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARQUEE_SPILL_LIMIT", "10MB")
    build = Warehouse(many_plays).current()
    numbers = "select n from range($upto) as numbers(n)"
    with stream(numbers, {"upto": BATCH_ROWS + 1}, build, time_limit_ms=10_000) as rows:
        assert [batch.num_rows for batch in rows.batches()] == [BATCH_ROWS, 1]
    with stream(numbers, {"upto": 0}, build, time_limit_ms=10_000) as rows:
        (empty,) = rows.batches()
        assert (empty.num_rows, empty.schema.names) == (0, ["n"])
    rows.interrupt()  # nothing is left to interrupt
    late = "select if(n = 9_000_000, error('boom'), n) as n from range(10_000_000) as numbers(n)"
    with stream(late, {}, build, time_limit_ms=10_000) as rows:
        given = rows.batches()
        assert next(given).num_rows == BATCH_ROWS
        with pytest.raises(QueryError, match="boom"):
            list(given)
    sorted_rows = "select n, repeat('x', 1000) || n as t from range(10_000_000) as numbers(n) order by t desc"
    with (
        pytest.raises(TooMuchError, match="unsorted"),
        stream(sorted_rows, {}, build, time_limit_ms=60_000) as rows,
    ):
        next(rows.batches())
    with pytest.raises(duckdb.ConnectionException):
        rows._cursor.execute("select 1")


def test_an_export_may_take_longer_than_a_cards_query(monkeypatch: pytest.MonkeyPatch) -> None:
    assert export_time_limit_ms() == 15 * 60 * 1000
    monkeypatch.setenv("MARQUEE_EXPORT_TIME_LIMIT_MS", "1000")
    assert export_time_limit_ms() == 1000


def test_types_of_all_published_tables_can_be_written(rows_client: FlaskClient) -> None:
    for name in PUBLISHED:
        columns = "&".join(f"column={column}" for column in PUBLISHED[name].column_names)
        response = rows_client.get(
            f"/export/rows/{name}.parquet?where={PUBLISHED[name].column_names[0]}+empty&{columns}"
        )
        schema = pq.read_schema(pa.BufferReader(response.data))
        assert tuple(schema.names) == PUBLISHED[name].column_names
