"""How titles are found and rated, and what campaigns and experiments change."""

from definitions.metric import Better, Metric, Unit

METRICS = (
    Metric(
        "recommendation_share",
        "From recommendations",
        Unit.RATE,
        "The share of watch time that was found in a recommendation row; plays of unknown origin are left out and "
        "their share shown beside it.",
        "watch time with origin recommendation ÷ watch time with a known origin",
        needs=("plays.origin",),
        better=Better.HIGHER,
    ),
    Metric(
        "take_rate",
        "Take rate",
        Unit.RATE,
        "Impressions on screen for a second or more that were followed by a play: by impression, or else the same "
        "profile and title within 30 minutes (the last impression wins).",
        "impressions followed by a play ÷ impressions on screen ≥ 1 s",
        needs=("impressions.on_screen_ms",),
        better=Better.HIGHER,
    ),
    Metric(
        "time_to_choose_ms",
        "Time to choose",
        Unit.MILLISECONDS,
        "From the first browse event of a visit to its first play of two minutes or more.",
        "first play ≥ 2 min − first browse event",
        needs=("browse_events.ts",),
        better=Better.LOWER,
    ),
    Metric(
        "zero_result_rate",
        "Zero-result rate",
        Unit.RATE,
        "Searches that found nothing; unknown, not zero, where nobody searched.",
        "searches with 0 results ÷ searches",
        needs=("searches.results",),
        better=Better.LOWER,
    ),
    Metric(
        "search_success_rate",
        "Search success",
        Unit.RATE,
        "Searches followed by a play within five minutes; unknown, not zero, where nobody searched.",
        "searches followed by a play within 5 min ÷ searches",
        needs=("searches.search_id",),
        better=Better.HIGHER,
    ),
    Metric(
        "effective_catalogue_size",
        "Effective catalogue size",
        Unit.SCORE,
        "How many titles carry the viewing: 1 when one title takes it all, the number of titles when all are equal.",
        "2 · Σ pᵢ · i − 1, titles ranked by share p of watch time",
        needs=("plays.watch_ms",),
        better=Better.HIGHER,
        source="Gomez-Uribe and Hunt, ACM Transactions on Management Information Systems, 2015",
    ),
    Metric(
        "rating_mean",
        "Mean rating",
        Unit.SCORE,
        "The mean rating, drawn towards the global mean m where there are few ratings.",
        "(Σ r + k · m) ÷ (n + k), k = 25",
        needs=("ratings.rating",),
        better=Better.HIGHER,
    ),
    Metric(
        "campaign_roi",
        "Return on investment",
        Unit.RATIO,
        "What a campaign earned beyond its cost, for its cost; incremental against the holdout, with a 95 % interval. "
        "Without a holdout only the response is shown.",
        "(incremental revenue − cost) ÷ cost",
        needs=("campaign_touches.arm", "campaigns.cost_minor"),
        better=Better.HIGHER,
    ),
    Metric(
        "experiment_effect",
        "Experiment effect",
        Unit.RATIO,
        "Difference in means or proportions, relative, with a delta-method interval; sample-ratio mismatch by χ² at "
        "p < 0.001; Holm correction over metrics and variants.",
        "(variant − control) ÷ control",
        needs=("experiment_exposures.variant",),
    ),
)
