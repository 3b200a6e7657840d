"""Bootstrap and its icons, served from the installed package instead of being committed."""

from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Flask

PREFIX = "/vendor/bootstrap5"
STYLESHEETS = (f"{PREFIX}/css/bootstrap.min.css", f"{PREFIX}/css/font/bootstrap-icons.min.css")


def register(server: Flask) -> None:
    """Serve the package's static files on ``server``."""
    folder = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
    server.register_blueprint(Blueprint("vendor", __name__, static_folder=folder, static_url_path=PREFIX))
