"""A tiny published build and two made-up queries over it, so that these tests depend on no page's query."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dash
import duckdb
import pytest
from flask import Flask
from flask.testing import FlaskClient

import queries.run
from definitions.manifest import MANIFEST_FILE, POINTER_FILE, DaySpan, Manifest, build_folder
from definitions.warehouse import PUBLISHED, PUBLISHED_COLUMNS
from serving import connect, connect_jobs, exports, health, security
from tests.served import serving
from tests.serving.connecting import Owner

BUILD_ID = "20260301-a"

WATCH_BY_DAY = """-- Grain: one day and country.
select
    account_days.day,
    account_days.account_country,
    account_days.account_plan,
    cast(sum(account_days.watch_ms) as bigint) as watch_ms
from account_days
where
    account_days.day >= $start_day
    and account_days.day < $end_day
    and chosen(account_days.account_country, $countries)
group by all
order by all
"""
BY_PERIOD = """-- Grain: one period, and one row with a null period_start for the whole range.
select
    cast(null as date) as period_start,
    case when $start_day = date '2026-02-28' then 3.0 else 2.0 end as watch_hours,
    case when $start_day = date '2026-02-28' then 4 else 0 end as plays
union all
select $start_day as period_start, 9.0 as watch_hours, 9 as plays
"""
FAILING = "-- Grain: nothing.\nselect error('disk on fire') as nothing"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one build; only to be read."""
    warehouse = tmp_path_factory.mktemp("serving") / "warehouse"
    folder = build_folder(warehouse, BUILD_ID)
    folder.mkdir(parents=True)
    _write_account_days(folder / "account_days.parquet")
    manifest = Manifest(
        build_id=BUILD_ID,
        built_at="2026-03-01T00:00:00+00:00",
        marquee_version="0",
        service_zone="UTC",
        data_through="2026-02-28T23:00:00+00:00",
        spans={"local": DaySpan(date(2026, 1, 1), date(2026, 3, 1))},
        source_counts={},
        rows={name: 3 if name == "account_days" else 0 for name in PUBLISHED},
        filled=dict.fromkeys(PUBLISHED_COLUMNS, 0) | {"plays.watch_ms": 3, "plays.play_id": 3},
    )
    (folder / MANIFEST_FILE).write_text(manifest.to_json(), encoding="utf-8")
    (warehouse / POINTER_FILE).write_text(BUILD_ID, encoding="utf-8")
    return warehouse


@pytest.fixture(scope="module")
def _served(warehouse: Path) -> Iterator[None]:
    with serving(warehouse):
        yield


@pytest.fixture(autouse=True)
def made_up_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "watch_by_day.sql").write_text(WATCH_BY_DAY, encoding="utf-8")
    (folder / "by_period.sql").write_text(BY_PERIOD, encoding="utf-8")
    (folder / "failing.sql").write_text(FAILING, encoding="utf-8")
    monkeypatch.setattr(queries.run, "FOLDER", folder)
    monkeypatch.setattr(queries.run, "_cache", queries.run._ByteBoundCache(1_000_000))
    _forget_queries()
    yield
    _forget_queries()


@pytest.fixture
def client(_served: None) -> FlaskClient:
    server = Flask(__name__)
    security.register(server)
    app = dash.Dash(__name__, server=server, use_async=False)
    app.layout = dash.html.Div("hello")
    health.register(server)
    exports.register(server)
    return server.test_client()


def _write_account_days(file: Path) -> None:
    connection = duckdb.connect()
    columns = ", ".join(f"{column.name} {column.type.sql_type}" for column in PUBLISHED["account_days"])
    connection.execute(f"create table account_days ({columns})")
    connection.execute(
        """
        insert into account_days (day, account_country, account_plan, watch_ms)
        values
            ('2026-02-01', 'IN', '=cmd()', 60000),
            ('2026-02-28', 'IN', 'a "b", c', 120000),
            ('2026-02-28', 'DE', null, null)
        """
    )
    connection.table("account_days").write_parquet(str(file))


def _forget_queries() -> None:
    queries.run.query_text.cache_clear()
    queries.run.parameter_names.cache_clear()


@pytest.fixture
def owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Owner]:
    """The owner's browser, on the machine itself."""
    monkeypatch.setenv("MARQUEE_CONNECT", "1")
    monkeypatch.setenv("MARQUEE_CONNECT_FOLDER", str(tmp_path / "connect"))
    monkeypatch.setenv("MARQUEE_WAREHOUSE", str(tmp_path / "warehouse"))
    server = Flask(__name__)
    security.register(server)
    connect.register(server)
    # The headers that a Dash page would need are no business of these tests.
    server.after_request_funcs.clear()
    yield server.test_client()
    for job in (path.name for path in (tmp_path / "connect" / "jobs").glob("*")):
        connect_jobs.discard(job)
