-- Grain: one day, week or month that ends between $from_day and $to_day, country, plan and set of things that accounts
-- did in it or on one of its days, in one calendar. Weeks begin on Monday; both days are the first of a month. Not
-- published.
with account_periods as (
    select
        calendar,
        'day' as period,
        day + 1 as end_day,
        account_number,
        all_low,
        all_high,
        single,
    from derived.active_days
    union all
    select
        calendar,
        'week' as period,
        cast(date_trunc('week', day) as date) + 7 as end_day,
        account_number,
        bit_or(all_low) as all_low,
        bit_or(all_high) as all_high,
        bit_or(single) as single,
    from derived.active_days
    group by calendar, end_day, account_number
    union all
    select
        calendar,
        'month' as period,
        last_day(day) + 1 as end_day,
        account_number,
        bit_or(all_low) as all_low,
        bit_or(all_high) as all_high,
        bit_or(single) as single,
    from derived.active_days
    where day >= $from_day
    group by calendar, end_day, account_number
),

planned as (
    select
        account_periods.* exclude (account_number),
        -- Its plan on the last day.
        stretches.group_number,
        1 as accounts,
        -- Of a single day both are the same.
        case account_periods.period when 'day' then 1 else 0 end as account_days,
    from account_periods
    inner join derived.numbered_stretches as stretches
        on account_periods.account_number = stretches.account_number
        and account_periods.end_day - 1 >= stretches.from_day
        and account_periods.end_day - 1 < stretches.to_day
    union all by name
    select
        calendar,
        unnest([
            {'period': 'week', 'end_day': cast(date_trunc('week', day) as date) + 7},
            {'period': 'month', 'end_day': last_day(day) + 1}
        ], recursive := true),
        group_number,
        all_low,
        all_high,
        single,
        0 as accounts,
        1 as account_days,
    from derived.active_days
),

-- All accounts with the same set, country and plan become one row, before the set is read in four ways.
counted as (
    select
        calendar,
        period,
        end_day,
        group_number,
        all_low,
        all_high,
        single,
        sum(accounts) as accounts,
        sum(account_days) as account_days,
    from planned
    where
        end_day > $from_day
        and end_day <= $to_day
    group by calendar, period, end_day, group_number, all_low, all_high, single
),

named as (
    select
        counted.* exclude (group_number, period),
        cast(counted.period as reference.period) as period,
        account_groups.account_country,
        account_groups.account_plan,
    from counted
    inner join derived.account_groups as account_groups
        on counted.group_number = account_groups.group_number
),

sorts as (
    select
        counted_by,
        bit_or(mask_low) as bits,
    from reference.audience_cells
    where counted_by <> 'all'
    group by counted_by
),

period_accounts as (
    select
        calendar,
        period,
        cast('all' as reference.counted_by) as counted_by,
        end_day,
        account_country,
        account_plan,
        all_low as mask_low,
        all_high as mask_high,
        cast(accounts as bigint) as accounts,
        cast(account_days as bigint) as account_days,
    from named
    union all
    select
        named.calendar,
        named.period,
        sorts.counted_by,
        named.end_day,
        named.account_country,
        named.account_plan,
        named.single & sorts.bits as mask_low,
        0 as mask_high,
        cast(sum(named.accounts) as bigint) as accounts,
        cast(sum(named.account_days) as bigint) as account_days,
    from named
    inner join sorts
        on named.single & sorts.bits <> 0
    group by
        named.calendar,
        named.period,
        sorts.counted_by,
        named.end_day,
        named.account_country,
        named.account_plan,
        named.single & sorts.bits
)

select * from period_accounts
