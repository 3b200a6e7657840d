-- Grain: one play that the source tells and that no player events tell. Not published.
-- The two may disagree about the moment, and so about the day, by less than a day.
select plays.*
from derived.source_plays as plays
where
    not exists (
        select 1
        from derived.plays_told_by_events as event_plays
        where
            event_plays.play_id = plays.play_id
            and event_plays.utc_day >= plays.utc_day - 1
            and event_plays.utc_day <= plays.utc_day + 1
    )
