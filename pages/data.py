"""Data & definitions: what is loaded, and what does each number mean?"""

import dash
from dash import html

from components.definitions import definitions
from components.page import page

dash.register_page(
    __name__,
    path="/data",
    name="Data",
    title="Data & definitions · Marquee",
    order=91,
    filtered=False,
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; the words looked for are in the URL."""
    return page("What is loaded, and what does each number mean?", (), definitions())
