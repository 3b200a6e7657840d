-- Grain: one stretch of a title that one play ran through without a break.
-- A stretch ends at a pause, seek, stall, error, stop or gap. What comes after a pause or a stall begins with the event
-- that ends it. Few playbacks have gaps within: what lies between two of them is looked up.
with gaps as (
    select
        session_number,
        event_order as gap_order,
        lead(event_order, 1, 9223372036854775807) over (partition by session_number order by event_order)
            as next_gap_order,
    from derived.event_states
    where is_gap and next_order is not null
),

stretches as (
    select
        events.session_number,
        min(events.from_ms) as from_ms,
        max(events.to_ms) as to_ms,
    from derived.event_states as events
    left join gaps
        on events.session_number = gaps.session_number
        and events.event_order > gaps.gap_order
        and events.event_order < gaps.next_gap_order
    where events.is_playing
    group by events.session_number, events.break_order, events.alike_break, gaps.gap_order
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
