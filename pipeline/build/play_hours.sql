-- Grain: one play and hour of the clock that it ran in, in one calendar, from $from_day up to, not with, $to_day. Not
-- published. By the clock that showed when the play began; its watch time lies evenly in the time that it ran.
-- hour_number counts from 1970; the masks are those of audience_cells of the sort "all".
with planned_plays as (
    select
        plays.started_at,
        plays.local_at,
        plays.watch_ms,
        plays.run_ms,
        cells.mask_low,
        cells.mask_high,
        stretches.account_number,
        stretches.group_number,
        -- Only the hours on that plan, of which those of the days asked for.
        date_diff('day', date '1970-01-01', greatest(stretches.from_day, $from_day)) * 24 as first_hour_number,
        date_diff('day', date '1970-01-01', least(stretches.to_day, $to_day)) * 24 as end_hour_number,
    from derived.month_plays as plays
    inner join published.audience_cells as cells
        on
        cells.counted_by = 'all'
        and plays.kind = cells.kind
        and plays.device_type is not distinct from cells.device_type
        and plays.profile_type is not distinct from cells.profile_type
    -- No clock is a whole day off UTC's, and a play runs for a day at most.
    inner join derived.numbered_stretches as stretches
        on plays.account_id = stretches.account_id
        and plays.utc_day >= stretches.from_day - 2
        and plays.utc_day < stretches.to_day + 1
),

clocked_plays as (
    select
        calendars.calendar,
        planned_plays.* exclude (started_at, local_at),
        -- epoch_ms would round half a millisecond before midnight into the day after.
        epoch_us(
            case calendars.calendar
                when 'local' then planned_plays.local_at
                when 'service' then planned_plays.started_at at time zone 'UTC' at time zone $service_zone
                else planned_plays.started_at
            end
        ) // 1000 as began_ms,
    from planned_plays
    cross join reference.calendars as calendars
),

hourly as (
    select
        * exclude (first_hour_number, end_hour_number),
        unnest(
            range(
                greatest(began_ms // 3600000, first_hour_number),
                least((began_ms + run_ms - 1) // 3600000 + 1, end_hour_number)
            )
        ) as hour_number,
    from clocked_plays
),

-- How long the play had run when the hour began and when it ended.
elapsed as (
    select
        *,
        greatest(hour_number * 3600000 - began_ms, 0) as from_ms,
        least((hour_number + 1) * 3600000 - began_ms, run_ms) as to_ms,
    from hourly
),

-- The watch time up to a moment is rounded down, so that the hours' add up to the play's. Quotient and remainder apart,
-- the products stay small.
play_hours as (
    select
        calendar,
        cast(hour_number as integer) as hour_number,
        account_number,
        group_number,
        mask_low,
        mask_high,
        hour_number = began_ms // 3600000 as is_begun,
        watch_ms >= $active_play_min_watch_ms as is_active_play,
        to_ms - from_ms as run_ms,
        watch_ms // run_ms * (to_ms - from_ms)
        + watch_ms % run_ms * to_ms // run_ms
        - watch_ms % run_ms * from_ms // run_ms as watch_ms,
    from elapsed
)

select * from play_hours
