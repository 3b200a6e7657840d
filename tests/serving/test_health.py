import shutil
from pathlib import Path

from flask.testing import FlaskClient

from tests.served import serving


def test_says_which_build_is_served(client: FlaskClient) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json == {"status": "ok", "build": "20260301-a", "data_through": "2026-02-28T23:00:00+00:00"}


def test_without_a_build_it_says_what_to_do(client: FlaskClient, warehouse: Path, tmp_path: Path) -> None:
    shutil.copytree(warehouse, tmp_path / "warehouse")
    (tmp_path / "warehouse" / "current").unlink()
    with serving(tmp_path / "warehouse"):
        response = client.get("/health")
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["status"] == "unavailable"
    assert "marquee build" in response.json["reason"]
