-- Grain: one play that may run between $from_day and $to_day in some calendar. Not published. A table of its own:
-- DuckDB would take the plays for few, and join them slowly.
with month_plays as (
    select
        account_id,
        started_at,
        local_at,
        utc_day,
        kind,
        device_type,
        profile_type,
        watch_ms,
        run_ms,
    from published.plays
    where
        -- No clock is a whole day off UTC's.
        utc_day >= $from_day - 2
        and utc_day < $to_day + 1
)

select * from month_plays
