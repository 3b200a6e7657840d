-- Grain: one stretch of a title that one play ran through without a break.
-- A stretch ends at a pause, seek, stall, error, stop or gap. What comes after a pause or a stall begins with the event
-- that ends it.
with followed as (
    select
        session_number,
        event_number,
        is_playing,
        from_ms,
        to_ms,
        event in ('resume', 'rebuffer_end', 'seek', 'error') or is_gap as is_break,
    from derived.event_states
    where is_playing or is_gap
),

numbered as (
    select
        *,
        last_value(case when is_break then event_number end ignore nulls) over (
            partition by session_number
            order by event_number
            rows unbounded preceding
        ) as break_number,
    from followed
),

stretches as (
    select
        session_number,
        min(from_ms) as from_ms,
        max(to_ms) as to_ms,
    from numbered
    where is_playing
    group by session_number, break_number
),

played_intervals as (
    select
        sessions.session_id as play_id,
        sessions.began_day as utc_day,
        stretches.session_number,
        stretches.from_ms,
        stretches.to_ms,
    from stretches
    inner join derived.event_sessions as sessions
        on stretches.session_number = sessions.session_number
    where stretches.to_ms > stretches.from_ms
)

select * from played_intervals
