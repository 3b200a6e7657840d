-- Grain: one stretch of a title that one play ran through without a break.
-- A stretch ends at a pause, seek, stall, error, stop or gap.
with flagged as (
    select
        *,
        coalesce(lag(is_playing) over (partition by session_id, began_day order by event_number), false)
        and event not in ('seek', 'error') as goes_on,
    from derived.event_states
),

numbered as (
    select
        *,
        count(*) filter (where not goes_on) over (
            partition by session_id, began_day
            order by event_number
            rows unbounded preceding
        ) as stretch_number,
    from flagged
),

played_intervals as (
    select
        session_id as play_id,
        began_day as utc_day,
        min(from_ms) as from_ms,
        max(to_ms) as to_ms,
    from numbered
    where is_playing
    group by session_id, began_day, stretch_number
)

select * from played_intervals
where to_ms > from_ms
