-- Grain: one day, week or month that ends between $from_day and $to_day, and kind, split by none, one, two or all of
-- device type, country, plan and profile type, in one calendar.
with show_sums as (
    select
        * exclude (period_start, show_id),
        period_start as day,
    from derived.period_shows
    union all by name
    select
        * exclude (show_id),
        cast('day' as reference.period) as period,
    from derived.show_days
    where day >= $from_day
),

unsplit as (
    select
        calendar,
        period,
        day,
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
    from show_sums
    group by calendar, period, day, kind, device_type, profile_type, account_country, account_plan
),

split as (
    select
        calendar,
        grouping_id(device_type, account_country, account_plan) as added_up_over,
        period,
        day,
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
    from unsplit
    group by
        grouping sets (
            (calendar, period, day, kind, profile_type),
            (calendar, period, day, kind, profile_type, device_type),
            (calendar, period, day, kind, profile_type, account_country),
            (calendar, period, day, kind, profile_type, account_plan),
            (calendar, period, day, kind, profile_type, device_type, account_country),
            (calendar, period, day, kind, profile_type, device_type, account_plan),
            (calendar, period, day, kind, profile_type, account_country, account_plan)
        )
    union all by name
    -- What tells all apart is added up already.
    select
        *,
        0 as added_up_over,
    from unsplit
),

viewing_cube as (
    select
        split.* exclude (added_up_over),
        splits.split_by,
    from split
    inner join reference.splits as splits
        on split.added_up_over = splits.added_up_over
)

select * from viewing_cube
