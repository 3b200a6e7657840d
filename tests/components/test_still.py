from html.parser import HTMLParser
from typing import Any

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from components.still import html_text, still


class Reader(HTMLParser):
    """Keeps what a browser would find: tags with their attributes, and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_tree_is_written_as_the_browser_would_be_given_it() -> None:
    tree = html.Td(
        [
            html.Label("Name", htmlFor="x"),
            html.Br(),
            html.Button("3", type="button", disabled=True, **{"data-n": "3"}),
            None,
        ],
        className="number",
        colSpan=2,
        tabIndex=0,
        style={"maxWidth": "2px", "--height": "3px", "color": None},
        hidden=False,
        **{"aria-hidden": "false"},
    )
    assert html_text(tree) == (
        '<td class="number" colspan="2" style="max-width: 2px; --height: 3px" tabindex="0" aria-hidden="false">'
        '<label for="x">Name</label><br><button disabled="" type="button" data-n="3">3</button></td>'
    )


def test_a_link_is_followed_without_loading_the_page_anew() -> None:
    link = dcc.Link("Rows & more", href="/explore?a=1&b=2", className="bi")
    assert html_text(link) == '<a href="/explore?a=1&amp;b=2" class="bi" data-inside>Rows &amp; more</a>'


@given(st.text(), st.text())
def test_no_text_becomes_markup(text: str, attribute: str) -> None:
    reader = Reader()
    reader.feed(html_text(html.P(text, title=attribute)) or "")
    reader.close()
    assert [tag for tag, _ in reader.tags] == ["p"]
    # A parser reads a carriage return as a line feed, as browsers do.
    assert reader.text.replace("\r", "\n") == text.replace("\r", "\n")
    assert reader.tags[0][1].get("title") == attribute


@pytest.mark.parametrize(
    "part",
    [
        dcc.Graph(),
        html.Div([html.P("a"), dcc.Graph()]),
        html.Div(id={"type": "about", "card": "a"}),
        [dcc.Store(id="a")],
    ],
)
def test_what_dash_has_to_draw_is_left_to_it(part: Any) -> None:
    assert html_text(part) is None
    assert still(part) is part


def test_the_rest_is_one_component() -> None:
    shown = still([html.P("a < b"), "c"])
    assert shown.to_plotly_json()["props"] == {"children": None, "className": "still", "data-html": "<p>a &lt; b</p>c"}
