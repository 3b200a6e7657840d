"""Reads component trees as a person would: their words, and the parts that carry a class."""

from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component


def walk(part: Any) -> Iterator[Component]:
    """Yield every component of a tree, parents first."""
    if isinstance(part, list | tuple):
        for item in part:
            yield from walk(item)
    elif isinstance(part, Component):
        yield part
        yield from walk(getattr(part, "children", None))


def words(part: Any) -> str:
    """Return the text of a tree that is seen before anything in it is opened, with plain spaces."""
    if isinstance(part, list | tuple):
        return " ".join(filter(None, map(words, part)))
    if isinstance(part, Component):
        if getattr(part, "className", None) == "popout":
            return ""
        return words(getattr(part, "children", None))
    return "" if part is None else str(part).replace("\N{NO-BREAK SPACE}", " ")


def of_class(part: Any, name: str) -> list[Component]:
    """Return the components that carry a class."""
    return [item for item in walk(part) if name in (getattr(item, "className", None) or "").split()]


def rows(part: Any) -> list[list[str]]:
    """Return the cells' words of every row of a table, its head included."""
    return [
        [words(cell) for cell in walk(row) if type(cell).__name__ in ("Th", "Td")]
        for row in walk(part)
        if type(row).__name__ == "Tr"
    ]
