-- Grain: one binge session, in one calendar. Days from $from_day up to, not with, $to_day.
with plays as (
    select
        runs.run_number,
        runs.run_part,
        runs.place,
        plays.*,
    from derived.play_runs as runs
    inner join derived.run_plays as plays
        on runs.play_number = plays.play_number
    where runs.run_of = 'binge'
),

binges as (
    select
        run_number,
        run_part,
        any_value(account_id) as account_id,
        any_value(show_id) as show_id,
        any_value(show_number) as show_number,
        any_value(kind) as kind,
        any_value(profile_type) as profile_type,
        min(started_at) as started_at,
        arg_min(local_at, place) as local_at,
        arg_min(service_at, place) as service_at,
        count(distinct title_id) as episodes,
        sum(watch_ms) as watch_ms,
        max(season_number) as season_number,
    from plays
    group by run_number, run_part
    having count(distinct title_id) >= $binge_min_episodes
),

device_shares as (
    select
        plays.run_number,
        plays.run_part,
        {'device_type': plays.device_type} as device,
        -- Of two on which as much was watched, the first counts as more.
        {'watch_ms': sum(plays.watch_ms), 'earliness': -min(plays.place)} as amount,
    from plays
    inner join binges
        on plays.run_number = binges.run_number
        and plays.run_part = binges.run_part
    group by plays.run_number, plays.run_part, plays.device_type
),

devices as (
    select
        run_number,
        run_part,
        arg_max(device, amount) as device,
    from device_shares
    group by run_number, run_part
),

dated as (
    select
        calendars.calendar,
        binges.* exclude (started_at, local_at, service_at),
        devices.device.device_type as device_type,
        case calendars.calendar
            when 'local' then binges.local_at
            when 'service' then binges.service_at
            else binges.started_at
        end as began_at,
    from binges
    inner join devices
        on binges.run_number = devices.run_number
        and binges.run_part = devices.run_part
    cross join reference.calendars as calendars
),

binge_sessions as (
    select
        dated.calendar,
        cast(dated.began_at as date) as day,
        strftime(dated.began_at, '%Y-%m') as month,
        hour(dated.began_at) as hour,
        dated.account_id,
        dated.show_id,
        dated.show_number,
        dated.season_number,
        dated.kind,
        dated.device_type,
        dated.profile_type,
        stretches.account_country,
        stretches.account_plan,
        dated.episodes,
        cast(dated.watch_ms as bigint) as watch_ms,
    from dated
    inner join derived.numbered_stretches as stretches
        on dated.account_id = stretches.account_id
        and cast(dated.began_at as date) >= stretches.from_day
        and cast(dated.began_at as date) < stretches.to_day
    where
        dated.began_at >= $from_day
        and dated.began_at < $to_day
)

select * from binge_sessions
