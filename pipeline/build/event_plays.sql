-- Grain: one play told by player events: one session, from the day it began to at most the next. Not published.
-- Watch time is the time in which the playhead advanced: no longer than the clock says, nor than the way that it went.
with measured as (
    select
        session_number,
        make_timestamp(min(event_order) // 16) as started_at,
        sum(watch_ms) as watch_ms,
        max(greatest(from_ms, coalesce(to_ms, 0))) filter (where is_playing) as furthest_played_ms,
        max(position_ms) as furthest_told_ms,
        sum(elapsed_ms) filter (where is_paused) as paused_ms,
        count(*) filter (where event = 'pause') as pauses,
        count(*) filter (where event = 'resume') as resumes,
        count(*) filter (where event = 'seek' and from_ms < position_ms) as seeks_back,
        count(*) filter (where event = 'seek' and from_ms > position_ms) as seeks_forward,
        min(event_order) filter (where event = 'start') // 16000 as start_at_ms,
        min(event_order) filter (where event = 'first_frame') // 16000 as first_frame_at_ms,
        sum(elapsed_ms) filter (where is_stalled) as rebuffer_ms,
        count(*) filter (where event = 'rebuffer_start' and is_stalled) as rebuffers,
        sum(bitrate_now_kbps * watch_ms)
        / cast(nullif(sum(watch_ms) filter (where bitrate_now_kbps is not null), 0) as double)
            as weighted_bitrate_kbps,
        bool_or(event = 'error' and is_end) as failed,
        max(position_ms) filter (where event = 'stop') as stopped_at_ms,
    from derived.event_states
    group by session_number
),

-- A session has one viewer and one title; where its events disagree, the first in the alphabet counts.
viewers as (
    select
        session_id as play_id,
        began_day,
        min(account_id) as account_id,
        min(title_id) as title_id,
        min(profile_id) as profile_id,
        min(visit_id) as visit_id,
    from source.playback_events
    group by session_id, began_day
),

-- An interval adds to the union what of it lies beyond all that begin before it.
new_parts as (
    select
        session_number,
        greatest(
            to_ms - greatest(from_ms, coalesce(max(to_ms) over intervals_before, from_ms)), 0
        ) as new_ms,
    from derived.played_intervals
    window intervals_before as (
        partition by session_number
        order by from_ms, to_ms
        rows between unbounded preceding and 1 preceding
    )
),

distinct_times as (
    select
        session_number,
        sum(new_ms) as distinct_ms,
    from new_parts
    group by session_number
),

-- The context may stand on any event; the first that tells a part of it counts. Most events tell nothing of it, and
-- most sessions tell it once.
telling_events as (
    select
        session_id,
        began_day,
        ts,
        event_id,
        device_type,
        device_model,
        app_version,
        country,
        region,
        postal_code,
        utc_offset_min,
        isp,
        cdn,
        origin,
        row_name,
        row_position,
        artwork_id,
        impression_id,
        autoplay,
    from source.playback_events
    where tells_context
),

repeated_contexts as (
    select
        session_id,
        began_day,
    from telling_events
    group by session_id, began_day
    having count(*) > 1
),

ordered_contexts as (
    select
        telling_events.*,
        row_number() over (
            partition by telling_events.session_id, telling_events.began_day
            order by telling_events.ts, telling_events.event_id
        ) as event_order,
    from telling_events
    semi join repeated_contexts
        on telling_events.session_id = repeated_contexts.session_id
        and telling_events.began_day = repeated_contexts.began_day
),

contexts as (
    select telling_events.* exclude (ts, event_id),
    from telling_events
    anti join repeated_contexts
        on telling_events.session_id = repeated_contexts.session_id
        and telling_events.began_day = repeated_contexts.began_day
    union all by name
    select
        session_id,
        began_day,
        arg_min(device_type, event_order) as device_type,
        arg_min(device_model, event_order) as device_model,
        arg_min(app_version, event_order) as app_version,
        arg_min(country, event_order) as country,
        arg_min(region, event_order) as region,
        arg_min(postal_code, event_order) as postal_code,
        arg_min(utc_offset_min, event_order) as utc_offset_min,
        arg_min(isp, event_order) as isp,
        arg_min(cdn, event_order) as cdn,
        arg_min(origin, event_order) as origin,
        arg_min(row_name, event_order) as row_name,
        arg_min(row_position, event_order) as row_position,
        arg_min(artwork_id, event_order) as artwork_id,
        arg_min(impression_id, event_order) as impression_id,
        arg_min(autoplay, event_order) as autoplay,
    from ordered_contexts
    group by session_id, began_day
),

event_plays as (
    select
        contexts.* exclude (session_id, began_day),
        viewers.play_id,
        viewers.began_day as utc_day,
        viewers.account_id,
        viewers.title_id,
        viewers.profile_id,
        viewers.visit_id,
        measured.started_at,
        cast(coalesce(measured.watch_ms, 0) as bigint) as watch_ms,
        cast(coalesce(distinct_times.distinct_ms, 0) as bigint) as distinct_ms,
        coalesce(measured.furthest_played_ms, measured.furthest_told_ms) as furthest_position_ms,
        cast(coalesce(measured.paused_ms, 0) as bigint) as paused_ms,
        measured.pauses,
        measured.resumes,
        measured.seeks_back,
        measured.seeks_forward,
        measured.first_frame_at_ms - measured.start_at_ms as startup_ms,
        cast(coalesce(measured.rebuffer_ms, 0) as bigint) as rebuffer_ms,
        measured.rebuffers,
        measured.weighted_bitrate_kbps,
        measured.failed,
        case
            when measured.failed then 'error'
            when measured.stopped_at_ms >= $completion_coverage * titles.runtime_ms then 'completed'
            when measured.stopped_at_ms is not null then 'stopped'
            else 'unknown'
        end as ended_by,
    from measured
    inner join derived.event_sessions as sessions
        on measured.session_number = sessions.session_number
    inner join viewers
        on sessions.session_id = viewers.play_id
        and sessions.began_day = viewers.began_day
    left join contexts
        on viewers.play_id = contexts.session_id
        and viewers.began_day = contexts.began_day
    left join distinct_times
        on measured.session_number = distinct_times.session_number
    left join source.titles as titles
        on viewers.title_id = titles.title_id
)

select * from event_plays
