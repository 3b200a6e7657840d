"""Explore & export: the rows behind everything."""

import dash
from dash import html

from components.page import page
from components.rows import rows_browser

dash.register_page(
    __name__,
    path="/explore",
    name="Explore",
    title="Explore & export · Marquee",
    order=90,
    # Rows are neither compared nor counted by period.
    unused_settings=("compare", "granularity"),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its rows are those that the URL asks for."""
    return page("What are the rows behind the numbers?", (), rows_browser("explore"))
