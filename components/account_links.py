"""Where what single accounts played can be seen."""

from urllib.parse import urlencode

from dash import dcc

from queries.filters import FilterState


def account_link(account_id: str, filters: FilterState) -> dcc.Link:
    """Show an account's id, which opens its plays under the filters on the screen."""
    own = urlencode({"table": "plays", "where": f"account_id is {account_id}"})
    return dcc.Link(account_id, href="/explore?" + "&".join(filter(None, (own, filters.search()))))
