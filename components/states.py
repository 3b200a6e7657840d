"""What stands in a card when it has no figure to show: each state says what happened and what to do."""

from dash import dcc, html

from components.access import may_connect
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


def no_data(reason: str | None = None) -> html.Div:
    """Say that nothing was recorded, which is not the same as none; or ``reason``, where that is not why."""
    if reason is not None:
        return state("no-data", "calendar-x", "Nothing to tell.", reason)
    return state("no-data", "calendar-x", "No data for these days.", "Nothing was recorded. Choose other days.")


def zero(label: str) -> html.Div:
    """Say that it was recorded, and that there was none; ``label`` names the metric."""
    return state("zero", "0-circle", f"{label}: 0", "It was recorded, and there was none in these days.")


def filtered_out(nothing: str, onward: html.A, reason: str | None = None) -> html.Div:
    """Say in ``nothing`` which filters leave nothing, and lead onward; ``reason`` says why that may be."""
    return state("filtered-out", "funnel", nothing, *filter(None, (reason,)), onward)


def not_found(nothing: str, what_to_do: str, onward: html.A | None = None) -> html.Div:
    """Say in ``nothing`` that nothing is like what was looked for on the card itself and lead onward."""
    return state("not-found", "search", nothing, what_to_do, *filter(None, (onward,)))


def not_chosen(what_to_do: str) -> html.Div:
    """Stand in for what a click elsewhere on the page chooses, until there has been one."""
    return state("not-chosen", "hand-index", what_to_do)


def suppressed(min_accounts: int) -> html.Div:
    """Say that what there is would tell of too few accounts to be shown."""
    return state(
        "suppressed",
        "shield-lock",
        f"Not shown: fewer than {min_accounts} accounts.",
        "This deployment hides small groups. Choose more days or fewer filters.",
    )


def nothing_compared(filters: FilterState) -> html.Div:
    """Stand in for a comparison when there is nothing to compare with."""
    reason = "The data do not reach back far enough." if filters.compare != "none" else "No comparison is chosen."
    return state("not-compared", "arrow-left-right", "Nothing to compare with.", reason)


def missing(sentences: list[str]) -> html.Div:
    """Say which columns the source lacks."""
    return state("missing", "plug", "Not in this source", *sentences)


def unreadable_filters() -> html.Div:
    """Stand in when the link's filters cannot be read; the message above the cards says why."""
    return state(
        "unreadable",
        "link-45deg",
        "Nothing is shown, because the filters in the link cannot be read.",
        html.A("Show without filters", href="?"),
    )


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
    by_browser = html.P(dcc.Link("Connect your data", href="/connect", className="connect-link"))
    by_command = [html.P("Make one:"), html.Pre("marquee build --source DIR"), html.P("Then reload this page.")]
    return html.Div(
        [
            html.H1("No data yet"),
            html.P("Marquee shows what a build of your data holds, and there is none so far."),
            *([by_browser] if may_connect() else [*by_command, html.P(reason, className="secondary")]),
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
