-- Grain: one day, kind, device type, profile type, country and plan, in one calendar: plays of films and episodes whose
-- coverage is known, and those of titles that their profile had completed before.
with known_plays as (
    select
        plays.account_number,
        plays.started_at,
        plays.local_at,
        plays.kind,
        plays.device_type,
        plays.profile_type,
        plays.account_country,
        plays.watch_ms,
        coalesce(plays.started_at > progress.completed_at, false) as is_rewatch,
    from derived.play_progress as plays
    inner join derived.profile_progress as progress
        on plays.profile_number = progress.profile_number
        and plays.title_id = progress.title_id
    where progress.is_known
),

account_days as (
    select
        calendars.calendar,
        cast(
            case calendars.calendar
                when 'local' then known_plays.local_at
                when 'service' then known_plays.started_at at time zone 'UTC' at time zone $service_zone
                else known_plays.started_at
            end as date
        ) as day,
        known_plays.account_number,
        known_plays.kind,
        known_plays.device_type,
        known_plays.profile_type,
        known_plays.account_country,
        known_plays.is_rewatch,
        count(*) as plays,
        sum(known_plays.watch_ms) as watch_ms,
    from known_plays
    cross join reference.calendars as calendars
    group by all
),

rewatch_days as (
    select
        account_days.calendar,
        account_days.day,
        account_days.kind,
        account_days.device_type,
        account_days.profile_type,
        account_days.account_country,
        stretches.account_plan,
        cast(sum(account_days.plays) as bigint) as plays,
        cast(sum(account_days.watch_ms) as bigint) as watch_ms,
        cast(coalesce(sum(account_days.plays) filter (where account_days.is_rewatch), 0) as bigint) as rewatch_plays,
        cast(
            coalesce(sum(account_days.watch_ms) filter (where account_days.is_rewatch), 0) as bigint
        ) as rewatch_watch_ms,
    from account_days
    inner join derived.numbered_stretches as stretches
        on account_days.account_number = stretches.account_number
        and account_days.day >= stretches.from_day
        and account_days.day < stretches.to_day
    group by
        account_days.calendar,
        account_days.day,
        account_days.kind,
        account_days.device_type,
        account_days.profile_type,
        account_days.account_country,
        stretches.account_plan
)

select * from rewatch_days
