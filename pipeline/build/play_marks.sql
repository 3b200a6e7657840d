-- Grain: one thing that happened at a place of a title in one play that player events tell. Not published.
-- Of the stretches played, in the order in which they begin in the title, what lies before the furthest end so far is
-- played again: added up, that is how often each place was played, less one. What is left are the stretches that were
-- played at all, each as one, however often it was interrupted.
with ordered as (
    select
        session_number,
        from_ms,
        to_ms,
        max(to_ms) over (
            partition by session_number
            order by from_ms, to_ms
            rows between unbounded preceding and 1 preceding
        ) as furthest_before_ms,
    from derived.played_intervals
),

numbered as (
    select
        *,
        count_if(furthest_before_ms is null or from_ms > furthest_before_ms) over (
            partition by session_number
            -- Of stretches played twice from and to the same place, in the order of above.
            order by from_ms, to_ms, furthest_before_ms nulls first
            rows unbounded preceding
        ) as stretch_number,
    from ordered
),

played as (
    select
        session_number,
        min(from_ms) as from_ms,
        max(to_ms) as to_ms,
    from numbered
    group by session_number, stretch_number
),

-- Where the playhead last advanced: what is sought after that was not watched any more.
last_places as (
    select
        session_number,
        arg_max(to_ms, event_order) as left_at_ms,
    from derived.event_states
    where is_playing and to_ms > from_ms
    group by session_number
),

furthest_places as (
    select
        session_number,
        max(to_ms) as furthest_ms,
    from played
    group by session_number
),

exits as (
    select
        sessions.session_number,
        coalesce(last_places.left_at_ms, 0) as left_at_ms,
        coalesce(furthest_places.furthest_ms, 0) as furthest_ms,
    from derived.event_sessions as sessions
    left join last_places
        on sessions.session_number = last_places.session_number
    left join furthest_places
        on sessions.session_number = furthest_places.session_number
),

-- A pause or a stall lasts from the event that begins it, over those that follow, to the next that begins or ends one.
standing as (
    select
        session_number,
        position_ms,
        elapsed_ms,
        is_paused,
        is_stalled,
        event,
        count_if(event = 'pause') over so_far as pause_number,
        count_if(event = 'rebuffer_start') over so_far as stall_number,
    from derived.event_states
    where is_paused or is_stalled or event in ('pause', 'rebuffer_start')
    window so_far as (
        partition by session_number
        order by event_order, next_order nulls last, position_ms
        rows unbounded preceding
    )
),

pauses as (
    select
        session_number,
        arg_min(position_ms, event <> 'pause') as position_ms,
        coalesce(sum(elapsed_ms) filter (where is_paused), 0) as stopped_ms,
    from standing
    where pause_number > 0
    group by session_number, pause_number
),

stalls as (
    select
        session_number,
        arg_min(position_ms, event <> 'rebuffer_start') as position_ms,
        sum(elapsed_ms) filter (where is_stalled) as stopped_ms,
    from standing
    where stall_number > 0
    group by session_number, stall_number
    having bool_or(is_stalled)
),

marks as (
    select
        session_number,
        'played' as mark,
        from_ms,
        to_ms,
        null as furthest_ms,
        null as stopped_ms,
    from played
    union all
    select
        session_number,
        'replayed' as mark,
        from_ms,
        least(to_ms, furthest_before_ms) as to_ms,
        null as furthest_ms,
        null as stopped_ms,
    from ordered
    where from_ms < furthest_before_ms
    union all
    select
        session_number,
        'skipped' as mark,
        position_ms as from_ms,
        from_ms as to_ms,
        null as furthest_ms,
        null as stopped_ms,
    from derived.event_states
    where event = 'seek' and from_ms > position_ms
    union all
    select
        session_number,
        'paused' as mark,
        position_ms as from_ms,
        position_ms as to_ms,
        null as furthest_ms,
        stopped_ms,
    from pauses
    union all
    select
        session_number,
        'stalled' as mark,
        position_ms as from_ms,
        position_ms as to_ms,
        null as furthest_ms,
        stopped_ms,
    from stalls
    union all
    select
        session_number,
        'exited' as mark,
        left_at_ms as from_ms,
        left_at_ms as to_ms,
        furthest_ms,
        null as stopped_ms,
    from exits
),

play_marks as (
    select
        sessions.session_id as play_id,
        sessions.began_day as utc_day,
        marks.* exclude (session_number, stopped_ms),
        cast(marks.stopped_ms as bigint) as stopped_ms,
    from marks
    inner join derived.event_sessions as sessions
        on marks.session_number = sessions.session_number
)

select * from play_marks
