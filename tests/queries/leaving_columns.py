"""The columns of the queries that tell who leaves."""

LEAVING_COLUMNS = {
    "leaving_by_factor": [
        "factor",
        "factor_name",
        "band",
        "band_name",
        "band_rank",
        "is_reference",
        "subscriptions",
        "left_subscriptions",
        "leaving_rate",
        "raw_odds_ratio",
        "raw_odds_ratio_low",
        "raw_odds_ratio_high",
        "leaving_odds_ratio",
        "leaving_odds_ratio_low",
        "leaving_odds_ratio_high",
        "untold",
        "first_month",
        "last_month",
    ],
}
