"""Connect your data: from files to figures without a terminal, for the owner on the machine itself."""

import dash
from dash import html

from components.access import may_connect
from components.connect_steps import connecting, only_on_the_machine

dash.register_page(
    __name__,
    path="/connect",
    name="Connect",
    title="Connect your data · Marquee",
    order=92,
    # For the frame around the pages: no filters here, shown before there is any build, and not offered to everybody.
    filtered=False,
    needs_data=False,
    offered=may_connect,
)


def layout(job: str | list[str] | None = None, **_query: str | list[str]) -> html.Div:
    """Lay out the step at which the connection called ``job`` stands, or the first one, also when several are named."""
    return connecting(job if isinstance(job, str) else None) if may_connect() else only_on_the_machine()
