"""``GET /health``: tells a load balancer or a monitor whether this worker can answer, and from which data."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from queries.db import WarehouseError, served_warehouse


def register(server: Flask) -> None:
    """Add the route to ``server``."""
    server.add_url_rule("/health", view_func=health)


def health() -> ResponseReturnValue:
    """Return the current build and how far its data reach; 503 with the reason when there is no build to serve."""
    try:
        build = served_warehouse().current()
    except WarehouseError as error:
        return jsonify(status="unavailable", reason=str(error)), 503
    return jsonify(status="ok", build=build.id, data_through=build.manifest.data_through)
