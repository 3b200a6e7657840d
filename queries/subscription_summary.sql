-- Grain: one period of the range, and one row with a null period_start for the whole range.
-- Answers: how many subscriptions began, came back and ended? The plan is the one on the day of the change.
with periods as (
    select * from periods_and_whole($start_day, $end_day, $granularity)
),

chosen_subscriptions as (
    select *
    from subscriptions
    where
        calendar = $calendar
        and chosen(account_country, $countries)
),

changes as (
    select
        account_id,
        start_day as day,
        began_as as change,
    from chosen_subscriptions
    where began_as <> 'before'
    union all
    select
        account_id,
        end_day as day,
        'end' as change,
    from chosen_subscriptions
    where end_day is not null
    union all
    select
        account_id,
        cancelled_day as day,
        'cancel' as change,
    from chosen_subscriptions
    where cancelled_day is not null
),

chosen_changes as (
    select
        changes.day,
        changes.change,
    from changes
    inner join plan_periods
        on changes.account_id = plan_periods.account_id
        and changes.day >= plan_periods.from_day
        and changes.day < plan_periods.to_day
    where chosen(plan_periods.account_plan, $plans)
),

subscription_summary as (
    select
        periods.period_start,
        periods.is_complete,
        count(*) filter (where chosen_changes.change = 'start') as new_subscriptions,
        count(*) filter (where chosen_changes.change = 'rejoin') as rejoined_subscriptions,
        count(*) filter (where chosen_changes.change = 'end') as ended_subscriptions,
        count(*) filter (where chosen_changes.change = 'cancel') as cancellation_decisions,
        -- The smallest of the four that is not zero: each of them counts accounts.
        least(
            nullif(count(*) filter (where chosen_changes.change = 'start'), 0),
            nullif(count(*) filter (where chosen_changes.change = 'rejoin'), 0),
            nullif(count(*) filter (where chosen_changes.change = 'end'), 0),
            nullif(count(*) filter (where chosen_changes.change = 'cancel'), 0)
        ) as accounts,
    from periods
    left join chosen_changes
        on chosen_changes.day >= periods.first_day
        and chosen_changes.day < periods.end_day
    group by periods.period_start, periods.is_complete
)

select * from subscription_summary
order by period_start nulls first
