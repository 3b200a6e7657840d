"""Retention: who stays, who leaves, who comes back?"""

from functools import partial

import dash
from dash import html

from components.card import Card
from components.cohorts import (
    cohort_triangle,
    retention_curves,
    still_there,
    told_apart,
    what_cohorts_count,
    what_curves_count,
)
from components.comings import churn, churn_rates, lifecycle_change, lifecycle_flows, months_table, what_months_count
from components.figures import trend
from components.habits import active_days_bars, mean_active_days, stickiness_of_range
from components.page import page
from components.panel import Width, declare
from components.rejoining import (
    rejoined_by_months,
    rejoining_curves,
    serial_share,
    times_ended_bars,
    what_rejoining_counts,
)
from components.survival import early_endings, ending_rates, median_life, survival_curves, what_survival_counts
from components.undrawn import undrawn_groups

dash.register_page(
    __name__, path="/retention", name="Retention", part_name="Who stays", title="Retention · Marquee", order=40
)

HOW_RETAINED = (
    "retained_as",
    "cohort_period",
    "cohort_begins",
    "cohort_intervals",
    "retained_by",
    "retained_hours",
    "intervals_shown",
)

CARDS = declare(
    Card(
        "retention-cohorts",
        "Who stays, by cohort",
        "cohort_retention",
        cohort_triangle,
        "cohort_retention_rate",
        headline=still_there,
        note=what_cohorts_count,
        options=(*HOW_RETAINED, "cohort_before"),
        columns=(
            "cohort_kind",
            "cohort_start",
            "interval_number",
            "cohort_size",
            "retained_accounts",
            "cohort_retention_rate",
            "cohort_retention_low",
            "cohort_retention_high",
            "is_complete",
        ),
        nothing="No account began in these days.",
        rows="account_beginnings",
        height_px=460,
        width=Width.FULL,
    ),
    Card(
        "retention-curves",
        "Retention over all cohorts",
        "pooled_retention_by_group",
        retention_curves,
        "cohort_retention_rate",
        headline=told_apart,
        note=what_curves_count,
        options=("cohort_by",),
        followed_options=HOW_RETAINED,
        columns=(
            "group_name",
            "interval_number",
            "cohort_size",
            "retained_accounts",
            "cohort_retention_rate",
            "cohort_retention_low",
            "cohort_retention_high",
        ),
        nothing="No interval of their life has passed for a whole cohort. A longer range has more.",
        rows="account_beginnings",
        height_px=360,
        width=Width.FULL,
    ),
    Card(
        "retention-survival",
        "How long subscriptions last",
        "survival_by_group",
        survival_curves,
        "survival",
        headline=median_life,
        note=what_survival_counts,
        options=("survival_measure", "survival_by", "begun_as"),
        measure="survival_measure",
        columns=(
            "group_name",
            "age_days",
            "at_risk",
            "ended_subscriptions",
            "payment_ended_subscriptions",
            "survival",
            "survival_low",
            "survival_high",
            "chosen_end_incidence",
            "payment_end_incidence",
        ),
        rows="subscriptions",
        height_px=460,
        width=Width.FULL,
    ),
    Card(
        "retention-ending-rate",
        "When subscriptions end",
        "ending_rate_by_month_of_life",
        ending_rates,
        "ending_rate",
        headline=early_endings,
        note=partial(undrawn_groups, size="at_risk"),
        options=("survival_by", "begun_as"),
        columns=(
            "group_name",
            "month_of_life",
            "at_risk",
            "ended_subscriptions",
            "payment_ended_subscriptions",
            "ending_rate",
            "ending_rate_low",
            "ending_rate_high",
        ),
        nothing="No month of life has anybody to tell of at both of its ends. A longer range has more.",
        rows="subscriptions",
    ),
    Card(
        "retention-churn",
        "Churn",
        "churn_by_group",
        churn_rates,
        "gross_churn_rate",
        headline=churn,
        note=partial(undrawn_groups, size="subscriptions_at_start"),
        options=("churn_measure", "churn_by"),
        measure="churn_measure",
        columns=(
            "group_name",
            "first_day",
            "subscriptions_at_start",
            "ended_subscriptions",
            "rejoined_subscriptions",
            "gross_churn_rate",
            "net_churn_rate",
        ),
        rows="subscriptions",
    ),
    Card(
        "retention-months",
        "Subscriptions month by month",
        "churn_by_month",
        months_table,
        "ended_subscriptions",
        note=what_months_count,
        columns=(
            "first_day",
            "subscriptions_at_start",
            "new_subscriptions",
            "rejoined_subscriptions",
            "ended_subscriptions",
            "moved_subscriptions",
            "subscriptions_at_end",
            "cancellation_decisions",
            "gross_churn_rate",
            "net_churn_rate",
        ),
        rows="subscriptions",
        width=Width.FULL,
        height_px=420,
    ),
    Card(
        "retention-rejoining",
        "Who comes back",
        "rejoining_by_group",
        rejoining_curves,
        "rejoined_share",
        headline=rejoined_by_months,
        note=what_rejoining_counts,
        options=("churn_by",),
        columns=(
            "group_name",
            "age_days",
            "at_risk",
            "rejoined_subscriptions",
            "rejoined_share",
            "rejoined_share_low",
            "rejoined_share_high",
        ),
        nothing="No account has ended.",
        rows="subscriptions",
        height_px=380,
    ),
    Card(
        "retention-times-ended",
        "Accounts that end again and again",
        "accounts_by_times_ended",
        times_ended_bars,
        "ended_accounts",
        headline=serial_share,
        options=("churn_by",),
        columns=("group_name", "times_ended", "ended_accounts", "ended_accounts_share"),
        nothing="No account has ended.",
        rows="subscriptions",
        height_px=380,
    ),
    Card(
        "retention-lifecycle",
        "Accounts by lifecycle",
        "lifecycle_by_period",
        lifecycle_flows,
        "lifecycle",
        headline=lifecycle_change,
        columns=("first_day", "is_complete", "state", "lifecycle"),
        width=Width.FULL,
    ),
    Card(
        "retention-stickiness",
        "Stickiness",
        "stickiness_by_period",
        trend,
        "stickiness",
        compared=True,
        headline=stickiness_of_range,
        options=("stickiness_measure",),
        measure="stickiness_measure",
        columns=(
            "span",
            "first_day",
            "mean_daily_active_accounts",
            "weekly_active_accounts",
            "monthly_active_accounts",
            "stickiness",
            "weekly_stickiness",
        ),
        nothing="The share is told from the data’s 28th day.",
    ),
    Card(
        "retention-active-days",
        "Active days in the last 28",
        "accounts_by_active_days",
        active_days_bars,
        "active_days_share",
        headline=mean_active_days,
        columns=("active_days", "active_accounts", "active_days_share"),
        nothing="The data have no 28 days before the end of the range.",
    ),
)


def layout(**_query: str) -> html.Div:
    """Lay out the page; its cards read the filters from the URL."""
    return page("Who stays, who leaves, who comes back?", CARDS, in_parts=True)
