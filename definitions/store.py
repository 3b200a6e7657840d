"""The tables that pages ask most, which a build holds a second time in DuckDB's own format (docs/decisions/0014)."""

STORE_FILE = "pages.duckdb"
# A multiple of the 2,048 rows that DuckDB works on at once.
STORE_ROWS_TOGETHER = 20_480
STORED = (
    "titles",
    "shows",
    "plan_periods",
    "viewing_cube",
    "show_periods",
    "show_cube",
    "start_cube",
    "title_starts",
    "title_progress",
    "profile_titles",
    "settled_days",
    "rewatch_days",
    "active_accounts",
    "active_months",
    "show_active_months",
    "hour_cube",
    "hour_accounts",
    "interaction_cube",
    "stream_peaks",
    "visits",
    "visit_cube",
    "binge_sessions",
    "lifecycle_cube",
    "retention_cube",
    "subscription_changes",
    "subscription_months",
)
# Of these, the texts that rows are told apart by are enums: half as much to write, and as fast to read. Queries read
# them so in the schema ``cubes``.
STORED_WITH_ENUMS = (
    "viewing_cube",
    "show_periods",
    "show_cube",
    "start_cube",
    "title_starts",
    "title_progress",
    "profile_titles",
    "settled_days",
    "rewatch_days",
    "active_accounts",
    "active_months",
    "show_active_months",
    "hour_cube",
    "hour_accounts",
    "interaction_cube",
    "visits",
    "visit_cube",
    "binge_sessions",
)
