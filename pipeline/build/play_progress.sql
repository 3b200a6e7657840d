-- Grain: one play of a film or episode, with how far its profile had got with the title by then, the play included. Not
-- published. A profile that is not known is one of its account's own.
-- Coverage is distinct time to date where every play so far tells it (an estimate over several plays, which may
-- overlap), else the furthest position.
with followed_plays as (
    select
        account_number,
        profile_number,
        title_id,
        started_at,
        local_at,
        kind,
        device_type,
        profile_type,
        account_country,
        watch_ms,
        distinct_ms is not null as is_told,
        cast(sum(watch_ms) over to_date as bigint) as watch_ms_to_date,
        cast(row_number() over to_date as integer) as play_number,
        count(distinct_ms) over to_date as told_plays,
        sum(distinct_ms) over to_date as distinct_ms_to_date,
        max(furthest_position_ms) over to_date as furthest_position_ms,
        coalesce(
            started_at - max(ended_at) over before >= to_milliseconds($left_min_gap_ms), false
        ) as is_return,
    from derived.title_plays
    window
        to_date as (
            partition by profile_number, title_id
            order by started_at, play_id
            rows unbounded preceding
        ),
        before as (
            partition by profile_number, title_id
            order by started_at, play_id
            rows between unbounded preceding and 1 preceding
        )
),

covered_plays as (
    select
        * exclude (is_told, told_plays, distinct_ms_to_date, furthest_position_ms),
        not is_told or play_number > 1 as is_estimated,
        cast(
            case when told_plays = play_number then distinct_ms_to_date else furthest_position_ms end as bigint
        ) as covered_ms,
    from followed_plays
),

play_progress as (
    select
        plays.*,
        coalesce(titles.runtime_ms > 0 and plays.covered_ms is not null, false) as is_known,
        titles.runtime_ms > 0 and plays.covered_ms >= $watched_coverage * titles.runtime_ms as has_watched,
        titles.runtime_ms > 0 and plays.covered_ms >= $completion_coverage * titles.runtime_ms as has_completed,
    from covered_plays as plays
    inner join published.titles as titles
        on plays.title_id = cast(titles.title_id as reference.title_id)
)

select * from play_progress
