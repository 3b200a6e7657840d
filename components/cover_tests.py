"""Covers of one title beside each other: what tests of them found, and what is seen where none was run."""

from typing import Any

import pandas as pd
from dash import html

from components.chart_parts import records
from components.cover import small_cover
from components.format import DASH, MINUS, NO_VALUE, column_texts, day_text, is_missing, value_text
from components.stacked import stacked_table
from components.tables import HIDDEN, measure_cell
from components.title_links import title_link
from components.whole_months import shown_told
from definitions.metric import Metric, Unit
from queries.cover_verdicts import MISMATCH_P
from queries.filters import FilterState
from queries.run import SUPPRESSED

MAX_TITLES_SHOWN = 20
LOOK = "covers-compared with-covers"


def cover_tests_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show the variants of each test with their take rates, how they differ from the control, and the verdict.

    ``frame`` has the columns of cover_tests_by_variant.
    """
    rows = records(frame)
    rates = column_texts(frame["take_rate"], Unit.RATE)
    body = []
    for number, (row, rate) in enumerate(zip(rows, rates, strict=True)):
        begins = number == 0 or row["experiment_id"] != rows[number - 1]["experiment_id"]
        missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
        body.append(
            html.Tr(
                [
                    html.Td(_test_name(row, filters) if begins else ""),
                    html.Th([_image(row), f"Variant {row['variant']}"], scope="row"),
                    measure_cell(row["drawn_accounts"], f"{row['drawn_accounts']:,.0f}", is_main=False, missing=missing)
                    if not is_missing(row["drawn_accounts"])
                    else html.Td(missing, className="number secondary"),
                    measure_cell(row["take_rate"], rate, is_main=False, missing=missing),
                    _with_interval(row, "take_rate_difference", is_main=False),
                    _with_interval(row, metric.name, is_main=True),
                    html.Td(_verdict_text(row)),
                ],
                className="begins" if begins else None,
            )
        )
    heads = ("Test", "Variant", "Accounts", "Take rate", "Difference", metric.label, "Verdict")
    return stacked_table(heads, body, "Tests of covers", LOOK, numbers=range(2, 6))


def verdicts_told(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say what the tests found: how many variants were taken more or less, and which changed most."""
    told = [row for row in records(frame) if row["verdict"] in ("more", "less") and not is_missing(row[metric.name])]
    tests = frame["experiment_id"].nunique()
    word = "test" if tests == 1 else "tests"
    if not told:
        return f"{tests} {word} of covers, none with a difference beyond chance"
    row = max(told, key=lambda row: abs(float(row[metric.name])))
    change = f"{_signed(float(row[metric.name]))} ({_interval(row, metric.name)})"
    return f"{row['name'] or row['experiment_name']}: variant {row['variant']} changed the take rate by {change}"


