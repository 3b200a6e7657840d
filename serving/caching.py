"""How long a browser keeps what it is sent, and static files compressed once.

What has its version in its address is kept for a year and never asked for again: our own assets (under a hash of their
content), Bootstrap and Dash's scripts (under the version of their package). All else is asked for each time, and
answered with "not modified" where it is static.
"""

import gzip
import hashlib
import importlib
import mimetypes
import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from dash.fingerprint import check_fingerprint
from flask import Flask, Response, request

KEEP = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
REVISION_CHARACTERS = 12
ASSET = re.compile(rf"/assets/(?:(?P<revision>[0-9a-f]{{{REVISION_CHARACTERS}}})/)?(?P<name>.+)")
SUITE = "/_dash-component-suites/"
SUITE_VERSION = re.compile(r"\.v(?P<version>[\w-]+)m[0-9a-fA-F]+\.")
# Dash's own parts have versions of their own.
PARTS_OF = {"dash": ("dash", "dash.dcc", "dash.html")}
STATIC_ENDPOINTS = ("vendor.static", "/_favicon.ico")
COMPRESSIBLE = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
WORTH_COMPRESSING_BYTES = 1_000


def register(server: Flask, assets: Path) -> str:
    """Serve the files of ``assets`` on ``server``, and return the path of their addresses, to be given to Dash.

    They are read once, so that an address that browsers keep never changes its content while the server runs.
    """
    files = {path.relative_to(assets).as_posix(): path.read_bytes() for path in assets.rglob("*") if path.is_file()}
    revision = content_hash(files)

    def asset() -> Response | None:
        asked = ASSET.fullmatch(request.path)
        if asked is None or asked["name"] not in files:
            return None
        kind = mimetypes.guess_type(asked["name"])[0] or "application/octet-stream"
        # Another revision's page may still be open: it gets what there is, for now.
        kept = KEEP if asked["revision"] == revision else ASK_FIRST
        return Response(files[asked["name"]], mimetype=kind, headers={"Cache-Control": kept})

    compressed: dict[str, bytes] = {}
    server.before_request(asset)
    server.after_request(lambda response: _with_caching(response, compressed))
    return f"assets/{revision}"


def content_hash(files: Mapping[str, bytes]) -> str:
    """Return a hash of files' names and contents: hexadecimal, short enough for an address."""
    whole = hashlib.sha256()
    for name, content in sorted(files.items()):
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()[:REVISION_CHARACTERS]


def _with_caching(response: Response, compressed: dict[str, bytes]) -> Response:
    # Dash answers every address that it does not know with the page.
    if response.mimetype == "text/html" or not _is_static():
        response.headers.setdefault("Cache-Control", ASK_FIRST)
        return response
    if response.status_code != HTTPStatus.OK:
        return response
    if not ASSET.fullmatch(request.path):
        response.headers["Cache-Control"] = KEEP if _names_installed_version() else ASK_FIRST
    response.direct_passthrough = False
    # Weak, because the compressed bytes are others.
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32], weak=True)
    _compress(response, compressed)
    response.make_conditional(request)
    return response


def _is_static() -> bool:
    return bool(ASSET.fullmatch(request.path) or request.path.startswith(SUITE) or request.endpoint in STATIC_ENDPOINTS)


def _names_installed_version() -> bool:
    """Tell whether an address holds the version of the package that answers it; another server may run another."""
    if not request.path.startswith(SUITE):
        return request.endpoint == "vendor.static"
    found = SUITE_VERSION.search(request.path)
    package = request.path.removeprefix(SUITE).partition("/")[0]
    parts = PARTS_OF.get(package, (package,))
    versions = {re.sub(r"[^\w-]", "_", importlib.import_module(part).__version__) for part in parts} if found else set()
    return found is not None and found["version"] in versions


def _compress(response: Response, compressed: dict[str, bytes]) -> None:
    if response.mimetype not in COMPRESSIBLE or (response.content_length or 0) < WORTH_COMPRESSING_BYTES:
        return
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip"):
        return
    # A fingerprint can be anything; a file has one.
    asset = ASSET.fullmatch(request.path)
    key = asset["name"] if asset else check_fingerprint(request.path)[0]
    if key not in compressed:
        compressed[key] = gzip.compress(response.get_data(), compresslevel=6, mtime=0)
    response.set_data(compressed[key])
    response.headers["Content-Encoding"] = "gzip"
