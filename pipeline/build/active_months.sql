-- Grain: one account, device type, kind, profile type and plan with an active play in a month, in one calendar. On
-- which days it had one is told as in show_active_months, over all of them.
with active_months as (
    select
        calendar,
        month_start,
        month,
        account_id,
        account_number,
        device_type,
        kind,
        profile_type,
        account_country,
        account_plan,
        bit_or(active_days) as active_days,
    from derived.show_active_months
    group by
        calendar,
        month_start,
        month,
        account_id,
        account_number,
        device_type,
        kind,
        profile_type,
        account_country,
        account_plan
)

select * from active_months
