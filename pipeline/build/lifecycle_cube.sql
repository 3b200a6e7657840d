-- Grain: one week or month, state of accounts in it, country and plan at its end, in one calendar. Up to the one with
-- the last play.
with last_days as (
    select
        calendar,
        max(day) as last_day,
    from published.account_days
    group by calendar
),

states as (
    select
        calendar,
        period,
        period_start,
        account_id,
        account_country,
        case
            when previous_start is null and arrival = 'new' then 'new'
            when previous_start is null then 'first_seen'
            when previous_start + cast('1 ' || period as interval) = period_start then 'returning'
            else 'resurrected'
        end as state,
    from derived.active_periods
    union all
    select
        calendar,
        period,
        cast(period_start + cast('1 ' || period as interval) as date) as period_start,
        account_id,
        account_country,
        'dormant' as state,
    from derived.active_periods
    where following_start is distinct from period_start + cast('1 ' || period as interval)
),

ended as (
    select
        *,
        cast(period_start + cast('1 ' || period as interval) as date) as end_day,
    from states
),

lifecycle_cube as (
    select
        ended.calendar,
        ended.period,
        ended.period_start,
        ended.period_start >= complete_days.first_day and ended.end_day <= complete_days.end_day as is_complete,
        ended.state,
        ended.account_country,
        plan_periods.account_plan,
        count(*) as accounts,
    from ended
    inner join last_days
        on ended.calendar = last_days.calendar
        and ended.period_start <= last_days.last_day
    inner join reference.complete_days as complete_days
        on ended.calendar = complete_days.calendar
    left join published.plan_periods as plan_periods
        on ended.account_id = plan_periods.account_id
        and ended.end_day - 1 >= plan_periods.from_day
        and ended.end_day - 1 < plan_periods.to_day
    group by
        ended.calendar,
        ended.period,
        ended.period_start,
        is_complete,
        ended.state,
        ended.account_country,
        plan_periods.account_plan
)

select * from lifecycle_cube
