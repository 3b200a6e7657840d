"""The accounts of one cell of the cohorts, of which a click on the cell asks."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
from dash import html

from components.account_links import account_link
from components.chart_parts import records
from components.cohorts import cohort_name, who_counts
from components.format import NO_VALUE, day_text, is_missing
from components.labels import value_label
from components.tables import column_label
from definitions.metric import Metric
from queries.cohorts import period_start
from queries.filters import FilterState

MAX_ACCOUNTS_SHOWN = 100
RETAINED_AS = {
    "on": "Retained in exactly {interval} {number}.",
    "on_or_after": "Retained in {interval} {number} or a later one, up to the last shown.",
    "on_or_before": "Retained at least once after {interval} 0 by {interval} {number}.",
    "streak": "Retained in every {interval} from 0 to {number}.",
}


def accounts_table(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> html.Div:
    """Show the first hundred accounts of the cell: when, where and with what each began, and if the interval is over.

    ``frame`` has the columns of cohort_accounts.
    """
    columns: dict[str, tuple[str, Callable[[object], str]]] = {
        "began_day": (column_label("began_day"), lambda day: day_text(pd.Timestamp(str(day)).date())),
        "account_country": (column_label("account_country"), lambda country: value_label("country", str(country))),
        "first_plan": (column_label("first_plan"), lambda plan: value_label("plan", str(plan))),
        "first_device_type": (column_label("first_device_type"), lambda device: value_label("device", str(device))),
        "is_complete": (f"{_last_counted(filters).capitalize()} is over", lambda is_over: "yes" if is_over else "no"),
    }
    # The interval that the cell tells of may lie outside the range.
    all_days = replace(filters, period="all")
    body = [
        html.Tr(
            [
                html.Th(account_link(str(row["account_id"]), all_days), scope="row"),
                *(
                    html.Td(NO_VALUE if is_missing(row[name]) else text(row[name]))
                    for name, (_, text) in columns.items()
                ),
            ]
        )
        for row in records(frame.head(MAX_ACCOUNTS_SHOWN))
    ]
    head = [html.Th(text, scope="col") for text in ("Account", *(label for label, _ in columns.values()))]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="data-table")
    label = f"Accounts of {_cell_name(frame, filters)}"
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": label})


def accounts_told(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say how many accounts the cell has, and which cell it is."""
    accounts = "1 account" if len(frame) == 1 else f"{len(frame):,} accounts"
    return f"{accounts} of {_cell_name(frame, filters)}"


def what_the_list_counts(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say how the accounts are retained, by what, and how many more there are."""
    interval = filters.option("cohort_period")
    number = filters.option("cell_interval")
    sentences = [
        RETAINED_AS[filters.option("retained_as")].format(interval=interval, number=number),
        who_counts(filters),
        "An id opens the account's plays of all days.",
    ]
    more = len(frame) - MAX_ACCOUNTS_SHOWN
    if more > 0:
        sentences.append(f"{more:,} more are in the file.")
    return " ".join(sentences)


def _interval(filters: FilterState) -> str:
    return f"{filters.option('cohort_period')} {filters.option('cell_interval')}"


def _last_counted(filters: FilterState) -> str:
    """Return what has to be over before the cell is complete."""
    if filters.option("retained_as") == "on_or_after":
        return f"the last {filters.option('cohort_period')} shown"
    return _interval(filters)


def _cell_name(frame: pd.DataFrame, filters: FilterState) -> str:
    match filters.option("cell_cohort"):
        case "pooled":
            cohort = "all cohorts"
        case "before":
            cohort = "those before the data"
        case _:
            # Whatever its name in the address: those of one cohort began in one period.
            period = filters.option("cohort_period")
            start = period_start(frame["began_day"].iloc[0].date(), period)
            cohort = f"the cohort of {cohort_name('cohort', start, period)}"
    return f"{cohort}, {_interval(filters)}"
