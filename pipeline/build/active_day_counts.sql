-- Grain: one window of 28 days that ends with a day from $from_day up to, not with, $to_day, country, plan and number
-- of days on which accounts were active in them with a film, episode or live programme, in one calendar.
-- An account's number changes when it is active, and when that day falls out of the window: between those days it
-- stays, so accounts are counted by what they change, not day by day.
with default_kinds as (
    select bit_or(mask_low) as bits
    from published.audience_cells
    where
        counted_by = 'kind'
        and list_contains($default_kinds, kind)
),

active_days as (
    select distinct
        active_days.calendar,
        active_days.account_number,
        active_days.day,
    from derived.active_days as active_days
    inner join default_kinds
        on active_days.single & default_kinds.bits <> 0
),

accounts as (
    select distinct
        calendar,
        account_number,
    from active_days
),

change_days as (
    select
        *,
        1 as change,
    from active_days
    union all by name
    select
        * exclude (day),
        day + 28 as day,
        -1 as change,
    from active_days
    union all by name
    select
        *,
        $from_day as day,
        0 as change,
    from accounts
    union all by name
    select
        accounts.*,
        plans.from_day as day,
        0 as change,
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
        sum(change) as change,
    from change_days
    where day < $to_day
    group by calendar, account_number, day
),

-- Grain: one stretch of days of an account on which its number does not change.
stretches as (
    select
        calendar,
        account_number,
        day as from_day,
        lead(day, 1, cast($to_day as date)) over to_date as until_day,
        sum(change) over to_date as active_days,
    from account_changes
    window to_date as (
        partition by calendar, account_number
        order by day
        rows between unbounded preceding and current row
    )
),

planned_stretches as (
    select
        stretches.calendar,
        plans.group_number,
        stretches.active_days,
        stretches.from_day,
        stretches.until_day,
    from stretches
    inner join derived.numbered_stretches as plans
        on stretches.account_number = plans.account_number
        and stretches.from_day >= plans.from_day
        and stretches.from_day < plans.to_day
    where
        stretches.from_day >= $from_day
        and stretches.active_days > 0
),

changes as (
    select
        calendar,
        group_number,
        active_days,
        day,
        sum(change) as change,
    from (
        select
            * exclude (from_day, until_day),
            unnest([{'day': from_day, 'change': 1}, {'day': until_day, 'change': -1}], recursive := true),
        from planned_stretches
    ) as each_change
    group by calendar, group_number, active_days, day
),

counted as (
    select
        calendar,
        group_number,
        active_days,
        day,
        lead(day, 1, cast($to_day as date)) over one_number as until_day,
        sum(change) over one_number as accounts,
    from changes
    window one_number as (
        partition by calendar, group_number, active_days
        order by day
    )
),

daily as (
    select
        * exclude (day, until_day),
        cast(unnest(generate_series(day, until_day - 1, interval 1 day)) as date) as day,
    from counted
    where accounts > 0
),

active_day_counts as (
    select
        daily.calendar,
        daily.day + 1 as end_day,
        account_groups.account_country,
        account_groups.account_plan,
        cast(daily.active_days as bigint) as active_days,
        cast(sum(daily.accounts) as bigint) as accounts,
    from daily
    inner join derived.account_groups as account_groups
        on daily.group_number = account_groups.group_number
    group by
        daily.calendar,
        daily.day,
        account_groups.account_country,
        account_groups.account_plan,
        daily.active_days
)

select * from active_day_counts
