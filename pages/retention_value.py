"""What are subscriptions worth?"""

import dash
from dash import html

from components.card import Card
from components.page import page
from components.panel import Width, declare
from components.value import (
    concentration_curve,
    forecast_table,
    how_many_stay,
    renewal_curves,
    value_table,
    what_concentration_counts,
    what_is_forecast,
    what_one_is_worth,
    what_the_top_brings,
    what_value_counts,
    which_forecast_errs_less,
    why_rates_fall,
)

dash.register_page(
    __name__,
    path="/retention/value",
    name="What they are worth",
    title="What subscriptions are worth · Marquee",
    order=41,
    part_of="/retention",
)

NO_RENEWALS = "No month of life that began in the data ends in these days."
CARDS = declare(
    Card(
        "value-groups",
        "What a subscription is worth",
        "value_by_group",
        value_table,
        "lifetime_months",
        headline=what_one_is_worth,
        note=what_value_counts,
        options=("survival_by", "begun_as", "discount_rate", "margin"),
        columns=(
            "group_name",
            "renewals",
            "lifetime_months",
            "lifetime_months_low",
            "lifetime_months_high",
            "share_beyond_data",
            "currency",
            "payments",
            "mean_price_minor",
            "customer_lifetime_value",
            "customer_lifetime_value_low",
            "customer_lifetime_value_high",
        ),
        nothing="Too few months of life end in these days, or nobody ended in them, so no model can be fitted.",
        rows="subscription_events",
        width=Width.FULL,
        height_px=120,
    ),
    Card(
        "value-renewals",
        "How long subscriptions go on",
        "renewals_by_month_of_life",
        renewal_curves,
        "survival",
        headline=how_many_stay,
        note=why_rates_fall,
        options=("survival_by", "begun_as"),
        columns=(
            "group_name",
            "month_of_life",
            "at_risk",
            "ended_subscriptions",
            "survival",
            "fitted_survival",
            "forecast_survival",
            "constant_rate_survival",
        ),
        nothing=NO_RENEWALS,
        rows="subscriptions",
        width=Width.FULL,
        height_px=420,
    ),
    Card(
        "value-forecast",
        "How good the forecast is",
        "forecast_errors_by_group",
        forecast_table,
        "forecast_error",
        headline=which_forecast_errs_less,
        note=what_is_forecast,
        options=("survival_by", "begun_as"),
        columns=(
            "group_name",
            "renewals",
            "fitted_months",
            "forecast_months",
            "forecast_error",
            "constant_rate_error",
        ),
        nothing="Fewer than three months of life, from the first on, have 30 at risk, so no forecast can be checked.",
        rows="subscriptions",
    ),
    Card(
        "value-concentration",
        "Who brings it",
        "concentration_of_value",
        concentration_curve,
        "value_share",
        headline=what_the_top_brings,
        note=what_concentration_counts,
        columns=("measured", "measured_in", "counted_accounts", "share_of_accounts", "value_share", "least_amount"),
        nothing="No price of a payment is known in the data, and nothing was watched.",
        rows="subscription_events",
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("What are subscriptions worth?", CARDS, in_parts=True)
