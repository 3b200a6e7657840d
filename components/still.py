"""Parts of a page that no callback touches, sent as HTML text that assets/still.js puts in its place.

Dash's renderer tells every component on the page about every new one, so a few hundred new components take it most of a
second; as text they take a few milliseconds.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from components.svg import SvgElement

# Dash's own images cannot be told when to load.
_ATTRIBUTES = {"className": "class", "htmlFor": "for", "data-loading": "loading"}
_VOID = ("br", "hr", "img", "input")


class Html(str):
    """HTML that has been made of a part; as a part of others it stays as it is."""

    __slots__ = ()


def made_html(part: Any) -> Html:
    """Return ``part`` as HTML, to be kept for several pages; raises TypeError where Dash has to draw some of it."""
    text = html_text(part)
    if text is None:
        raise TypeError(f"{part} is not all HTML")
    return Html(text)


def still(part: Any) -> Any:
    """Return a component that shows ``part`` as it is; ``part`` itself where Dash has to draw some of it."""
    text = html_text(part)
    return part if text is None else html.Div(className="still", **{"data-html": text})


def html_text(part: Any) -> str | None:
    """Return a tree of HTML components, links and texts as HTML, every text escaped; None when it holds anything else.

    A component with an id made of parts is one that a callback fills, so it is something else too.
    """
    if part is None:
        return ""
    if isinstance(part, Html):
        return part
    if isinstance(part, list | tuple):
        texts = [html_text(item) for item in part]
        return None if None in texts else "".join(filter(None, texts))
    return _element(part) if isinstance(part, Component) else escape(str(part))


def _element(component: Component) -> str | None:
    is_link = isinstance(component, dcc.Link)
    is_text = is_link or isinstance(component, SvgElement) or type(component).__module__.startswith(html.__name__)
    if not is_text:
        return None
    # What Dash would make of a component is asked of each property in turn, and takes as long as all else here.
    given = vars(component)
    names = [name for name in component.available_properties if name in given]
    names += [name for name in given if name.startswith(("aria-", "data-"))]
    properties = {name: given[name] for name in names if given[name] is not None}
    inside = html_text(properties.pop("children", None))
    if inside is None or isinstance(properties.get("id"), dict):
        return None
    tag = "a" if is_link else type(component).__name__.lower()
    # assets/still.js follows such a link as Dash would, without loading the page anew.
    attributes = "".join(_attribute(name, value) for name, value in properties.items()) + " data-inside" * is_link
    return f"<{tag}{attributes}>" if tag in _VOID else f"<{tag}{attributes}>{inside}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is False and not name.startswith(("aria-", "data-")):
        return ""
    if name == "style":
        value = _style(value)
    text = "" if value is True else escape(str(value))
    return f' {_ATTRIBUTES.get(name, name.lower())}="{text}"'


def _style(rules: Mapping[str, Any]) -> str:
    """Return what a component calls ``maxWidth`` as a style sheet does: ``max-width``."""
    hyphened = ("".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name) for name in rules)
    return "; ".join(
        f"{name}: {value}" for name, value in zip(hyphened, rules.values(), strict=True) if value is not None
    )
