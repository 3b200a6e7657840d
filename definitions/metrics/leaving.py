"""What goes with leaving."""

from definitions.metric import Better, Metric, Unit

METRICS = (
    Metric(
        "leaving_odds_ratio",
        "Odds of leaving, other things equal",
        Unit.RATIO,
        "How many times the odds to leave in a month of 30 days of a subscription's life are those of the factor's "
        "largest band, among subscriptions alike in all other factors: by what the account did in the 30 days before. "
        "With 95 % limits. It tells what goes with leaving, not what causes it.",
        "exp β of a logistic regression of leaving on all bands of all factors",
        needs=("subscription_events.event",),
        better=Better.LOWER,
        source="McCullagh and Nelder, Generalized Linear Models, 1989",
    ),
)
