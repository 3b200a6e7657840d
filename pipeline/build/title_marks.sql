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
        strftime(plays.utc_day, '%Y-%m') as month,
        plays.told_by_events,
        plays.watch_ms,
        plays.distinct_ms,
        titles.runtime_ms,
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

busy_months as (
    select
        title_id,
        month,
    from told_plays
    group by title_id, month
    having count(*) >= $busy_month_plays
),

-- Where the ten seconds, and the percent of the runtime, begin in which a play ended.
places_left as (
    select
        play_id,
        utc_day,
        (to_ms - 1) // $moment_ms * $moment_ms as ten_seconds_from_ms,
        ((100 * to_ms - 1) // runtime_ms) * runtime_ms // 100 as percent_from_ms,
    from marks
    where
        mark = 'exited'
        and to_ms > 0
),

presences as (
    select
        places_left.play_id,
        places_left.utc_day,
        bool_or(
            places_left.ten_seconds_from_ms >= played.from_ms and places_left.ten_seconds_from_ms < played.to_ms
        ) as present_in_ten_seconds,
        bool_or(
            places_left.percent_from_ms >= played.from_ms and places_left.percent_from_ms < played.to_ms
        ) as present_in_percent,
    from places_left
    inner join marks as played
        on places_left.play_id = played.play_id
        and places_left.utc_day = played.utc_day
        and played.mark = 'played'
    group by places_left.play_id, places_left.utc_day
),

title_marks as (
    select
        marks.* exclude (runtime_ms),
        case when marks.mark = 'exited' then coalesce(presences.present_in_ten_seconds, false) end
            as present_in_ten_seconds,
        case when marks.mark = 'exited' then coalesce(presences.present_in_percent, false) end as present_in_percent,
        busy_months.title_id is not null as is_busy_month,
        -- As title_number_of in queries/macros.
        cast(hash(marks.title_id) >> 1 as bigint) as title_number,
    from marks
    left join presences
        on marks.play_id = presences.play_id
        and marks.utc_day = presences.utc_day
        and marks.mark = 'exited'
    left join busy_months
        on marks.title_id = busy_months.title_id
        and marks.month = busy_months.month
    where
        marks.mark not in ('played', 'replayed', 'skipped')
        or marks.from_ms < marks.to_ms
)

select * from title_marks
