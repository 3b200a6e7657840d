-- Grain: one player event in the order of its playback, with what is known up to it and of the one after; and why it
-- cannot have happened as it is told, if it cannot. Not published.
-- Before its start, after its end, behind the playhead without a seek: that tells of a clock or a player that went
-- wrong. Nothing is concluded from what lies before the start. So the start of the first day, or its first event where
-- none tells of a start, is never refused: a playback stays that of the day on which it began. All windows share one
-- order: events are sorted once.
with ranked as (
    select
        events.event_row,
        events.event_id,
        sessions.session_number,
        events.ts,
        events.event,
        events.position_ms,
        coalesce(events.to_position_ms, events.position_ms) as from_ms,
        events.bitrate_kbps,
        events.event = 'stop' or (events.event = 'error' and coalesce(events.fatal, false)) as is_end,
        coalesce(events.ts < sessions.start_at, false) as is_early,
        events.event = 'start' and cast(events.ts as date) > events.began_day as is_late_start,
        -- Of events of one instant, what can only come first comes first.
        epoch_us(events.ts) * 16
        + list_position(
            [
                'start', 'first_frame', 'rebuffer_end', 'resume', 'bitrate', 'heartbeat',
                'seek', 'rebuffer_start', 'pause', 'error', 'stop'
            ],
            events.event
        ) as event_order,
    from derived.possible_events as events
    inner join derived.event_sessions as sessions
        on events.session_id = sessions.session_id
        and events.began_day = sessions.began_day
),

followed as (
    select
        *,
        row_number() over session as event_number,
        lead(position_ms) over session as to_ms,
        date_diff('millisecond', ts, lead(ts) over session) as elapsed_ms,
        coalesce(event = 'heartbeat' and lead(event) over session = 'heartbeat', false) as is_between_heartbeats,
        lag(case when not is_early then from_ms end) over session as position_before_ms,
        last_value(case when is_end and not is_early then true end ignore nulls) over session_before as has_ended,
        last_value(case event when 'pause' then true when 'resume' then false end ignore nulls) over session_to_date
            as is_held,
        -- Not waiting is waiting from never on.
        last_value(
            case event when 'rebuffer_start' then ts when 'rebuffer_end' then timestamp 'infinity' end ignore nulls
        ) over session_to_date as waiting_since,
        last_value(case when event = 'seek' then ts end ignore nulls) over session_to_date as last_seek_at,
        last_value(bitrate_kbps ignore nulls) over session_to_date as bitrate_now_kbps,
    from ranked
    window
        session as (partition by session_number order by event_order, event_id),
        session_to_date as (
            partition by session_number
            order by event_order, event_id
            rows unbounded preceding
        ),
        session_before as (
            partition by session_number
            order by event_order, event_id
            rows between unbounded preceding and 1 preceding
        )
),

event_sequence as (
    select
        event_row,
        session_number,
        event_number,
        ts,
        event,
        is_end,
        position_ms,
        from_ms,
        to_ms,
        elapsed_ms,
        is_between_heartbeats,
        bitrate_now_kbps,
        coalesce(is_held, false) as is_held,
        coalesce(isfinite(waiting_since), false) as is_waiting,
        coalesce(last_seek_at + to_milliseconds($seek_stall_ms) >= waiting_since, false) as waits_for_seek,
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

select * from event_sequence
