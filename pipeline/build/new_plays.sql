-- Grain: one play told by its player events, or by the source alone. Not published.
select
    *,
    true as told_by_events,
from derived.event_plays
union all by name
select
    *,
    false as told_by_events,
from derived.other_plays
