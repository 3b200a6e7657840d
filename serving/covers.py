"""``GET /covers/<hash>.webp``: the thumbnail of a cover."""

from http import HTTPStatus

from flask import Flask, Response

from queries.db import WarehouseError, served_warehouse
from queries.run import QueryError
from queries.thumbnails import thumbnail
from serving.caching import KEEP
from serving.export_files import RefusedError


def register(server: Flask) -> None:
    """Add the route to ``server``."""
    server.add_url_rule("/covers/<image_hash>.webp", view_func=cover)


def cover(image_hash: str) -> Response:
    """Answer with the thumbnail of an image that a kept build knows by that hash; browsers keep it."""
    try:
        webp = thumbnail(image_hash, served_warehouse())
    except (WarehouseError, QueryError) as error:
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "There is no build to take a cover from.") from error
    if webp is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, "There is no such cover.")
    return Response(webp, mimetype="image/webp", headers={"Cache-Control": KEEP})
