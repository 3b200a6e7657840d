"""What stands in a card when it has no figure to show: each state says what happened and what to do."""

from dash import dcc, html

from components.labels import dimension_label, value_label
from queries.filters import FilterState


def state(name: str, icon: str, title: str, *details: object) -> html.Div:
    """Lay out one state; ``name`` distinguishes it in the style sheet and in tests."""
    return html.Div(
        [html.I(className=f"bi bi-{icon}", **{"aria-hidden": "true"}), html.P(title, className="state-title")]
        + [html.P(detail) for detail in details],
        className=f"state state-{name}",
        role="alert" if name == "failed" else None,
    )


def loading() -> html.Div:
    """Stand in until the first answer arrives."""
    return html.Div(className="state state-loading", role="status", **{"aria-label": "Loading"})


def empty(filters: FilterState) -> html.Div:
    """Tell a filter that matches nothing from days without viewing."""
    if filters.selections:
        return state(
            "empty",
            "funnel",
            f"Nothing matches {selections_text(filters)} in these days.",
            "Remove a filter to see more.",
        )
    return state("empty", "calendar-x", "No viewing in these days.", "Choose other days to see more.")


def nothing_compared(filters: FilterState) -> html.Div:
    """Stand in for a comparison when there is nothing to compare with."""
    reason = "The data do not reach back far enough." if filters.compare != "none" else "No comparison is chosen."
    return state("empty", "arrow-left-right", "Nothing to compare with.", reason)


def missing(sentences: list[str]) -> html.Div:
    """Say which columns the source lacks."""
    return state("missing", "plug", "Not in this source", *sentences)


def unreadable_filters() -> html.Div:
    """Stand in when the link's filters cannot be read; the message above the cards says why."""
    return state("unreadable", "link-45deg", "Nothing is shown, because the filters in the link cannot be read.")


def replaced() -> html.Div:
    """Stand in when the build that the page was opened on has been pruned."""
    reload_link = html.A("Reload the page", href="")
    return state("replaced", "arrow-clockwise", "Newer data have replaced those of this page.", reload_link)


def failed(incident: str) -> html.Div:
    """Say that a card could not be drawn; ``incident`` is logged beside the cause."""
    return state(
        "failed",
        "exclamation-triangle",
        "This could not be worked out.",
        "Reload the page, or choose a shorter period or fewer filters.",
        ["If it stays so, report it and quote ", html.Code(incident), "."],
    )


def no_warehouse(reason: str) -> html.Div:
    """Stand in for every page until there is a build to show."""
    command = "marquee build --source DIR"
    return html.Div(
        [
            html.H1("No data yet"),
            html.P("Marquee shows what a build of your data holds, and there is none so far. Make one:"),
            html.Pre(command),
            html.P("Then reload this page."),
            html.P(reason, className="secondary"),
        ],
        className="no-warehouse",
    )


def page_not_found() -> html.Div:
    """Stand in for a page that does not exist."""
    return html.Div(
        [
            html.H1("No such page"),
            html.P(["There is nothing at this address. ", dcc.Link("Go to the overview", href="/")]),
        ],
        className="no-warehouse",
    )


def selections_text(filters: FilterState, most: int = 3) -> str:
    """Return the chosen values in words, such as «Device: TV, Phone and 2 more»."""
    return "; ".join(
        f"{dimension_label(name)}: {values_text(name, values, most)}" for name, values in filters.selections
    )


def values_text(dimension: str, values: tuple[str, ...], most: int = 3) -> str:
    """Return the chosen values of one dimension in words, at most ``most`` by name."""
    names = [value_label(dimension, value)[:40] or "(empty)" for value in values] or ["none"]
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
