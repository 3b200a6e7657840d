-- Grain: one of the last 13 calendar months that are complete at the end of the range, and one country, plan, channel
-- or "all" ($churn_by).
-- Answers: which share of each group's subscriptions was lost? The plan is the one at the end of the month before for
-- those there, and on the day of the change for those who ended or rejoined.
with counted as (
    from churned_months($calendar, $data_start_day, $end_day, $churn_by, $countries, $plans)
),

group_sizes as (
    select
        *,
        sum(subscriptions_at_start) over (partition by group_id) as group_size,
    from counted
),

churn_by_group as (
    select
        $churn_by as group_kind,
        group_id,
        group_id as group_name,
        dense_rank() over (order by group_size desc, group_id asc) as group_rank,
        month as period_start,
        month as first_day,
        month_after as end_day,
        true as is_complete,
        subscriptions_at_start,
        ended_subscriptions,
        rejoined_subscriptions,
        ended_subscriptions / cast(nullif(subscriptions_at_start, 0) as double) as gross_churn_rate,
        (ended_subscriptions - soon_rejoined_subscriptions) / cast(nullif(subscriptions_at_start, 0) as double)
            as net_churn_rate,
        least(
            nullif(subscriptions_at_start, 0),
            nullif(ended_subscriptions, 0),
            nullif(rejoined_subscriptions, 0)
        ) as accounts,
    from group_sizes
)

select * from churn_by_group
order by group_rank asc, period_start asc
