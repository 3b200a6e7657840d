-- Grain: one account's first reaching two minutes of one film or episode, in one calendar.
-- Coverage is a profile's; an account has completed a title once one of its profiles has.
with clocked as (
    select
        calendars.calendar,
        case calendars.calendar
            when 'local' then starts.local_at
            when 'service' then starts.started_at at time zone 'UTC' at time zone $service_zone
            else starts.started_at
        end as reached_at,
        case calendars.calendar
            when 'local' then progress.completed_local_at
            when 'service' then progress.completed_at at time zone 'UTC' at time zone $service_zone
            else progress.completed_at
        end as completed_at,
        starts.account_number,
        starts.title_id,
        starts.profile_number,
        starts.kind,
        starts.device_type,
        starts.profile_type,
        starts.account_country,
        progress.completed_on.device_type as completed_device_type,
        progress.is_known as completion_known,
        progress.is_estimated as coverage_estimated,
    from derived.starting_plays as starts
    inner join derived.account_progress as progress
        on starts.account_number = progress.account_number
        and starts.title_id = progress.title_id
    cross join reference.calendars as calendars
),

dated as (
    select
        * exclude (reached_at, completed_at),
        cast(reached_at as date) as day,
        hour(reached_at) as hour,
        cast(completed_at as date) as completed_day,
    from clocked
),

title_starts as (
    select
        dated.* exclude (account_number, profile_number),
        profiles.profile_id,
        cast(titles.show_id as reference.show_id) as show_id,
        titles.show_number,
        stretches.account_id,
        stretches.account_plan,
    from dated
    inner join published.titles as titles
        on dated.title_id = cast(titles.title_id as reference.title_id)
    inner join derived.profile_numbers as profiles
        on dated.profile_number = profiles.profile_number
    inner join derived.numbered_stretches as stretches
        on dated.account_number = stretches.account_number
        and dated.day >= stretches.from_day
        and dated.day < stretches.to_day
)

select * from title_starts
