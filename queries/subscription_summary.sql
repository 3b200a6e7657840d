-- Grain: one period of the range, and one row with a null period_start for the whole range.
-- Answers: how many subscriptions began, came back and ended? The plan is the one on the day of the change.
with periods as (
    select * from periods_and_whole($start_day, $end_day, $granularity)
),

changes as (
    select
        day,
        change,
        subscriptions,
    from subscription_changes
    where
        calendar = $calendar
        and day >= $start_day
        and day < $end_day
        and chosen(account_country, $countries)
        and chosen(account_plan, $plans)
),

counted as (
    select
        periods.period_start,
        periods.is_complete,
        sum(changes.subscriptions) filter (where changes.change = 'start') as new_subscriptions,
        sum(changes.subscriptions) filter (where changes.change = 'rejoin') as rejoined_subscriptions,
        sum(changes.subscriptions) filter (where changes.change = 'end') as ended_subscriptions,
        sum(changes.subscriptions) filter (where changes.change = 'cancel') as cancellation_decisions,
    from periods
    left join changes
        on changes.day >= periods.first_day
        and changes.day < periods.end_day
    group by periods.period_start, periods.is_complete
),

subscription_summary as (
    select
        period_start,
        is_complete,
        cast(coalesce(new_subscriptions, 0) as bigint) as new_subscriptions,
        cast(coalesce(rejoined_subscriptions, 0) as bigint) as rejoined_subscriptions,
        cast(coalesce(ended_subscriptions, 0) as bigint) as ended_subscriptions,
        cast(coalesce(cancellation_decisions, 0) as bigint) as cancellation_decisions,
        -- The smallest of the four that is not zero: each of them counts accounts.
        cast(
            least(new_subscriptions, rejoined_subscriptions, ended_subscriptions, cancellation_decisions) as bigint
        ) as accounts,
    from counted
)

select * from subscription_summary
order by period_start nulls first
