-- Grain: one of the last 13 calendar months that are complete at the end of the range.
-- Answers: how many subscriptions came and went, and which share was lost? What there was at the month's beginning, and
-- what came, less what went, is what there is at its end. The plan is the one at the end of the month before for those
-- there, and on the day of the change for the others: of chosen plans, who moved to or from another is counted apart.
with month_starts as (
    select cast(unnest(generate_series(
        date_trunc('month', $end_day) - interval 13 month,
        date_trunc('month', $end_day) - interval 1 month,
        interval 1 month
    )) as date) as month
),

months as (
    select
        month,
        cast(month + interval 1 month as date) as month_after,
    from month_starts
    where month >= $data_start_day
),

subscribed as (
    from subscriptions_by_month($calendar, $countries, $plans)
),

changed as (
    select
        cast(date_trunc('month', day) as date) as month,
        sum(subscriptions) filter (where change = 'start') as new_subscriptions,
        sum(subscriptions) filter (where change = 'rejoin') as rejoined_subscriptions,
        sum(subscriptions) filter (where change = 'rejoin' and rejoined_within_year) as soon_rejoined_subscriptions,
        sum(subscriptions) filter (where change = 'end') as ended_subscriptions,
        sum(subscriptions) filter (where change = 'cancel') as cancellation_decisions,
    from filtered_subscription_changes($calendar, $countries, $plans)
    group by date_trunc('month', day)
),

counted as (
    select
        months.month,
        months.month_after,
        cast(coalesce(at_start.subscriptions, 0) as bigint) as subscriptions_at_start,
        cast(coalesce(at_end.subscriptions, 0) as bigint) as subscriptions_at_end,
        cast(coalesce(changed.new_subscriptions, 0) as bigint) as new_subscriptions,
        cast(coalesce(changed.rejoined_subscriptions, 0) as bigint) as rejoined_subscriptions,
        cast(coalesce(changed.soon_rejoined_subscriptions, 0) as bigint) as soon_rejoined_subscriptions,
        cast(coalesce(changed.ended_subscriptions, 0) as bigint) as ended_subscriptions,
        cast(coalesce(changed.cancellation_decisions, 0) as bigint) as cancellation_decisions,
    from months
    left join subscribed as at_start
        on months.month = at_start.month_start
    left join subscribed as at_end
        on months.month_after = at_end.month_start
    left join changed
        on months.month = changed.month
),

churn_by_month as (
    select
        month as period_start,
        month as first_day,
        month_after as end_day,
        true as is_complete,
        subscriptions_at_start,
        new_subscriptions,
        rejoined_subscriptions,
        ended_subscriptions,
        subscriptions_at_end
        - (subscriptions_at_start + new_subscriptions + rejoined_subscriptions - ended_subscriptions)
            as moved_subscriptions,
        subscriptions_at_end,
        cancellation_decisions,
        ended_subscriptions / cast(nullif(subscriptions_at_start, 0) as double) as gross_churn_rate,
        (ended_subscriptions - soon_rejoined_subscriptions) / cast(nullif(subscriptions_at_start, 0) as double)
            as net_churn_rate,
        -- Each counts accounts; the smallest that is not zero tells whether the month may be shown.
        least(
            nullif(subscriptions_at_start, 0),
            nullif(new_subscriptions, 0),
            nullif(rejoined_subscriptions, 0),
            nullif(ended_subscriptions, 0)
        ) as accounts,
    from counted
)

select * from churn_by_month
order by period_start asc
