"""Answers 404 at an address that no page has: Dash lays out its not-found page there, and calls that a success."""

import dash
from flask import Flask, Response, request


def register(server: Flask) -> None:
    """Set the status of the pages of ``server``."""
    server.after_request(_not_found_where_no_page_is)


def _not_found_where_no_page_is(response: Response) -> Response:
    if response.mimetype == "text/html" and response.status_code == 200 and not _is_page(request.path):
        response.status_code = 404
    return response


def _is_page(path: str) -> bool:
    pages = [page["path"] for page in dash.page_registry.values() if page["module"].split(".")[-1] != "not_found_404"]
    return path.strip("/") in (page.strip("/") for page in pages)
