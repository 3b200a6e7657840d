-- Grain: one period of the range, or (by span) of the one it is compared with, and one row with a null period_start for
-- the whole of each.
-- Answers: how many subscriptions began, came back and ended? The plan is the one on the day of the change.
with periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

changes as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        sum(subscriptions) filter (where change = 'start') as new_subscriptions,
        sum(subscriptions) filter (where change = 'rejoin') as rejoined_subscriptions,
        sum(subscriptions) filter (where change = 'end') as ended_subscriptions,
        sum(subscriptions) filter (where change = 'cancel') as cancellation_decisions,
    from filtered_subscription_changes($calendar, $countries, $plans)
    where is_in(day, $compared_range)
    group by span, period_start
),

-- The whole of each, with a null period_start, is the sum of its periods.
counted as (
    select
        periods.span,
        periods.period_start,
        periods.period_start is null or bool_and(periods.is_complete) as is_complete,
        sum(changes.new_subscriptions) as new_subscriptions,
        sum(changes.rejoined_subscriptions) as rejoined_subscriptions,
        sum(changes.ended_subscriptions) as ended_subscriptions,
        sum(changes.cancellation_decisions) as cancellation_decisions,
    from periods
    left join changes
        on periods.span = changes.span
        and periods.period_start = changes.period_start
    group by grouping sets ((periods.span, periods.period_start), (periods.span))
),

subscription_summary as (
    select
        span,
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
order by span desc, period_start asc nulls first
