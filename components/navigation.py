"""Links to every registered page, carrying the filters along."""

from collections.abc import Mapping
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import html


def nav_links(pathname: str, search: str) -> list[html.Li]:
    """Return a link for each page of the registry, in its order; ``search`` holds the filters to carry along.

    A page registered with ``offered``, a function, is left out where that says no, one that is ``part_of`` another
    always. Below a page's address, and on pages registered with ``part_of`` it, its link is the active one.
    """
    here = (pathname, _folder(pathname).rstrip("/"), _part_of(pathname))
    return [
        html.Li(
            dbc.NavLink(
                page["name"],
                href=page["relative_path"] + search,
                active=page["relative_path"] in here,
            )
        )
        for page in dash.page_registry.values()
        if page.get("offered", _to_everybody)()
        and page["path_template"] is None
        and "part_of" not in page
        and page["module"].rsplit(".", 1)[-1] != "not_found_404"
    ]


def part_links(pathname: str, search: str) -> list[html.Li]:
    """Return links between the parts of the page at ``pathname``, in their order; none where it is in one part.

    They are the page and those with an address of their own that are registered with ``part_of`` it, each by its
    ``part_name`` or name; ``search`` holds the filters to carry along.
    """
    whole = _part_of(pathname) or pathname
    parts = [
        page
        for page in dash.page_registry.values()
        if page["path_template"] is None and whole in (page["relative_path"], page.get("part_of"))
    ]
    if len(parts) == 1 or pathname not in {part["relative_path"] for part in parts}:
        return []
    return [
        html.Li(
            dbc.NavLink(
                part.get("part_name", part["name"]),
                href=part["relative_path"] + search,
                active=part["relative_path"] == pathname,
            )
        )
        for part in parts
    ]


def unused_settings_by_path() -> dict[str, tuple[str, ...]]:
    """Return the address of each page that has filters, and what of the filter bar does nothing there.

    Those are settings and dimensions by name; their controls are not shown. An address that ends with a star is that of
    all that lies below it, such as ``/titles/*``. Pages are registered with ``filtered=False`` where they have none,
    with ``unused_settings`` where some do nothing.
    """
    return {
        _address(page): page.get("unused_settings", ())
        for page in dash.page_registry.values()
        if page.get("filtered", True)
    }


def unused_settings(pathname: str) -> tuple[str, ...]:
    """Return the settings of the filter bar that do nothing on the page at ``pathname``."""
    by_path = unused_settings_by_path()
    return by_path.get(pathname, by_path.get(_folder(pathname) + "*", ()))


def listing_queries(pathname: str) -> Mapping[str, str]:
    """Return which queries list what can be chosen of a dimension on the page at ``pathname``, by the dimension's name.

    Pages are registered with ``listed_by`` where that is not what was watched.
    """
    here = [page for page in dash.page_registry.values() if page["relative_path"] == pathname]
    return here[0].get("listed_by", {}) if here else {}


def _address(page: Mapping[str, Any]) -> str:
    return str(page["relative_path"]) if page["path_template"] is None else _folder(page["path_template"]) + "*"


def _part_of(pathname: str) -> str | None:
    parts = {_address(page): page.get("part_of") for page in dash.page_registry.values()}
    return parts.get(pathname, parts.get(_folder(pathname) + "*"))


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/"


def _to_everybody() -> bool:
    return True
