"""Security headers on every answer, and refusal of requests that another site sends in a visitor's name."""

import os
from urllib.parse import urlsplit

import dash
from flask import Flask, Response, abort, request

from definitions.hosts import LOOPBACK

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
    server.before_request(_refuse_other_hosts)
    server.before_request(_refuse_other_sites)
    server.after_request(_with_headers)


def _refuse_other_hosts() -> Response | None:
    """Refuse names that are not this server's: another site can make its own name lead here (DNS rebinding)."""
    named = {_bare(name) for name in os.environ.get("MARQUEE_HOSTS", "").split(",")}
    if host_name(request.host) in {*LOOPBACK, *named} - {""}:
        return None
    return Response(
        f"Marquee does not answer to the host «{request.host}». If it is yours, add its name to MARQUEE_HOSTS, or "
        "start with marquee serve --allow-host NAME.\n",
        status=400,
        content_type="text/plain; charset=utf-8",
    )


def host_name(host: str) -> str:
    """Return the name or address in a ``Host`` header: without port and brackets, in lower case."""
    return _bare(_without_port(host))


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() and (":" not in name or name.endswith("]")) else host


def _bare(name: str) -> str:
    return name.strip().strip("[]").lower()


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
