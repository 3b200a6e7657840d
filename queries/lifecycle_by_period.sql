-- Grain: one week or month with a day in the range, and one state of the accounts in it.
-- Answers: how many of the active accounts are new, came back or stayed, and how many of the period before fell silent?
-- Weeks where days are shown. The active are all but the dormant; the plan is the one on the period's last day.
with counted as (
    select
        period_start,
        is_complete,
        state,
        sum(accounts) as lifecycle,
    from lifecycle_cube
    where
        calendar = $calendar
        and period = case $granularity when 'month' then 'month' else 'week' end
        and period_start < $end_day
        and period_start + case $granularity when 'month' then interval 1 month else interval 7 day end > $start_day
        and chosen(account_country, $countries)
        and chosen(account_plan, $plans)
    group by all
),

periods as (
    select distinct
        period_start,
        is_complete,
    from counted
),

states as (
    select
        unnest(['returning', 'resurrected', 'first_seen', 'new', 'dormant']) as state,
        unnest(range(5)) as state_rank,
),

lifecycle_by_period as (
    select
        periods.period_start,
        periods.period_start as first_day,
        periods.is_complete,
        states.state,
        -- Who has not been active yet may still be before the period ends.
        case
            when states.state <> 'dormant' or periods.is_complete then cast(coalesce(counted.lifecycle, 0) as bigint)
        end as lifecycle,
        cast(coalesce(counted.lifecycle, 0) as bigint) as accounts,
    from periods
    cross join states
    left join counted
        on periods.period_start = counted.period_start
        and states.state = counted.state
    order by periods.period_start asc, states.state_rank asc
)

select * from lifecycle_by_period
