"""Whether the person who asks may connect data; the server says so for each request."""

from flask import g, has_request_context


def may_connect() -> bool:
    """Say whether this request may connect data: only the owner's, on the machine itself."""
    return has_request_context() and bool(g.get("may_connect", False))
