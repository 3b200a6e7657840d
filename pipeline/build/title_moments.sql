-- Grain: one title, part of it of either sort and mark, of the plays of one month (UTC): as a whole, and where the
-- title was busy in it by day of each calendar, too.
-- Of stretches it holds what changes within the part: running sums tell how often each part was played. A place between
-- two parts is the end of the first: what begins there adds nothing to that, what ends there nothing to the next.
with edges as (
    select unnest([1, -1]) as change
),

sorts_of_parts as (
    select unnest(enum_range(cast(null as reference.parts))) as parts
),

-- Of a stretch, its beginning and its end; of an exit, the furthest place and its own; of all else, its place.
places as (
    select
        marks.month,
        marks.title_number,
        marks.title_id,
        marks.is_busy_month,
        case when marks.is_busy_month then marks.local_day end as local_day,
        case when marks.is_busy_month then marks.utc_day end as utc_day,
        case when marks.is_busy_month then marks.service_day end as service_day,
        cast(
            case when marks.mark = 'exited' and edges.change > 0 then 'furthest' else marks.mark end as reference.mark
        ) as mark,
        marks.mark in ('played', 'replayed', 'skipped') as is_stretch,
        case
            when edges.change < 0 then coalesce(marks.to_ms, 0)
            when marks.mark = 'exited' then marks.furthest_ms
            else marks.from_ms
        end as place_ms,
        case when is_stretch then edges.change else 1 end as marks,
        case when edges.change < 0 then marks.watch_ms end as watch_ms,
        case when edges.change < 0 then marks.distinct_ms end as distinct_ms,
        marks.stopped_ms,
        sorts_of_parts.parts,
        case sorts_of_parts.parts
            when 'percent' then marks.present_in_percent
            else marks.present_in_ten_seconds
        end
        and edges.change < 0 as was_present,
        titles.runtime_ms,
    from derived.title_marks as marks
    inner join source.titles as titles
        on marks.title_id = titles.title_id
    cross join edges
    cross join sorts_of_parts
    where
        (
            edges.change < 0
            or marks.mark in ('played', 'replayed', 'skipped', 'exited')
        )
        and (
            sorts_of_parts.parts = 'ten_seconds'
            or titles.runtime_ms > 0
        )
),

parted as (
    select
        *,
        greatest(
            case parts
                when 'percent' then (100 * place_ms + runtime_ms - 1) // runtime_ms
                else (place_ms + $moment_ms - 1) // $moment_ms
            end,
            -- Who pauses at the very beginning does so in the first part.
            cast(mark in ('paused', 'stalled') as bigint)
        ) as part,
    from places
),

placed as (
    select
        *,
        place_ms
        - case
            when part = 0 then 0
            when parts = 'percent' then runtime_ms * (part - 1) // 100
            else (part - 1) * $moment_ms
        end as offset_ms,
    from parted
),

-- By day only where it is asked for: what is added up by month has far fewer rows.
added as (
    select
        month,
        title_number,
        title_id,
        parts,
        part,
        mark,
        is_busy_month,
        local_day,
        utc_day,
        service_day,
        sum(marks) as marks,
        sum(case when is_stretch then -marks * offset_ms end) as offset_ms,
        sum(watch_ms) as watch_ms,
        sum(distinct_ms) as distinct_ms,
        sum(stopped_ms) as stopped_ms,
        count_if(was_present) as present_exits,
    from placed
    group by all
),

dated as (
    select
        'utc' as clock,
        cast('month' as reference.period) as period,
        cast(month || '-01' as date) as period_start,
        *,
    from added
    union all
    select
        calendars.calendar as clock,
        cast('day' as reference.period) as period,
        case calendars.calendar
            when 'local' then added.local_day
            when 'service' then added.service_day
            else added.utc_day
        end as period_start,
        added.*,
    from added
    cross join reference.calendars as calendars
    where added.is_busy_month
),

title_moments as (
    select
        month,
        title_number,
        title_id,
        clock,
        period,
        period_start,
        parts,
        part,
        mark,
        cast(sum(marks) as bigint) as marks,
        cast(sum(offset_ms) as bigint) as offset_ms,
        cast(sum(watch_ms) as bigint) as watch_ms,
        cast(sum(distinct_ms) as bigint) as distinct_ms,
        cast(sum(stopped_ms) as bigint) as stopped_ms,
        cast(sum(present_exits) as bigint) as present_exits,
    from dated
    group by month, title_number, title_id, clock, period, period_start, parts, part, mark
)

select * from title_moments
