-- Grain: one player event in the order of its playback, with what is known up to it and of the one after. Not
-- published.
-- All windows share one order: events are sorted once. It is that of one number, several times faster than texts: the
-- moment in microseconds, and in its last four bits the kind; of events of one instant, what can only come first comes
-- first. Whether what is told this way can have happened, doubtful_sessions.sql asks.
with ranked as (
    select
        sessions.session_number,
        epoch_us(events.ts) * 16 + enum_code(cast(events.event as derived.player_event)) as event_order,
        events.order_among_alike,
        cast(events.event as derived.player_event) as event,
        events.position_ms,
        coalesce(events.to_position_ms, events.position_ms) as from_ms,
        events.bitrate_kbps,
        coalesce(events.fatal, false) as is_fatal,
    from derived.possible_events as events
    inner join derived.event_sessions as sessions
        on events.session_id = sessions.session_id
        and events.began_day = sessions.began_day
),

followed as (
    select
        *,
        lead(event_order) over session as next_order,
        lead(position_ms) over session as to_ms,
        last_value(case event when 'pause' then true when 'resume' then false end ignore nulls) over session_to_date
            as is_held,
        -- Not waiting is waiting from never on.
        last_value(
            case event when 'rebuffer_start' then event_order // 16 when 'rebuffer_end' then 9223372036854775807 end
            ignore nulls
        ) over session_to_date as waiting_since_us,
        last_value(case when event = 'seek' then event_order // 16 end ignore nulls) over session_to_date
            as last_seek_us,
        last_value(bitrate_kbps ignore nulls) over session_to_date as bitrate_now_kbps,
        last_value(
            case when event in ('resume', 'rebuffer_end', 'seek', 'error') then event_order end ignore nulls
        ) over session_to_date as break_order,
    from ranked
    window
        session as (partition by session_number order by event_order, order_among_alike),
        session_to_date as (
            partition by session_number
            order by event_order, order_among_alike
            rows unbounded preceding
        )
),

event_sequence as (
    select
        session_number,
        event_order,
        event,
        event = 'stop' or (event = 'error' and is_fatal) as is_end,
        position_ms,
        from_ms,
        to_ms,
        next_order,
        next_order // 16000 - event_order // 16000 as elapsed_ms,
        bitrate_now_kbps,
        coalesce(is_held, false) as is_held,
        coalesce(waiting_since_us < 9223372036854775807, false) as is_waiting,
        coalesce(last_seek_us + 1000 * $seek_stall_ms >= waiting_since_us, false) as waits_for_seek,
        break_order,
        -- Of breaks that are told alike, each begins a stretch of its own.
        case when event_order = next_order and event_order = break_order then order_among_alike end as alike_break,
    from followed
)

select * from event_sequence
