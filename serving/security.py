"""Security headers on every answer, and refusal of requests that another site sends in a visitor's name."""

from urllib.parse import urlsplit

import dash
from flask import Flask, Response, abort, request

POLICY = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The query string tells what someone looks at: no other site learns it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def register(server: Flask) -> None:
    """Guard every request and answer of ``server``; call it before other guards, so that it comes first."""
    server.before_request(_refuse_other_sites)
    server.after_request(_with_headers)


def _refuse_other_sites() -> None:
    if request.method in SAFE_METHODS or _is_same_site():
        return
    abort(403, "Marquee takes this request from its own pages only.")


def _is_same_site() -> bool:
    """Browsers set both headers and scripts cannot; a client that sends neither is no browser."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _with_headers(response: Response) -> Response:
    response.headers.extend({"Content-Security-Policy": _content_security_policy(response), **HEADERS})
    return response


def _content_security_policy(response: Response) -> str:
    # With pages, Dash registers one inline script only at the first request, so the hashes cannot be computed earlier.
    hashes = dash.get_app().csp_hashes() if response.mimetype == "text/html" else ()
    policy = {**POLICY, "script-src": " ".join(("'self'", *dict.fromkeys(hashes)))}
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
