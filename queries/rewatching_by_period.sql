-- Grain: one day, week or month of the range, or (by span) of the one it is compared with.
-- Answers: how much of what is played had its profile finished before? Of films and episodes whose runtime and coverage
-- are known.
with periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

rewatches as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        sum(plays) as coverage_known_plays,
        sum(rewatch_plays) as rewatch_plays,
        sum(watch_ms) as watch_ms,
        sum(rewatch_watch_ms) as rewatch_watch_ms,
    from filtered_rewatches($calendar, $compared_range, $filters)
    group by span, period_start
),

rewatching_by_period as (
    select
        periods.span,
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        rewatches.rewatch_plays / cast(nullif(rewatches.coverage_known_plays, 0) as double) as rewatch_play_share,
        rewatches.rewatch_watch_ms / cast(nullif(rewatches.watch_ms, 0) as double) as rewatch_time_share,
        cast(coalesce(rewatches.rewatch_plays, 0) as bigint) as rewatch_plays,
        cast(coalesce(rewatches.coverage_known_plays, 0) as bigint) as coverage_known_plays,
        coalesce(rewatches.rewatch_watch_ms, 0) / 3600000.0 as rewatch_hours,
        coalesce(rewatches.watch_ms, 0) / 3600000.0 as coverage_known_hours,
        accounts_in_period.accounts,
    from periods
    left join rewatches
        on periods.span = rewatches.span
        and periods.period_start = rewatches.period_start
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

select * from rewatching_by_period
order by span desc, period_start asc
