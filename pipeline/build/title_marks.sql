-- Grain: one thing that happened at a place of a title in one play begun from $from_day up to, not with, $to_day (UTC);
-- of a play that no player events tell, that it was.
-- What lies beyond a title's end, which players may tell by a second or two, is cut.
with told_plays as (
    select
        plays.play_id,
        plays.title_id,
        plays.local_day,
        plays.utc_day,
        plays.service_day,
        plays.told_by_events,
        plays.watch_ms,
        plays.distinct_ms,
        coalesce(titles.runtime_ms, 9223372036854775807) as end_ms,
    from published.plays as plays
    inner join source.titles as titles
        on plays.title_id = titles.title_id
    where
        plays.utc_day >= $from_day
        and plays.utc_day < $to_day
),

marks as (
    select
        told_plays.* exclude (told_by_events, watch_ms, distinct_ms, end_ms),
        play_marks.mark,
        least(play_marks.from_ms, told_plays.end_ms) as from_ms,
        least(play_marks.to_ms, told_plays.end_ms) as to_ms,
        case when play_marks.mark = 'exited' then least(play_marks.furthest_ms, told_plays.end_ms) end as furthest_ms,
        play_marks.stopped_ms,
        case when play_marks.mark = 'exited' then told_plays.watch_ms end as watch_ms,
        case when play_marks.mark = 'exited' then told_plays.distinct_ms end as distinct_ms,
    from told_plays
    inner join derived.play_marks as play_marks
        on told_plays.play_id = play_marks.play_id
        and told_plays.utc_day = play_marks.utc_day
    where told_plays.told_by_events
    union all by name
    select
        told_plays.* exclude (told_by_events, end_ms),
        'untold' as mark,
    from told_plays
    where not told_plays.told_by_events
),

title_marks as (
    select
        *,
        strftime(utc_day, '%Y-%m') as month,
        -- As title_number_of in queries/macros.
        cast(hash(title_id) >> 1 as bigint) as title_number,
    from marks
    where
        mark not in ('played', 'replayed', 'skipped')
        or from_ms < to_ms
)

select * from title_marks
