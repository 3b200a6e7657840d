-- Grain: one of the last 13 calendar months that are complete at the end of the range, or (by span) of the one it is
-- compared with, and for each one row with a null period_start that repeats the latest of them.
-- Answers: 1 − subscriptions ended in the month ÷ subscriptions at the end of the month before. Those that began and
-- ended inside the month count among the ended, as the gross churn rate says, so a very young service can fall below 0.
-- The plan is the one at the end of the month before for those there, and on the day of the end for those who left.
with ends as (
    select
        'current' as span,
        cast(date_trunc('month', $end_day) as date) as end_month
    union all
    select
        'comparison' as span,
        cast(date_trunc('month', struct_extract($compared_range, 'compare_end_day')) as date) as end_month
    where struct_extract($compared_range, 'compare_start_day') < struct_extract($compared_range, 'compare_end_day')
),

months as (
    select
        span,
        end_month,
        cast(month_start as date) as month,
    from (
        select
            span,
            end_month,
            unnest(
                generate_series(end_month - interval 13 month, end_month - interval 1 month, interval 1 month)
            ) as month_start,
        from ends
    ) as month_starts
    where month_start >= $data_start_day
),

subscribed as (
    select
        month_start as month,
        subscriptions as subscriptions_at_start,
    from subscriptions_by_month($calendar, $countries, $plans)
),

ended as (
    select
        cast(date_trunc('month', day) as date) as month,
        sum(subscriptions) as ended_subscriptions,
    from filtered_subscription_changes($calendar, $countries, $plans)
    where change = 'end'
    group by date_trunc('month', day)
),

retention_by_month as (
    select
        months.span,
        months.month,
        months.month = months.end_month - interval 1 month as is_latest,
        cast(coalesce(subscribed.subscriptions_at_start, 0) as bigint) as subscriptions_at_start,
        cast(coalesce(ended.ended_subscriptions, 0) as bigint) as ended_subscriptions,
        1 - coalesce(ended.ended_subscriptions, 0)
        / cast(nullif(subscribed.subscriptions_at_start, 0) as double) as retention_rate,
        -- Both count accounts; the smaller that is not zero tells whether the month may be shown.
        least(nullif(subscribed.subscriptions_at_start, 0), nullif(ended.ended_subscriptions, 0)) as accounts,
    from months
    left join subscribed
        on months.month = subscribed.month
    left join ended
        on months.month = ended.month
)

select
    span,
    month as period_start,
    true as is_complete,
    * exclude (span, is_latest),
from retention_by_month
union all
select
    span,
    null as period_start,
    true as is_complete,
    * exclude (span, is_latest),
from retention_by_month
where is_latest
order by span desc, period_start asc nulls first
