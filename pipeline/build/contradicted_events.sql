-- Grain: one player event of a doubtful playback, and why it cannot have happened as it is told, if it cannot. Not
-- published.
-- Before its start, after its end, behind the playhead without a seek: that tells of a clock or a player that went
-- wrong. Nothing is concluded from what lies before the start. So the start of the first day, or its first event where
-- none tells of a start, is never refused: a playback stays that of the day on which it began.
with doubtful_events as (
    select
        sessions.session_number,
        events.rowid as event_row,
        events.event_id,
        events.ts,
        events.position_ms,
        cast(events.event as derived.player_event) as event,
        coalesce(events.to_position_ms, events.position_ms) as from_ms,
        events.event = 'stop' or (events.event = 'error' and coalesce(events.fatal, false)) as is_end,
        coalesce(events.ts < sessions.start_at, false) as is_early,
        events.event = 'start' and cast(events.ts as date) > events.began_day as is_late_start,
    from source.playback_events as events
    inner join derived.event_sessions as sessions
        on events.session_id = sessions.session_id
        and events.began_day = sessions.began_day
    where sessions.session_number in (select doubtful_sessions.session_number from derived.doubtful_sessions)
),

followed as (
    select
        *,
        lag(case when not is_early then from_ms end) over session as position_before_ms,
        last_value(case when is_end and not is_early then true end ignore nulls) over session_before as has_ended,
    from doubtful_events
    window
        session as (partition by session_number order by ts, event, event_id),
        session_before as (
            partition by session_number
            order by ts, event, event_id
            rows between unbounded preceding and 1 preceding
        )
),

contradicted_events as (
    select
        session_number,
        event_row,
        case
            when is_early
                then 'ts: expected a time since the session''s start; the clock went back'
            when is_late_start
                then
                    'ts: expected a start on the day of the session''s first event; the clock went back or the session '
                    || 'id was used again'
            when has_ended
                then
                    'ts: expected a time up to the session''s end; the clock went back or the session id was used again'
            when position_ms < position_before_ms - $position_tolerance_ms
                then
                    'position_ms: expected no less than the event before, ' || position_before_ms
                    || ' ms, without a seek, found ''' || position_ms || ''''
        end as reject_reason,
    from followed
)

select * from contradicted_events
