"""How often accounts come, whether those that ended come back, and whose activity falls below their own habit."""

from definitions.metric import Better, Metric, Unit

METRICS = (
    Metric(
        "weekly_stickiness",
        "Weekly stickiness",
        Unit.RATE,
        "The share of the monthly active accounts that was active in the last week of the period.",
        "weekly ÷ monthly active accounts, both of the days that end with the period",
        needs=("plays.watch_ms",),
        better=Better.HIGHER,
    ),
    Metric(
        "active_days_share",
        "Active days in 28",
        Unit.RATE,
        "Of the accounts active at least once in the last 28 days of the range, the share active on just so many of "
        "them.",
        "accounts active on so many of the 28 days ÷ accounts active on any",
        needs=("plays.watch_ms",),
    ),
    Metric(
        "rejoined_share",
        "Rejoined",
        Unit.RATE,
        "The chance that an account whose subscription ended has rejoined within t, from the days in the range: who "
        "ended before it is followed from then on, who has not come back by its end is followed up to then.",
        "1 − Π (1 − rejoined on a day ÷ followed on it) over days ≤ t since the end",
        needs=("subscription_events.event",),
        better=Better.HIGHER,
        source="Kaplan and Meier, Journal of the American Statistical Association, 1958",
    ),
    Metric(
        "ended_accounts",
        "Accounts that ended",
        Unit.COUNT,
        "Accounts by how often their subscriptions have ended by the end of the range: once, twice, or three times and "
        "more. Ends before the data are not known.",
        "distinct accounts by number of ends",
        needs=("subscription_events.event",),
        better=Better.LOWER,
    ),
    Metric(
        "habit_lost_share",
        "Habit lost",
        Unit.RATE,
        "How much less an account with a running subscription watched in the last 28 days of the data than in the mean "
        "of the three times 28 days before. Who was active in fewer than two of these three has no habit, and is not "
        "among the accounts at risk; those are the ones that lost at least half.",
        "1 − watch time in 28 days ÷ (watch time in the 84 days before ÷ 3)",
        needs=("plays.watch_ms", "subscription_events.event"),
        better=Better.LOWER,
    ),
    Metric(
        "precision_at_k",
        "Ended among the chosen",
        Unit.RATE,
        "Of the k accounts that had lost the most of their habit at a date, the share whose subscription ended in the "
        "28 days from it on; over all such dates, 28 days apart, each looked at with nothing of what came after.",
        "Σ ended ÷ Σ chosen; by chance, Σ chosen · ended ÷ accounts with a habit, ÷ Σ chosen",
        needs=("plays.watch_ms", "subscription_events.event"),
        better=Better.HIGHER,
    ),
    Metric(
        "band_ended_share",
        "Ended within 28 days",
        Unit.RATE,
        "Of the accounts with a running subscription that had lost so much of their habit at a date, the share whose "
        "subscription ended in the 28 days from it on; with Wilson's 95 % interval.",
        "accounts that ended ÷ accounts, summed over the dates",
        needs=("plays.watch_ms", "subscription_events.event"),
        better=Better.LOWER,
        source="Wilson, Journal of the American Statistical Association, 1927",
    ),
)
