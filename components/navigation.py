"""Links to every registered page, carrying the filters along."""

import dash
import dash_bootstrap_components as dbc
from dash import html


def nav_links(pathname: str, search: str) -> list[html.Li]:
    """Return a link for each page of the registry, in its order; ``search`` holds the filters to carry along.

    A page registered with ``offered``, a function, is left out where that says no.
    """
    return [
        html.Li(
            dbc.NavLink(
                page["name"],
                href=page["relative_path"] + search,
                active=page["relative_path"] == pathname,
            )
        )
        for page in dash.page_registry.values()
        if page.get("offered", _to_everybody)()
        and page["path_template"] is None
        and page["module"].rsplit(".", 1)[-1] != "not_found_404"
    ]


def unused_settings_by_path() -> dict[str, tuple[str, ...]]:
    """Return the address of each page that has filters, and the settings of the filter bar that do nothing there.

    Pages are registered with ``filtered=False`` where they have none, with ``unused_settings`` where some do nothing.
    """
    return {
        page["relative_path"]: page.get("unused_settings", ())
        for page in dash.page_registry.values()
        if page.get("filtered", True)
    }


def unused_settings(pathname: str) -> tuple[str, ...]:
    """Return the settings of the filter bar that do nothing on the page at ``pathname``."""
    return unused_settings_by_path().get(pathname, ())


def _to_everybody() -> bool:
    return True
