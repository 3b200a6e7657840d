-- Grain: one stretch of a title that one play ran through without a break.
-- A stretch ends at a pause, seek, stall, error, stop or gap.
with flagged as (
    select
        session_number,
        event_number,
        from_ms,
        to_ms,
        event in ('resume', 'rebuffer_end', 'seek', 'error') or is_after_gap or not had_begun_before as is_first,
    from derived.event_states
    where is_playing
),

numbered as (
    select
        *,
        count(*) filter (where is_first) over (
            partition by session_number
            order by event_number
            rows unbounded preceding
        ) as stretch_number,
    from flagged
),

stretches as (
    select
        session_number,
        min(from_ms) as from_ms,
        max(to_ms) as to_ms,
    from numbered
    group by session_number, stretch_number
),

played_intervals as (
    select
        sessions.session_id as play_id,
        sessions.began_day as utc_day,
        stretches.from_ms,
        stretches.to_ms,
    from stretches
    inner join derived.event_sessions as sessions
        on stretches.session_number = sessions.session_number
    where stretches.to_ms > stretches.from_ms
)

select * from played_intervals
