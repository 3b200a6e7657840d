"""A page: its question and its cards."""

from collections.abc import Sequence

from dash import ctx, exceptions, html
from dash.development.base_component import Component

from components.lacking import lacking_page
from components.panel import Panel, frame_of


def page(
    question: str,
    panels: Sequence[Panel],
    *parts: Component,
    of_title: str | None = None,
    of_series: str | None = None,
    head: Component | None = None,
    in_parts: bool = False,
) -> html.Div:
    """Lay out a page's question, its cards and, below them, parts that are no cards.

    ``of_title`` or ``of_series`` is what all the cards are about, by its id; ``head`` stands instead of the question
    where it holds it; ``in_parts`` keeps room for the links between a page's parts. Where the source has nothing for
    any of its cards, that is said once instead of in each.

    Raises PreventUpdate when only the filters of the page on screen have changed: its cards follow the URL themselves,
    and laying the page out again would blank them. A page whose first layout was overtaken by the change is laid out.
    """
    if _only_filters_changed():
        raise exceptions.PreventUpdate
    about = {
        name: value for name, value in (("data-of-title", of_title), ("data-of-series", of_series)) if value is not None
    }
    lacking = lacking_page(panels)
    if lacking is not None:
        return html.Div([html.H1(question), lacking], className="in-parts" if in_parts else None)
    cards = [html.Div([frame_of(panel) for panel in panels], className="cards", **about)] if panels else []
    return html.Div([head or html.H1(question), *cards, *parts], className="in-parts" if in_parts else None)


def _only_filters_changed() -> bool:
    try:
        triggered = set(ctx.triggered_prop_ids)
    except exceptions.MissingCallbackContextException:
        return False
    return triggered == {"_pages_location.search"} and bool(ctx.states.get("_pages_store.data"))
