-- Grain: one player event, with what the player was doing from then until the next event of its playback. Not
-- published.
-- A gap is nobody's: neither played nor stalled. A stall that a seek caused is neither the network's nor watched.
with gaps as (
    select
        events.*,
        events.elapsed_ms is null
        or (events.has_heartbeats and events.elapsed_ms > heartbeat_gaps.longest_ms) as is_gap,
        coalesce(events.has_heartbeats and events.elapsed_before_ms > heartbeat_gaps.longest_ms, false) as is_after_gap,
    from derived.event_sequence as events
    inner join derived.heartbeat_gaps as heartbeat_gaps
        on events.began_day = heartbeat_gaps.began_day
),

active as (
    select
        *,
        has_begun and elapsed_ms is not null and is_held as is_paused,
        has_begun and not is_gap and is_waiting and not waits_for_seek as is_stalled,
        has_begun and not is_gap and not is_held and not is_waiting as is_playing,
    from gaps
)

select
    *,
    case when is_playing then least(elapsed_ms, greatest(to_ms - from_ms, 0)) else 0 end as watch_ms,
from active
