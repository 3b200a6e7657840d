"""Answers 404 at an address that no page has: Dash lays out its not-found page there, and calls that a success."""

import re
from fnmatch import fnmatchcase

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
    pages = [page for page in dash.page_registry.values() if page["module"].split(".")[-1] != "not_found_404"]
    addresses = [re.sub("<[^>]+>", "*", page["path_template"] or page["path"]) for page in pages]
    return any(fnmatchcase(path.strip("/"), address.strip("/")) for address in addresses)
