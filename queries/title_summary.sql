-- Grain: one row: the title over the whole range.
-- Answers: how often and how long was it played, how much of it does a play play (mean_share_played), and how much of
-- that again (replayed_share)? The last two of the plays that player events tell (followed_plays).
with title as (
    select titles.runtime_ms
    from cubes.titles as titles
    where
        titles.title_id = $of_title
        and chosen(titles.kind, struct_extract($filters, 'kinds'))
),

moments as (
    select
        coalesce(sum(times * marks), 0) as plays,
        coalesce(sum(times * watch_ms), 0) / 3600000.0 as watch_hours,
        coalesce(sum(times * marks) filter (where mark = 'exited'), 0) as followed_plays,
        sum(times * distinct_ms) as distinct_ms,
        sum(times * watch_ms) filter (where mark = 'exited') as followed_watch_ms,
    from moments_of_title($of_title, $calendar, $timeline_range, 'ten_seconds', $filters)
    where mark in ('exited', 'untold')
),

title_summary as (
    select
        cast(null as date) as period_start,
        true as is_complete,
        moments.plays,
        moments.watch_hours,
        moments.followed_plays,
        moments.distinct_ms
        / cast(nullif(moments.followed_plays * title.runtime_ms, 0) as double) as mean_share_played,
        (moments.followed_watch_ms - moments.distinct_ms)
        / cast(nullif(moments.followed_watch_ms, 0) as double) as replayed_share,
        accounts_of_title($of_title, $calendar, $start_day, $end_day, $filters) as accounts,
    from title
    cross join moments
)

select * from title_summary
