-- Grain: one playback, with the first of its events from which on it can have played, and the longest time between two
-- of its events that is not a gap; null where any may be. Not published.
-- A gap is more than two missed heartbeats; how far apart they usually are, the day on which playbacks began tells.
with sessions as (
    select
        session_number,
        min(event_order) filter (where event in ('first_frame', 'heartbeat', 'pause', 'resume')) as begin_order,
        coalesce(bool_or(event = 'heartbeat'), false) as has_heartbeats,
    from derived.event_sequence
    group by session_number
),

heartbeats as (
    select
        session_number,
        elapsed_ms,
    from derived.event_sequence
    -- The event after is of the same kind.
    where event = 'heartbeat' and next_order % 16 = event_order % 16
),

days as (
    select
        event_sessions.began_day,
        median(heartbeats.elapsed_ms) as usual_ms,
    from heartbeats
    inner join derived.event_sessions as event_sessions
        on heartbeats.session_number = event_sessions.session_number
    group by event_sessions.began_day
),

session_limits as (
    select
        sessions.session_number,
        sessions.begin_order,
        case when sessions.has_heartbeats then 3 * coalesce(days.usual_ms, $heartbeat_interval_ms) end as longest_ms,
    from sessions
    inner join derived.event_sessions as event_sessions
        on sessions.session_number = event_sessions.session_number
    left join days
        on event_sessions.began_day = days.began_day
)

select * from session_limits
