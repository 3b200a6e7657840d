-- Grain: one player event, with what the player was doing from then until the next event of its session. Not published.
-- A gap longer than two missed heartbeats is nobody's: neither played nor stalled. How far apart heartbeats usually are
-- is taken from the source itself.
with ordered as (
    select
        *,
        row_number() over (
            partition by session_id
            order by
                ts,
                list_position(
                    [
                        'start', 'first_frame', 'rebuffer_end', 'resume', 'bitrate', 'heartbeat',
                        'seek', 'rebuffer_start', 'pause', 'error', 'stop'
                    ],
                    event
                ),
                event_id
        ) as event_number,
    from source.playback_events
),

preceded as (
    select
        *,
        lag(event) over (partition by session_id order by event_number) as event_before,
    from ordered
),

followed as (
    select
        *,
        coalesce(to_position_ms, position_ms) as from_ms,
        lead(position_ms) over session as to_ms,
        date_diff('millisecond', ts, lead(ts) over session) as elapsed_ms,
        lead(event) over session as event_after,
        count(*) filter (where event = 'heartbeat') over (partition by session_id) as heartbeats,
        -- The number of the last event that changed it, times 4, and what it changed it to: 0 off, 1 on,
        -- 2 on because of a seek.
        max(case event when 'pause' then event_number * 4 + 1 when 'resume' then event_number * 4 end)
            over session_to_date
        % 4 as pause_state,
        max(
            case
                when event = 'rebuffer_end' then event_number * 4
                when event = 'rebuffer_start' and event_before = 'seek' then event_number * 4 + 2
                when event = 'rebuffer_start' then event_number * 4 + 1
            end
        ) over session_to_date % 4 as stall_state,
        count(*) filter (where event in ('first_frame', 'heartbeat', 'pause', 'resume')) over session_to_date > 0
            as has_begun,
        last_value(bitrate_kbps ignore nulls) over session_to_date as bitrate_now_kbps,
    from preceded
    window
        session as (partition by session_id order by event_number),
        session_to_date as (partition by session_id order by event_number rows unbounded preceding)
),

heartbeat_gap as (
    select coalesce(median(elapsed_ms), $heartbeat_interval_ms) as usual_ms,
    from followed
    where event = 'heartbeat' and event_after = 'heartbeat'
),

judged as (
    select
        followed.*,
        followed.elapsed_ms is null
        or (followed.heartbeats > 0 and followed.elapsed_ms > 3 * heartbeat_gap.usual_ms) as is_gap,
    from followed
    cross join heartbeat_gap
),

active as (
    select
        * exclude (pause_state, stall_state, heartbeats, has_begun),
        has_begun and elapsed_ms is not null and coalesce(pause_state, 0) = 1 as is_paused,
        has_begun and not is_gap and coalesce(stall_state, 0) = 1 as is_stalled,
        has_begun and not is_gap and coalesce(pause_state, 0) = 0 and coalesce(stall_state, 0) = 0 as is_playing,
    from judged
),

event_states as (
    select
        *,
        case when is_playing then least(elapsed_ms, greatest(to_ms - from_ms, 0)) else 0 end as watch_ms,
    from active
)

select * from event_states
