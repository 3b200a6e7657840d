-- Grain: one day, week or month of the range.
-- Answers: how many binge sessions are there, and how much of the watch time is theirs? A period cut off by the range
-- is not complete.
with periods as (
    select * from periods_between($start_day, $end_day, $granularity)
),

binges as (
    select
        period_of(day, $granularity) as period_start,
        count(*) as binge_sessions,
        sum(episodes) as episodes,
        sum(watch_ms) as watch_ms,
    from binge_sessions_between($calendar, $start_day, $end_day, $filters_but_plays)
    group by period_start
),

viewing as (
    select
        period_of(day, $granularity) as period_start,
        sum(watch_ms) as watch_ms,
    from filtered_viewing($calendar, $chart_range, $split_by, $filters_but_plays)
    group by period_start
),

binge_sessions_by_period as (
    select
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        coalesce(binges.binge_sessions, 0) as binge_sessions,
        cast(coalesce(binges.episodes, 0) as bigint) as binge_episodes,
        coalesce(binges.watch_ms, 0) / 3600000.0 as binge_watch_hours,
        coalesce(viewing.watch_ms, 0) / 3600000.0 as watch_hours,
        coalesce(binges.watch_ms, 0) / cast(nullif(viewing.watch_ms, 0) as double) as binge_share,
        accounts_in_period.accounts,
    from periods
    left join binges
        on periods.period_start = binges.period_start
    left join viewing
        on periods.period_start = viewing.period_start
    left join
        counted_binge_accounts_by_period(
            $calendar, $start_day, $end_day, $granularity, $filters_but_plays
        ) as accounts_in_period
        on periods.period_start = accounts_in_period.period_start
)

select * from binge_sessions_by_period
order by period_start asc
