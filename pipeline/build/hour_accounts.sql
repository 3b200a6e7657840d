-- Grain: one hour of a day, or of a month's Mondays, Tuesdays …, sort of set (counted_by), country, plan and set of
-- several things that accounts did in it, in one calendar. Accounts that did one thing alone are in hour_cube.
with each_hour as (
    select
        account_hours.calendar,
        date '1970-01-01' + account_hours.hour_number // 24 as day,
        cast(account_hours.hour_number % 24 as bigint) as hour,
        hour_sets.counted_by,
        account_groups.account_country,
        account_groups.account_plan,
        hour_sets.told_low as mask_low,
        hour_sets.told_high as mask_high,
        cast(sum(account_hours.account_hours) as bigint) as account_hours,
    from derived.account_hours as account_hours
    inner join derived.hour_sets as hour_sets
        on account_hours.mask_low = hour_sets.mask_low
        and account_hours.mask_high = hour_sets.mask_high
        and hour_sets.ways > 1
    inner join derived.account_groups as account_groups
        on account_hours.group_number = account_groups.group_number
    group by
        account_hours.calendar,
        account_hours.hour_number,
        hour_sets.counted_by,
        account_groups.account_country,
        account_groups.account_plan,
        hour_sets.told_low,
        hour_sets.told_high
),

hour_accounts as (
    select
        calendar,
        cast('day' as reference.period) as period,
        day as period_start,
        isodow(day) as weekday,
        hour,
        counted_by,
        account_country,
        account_plan,
        mask_low,
        mask_high,
        account_hours,
    from each_hour
    union all
    select
        calendar,
        cast('month' as reference.period) as period,
        cast(date_trunc('month', day) as date) as period_start,
        isodow(day) as weekday,
        hour,
        counted_by,
        account_country,
        account_plan,
        mask_low,
        mask_high,
        cast(sum(account_hours) as bigint) as account_hours,
    from each_hour
    group by
        calendar,
        date_trunc('month', day),
        isodow(day),
        hour,
        counted_by,
        account_country,
        account_plan,
        mask_low,
        mask_high
)

select * from hour_accounts
