"""Bootstrap and its icons, served from the installed package instead of being committed."""

from importlib.metadata import version
from pathlib import Path

import flask_bootstrap
from dash import dash_table
from flask import Blueprint, Flask

# Browsers keep it for a year (serving/caching.py).
PREFIX = f"/vendor/bootstrap-flask-{version('bootstrap-flask')}"
STYLESHEETS = (f"{PREFIX}/css/bootstrap.min.css", f"{PREFIX}/css/font/bootstrap-icons.min.css")


def register(server: Flask) -> None:
    """Serve the package's static files on ``server``."""
    folder = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
    server.register_blueprint(Blueprint("vendor", __name__, static_folder=folder, static_url_path=PREFIX))


# Dash's own grid is deprecated and nothing here uses it; otherwise every page would load it.
dash_table._js_dist.clear()  # noqa: SLF001
