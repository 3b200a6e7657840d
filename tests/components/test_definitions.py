"""Components as data, for the browser to draw."""

from dash import html

from components.definitions import plain


def test_a_tree_becomes_tags_attributes_and_texts() -> None:
    tree = html.Div(
        [html.A("<b>&", href="/x", className="y", **{"data-find": "z"}), None, 3, ["a", html.P()]], tabIndex=0
    )
    assert plain(tree) == {
        "tag": "div",
        "attributes": {"tabindex": "0"},
        "parts": [
            {"tag": "a", "attributes": {"href": "/x", "class": "y", "data-find": "z"}, "parts": ["<b>&"]},
            "3",
            ["a", {"tag": "p", "attributes": {}, "parts": []}],
        ],
    }
