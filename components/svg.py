"""Elements of drawings that are part of the page, so that they are reached by keyboard and clicked as all else is.

They are sent as text (components/still.py); Dash draws none of them.
"""

from typing import Any, ClassVar

from dash.development.base_component import Component


class SvgElement(Component):  # type: ignore[misc]
    """An element of an SVG drawing: what it holds, and its attributes by the names that SVG has for them."""

    available_properties: ClassVar[list[str]] = ["children", "className", "d", "role", "tabIndex", "viewBox"]
    available_wildcard_properties: ClassVar[list[str]] = ["data-", "aria-"]
    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = ["children"]
    _namespace = "svg"
    _prop_names = available_properties
    _valid_wildcard_attributes = available_wildcard_properties

    def __init__(self, children: Any = None, **attributes: Any) -> None:
        """Hold ``children``: elements or texts."""
        self._type = type(self).__name__
        super().__init__(children=children, **attributes)


class Svg(SvgElement):
    """A drawing."""


class Path(SvgElement):
    """A shape with an outline."""


class Title(SvgElement):
    """What the pointer is told of a shape."""
