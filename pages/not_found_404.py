"""Shown for an address that no page has."""

from typing import Any

import dash
from dash import html

from components.states import page_not_found

dash.register_page(__name__, title="No such page · Marquee")


def layout(**_query: Any) -> html.Div:
    """Say that there is no such page, and lead on."""
    return page_not_found()
