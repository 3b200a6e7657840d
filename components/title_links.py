"""Where the page of a film or series is."""

from urllib.parse import quote

from dash import dcc

from queries.filters import FilterState

SERIES, TITLE = "series ", "title "


def title_href(show_id: str, filters: FilterState) -> str:
    """Return the address of the page of a film or series, told by its ``show_id``, with the filters carried along."""
    folder, name = ("series", show_id.removeprefix(SERIES))
    if show_id.startswith(TITLE):
        folder, name = "titles", show_id.removeprefix(TITLE)
    search = filters.search()
    return f"/{folder}/{quote(name, safe='')}{'?' if search else ''}{search}"


def title_link(show_id: str, name: str, filters: FilterState) -> dcc.Link:
    """Show the name of a film or series that opens its page."""
    return dcc.Link(name, href=title_href(show_id, filters), className="title-link")


def page_link(show_id: str, name: str, filters: FilterState) -> dcc.Link:
    """Offer the page of a film or series whose name offers to filter by it."""
    return dcc.Link(
        "", href=title_href(show_id, filters), title=f"Page of {name}", className="bi bi-box-arrow-up-right"
    )
