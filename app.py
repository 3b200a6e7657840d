"""Front door for browsers: the Dash app and the WSGI ``server``."""

from pathlib import Path

from dash import Dash, State
from flask import Flask

from components import shell, vendor
from serving import addresses, caching, connect, covers, exports, gallery, health, security, segments

ASSETS = Path(__file__).parent / "assets"

server = Flask(__name__)
security.register(server)
health.register(server)
addresses.register(server)
exports.register(server)
covers.register(server)
gallery.register(server)
connect.register(server)
segments.register(server)
vendor.register(server)

app = Dash(
    "marquee",
    server=server,
    use_pages=True,
    use_async=False,
    pages_folder="pages",
    # Dash keeps a page's title there once it is laid out (components/page.py).
    routing_callback_inputs={"laid_out": State("_pages_store", "data")},
    assets_folder=str(ASSETS),
    assets_url_path=caching.register(server, ASSETS),
    # Loaded by the page itself, before anything is painted.
    assets_ignore=r"^theme\.js$",
    external_stylesheets=list(vendor.STYLESHEETS),
    title="Marquee",
    update_title="",
)
app.index_string = shell.index_string(app)
app.layout = shell.shell
