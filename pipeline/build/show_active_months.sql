-- Grain: one account, film or series, device type, profile type and plan with an active play in a month, in one
-- calendar. On which days it had one is told as a number whose bits are the month's days, the first the highest: bit
-- 31 - d is day d.
with active as (
    select
        calendar,
        cast(date_trunc('month', day) as date) as month_start,
        show_id,
        show_number,
        account_id,
        device_type,
        kind,
        profile_type,
        account_country,
        account_plan,
        bit_or(cast(1 as bigint) << (31 - day(day))) as active_days,
    from derived.play_days
    where watch_ms >= $active_play_min_watch_ms
    group by
        calendar,
        month_start,
        show_id,
        show_number,
        account_id,
        device_type,
        kind,
        profile_type,
        account_country,
        account_plan
),

show_active_months as (
    select
        *,
        -- As account_number_of in queries/macros.
        cast(hash(account_id) >> 1 as bigint) as account_number,
        strftime(month_start, '%Y-%m') as month,
    from active
)

select * from show_active_months
