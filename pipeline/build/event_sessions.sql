-- Grain: one playback that player events tell: one session, from the day it began; a number for it, and when it was
-- started, if any event of that day says so. Not published.
-- Numbers are put in order in half the time that texts take, short ones faster still.
select
    session_id,
    began_day,
    cast(row_number() over () as integer) as session_number,
    start_at,
from (
    select
        session_id,
        began_day,
        min(ts) filter (where event = 'start' and cast(ts as date) = began_day) as start_at,
    from source.playback_events
    group by session_id, began_day
) as sessions
