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


def filtered_paths() -> list[str]:
    """Return the addresses of the pages that have filters: all but those registered with ``filtered=False``."""
    return [page["relative_path"] for page in dash.page_registry.values() if page.get("filtered", True)]


def _to_everybody() -> bool:
    return True
