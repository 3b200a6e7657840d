-- Grain: one thing that happened at a place of a title in one play of the build before, as its player events told it.
-- Not published.
select
    play_id,
    utc_day,
    mark,
    from_ms,
    to_ms,
    furthest_ms,
    stopped_ms,
from previous.title_marks
where
    mark <> 'untold'
    and utc_day in (select days.utc_day from carried_days as days)
