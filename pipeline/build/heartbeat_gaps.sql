-- Grain: one UTC day on which playbacks began, with the longest time between two player events that is not a gap.
-- Not published. It is that of more than two missed heartbeats; how far apart they usually are, the day itself tells.
with heartbeats as (
    select
        began_day,
        median(elapsed_ms) filter (where is_between_heartbeats) as usual_ms,
    from derived.event_sequence
    group by began_day
)

select
    began_day,
    3 * coalesce(usual_ms, $heartbeat_interval_ms) as longest_ms,
from heartbeats
