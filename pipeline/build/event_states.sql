-- Grain: one player event, with what the player was doing from then until the next event of its playback. Not
-- published.
-- A gap is nobody's: neither played nor stalled. A stall that a seek caused is neither the network's nor watched.
with gaps as (
    select
        events.*,
        coalesce(events.event_order >= limits.begin_order, false) as has_begun,
        events.elapsed_ms is null or coalesce(events.elapsed_ms > limits.longest_ms, false) as is_gap,
    from derived.event_sequence as events
    inner join derived.session_limits as limits
        on events.session_number = limits.session_number
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
    * exclude (has_begun, is_held, is_waiting, waits_for_seek),
    case when is_playing then least(elapsed_ms, greatest(to_ms - from_ms, 0)) else 0 end as watch_ms,
from active
