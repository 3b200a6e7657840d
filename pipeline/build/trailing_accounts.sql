-- Grain: one window of $days days that ends with a day from $from_day up to, not with, $to_day, country, plan and set
-- of things that accounts did in it, in one calendar; without the sets of the sort "all". Not published.
-- An account's set changes when it does something, and when that falls out of the window: between those days it stays,
-- so accounts are counted by what they change, not day by day. $days_before is $days less one.
with active_days as (
    select
        calendar,
        account_number,
        day,
        single,
    from derived.active_days
    where day > cast($from_day as date) - $days
),

accounts as (
    select distinct
        calendar,
        account_number,
    from active_days
),

-- Days on which the set or the plan may change; the first of all is one for every account.
change_days as (
    select *
    from active_days
    union all by name
    select
        * exclude (day, single),
        day + $days as day,
        0 as single,
    from active_days
    union all by name
    select
        *,
        $from_day as day,
        0 as single,
    from accounts
    union all by name
    select
        accounts.*,
        plans.from_day as day,
        0 as single,
    from accounts
    inner join derived.numbered_stretches as plans
        on accounts.account_number = plans.account_number
    where
        plans.from_day > $from_day
        and plans.from_day < $to_day
),

account_changes as (
    select
        calendar,
        account_number,
        day,
        bit_or(single) as single,
    from change_days
    where day < $to_day
    group by calendar, account_number, day
),

-- Grain: one stretch of days of an account on which its set does not change.
stretches as (
    select
        calendar,
        account_number,
        day as from_day,
        lead(day, 1, cast($to_day as date)) over (partition by calendar, account_number order by day) as until_day,
        bit_or(single) over (
            partition by calendar, account_number
            order by day
            range between $days_before preceding and current row
        ) as single,
    from account_changes
),

planned_stretches as (
    select
        stretches.calendar,
        plans.group_number,
        stretches.single,
        stretches.from_day,
        stretches.until_day,
    from stretches
    inner join derived.numbered_stretches as plans
        on stretches.account_number = plans.account_number
        and stretches.from_day >= plans.from_day
        and stretches.from_day < plans.to_day
    where
        stretches.from_day >= $from_day
        and stretches.single <> 0
),

changes as (
    select
        calendar,
        group_number,
        single,
        day,
        sum(change) as change,
    from (
        select
            * exclude (from_day, until_day),
            unnest([{'day': from_day, 'change': 1}, {'day': until_day, 'change': -1}], recursive := true),
        from planned_stretches
    ) as each_change
    group by calendar, group_number, single, day
),

counted as (
    select
        calendar,
        group_number,
        single,
        day,
        lead(day, 1, cast($to_day as date)) over one_set as until_day,
        sum(change) over one_set as accounts,
    from changes
    window one_set as (
        partition by calendar, group_number, single
        order by day
    )
),

sorts as (
    select
        counted_by,
        bit_or(mask_low) as bits,
    from reference.audience_cells
    where counted_by <> 'all'
    group by counted_by
),

daily as (
    select
        * exclude (day, until_day),
        cast(unnest(generate_series(day, until_day - 1, interval 1 day)) as date) as day,
    from counted
    where accounts > 0
),

trailing_accounts as (
    select
        daily.calendar,
        cast($period as reference.period) as period,
        sorts.counted_by,
        daily.day + 1 as end_day,
        account_groups.account_country,
        account_groups.account_plan,
        daily.single & sorts.bits as mask_low,
        0 as mask_high,
        cast(sum(daily.accounts) as bigint) as accounts,
    from daily
    inner join sorts
        on daily.single & sorts.bits <> 0
    inner join derived.account_groups as account_groups
        on daily.group_number = account_groups.group_number
    group by
        daily.calendar,
        sorts.counted_by,
        daily.day,
        account_groups.account_country,
        account_groups.account_plan,
        daily.single & sorts.bits
)

select * from trailing_accounts
