-- Grain: one player event that cannot have happened as it is told, and why.
-- A session's events are ordered by time, then by what can only come first. What is before its start, after its end,
-- behind the playhead without a seek, or past the end of the title tells of a clock or a player that went wrong.
with ordered as (
    select
        events.event_id,
        events.position_ms,
        events.to_position_ms,
        titles.runtime_ms,
        lag(coalesce(events.to_position_ms, events.position_ms)) over session_to_date as position_before_ms,
        count(*) filter (where events.event = 'start') over session_to_date as starts_to_date,
        count(*) filter (where events.event = 'start') over (partition by events.session_id) as starts,
        count(*) filter (
            where events.event = 'stop' or (events.event = 'error' and events.fatal)
        ) over session_to_date as ends_to_date,
        events.event = 'stop' or (events.event = 'error' and coalesce(events.fatal, false)) as is_end,
    from source.playback_events as events
    left join source.titles as titles
        on events.title_id = titles.title_id
    window session_to_date as (
        partition by events.session_id
        order by
            events.ts,
            list_position(
                [
                    'start', 'first_frame', 'rebuffer_end', 'resume', 'bitrate', 'heartbeat',
                    'seek', 'rebuffer_start', 'pause', 'error', 'stop'
                ],
                events.event
            ),
            events.event_id
        rows unbounded preceding
    )
),

judged as (
    select
        event_id,
        case
            when greatest(position_ms, coalesce(to_position_ms, 0)) > runtime_ms + 2000
                then
                    'position_ms: expected at most the runtime, ' || runtime_ms || ' ms, and 2 s, found '''
                    || greatest(position_ms, coalesce(to_position_ms, 0)) || ''''
            when starts > 0 and starts_to_date = 0
                then 'ts: expected a time since the session''s start; the clock went back'
            when ends_to_date > 1 or (ends_to_date = 1 and not is_end)
                then
                    'ts: expected a time up to the session''s end; the clock went back or the session id was used again'
            when position_ms < position_before_ms - 2000
                then
                    'position_ms: expected no less than the event before, ' || position_before_ms
                    || ' ms, without a seek, found ''' || position_ms || ''''
        end as reject_reason,
    from ordered
)

select
    event_id,
    reject_reason,
from judged
where reject_reason is not null
