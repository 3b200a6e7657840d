-- Grain: one play of a film or episode. Not published: what play_progress and starting_plays follow, in as few bytes as
-- can be.
with title_plays as (
    select
        profiles.account_number,
        profiles.profile_number,
        cast(plays.title_id as reference.title_id) as title_id,
        plays.play_id,
        plays.started_at,
        plays.local_at,
        cast(plays.kind as reference.kind) as kind,
        cast(plays.device_type as reference.device_type) as device_type,
        cast(plays.profile_type as reference.profile_type) as profile_type,
        cast(plays.account_country as reference.account_country) as account_country,
        plays.watch_ms,
        plays.distinct_ms,
        plays.furthest_position_ms,
        plays.started_at + to_milliseconds(plays.run_ms) as ended_at,
    from published.plays as plays
    inner join derived.profile_numbers as profiles
        on plays.account_id = profiles.account_id
        and plays.profile_id is not distinct from profiles.profile_id
    where plays.kind in ('film', 'episode')
)

select * from title_plays
