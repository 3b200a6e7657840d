-- Grain: one hour of a day, or of a month's Mondays, Tuesdays …, country, plan and set of several things that accounts
-- did in it, in one calendar. Accounts that did one thing alone are in hour_cube.
with each_hour as (
    select
        account_hours.calendar,
        date '1970-01-01' + account_hours.hour_number // 24 as day,
        cast(account_hours.hour_number % 24 as bigint) as hour,
        account_groups.account_country,
        account_groups.account_plan,
        account_hours.mask_low,
        account_hours.mask_high,
        account_hours.account_hours,
    from derived.account_hours as account_hours
    inner join derived.account_groups as account_groups
        on account_hours.group_number = account_groups.group_number
    where bit_count(account_hours.mask_low) + bit_count(account_hours.mask_high) > 1
),

hour_accounts as (
    select
        calendar,
        'day' as period,
        day as period_start,
        isodow(day) as weekday,
        hour,
        account_country,
        account_plan,
        mask_low,
        mask_high,
        account_hours,
    from each_hour
    union all
    select
        calendar,
        'month' as period,
        cast($from_day as date) as period_start,
        isodow(day) as weekday,
        hour,
        account_country,
        account_plan,
        mask_low,
        mask_high,
        cast(sum(account_hours) as bigint) as account_hours,
    from each_hour
    group by calendar, isodow(day), hour, account_country, account_plan, mask_low, mask_high
)

select * from hour_accounts
