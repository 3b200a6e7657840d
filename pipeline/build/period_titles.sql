-- Grain: one title and week or month that ends between $from_day and $to_day, device type, country, plan and profile
-- type, in one calendar. Weeks begin on Monday. Not published.
with title_days as (
    select
        cast(calendar as reference.calendar) as calendar,
        cast(title_id as reference.title_id) as title_id,
        cast(kind as reference.kind) as kind,
        cast(device_type as reference.device_type) as device_type,
        cast(profile_type as reference.profile_type) as profile_type,
        cast(account_country as reference.account_country) as account_country,
        cast(account_plan as reference.account_plan) as account_plan,
        plays,
        watch_ms,
        known_origin_watch_ms,
        recommended_watch_ms,
        rebuffer_ms,
        rebuffer_known_watch_ms,
        day,
        cast(date_trunc('week', day) as date) as week_start,
    from published.title_cube
    where
        split_by = 'all'
        and day >= $from_day - 6
        and day < $to_day
),

periods as (
    select
        * exclude (day, week_start),
        cast('week' as reference.period) as period,
        week_start as period_start,
    from title_days
    where
        week_start + 7 > $from_day
        and week_start + 7 <= $to_day
    union all
    select
        * exclude (day, week_start),
        cast('month' as reference.period) as period,
        $from_day as period_start,
    from title_days
    where day >= $from_day
),

period_titles as (
    select
        calendar,
        period,
        period_start,
        title_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        cast(sum(plays) as bigint) as plays,
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
        title_id,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan
)

select * from period_titles
