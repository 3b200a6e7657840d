import gzip
import hashlib
import re
from pathlib import Path

import dash
import pytest
from flask import Flask
from flask.testing import FlaskClient

from components import vendor
from serving import caching

SHEET = "body { color: red }\n" * 100
KEEP = "public, max-age=31536000, immutable"


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    (tmp_path / "assets" / "fonts").mkdir(parents=True)
    (tmp_path / "assets" / "a.css").write_text(SHEET)
    (tmp_path / "assets" / "fonts" / "f.woff2").write_bytes(b"font")
    return tmp_path / "assets"


@pytest.fixture
def client(assets: Path) -> FlaskClient:
    server = Flask(__name__)
    path = caching.register(server, assets)
    vendor.register(server)
    app = dash.Dash(
        __name__,
        server=server,
        use_async=False,
        assets_folder=str(assets),
        assets_url_path=path,
        external_stylesheets=list(vendor.STYLESHEETS),
    )
    app.layout = dash.html.Div([dash.dcc.Dropdown(), "hello"])
    return server.test_client()


def test_the_hash_is_that_of_names_lengths_and_contents() -> None:
    expected = hashlib.sha256(b"a.css\x003\x00xyz" + b"b.js\x000\x00").hexdigest()[:12]
    assert caching.content_hash({"b.js": b"", "a.css": b"xyz"}) == expected
    assert caching.content_hash({"b.js": b"xyz", "a.css": b""}) != expected


def test_an_asset_is_kept_for_a_year_under_the_hash_of_the_assets_content(client: FlaskClient, assets: Path) -> None:
    revision = caching.content_hash({"a.css": SHEET.encode(), "fonts/f.woff2": b"font"})
    (sheet,) = re.findall(r'href="([^"]*a\.css[^"]*)"', client.get("/").text)
    assert sheet.startswith(f"/assets/{revision}/a.css")
    for name in ("a.css", "fonts/f.woff2"):
        answer = client.get(f"/assets/{revision}/{name}")
        assert (answer.headers["Cache-Control"], answer.data) == (KEEP, (assets / name).read_bytes())


def test_an_edited_file_does_not_change_what_an_address_answers(client: FlaskClient, assets: Path) -> None:
    before = client.get("/").text
    (assets / "a.css").write_text("body { color: blue }")
    (sheet,) = re.findall(r'href="([^"?]*a\.css)', before)
    assert client.get(sheet).text == SHEET


@pytest.mark.parametrize("path", ["/assets/a.css", "/assets/0123456789ab/a.css"])
def test_an_asset_without_the_hash_of_its_content_is_asked_for_each_time(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.text, answer.headers["Cache-Control"]) == (SHEET, "no-cache")
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_pages_and_data_are_asked_for_each_time(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-cache"
    assert client.get("/_dash-layout").headers["Cache-Control"] == "no-cache"
    assert client.get("/assets/../nothing").headers["Cache-Control"] == "no-cache"


def test_every_script_and_sheet_of_a_page_is_kept(client: FlaskClient) -> None:
    page = client.get("/").text
    addresses = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    kept = {
        address: client.get(address, buffered=True).headers["Cache-Control"]
        for address in addresses
        if "favicon" not in address
    }
    assert set(kept.values()) == {KEEP}
    assert len(kept) >= 8


def test_a_script_of_another_version_than_the_installed_one_is_not_kept(client: FlaskClient) -> None:
    (script,) = re.findall(r'src="(/[^"]+dash_renderer[^"]+)"', client.get("/").text)
    other = re.sub(r"\.v[\d_]+m", ".v1_2_3m", script)
    answer = client.get(other)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


def test_a_chunk_without_a_version_is_answered_with_not_modified(client: FlaskClient) -> None:
    client.get("/")
    chunk = "/_dash-component-suites/dash/dcc/async-dropdown.js"
    answer = client.get(chunk)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get(chunk, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_text_is_compressed_for_those_who_take_it(client: FlaskClient) -> None:
    taking = {"Accept-Encoding": "gzip"}
    plain, packed = client.get("/assets/a.css"), client.get("/assets/a.css", headers=taking)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in client.get("/assets/fonts/f.woff2", headers=taking).headers
    assert client.get("/assets/a.css", headers=taking | {"If-None-Match": packed.headers["ETag"]}).status_code == 304


def test_dash_s_own_grid_is_not_loaded(client: FlaskClient) -> None:
    assert "/dash_table/" not in client.get("/").text