def how_tests_are_judged(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say who is counted, how sure it is, and what makes a test not worth trusting."""
    drawn = (
        "Accounts count by the variant drawn for them, whatever they were shown."
        if frame["told_by_exposures"].all()
        else "Where no exposures tell what was drawn, accounts count by the variant that they were shown."
    )
    return (
        f"{drawn} Since chance drew, a difference is the cover’s doing. Over all days of a test, whatever the range. "
        "Intervals are 95 %, by how much accounts differ; several variants of one test are corrected for (Holm). Arms "
        f"whose sizes chance would make so unlike less than once in {1 / MISMATCH_P:,.0f} are not trusted."
    )


def variants_table(frame: pd.DataFrame, metric: Metric, filters: FilterState) -> html.Div:
    """Show the covers of titles that have several, those that differ most surely first; at most 20 titles.

    ``frame`` has the columns of take_rate_by_variant.
    """
    shown_titles = list(dict.fromkeys(frame["show_id"]))[:MAX_TITLES_SHOWN]
    shown = frame[frame["show_id"].isin(shown_titles)]
    rates = column_texts(shown[metric.name], metric.unit)
    largest = shown[metric.name].max()
    body = []
    before = None
    for row, rate in zip(records(shown), rates, strict=True):
        begins = row["show_id"] != before
        before = row["show_id"]
        missing = HIDDEN if row.get(SUPPRESSED) else NO_VALUE
        reach = 0 if is_missing(row[metric.name]) or not largest else row[metric.name] / largest
        interval = (
            missing
            if is_missing(row["take_rate_low"])
            else f"{value_text(row['take_rate_low'], Unit.RATE)} to {value_text(row['take_rate_high'], Unit.RATE)}"
        )
        body.append(
            html.Tr(
                [
                    html.Td(title_link(row["show_id"], row["name"], filters) if begins else ""),
                    html.Th([_image(row), f"Cover {row['cover']}"], scope="row"),
                    html.Td(
                        missing if is_missing(row["impressions"]) else value_text(row["impressions"], Unit.COUNT),
                        className="number secondary",
                    ),
                    measure_cell(row[metric.name], rate, share=reach, missing=missing),
                    html.Td(interval, className="number secondary"),
                    _with_interval(row, "take_rate_difference", is_main=False),
                    html.Td(_seen_text(row)),
                ],
                className="begins" if begins else None,
            )
        )
    heads = ("Title", "Cover", "Shown", metric.label, "95 %", "Difference", "What it tells")
    return stacked_table(heads, body, "Covers of one title", LOOK, numbers=range(2, 6))


def variants_told(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say of how many titles with several covers one is taken clearly more than another."""
    titles = frame["show_id"].nunique()
    clear = frame.loc[frame["is_clear"], "show_id"].nunique()
    of = "1 title" if titles == 1 else f"{titles:,} titles"
    have = f"{clear or 'none'} {'has' if clear < 2 else 'have'}"
    return f"Of {of} with several covers, {have} one taken clearly more or less"


def what_variants_compare(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say what is compared, over which months, and when a difference is more than an association."""
    more = frame["show_id"].nunique() - MAX_TITLES_SHOWN
    rest = f" {more:,} more titles are in the table." if more > 0 else ""
    return (
        f"{shown_told(frame, filters)} Each was shown 30 times and more, and is compared with the title’s cover "
        "that was shown most. Clear is what chance would not do once in twenty such tables. Where no test drew who "
        f"sees which, others may have seen the one than the other: an association.{rest}"
    )


def _image(row: dict[str, Any]) -> html.Img | str:
    return "" if is_missing(row["image_hash"]) else small_cover(row["image_hash"])


def _test_name(row: dict[str, Any], filters: FilterState) -> list[Any]:
    name = row["name"] if not is_missing(row["name"]) else row["experiment_name"]
    first = title_link(row["show_id"], name, filters) if not is_missing(row["show_id"]) else name
    days = [day_text(pd.Timestamp(row[day]).date()) for day in ("started_on", "ended_on") if not is_missing(row[day])]
    return [first, html.Span(f" {DASH} ".join(days), className="secondary test-days")]


def _with_interval(row: dict[str, Any], name: str, *, is_main: bool) -> html.Td:
    value = row[name]
    if is_missing(value):
        return html.Td(NO_VALUE, className="number secondary")
    kept = {"data-value": repr(float(value))} if is_main else {}
    parts = [_signed(float(value), points=name == "take_rate_difference")]
    if not is_missing(row[f"{name}_low"]):
        parts.append(html.Span(_interval(row, name), className="secondary limits"))
    return html.Td(parts, className="number", **kept)


def _interval(row: dict[str, Any], name: str) -> str:
    low, high = (float(row[f"{name}_{side}"]) for side in ("low", "high"))
    points = name == "take_rate_difference"
    return f"{_signed(low, points=points)} to {_signed(high, points=points)}"


def _signed(value: float, *, points: bool = False) -> str:
    """Return a share or a difference with its sign: «+47 %», or in points «+4.7 pt»."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    text = f"{abs(value):.1%}" if points or abs(value) < 0.1 else f"{abs(value):.0%}"
    return sign + (text.replace("%", "\N{NO-BREAK SPACE}pt") if points else text.replace("%", "\N{NO-BREAK SPACE}%"))


def _verdict_text(row: dict[str, Any]) -> str:
    match row["verdict"]:
        case "control":
            return "the others are compared with it"
        case "unequal arms":
            return "not trusted: the arms are not of the sizes drawn"
        case "too few":
            return "too few took it to tell"
        case "none":
            return "no difference found"
        case "more":
            return "taken more"
        case _:
            return "taken less"


def _seen_text(row: dict[str, Any]) -> str:
    tested = "; tested" if row["was_tested"] else ""
    if is_missing(row["take_rate_difference"]):
        return f"shown most{tested}"
    if not row["is_clear"]:
        return f"no clear difference{tested}"
    return f"clearly taken {'more' if row['take_rate_difference'] > 0 else 'less'}{tested or ': an association'}"
