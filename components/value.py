"""What subscriptions are worth: how long they go on, how well that is forecast, their value, and who brings it."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from dash import html

from components.chart_parts import hover_text, numbers, records, value_axis
from components.colours import CATEGORIES
from components.format import NO_VALUE, SPACE, is_missing, list_text, money_text, value_text
from components.labels import dimension_label
from components.survival import LIMIT, drawn_groups, group_color, group_label
from components.tables import HIDDEN, measure_cell
from components.theme import token
from definitions.metric import Metric, Unit
from queries.filters import FilterState
from queries.lifetime import JUDGED_FROM_AT_RISK, Fit, NotFittedError, fit
from queries.renewals import renewals_by_group
from queries.run import SUPPRESSED

# So far beyond the months seen the fitted curve is drawn.
PROJECTED_MONTHS = 12
MAX_TICKS = 7
# How solid a month is drawn that tells of few.
FEW_OPACITY = 0.35
TOP_SHARE = 0.1
MOST_GROUPS = 20
ALL = "all"


def renewal_curves(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw what is left after each month of life, as observed and as fitted, dashed beyond the months seen.

    Of one group the months held out are marked, with both forecasts of them. ``frame`` has the columns of
    renewals_by_month_of_life; at most six groups are drawn, the largest.
    """
    known = frame[frame[metric.name].notna()]
    groups = drawn_groups(known)
    figure = go.Figure()
    last = 0
    for name in groups:
        rows = records(known[known["group_id"] == name])
        color = token(group_color(known, name, groups))
        label = group_label(known, name)
        months = [row["month_of_life"] for row in rows]
        figure.add_scatter(
            x=months,
            y=[float(row[metric.name]) for row in rows],
            mode="markers",
            name="Observed" if len(groups) == 1 else label,
            line={"color": color},
            marker={
                "color": color,
                "size": 7,
                "opacity": [1.0 if row["at_risk"] >= JUDGED_FROM_AT_RISK else FEW_OPACITY for row in rows],
            },
            hovertext=[
                hover_text(
                    row[metric.name],
                    metric,
                    f"{label}, after month {row['month_of_life']} of life",
                    f"{row['ended_subscriptions']:,.0f} of {row['at_risk']:,.0f} ended in it",
                    f"fitted {value_text(row['fitted_survival'], metric.unit)}",
                )
                for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
        last = max(last, *months)
        model, _ = _fit_of(frame, name)
        if model:
            _add_fitted(figure, model, max(months), color, named=len(groups) == 1)
            last = max(last, max(months) + PROJECTED_MONTHS)
    if len(groups) == 1:
        _add_held_out(figure, known, metric)
    figure.update_yaxes(**value_axis([1.0], metric.unit))
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120) if last <= step * (MAX_TICKS - 1) or step == 120)
    figure.update_xaxes(
        range=[-last * 0.02, last * 1.02],
        tickvals=list(range(0, last + 1, step)),
        title={"text": "Months of life, of 30 days", "standoff": 12},
    )
    figure.update_layout(showlegend=True, hovermode="closest")
    return figure


