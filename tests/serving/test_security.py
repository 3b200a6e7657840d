import base64
import hashlib
import re

import pytest
from flask.testing import FlaskClient

CALLBACK = "/_dash-update-component"


def test_the_policy_allows_exactly_the_inline_scripts_of_the_page(client: FlaskClient) -> None:
    response = client.get("/")
    page = re.sub(r"<!--.*?-->", "", response.text, flags=re.DOTALL)
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>(.*?)</script>", page, re.DOTALL)
    assert inline
    policy = response.headers["Content-Security-Policy"]
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    script_sources = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in script_sources


@pytest.mark.parametrize("path", ["/", "/health", "/nowhere", "/export/watch_by_day.csv"])
def test_every_answer_carries_each_header_once(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
    ):
        assert len(headers.getlist(name)) == 1


@pytest.mark.parametrize("path", ["/", "/health", "/export/watch_by_day.csv"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_a_host_that_is_not_its_own_is_refused(client: FlaskClient, path: str, host: str) -> None:
    response = client.get(path, headers={"Host": host})
    assert response.status_code == 400
    assert response.mimetype == "text/plain"
    assert "MARQUEE_HOSTS" in response.text
    assert client.post(CALLBACK, json={}, headers={"Host": host, "Origin": f"http://{host}"}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8050", "127.0.0.1:8050", "[::1]", "[::1]:8050"])
def test_this_machine_is_always_its_own_host(client: FlaskClient, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["marquee.example", "Marquee.example:8443", "10.0.0.7:8050", "[fe80::7]:8050"])
def test_hosts_can_be_added(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 400
    monkeypatch.setenv("MARQUEE_HOSTS", "marquee.example, 10.0.0.7,[fe80::7]")
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_post_from_another_site_is_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post(CALLBACK, json={}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        # Behind a proxy that ends TLS, the host can differ; what the browser says of the site does not.
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://public.example"},
    ],
)
def test_a_post_from_its_own_pages_gets_through(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/health", headers=headers).status_code == 405
