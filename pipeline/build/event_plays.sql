-- Grain: one play told by player events: one session.
-- Watch time is the time in which the playhead advanced: no longer than the clock says, nor than the way that it went.
with measured as (
    select
        session_id as play_id,
        min(ts) as started_at,
        sum(watch_ms) as watch_ms,
        max(greatest(from_ms, coalesce(to_ms, 0))) filter (where is_playing) as furthest_played_ms,
        max(position_ms) as furthest_told_ms,
        sum(elapsed_ms) filter (where is_paused) as paused_ms,
        count(*) filter (where event = 'pause') as pauses,
        count(*) filter (where event = 'resume') as resumes,
        count(*) filter (where event = 'seek' and to_position_ms < position_ms) as seeks_back,
        count(*) filter (where event = 'seek' and to_position_ms > position_ms) as seeks_forward,
        min(ts) filter (where event = 'start') as start_at,
        min(ts) filter (where event = 'first_frame') as first_frame_at,
        sum(elapsed_ms) filter (where is_stalled) as rebuffer_ms,
        count(*) filter (where event = 'rebuffer_start' and is_stalled) as rebuffers,
        sum(bitrate_now_kbps * watch_ms)
        / cast(nullif(sum(watch_ms) filter (where bitrate_now_kbps is not null), 0) as double)
            as weighted_bitrate_kbps,
        bool_or(event = 'error' and coalesce(fatal, false)) as failed,
        max(position_ms) filter (where event = 'stop') as stopped_at_ms,
    from derived.event_states
    group by session_id
),

-- An interval adds to the union what of it lies beyond all that begin before it.
new_parts as (
    select
        play_id,
        greatest(
            to_ms - greatest(from_ms, coalesce(max(to_ms) over intervals_before, from_ms)), 0
        ) as new_ms,
    from published.played_intervals
    window intervals_before as (
        partition by play_id
        order by from_ms, to_ms
        rows between unbounded preceding and 1 preceding
    )
),

distinct_times as (
    select
        play_id,
        sum(new_ms) as distinct_ms,
    from new_parts
    group by play_id
),

-- The context may stand on any event; the first that tells a part of it counts.
contexts as (
    select
        session_id as play_id,
        arg_min(account_id, event_number) as account_id,
        arg_min(title_id, event_number) as title_id,
        arg_min(profile_id, event_number) as profile_id,
        arg_min(visit_id, event_number) as visit_id,
        arg_min(device_type, event_number) as device_type,
        arg_min(device_model, event_number) as device_model,
        arg_min(app_version, event_number) as app_version,
        arg_min(country, event_number) as country,
        arg_min(region, event_number) as region,
        arg_min(postal_code, event_number) as postal_code,
        arg_min(utc_offset_min, event_number) as utc_offset_min,
        arg_min(isp, event_number) as isp,
        arg_min(cdn, event_number) as cdn,
        arg_min(origin, event_number) as origin,
        arg_min(row_name, event_number) as row_name,
        arg_min(row_position, event_number) as row_position,
        arg_min(artwork_id, event_number) as artwork_id,
        arg_min(impression_id, event_number) as impression_id,
        arg_min(autoplay, event_number) as autoplay,
    from derived.event_states
    group by session_id
),

event_plays as (
    select
        contexts.*,
        measured.started_at,
        cast(coalesce(measured.watch_ms, 0) as bigint) as watch_ms,
        cast(coalesce(distinct_times.distinct_ms, 0) as bigint) as distinct_ms,
        coalesce(measured.furthest_played_ms, measured.furthest_told_ms) as furthest_position_ms,
        cast(coalesce(measured.paused_ms, 0) as bigint) as paused_ms,
        measured.pauses,
        measured.resumes,
        measured.seeks_back,
        measured.seeks_forward,
        date_diff('millisecond', measured.start_at, measured.first_frame_at) as startup_ms,
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
    inner join contexts
        on measured.play_id = contexts.play_id
    left join distinct_times
        on measured.play_id = distinct_times.play_id
    left join source.titles as titles
        on contexts.title_id = titles.title_id
)

select * from event_plays
