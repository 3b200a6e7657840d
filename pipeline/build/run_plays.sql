-- Grain: one play that a run of plays (play_runs) may have that begins between $from_day and $to_day in some calendar.
-- Not published. A table of its own, so that each play has one number.
with accounts as (
    select distinct
        account_id,
        account_number,
    from derived.numbered_stretches
),

titles as (
    select
        title_id,
        season_number,
        cast(show_id as reference.show_id) as show_id,
        show_number,
    from published.titles
),

run_plays as (
    select
        row_number() over () as play_number,
        accounts.account_number,
        plays.account_id,
        plays.profile_id,
        plays.visit_id,
        plays.play_id,
        plays.title_id,
        titles.season_number,
        titles.show_id,
        titles.show_number,
        -- As enums, which are several times faster to group and sort by than texts.
        cast(plays.kind as reference.kind) as kind,
        cast(plays.device_type as reference.device_type) as device_type,
        cast(plays.profile_type as reference.profile_type) as profile_type,
        plays.started_at,
        plays.local_at,
        plays.service_at,
        plays.utc_day,
        plays.started_at + to_milliseconds(plays.run_ms) as ended_at,
        plays.watch_ms,
    from published.plays as plays
    inner join accounts
        on plays.account_id = accounts.account_id
    inner join titles
        on plays.title_id = titles.title_id
    where
        -- No clock is a whole day off UTC's, and a run reaches into the day after its first. A play of the day before
        -- $from_day may go on with a run that began two days before; that this did begin there is told by a play of two
        -- days before that, which ran for a day and is followed within a day.
        plays.utc_day >= $from_day - 4
        and plays.utc_day < $to_day + 2
)

select * from run_plays
