-- Grain: one day, week or month of the range, or (by span) of the one it is compared with.
-- Answers: how much of watch time goes to seconds that the same play had already shown? Over plays whose distinct time
-- was told (measured_hours); null where it was of none.
with interactions as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        sum(watch_ms) as watch_ms,
        sum(distinct_ms) as distinct_ms,
        sum(distinct_known_watch_ms) as distinct_known_watch_ms,
    from filtered_interactions($calendar, $compared_range, $split_by, $filters)
    group by span, period_start
),

periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

replayed_share_by_period as (
    select
        periods.span,
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        (interactions.distinct_known_watch_ms - interactions.distinct_ms)
        / cast(nullif(interactions.distinct_known_watch_ms, 0) as double) as replayed_share,
        case
            when interactions.distinct_known_watch_ms > 0
                then (interactions.distinct_known_watch_ms - interactions.distinct_ms) / 3600000.0
        end as replayed_hours,
        coalesce(interactions.distinct_known_watch_ms, 0) / 3600000.0 as measured_hours,
        coalesce(interactions.watch_ms, 0) / 3600000.0 as watch_hours,
        accounts_in_period.accounts,
    from periods
    left join interactions
        on periods.span = interactions.span
        and periods.period_start = interactions.period_start
    left join
        counted_accounts_by_period(
            $calendar, $start_day, $end_day, $compare_start_day, $compare_end_day, $granularity, $filters
        ) as accounts_in_period
        on periods.span = accounts_in_period.span
        and periods.period_start = accounts_in_period.period_start
)

select * from replayed_share_by_period
order by span desc, period_start asc
