-- Grain: one day, week or month of the range, or (by span) of the one it is compared with.
-- Answers: how does watch time develop? A period cut off by the range is not complete.
with viewing as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        sum(watch_ms) as watch_ms,
        sum(plays) as plays,
    from filtered_viewing($calendar, $compared_range, $split_by, $filters)
    group by span, period_start
),

periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

watch_hours_by_period as (
    select
        periods.span,
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        coalesce(viewing.watch_ms, 0) / 3600000.0 as watch_hours,
        cast(coalesce(viewing.plays, 0) as bigint) as plays,
        accounts_in_period.accounts,
    from periods
    left join viewing
        on periods.span = viewing.span
        and periods.period_start = viewing.period_start
    left join
        counted_accounts_by_period(
            $calendar,
            $start_day,
            $end_day,
            $compare_start_day,
            $compare_end_day,
            $granularity,
            $filters
        ) as accounts_in_period
        on periods.span = accounts_in_period.span
        and periods.period_start = accounts_in_period.period_start
)

select * from watch_hours_by_period
order by span desc, period_start asc
