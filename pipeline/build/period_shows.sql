-- Grain: one film or series and week or month that ends between $from_day and $to_day, device type, country, plan and
-- profile type, in one calendar. Weeks begin on Monday; both days are the first of a month. Not published.
with periods as (
    select
        * exclude (day),
        cast('week' as reference.period) as period,
        cast(date_trunc('week', day) as date) as period_start,
    from derived.show_days
    where
        cast(date_trunc('week', day) as date) + 7 > $from_day
        and cast(date_trunc('week', day) as date) + 7 <= $to_day
    union all
    select
        * exclude (day),
        cast('month' as reference.period) as period,
        cast(date_trunc('month', day) as date) as period_start,
    from derived.show_days
    where day >= $from_day
),

period_shows as (
    select
        calendar,
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
    from periods
    group by
        calendar,
        period,
        period_start,
        show_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan
)

select * from period_shows
