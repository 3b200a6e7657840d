-- Grain: one title and ten seconds of it, of the plays of one month (UTC).
-- Of stretches it holds what changes within the ten seconds: running sums tell how often each part was played. A place
-- between two tens of seconds is the end of the first: what begins there adds nothing to that, what ends there nothing
-- to the next.
with edges as (
    select unnest([1, -1]) as change
),

-- Of a stretch, its beginning and its end; of an exit, that place and the furthest; of all else, its place.
places as (
    select
        marks.month,
        marks.title_number,
        marks.title_id,
        case when marks.mark = 'exited' and edges.change > 0 then 'furthest' else marks.mark end as mark,
        case
            when edges.change < 0 then coalesce(marks.to_ms, 0)
            when marks.mark = 'exited' then marks.furthest_ms
            else marks.from_ms
        end as place_ms,
        edges.change,
        marks.watch_ms,
        marks.distinct_ms,
        marks.stopped_ms,
        marks.to_ms > 0
        and marks.from_ms <= (marks.to_ms - 1) // $moment_ms * $moment_ms as was_present,
    from derived.title_marks as marks
    cross join edges
    where
        edges.change < 0
        or marks.mark in ('played', 'replayed', 'skipped', 'exited')
),

placed as (
    select
        *,
        -- Who pauses at the very beginning does so in the first ten seconds.
        greatest(
            (place_ms + $moment_ms - 1) // $moment_ms, cast(mark in ('paused', 'stalled') as bigint)
        ) as moment,
        place_ms - ((place_ms + $moment_ms - 1) // $moment_ms - 1) * $moment_ms as offset_ms,
    from places
),

title_moments as (
    select
        month,
        title_number,
        title_id,
        moment * ($moment_ms // 1000) as end_s,
        count(*) filter (where mark in ('exited', 'untold')) as plays,
        cast(coalesce(sum(watch_ms) filter (where mark in ('exited', 'untold')), 0) as bigint) as watch_ms,
        count(*) filter (where mark = 'exited') as followed_plays,
        cast(coalesce(sum(watch_ms) filter (where mark = 'exited'), 0) as bigint) as followed_watch_ms,
        cast(coalesce(sum(distinct_ms) filter (where mark = 'exited'), 0) as bigint) as distinct_ms,
        cast(coalesce(sum(change) filter (where mark = 'played'), 0) as bigint) as played_change,
        cast(coalesce(sum(-change * offset_ms) filter (where mark = 'played'), 0) as bigint) as played_change_ms,
        cast(coalesce(sum(change) filter (where mark = 'replayed'), 0) as bigint) as replayed_change,
        cast(coalesce(sum(-change * offset_ms) filter (where mark = 'replayed'), 0) as bigint) as replayed_change_ms,
        cast(coalesce(sum(change) filter (where mark = 'skipped'), 0) as bigint) as skipped_change,
        cast(coalesce(sum(-change * offset_ms) filter (where mark = 'skipped'), 0) as bigint) as skipped_change_ms,
        count(*) filter (where mark = 'paused') as pauses,
        cast(coalesce(sum(stopped_ms) filter (where mark = 'paused'), 0) as bigint) as paused_ms,
        count(*) filter (where mark = 'stalled') as stalls,
        cast(coalesce(sum(stopped_ms) filter (where mark = 'stalled'), 0) as bigint) as stalled_ms,
        count(*) filter (where mark = 'exited' and place_ms > 0) as exits,
        count(*) filter (where mark = 'exited' and was_present) as present_exits,
        count(*) filter (where mark = 'furthest') as furthest_plays,
    from placed
    group by month, title_number, title_id, moment
)

select * from title_moments
