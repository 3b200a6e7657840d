-- Grain: one cover on screen for a second or more, with whether a play followed (metrics.md). Not published.
with impressions as (
    select
        impression_id,
        ts,
        utc_day,
        account_id,
        profile_id,
        title_id,
        artwork_id,
        device_type,
        on_screen_ms,
        row_position,
        column_position,
        experiment_id,
        variant,
    from published.impressions
    where
        utc_day >= $from_day
        and utc_day < $to_day + 1
),

begun_plays as (
    select
        play_id,
        impression_id,
        started_at,
        utc_day,
        account_id,
        profile_id,
        title_id,
    from published.plays
    where
        utc_day >= $from_day
        and utc_day < $to_day + 1
),

-- The last cover that a play followed, where the play does not tell which; of the same moment, the last by its id.
last_covers as (
    select
        begun_plays.utc_day,
        arg_max(
            impressions.impression_id, struct_pack(ts := impressions.ts, id := impressions.impression_id)
        ) as impression_id,
    from begun_plays
    inner join impressions
        on begun_plays.account_id = impressions.account_id
        and begun_plays.profile_id is not distinct from impressions.profile_id
        and begun_plays.title_id = impressions.title_id
        and begun_plays.started_at >= impressions.ts
        and begun_plays.started_at <= impressions.ts + to_minutes($take_within_min)
    where begun_plays.impression_id is null
    group by begun_plays.play_id, begun_plays.utc_day
),

followed as (
    select
        impression_id,
        utc_day,
    from begun_plays
    where impression_id is not null
    union all
    select
        impression_id,
        utc_day,
    from last_covers
),

-- A month cannot wait for plays that follow much later.
taken_covers as (
    select distinct impressions.impression_id,
    from impressions
    inner join followed
        on impressions.impression_id = followed.impression_id
        and followed.utc_day - impressions.utc_day between 0 and 1
),

shown_covers as (
    select
        impressions.* exclude (ts, on_screen_ms),
        taken_covers.impression_id is not null as is_taken,
    from impressions
    left join taken_covers
        on impressions.impression_id = taken_covers.impression_id
    where
        impressions.utc_day < $to_day
        and impressions.on_screen_ms >= $shown_min_ms
)

select * from shown_covers
