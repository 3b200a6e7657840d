-- Grain: one playback that player events tell: one session, from the day it began; and a number for it. Not published.
-- Numbers are put in order in half the time that texts take.
select
    session_id,
    began_day,
    row_number() over () as session_number,
from (
    select distinct
        session_id,
        began_day,
    from source.playback_events
) as sessions
