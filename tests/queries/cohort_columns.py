"""The columns of the queries of cohorts."""

COHORT_COLUMNS = {
    "cohort_retention": [
        "cohort_kind",
        "cohort_start",
        "interval_number",
        "cohort_size",
        "retained_accounts",
        "cohort_retention_rate",
        "cohort_retention_low",
        "cohort_retention_high",
        "is_complete",
    ],
    "pooled_retention_by_group": [
        "group_kind",
        "group_id",
        "group_name",
        "group_rank",
        "interval_number",
        "cohort_size",
        "retained_accounts",
        "cohort_retention_rate",
        "cohort_retention_low",
        "cohort_retention_high",
    ],
}