def how_many_stay(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which share is left after the last month with 30 at risk, and which is expected a year later.

    Of the largest group, where there are several; where all months have fewer at risk, what is expected after a year.
    """
    known = frame[frame[metric.name].notna() & (frame["group_rank"] == 1)]
    if known.empty:
        return metric.label
    many = known[known["at_risk"] >= JUDGED_FROM_AT_RISK]
    name = str(known["group_id"].iloc[0])
    whose = "" if name == ALL else f"{group_label(frame, name)}: "
    model, _ = _fit_of(frame, name)
    months = int(many["month_of_life"].max()) if len(many) else 0
    then = months + PROJECTED_MONTHS
    later = value_text(model.survival(np.array([float(then)]))[0], Unit.RATE) if model else ""
    if not months:
        return f"{whose}{later} are expected to be still there after {then} months" if model else metric.label
    left = value_text(records(many)[-1][metric.name], Unit.RATE)
    told = f"{whose}{left} are still there after {_months_text(months)}"
    return f"{told}, and {later} are expected after {then}" if model else told


def why_rates_fall(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say what the fit tells of how subscriptions differ, of the largest group; or why there is none."""
    name = str(frame.loc[frame["group_rank"] == 1, "group_id"].iloc[0])
    counted = "Counts the months of life, of 30 days, that end in the range, of those who were there when they began."
    model, reason = _fit_of(frame, name)
    if not model:
        return f"{reason} {counted}"
    last = float(frame.loc[frame["group_id"] == name, "month_of_life"].max())
    first_rate, last_rate = (value_text(rate, Unit.RATE) for rate in model.ending_rates(np.array([1.0, last])))
    whose = "" if name == ALL else f" ({group_label(frame, name)})"
    if model.falls:
        told = (
            f"The fitted ending rate{whose} falls from {first_rate} in the first month to {last_rate} in month "
            f"{last:.0f}, beyond chance, as it does where subscriptions differ: those that end readily go first, and "
            f"the others remain (alpha = {model.alpha:.3g}, beta = {model.beta:.3g}). Each growing firmer with age "
            "would look the same."
        )
    elif model.spread:
        told = (
            f"The fitted ending rate{whose} goes from {first_rate} to {last_rate}, which is no more than chance "
            "would make of a constant one: no sign that subscriptions differ."
        )
    else:
        told = f"No fall of the ending rate{whose} with age is seen: {first_rate} end a month, as if all were alike."
    return f"{told} {counted}"


def forecast_table(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show of each group how far both forecasts erred in the months held out, in points.

    ``frame`` has the columns of forecast_errors_by_group.
    """
    errors = frame[[metric.name, "constant_rate_error"]].to_numpy(dtype=float)
    largest = float(np.nanmax(errors)) if np.isfinite(errors).any() else 0.0
    body = []
    for row in records(frame):
        missing = HIDDEN if row.get(SUPPRESSED) else "cannot be checked"
        cells = [html.Th(group_label(frame, str(row["group_id"])), scope="row")]
        if is_missing(row[metric.name]):
            cells += [html.Td(missing, className="secondary", colSpan=3)]
        else:
            fitted, held_out = int(row["fitted_months"]), int(row["forecast_months"])
            cells.append(html.Td(f"1{SPACE}to{SPACE}{fitted}; {fitted + 1}{SPACE}to{SPACE}{fitted + held_out}"))
            for column in (metric.name, "constant_rate_error"):
                share = row[column] / largest if largest else 0.0
                is_main = column == metric.name
                cells.append(measure_cell(row[column], points_text(row[column]), is_main=is_main, share=share))
        body.append(html.Tr(cells))
    head = ("Group", "Months fitted; forecast", "Model errs by", "Constant rate errs by")
    return _scrolled([html.Thead(html.Tr([html.Th(text, scope="col") for text in head])), html.Tbody(body)], head[0])


def which_forecast_errs_less(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say by how much both forecasts of the largest group erred, the better one first."""
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return metric.label
    row = records(known)[0]
    fitted = int(row["fitted_months"])
    last = fitted + int(row["forecast_months"])
    whose = "" if row["group_id"] == ALL else f" ({group_label(frame, str(row['group_id']))})"
    span = f"month {last}" if last == fitted + 1 else f"months {fitted + 1} to {last}"
    model, constant = (points_text(row[column]) for column in (metric.name, "constant_rate_error"))
    if model == constant:
        return f"Forecasts of {span}{whose} err by {model}, and so does a constant ending rate"
    if row[metric.name] < row["constant_rate_error"]:
        return f"The forecast of {span}{whose} errs by {model}, that of a constant ending rate by {constant}"
    return f"A constant ending rate forecasts {span}{whose} better: it errs by {constant}, the model by {model}"


def what_is_forecast(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say by what rule months are held out, and of how many groups the model errs less."""
    known = frame[frame[metric.name].notna()]
    told = (
        "Fitted to the first two thirds of the months of life that have 30 or more at risk; the mean error in what is "
        "left after each of the others, in percentage points."
    )
    if len(known) < 2:
        return told
    # As far as the table tells them apart.
    gains = (known["constant_rate_error"] - known[metric.name]).astype(float).round(3)
    better, worse = int((gains > 0).sum()), int((gains < 0).sum())
    return f"Of {len(known)} groups the model errs less in {better}, a constant rate in {worse}. {told}"


def value_table(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> html.Div:
    """Show of each group, and currency, what a subscription is worth: months of payment, with interval, and money.

    Intervals are drawn up to the highest limit of the six largest groups, or the highest value; wider ones are cut off.
    ``frame`` has the columns of value_by_group; the twenty largest groups are shown.
    """
    frame = frame[frame["group_rank"] <= MOST_GROUPS]
    highest = frame.loc[frame["group_rank"] <= len(CATEGORIES), "lifetime_months_high"].max()
    most = float(pd.Series([highest, frame[metric.name].max()], dtype=float).max())
    is_priced = frame["currency"].notna().any()
    body = []
    for row in records(frame):
        cells = [html.Th(group_label(frame, str(row["group_id"])), scope="row")]
        if is_missing(row[metric.name]):
            missing = HIDDEN if row.get(SUPPRESSED) else "cannot be fitted"
            cells.append(html.Td(missing, className="secondary", colSpan=6 if is_priced else 3))
            body.append(html.Tr(cells))
            continue
        months, low, high = (float(row[f"lifetime_months{limit}"]) for limit in ("", "_low", "_high"))
        cells.append(html.Td(_interval_mark(months, low, high, most), className="interval-cell"))
        cells.append(measure_cell(months, f"{months:.1f}"))
        cells.append(html.Td(f"{low:.1f}{SPACE}to{SPACE}{high:.1f}", className="number secondary"))
        if is_priced:
            cells += _money_cells(row)
        cells.append(html.Td(value_text(row["share_beyond_data"], Unit.RATE), className="number secondary"))
        body.append(html.Tr(cells))
    heads = ["Group", "", "Months of payment", "95 %"]
    heads += ["Price a month", "Worth", "95 %"] if is_priced else []
    heads.append("Beyond the months seen")
    head = [html.Th(text, scope="col", className="number" if place else "") for place, text in enumerate(heads)]
    head[1] = html.Th(html.Span("Months of payment, drawn", className="visually-hidden"), scope="col")
    return _scrolled([html.Thead(html.Tr(head)), html.Tbody(body)], heads[0], is_whole=True)


def what_one_is_worth(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say what a subscription is worth; in months where no price is known, or several currencies are.

    Of several groups, which of the six largest is worth most and least, where their intervals lie apart.
    """
    known = frame[frame[metric.name].notna()]
    if known.empty:
        return metric.label
    priced = known[known["customer_lifetime_value"].notna()]
    # Currencies are not compared.
    by_money = len(priced) == len(known) and priced["currency"].nunique() == 1
    ranked = records(known.sort_values("customer_lifetime_value" if by_money else metric.name, ascending=False))

    def worth(row: dict[str, Any]) -> str:
        return money_text(row["customer_lifetime_value"], row["currency"]) if by_money else _payments_text(row)

    if known["group_id"].nunique() == 1:
        row = ranked[0]
        if by_money:
            return f"A subscription is worth {worth(row)} (95{SPACE}%: {_money_interval(row)}), {_payments_text(row)}"
        low, high = (f"{row[f'lifetime_months_{limit}']:.1f}" for limit in ("low", "high"))
        return f"A subscription is worth {worth(row)} (95{SPACE}%: {low} to {high})"
    # Of many small groups one is always worth most by chance.
    first, last = (next(row for row in rows if row["group_rank"] <= len(CATEGORIES)) for rows in (ranked, ranked[::-1]))
    kind = dimension_label(str(frame["group_kind"].iloc[0])).lower()
    column = "customer_lifetime_value" if by_money else metric.name
    if first[f"{column}_low"] <= last[f"{column}_high"]:
        largest = records(known)[0]
        name = group_label(frame, str(largest["group_id"]))
        return f"Worth does not differ measurably by {kind}: {worth(largest)} in the largest, {name}"
    names = [group_label(frame, str(row["group_id"])) for row in (first, last)]
    return f"By {kind} a subscription is worth from {worth(last)} ({names[1]}) to {worth(first)} ({names[0]})"


def what_value_counts(frame: pd.DataFrame, _metric: Metric, filters: FilterState) -> str:
    """Say what the value is made of, what it rests on, and what is not known."""
    discount, margin = filters.option("discount_rate"), filters.option("margin")
    sentences = [
        f"From its beginning on, without an end, at a discount of {discount} % a year"
        + (f" and a margin of {margin} % of the price." if frame["currency"].notna().any() else ".")
    ]
    if frame["currency"].isna().all():
        sentences.append("No price is known in these days, so it is told in months of payment.")
    elif frame["currency"].nunique() > 1:
        sentences.append("Currencies are not added up: each has its own mean price, and the months are the group's.")
    more = frame["group_id"].nunique() - MOST_GROUPS
    if more > 0:
        sentences.append(f"{more:,} smaller groups are in the table view.")
    known_price = ", the price taken for known" if frame["currency"].notna().any() else ""
    sentences.append(
        f"Intervals are of the fitted parameters (delta method){known_price}; what lies beyond the months seen rests "
        "on the model alone."
    )
    return " ".join(sentences)


def concentration_curve(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> go.Figure:
    """Draw which share of the whole comes from which share of accounts, those with most first, one line a currency.

    ``frame`` has the columns of concentration_of_value.
    """
    known = frame[frame[metric.name].notna()]
    figure = go.Figure()
    if known.empty:
        return figure
    measured = _drawn_measures(known)
    for position, name in enumerate(measured):
        rows = records(known[known["measured_in"] == name])
        color = token("accent" if len(measured) == 1 else CATEGORIES[position])
        figure.add_scatter(
            x=[float(row["share_of_accounts"]) for row in rows],
            y=[float(row[metric.name]) for row in rows],
            mode="lines",
            name="Hours watched" if name == "hours" else name,
            line={"color": color, "width": 2},
            hovertext=[
                hover_text(
                    row[metric.name], metric, f"from {value_text(row['share_of_accounts'], Unit.RATE)} of accounts"
                )
                for row in rows
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name="All alike",
        line={"color": token("comparison"), "width": 1, "dash": "dash"},
        hoverinfo="skip",
        meta=LIMIT,
    )
    share_axis = value_axis([1.0], Unit.RATE)
    figure.update_yaxes(**share_axis, title={"text": "Share of the whole", "standoff": 12})
    figure.update_xaxes(
        **share_axis | {"range": [0, 1.03]}, title={"text": "Share of accounts, those with most first", "standoff": 12}
    )
    figure.update_layout(showlegend=True, hovermode="closest")
    return figure


def what_the_top_brings(frame: pd.DataFrame, metric: Metric, _filters: FilterState) -> str:
    """Say which share the top tenth of accounts brings, and the Gini coefficient; of the currency with most."""
    known = frame[frame[metric.name].notna() & (frame["group_rank"] == 1)]
    if known.empty:
        return metric.label
    accounts, value = (known[column].to_numpy(dtype=float) for column in ("share_of_accounts", metric.name))
    share = value_text(float(np.interp(TOP_SHARE, accounts, value)), Unit.RATE)
    name = str(known["measured_in"].iloc[0])
    whole = "of the hours watched" if name == "hours" else f"of what was paid in {name}"
    return f"The top 10{SPACE}% of accounts bring {share} {whole} (Gini {gini(accounts, value):.2f})"


def what_concentration_counts(frame: pd.DataFrame, _metric: Metric, _filters: FilterState) -> str:
    """Say which accounts and amounts are counted, and over which days."""
    counted = {
        str(name): int(rows["counted_accounts"].iloc[0])
        for name, rows in frame.groupby("measured_in", sort=False)
        if not is_missing(rows["counted_accounts"].iloc[0])
    }
    plan = "Over all the data, whatever days are chosen; the plan is the account's last."
    if (frame["measured"] == "watched").all():
        accounts = sum(counted.values())
        return (
            f"No price of a payment is known, so hours watched are counted, of {accounts:,} accounts with any. {plan}"
        )
    told = list_text([f"{accounts:,} accounts in {name}" for name, accounts in counted.items()])
    return f"What each account with a payment of a known price has paid, with nothing discounted: {told}. {plan}"


def gini(account_shares: Any, value_shares: Any) -> float:
    """Return the Gini coefficient from a curve of those with most first: twice the area under it, less one."""
    return float(2 * np.trapezoid(value_shares, account_shares) - 1)


def points_text(error: float) -> str:
    """Return a difference of shares in percentage points, such as «0.8 points»."""
    points = error * 100
    return f"{points:.1f}{SPACE}points" if points >= 0.1 or points == 0 else f"{points:.2f}{SPACE}points"


def _add_fitted(figure: go.Figure, model: Fit, last: int, color: str, *, named: bool) -> None:
    for months, dash, name in (
        (np.arange(0.0, last + 1), "solid", "Fitted"),
        (np.arange(float(last), last + PROJECTED_MONTHS + 1), "dash", "Expected"),
    ):
        figure.add_scatter(
            x=months,
            y=model.survival(months),
            mode="lines",
            name=name,
            showlegend=named,
            line={"color": color, "width": 2, "dash": dash},
            hoverinfo="skip",
            meta=LIMIT,
        )


def _add_held_out(figure: go.Figure, known: pd.DataFrame, metric: Metric) -> None:
    held_out = known[known["forecast_survival"].notna()]
    if held_out.empty:
        return
    rows = records(held_out)
    months = [row["month_of_life"] for row in rows]
    figure.add_shape(
        type="rect",
        x0=months[0] - 0.5,
        x1=months[-1] + 0.5,
        y0=0,
        y1=1,
        yref="paper",
        line={"width": 0},
        fillcolor=token("hairline"),
        opacity=0.45,
        layer="below",
    )
    for column, name, color in (
        ("forecast_survival", f"Forecast from months 1 to {months[0] - 1}", "ink"),
        ("constant_rate_survival", "By a constant rate", "comparison"),
    ):
        figure.add_scatter(
            x=months,
            y=numbers(row[column] for row in rows),
            mode="lines+markers",
            name=name,
            line={"color": token(color), "width": 1.5, "dash": "dot"},
            marker={"size": 4, "color": token(color)},
            hovertext=[hover_text(row[column], metric, f"{name}, month {row['month_of_life']}") for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
            meta=LIMIT,
        )


def _fit_of(frame: pd.DataFrame, name: str) -> tuple[Fit | None, str]:
    """Return a group's fitted model, or why there is none."""
    renewals = renewals_by_group(frame[frame["group_id"] == name]).get(name)
    if renewals is None:
        return None, ""
    try:
        return fit(renewals), ""
    except NotFittedError as error:
        return None, str(error)


def _interval_mark(value: float, low: float, high: float, most: float) -> html.Span:
    """Draw a value as a dot on its interval, from zero to ``most``; the cells beside it say the numbers."""
    places = {"--low": f"{low / most:.1%}", "--at": f"{value / most:.1%}", "--high": f"{min(high / most, 1):.1%}"}
    cut = "" if high <= most else " cut"
    return html.Span(className=f"interval{cut}", style=places, **{"aria-hidden": "true"})


def _money_cells(row: dict[str, Any]) -> list[html.Td]:
    if is_missing(row["customer_lifetime_value"]):
        return [html.Td(NO_VALUE, className="number secondary") for _ in range(3)]
    currency = str(row["currency"])
    return [
        html.Td(money_text(row["mean_price_minor"], currency), className="number secondary"),
        html.Td(money_text(row["customer_lifetime_value"], currency), className="number"),
        html.Td(_money_interval(row), className="number secondary"),
    ]


def _money_interval(row: dict[str, Any]) -> str:
    currency = str(row["currency"])
    low, high = (money_text(row[f"customer_lifetime_value_{limit}"], currency) for limit in ("low", "high"))
    return f"{low.removesuffix(SPACE + currency)}{SPACE}to{SPACE}{high}"


def _payments_text(row: dict[str, Any]) -> str:
    return f"{row['lifetime_months']:.1f} months of payment"


def _months_text(months: int) -> str:
    return f"{months} {'month' if months == 1 else 'months'}"


def _scrolled(parts: list[Any], label: str, *, is_whole: bool = False) -> html.Div:
    """Lay out a table that scrolls where it is too wide, and where it is too high, unless it is shown as a whole."""
    table = html.Table(parts, className="measures")
    scrolled = "table-scroll whole" if is_whole else "table-scroll"
    return html.Div(table, className=scrolled, tabIndex=0, role="region", **{"aria-label": label})


def _drawn_measures(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame["measured_in"].drop_duplicates().head(len(CATEGORIES))]
