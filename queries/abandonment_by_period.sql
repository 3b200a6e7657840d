-- Grain: one day, week or month of the range, or (by span) of the one it is compared with.
-- Answers: of the films and episodes that profiles settled, by watching 70 % or by staying away for 30 days, how many
-- were abandoned, and how many left for a day and returned to? Nothing can be known to be abandoned in the data's first
-- 30 days.
with periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

settled as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        cast(sum(settled_titles) as bigint) as settled_titles,
        cast(sum(abandoned_titles) as bigint) as abandoned,
        cast(sum(returned_titles) as bigint) as returned_titles,
        cast(sum(estimated_titles) as bigint) as estimated_titles,
        counted_accounts(account_id) as accounts,
    from filtered_settled_titles($calendar, $compared_range, $filters_but_plays)
    group by span, period_start
),

abandonment_by_period as (
    select
        periods.span,
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        case
            when periods.first_day >= $data_start_day + 30
                then settled.abandoned / cast(nullif(settled.settled_titles, 0) as double)
        end as abandonment_rate,
        settled.returned_titles / cast(nullif(settled.settled_titles, 0) as double) as comeback_share,
        case when periods.first_day >= $data_start_day + 30 then coalesce(settled.abandoned, 0) end as abandoned,
        coalesce(settled.returned_titles, 0) as returned_titles,
        coalesce(settled.settled_titles, 0) as settled_titles,
        coalesce(settled.estimated_titles, 0) as estimated_titles,
        settled.accounts,
    from periods
    left join settled
        on periods.span = settled.span
        and periods.period_start = settled.period_start
)

select * from abandonment_by_period
order by span desc, period_start asc
