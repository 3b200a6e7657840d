"""Answers 404 at an address that no page has, where Dash calls its not-found page a success; leads to what there is."""

import re
from fnmatch import fnmatchcase

import dash
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from queries.db import WarehouseError, served_warehouse

COVERS = "/artwork"


def register(server: Flask) -> None:
    """Set the status of the pages of ``server``, and lead to the covers where there is nothing else."""
    server.before_request(_covers_where_they_are_alone)
    server.after_request(_not_found_where_no_page_is)


def _covers_where_they_are_alone() -> AnyResponse | None:
    """Lead from the bare address to the covers, where the data hold no day of which the Overview could tell."""
    if request.path != "/" or request.query_string:
        return None
    try:
        has_covers_alone = served_warehouse().current().manifest.has_covers_alone
    except WarehouseError:
        return None
    return redirect(COVERS) if has_covers_alone else None


def _not_found_where_no_page_is(response: Response) -> Response:
    if response.mimetype == "text/html" and response.status_code == 200 and not _is_page(request.path):
        response.status_code = 404
    return response


def _is_page(path: str) -> bool:
    pages = [page for page in dash.page_registry.values() if page["module"].split(".")[-1] != "not_found_404"]
    addresses = [re.sub("<[^>]+>", "*", page["path_template"] or page["path"]) for page in pages]
    return any(fnmatchcase(path.strip("/"), address.strip("/")) for address in addresses)
