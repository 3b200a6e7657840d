-- Grain: one UTC day of a session that has events on several, and the day on which the playback they belong to began.
-- A playback reaches at most into the day after its first: later events belong to none. A session that comes back after
-- a day without events is another playback. So a day's plays depend on the two days before it and the one after.
with several_days as (
    select session_id
    from day_events
    group by session_id
    having min(utc_day) < max(utc_day)
),

session_days as (
    select distinct
        session_id,
        utc_day,
    from day_events
    where session_id in (select several_days.session_id from several_days)
),

preceded as (
    select
        session_id,
        utc_day,
        coalesce(lag(utc_day) over session = utc_day - 1, false) as was_there_the_day_before,
        coalesce(lag(utc_day, 2) over session = utc_day - 2, false) as was_there_two_days_before,
    from session_days
    window session as (partition by session_id order by utc_day)
)

select
    session_id,
    utc_day,
    case
        when not was_there_the_day_before then utc_day
        when not was_there_two_days_before then utc_day - 1
    end as began_day,
from preceded
