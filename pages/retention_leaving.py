"""Who leaves, what goes with it, and who may leave next?"""

import dash
from dash import html

from components.at_risk import (
    accounts_table,
    accounts_told,
    better_than_chance,
    calibration_dots,
    calibration_told,
    precision_bars,
    what_at_risk_means,
    what_calibration_counts,
    what_was_tested,
)
from components.card import Card
from components.leaving import odds_by_band, strongest_association, what_odds_compare
from components.page import page
from components.panel import Width, declare

dash.register_page(
    __name__,
    path="/retention/leaving",
    name="Who leaves",
    title="Who leaves · Marquee",
    order=42,
    part_of="/retention",
)

CARDS = declare(
    Card(
        "leaving-odds",
        "What goes with leaving",
        "leaving_by_factor",
        odds_by_band,
        "leaving_odds_ratio",
        headline=strongest_association,
        note=what_odds_compare,
        options=("left_by",),
        columns=(
            "factor_name",
            "band_name",
            "is_reference",
            "subscriptions",
            "left_subscriptions",
            "leaving_rate",
            "leaving_odds_ratio",
            "leaving_odds_ratio_low",
            "leaving_odds_ratio_high",
            "raw_odds_ratio",
            "raw_odds_ratio_low",
            "raw_odds_ratio_high",
            "untold",
        ),
        nothing=(
            "A subscription is looked at from its second month on, so the whole months before the range's end have "
            "nobody to tell of. A later end has more."
        ),
        rows="subscriptions",
        width=Width.FULL,
        height_px=820,
    ),
    Card(
        "leaving-accounts-at-risk",
        "Accounts at risk",
        "accounts_at_risk",
        accounts_table,
        "habit_lost_share",
        headline=accounts_told,
        note=what_at_risk_means,
        columns=(
            "account_id",
            "account_country",
            "account_plan",
            "habit_lost_share",
            "band_ended_share",
            "recent_hours",
            "habit_hours",
            "recent_active_days",
            "days_since_active",
            "cancelled_day",
            "searches",
            "searches_without_result",
            "recent_rebuffer_ratio",
            "before_rebuffer_ratio",
        ),
        nothing="No account with a running subscription has lost half of its habit. Habits take 112 days of data.",
        rows="accounts_at_risk",
        width=Width.FULL,
        height_px=460,
    ),
    Card(
        "leaving-back-test",
        "Does it find those who leave?",
        "risk_precision",
        precision_bars,
        "precision_at_k",
        headline=better_than_chance,
        note=what_was_tested,
        columns=(
            "choice",
            "rule",
            "cuts",
            "chosen_accounts",
            "chosen_ended",
            "precision_at_k",
            "precision_low",
            "precision_high",
        ),
        nothing="No date of the data has the 112 days before and the 28 days after that the test takes.",
        rows="risk_choices",
        height_px=380,
    ),
    Card(
        "leaving-calibration",
        "Does what is expected come true?",
        "risk_calibration",
        calibration_dots,
        "band_ended_share",
        headline=calibration_told,
        note=what_calibration_counts,
        columns=(
            "risk_band",
            "cuts",
            "band_accounts",
            "band_ended",
            "expected_ended_share",
            "band_ended_share",
            "band_ended_share_low",
            "band_ended_share_high",
        ),
        nothing="The test takes two dates 28 days apart, with 112 days of data before and 28 after.",
        rows="risk_bands",
        height_px=380,
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("Who leaves, and what goes with it?", CARDS, in_parts=True)
