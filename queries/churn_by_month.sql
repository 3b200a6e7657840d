-- Grain: one of the last 13 calendar months that are complete at the end of the range.
-- Answers: how many subscriptions came and went, and which share was lost? What there was at the month's beginning, and
-- what came, less what went, is what there is at its end. The plan is the one at the end of the month before for those
-- there, and on the day of the change for the others: of chosen plans, who moved to or from another is counted apart.
with counted as (
    from churned_months($calendar, $data_start_day, $end_day, 'none', $countries, $plans)
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
