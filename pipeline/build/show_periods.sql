-- Grain: one film or series and week or month that ends between $from_day and $to_day, split by none, one, two or all
-- of device type, country, plan and profile type, in one calendar.
with split as (
    select
        calendar,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        period,
        period_start,
        show_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(plays) as bigint) as plays,
        cast(sum(views) as bigint) as views,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(known_origin_watch_ms) as bigint) as known_origin_watch_ms,
        cast(sum(recommended_watch_ms) as bigint) as recommended_watch_ms,
        cast(sum(rebuffer_ms) as bigint) as rebuffer_ms,
        cast(sum(rebuffer_known_watch_ms) as bigint) as rebuffer_known_watch_ms,
    from derived.period_shows
    group by
        grouping sets (
            (calendar, period, period_start, show_id, kind, profile_type),
            (calendar, period, period_start, show_id, kind, profile_type, device_type),
            (calendar, period, period_start, show_id, kind, profile_type, account_country),
            (calendar, period, period_start, show_id, kind, profile_type, account_plan),
            (calendar, period, period_start, show_id, kind, profile_type, device_type, account_country),
            (calendar, period, period_start, show_id, kind, profile_type, device_type, account_plan),
            (calendar, period, period_start, show_id, kind, profile_type, account_country, account_plan)
        )
    union all by name
    -- What tells all apart is added up already.
    select
        *,
        0 as added_up_over,
    from derived.period_shows
),

show_periods as (
    select
        split.* exclude (added_up_over),
        splits.split_by,
    from split
    inner join reference.splits as splits
        on split.added_up_over = splits.added_up_over
)

select * from show_periods
