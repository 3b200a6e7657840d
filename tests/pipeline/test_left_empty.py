"""What a build does not work out, since nobody subscribes or no cover is shown, is what its statements would give."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from pipeline.build import adding_up, deriving
from pipeline.build.adding_up import OF_COVERS, OF_RISK
from pipeline.build.build import build_warehouse
from pipeline.build.deriving import LEAVING_CELLS, OF_SUBSCRIPTIONS
from pipeline.build.statements import create
from pipeline.build.tables import derive_table
from tests.pipeline.builds import FIRST, days_of_plays, written
from tests.sources import Row

SETTINGS: Mapping[str, object] = {
    "service_zone": "UTC",
    "data_from": FIRST,
    "data_through": FIRST,
    "first_day": FIRST.date(),
    "end_day": FIRST.date(),
}


def test_tables_that_are_left_empty_are_empty_when_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = []
    steps_before = {"accounts_at_risk": ("risk_cuts", "risk_accounts"), OF_COVERS[0]: ("account_tastes",)}

    def work_out(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> None:
        for step in steps_before.get(name, ()):
            create(connection, f"derived.{step}", step, SETTINGS)
        derive_table(connection, folder, name, SETTINGS)
        left.append(name)

    monkeypatch.setattr(deriving, "leave_empty", work_out)
    monkeypatch.setattr(adding_up, "leave_empty", work_out)
    # Forty days of plays and a search, of an account with a plan, leave nothing out but the subscription and covers.
    tables: dict[str, list[Row]] = days_of_plays(40)
    tables["accounts"] = [{"account_id": "ann", "country": "IN", "plan": "Basic"}]
    tables["searches"] = [{"search_id": "s", "ts": FIRST, "account_id": "ann", "query": "salt"}]
    rows = build_warehouse(written(tmp_path / "source", tables), tmp_path / "warehouse").manifest.rows
    assert left == [*OF_SUBSCRIPTIONS, *OF_COVERS, *OF_RISK, LEAVING_CELLS]
    assert [rows[name] for name in left] == [0] * len(left)
    assert rows["plays"] == 40
