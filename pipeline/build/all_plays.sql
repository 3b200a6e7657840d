-- Grain: one play, told by the source or by its player events; where both tell it, by its events. Not published.
select * from derived.event_plays
union all by name
select plays.*
from source.plays as plays
where plays.play_id not in (select event_plays.play_id from derived.event_plays as event_plays)
