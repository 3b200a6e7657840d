-- Grain: one day or month, film or series and place where viewers found it, kind, device type, profile type, country
-- and plan, in one calendar.
with days as (
    select
        calendar,
        day as period_start,
        show_id,
        show_number,
        origin,
        kind,
        device_type,
        profile_type,
        account_country,
        account_plan,
        count(*) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
    from derived.play_days
    group by all
),

days_and_months as (
    select
        *,
        cast('day' as reference.period) as period,
    from days
    union all by name
    select
        * exclude (period_start, plays, watch_ms),
        cast('month' as reference.period) as period,
        cast(date_trunc('month', period_start) as date) as period_start,
        cast(sum(plays) as bigint) as plays,
        cast(sum(watch_ms) as bigint) as watch_ms,
    from days
    group by all
),

origin_cube as (
    select
        *,
        strftime(period_start, '%Y-%m') as month,
    from days_and_months
)

select * from origin_cube
