-- Grain: one day, week or month of the range, or (by span) of the one it is compared with.
-- Answers: how much begins by itself? Of the plays where it was told (measured_plays, measured_hours); null where it
-- was of none.
with interactions as (
    select
        span_of(day, $start_day) as span,
        period_of(day, $granularity) as period_start,
        sum(plays) as plays,
        sum(watch_ms) as watch_ms,
        sum(autoplay_plays) as autoplay_plays,
        sum(autoplay_known_plays) as autoplay_known_plays,
        sum(autoplay_watch_ms) as autoplay_watch_ms,
        sum(autoplay_known_watch_ms) as autoplay_known_watch_ms,
    from filtered_interactions($calendar, $compared_range, $split_by, $filters)
    group by span, period_start
),

periods as (
    select *
    from compared_periods($start_day, $end_day, $compare_start_day, $compare_end_day, $granularity)
),

autoplay_share_by_period as (
    select
        periods.span,
        periods.period_start,
        periods.first_day,
        periods.end_day,
        periods.is_complete,
        interactions.autoplay_plays / cast(nullif(interactions.autoplay_known_plays, 0) as double) as autoplay_share,
        interactions.autoplay_watch_ms
        / cast(nullif(interactions.autoplay_known_watch_ms, 0) as double) as autoplay_watch_share,
        cast(
            case when interactions.autoplay_known_plays > 0 then interactions.autoplay_plays end as bigint
        ) as autoplay_plays,
        cast(coalesce(interactions.autoplay_known_plays, 0) as bigint) as measured_plays,
        cast(coalesce(interactions.plays, 0) as bigint) as plays,
        case
            when interactions.autoplay_known_plays > 0 then interactions.autoplay_watch_ms / 3600000.0
        end as autoplay_hours,
        coalesce(interactions.autoplay_known_watch_ms, 0) / 3600000.0 as measured_hours,
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

select * from autoplay_share_by_period
order by span desc, period_start asc
