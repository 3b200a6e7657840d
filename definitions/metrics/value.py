"""Metrics of what subscriptions are worth, besides the value itself (definitions/metrics/audience.py)."""

from definitions.metric import Better, Metric, Unit

METRICS = (
    Metric(
        "lifetime_months",
        "Months of payment",
        Unit.MONTHS,
        "How many months a subscription will pay from its beginning on, later ones counting for less by the discount; "
        "survival from the shifted-beta-geometric model fitted by maximum likelihood to the renewals of the range.",
        "Σ S(t) ÷ (1 + d)^t over months from 0 on, with S(t) = B(a, b + t) ÷ B(a, b)",
        needs=("subscription_events.event",),
        better=Better.HIGHER,
        source="Fader and Hardie, Journal of Interactive Marketing, 2007",
    ),
    Metric(
        "forecast_error",
        "Forecast error",
        Unit.RATE,
        "By how many points survival differs in the mean from a forecast of it: the first two thirds of the months of "
        "life are fitted, the others, of 30 or more at risk each, are forecast.",
        "mean of |forecast S(t) − observed S(t)| over the months held out",
        needs=("subscription_events.event",),
        better=Better.LOWER,
    ),
    Metric(
        "value_share",
        "Share of the value",
        Unit.RATE,
        "Which share of all that was paid in one currency comes from the accounts that paid most; of the hours "
        "watched, where no payment is known. Over all the data.",
        "what those accounts paid ÷ what all accounts paid; Gini = 1 − 2 · area under the curve from the least up",
        source="Lorenz, Publications of the American Statistical Association, 1905",
    ),
)
